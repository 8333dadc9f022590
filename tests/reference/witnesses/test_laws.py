"""The laws, where one mistake among several that a law forbids is easily let through."""

from __future__ import annotations

import numpy as np
import pytest
from bare_layers import Affine, Mul

from trigrad import check
from trigrad.claim.claim import Outcome, Witness
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array
from trigrad.trial.judgement import Judgement
from trigrad.trial.plan import plan
from trigrad.verdict.results import Results


def law(report: Results, name: str) -> Judgement:
    (found,) = (
        j
        for j in report.layers[0].judgements
        if (j.claim.witness, j.claim.name) == (Witness.LAWS, name)
    )
    return found


def refuted_laws(report: Results) -> set[str]:
    return {j.claim.name for j in report.layers[0].failures if j.claim.witness is Witness.LAWS}


class SoftmaxWithLoss:
    """The right one, to derive mistakes from."""

    def forward(self, x: Array, t: Array) -> Array:
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.y, self.t = e / e.sum(axis=-1, keepdims=True), t
        return -np.sum(t * np.log(self.y)) / len(x)

    def backward(self, dout: float = 1.0) -> Array:
        return dout * (self.y - self.t) / len(self.t)


@pytest.mark.parametrize(
    ("right", "row"),
    [(Mul, "MulLayer"), (Affine, "Affine"), (SoftmaxWithLoss, "SoftmaxWithLoss")],
)
def test_right_layers_break_no_law(right: type, row: str) -> None:
    report = check(right, contract=row, examples=10)
    assert report.ok
    assert not refuted_laws(report)


def test_backward_of_the_absolute_dout_is_not_linear() -> None:
    """Twice dout gives twice the gradients; the sum of two douts does not."""

    class Absolute(Mul):
        def backward(self, dout: Array) -> tuple[Array, Array]:
            return super().backward(np.abs(dout))

    judgement = law(check(Absolute, contract="MulLayer", examples=5), "linear in dout")
    assert judgement.finding.outcome is Outcome.FAIL
    assert judgement.finding.message == (
        "the gradients should be proportional to dout, but are not"
    )
    assert judgement.finding.evidence is not None
    assert "the sum of two douts" in str(judgement.finding.evidence.remark)


def test_backward_that_drops_dout_is_not_linear() -> None:
    class Dropped(Mul):
        def backward(self, dout: Array) -> tuple[Array, Array]:
            return dout * self.y, self.x

    judgement = law(check(Dropped, contract="MulLayer", examples=5), "linear in dout")
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.what) == "gradient of y"
    assert str(judgement.finding.evidence.remark).startswith("'is' comes from 2 * dout")


def test_gradient_that_looks_at_other_rows_breaks_independence() -> None:
    class Centred(Mul):
        def backward(self, dout: Array) -> tuple[Array, Array]:
            dx, dy = super().backward(dout)
            return dx - 1e-3 * dx.mean(axis=0), dy

    report = check(Centred, contract="MulLayer", examples=5)
    judgement = law(report, "rows are independent")
    assert judgement.finding.outcome is Outcome.FAIL
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.what) == "gradient of x"


def test_gradient_by_position_breaks_permutation() -> None:
    class Positional(Mul):
        def backward(self, dout: Array) -> tuple[Array, Array]:
            dx, dy = super().backward(dout)
            dy[0] *= 1.001
            return dx, dy

    judgement = law(check(Positional, contract="MulLayer", examples=5), "rows permute")
    assert judgement.finding.outcome is Outcome.FAIL
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.what) == "gradient of y"


def test_loss_right_and_gradient_not_divided_by_the_batch() -> None:
    class NotDivided(SoftmaxWithLoss):
        def backward(self, dout: float = 1.0) -> Array:
            return dout * (self.y - self.t)

    judgement = law(
        check(NotDivided, contract="SoftmaxWithLoss", examples=8), "divides by the batch"
    )
    assert judgement.finding.outcome is Outcome.FAIL
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.what) == "gradient of x"


def test_loss_divided_by_the_classes() -> None:
    class ByClasses(SoftmaxWithLoss):
        def forward(self, x: Array, t: Array) -> Array:
            return super().forward(x, t) * len(x) / x.shape[1]

    judgement = law(
        check(ByClasses, contract="SoftmaxWithLoss", examples=8), "divides by the batch"
    )
    assert judgement.finding.outcome is Outcome.FAIL
    assert judgement.finding.evidence is not None
    assert str(judgement.finding.evidence.what) == "output"


def test_weight_gradient_averaged_over_the_batch_does_not_add_up() -> None:
    class Averaged(Affine):
        def backward(self, dout: Array) -> Array:
            dx = super().backward(dout)
            self.dW = self.dW / len(dout)  # no step that would divide for the losses here
            return dx

    report = check(Averaged, contract="Affine", examples=5)
    assert "weight gradients add up over rows" in refuted_laws(report)
    assert "db sums dout over axis 0" not in refuted_laws(report)


@pytest.mark.parametrize("what", ["dW", "db"])
def test_weight_gradient_that_accumulates(what: str) -> None:
    class Accumulates(Affine):
        def backward(self, dout: Array) -> Array:
            before = getattr(self, what, 0.0)
            dx = super().backward(dout)
            setattr(self, what, before + getattr(self, what))
            return dx

    report = check(Accumulates, contract="Affine", examples=5)
    assert "same when called twice" in refuted_laws(report)
    assert {j.claim.witness for j in report.layers[0].failures} == {Witness.LAWS}


def test_output_that_changes_at_the_second_call() -> None:
    class Drifts(Mul):
        calls = 0

        def forward(self, x: Array, y: Array) -> Array:
            self.calls += 1
            return super().forward(x, y) * (1.0 if self.calls == 1 else 1.001)

    report = check(Drifts, contract="MulLayer", examples=5)
    assert refuted_laws(report) == {"same when called twice"}


def test_size_of_the_first_batch_is_kept() -> None:
    """Only another batch size shows it."""

    class FirstSize(SoftmaxWithLoss):
        def forward(self, x: Array, t: Array) -> Array:
            self.batch = getattr(self, "batch", len(x))
            return super().forward(x, t)

        def backward(self, dout: float = 1.0) -> Array:
            return dout * (self.y - self.t) / self.batch

    report = check(FirstSize, contract="SoftmaxWithLoss", examples=5)
    assert refuted_laws(report) == {"backward belongs to the last forward"}


def test_target_of_the_first_batch_is_kept() -> None:
    class FirstTarget(SoftmaxWithLoss):
        def forward(self, x: Array, t: Array) -> Array:
            loss = super().forward(x, t)
            self.first = getattr(self, "first", t)
            return loss

        def backward(self, dout: float = 1.0) -> Array:
            first = np.resize(self.first, self.t.shape)
            return dout * (self.y - first) / len(self.t)

    report = check(FirstTarget, contract="SoftmaxWithLoss", examples=8)
    assert "backward belongs to the last forward" in refuted_laws(report)


def test_bias_gradient_of_the_wrong_axis() -> None:
    class WrongAxis(Affine):
        def backward(self, dout: Array) -> Array:
            dx = super().backward(dout)
            self.db = np.resize(dout.sum(axis=1), self.b.shape)
            return dx

    judgement = law(check(WrongAxis, contract="Affine", examples=8), "db sums dout over axis 0")
    assert judgement.finding.outcome is Outcome.FAIL
    assert "dout summed over axis 0" in judgement.finding.message


def test_gradient_that_is_no_number_breaks_no_law_twice() -> None:
    """That it is NaN is refuted once, by what looks at values."""

    class NotANumber(Mul):
        def backward(self, dout: Array) -> tuple[Array, Array]:
            return dout * np.nan, dout * self.x

    report = check(NotANumber, contract="MulLayer", examples=5)
    witnesses = {j.claim.witness for j in report.layers[0].failures}
    assert {Witness.AUTOGRAD, Witness.FINITE_DIFFERENCES} <= witnesses


def test_every_law_is_a_sentence() -> None:
    """The first line of a check's docstring is what a learner reads."""
    for row in CONTRACTS:
        for claim in plan(row):
            check_of = getattr(claim.check, "func", claim.check)
            first = (check_of.__doc__ or "").strip().splitlines()[0]
            assert first.endswith("."), claim.id
            assert first[0].isupper(), claim.id
