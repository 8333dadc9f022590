"""Every claim is shown wrong code that it must refuse, and right code that it must accept.

The wrong code is the project's own with one thing spoiled. `WRONG` has one entry for each claim
of each row, written without a look at the plan, so that a new claim that nothing wrong was ever
shown to fails this suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigrad import check, impl
from trigrad.cases.drawing import draw_cases
from trigrad.cases.sampling import variant_case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Claim, Outcome, Severity, Witness
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract
from trigrad.trial import layer_trial
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer_trial import put
from trigrad.trial.plan import plan
from trigrad.verdict.results import Results, Verdict
from trigrad.witnesses.should_claims import NUMPY_ONLY
from trigrad.witnesses.twin import TwinFace

Key = tuple[str, str, str]
"""(contract, witness, claim)."""

LAWS = Witness.LAWS.value
AUTOGRAD = Witness.AUTOGRAD.value
DIFFERENCES = Witness.FINITE_DIFFERENCES.value
EXAMPLES = 6


@dataclass
class Call:
    """What spoiled code knows when it is called."""

    operands: tuple[Any, ...] = ()
    first: tuple[Any, ...] = ()
    dout: Any = None
    forwards: int = 0
    right: Any = None
    """The right object, if there is one."""
    first_weight: Any = None

    def enter(self, operands: tuple[Any, ...]) -> None:
        self.operands = operands
        self.first = self.first or tuple(np.array(o) for o in operands if not callable(o))
        self.forwards += 1

    @property
    def x(self) -> Any:
        """The first operand (for numerical_gradient the one after f)."""
        return next(o for o in self.operands if not callable(o))

    @property
    def weight(self) -> Any:
        """The first weight of the right object."""
        return self.right.params["W1"] if hasattr(self.right, "params") else self.right.W

    @property
    def stale(self) -> float:
        """Not 0 if the first forward on this object was about something else."""
        return abs(float(np.ravel(self.x)[0]) - float(np.ravel(self.first[0])[0]))


def _right_object() -> None:
    pass


def _right_output(out: Any, _: Call) -> Any:
    return out


def _right_gradients(gradients: dict[str, Any], _: Call) -> dict[str, Any]:
    return gradients


@dataclass(frozen=True, eq=False)
class Fault:
    """What is done wrong, and where; everything else stays right."""

    build: Callable[[], None] = _right_object
    forward: Callable[[Any, Call], Any] = _right_output
    backward: Callable[[dict[str, Any], Call], dict[str, Any]] = _right_gradients
    methods: dict[str, Callable[[Any], Any]] = field(default_factory=dict)


class MatMul:
    """An Affine without a bias."""

    def __init__(self, W: Any) -> None:
        self.W = W

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.W

    def backward(self, dout: Any) -> Any:
        self.dW = self.x.T @ dout
        return dout @ self.W.T


def spoiled(row: str, fault: Fault) -> Any:
    """The project's layer, function or network of that name, with a fault.

    A class is renamed, so that its text is not looked for: parsing it 200 times takes seconds.
    """
    right = getattr(impl, row, None) or MatMul  # the one row that the chapter does not have
    if row in FUNCTIONS:
        return _spoiled_function(right, fault)
    return _spoiled_network(right, fault) if row == "TwoLayerNet" else _spoiled_layer(right, fault)


def _spoiled_function(right: Callable[..., Any], fault: Fault) -> Any:
    call = Call()

    def wrong(*operands: Any) -> Any:
        call.enter(operands)
        return fault.forward(right(*operands), call)

    wrong.__name__ = right.__name__
    return wrong


def _spoiled_layer(right: Callable[..., Any], fault: Fault) -> Any:
    names = GRADIENTS[right.__name__]

    class Wrong:
        def __init__(self, *weights: Any) -> None:
            fault.build()
            self.right = right(*weights)
            self.call = Call(right=self.right)

        def forward(self, *operands: Any) -> Any:
            self.call.enter(operands)
            return fault.forward(self.right.forward(*operands), self.call)

        def backward(self, dout: Any = 1.0) -> Any:
            found = self.right.backward(dout)
            found = found if isinstance(found, tuple) else (found,)
            stored = tuple(getattr(self.right, f"d{name}") for name in names[len(found) :])
            self.call.dout = dout
            gradients = dict(zip(names, (*found, *stored), strict=True))
            return tuple(fault.backward(gradients, self.call).values())

    Wrong.__qualname__ = "Wrong"
    return Wrong


def _spoiled_network(right: Callable[..., Any], fault: Fault) -> Any:
    class WrongNet:
        def __init__(self, *sizes: int) -> None:
            fault.build()
            self.right = right(*sizes)
            self.params = self.right.params
            for array in self.params.values() if fault is EQUAL_WEIGHTS else ():
                array[...] = 0.5
            self.call = Call(right=self.right)

        def loss(self, x: Any, t: Any) -> Any:
            self.call.enter((x, t))
            return fault.forward(self.right.loss(x, t), self.call)

        def gradient(self, x: Any, t: Any) -> Any:
            self.call.enter((x, t))
            return fault.backward(self.right.gradient(x, t), self.call)

        def numerical_gradient(self, x: Any, t: Any) -> Any:
            found = self.right.numerical_gradient(x, t)
            return fault.methods.get("numerical_gradient", _same)(found)

        def predict(self, x: Any) -> Any:
            return fault.methods.get("predict", _same)(self.right.predict(x))

        def accuracy(self, x: Any, t: Any) -> Any:
            return fault.methods.get("accuracy", _same)(self.right.accuracy(x, t))

    WrongNet.__qualname__ = "WrongNet"
    return WrongNet


def _same(value: Any) -> Any:
    return value


# --- what the rows have, as the chapter says it -------------------------------------------------

GRADIENTS = {
    "MulLayer": ("x", "y"),
    "AddLayer": ("x", "y"),
    "Relu": ("x",),
    "Sigmoid": ("x",),
    **dict.fromkeys(("Tanh", "LeakyReLU", "ELU", "GELU", "Swish", "Softplus"), ("x",)),
    "Affine": ("x", "W", "b"),
    "MatMul": ("x", "W"),
    "SoftmaxWithLoss": ("x",),
    "TwoLayerNet": ("W1", "b1", "W2", "b2"),
}
FUNCTIONS = ("softmax", "sigmoid", "cross_entropy_error", "numerical_gradient")
EVERY = (*GRADIENTS, *FUNCTIONS)

ROOT = Path(__file__).parents[3]
LOSSES = ("SoftmaxWithLoss", "cross_entropy_error", "TwoLayerNet")
BATCHED = tuple(row for row in EVERY if row != "numerical_gradient")


# --- the faults ---------------------------------------------------------------------------------


def _raise(*_: Any) -> Any:
    raise ValueError("a mistake of the learner's")


def _add(amount: float) -> Fault:
    return Fault(forward=lambda out, _: out + amount)


def _replaced(name: str, change: Callable[[Any, Call], Any]) -> Fault:
    return Fault(backward=lambda g, call: {**g, name: change(g[name], call)})


def _all_replaced(change: Callable[[Any, Call], Any]) -> Fault:
    return Fault(backward=lambda g, call: {n: change(v, call) for n, v in g.items()})


def _one_entry(share: float) -> Callable[[Any, Call], Any]:
    """The largest entry alone is off by that share of itself."""

    def change(gradient: Any, _: Call) -> Any:
        wrong = np.array(gradient)
        wrong.flat[np.abs(wrong).argmax()] *= 1 + share
        return wrong

    return change


def _overwrite(array: Any) -> None:
    array += 1


def _in_place(out: Any, call: Call) -> Any:
    call.x[...] = call.x  # changes nothing, and needs a writeable array
    return out


def _bytes(out: Any, call: Call) -> Any:
    memoryview(call.x).cast("B")  # needs a contiguous array
    return out


def _overflow(out: Any, call: Call) -> Any:
    return out + 0 * np.sum(np.exp(np.abs(call.x)))


def _neighbours(out: Any, call: Call) -> Any:
    return out + 1e-6 * np.max(call.x)


def _position(out: Any, call: Call) -> Any:
    """Differs with a row's place in the batch."""
    if np.ndim(out) == 0:
        return out + 1e-6 * np.ravel(call.x)[0]
    return out + 1e-6 * np.arange(len(out)).reshape(-1, *[1] * (np.ndim(out) - 1))


def _at_kink(slope: float, within: float = 0.0) -> Fault:
    near = lambda x: np.abs(x) <= within  # noqa: E731 - said where it is used
    return _replaced("x", lambda g, c: np.where(near(c.x), slope * c.dout, g))


def _one_array(gradients: dict[str, Any], _: Call) -> dict[str, Any]:
    pool = np.zeros(max(g.size for g in gradients.values()))
    return {n: pool[: g.size].reshape(g.shape) for n, g in gradients.items()}


def _same_dout(gradients: dict[str, Any], call: Call) -> dict[str, Any]:
    return dict.fromkeys(gradients, call.dout)


def _overwrite_dout(gradients: dict[str, Any], call: Call) -> dict[str, Any]:
    _overwrite(call.dout)
    return gradients


def _overwrite_x(gradients: dict[str, Any], call: Call) -> dict[str, Any]:
    _overwrite(call.x)
    return gradients


def _overwrite_target(gradients: dict[str, Any], call: Call) -> dict[str, Any]:
    _overwrite(call.operands[1])  # as `self.t -= self.y` does
    return gradients


_LAST: dict[str, float] = {}
"""What all objects of a class share."""


def _remember(out: Any, call: Call) -> Any:
    _LAST["sum"] = float(np.sum(call.x))
    return out


def _of_the_last(gradients: dict[str, Any], call: Call) -> dict[str, Any]:
    return {n: g + 1e-6 * (_LAST["sum"] - np.sum(call.x)) for n, g in gradients.items()}


_BUFFERS: dict[tuple[int, ...], Any] = {}


def _into_one_buffer(out: Any, _: Call) -> Any:
    """All objects write their output into one array."""
    buffer = _BUFFERS.setdefault(np.shape(out), np.empty(np.shape(out)))
    buffer[...] = out
    return buffer


def _stale_weight(out: Any, call: Call) -> Any:
    """Wrong by as much as a weight has changed since the first call."""
    call.first_weight = call.weight.copy() if call.first_weight is None else call.first_weight
    return out + 1e-6 * np.abs(call.weight - call.first_weight).sum()


def _step(gradients: dict[str, Any], call: Call) -> dict[str, Any]:
    _overwrite(call.weight)
    return gradients


def _when(condition: Callable[[Call], bool]) -> Fault:
    """Wrong, but only for one kind of input."""
    return Fault(forward=lambda out, call: out + 1.0 if condition(call) else out)


EQUAL_WEIGHTS = Fault()
SINGLE = Fault(forward=lambda out, _: np.asarray(out, np.float32))
DOUBLE = Fault(forward=lambda out, _: np.asarray(out, np.float64))
CANNOT_BE_MADE = Fault(build=_raise)
NO_OUTPUT = Fault(forward=lambda *_: None)
BACKWARD_RAISES = Fault(backward=_raise)
DOUT_TOO_MUCH = _all_replaced(lambda g, _: g + 1e-6)
NEIGHBOURS = Fault(forward=_neighbours)
POSITION = Fault(forward=_position)
COUNTS = Fault(forward=lambda out, call: out + 1e-6 * call.forwards)
FIRST_FORWARD = _all_replaced(lambda g, call: g + 1e-6 * call.stale)
GROWS_WITH_BATCH = _all_replaced(lambda g, call: g * (1 + 1e-6 * len(call.x)))
BATCH_SIZE = Fault(forward=lambda out, call: out * (1 + 1e-6 * len(call.x)))
OVERWRITES_X = Fault(forward=lambda out, call: (_overwrite(call.x), out)[1])
STALE_WEIGHT = Fault(forward=_stale_weight)
STEPS = Fault(backward=_step)
OVERFLOWS = Fault(forward=_overflow)
IN_PLACE = Fault(forward=_in_place)
BYTES = Fault(forward=_bytes)
DOUT_FORGOTTEN = Fault(backward=lambda g, call: {n: v / call.dout for n, v in g.items()})
LABELS = _when(lambda call: np.ndim(call.operands[1]) < np.ndim(call.x))
ONE_SAMPLE = _when(lambda call: np.ndim(call.x) == 1)


def _wrong() -> Iterator[tuple[tuple[str, ...], str, str, Fault]]:
    """(rows, witness, claim, fault)."""
    layers = tuple(row for row in GRADIENTS if row != "TwoLayerNet")
    with_dout = tuple(row for row in layers if row not in LOSSES)
    yield tuple(GRADIENTS), LAWS, "builds", CANNOT_BE_MADE
    yield EVERY, LAWS, "output shape", NO_OUTPUT
    yield tuple(GRADIENTS), LAWS, "backward runs", BACKWARD_RAISES
    for row, names in GRADIENTS.items():
        off = 1e-3 if row in LOSSES else 1e-6  # a stabiliser in the logarithm is allowed
        for name in names:
            what = f"gradient of {name}"
            yield (row,), LAWS, f"{what} present", _replaced(name, lambda _, __: None)
            yield (row,), LAWS, f"{what} shape", _replaced(name, lambda g, _: np.asarray(g)[None])
            entry = _replaced(name, _one_entry(off))
            yield (row,), AUTOGRAD, what, entry
            yield (row,), DIFFERENCES, what, entry
    yield ("numerical_gradient",), AUTOGRAD, "value", _add(1e-5)
    yield LOSSES, AUTOGRAD, "value", _add(1e-4)
    rest = tuple(row for row in BATCHED if row not in (*LOSSES, "softmax"))
    yield rest, AUTOGRAD, "value", _add(1e-8)
    # Ten times what a stabiliser in its denominator may do.
    yield ("softmax",), AUTOGRAD, "value", _add(1e-6)
    copies = Fault(forward=lambda out, call: (call.x.copy(), out)[1])
    yield ("MulLayer", "AddLayer"), AUTOGRAD, "plain numbers", copies
    for name in ("predict", "accuracy"):
        off_by = Fault(methods={name: lambda value: value + 1e-3})
        yield ("TwoLayerNet",), AUTOGRAD, name, off_by
    mixed_up = Fault(methods={"numerical_gradient": lambda g: {**g, "W1": g["W1"] + 0.01}})
    yield ("TwoLayerNet",), AUTOGRAD, "numerical_gradient", mixed_up
    yield ("TwoLayerNet",), LAWS, "weights start different", EQUAL_WEIGHTS
    yield ("Relu",), AUTOGRAD, "near the kink", _at_kink(1.0, within=1 / 32)
    yield ("Relu",), DIFFERENCES, "gradient of x at the kink", _at_kink(1.5)
    yield ("Relu",), DIFFERENCES, "gradient of x at the kink is 0", _at_kink(1.0)

    yield ("Affine",), LAWS, "db sums dout over axis 0", _replaced("b", _one_entry(1e-6))
    yield LOSSES, LAWS, "divides by the batch", BATCH_SIZE
    yield ("SoftmaxWithLoss",), LAWS, "dx sums to 0 in every row", DOUT_TOO_MUCH
    yield ("softmax",), LAWS, "rows sum to 1", _add(1e-6)
    yield ("softmax", "SoftmaxWithLoss"), LAWS, "unchanged by a shift of the row", NEIGHBOURS
    yield with_dout, LAWS, "linear in dout", DOUT_TOO_MUCH
    yield BATCHED, LAWS, "rows are independent", NEIGHBOURS
    yield BATCHED, LAWS, "rows permute", POSITION
    weights = ("Affine", "MatMul", "TwoLayerNet")
    yield weights, LAWS, "weight gradients add up over rows", GROWS_WITH_BATCH
    yield EVERY, LAWS, "same when called twice", COUNTS
    yield tuple(GRADIENTS), LAWS, "backward belongs to the last forward", FIRST_FORWARD
    yield (
        tuple(GRADIENTS),
        LAWS,
        "objects share nothing",
        Fault(forward=_remember, backward=_of_the_last),
    )
    functions = tuple(row for row in FUNCTIONS if row != "numerical_gradient")
    yield functions, LAWS, "objects share nothing", Fault(forward=_into_one_buffer)
    yield weights, LAWS, "uses its weights as they are now", STALE_WEIGHT
    yield ("TwoLayerNet",), LAWS, "gradient leaves params as they were", STEPS

    yield BATCHED, LAWS, "forward keeps its arguments", OVERWRITES_X
    yield ("numerical_gradient",), LAWS, "arguments are restored", OVERWRITES_X
    yield with_dout, LAWS, "backward keeps its arguments", Fault(backward=_overwrite_dout)
    yield (
        ("SoftmaxWithLoss",),
        LAWS,
        "backward keeps its arguments",
        Fault(backward=_overwrite_target),
    )
    yield ("TwoLayerNet",), LAWS, "backward keeps its arguments", Fault(backward=_overwrite_x)
    yield ("SoftmaxWithLoss",), LAWS, "dout is used", DOUT_FORGOTTEN
    own_weights = ("TwoLayerNet", "numerical_gradient")
    yield tuple(r for r in EVERY if r not in own_weights), LAWS, "float32 stays float32", DOUBLE
    yield EVERY, LAWS, "float64 stays float64", SINGLE
    large = tuple(r for r in EVERY if r not in (*own_weights, "cross_entropy_error"))
    yield large, LAWS, "large inputs stay finite", OVERFLOWS
    certain = Fault(forward=lambda out, call: out if np.min(call.x) > 0 else np.nan)
    yield ("cross_entropy_error",), LAWS, "certain predictions stay finite", certain
    yield BATCHED, LAWS, "read-only arrays work", IN_PLACE
    yield EVERY, LAWS, "non-contiguous arrays work", BYTES
    integers = _when(lambda call: np.asarray(call.x).dtype.kind == "i")
    numbers = tuple(row for row in BATCHED if row != "cross_entropy_error")
    yield numbers, LAWS, "integer inputs give the same", integers
    separate = "gradients are separate arrays"
    yield ("AddLayer",), LAWS, separate, Fault(backward=_same_dout)
    yield (
        ("MulLayer", "Affine", "MatMul", "TwoLayerNet"),
        LAWS,
        separate,
        Fault(backward=_one_array),
    )

    two_d = _when(lambda call: np.ndim(call.x) == 2)
    operands_differ = _when(lambda call: np.ndim(call.x) != np.ndim(call.operands[1]))
    yield ("MulLayer", "AddLayer"), LAWS, "broadcast operands", operands_differ
    yield ("Affine",), LAWS, "4-D x", _when(lambda call: np.ndim(call.x) == 4)
    samples = ("Affine", "SoftmaxWithLoss", "softmax", "cross_entropy_error")
    yield samples, LAWS, "1-D samples", ONE_SAMPLE
    yield ("SoftmaxWithLoss", "cross_entropy_error"), LAWS, "labels", LABELS
    yield ("SoftmaxWithLoss", "cross_entropy_error"), LAWS, "labels where N = C", LABELS
    yield ("numerical_gradient",), LAWS, "2-D x", two_d


WRONG: dict[Key, Fault] = {
    (row, witness, claim): fault for rows, witness, claim, fault in _wrong() for row in rows
}

ROWS = {row.name: row for row in CONTRACTS}


@pytest.fixture(autouse=True)
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """How the cases are drawn, and how small the evidence gets, is another test's."""
    monkeypatch.setattr(layer_trial, "draw_cases", drawn_once)
    monkeypatch.setattr(layer_trial, "smallest", lambda *args, **_: args[3])


drawn_once = cache(draw_cases)


def alone(claim: Claim) -> Callable[[Contract], Sequence[Claim]]:
    """A plan of one claim, with the laws that it needs and those that they need."""
    kept = [claim]
    for law in reversed(plan(claim.contract)):
        if law.witness is Witness.LAWS and any(law.name in other.needs for other in kept):
            kept.insert(0, law)
    return lambda *_: kept


def judged(row: str, fault: Fault) -> Results:
    # A function goes by its name: `sigmoid` and `Sigmoid` are two contracts.
    contract = None if row in FUNCTIONS else row
    return check(spoiled(row, fault), contract=contract, examples=EXAMPLES)


def judgement_of(report: Results, witness: str, claim: str) -> Judgement:
    (found,) = (
        j
        for j in report.layers[0].judgements
        if (j.claim.witness.value, j.claim.name) == (witness, claim)
    )
    return found


def test_every_claim_is_shown_wrong_code() -> None:
    rows = [row for row in CONTRACTS if row.name in EVERY]
    assert {row.name for row in rows} == set(EVERY)
    planned = {(row.name, c.witness.value, c.name) for row in rows for c in plan(row)}
    # About the text alone, not about what it computes: see test_frameworks.py.
    by_text = {(row.name, LAWS, NUMPY_ONLY) for row in rows}
    assert set(WRONG) == planned - by_text


def test_rows_without_code_of_ours_make_no_other_claims() -> None:
    """The same checks, with the names of other operands."""

    def kinds(rows: Iterable[Contract]) -> set[tuple[str, str]]:
        claims = (claim for row in rows for claim in plan(row))
        return {
            (c.witness.value, c.name.replace(f" {c.about.key}", " …") if c.about else c.name)
            for c in claims
        }

    ours = [row for row in CONTRACTS if row.name in EVERY]
    assert kinds(row for row in CONTRACTS if row.name not in EVERY) <= kinds(ours)


@pytest.mark.parametrize("key", WRONG, ids=lambda key: f"{key[0]}: {key[1]}: {key[2]}")
def test_claim_refuses_wrong_code(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    row, witness, name = key
    (claim,) = (c for c in plan(ROWS[row]) if (c.witness.value, c.name) == (witness, name))
    monkeypatch.setattr(layer_trial, "plan", alone(claim))
    report = judged(row, WRONG[key])
    judgement = judgement_of(report, witness, name)
    assert judgement.finding.outcome is Outcome.FAIL, judgement.finding
    assert judgement.finding.message
    assert judgement.finding.evidence is not None
    must = judgement.claim.severity is Severity.MUST
    assert not must or report.layers[0].verdict is Verdict.FAIL


@pytest.mark.parametrize("row", EVERY)
def test_spoiling_nothing_leaves_right_code(row: str) -> None:
    """The faults alone are what the claims refute, not the classes around them."""
    layer = judged(row, Fault()).layers[0]
    assert layer.layer == row
    assert layer.verdict is Verdict.PASS
    assert not layer.advice


def test_right_code_withstands_every_claim() -> None:
    names = ("activations", "functions", "gradient", "layers", "losses", "network")
    reports = [check(ROOT / "impl" / f"{name}.py", in_process=True) for name in names]
    rows = [each for report in reports for each in report.layers if not each.declaration]
    second_volume = {"MatMul"}
    assert {layer.layer for layer in rows} >= set(EVERY) - second_volume
    for layer in rows:
        assert layer.verdict is Verdict.PASS
        (contract,) = (row for row in CONTRACTS if row.name == layer.layer)
        made = [(j.claim.witness, j.claim.name) for j in layer.judgements]
        assert made == [(c.witness, c.name) for c in plan(contract)]
        assert {j.finding.outcome for j in layer.judgements} == {Outcome.PASS}
    assert not any(report.advice for report in reports)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda row: row.name)
def test_twin_withstands_every_claim(contract: Contract) -> None:
    cases = [case for case, _ in draw_cases(contract, 0, 10)]
    all_answers = [Answers(contract, TwinFace(contract), case) for case in cases]
    for claim in plan(contract):
        key = (contract.name, claim.witness.value, claim.name)
        if claim.variant is None:
            outcomes = {put(claim, answers).outcome for answers in all_answers}
            assert outcomes == {Outcome.PASS}, key


@pytest.mark.parametrize(
    ("contract", "variant"),
    [(row, variant) for row in CONTRACTS for variant in row.readings.variants],
    ids=lambda part: part.name,
)
def test_twin_of_a_variant_withstands_it(contract: Contract, variant: Any) -> None:
    (claim,) = (c for c in plan(contract) if c.variant is variant)
    for _, material in draw_cases(contract, 0, 10):
        case = variant_case(variant, contract, material)
        finding = put(claim, Answers(variant.contract, TwinFace(variant.contract), case))
        assert finding.outcome is Outcome.PASS, finding
