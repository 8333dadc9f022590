"""The network of section 5.7.2: Affine, Relu, Affine, and softmax with loss."""

from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .functions import Array, one_hot
from .gradient import numerical_gradient
from .layers import Affine, Relu, SoftmaxWithLoss


class TwoLayerNet:
    """A classifier with one hidden layer.

    In the methods x is (N, input_size), or (N, ...) with as many numbers in each sample, or a
    single sample (input_size,). t is one-hot (N, output_size) or integer labels (N,); for a
    single sample (output_size,) or one label.

    params: W1 (input_size, hidden_size), b1 (hidden_size,), W2 (hidden_size, output_size),
    b2 (output_size,), of the given dtype. The layers use these very arrays: train with
    `params[key] -= ...`, in place. An array put in their stead would not reach the layers.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        weight_init_std: float = 0.01,
        dtype: DTypeLike = np.float64,
    ) -> None:
        # Random weights, since equal ones would have equal gradients and stay equal for ever.
        self.params: dict[str, Array] = {
            "W1": (weight_init_std * np.random.randn(input_size, hidden_size)).astype(dtype),
            "b1": np.zeros(hidden_size, dtype),
            "W2": (weight_init_std * np.random.randn(hidden_size, output_size)).astype(dtype),
            "b2": np.zeros(output_size, dtype),
        }
        # In the order of forward; backward goes through them in reverse.
        self.layers: OrderedDict[str, Any] = OrderedDict()
        self.layers["Affine1"] = Affine(self.params["W1"], self.params["b1"])
        self.layers["Relu1"] = Relu()
        self.layers["Affine2"] = Affine(self.params["W2"], self.params["b2"])
        self.lastLayer = SoftmaxWithLoss()

    def predict(self, x: Array) -> Array:
        """The scores before softmax, (N, output_size)."""
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x: Array, t: ArrayLike) -> np.floating[Any]:
        """The mean cross-entropy over the batch, a scalar."""
        return self.lastLayer.forward(self.predict(x), t)

    def accuracy(self, x: Array, t: ArrayLike) -> float:
        """The fraction of samples, 0 to 1, whose highest score is that of the right class."""
        scores = self.predict(x)
        return float(np.mean(scores.argmax(axis=-1) == one_hot(t, scores).argmax(axis=-1)))

    def numerical_gradient(self, x: Array, t: ArrayLike) -> dict[str, Array]:
        """The gradient of the loss by central differences: two losses for every parameter.

        Returns a dict with the keys and shapes of params.
        """
        return {
            # The loss depends on param because a layer holds the same array.
            key: numerical_gradient(lambda _: self.loss(x, t), param)
            for key, param in self.params.items()
        }

    def gradient(self, x: Array, t: ArrayLike) -> dict[str, Array]:
        """The gradient of the loss by back-propagation: one forward, one backward.

        Returns a dict with the keys and shapes of params.
        """
        self.loss(x, t)

        dout = self.lastLayer.backward(1)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)

        return {
            "W1": self.layers["Affine1"].dW,
            "b1": self.layers["Affine1"].db,
            "W2": self.layers["Affine2"].dW,
            "b2": self.layers["Affine2"].db,
        }
