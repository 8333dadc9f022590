"""Finite differences: right to their own estimate, and silent where there is no derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from trigrad import check
from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Claim, Finding, Outcome, Witness
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array, Contract
from trigrad.numerics import tolerance
from trigrad.subject.dialects import dialect_of
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.traces import Tracer
from trigrad.trial.layer_trial import put
from trigrad.trial.plan import plan
from trigrad.witnesses.finite_difference import REDRAWS, Differences, differences

Function = Callable[[Array], Array]

ROWS = {row.name: row for row in CONTRACTS}
ELEMENTWISE = ROWS["Sigmoid"]
"""A row of one operand without a kink; finite differences don't ask for its formula."""
COARSE, FINE = tolerance.step_sizes()


def layer(function: Function, slope: Function) -> type:
    """A layer that applies a function to every entry."""

    class Elementwise:
        def forward(self, x: Array) -> Array:
            self.x = x
            return function(x)

        def backward(self, dout: Array) -> Array:
            return dout * slope(self.x)

    return Elementwise


def answers_of(
    subject: type, x: Array, dout: Array | None = None, row: Contract = ELEMENTWISE
) -> Answers:
    face = InProcessFace(row, dialect_of(row, subject), Tracer({}))
    dout = np.full(x.shape, 2.0) if dout is None else dout
    return Answers(row, face, Case({"N": x.shape[0], "D": x.shape[1]}, {"x": x}, {}, dout))


def claim_of(row: Contract, name: str) -> Claim:
    (found,) = (c for c in plan(row) if c.witness is Witness.FINITE_DIFFERENCES and c.name == name)
    return found


def judged(subject: type, x: Array) -> Finding:
    return put(claim_of(ELEMENTWISE, "gradient of x"), answers_of(subject, x))


def settled(answers: Answers) -> Differences:
    found = differences(answers, "x")
    assert found.settled.all()
    return found


# --- smooth functions ---------------------------------------------------------------------------

SMOOTH: dict[str, tuple[Function, Function]] = {
    "constant": (np.ones_like, np.zeros_like),
    "line": (lambda x: 3 * x + 1, lambda x: 3 * np.ones_like(x)),
    "cube": (lambda x: x**3, lambda x: 3 * x**2),
    "sin": (np.sin, np.cos),
    "exp": (np.exp, np.exp),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "wave": (lambda x: np.sin(20 * x), lambda x: 20 * np.cos(20 * x)),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2),
    "logarithm": (lambda x: np.log(x**2), lambda x: 2 / x),
}
POINTS = np.arange(-16, 17)[np.arange(-16, 17) != 0].reshape(-1, 4) / 4 * np.pi / 3
smooth = pytest.mark.parametrize("name", SMOOTH)


@smooth
def test_error_is_within_its_estimate(name: str) -> None:
    function, slope = SMOOTH[name]
    found = settled(answers_of(layer(function, slope), POINTS))
    error = np.abs(found.slope - 2 * slope(POINTS))
    assert np.all(error <= found.error)


@smooth
def test_estimate_is_no_wider_than_the_steps_deserve(name: str) -> None:
    """h**2 f'''/ 6 for the coarse step, twice, and round-off of 1e-9 at most."""
    function, slope = SMOOTH[name]
    found = settled(answers_of(layer(function, slope), POINTS))
    step = 1e-2
    third = (slope(POINTS + step) - 2 * slope(POINTS) + slope(POINTS - step)) / step**2
    assert np.all(found.error <= 2 * COARSE**2 * np.abs(2 * third) / 6 + 1e-7)


@smooth
def test_right_gradient_of_smooth_function_holds(name: str) -> None:
    assert judged(layer(*SMOOTH[name]), POINTS).outcome is Outcome.PASS


def test_one_sided_slopes_are_those_of_either_side() -> None:
    found = differences(answers_of(layer(np.abs, np.sign), np.zeros((1, 1))), "x")
    assert not found.settled.any()
    np.testing.assert_allclose([found.left.item(), found.right.item()], [-2, 2])


def test_too_wild_a_function_is_not_settled() -> None:
    wild = layer(lambda x: np.sin(200 * x), lambda x: 200 * np.cos(200 * x))
    assert not differences(answers_of(wild, POINTS), "x").settled.all()


@pytest.mark.parametrize("share", [1e-6, -1e-6])
@pytest.mark.parametrize("shape", [(1, 1), (5, 5), (10, 12)])
def test_millionth_in_one_entry_is_refuted(share: float, shape: tuple[int, int]) -> None:
    x = (4 + np.arange(np.prod(shape)).reshape(shape) % 13) / 4

    def slope(x: Array) -> Array:
        wrong = 3 * x**2
        wrong[-1, -1] *= 1 + share
        return wrong

    row = replace(ELEMENTWISE, largest=20)
    answers = answers_of(layer(lambda x: x**3, slope), x, row=row)
    finding = put(claim_of(row, "gradient of x"), answers)
    assert finding.outcome is Outcome.FAIL
    evidence = finding.evidence
    assert evidence is not None
    assert finding.message == "the gradient of x is not the derivative of forward"
    np.testing.assert_allclose(evidence.should_be, 6 * x**2, rtol=1e-9)
    assert evidence.error == pytest.approx(abs(share) * 6 * x[-1, -1] ** 2, rel=1e-2)
    assert evidence.tolerance is not None
    assert evidence.error > evidence.tolerance


@pytest.mark.parametrize("size", [2, 3, 5])
def test_estimate_does_not_grow_with_the_array(size: int) -> None:
    one = settled(answers_of(layer(*SMOOTH["cube"]), np.full((1, 1), 1.25)))
    many = settled(answers_of(layer(*SMOOTH["cube"]), np.full((size, size), 1.25)))
    assert np.all(many.error <= one.error * 1.01)


def test_single_precision_widens_the_estimate() -> None:
    x = np.full((1, 1), 1.25)
    narrow = layer(lambda x: (x**3).astype(np.float32), lambda x: 3 * x**2)
    double = settled(answers_of(layer(*SMOOTH["cube"]), x))
    single = differences(answers_of(narrow, x), "x")
    assert np.all(np.abs(single.slope - 6 * x**2) <= single.error)
    assert np.all(single.error > 1e3 * double.error)


def test_single_precision_is_not_called_a_kink() -> None:
    """Its differences may not be known well enough, but forward has no jump."""
    subject = layer(lambda x: (x**3).astype(np.float32), lambda x: 3 * x**2)
    finding = judged(subject, POINTS)
    assert finding.outcome is not Outcome.FAIL
    assert "kink" not in finding.message


def test_evidence_is_of_an_entry_that_is_wrong() -> None:
    """Not of the largest error, where that is within its own estimate."""
    x = np.array([[4.0, 0.25]])
    slack = differences(answers_of(layer(np.exp, np.exp), x), "x").error
    within, beyond = 0.5 * slack[0, 0], 4 * slack[0, 1]
    assert within > beyond
    off = np.array([[within, beyond]]) / 2
    finding = judged(layer(np.exp, lambda x: np.exp(x) + off), x)
    assert finding.outcome is Outcome.FAIL
    evidence = finding.evidence
    assert evidence is not None
    assert evidence.error is not None
    assert evidence.tolerance is not None
    assert evidence.error > evidence.tolerance


def test_gradient_of_the_subject_s_own_forward_is_what_counts() -> None:
    """Forward is no sigmoid, and that is not for this witness to say."""
    assert judged(layer(np.sin, np.cos), POINTS).outcome is Outcome.PASS
    assert judged(layer(np.sin, lambda x: -np.cos(x)), POINTS).outcome is Outcome.FAIL


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_gradient_that_is_no_number_is_refuted(value: float) -> None:
    subject = layer(np.sin, lambda x: np.where(x == x[0, 0], value, np.cos(x)))
    assert judged(subject, POINTS).outcome is Outcome.FAIL


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_forward_that_is_no_number_is_unsettled(value: float) -> None:
    subject = layer(lambda x: np.full_like(x, value), np.cos)
    finding = judged(subject, POINTS)
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert finding.message == "forward gives inf or nan, which has no derivative"


def test_forward_that_raises_beside_the_point_is_refuted() -> None:
    def fussy(x: Array) -> Array:
        if np.any(x > 1):
            raise ValueError("too large")
        return x

    finding = judged(layer(fussy, np.ones_like), np.full((1, 1), 1.0))
    assert finding.outcome is Outcome.FAIL
    assert finding.evidence is not None
    assert finding.evidence.raised is not None
    assert finding.evidence.raised.error == "ValueError"


# --- kinks --------------------------------------------------------------------------------------


def bent(at: float, jump: float) -> tuple[Function, Function]:
    """Slope 1 up to a point, 1 + jump behind it."""

    def function(x: Array) -> Array:
        return np.where(x > at, (1 + jump) * (x - at), x - at)

    return function, lambda x: np.where(x > at, 1 + jump, 1.0)


@pytest.mark.parametrize("jump", [3.0, 1.0, -1.0, 0.1, 0.02])
def test_kink_near_the_point_is_never_called_a_mistake(jump: float) -> None:
    x = np.zeros((1, 1))
    for share in np.linspace(-1.3, 1.3, 53):
        finding = judged(layer(*bent(float(share * COARSE), jump)), x)
        assert finding.outcome is not Outcome.FAIL, f"kink at {share:.2f} steps: {finding}"


@pytest.mark.parametrize("share", [-1.0, -0.6, -0.3, 0.0, 0.3, 0.6, 1.0])
def test_point_near_a_kink_is_redrawn_and_judged(share: float) -> None:
    function, slope = bent(share * FINE, 1.0)
    x = np.zeros((1, 1))
    assert judged(layer(function, slope), x).outcome is Outcome.PASS
    finding = judged(layer(function, lambda x: slope(x) + 1e-3), x)
    assert finding.outcome is Outcome.FAIL
    assert finding.evidence is not None
    assert finding.evidence.case is not None
    assert not np.array_equal(finding.evidence.case.operands["x"], x)  # where it was judged


def test_kink_at_one_entry_moves_the_case_only_once() -> None:
    """The others are right at the first point, and stay right at the next."""
    x = np.array([[0.0, 1.0], [-2.0, 0.25]])
    assert judged(layer(*bent(0.0, 1.0)), x).outcome is Outcome.PASS


def floored(digits: int) -> tuple[Function, Function]:
    return lambda x: np.floor(x * 10.0**digits), lambda x: np.full_like(x, 10.0**digits)


def rounded(digits: int) -> tuple[Function, Function]:
    return lambda x: np.round(x, digits), np.ones_like


def noisy(size: float) -> tuple[Function, Function]:
    noise = np.random.default_rng(0)
    return lambda x: x + size * noise.standard_normal(x.shape), np.ones_like


Subject = Callable[[], tuple[Function, Function]]

LARGE_JUMPS: dict[str, Subject] = {
    "floor, 4 digits": lambda: floored(4),
    "floor, 6 digits": lambda: floored(6),
    "rounded to 4 digits": lambda: rounded(4),
    "half precision inside": lambda: (
        lambda x: x.astype(np.float16).astype(np.float64),
        np.ones_like,
    ),
    "noise of 1": lambda: noisy(1.0),
    "noise of 1e-3": lambda: noisy(1e-3),
    "noise of 1e-5": lambda: noisy(1e-5),
}
SMALL_JUMPS: dict[str, Subject] = {
    "rounded to 6 digits": lambda: rounded(6),
    "rounded to 8 digits": lambda: rounded(8),
    "rounded to 10 digits": lambda: rounded(10),
    "noise of 1e-8": lambda: noisy(1e-8),
    "noise of 1e-10": lambda: noisy(1e-10),
}
"""Too small to keep three digits from being known: those three are judged."""


def findings_on(subject: type) -> Iterator[Finding]:
    rng = np.random.default_rng(1)
    for factor in (1.0, np.pi / 3):
        yield judged(subject, factor * rng.integers(-16, 17, (3, 3)) / 4)


@pytest.mark.parametrize("name", LARGE_JUMPS)
def test_jumps_everywhere_are_unsettled(name: str) -> None:
    """No gradient is right there, so none is called wrong; and none is called right."""
    for finding in findings_on(layer(*LARGE_JUMPS[name]())):
        assert finding.outcome is Outcome.INCONCLUSIVE, finding
        assert f"{REDRAWS + 1} points" in finding.message


@pytest.mark.parametrize("name", SMALL_JUMPS)
def test_small_jumps_everywhere_are_never_called_a_mistake(name: str) -> None:
    for finding in findings_on(layer(*SMALL_JUMPS[name]())):
        assert finding.outcome is not Outcome.FAIL, finding


def test_noise_makes_the_claim_inconclusive_in_a_whole_trial() -> None:
    noise = np.random.default_rng(0)

    class Noisy:
        def forward(self, x: Array) -> Array:
            return x + noise.standard_normal(x.shape)

        def backward(self, dout: Array) -> Array:
            return dout

    (found,) = (
        j
        for j in check(Noisy, contract="Sigmoid", examples=5).layers[0].judgements
        if j.claim is claim_of(ELEMENTWISE, "gradient of x")
    )
    assert found.finding.outcome is Outcome.INCONCLUSIVE


def test_redraws_are_bounded() -> None:
    calls = 0

    def jumpy(x: Array) -> Array:
        nonlocal calls
        calls += 1
        return np.full_like(x, calls % 7)

    assert judged(layer(jumpy, np.zeros_like), np.ones((1, 1))).outcome is Outcome.INCONCLUSIVE
    assert calls <= (REDRAWS + 1) * 10


# --- the kink itself ----------------------------------------------------------------------------


def relu_with(at_zero: float, negative: float = 0.0) -> type:
    """Relu (or a leaky one) with that slope at 0."""
    return layer(
        lambda x: np.where(x > 0, x, negative * x),
        lambda x: np.where(x > 0, 1.0, np.where(x == 0, at_zero, negative)),
    )


def at_kink(subject: type, claim: str) -> Finding:
    row = ROWS["Relu"]
    return put(claim_of(row, claim), answers_of(subject, POINTS, row=row))


@pytest.mark.parametrize("slope", [0.0, 0.25, 1.0])
def test_any_slope_between_those_beside_the_kink_holds(slope: float) -> None:
    finding = at_kink(relu_with(slope), "gradient of x at the kink")
    assert finding.outcome is Outcome.PASS


@pytest.mark.parametrize("slope", [-0.01, 1.01, 2.0, np.nan])
def test_slope_outside_of_those_beside_the_kink_is_refuted(slope: float) -> None:
    finding = at_kink(relu_with(slope), "gradient of x at the kink")
    assert finding.outcome is Outcome.FAIL
    assert finding.message == (
        "at x = 0 the gradient of x should lie between the slopes of forward to the left "
        "and to the right"
    )


def test_slope_of_zero_at_the_kink_is_the_convention() -> None:
    claim = "gradient of x at the kink is 0"
    assert at_kink(relu_with(0.0), claim).outcome is Outcome.PASS
    finding = at_kink(relu_with(1.0), claim)
    assert finding.outcome is Outcome.FAIL
    assert finding.message == (
        "at x = 0 exactly, the gradient of x is not 0 as in the book and PyTorch; this is "
        "allowed, and training works with it too"
    )
