"""Chapters 5 to 7 of "Deep Learning from Scratch", back-propagation, in NumPy alone, and more.

Read in this order: functions, gradient, layers, network (chapter 5); activations and losses, which
are in no chapter; normalization (chapter 6), convolution (chapter 7), deep_network. In the
docstrings N is the number of samples in a batch, D the numbers in one sample,
M the outputs of an Affine layer, C the classes. float32 in gives float32 out, float64 gives
float64, and no argument is ever overwritten.
"""

from .activations import ELU, GELU, LeakyReLU, Softplus, Swish, Tanh
from .convolution import AveragePooling, Convolution, Flatten, MaxPooling, col2im, im2col
from .deep_network import MultiLayerNet, SimpleConvNet
from .functions import cross_entropy_error, sigmoid, softmax
from .gradient import numerical_gradient
from .layers import AddLayer, Affine, MulLayer, Relu, Sigmoid, SoftmaxWithLoss
from .losses import Huber, MeanSquaredError, SigmoidWithLoss
from .network import TwoLayerNet
from .normalization import BatchNormalization, Dropout, LayerNormalization

__all__ = [
    "ELU",
    "GELU",
    "AddLayer",
    "Affine",
    "AveragePooling",
    "BatchNormalization",
    "Convolution",
    "Dropout",
    "Flatten",
    "Huber",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPooling",
    "MeanSquaredError",
    "MulLayer",
    "MultiLayerNet",
    "Relu",
    "Sigmoid",
    "SigmoidWithLoss",
    "SimpleConvNet",
    "SoftmaxWithLoss",
    "Softplus",
    "Swish",
    "Tanh",
    "TwoLayerNet",
    "col2im",
    "cross_entropy_error",
    "im2col",
    "numerical_gradient",
    "sigmoid",
    "softmax",
]
