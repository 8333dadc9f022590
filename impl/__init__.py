"""Chapter 5 of "Deep Learning from Scratch", back-propagation, in NumPy alone, and what follows.

Read in this order: functions, gradient, layers, network; then activations, which are no longer
chapter 5. Sequences, the second volume: embedding, recurrent, time_layers, language_model,
attention.

In the docstrings N is the number of samples in a batch, D the numbers in one sample, M the outputs
of an Affine layer, C the classes; T the times of a sequence, H the numbers in a state, V the words
in a vocabulary. float32 in gives float32 out, float64 gives float64, and no argument is ever
overwritten.
"""

from .activations import ELU, GELU, LeakyReLU, Softplus, Swish, Tanh
from .attention import (
    Attention,
    AttentionWeight,
    HeadProjection,
    MultiHeadAttention,
    ScaledDotProductAttention,
    Softmax,
    WeightSum,
)
from .embedding import Embedding, EmbeddingDot, NegativeSamplingLoss, UnigramSampler
from .functions import cross_entropy_error, sigmoid, softmax
from .gradient import numerical_gradient
from .layers import AddLayer, Affine, MulLayer, Relu, Sigmoid, SoftmaxWithLoss
from .network import TwoLayerNet
from .recurrent import GRU, LSTM, RNN, TimeGRU, TimeLSTM, TimeRNN
from .time_layers import TimeAffine, TimeEmbedding, TimeSoftmaxWithLoss

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "AddLayer",
    "Affine",
    "Attention",
    "AttentionWeight",
    "Embedding",
    "EmbeddingDot",
    "HeadProjection",
    "LeakyReLU",
    "MulLayer",
    "MultiHeadAttention",
    "NegativeSamplingLoss",
    "Relu",
    "ScaledDotProductAttention",
    "Sigmoid",
    "Softmax",
    "SoftmaxWithLoss",
    "Softplus",
    "Swish",
    "Tanh",
    "TimeAffine",
    "TimeEmbedding",
    "TimeGRU",
    "TimeLSTM",
    "TimeRNN",
    "TimeSoftmaxWithLoss",
    "TwoLayerNet",
    "UnigramSampler",
    "WeightSum",
    "cross_entropy_error",
    "numerical_gradient",
    "sigmoid",
    "softmax",
]
