"""Further kinds of input: refused is no fault; accepted and wrong is advice, in plain words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from trigrad import check
from trigrad.claim.claim import Finding, Outcome
from trigrad.contracts.schema import Array
from trigrad.verdict.results import LayerReport, Verdict


def layer_of(subject: type, row: str) -> LayerReport:
    return check(subject, contract=row, examples=8).layers[0]


def judged(subject: type, row: str, variant: str) -> Finding:
    layer = layer_of(subject, row)
    assert layer.verdict is Verdict.PASS
    (found,) = (j for j in layer.judgements if j.claim.name == variant)
    return found.finding


class Affine:
    """For matrices only."""

    def __init__(self, W: Array, b: Array) -> None:
        self.W, self.b = W, b

    def forward(self, x: Array) -> Array:
        N, _ = x.shape
        self.shape, self.x = x.shape, x.reshape(N, -1)
        return self.x @ self.W + self.b

    def backward(self, dout: Array) -> Array:
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class Flattens(Affine):
    """Takes tensors, and gives the gradient back in x's shape."""

    def forward(self, x: Array) -> Array:
        self.shape, self.x = x.shape, x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout: Array) -> Array:
        return super().backward(dout).reshape(self.shape)


def test_what_forward_refuses_is_no_fault() -> None:
    finding = judged(Affine, "Affine", "4-D x")
    assert finding.outcome is Outcome.NOT_APPLICABLE
    layer = layer_of(Affine, "Affine")
    assert not layer.advice
    assert "it does not take: x with 4 axes, a single sample (that is no mistake)" in layer.notes


def test_what_is_handled_is_said() -> None:
    assert judged(Flattens, "Affine", "4-D x").outcome is Outcome.PASS
    assert (
        "it also works for: x with 4 axes; it does not take: a single sample (that is no mistake)"
    ) in layer_of(Flattens, "Affine").notes


def test_gradient_of_another_shape() -> None:
    class StaysFlat(Flattens):
        def backward(self, dout: Array) -> Array:
            return super().backward(dout).reshape(len(dout), -1)

    finding = judged(StaysFlat, "Affine", "4-D x")
    assert finding.outcome is Outcome.FAIL
    assert re.fullmatch(
        r"forward accepts x with 4 axes, but the gradient of x has shape \(\d+, \d+\) instead of "
        r"\(\d+, \d+, \d+, \d+\): handle it in backward too, or raise an error",
        finding.message,
    )


def test_gradient_of_the_right_shape_and_wrong() -> None:
    class WrongOrder(Flattens):
        def backward(self, dout: Array) -> Array:
            right = super().backward(dout)
            return right[:, ::-1] * 1.5 if right.ndim == 4 else right

    finding = judged(WrongOrder, "Affine", "4-D x")
    assert finding.message == (
        "forward accepts x with 4 axes without an error, but the gradient of x is wrong: handle "
        "it in backward too, or raise an error"
    )


def test_gradient_of_a_weight_is_looked_at_too() -> None:
    class WrongBias(Flattens):
        def backward(self, dout: Array) -> Array:
            dx = super().backward(dout)
            self.db = self.db * (2.0 if dx.ndim == 4 else 1.0)
            return dx

    finding = judged(WrongBias, "Affine", "4-D x")
    assert "the gradient of b is wrong" in finding.message


def test_backward_that_raises() -> None:
    class OnlyForward(Flattens):
        def backward(self, dout: Array) -> Array:
            N, D = self.shape
            return super().backward(dout).reshape(N, D)

    finding = judged(OnlyForward, "Affine", "4-D x")
    assert finding.message == (
        "forward accepts x with 4 axes, but then backward raises ValueError: handle it in both, "
        "or raise an error at once"
    )
    assert finding.evidence is not None
    assert finding.evidence.raised is not None


class SoftmaxWithLoss:
    """Its cross-entropy reads labels; backward does not."""

    def forward(self, x: Array, t: Array) -> Array:
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.y, self.t = e / e.sum(axis=-1, keepdims=True), t
        labels = t.argmax(axis=-1) if t.ndim == x.ndim else t
        return -np.mean(np.log(self.y[np.arange(len(x)), labels]))

    def backward(self, dout: float = 1.0) -> Array:
        return dout * (self.y - self.t) / len(self.t)


def test_labels_that_only_forward_understands() -> None:
    finding = judged(SoftmaxWithLoss, "SoftmaxWithLoss", "labels")
    assert finding.message == (
        "forward accepts class labels as the target, but then backward raises ValueError: "
        "handle it in both, or raise an error at once"
    )


def test_labels_that_nothing_tells_apart_where_there_are_as_many_as_classes() -> None:
    finding = judged(SoftmaxWithLoss, "SoftmaxWithLoss", "labels where N = C")
    assert finding.message == (
        "forward accepts class labels as the target (as many samples as classes) without an "
        "error, but the gradient of x is wrong: handle it in backward too, or raise an error"
    )


def test_value_that_is_wrong_for_labels() -> None:
    def cross_entropy_error(y: Array, t: Array) -> float:
        if t.ndim < y.ndim:
            t = t[:, None]
        return -float(np.sum(t * np.log(y))) / len(y)

    layer = check(cross_entropy_error, examples=8).layers[0]
    assert layer.verdict is Verdict.PASS
    (found,) = (j for j in layer.judgements if j.claim.name == "labels")
    assert found.finding.message == (
        "it accepts class labels as the target without an error, but the output is wrong: "
        "handle it, or raise an error"
    )


def test_refused_once_is_not_handled() -> None:
    """Another case may pass by chance."""

    class Sometimes(Flattens):
        def forward(self, x: Array) -> Array:
            if x.ndim > 2 and len(x) < 3:
                raise ValueError("too few")
            return super().forward(x)

    assert judged(Sometimes, "Affine", "4-D x").outcome is Outcome.NOT_APPLICABLE


def test_wrong_once_is_wrong() -> None:
    class Sometimes(Flattens):
        def forward(self, x: Array) -> Array:
            if x.ndim > 2 and len(x) < 3:
                raise ValueError("too few")
            return super().forward(x) + (x.ndim > 2)

    assert judged(Sometimes, "Affine", "4-D x").outcome is Outcome.FAIL


@pytest.mark.parametrize("given", [None, "out", [1.0]])
def test_layer_without_a_usable_output_has_no_capabilities(given: object) -> None:
    class NoUse(Affine):
        def forward(self, x: Array) -> Array:
            super().forward(x)
            return given  # type: ignore[return-value]

    layer = layer_of(NoUse, "Affine")
    assert layer.verdict is Verdict.FAIL
    found = {j.finding.outcome for j in layer.judgements if j.claim.variant}
    assert found == {Outcome.NOT_APPLICABLE}
