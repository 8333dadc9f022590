"""What must be there: absence is named for what it is, and blocks what needs it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bare_layers import Affine

from trigrad import check
from trigrad.claim.claim import Outcome
from trigrad.contracts.schema import Array
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Verdict


def layer_of(subject: type, row: str) -> LayerReport:
    return check(subject, contract=row, examples=5).layers[0]


def first_failure(subject: type, row: str) -> Judgement:
    layer = layer_of(subject, row)
    assert layer.verdict is Verdict.FAIL
    return layer.failures[0]


class Relu:
    """The right one, to leave things out of."""

    def forward(self, x: Array) -> Any:
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout: Array) -> Any:
        return dout * self.mask


ODD: dict[str, tuple[Any, str]] = {
    "None": (None, "None"),
    "text": ("out", "a string"),
    "list": ([1.0, 2.0], "a list of 2"),
    "dict": ({"out": 1.0}, "a dict of 1"),
    "objects": (np.array([object()]), "an array of object"),
    "object": (object(), "an object"),
    "complex": (np.array([1j]), "an array of complex128"),
}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_output_that_is_no_array_is_named(value: tuple[Any, str]) -> None:
    class Wrong(Relu):
        def forward(self, x: Array) -> Any:
            super().forward(x)
            return value[0]

    judgement = first_failure(Wrong, "Relu")
    assert judgement.claim.name == "output shape"
    assert judgement.finding.message == "forward gives no output that can be used"
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.is_) == value[1]
    assert str(judgement.finding.evidence.should_be).startswith("an array of shape (")


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_gradient_that_is_no_array_is_named(value: tuple[Any, str]) -> None:
    class Wrong(Relu):
        def backward(self, dout: Array) -> Any:  # noqa: ARG002
            return value[0]

    judgement = first_failure(Wrong, "Relu")
    assert judgement.claim.name == "gradient of x present"
    assert judgement.finding.message == ("there is no gradient of x: backward does not return it")
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.is_) == value[1]


def test_missing_gradient_is_not_a_zero() -> None:
    class NoBias(Affine):
        def backward(self, dout: Array) -> Any:
            dx = super().backward(dout)
            del self.db
            return dx

    judgement = first_failure(NoBias, "Affine")
    assert judgement.claim.name == "gradient of b present"
    assert judgement.finding.message == (
        "there is no gradient of b: backward does not return it and does not store it in self.db"
    )
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.is_) == "nothing"


def test_gradient_missing_from_the_dict_of_a_network() -> None:
    from trigrad import impl

    class TwoLayerNet(impl.TwoLayerNet):
        def gradient(self, x: Array, t: Any) -> dict[str, Array]:
            found = super().gradient(x, t)
            del found["b1"]
            return found

    judgement = first_failure(TwoLayerNet, "TwoLayerNet")
    assert judgement.finding.message == (
        "there is no gradient of b1: the dict that gradient returns has no 'b1'"
    )


def test_output_of_another_shape() -> None:
    class Flat(Relu):
        def forward(self, x: Array) -> Any:
            return super().forward(x).ravel()

    judgement = first_failure(Flat, "Relu")
    assert judgement.claim.name == "output shape"
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.is_) == "shape (1,)"
    assert str(judgement.finding.evidence.should_be) == "shape (1, 1)"


@pytest.mark.parametrize(
    ("change", "is_"),
    [
        (lambda g: g[0], "a single number"),
        (lambda g: g[None], "shape (1, 1)"),
        (lambda g: np.append(g, 0), "shape (2,)"),
    ],
    ids=["fewer", "more", "longer"],
)
def test_gradient_of_another_shape(change: Any, is_: str) -> None:
    class Wrong(Affine):
        def backward(self, dout: Array) -> Any:
            dx = super().backward(dout)
            self.db = np.asarray(change(self.db))
            return dx

    judgement = first_failure(Wrong, "Affine")
    assert judgement.claim.name == "gradient of b shape"
    assert judgement.finding.message == "the gradient of b does not have the shape of b"
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.is_) == is_
    assert str(judgement.finding.evidence.should_be) == "shape (1,)"


def test_shape_that_agrees_by_chance_is_still_found() -> None:
    """A transposed dW has W's shape wherever D = M."""

    class Transposed(Affine):
        def backward(self, dout: Array) -> Any:
            dx = super().backward(dout)
            self.dW = self.dW.T
            return dx

    judgement = first_failure(Transposed, "Affine")
    assert judgement.claim.name == "gradient of W shape"


def test_loss_in_an_array_of_one_is_a_number() -> None:
    class SoftmaxWithLoss:
        def forward(self, x: Array, t: Array) -> Array:
            e = np.exp(x - x.max(axis=-1, keepdims=True))
            self.y, self.t = e / e.sum(axis=-1, keepdims=True), t
            return np.array([-np.sum(t * np.log(self.y)) / len(x)])

        def backward(self, dout: float = 1.0) -> Array:
            return dout * (self.y - self.t) / len(self.t)

    assert layer_of(SoftmaxWithLoss, "SoftmaxWithLoss").verdict is Verdict.PASS


@pytest.mark.parametrize("name", ["forward", "backward"])
def test_pass_that_raises_is_evidence_with_its_line(name: str) -> None:
    def fails(self: Any, *_: Any) -> Any:  # noqa: ARG001
        raise KeyError("W")

    wrong = type("Wrong", (Relu,), {name: fails})
    judgement = first_failure(wrong, "Relu")
    assert judgement.claim.name == {"forward": "output shape", "backward": "backward runs"}[name]
    evidence = judgement.finding.evidence
    assert evidence is not None
    assert evidence.raised is not None
    assert (evidence.raised.call, evidence.raised.error) == (name, "KeyError")


def test_constructor_that_raises_blocks_everything() -> None:
    class Wrong(Relu):
        def __init__(self) -> None:
            self.mask = undefined  # type: ignore[name-defined]  # noqa: F821

    layer = layer_of(Wrong, "Relu")
    first, *rest = layer.judgements
    assert first.claim.name == "builds"
    assert first.finding.message == "an object of the class cannot be made"
    assert first.finding.evidence is not None
    assert first.finding.evidence.raised is not None
    assert first.finding.evidence.raised.error == "NameError"
    assert {j.finding.outcome for j in rest} == {Outcome.BLOCKED}


def test_exit_in_a_pass_is_the_learner_s_and_ends_nothing() -> None:
    class Quits(Relu):
        def backward(self, dout: Array) -> Any:  # noqa: ARG002
            raise SystemExit(1)

    judgement = first_failure(Quits, "Relu")
    assert judgement.claim.name == "backward runs"
