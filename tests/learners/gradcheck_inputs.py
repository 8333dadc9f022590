"""What a learner would give to the names in a line that checks gradients by `gradcheck`.

`tests/reference/subject/test_gradcheck_lines.py` runs the lines that are offered with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

R = np.random.RandomState(0).randn


def one_hot(rows: int, classes: int) -> Any:
    return np.eye(classes)[np.arange(rows) % classes]


# What a learner has under these names; the names of a file below come before these.
USUAL: dict[str, Any] = {
    **{name: R(3, 4) for name in ("x", "inputs", "X", "Z", "scores", "mu", "q", "logvar")},
    **{name: R(2, 3, 4) for name in ("xs", "hs", "k", "v")},
    **dict.fromkeys(("d", "width", "n_in"), 4),
    **dict.fromkeys(("h", "n_out", "H", "input_size", "hidden_size", "output_size"), 3),
    **{name: R(4) for name in ("gamma", "beta")},
    **{name: np.array([0, 2, 1]) for name in ("y", "t")},
    **{"W": R(4, 3), "b": R(3), "reg": 0.1, "activation": "relu", "seed": 0},
}

IMAGES = {"x": R(2, 3, 6, 6), "W": R(2, 3, 3, 3), "b": R(2)}
INPUTS: dict[str, dict[str, Any]] = {
    "Conv2D": {"n_filters": 2, "size": 3, "depth": 2, "pad": 1, "image": R(2, 2, 5, 5)},
    "linear_activation_forward": {"A_prev": R(4, 5), "W": R(3, 4), "b": R(3, 1)},
    "rbf_forward": {"points": R(3, 4), "anchors": R(2, 4), "gain": R(2)},
    "bilinear_forward": {"left": R(6, 3), "right": R(6, 4), "M": R(3, 4)},
    "FullyConnectedNet": {"hidden_dims": [3], "X": R(3, 3, 32, 32)},
    "TwoLayerNet": {"input_size": 4, "output_size": 3},
    "loss_and_gradients": {
        "params": {"W1": R(4, 3), "b1": R(3), "W2": R(3, 2), "b2": R(2)},
        "Y": one_hot(3, 2),
    },
    "rnn_cell_forward": {
        "xt": R(4, 2),
        "a_prev": R(3, 2),
        "parameters": {
            **{"Wax": R(3, 4), "Waa": R(3, 3), "Wya": R(2, 3), "ba": R(3, 1), "by": R(2, 1)}
        },
    },
    **dict.fromkeys(("Convolution", "Conv", "AveragePool", "AvgPool", "MaxPool"), IMAGES),
    "declared/conv_im2col:Convolution": {**IMAGES, "W": R(2, 3, 3, 2)},
    "SimpleConvNet": {"x": R(2, 1, 5, 5), "t": one_hot(2, 3)},
    "CrossEntropy": {"t": one_hot(3, 4)},
    "Rnn": {"Wx": R(4, 3), "Wh": R(3, 3), "h_prev": R(3, 3)},
    "TimeRnn": {"Wx": R(4, 3), "Wh": R(3, 3)},
    "FullyConnected": {"rng": np.random.default_rng(0)},
    "MultiLayerNet": {"input_size": 4, "hidden_size_list": [3, 3], "t": one_hot(3, 3)},
    "Bias": {"b": R(4)},
    "networks/params_lists:Net": {"I": 4, "O": 3},
    "Fc": {"m": 3},
    "Loss": {"t": one_hot(3, 4)},
    "depthwise_forward": {"x": R(2, 3, 5, 5), "w": R(3, 2, 2)},
    "GRUCell": {"Wx": R(4, 9), "Wh": R(3, 9), "h": R(3, 3)},
    "Attention": {"q": R(2, 3, 4), "k": R(2, 5, 4), "v": R(2, 5, 3)},
    "SelfAttention": {
        **{name: R(4, 4) for name in ("wq", "wk", "wv", "wo")},
        **{"x": R(2, 3, 4), "heads": 2},
    },
    "ResidualBlock": {"W1": R(4, 3), "b1": R(3), "W2": R(3, 4), "b2": R(4)},
    "rnn_step_forward": {
        **{"x": R(4, 2), "prev_h": R(3, 2), "Wx": R(3, 4), "Wh": R(3, 3), "b": R(3, 1)}
    },
    "TimeRNN": {"U": R(4, 3), "V": R(3, 3), "h0": R(2, 3)},
    "AvgPool": {**IMAGES, "kernel": 3, "stride": 1},
    "MaxPool": {**IMAGES, "size": 2},
    "Mlp": {"x": R(3, 3)},
    "Model": {"x": R(3, 3)},
    # The second corpus, one file after the other.
    "WeightSum": {"hs": R(2, 3, 4), "a": R(2, 3)},
    "AttentionWeight": {"hs": R(2, 3, 4), "h": R(2, 4)},
    "shelf/right/book2_attention:Attention": {"hs": R(2, 3, 4), "h": R(2, 4)},
    "EmbeddingDot": {"W": R(5, 4), "h": R(3, 4), "idx": np.array([0, 2, 4])},
    "GRU": {"Wx": R(4, 9), "Wh": R(3, 9), "b": R(9), "h_prev": R(3, 3)},
    "RNN": {"Wx": R(4, 3), "Wh": R(3, 3), "h_prev": R(3, 3)},
    "TimeLSTM": {"Wx": R(4, 12), "Wh": R(3, 12), "b": R(12)},
    "shelf/right/book2_rnn:TimeRNN": {"Wx": R(4, 3), "Wh": R(3, 3)},
    "TimeAffine": {"x": R(2, 3, 4)},
    "TimeSoftmaxWithLoss": {"ts": np.array([[0, 1, 3], [2, -1, 0]])},
    "AveragePooling": IMAGES,
    "GlobalAveragePool": IMAGES,
    "Pooling": {**IMAGES, "pool_h": 2, "pool_w": 2},
    "ConvNet": {"x": R(3, 12), "t": np.array([0, 2, 1])},
    "BatchNorm1d": {"num_features": 4},
    "shelf/right/conventions_conv_channels_last:Conv2D": {
        **{"x": R(2, 5, 5, 3), "kernel": R(3, 3, 3, 2), "bias": R(2)}
    },
    "MaxPool2D": {"x": R(2, 4, 4, 3)},
    "shelf/right/conventions_gru_other_way:GRUCell": {
        **{name: R(4, 3) for name in ("Wz", "Wr", "Wh")},
        **{name: R(3, 3) for name in ("Uz", "Ur", "Uh", "h_prev")},
    },
    "RMSNorm": {"g": R(4)},
    "Residual": {"W": R(4, 4)},
    "Concat": {"a": R(3, 4), "b": R(3, 2)},
    "shelf/right/conventions_rms_norm_and_residual:Scale": {"w": R(4), "b": R(4)},
    "hinge_loss": {"score": R(5), "y": np.array([1, -1, 1, 1, -1])},
    "declared/hinge:hinge_loss": {},
    "batchnorm_forward": {
        **{"bn_param": {"mode": "train"}, "hprebn": R(5, 4), "bngain": R(1, 4)},
        **{"bnbias": R(1, 4)},
    },
    "layernorm_forward": {"ln_param": {}},
    "conv_forward_naive": {
        **{"x": R(2, 3, 5, 5), "w": R(2, 3, 3, 3), "b": R(2)},
        **{"conv_param": {"stride": 1, "pad": 1}},
    },
    "max_pool_forward_naive": {
        **{"x": R(2, 3, 4, 4)},
        **{"pool_param": {"pool_height": 2, "pool_width": 2, "stride": 2}},
    },
    "affine_relu_forward": {"w": R(4, 3)},
    "temporal_affine_forward": {"x": R(2, 3, 4), "w": R(4, 3)},
    "lstm_forward": {"x": R(2, 3, 4), "h0": R(2, 3), "Wx": R(4, 12), "Wh": R(3, 12), "b": R(12)},
    "rnn_forward": {"x": R(2, 3, 4), "h0": R(2, 3), "Wx": R(4, 3), "Wh": R(3, 3), "b": R(3)},
    "shelf/right/cs_rnn:rnn_step_forward": {
        **{"x": R(2, 4), "prev_h": R(2, 3), "Wx": R(4, 3), "Wh": R(3, 3), "b": R(3)}
    },
    "word_embedding_forward": {"x": np.array([[0, 2], [3, 1]])},
    "temporal_softmax_loss": {
        **{"x": R(2, 3, 4), "y": np.array([[0, 1, 3], [2, 3, 0]])},
        **{"mask": np.array([[1, 1, 0], [1, 0, 1]])},
    },
    "spatial_batchnorm_forward": {"x": R(2, 4, 3, 3), "bn_param": {"mode": "train"}},
    "spatial_groupnorm_forward": {
        **{"x": R(2, 4, 3, 3), "gamma": R(1, 4, 1, 1), "beta": R(1, 4, 1, 1)},
        **{"G": 2, "gn_param": {}},
    },
    "conv_forward": {
        **{"A_prev": R(2, 5, 5, 3), "W": R(3, 3, 3, 2), "b": R(1, 1, 1, 2)},
        **{"hparameters": {"stride": 1, "pad": 1}},
    },
    "pool_forward": {"A_prev": R(2, 4, 4, 3), "hparameters": {"f": 2, "stride": 2}},
    "shelf/right/dl_rnn_steps:rnn_forward": {
        **{"x": R(4, 2, 3), "a0": R(3, 2)},
        "parameters": {
            **{"Wax": R(3, 4), "Waa": R(3, 3), "Wya": R(2, 3), "ba": R(3, 1), "by": R(2, 1)}
        },
    },
    "guessed/simple_conv_net:SimpleConvNet": {"x": R(2, 1, 28, 28), "t": one_hot(2, 3)},
    "Max2": {"y": R(3, 4)},
    "HuberLoss": {"pred": R(3, 4), "target": R(3, 4)},
    "MultiHeadAttention": {
        **{name: R(4, 4) for name in ("Wq", "Wk", "Wv", "Wo")},
        **{"x": R(2, 3, 4)},
    },
    "FeedForward": {"W1": R(4, 3), "b1": R(3), "W2": R(3, 4), "b2": R(4)},
    "ScaledDotProductAttention": {"Q": R(2, 3, 4), "K": R(2, 5, 4), "V": R(2, 5, 3)},
    "cross_entropy_forward": {"logits": R(3, 4), "Yb": np.array([0, 3, 1])},
}
"""By the name of a class or forward function, or by its file and that."""
