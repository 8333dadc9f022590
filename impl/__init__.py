"""Chapters 5 to 7 of "Deep Learning from Scratch", back-propagation, in NumPy alone, and more.

Read in this order: functions, gradient, layers, network, which are chapter 5; optimizers and
normalization, which are chapter 6; convolution, which is chapter 7; deep_network, which takes from
all of them; activations and losses, of which the book has others. Sequences, the second volume:
embedding, recurrent, time_layers, language_model, attention.

In the docstrings N is the number of samples in a batch, D the numbers in one sample, M the outputs
of an Affine layer, C the classes, or the channels of images (N, C, H, W); T the times of a
sequence, H the numbers in a state, V the words in a vocabulary. float32 in gives float32 out,
float64 gives float64, and no argument is ever overwritten but the weights that an optimiser moves.
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
from .convolution import AveragePooling, Convolution, Flatten, MaxPooling, col2im, im2col
from .deep_network import MultiLayerNet, SimpleConvNet
from .embedding import Embedding, EmbeddingDot, NegativeSamplingLoss, UnigramSampler
from .functions import cross_entropy_error, sigmoid, softmax
from .gradient import numerical_gradient
from .layers import AddLayer, Affine, MulLayer, Relu, Sigmoid, SoftmaxWithLoss
from .losses import Huber, MeanSquaredError, SigmoidWithLoss
from .network import TwoLayerNet
from .normalization import BatchNormalization, Dropout, LayerNormalization
from .optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from .recurrent import GRU, LSTM, RNN, TimeGRU, TimeLSTM, TimeRNN
from .time_layers import TimeAffine, TimeEmbedding, TimeSoftmaxWithLoss

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "SGD",
    "AdaGrad",
    "Adam",
    "AddLayer",
    "Affine",
    "Attention",
    "AttentionWeight",
    "AveragePooling",
    "BatchNormalization",
    "Convolution",
    "Dropout",
    "Embedding",
    "EmbeddingDot",
    "Flatten",
    "HeadProjection",
    "Huber",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPooling",
    "MeanSquaredError",
    "Momentum",
    "MulLayer",
    "MultiHeadAttention",
    "MultiLayerNet",
    "NegativeSamplingLoss",
    "Nesterov",
    "RMSprop",
    "Relu",
    "ScaledDotProductAttention",
    "Sigmoid",
    "SigmoidWithLoss",
    "SimpleConvNet",
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
    "col2im",
    "cross_entropy_error",
    "im2col",
    "numerical_gradient",
    "sigmoid",
    "softmax",
]
