"""Chapter 5 of "Deep Learning from Scratch", back-propagation, in NumPy alone.

Read in this order: functions, gradient, layers, network. In the docstrings N is the number of
samples in a batch, D the numbers in one sample, M the outputs of an Affine layer, C the classes.
float32 in gives float32 out, float64 gives float64, and no argument is ever overwritten.
"""

from .functions import cross_entropy_error, sigmoid, softmax
from .gradient import numerical_gradient
from .layers import AddLayer, Affine, MulLayer, Relu, Sigmoid, SoftmaxWithLoss
from .network import TwoLayerNet

__all__ = [
    "AddLayer",
    "Affine",
    "MulLayer",
    "Relu",
    "Sigmoid",
    "SoftmaxWithLoss",
    "TwoLayerNet",
    "cross_entropy_error",
    "numerical_gradient",
    "sigmoid",
    "softmax",
]
