"""Chapter 5 of "Deep Learning from Scratch", back-propagation, in NumPy alone, and what follows.

Read in this order: functions, gradient, layers, network; then activations, which are no longer
chapter 5. In the docstrings N is the number of samples in a batch, D the numbers in one sample,
M the outputs of an Affine layer, C the classes. float32 in gives float32 out, float64 gives
float64, and no argument is ever overwritten.
"""

from .activations import ELU, GELU, LeakyReLU, Softplus, Swish, Tanh
from .functions import cross_entropy_error, sigmoid, softmax
from .gradient import numerical_gradient
from .layers import AddLayer, Affine, MulLayer, Relu, Sigmoid, SoftmaxWithLoss
from .network import TwoLayerNet

__all__ = [
    "ELU",
    "GELU",
    "AddLayer",
    "Affine",
    "LeakyReLU",
    "MulLayer",
    "Relu",
    "Sigmoid",
    "SoftmaxWithLoss",
    "Softplus",
    "Swish",
    "Tanh",
    "TwoLayerNet",
    "cross_entropy_error",
    "numerical_gradient",
    "sigmoid",
    "softmax",
]
