"""Networks of more layers: with normalisation and dropout (chapter 6), for images (chapter 7)."""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .convolution import Convolution, Flatten, MaxPooling
from .convolution import output_size as windows
from .functions import Array, one_hot
from .gradient import numerical_gradient
from .layers import Affine, Relu, SoftmaxWithLoss
from .normalization import BatchNormalization, Dropout


class DeepNetwork:
    """Any number of layers, one after the other, and softmax with loss.

    In the methods x is (N, ...), as the first layer takes it; t is one-hot (N, C) or integer
    labels (N,). train: whether the network is being trained or used, which changes what dropout
    and batch normalisation do.

    params: the arrays of all layers: W1, b1, ... The layers use these very arrays: train with
    `params[key] -= ...`, in place. An array put in their stead would not reach the layers.
    """

    def __init__(self) -> None:
        self.params: dict[str, Array] = {}
        self.holders: dict[str, tuple[Any, str]] = {}  # of W1: the layer, and "W"
        # In the order of forward; backward goes through them in reverse.
        self.layers: OrderedDict[str, Any] = OrderedDict()
        self.lastLayer = SoftmaxWithLoss()

    def add(self, layer: Any, number: int) -> None:
        """Append a layer, say Affine1, whose W and b become params["W1"] and params["b1"]."""
        self.layers[f"{type(layer).__name__}{number}"] = layer
        for name in ("W", "b", "gamma", "beta"):
            if hasattr(layer, name):
                self.params[f"{name}{number}"] = getattr(layer, name)
                self.holders[f"{name}{number}"] = (layer, name)

    def predict(self, x: Array, train: bool = False) -> Array:
        """The scores before softmax, (N, C)."""
        for layer in self.layers.values():
            if isinstance(layer, Dropout | BatchNormalization):
                x = layer.forward(x, train)
            else:
                x = layer.forward(x)
        return x

    def loss(self, x: Array, t: ArrayLike, train: bool = True) -> np.floating[Any]:
        """The mean cross-entropy over the batch, a scalar. `gradient` is that of train=True."""
        return self.lastLayer.forward(self.predict(x, train), t)

    def accuracy(self, x: Array, t: ArrayLike) -> float:
        """The fraction of samples, 0 to 1, whose highest score is that of the right class."""
        scores = self.predict(x)
        return float(np.mean(scores.argmax(axis=-1) == one_hot(t, scores).argmax(axis=-1)))

    def numerical_gradient(self, x: Array, t: ArrayLike) -> dict[str, Array]:
        """The gradient of the loss by central differences: two losses for every parameter.

        Returns a dict with the keys and shapes of params.
        """
        state = np.random.get_state()

        def loss(_: Array) -> np.floating[Any]:
            np.random.set_state(state)  # dropout drops the same numbers in every loss
            return self.loss(x, t)

        return {key: numerical_gradient(loss, param) for key, param in self.params.items()}

    def gradient(self, x: Array, t: ArrayLike) -> dict[str, Array]:
        """The gradient of the loss by back-propagation: one forward, one backward.

        Returns a dict with the keys and shapes of params.
        """
        self.loss(x, t)

        dout = self.lastLayer.backward(1)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)

        return {key: getattr(layer, f"d{name}") for key, (layer, name) in self.holders.items()}


class MultiLayerNet(DeepNetwork):
    """A classifier with several hidden layers.

    Every hidden layer is Affine, BatchNormalization (if it is wanted), Relu, and Dropout (if
    dropout_ratio is above 0). x: (N, input_size); the scores are (N, output_size).

    params: for hidden layers of the sizes (H1, H2, ...) W1 (input_size, H1), b1 (H1,), and with
    batch normalisation gamma1 and beta1 (H1,); W2 (H1, H2), and so on; all of the given dtype.
    """

    def __init__(
        self,
        input_size: int,
        hidden_sizes: Sequence[int],
        output_size: int,
        batch_normalization: bool = False,
        dropout_ratio: float = 0.0,
        dtype: DTypeLike = np.float64,
    ) -> None:
        super().__init__()
        sizes = [input_size, *hidden_sizes, output_size]
        for number, (D, M) in enumerate(pairwise(sizes), start=1):
            self.add(Affine(he((D, M), D, dtype), np.zeros(M, dtype)), number)
            if number <= len(hidden_sizes):
                if batch_normalization:
                    self.add(BatchNormalization(np.ones(M, dtype), np.zeros(M, dtype)), number)
                self.add(Relu(), number)
                if dropout_ratio > 0:
                    self.add(Dropout(dropout_ratio), number)


class SimpleConvNet(DeepNetwork):
    """A classifier of images (section 7.5):

    Convolution, Relu, MaxPooling (2 x 2), Flatten, Affine, Relu, Affine.

    x: (N, C, H, W), where input_dim = (C, H, W); the scores are (N, output_size).

    params: W1 (filter_num, C, filter_size, filter_size), b1 (filter_num,), W2 (D, hidden_size),
    b2 (hidden_size,), W3 (hidden_size, output_size), b3 (output_size,), of the given dtype, where
    D is as many numbers as there are after pooling.
    """

    def __init__(
        self,
        input_dim: tuple[int, int, int] = (1, 28, 28),
        filter_num: int = 30,
        filter_size: int = 5,
        hidden_size: int = 100,
        output_size: int = 10,
        dtype: DTypeLike = np.float64,
    ) -> None:
        super().__init__()
        C, H, W = input_dim
        F, FS, M = filter_num, filter_size, hidden_size
        pooled_h, pooled_w = (windows(windows(side, FS), 2, stride=2) for side in (H, W))
        D = F * pooled_h * pooled_w
        self.add(Convolution(he((F, C, FS, FS), C * FS * FS, dtype), np.zeros(F, dtype)), 1)
        self.add(Relu(), 1)
        self.add(MaxPooling(2, 2, stride=2), 1)
        self.add(Flatten(), 1)
        self.add(Affine(he((D, M), D, dtype), np.zeros(M, dtype)), 2)
        self.add(Relu(), 2)
        self.add(Affine(he((M, output_size), M, dtype), np.zeros(output_size, dtype)), 3)


def he(shape: tuple[int, ...], inputs: int, dtype: DTypeLike = np.float64) -> Array:
    """Random weights of deviation sqrt(2 / inputs), for layers before a Relu (He et al. 2015).

    With that, numbers become neither larger nor smaller from layer to layer, on average.

    inputs: how many numbers one output is the sum of: D in Affine, C * FH * FW in Convolution.
    """
    weights: Array = np.random.randn(*shape) * np.sqrt(2 / inputs)
    return weights.astype(dtype)
