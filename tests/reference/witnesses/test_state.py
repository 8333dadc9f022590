"""State that a layer keeps: across calls, beside other objects, and while its weights are trained.

Small layers with one mistake each, and right ones that look like them.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from bare_layers import Affine, Mul

from trigrad import check, impl
from trigrad.verdict.results import Verdict
from trigrad.witnesses.should_claims import NUMPY_ONLY

LAST = "backward belongs to the last forward"
SHARED = "objects share nothing"
TRAINED = "uses its weights as they are now"
LEFT = "gradient leaves params as they were"


class MaskByShape:
    def __init__(self) -> None:
        self.mask: Any = None

    def forward(self, x: Any) -> Any:
        if self.mask is None or self.mask.shape != x.shape:
            self.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, dout: Any) -> Any:
        return dout * self.mask


class CachedMask:
    def forward(self, x: Any) -> Any:
        self.x = x
        return np.maximum(x, 0)

    @cache  # noqa: B019 - the mistake
    def mask(self, shape: Any) -> Any:
        assert self.x.shape == shape
        return self.x > 0

    def backward(self, dout: Any) -> Any:
        return dout * self.mask(dout.shape)


class OutputByShape(Mul):
    """Gives the output of an earlier call of that shape."""

    def __init__(self) -> None:
        self.outputs: dict[Any, Any] = {}

    def forward(self, x: Any, y: Any) -> Any:
        out = super().forward(x, y)
        return self.outputs.setdefault(np.shape(x), out)


class TransposeByShape(Affine):
    def backward(self, dout: Any) -> Any:
        if getattr(self, "xT", np.empty(0)).shape != self.x.T.shape:
            self.xT = self.x.T.copy()
        dx = super().backward(dout)
        self.dW = self.xT @ dout
        return dx


class GradientOnClass(Affine):
    def backward(self, dout: Any) -> Any:
        dx = super().backward(dout)
        GradientOnClass.dW = self.__dict__.pop("dW")
        return dx


class WeightsOnClass(Affine):
    kept: ClassVar[dict[str, Any]] = {}

    def __init__(self, W: Any, b: Any) -> None:
        self.kept["W"], self.b = W, b

    @property
    def W(self) -> Any:
        return self.kept["W"]


class OutputsOnClass(Mul):
    buffers: ClassVar[dict[Any, Any]] = {}

    def forward(self, x: Any, y: Any) -> Any:
        out = self.buffers.setdefault(np.shape(x), np.empty(np.shape(x)))
        out[...] = super().forward(x, y)
        return out if out.ndim else float(out)


class GradientsOnClass(Mul):
    buffers: ClassVar[dict[Any, Any]] = {}

    def backward(self, dout: Any) -> Any:
        dx, dy = super().backward(dout)
        buffer = self.buffers.setdefault(np.shape(dx), np.empty(np.shape(dx)))
        buffer[...] = dx
        return buffer if buffer.ndim else float(buffer), dy


class SigmoidOnClass:
    """Its derivative is even: for an input with only the sign changed it would be the same."""

    y: ClassVar[Any] = None

    def forward(self, x: Any) -> Any:
        SigmoidOnClass.y = 1 / (1 + np.exp(-x))
        return SigmoidOnClass.y

    def backward(self, dout: Any) -> Any:
        y = SigmoidOnClass.y
        return dout * y * (1 - y)


class StaleTranspose(Affine):
    def __init__(self, W: Any, b: Any) -> None:
        super().__init__(W, b)
        self.WT = W.T.copy()

    def backward(self, dout: Any) -> Any:
        return super().backward(dout) @ np.eye(len(self.W)) * 0 + dout @ self.WT


class StaleCopy(Affine):
    def __init__(self, W: Any, b: Any) -> None:
        super().__init__(W, b)
        self.old = W.copy()

    def backward(self, dout: Any) -> Any:
        super().backward(dout)
        return dout @ self.old.T


class TransposeOfTheFirstCall(Affine):
    def backward(self, dout: Any) -> Any:
        super().backward(dout)
        if not hasattr(self, "WT"):
            self.WT = self.W.T.copy()
        return dout @ self.WT


@pytest.mark.parametrize(
    ("wrong", "row", "law"),
    [
        (MaskByShape, "Relu", LAST),
        (CachedMask, "Relu", LAST),
        (OutputByShape, "MulLayer", LAST),
        (TransposeByShape, "Affine", LAST),
        (GradientOnClass, "Affine", SHARED),
        (WeightsOnClass, "Affine", SHARED),
        (OutputsOnClass, "MulLayer", SHARED),
        (GradientsOnClass, "MulLayer", SHARED),
        (SigmoidOnClass, "Sigmoid", SHARED),
        (StaleTranspose, "Affine", TRAINED),
        (StaleCopy, "Affine", TRAINED),
        (TransposeOfTheFirstCall, "Affine", TRAINED),
    ],
)
def test_wrong(wrong: type, row: str, law: str) -> None:
    (layer,) = check(wrong, contract=row, examples=4).layers
    assert {j.claim.name for j in layer.failures} == {law}


class Stack(Mul):
    """Backward takes what the last forward put on a stack."""

    def __init__(self) -> None:
        self.stack: list[Any] = []

    def forward(self, x: Any, y: Any) -> Any:
        self.stack.append((x, y))
        return x * y

    def backward(self, dout: Any) -> Any:
        x, y = self.stack.pop()
        return dout * y, dout * x


class OwnBuffer(Mul):
    """Writes its output into one array of its own, call after call."""

    out: Any = None

    def forward(self, x: Any, y: Any) -> Any:
        if self.out is None or self.out.shape != np.shape(x):
            self.out = np.empty(np.shape(x))
        self.out[...] = super().forward(x, y)
        return self.out


class Copies(Affine):
    """Trains its own copies, and keeps the weights that it began with."""

    def __init__(self, W: Any, b: Any) -> None:
        super().__init__(W.copy(), b.copy())
        self.first = W.copy()


class ViewOfTranspose(Affine):
    def __init__(self, W: Any, b: Any) -> None:
        super().__init__(W, b)
        self.WT = W.T

    def backward(self, dout: Any) -> Any:
        super().backward(dout)
        return dout @ self.WT


class Refreshed(Affine):
    def forward(self, x: Any) -> Any:
        self.WT = self.W.T.copy()
        return super().forward(x)

    def backward(self, dout: Any) -> Any:
        super().backward(dout)
        return dout @ self.WT


class Neurons:
    """Keeps a list of columns, which nobody finds to be W: it cannot be trained by trigrad."""

    def __init__(self, W: Any, b: Any) -> None:
        self.columns = [(list(column), bias) for column, bias in zip(W.T, b, strict=True)]

    def forward(self, x: Any) -> Any:
        self.x = x
        return np.stack([x @ column + bias for column, bias in self.columns], axis=1)

    def backward(self, dout: Any) -> Any:
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ np.array([column for column, _ in self.columns])


@pytest.mark.parametrize(
    ("right", "row"),
    [
        *((Stack, "MulLayer"), (OwnBuffer, "MulLayer"), (Copies, "Affine")),
        *((ViewOfTranspose, "Affine"), (Refreshed, "Affine"), (Neurons, "Affine")),
    ],
)
def test_right(right: type, row: str) -> None:
    (layer,) = check(right, contract=row, examples=4).layers
    assert layer.verdict is Verdict.PASS, [str(j.finding.message) for j in layer.failures]


class Steps(impl.TwoLayerNet):
    rate = 0.1

    def gradient(self, x: Any, t: Any) -> Any:
        gradients = super().gradient(x, t)
        for name, each in gradients.items():
            self.params[name] -= self.rate * each
        return gradients


class StepsByReplacing(Steps):
    def gradient(self, x: Any, t: Any) -> Any:
        gradients = impl.TwoLayerNet.gradient(self, x, t)
        for name, each in gradients.items():
            self.params[name] = self.params[name] - self.rate * each
        return gradients


class Lowers(impl.TwoLayerNet):
    """A shift of all scores changes nothing, and so neither the loss nor any gradient."""

    def gradient(self, x: Any, t: Any) -> Any:
        gradients = super().gradient(x, t)
        self.params["b2"] -= 0.1
        return gradients


@pytest.mark.parametrize("wrong", [Steps, StepsByReplacing, Lowers])
def test_gradient_that_changes_params(wrong: type) -> None:
    (layer,) = check(wrong, contract="TwoLayerNet", examples=3).layers
    assert {j.claim.name for j in layer.failures} == {LEFT}
    # These networks are built on impl, which is said of anybody's.
    assert {j.claim.name for j in layer.advice} <= {NUMPY_ONLY}, "said once"


def test_a_network_that_copies_its_weights_is_not_trained() -> None:
    class Copies(impl.TwoLayerNet):
        def loss(self, x: Any, t: Any) -> Any:
            if not hasattr(self, "frozen"):
                self.frozen = {name: array.copy() for name, array in self.params.items()}
            for name, array in self.frozen.items():
                self.params[name][...] = array
            return super().loss(x, t)

    (layer,) = check(Copies, contract="TwoLayerNet", examples=3).layers
    assert TRAINED in {j.claim.name for j in layer.failures}
