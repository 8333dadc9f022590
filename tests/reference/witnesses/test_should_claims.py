"""The laws that should hold: what is said where one is broken, and that it is advice only."""

from __future__ import annotations

import numpy as np
import pytest
from bare_layers import Affine, Mul

from trigrad import check
from trigrad.claim.claim import Finding, Outcome
from trigrad.contracts.schema import Array
from trigrad.verdict.results import LayerReport, Results, Verdict


def layer_of(report: Results) -> LayerReport:
    return report.layers[0]


def judged(subject: type, row: str, claim: str, *, verdict: Verdict = Verdict.PASS) -> Finding:
    layer = layer_of(check(subject, contract=row, examples=5))
    assert layer.verdict is verdict
    (found,) = (j for j in layer.judgements if j.claim.name == claim)
    return found.finding


class SoftmaxWithLoss:
    """The right one, to derive bad manners from."""

    def forward(self, x: Array, t: Array) -> Array:
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.y, self.t = e / e.sum(axis=-1, keepdims=True), t
        return -np.sum(t * np.log(self.y + 1e-7)) / len(x)

    def backward(self, dout: float = 1.0) -> Array:
        return dout * (self.y - self.t) / len(self.t)


class Relu:
    """The book's, whose backward overwrites dout."""

    def forward(self, x: Array) -> Array:
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout: Array) -> Array:
        dout[self.mask] = 0
        return dout


# --- what is overwritten ------------------------------------------------------------------------


def test_forward_that_overwrites_is_named_with_its_arguments() -> None:
    class Scribbles(Mul):
        def forward(self, x: Array, y: Array) -> Array:
            out = super().forward(x * 1, y * 1)
            x += 1
            y += 1
            return out

    finding = judged(Scribbles, "MulLayer", "forward keeps its arguments")
    assert finding.message == (
        "forward changes its arguments x and y in place: work on copies, because other "
        "code may still use them"
    )


def test_backward_that_overwrites_dout() -> None:
    finding = judged(Relu, "Relu", "backward keeps its arguments")
    assert finding.outcome is Outcome.FAIL
    assert finding.message == (
        "backward changes its argument dout in place: work on a copy, because other code "
        "may still use it"
    )


def test_backward_that_overwrites_a_weight() -> None:
    class Trains(Affine):
        def forward(self, x: Array) -> Array:
            self.first = getattr(self, "first", self.W.copy())
            self.x = x
            return x @ self.first + self.b

        def backward(self, dout: Array) -> Array:
            self.W *= 0.9
            self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
            return dout @ self.first.T

    finding = judged(Trains, "Affine", "backward keeps its arguments")
    assert finding.message == (
        "backward changes its weight W: leave that to the update of the weights"
    )


def test_backward_that_overwrites_what_forward_was_given() -> None:
    """`dx = self.y; dx *= dout` spoils an array of the learner's own."""

    class InPlace(Mul):
        def backward(self, dout: Array) -> tuple[Array, Array]:
            dy = dout * self.x
            self.y *= dout
            return self.y, dy

    finding = judged(InPlace, "MulLayer", "backward keeps its arguments")
    assert finding.outcome is Outcome.FAIL
    assert finding.message.startswith("backward changes its argument y in place")


def test_function_is_called_it() -> None:
    def softmax(x: Array) -> Array:
        x -= x.max(axis=-1, keepdims=True)
        return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)

    layer = layer_of(check(softmax, examples=5))
    assert layer.verdict is Verdict.PASS
    assert [j.finding.message for j in layer.advice] == [
        ("it changes its argument x in place: work on a copy, because other code may still use it")
    ]


def test_overwriting_is_advice_given_once() -> None:
    """Read-only arrays cannot work then, which is not said as well."""
    layer = layer_of(check(Relu, examples=5))
    assert layer.verdict is Verdict.PASS
    assert [j.claim.name for j in layer.advice] == ["backward keeps its arguments"]
    blocked = [j for j in layer.judgements if j.finding.outcome is Outcome.BLOCKED]
    assert [j.claim.name for j in blocked] == ["read-only arrays work"]


def test_not_restoring_what_a_contract_promises_to_restore_fails() -> None:
    def numerical_gradient(f, x):  # type: ignore[no-untyped-def]  # as learners write it
        grad = np.zeros_like(x)
        for i in range(x.size):
            was = x.flat[i]
            x.flat[i] = was + 1e-4
            up = f(x)
            x.flat[i] = was - 1e-4
            grad.flat[i] = (up - f(x)) / 2e-4
            x.flat[i] = was if i else was + 1e-9
        return grad

    layer = layer_of(check(numerical_gradient, examples=5))
    assert layer.verdict is Verdict.FAIL
    assert ("the old values should be restored after the call, but are not: x") in [
        j.finding.message for j in layer.failures
    ]


# --- dout of a loss -----------------------------------------------------------------------------


def test_loss_that_ignores_dout_gets_advice() -> None:
    class Ignores(SoftmaxWithLoss):
        def backward(self, dout: float = 1.0) -> Array:  # noqa: ARG002
            return super().backward()

    finding = judged(Ignores, "SoftmaxWithLoss", "dout is used")
    assert finding.message == (
        "backward ignores dout, which is harmless while the loss is the last layer: "
        "multiply the result by dout to be safe"
    )


def test_loss_that_takes_no_dout_gets_none() -> None:
    class TakesNone(SoftmaxWithLoss):
        def backward(self) -> Array:
            return super().backward()

    finding = judged(TakesNone, "SoftmaxWithLoss", "dout is used")
    assert finding.outcome is Outcome.NOT_APPLICABLE
    assert finding.message == "backward takes no dout"


# --- dtypes -------------------------------------------------------------------------------------


def test_float32_that_widens_is_named() -> None:
    class Widens(Mul):
        def backward(self, dout: Array) -> tuple[Array, Array]:
            dx, dy = super().backward(dout)
            return dx, np.asarray(dy, np.float64)

    finding = judged(Widens, "MulLayer", "float32 stays float32")
    assert finding.message == (
        "float32 inputs do not give float32 results (gradient of y is float64), which can "
        "slow down what follows: keep the dtype of the input"
    )


def test_float64_that_narrows_is_named() -> None:
    class Narrows(Mul):
        def forward(self, x: Array, y: Array) -> Array:
            return np.asarray(super().forward(x, y), np.float32)

    layer = layer_of(check(Narrows, contract="MulLayer", examples=5))
    assert layer.verdict is not Verdict.FAIL
    messages = [j.finding.message for j in layer.advice]
    assert "only the digits of float32 are left in the output: compute in float64" in messages


def test_digits_lost_inside_fail_the_layer() -> None:
    """Where the result pretends to be double, its digits are due."""

    class LosesInside(Mul):
        def forward(self, x: Array, y: Array) -> Array:
            super().forward(x, y)
            return np.float64(np.float32(x) * np.float32(y))

    finding = judged(LosesInside, "MulLayer", "float64 stays float64", verdict=Verdict.FAIL)
    assert finding.outcome is Outcome.PASS


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_single_precision_is_seen_beside_a_gradient_that_is_not_finite(wrong: float) -> None:
    class Single(Affine):
        def forward(self, x: Array) -> Array:
            self.x = x.astype(np.float32)
            return self.x @ self.W + self.b

        def backward(self, dout: Array) -> Array:
            dx = super().backward(dout)
            self.db = np.full_like(self.db, wrong)
            return dx

    finding = judged(Single, "Affine", "float64 stays float64", verdict=Verdict.FAIL)
    assert "in float32 inside" in finding.message
    report = check(Single, contract="Affine", examples=5)
    failed = {str(j.claim.about) for j in report.layers[0].failures if j.claim.about}
    assert "b" in " ".join(failed)
    assert not any("output" in about for about in failed)


# --- extremes -----------------------------------------------------------------------------------


def test_infinite_result_is_named() -> None:
    class Overflows:
        def forward(self, x: Array) -> Array:
            e = np.exp(x)
            self.y = e / (1 + e)
            return self.y

        def backward(self, dout: Array) -> Array:
            return dout * self.y * (1 - self.y)

    finding = judged(Overflows, "Sigmoid", "large inputs stay finite")
    assert finding.message == (
        "for inputs of ±1000 the output and the gradient of x are inf or nan: use a form "
        "of the formula that stays finite"
    )


def test_warning_about_a_finite_result_is_quoted() -> None:
    class Warns:
        def forward(self, x: Array) -> Array:
            self.y = 1 / (1 + np.exp(-x))
            return self.y

        def backward(self, dout: Array) -> Array:
            return dout * self.y * (1 - self.y)

    finding = judged(Warns, "Sigmoid", "large inputs stay finite")
    assert finding.message == (
        "for inputs of ±1000 NumPy warns (overflow encountered in exp): use a form of the "
        "formula that avoids this"
    )


# --- arrays of another kind ---------------------------------------------------------------------


def test_read_only_arrays_are_refused() -> None:
    class Writes(Mul):
        def forward(self, x: Array, y: Array) -> Array:
            x += 0
            return super().forward(x, y)

    finding = judged(Writes, "MulLayer", "read-only arrays work")
    assert finding.message == "read-only arrays raise an error: copy an array before you change it"
    assert finding.evidence is not None
    assert finding.evidence.raised is not None
    assert finding.evidence.raised.error == "ValueError"


def test_slices_are_misread() -> None:
    class Misreads(Mul):
        def forward(self, x: Array, y: Array) -> Array:
            base = getattr(x, "base", None)
            return super().forward(x if base is None else np.resize(base, x.shape), y)

    finding = judged(Misreads, "MulLayer", "non-contiguous arrays work")
    assert finding.outcome is Outcome.FAIL
    assert finding.message.startswith("slices of larger arrays")


def test_gradients_that_are_one_array() -> None:
    class OneArray:
        def forward(self, x: Array, y: Array) -> Array:
            return x + y

        def backward(self, dout: Array) -> tuple[Array, Array]:
            return dout, dout

    finding = judged(OneArray, "AddLayer", "gradients are separate arrays")
    assert finding.message == (
        "the gradient of x and that of y are one array, so that changing one changes "
        "both: return a copy of one of them"
    )


@pytest.mark.parametrize("subject", [Mul, Affine, SoftmaxWithLoss])
def test_a_layer_without_faults_gets_no_other_suggestion(subject: type) -> None:
    row = {"Mul": "MulLayer"}.get(subject.__name__, subject.__name__)
    layer = layer_of(check(subject, contract=row, examples=10))
    advice = [j.finding.message for j in layer.advice]
    assert not [a for a in advice if "accepts" not in a]
