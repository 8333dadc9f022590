"""Special cases: exact zeros, extreme logits and real sizes, and the mistakes that they show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bare_layers import Affine, Mul

from trigrad import check, impl
from trigrad.cases.kinds import Special
from trigrad.cases.kinks import KINK_MARGIN, kink_distance
from trigrad.cases.special import MOST_ALLOWED, REAL, SpecialCase, special_cases
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Outcome
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract, Domain
from trigrad.trial import layer_trial
from trigrad.trial.layer_trial import put
from trigrad.trial.plan import plan
from trigrad.verdict.results import Verdict
from trigrad.witnesses.twin import TwinFace

pytestmark = pytest.mark.usefixtures("no_repair")  # its words are tested elsewhere

ROWS = {row.name: row for row in CONTRACTS}
every_row = pytest.mark.parametrize("row", CONTRACTS, ids=lambda row: row.name)


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 5)


def special(row: Contract, kind: Special) -> list[SpecialCase]:
    return [each for each in special_cases(row, 0) if each.kind is kind]


@every_row
def test_zeros_in_every_array_that_may_have_them(row: Contract) -> None:
    (zeros,) = special(row, Special.ZEROS)
    assert kink_distance(row, zeros.case) >= KINK_MARGIN
    zero = {n for n, a in zeros.case.shown.items() if a.dtype.kind == "f" and (a == 0).any()}
    # At 0 Relu and others have a kink, which has claims of its own, and the network may come near
    # it; and a probability is not 0.
    without = {"TwoLayerNet": {"b1", "x"}, "cross_entropy_error": {"y"}}.get(row.name, set())
    without = without | {v.name for v in row.operands if v.domain is Domain.CHANCE}
    if row.promises.kinks is not None and len(row.variables) == 1:
        at_zero = row.promises.kinks({"x": np.zeros((1, 1))})
        without = {"x"} if abs(at_zero.item()) < KINK_MARGIN else set()
    assert zero >= set(zeros.case.shown) - without


def test_extreme_logits_have_targets_that_are_likely_enough() -> None:
    for name in ("SoftmaxWithLoss", "cross_entropy_error", "TwoLayerNet"):
        row = ROWS[name]
        (extreme,) = special(row, Special.EXTREME)
        assert row.promises.allowance is not None
        assert 0 < row.promises.allowance(extreme.case.arrays) <= MOST_ALLOWED
    (extreme,) = special(ROWS["softmax"], Special.EXTREME)
    assert extreme.case.arrays["x"].max() > 20


@every_row
def test_one_real_size_at_a_time(row: Contract) -> None:
    for each in special(row, Special.REAL):
        large = [s for s, size in each.case.sizes.items() if size > 5]
        assert [each.case.sizes[s] for s in large] == [REAL[s] for s in large]
        assert len(large) == 1


@every_row
def test_the_twin_withstands_them(row: Contract) -> None:
    for each in special_cases(row, 0):
        answers = Answers(row, TwinFace(row), each.case)
        for claim in plan(row):
            if each.kind in claim.special:
                assert put(claim, answers).outcome is not Outcome.FAIL, (claim.id, each.kind)


class DividesByOperand(Mul):
    def forward(self, x: Any, y: Any) -> Any:
        self.out = super().forward(x, y)
        return self.out

    def backward(self, dout: Any) -> Any:
        return dout * self.out / self.x, dout * self.x


class SkipsZeroDout(Mul):
    """Where dout is 0, the last gradient stays."""

    def backward(self, dout: Any) -> Any:
        dx, dy = super().backward(dout)
        return np.where(dout == 0, 1.0, dx), dy


class ZeroBias(Affine):
    """Where an entry of b is 0, it is taken to be absent."""

    def backward(self, dout: Any) -> Any:
        dx = super().backward(dout)
        self.db = np.where(self.b == 0, 0.0, self.db)
        return dx


class SigmoidInTwoParts:
    def forward(self, x: Any) -> Any:
        self.out = np.zeros_like(x)
        self.out[x > 0] = 1 / (1 + np.exp(-x[x > 0]))
        self.out[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
        return self.out

    def backward(self, dout: Any) -> Any:
        return dout * self.out * (1 - self.out)


def softmax_of(x: Any) -> Any:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class Loss:
    """The right one, to derive mistakes from."""

    def probabilities(self, x: Any) -> Any:
        return softmax_of(x)

    def forward(self, x: Any, t: Any) -> Any:
        self.y, self.t = self.probabilities(x), t
        return -np.sum(t * np.log(self.y)) / len(x)

    def backward(self, dout: float = 1.0) -> Any:
        return dout * (self.y - self.t) / len(self.t)


class ClippedLogits(Loss):
    def probabilities(self, x: Any) -> Any:
        return softmax_of(np.clip(x, -4, 4))


class ClippedFarLogits(Loss):
    def probabilities(self, x: Any) -> Any:
        return softmax_of(np.clip(x, -20, 20))


class AtLeastOnePercent(Loss):
    def forward(self, x: Any, t: Any) -> Any:
        super().forward(x, t)
        return -np.sum(t * np.log(np.maximum(self.y, 1e-2))) / len(x)


class GradientAtLeastOnePercent(Loss):
    def backward(self, dout: float = 1.0) -> Any:
        self.y = np.maximum(self.y, 1e-2)
        return super().backward(dout)


class FirstRows(Affine):
    def backward(self, dout: Any) -> Any:
        dx = super().backward(dout)
        self.db = dout[:64].sum(axis=0)
        return dx


class FirstFeatures(Affine):
    def forward(self, x: Any) -> Any:
        self.x = x
        return x[:, :100] @ self.W[:100] + self.b

    def backward(self, dout: Any) -> Any:
        dx = super().backward(dout)
        self.dW[100:], dx[:, 100:] = 0, 0
        return dx


class ScoresClipped(impl.TwoLayerNet):
    def predict(self, x: Any) -> Any:
        return np.clip(super().predict(x), -6, 6)


class FewPixels(impl.TwoLayerNet):
    def gradient(self, x: Any, t: Any) -> Any:
        gradients = super().gradient(x, t)
        gradients["W1"][256:] = 0
        return gradients


WRONG = [
    *((DividesByOperand, "MulLayer"), (SkipsZeroDout, "MulLayer"), (ZeroBias, "Affine")),
    *((SigmoidInTwoParts, "Sigmoid"), (ClippedLogits, "SoftmaxWithLoss")),
    *((ClippedFarLogits, "SoftmaxWithLoss"), (AtLeastOnePercent, "SoftmaxWithLoss")),
    (GradientAtLeastOnePercent, "SoftmaxWithLoss"),
    *((FirstRows, "Affine"), (FirstFeatures, "Affine")),
    *((ScoresClipped, "TwoLayerNet"), (FewPixels, "TwoLayerNet")),
]


@pytest.mark.parametrize(("wrong", "row"), WRONG)
def test_wrong(wrong: type, row: str) -> None:
    (layer,) = check(wrong, contract=row, examples=3).layers
    assert layer.verdict is Verdict.FAIL


class Clipped(Loss):
    def probabilities(self, x: Any) -> Any:
        return np.clip(super().probabilities(x), 1e-7, 1 - 1e-7)


class Added(Loss):
    def probabilities(self, x: Any) -> Any:
        return super().probabilities(x) + 1e-8


class Unshifted(Loss):
    def probabilities(self, x: Any) -> Any:
        return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)


class ManyLoops:
    """Loops in Python, as slow as it gets."""

    def __init__(self, W: Any, b: Any) -> None:
        self.W, self.b = W, b

    def forward(self, x: Any) -> Any:
        self.x = x
        out = np.zeros((len(x), len(self.b)))
        for n in range(len(x)):
            for m in range(len(self.b)):
                for d in range(len(self.W)):
                    out[n, m] += x[n, d] * self.W[d, m]
                out[n, m] += self.b[m]
        return out

    def backward(self, dout: Any) -> Any:
        self.dW, self.db, dx = np.zeros(self.W.shape), np.zeros(self.b.shape), 0 * self.x
        for n in range(len(dout)):
            for m in range(len(self.b)):
                self.db[m] += dout[n, m]
                for d in range(len(self.W)):
                    self.dW[d, m] += self.x[n, d] * dout[n, m]
                    dx[n, d] += dout[n, m] * self.W[d, m]
        return dx


class ReluOneAtZero:
    def forward(self, x: Any) -> Any:
        self.mask = x >= 0
        return x * self.mask

    def backward(self, dout: Any) -> Any:
        return dout * self.mask


class SingleInside(Loss):
    def forward(self, x: Any, t: Any) -> Any:
        return float(super().forward(x.astype(np.float32), t))


class SingleInput(Affine):
    def forward(self, x: Any) -> Any:
        return super().forward(x.astype(np.float32))


RIGHT = [
    *((Clipped, "SoftmaxWithLoss"), (Added, "SoftmaxWithLoss"), (Unshifted, "SoftmaxWithLoss")),
    *((ManyLoops, "Affine"), (ReluOneAtZero, "Relu")),
    *((SingleInside, "SoftmaxWithLoss"), (SingleInput, "Affine")),
]


@pytest.mark.parametrize(("right", "row"), RIGHT)
def test_right(right: type, row: str) -> None:
    (layer,) = check(right, contract=row, examples=3).layers
    assert layer.verdict is Verdict.PASS, [str(j.finding.message) for j in layer.failures]
    single = {j.claim.name for j in layer.advice} & {"float64 stays float64"}
    assert bool(single) is right.__name__.startswith("Single")


def test_rounded_to_decimals_is_no_precision() -> None:
    class Rounds(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            return np.round(super().forward(x, y), 6)

    (layer,) = check(Rounds, contract="MulLayer", examples=3).layers
    assert layer.verdict is Verdict.FAIL
