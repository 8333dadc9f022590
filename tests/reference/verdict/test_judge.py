"""A trial: what blocks what, who is judged first, and what stays as it was."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bare_layers import Affine, Mul
from learners_table import LEARNERS, judged

from trigrad import check
from trigrad.claim.claim import Outcome, Witness
from trigrad.claim.evidence import Evidence
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array, Contract
from trigrad.opening import open_subject
from trigrad.subject.dialects import dialect_of
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.traces import Tracer
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer_trial import LayerTrial
from trigrad.verdict.judge import SubjectTrial
from trigrad.verdict.results import LayerReport, Results, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")  # its words are tested elsewhere

ROWS = {row.name: row for row in CONTRACTS}


class Adds(Mul):
    """Adds where it should multiply."""

    def backward(self, dout: Any) -> tuple[Any, Any]:
        return dout + self.y, dout + self.x


def layer_of(subject: type, row: str, **options: Any) -> LayerReport:
    return check(subject, contract=row, **{"examples": 5, **options}).layers[0]


def outcomes(layer: LayerReport) -> dict[tuple[str, str], Outcome]:
    return {(j.claim.witness.value, j.claim.name): j.finding.outcome for j in layer.judgements}


def blocked(layer: LayerReport) -> dict[str, str]:
    return {
        j.claim.name: j.finding.message
        for j in layer.judgements
        if j.finding.outcome is Outcome.BLOCKED
    }


def evidence_of(judgement: Judgement) -> Evidence:
    assert judgement.finding.evidence is not None
    return judgement.finding.evidence


# --- order and blocking -------------------------------------------------------------------------


def test_forward_that_raises_blocks_all_behind_it() -> None:
    class Raises(Affine):
        def forward(self, x: Array) -> Array:  # noqa: ARG002
            raise ValueError("no")

    layer = layer_of(Raises, "Affine")
    assert layer.verdict is Verdict.FAIL
    assert [j.claim.name for j in layer.failures] == ["output shape"]
    found = outcomes(layer)
    assert found["laws", "builds"] is Outcome.PASS
    messages = blocked(layer)
    assert (
        messages["backward runs"]
        == "not checked, because this already fails: the shape of the output"
    )
    assert messages["gradient of W present"] == (
        "not checked, because this already fails: backward runs"
    )
    assert messages["gradient of W shape"] == (
        "not checked, because this already fails: there is a gradient of W"
    )
    assert messages["gradient of W"] == (
        "not checked, because this already fails: the shape of the gradient of W"
    )
    variants = {"4-D x", "1-D samples"}
    judged_at_all = {name for (_, name), o in found.items() if o is not Outcome.BLOCKED}
    assert judged_at_all == {"builds", "output shape"} | variants


def test_constructor_that_raises_blocks_everything() -> None:
    class Raises(Affine):
        def __init__(self, W: Array, b: Array) -> None:  # noqa: ARG002
            raise ValueError("no")

    layer = layer_of(Raises, "Affine")
    assert [j.claim.name for j in layer.failures] == ["builds"]
    assert len(blocked(layer)) == len({j.claim.name for j in layer.judgements}) - 1


def test_missing_gradient_blocks_its_own_claims_and_no_other_s() -> None:
    class Forgets(Affine):
        def backward(self, dout: Array) -> Array:
            self.db = dout.sum(axis=0)
            return dout @ self.W.T

    layer = layer_of(Forgets, "Affine")
    assert [j.claim.name for j in layer.failures] == ["gradient of W present"]
    found = outcomes(layer)
    for witness in ("autograd", "finite differences"):
        assert found[witness, "gradient of W"] is Outcome.BLOCKED
        assert found[witness, "gradient of x"] is Outcome.PASS
        assert found[witness, "gradient of b"] is Outcome.PASS
    assert found["autograd", "value"] is Outcome.PASS
    assert blocked(layer)["linear in dout"] == (
        "not checked, because this already fails: the shape of the gradient of W"
    )


def test_wrong_gradient_is_found_beside_a_missing_one() -> None:
    class Forgets(Affine):
        def backward(self, dout: Array) -> Array:
            self.db = 2 * dout.sum(axis=0)
            return dout @ self.W.T

    failing = {(j.claim.witness, j.claim.name) for j in layer_of(Forgets, "Affine").failures}
    assert failing == {
        (Witness.LAWS, "gradient of W present"),
        (Witness.AUTOGRAD, "gradient of b"),
        (Witness.FINITE_DIFFERENCES, "gradient of b"),
    }


def test_wrong_value_blocks_nothing() -> None:
    """Forward wrong and backward its derivative: only together do two witnesses say so."""

    class Doubled(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            return 2 * super().forward(x, y)

        def backward(self, dout: Any) -> tuple[Any, Any]:
            return super().backward(2 * dout)

    layer = layer_of(Doubled, "MulLayer")
    assert not blocked(layer)
    assert {j.claim.witness for j in layer.failures} == {Witness.AUTOGRAD}
    assert outcomes(layer)["finite differences", "gradient of x"] is Outcome.PASS


def test_side_of_a_mistake_is_not_named_where_differences_cannot_tell() -> None:
    """In single precision they know nothing: forward right says nothing of backward then."""

    class Single(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            super().forward(x, y)
            return np.asarray(x.copy() * y, np.float32)  # plain numbers have no copy

    layer = layer_of(Single, "MulLayer")
    assert [j.claim.name for j in layer.failures] == ["plain numbers"]
    assert outcomes(layer)["finite differences", "gradient of x"] is Outcome.NOT_APPLICABLE
    assert layer.diagnosis
    assert "backward" not in layer.diagnosis.words


def test_every_claim_of_the_plan_is_answered_in_its_order() -> None:
    from trigrad.trial.plan import plan

    for subject in (Affine, Mul, Adds):
        row = "Affine" if subject is Affine else "MulLayer"
        layer = layer_of(subject, row, examples=2)
        assert [j.claim for j in layer.judgements] == list(plan(ROWS[row]))


def test_every_outcome_but_a_pass_has_a_reason() -> None:
    class Forgets(Affine):
        def backward(self, dout: Array) -> Array:
            return dout @ self.W.T

    for judgement in layer_of(Forgets, "Affine").judgements:
        assert (judgement.finding.outcome is Outcome.PASS) or judgement.finding.message


def test_advice_fails_nothing() -> None:
    class Relu:
        def forward(self, x: Array) -> Array:
            self.mask = x <= 0
            return np.where(self.mask, 0, x)

        def backward(self, dout: Array) -> Array:
            dout[self.mask] = 0
            return dout

    report = check(Relu, examples=5)
    assert report.layers[0].verdict is Verdict.PASS
    assert report.exit_status == 0
    assert report.advice == 1


# --- cross-examination --------------------------------------------------------------------------


def on_trial(row: Contract, subject: Any) -> list[Judgement]:
    face = InProcessFace(row, dialect_of(row, subject), Tracer({}))
    return LayerTrial(row, face, seed=0, examples=5).judge()


def test_refutation_that_the_twin_does_not_withstand_is_our_mistake() -> None:
    """A law that PyTorch breaks as well says nothing of the learner."""
    row = replace(ROWS["MulLayer"], twin=lambda x, y: x * y + x.mean())

    class SameMistake(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            return super().forward(x, y) + np.mean(x)

    found = {j.claim.name: j.finding for j in on_trial(row, SameMistake)}
    independent = found["rows are independent"]
    assert independent.outcome is Outcome.INCONCLUSIVE
    assert independent.message == (
        "finite differences, PyTorch and the laws contradict each other here "
        "(each row of a batch gives what it gives alone). "
        "This is a mistake of trigrad: please report it"
    )


WRONG_TWINS: dict[str, Callable[..., Any]] = {
    "its gradient is not that of its value": lambda x, y: x * y + 0.1 * (x - x.detach()),
    "its rows are not independent": lambda x, y: x * y + 0.1 * x.mean(),
}


@pytest.mark.parametrize("twin", WRONG_TWINS.values(), ids=WRONG_TWINS)
def test_right_code_is_not_refused_because_of_a_wrong_twin(twin: Callable[..., Any]) -> None:
    """Where the witnesses disagree on the twin itself, nobody is judged by it."""
    judgements = on_trial(replace(ROWS["MulLayer"], twin=twin), Mul)
    assert not [j.claim.name for j in judgements if j.fails]
    assert Outcome.INCONCLUSIVE in {j.finding.outcome for j in judgements}


@pytest.mark.parametrize(
    ("row", "change", "law"),
    [
        ("softmax", {"twin": lambda x: 2 * x.softmax(-1)}, "rows sum to 1"),
        ("softmax", {"twin": lambda x: x.exp()}, "unchanged by a shift of the row"),
        ("sigmoid", {"shift_invariant": ("x",)}, "unchanged by a shift of the row"),
        ("sigmoid", {"row_sum": 1.0}, "rows sum to 1"),
    ],
)
def test_row_that_claims_too_much_refuses_nobody(
    row: str, change: dict[str, Any], law: str
) -> None:
    """A wrong entry of the table is found out by its own twin."""
    faulty = ROWS[row]
    if "twin" in change:
        faulty = replace(faulty, twin=change["twin"])
    else:
        faulty = faulty.promising(**change)
    subjects: dict[str, Callable[..., Any] | type] = {
        "softmax": lambda x: 2 * np.exp(x),
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    }
    (found,) = (j for j in on_trial(faulty, subjects[row]) if j.claim.name == law)
    assert found.finding.outcome is Outcome.INCONCLUSIVE
    assert "mistake of trigrad" in found.finding.message


# --- networks -----------------------------------------------------------------------------------

NETWORK = """
import numpy as np

class Relu:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask
    def backward(self, dout):
        return dout * self.mask

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T

class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y + 1e-7)) / len(x)
    def backward(self, dout=1):
        return dout * (self.y - self.t) / len(self.t)

class TwoLayerNet:
    def __init__(self, I, H, O):
        self.params = {"W1": 0.01 * np.random.randn(I, H), "b1": np.zeros(H),
                       "W2": 0.01 * np.random.randn(H, O), "b2": np.zeros(O)}
        p = self.params
        self.layers = [Affine(p["W1"], p["b1"]), Relu(), Affine(p["W2"], p["b2"])]
        self.last = SoftmaxWithLoss()
    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x
    def loss(self, x, t):
        return self.last.forward(self.predict(x), t)
    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        first, _, second = self.layers
        return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}

class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y
    def backward(self, dout):
        return dout * self.y * (1 - self.y)
"""


@pytest.fixture
def network(tmp_path: Path) -> Callable[..., Results]:
    """Judge the file above with some text replaced."""

    def judge(before: str = "", after: str = "", **options: Any) -> Results:
        assert before in NETWORK
        file = tmp_path / "net.py"
        file.write_text(NETWORK.replace(before, after) if before else NETWORK)
        return check(file, **{"examples": 3, **options})

    return judge


Judge = Callable[..., Results]
BROKEN = ("return dout @ self.W.T", "return dout @ self.W.T * 2")


def only(report: Results, name: str) -> LayerReport:
    (found,) = judged(report, name)
    return found


def test_network_of_right_layers_passes(network: Judge) -> None:
    report = network()
    assert report.ok
    assert only(report, "TwoLayerNet").verdict is Verdict.PASS
    # Layers stay in the order of the source, though the network is judged after its own.
    names = [layer.layer for layer in report.layers if layer.verdict is not Verdict.MISSING]
    assert names == ["Relu", "Affine", "SoftmaxWithLoss", "TwoLayerNet", "Sigmoid"]


def test_network_is_blocked_by_its_own_failing_layer(network: Judge) -> None:
    report = network(*BROKEN)
    assert only(report, "Affine").verdict is Verdict.FAIL
    net = only(report, "TwoLayerNet")
    assert net.verdict is Verdict.INCONCLUSIVE
    assert {j.finding.outcome for j in net.judgements} == {Outcome.BLOCKED}
    assert {j.finding.message for j in net.judgements} == {
        ("not checked, because this already fails: Affine")
    }
    assert "not judged yet: it is built from Affine, which is wrong; fix that first" in net.notes


def test_network_asked_for_alone_is_blocked_too(network: Judge) -> None:
    report = network(*BROKEN, layer="TwoLayerNet")
    net = only(report, "TwoLayerNet")
    assert net.verdict is Verdict.INCONCLUSIVE
    assert {j.finding.message for j in net.judgements} == {
        ("not checked, because this already fails: Affine")
    }
    assert not judged(report, "Affine")
    assert report.exit_status == 3


def test_network_alone_of_right_layers_is_judged(network: Judge) -> None:
    report = network(layer="twolayernet")
    assert [layer.layer for layer in report.layers] == ["TwoLayerNet"]
    assert report.ok


def test_network_is_not_blocked_by_a_layer_that_it_does_not_use(network: Judge) -> None:
    report = network("dout * self.y * (1 - self.y)", "dout * self.y * (1 + self.y)")
    assert only(report, "Sigmoid").verdict is Verdict.FAIL
    assert only(report, "TwoLayerNet").verdict is Verdict.PASS


def test_network_with_its_own_mistake_fails(network: Judge) -> None:
    report = network("for layer in reversed(self.layers)", "for layer in reversed(self.layers[1:])")
    assert only(report, "TwoLayerNet").verdict is Verdict.FAIL
    assert only(report, "Affine").verdict is Verdict.PASS


# --- the same cases, and others -----------------------------------------------------------------


def record(**options: Any) -> list[Array]:
    """Everything that forward is given in a trial."""
    seen: list[Array] = []

    class Records(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            seen.append(np.array(x))
            return super().forward(x, y)

    assert check(Records, contract="MulLayer", **{"examples": 5, **options}).layers[0]
    return seen


def same(one: list[Array], other: list[Array]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


def test_same_seed_shows_the_same_cases() -> None:
    assert same(record(seed=3), record(seed=3))


def test_other_seed_shows_other_cases() -> None:
    assert not same(record(seed=3), record(seed=4))


def test_layer_alone_is_shown_the_same_cases() -> None:
    file = LEARNERS / "wrong/mul_upstream_dropped.py"
    (whole,) = judged(check(file, examples=8), "MulLayer")
    (alone,) = check(file, layer="MulLayer", examples=8).layers
    assert len(whole.failures) == len(alone.failures) > 0
    for one, other in zip(whole.failures, alone.failures, strict=True):
        first, second = evidence_of(one).case, evidence_of(other).case
        assert first is not None
        assert second is not None
        assert same(list(first.shown.values()), list(second.shown.values()))


@pytest.mark.parametrize("examples", [1, 2])
@pytest.mark.whole
def test_few_examples_are_enough_for_a_trial(examples: int) -> None:
    report = check(examples=examples)
    # In a case or two all rows may have one number, and then a normalisation shows nothing.
    assert Verdict.FAIL not in {layer.verdict for layer in report.layers}
    rows = [layer for layer in report.layers if not layer.declaration]
    assert {layer.verdict for layer in rows} == {Verdict.PASS}
    assert report.examples == examples
    assert layer_of(Adds, "MulLayer", examples=examples).verdict is Verdict.FAIL


# --- small evidence -----------------------------------------------------------------------------


def test_evidence_is_small_enough_for_the_head() -> None:
    layer = layer_of(Adds, "MulLayer", examples=25)
    assert layer.verdict is Verdict.FAIL
    about = [j for j in layer.failures if j.claim.about]
    assert len(about) == 4
    for judgement in about:
        case = evidence_of(judgement).case
        assert case is not None
        assert {array.shape for array in case.operands.values()} == {(1, 1)}
        assert all(float(array.item() * 4).is_integer() for array in case.shown.values())


def test_evidence_of_two_witnesses_is_one_case() -> None:
    layer = layer_of(Adds, "MulLayer", examples=25)
    pair = [evidence_of(j) for j in layer.failures if j.claim.name == "gradient of x"]
    one, other = (list(e.case.operands.values()) for e in pair if e.case is not None)
    assert same(one, other)


def test_evidence_of_rounding_is_irrational() -> None:
    """Quarters hide it; the one case that does not is shown, though it is no small one."""

    class Rounds(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            return np.round(super().forward(x, y), 6)

    layer = layer_of(Rounds, "MulLayer")
    (value,) = (j for j in layer.failures if j.claim.name == "value")
    case = evidence_of(value).case
    assert case is not None
    assert not all(np.all(array * 4 % 1 == 0) for array in case.operands.values())


def test_evidence_prefers_what_raised() -> None:
    class Sometimes(Affine):
        def backward(self, dout: Array) -> Array:
            if len(dout) > 2:
                raise ValueError("too many")
            return super().backward(dout)

    (failure,) = layer_of(Sometimes, "Affine", examples=25).failures
    evidence = evidence_of(failure)
    assert evidence.raised is not None
    assert evidence.raised.message == "too many"
    assert evidence.case is not None
    assert evidence.case.sizes == {"N": 3, "D": 1, "M": 1}


def test_evidence_that_raised_is_preferred_to_a_smaller_one() -> None:
    """It has a line."""

    class TwoWays(Affine):
        def forward(self, x: Array) -> Array:
            if len(x) > 1:
                raise ValueError("too many")
            return super().forward(x).ravel()

    failure = layer_of(TwoWays, "Affine", examples=10).failures[0]
    assert failure.claim.name == "output shape"
    assert evidence_of(failure).raised is not None


# --- what stays as it was -----------------------------------------------------------------------


def test_random_numbers_of_numpy_go_on_undisturbed() -> None:
    np.random.seed(7)
    due = np.random.rand(3)
    np.random.seed(7)
    found = [np.random.rand()]
    check(examples=1)
    found.append(np.random.rand())
    check(Adds, contract="MulLayer", examples=2)
    found.append(np.random.rand())
    np.testing.assert_array_equal(found, due)


def test_random_numbers_of_python_go_on_undisturbed() -> None:
    random.seed(7)
    due = [random.random(), random.random()]
    random.seed(7)
    found = [random.random()]
    check(Adds, contract="MulLayer", examples=2)
    assert [*found, random.random()] == due


def test_random_weights_of_a_learner_s_are_the_same_each_time() -> None:
    class Noisy(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            return super().forward(x, y) + np.random.randn()

    one, other = (layer_of(Noisy, "MulLayer") for _ in range(2))
    first, second = (evidence_of(layer.failures[0]) for layer in (one, other))
    np.testing.assert_array_equal(np.asarray(first.is_), np.asarray(second.is_))


def test_errors_and_warnings_of_numpy_stay_as_they_were() -> None:
    before = np.geterr()
    filters = list(warnings.filters)
    check(Adds, contract="MulLayer", examples=2)
    assert np.geterr() == before
    assert warnings.filters == filters


def test_warnings_of_a_subject_are_its_own() -> None:
    class Warns(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            warnings.warn("old", DeprecationWarning, stacklevel=1)
            return super().forward(x, y)

    assert layer_of(Warns, "MulLayer").verdict is Verdict.PASS


def test_prints_of_a_subject_stay_off_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    class Prints(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            print("x:", x)
            return super().forward(x, y)

    assert layer_of(Prints, "MulLayer").verdict is Verdict.PASS
    assert capsys.readouterr() == ("", "")


# --- subjects that do not repeat themselves -----------------------------------------------------


@pytest.mark.parametrize("part", ["forward", "backward", "both"])
def test_random_noise_fails_and_breaks_nothing(part: str) -> None:
    noise = np.random.default_rng(0)

    class Noisy(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            out = super().forward(x, y)
            return out if part == "backward" else out + noise.standard_normal(np.shape(out))

        def backward(self, dout: Any) -> tuple[Any, Any]:
            dx, dy = super().backward(dout)
            return dx, dy if part == "forward" else dy + noise.standard_normal(np.shape(dy))

    layer = layer_of(Noisy, "MulLayer", examples=10)
    assert layer.verdict is Verdict.FAIL
    assert "same when called twice" in {j.claim.name for j in layer.failures}


def test_failure_that_does_not_come_back_is_shown_as_it_was() -> None:
    calls = 0

    class Once(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            nonlocal calls
            calls += 1
            return super().forward(x, y) + (calls == 3)  # two show how it is read

    layer = layer_of(Once, "MulLayer")
    assert layer.verdict is Verdict.FAIL
    for judgement in layer.failures:
        assert judgement.finding.message
        assert evidence_of(judgement).case is not None


def test_raising_at_random_breaks_nothing() -> None:
    noise = np.random.default_rng(0)

    class Moody(Mul):
        def backward(self, dout: Any) -> tuple[Any, Any]:
            if noise.random() < 0.3:
                raise RuntimeError("not today")
            return super().backward(dout)

    assert layer_of(Moody, "MulLayer", examples=10).verdict is Verdict.FAIL


def test_growing_memory_of_a_class_is_seen() -> None:
    """State on the class outlives every object."""

    class Remembers(Mul):
        total = 0.0

        def backward(self, dout: Any) -> tuple[Any, Any]:
            dx, dy = super().backward(dout)
            type(self).total += 1e-3
            return dx + self.total, dy

    assert layer_of(Remembers, "MulLayer").verdict is Verdict.FAIL


def test_when_all_layers_are_judged_nothing_runs_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging one layer may start another one again, which is judged already."""
    subject = open_subject(LEARNERS / "right" / "book_style.py")
    closed: list[str] = []
    for candidate in subject.candidates:
        face = candidate.face
        monkeypatch.setattr(face, "close", lambda name=candidate.name: closed.append(name))
    trial = SubjectTrial(subject, 0, 2)
    for candidate in subject.candidates:
        closed.clear()
        trial.result(candidate)
    assert {candidate.name for candidate in subject.candidates} <= set(closed)
