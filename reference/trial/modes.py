"""What a known layer gives in test mode, after training on one input: dropout, running means.

Both modes are put into one expression of a declaration, so that one object, or one dict of
options, is used for all its calls.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.claim import HOLDS, Claim, Finding, Severity, Witness, refuted, unsettled
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.declaration import NO_BACKWARD, Field, fields_in
from trigrad.contracts.schema import Array
from trigrad.contracts.shelf.schema import Meant, Mode, Share
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Odd, Raised
from trigrad.trial.identifying import Identified, names_of
from trigrad.trial.judgement import Judgement
from trigrad.trial.own_forward import OwnForward

ARGUMENTS = (
    *("train_flg", "train", "training", "is_training", "is_train", "train_mode", "train_flag"),
    *("trainable", "trainflg"),
)
"""Names of arguments that say whether a layer is in training."""

METHODS = ("forward", "__call__")

RUNS = 400
"""How often it is trained on the input: a running mean with a momentum of 0.9 has converged."""

SIGMAS = 5.0
"""How far a mean of random numbers may be from what it should be: by chance in one of 2 million."""

CONVERGED = 1e-6
"""A running mean that changes no more than that, as a share, in as many runs again."""

ALIKE = 1e-3
"""How near, as a share, test mode is to what it should be: running means are that near to theirs,
and small constants in roots are far smaller."""


@dataclass(frozen=True)
class _Calls:
    """The expressions of a call in training and in test mode, and what is made beforehand."""

    train: str
    test: str
    options: str = ""
    """The dict that both get as `p`."""

    def with_share(self, share: Share) -> _Calls:
        """The same with the share that is dropped or kept set in the options."""
        names = "|".join(share.names)
        options = re.sub(rf"\b({names})=[\d.]+", rf"\1={share.value}", self.options)
        return replace(self, options=options)

    def text(self, expression: str) -> str:
        """An expression of both calls."""
        return f"(lambda p: {expression})({self.options})" if self.options else expression


def in_test_mode(found: Identified) -> Judgement | None:
    """The refuted claim about its test mode; None where it holds, or there is none."""
    mode, candidate = found.known.mode, found.candidate
    if mode is None or candidate.declare is None:
        return None
    layer = _Layer(candidate, _case(found, mode))
    if mode.share is not None and len(names_of(candidate)) == 1:
        build, meant = _built(layer, mode.share)
        wrong = _share(layer, build, meant, mode.share.value) if build else None
        if wrong is not None:
            return _judgement(candidate, wrong)
        layer = replace(layer, build=build)
    for calls in _several_calls(candidate):
        if mode.share is not None:
            calls = calls.with_share(mode.share)
        finding = _mean(layer, calls) if mode.mean else _converged(layer, calls, found)
        if finding is not None:
            return _judgement(candidate, finding) if finding.words is not None else None
    return None


def _judgement(candidate: Candidate, finding: Finding) -> Judgement:
    def again(_: object) -> Finding:
        return finding

    must = Severity.MUST
    claim = Claim(candidate.contract, "test mode", Witness.LAWS, must, again, about=OUTPUT)
    return Judgement(claim, finding)


@dataclass(frozen=True)
class _Layer:
    """A layer that is asked for the output of expressions, on one case."""

    candidate: Candidate
    case: Case
    build: str = ""
    """How it is made, if not as it is declared."""

    def gives(self, expression: str, build: str = "") -> Array | None:
        """What an expression gives as forward; None for no numbers."""
        output = self._output(expression, build)
        return output if isinstance(output, np.ndarray) and np.isfinite(output).all() else None

    def raises(self, expression: str) -> Raised | None:
        """What the layer's own text raises in an expression, if it does."""
        output = self._output(expression)
        own = isinstance(output, Raised) and output.error and output.where
        return output if own and isinstance(output, Raised) else None

    def _output(self, expression: str, build: str = "") -> Array | Odd | Raised | None:
        candidate = self.candidate
        assert candidate.declare is not None, "asked before"
        parts = dict(_fields(candidate)) | {Field.FORWARD: expression}
        build = build or self.build
        parts |= {Field.BUILD: build} if build else {}
        parts.pop(Field.RETURNS, None)
        parts[Field.BACKWARD] = NO_BACKWARD  # no gradient is looked for, which takes many runs
        text = "; ".join(f"{name}: {value}" for name, value in parts.items())
        weights = [v.name for v in candidate.contract.parameters]
        layer = candidate.declare((text, candidate.as_declared[1], *weights))
        if not isinstance(layer, Candidate):
            return None
        layer.face.start_clock(1.0)
        return OwnForward(layer.contract, layer.face).output(self.case.arrays, self.case.sizes)


def _fields(candidate: Candidate) -> Iterator[tuple[str, str]]:
    for _, part in fields_in(candidate.contract.declaration):
        name, _, rest = part.partition(":")
        yield name.strip(), rest.strip()


def _case(found: Identified, mode: Mode) -> Case:
    """The case that was seen, with ones for dropout; gamma 1 and beta 0 for a normalisation."""
    case, (name, *weights) = found.cases[0], found.way.arrays
    if mode.mean:
        return case.with_values(**{name: np.ones_like(case.arrays[name])})
    values = zip(weights, (1.0, 0.0), strict=False)
    return case.with_values(**{n: np.full_like(case.arrays[n], value) for n, value in values})


# --- how it is called


def _several_calls(candidate: Candidate) -> Iterator[_Calls]:
    given = dict(_fields(candidate))
    operands = ", ".join(v.name for v in candidate.contract.operands)
    if Field.FORWARD in given:
        calls = [given[Field.FORWARD]]
    elif len(names_of(candidate)) > 1:
        calls = [f"{names_of(candidate)[0]}({operands})"]
    else:
        calls = [f"layer.{method}({operands})" for method in METHODS]
    for call in calls:
        options = _options_in(call)
        if options:
            yield _Calls(call.replace(options, "p"), call.replace(options, _TEST), options)
        for name in ARGUMENTS:
            both = (_with(call, name, value=value) for value in (True, False))
            yield _Calls(*both)
    if len(names_of(candidate)) == 1:
        yield from (_Calls(f"(layer.train(), {c})[1]", f"(layer.eval(), {c})[1]") for c in calls)
        for name, call in product(ARGUMENTS, calls):
            yield _Calls(*(_with_attribute(call, name, value=value) for value in (True, False)))


_TEST = "{**p, 'mode': 'test'}"
"""The options in test mode, as the assignments of courses have them."""


def _options_in(call: str) -> str:
    """The dict of options with a mode in a call; "" if there is none."""
    for node in ast.walk(ast.parse(call, mode="eval")):
        match node:
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                if any(keyword.arg == "mode" for keyword in keywords):
                    return ast.get_source_segment(call, node) or ""
    return ""


def _with(call: str, name: str, *, value: bool | float) -> str:
    """The call with an argument more."""
    tree = ast.parse(call, mode="eval")
    assert isinstance(tree.body, ast.Call), "made so"
    others = [keyword for keyword in tree.body.keywords if keyword.arg != name]
    tree.body.keywords = [*others, ast.keyword(name, ast.Constant(value))]
    return ast.unparse(tree)


def _with_attribute(call: str, name: str, *, value: bool) -> str:
    """The call of an object that has an attribute with this value; without it, it raises.

    A method of that name stays what it is: then it raises, too.
    """
    no_method = f"1 // (not callable(layer.{name}))"
    return f"({no_method}, setattr(layer, {name!r}, {value}), {call})[2]"


def _first(call: str) -> str:
    """The output of a call that may give more beside it, or keep it in the object."""
    found = "r[0] if isinstance(r, tuple) else layer.output if r is None else r"
    return f"(lambda r: {found})({call})"


# --- what it gives


def _mean(layer: _Layer, calls: _Calls) -> Finding | None:
    """Whether test mode gives the mean of what training gives; None if it is called otherwise."""
    train = _first(calls.train)
    test = layer.gives(calls.text(f"({calls.train}, {_first(calls.test)})[1]"))
    if test is None:
        return _raising(layer, calls)
    mean = layer.gives(calls.text(_mean_of(train)))
    most = layer.gives(calls.text(_most_of(train)))
    if mean is None or most is None:
        return None
    is_, due = float(test.mean()), float(mean.mean())
    allowed = _deviation(most, mean)
    if abs(is_ - due) <= allowed:
        return HOLDS
    words = Message("mode.mean", is_=f"{is_:.3g}", due=f"{due:.3g}")
    return refuted(words, _seen(layer, is_, due, allowed))


def _raising(layer: _Layer, calls: _Calls) -> Finding | None:
    """That it raises in test mode only; None if it is called otherwise, or gives no numbers.

    It may need what is done between training and test, or statistics that it is made with.
    """
    if layer.gives(calls.text(_first(calls.train))) is None:
        return None
    raised = layer.raises(calls.text(f"({calls.train}, {_first(calls.test)})[1]"))
    if raised is None:
        return None
    return unsettled(Message("mode.raises", raised=raised.sentence))


def _mean_of(call: str) -> str:
    return f"sum({call} for _ in range({RUNS})) / {RUNS}"


def _most_of(call: str) -> str:
    """The output in which an entry is kept, if any of many is."""
    return f"max(({call} for _ in range({RUNS})), key=lambda each: abs(each).max())"


def _deviation(most: Array, mean: Array) -> float:
    """By how much the mean of all entries over RUNS runs may be off: SIGMAS of its deviation."""
    largest = float(np.abs(most).max())
    share = abs(float(mean.mean())) / largest if largest else 0.0
    each = largest * math.sqrt(max(share * (1 - share), 0.0))
    return SIGMAS * each / math.sqrt(RUNS * mean.size) + ALIKE * largest


def _converged(layer: _Layer, calls: _Calls, found: Identified) -> Finding | None:
    """Whether test mode gives what training gives, once running means no longer change."""

    def after(runs: int) -> Array | None:
        trained = f"[{calls.train} for _ in range({runs})]"
        return layer.gives(calls.text(f"({trained}, {_first(calls.test)})[1]"))

    train, test, later = layer.gives(calls.text(_first(calls.train))), after(RUNS), after(2 * RUNS)
    if train is not None and test is None:
        return _raising(layer, calls)
    if train is None or test is None or later is None or test.shape != train.shape:
        return None
    name = found.way.arrays[0]
    moved = layer.gives(calls.text(f"([{calls.train}], {_first(_moved(calls.test, name))})[1]"))
    still = layer.gives(calls.text(f"([{calls.train}], {_first(calls.test)})[1]"))
    same = moved is not None and still is not None and _near(moved, still, CONVERGED)
    if same and _keeps_statistics(layer, calls, name):
        seen = Evidence(Message("mode.test"), layer.case, moved, still, base=layer.case)
        return refuted(Message("mode.own_statistics"), seen)
    if not _near(test, later, CONVERGED):
        return HOLDS  # it is on its way, as with a momentum near 1
    count = layer.case.arrays[name].size // max(_features(found), 1)
    unbiased = train * math.sqrt((count - 1) / count) if count > 1 else train
    if any(_near(test, due, ALIKE) for due in (train, unbiased)):
        return HOLDS
    off = float(np.abs(test - train).max())
    return refuted(
        Message("mode.running", runs=RUNS),
        Evidence(Message("mode.test"), layer.case, test, train, off, ALIKE, base=layer.case),
    )


def _keeps_statistics(layer: _Layer, calls: _Calls, name: str) -> bool:
    """Whether training leaves running means, by their names: else it has no test mode."""
    held = "p" if calls.options else "vars(layer)"
    names = f"any('running' in n or 'moving' in n for n in {held})"
    found = layer.gives(calls.text(f"([{calls.train}], 0.0 * {name} + {names})[1]"))
    return found is not None and bool(found.all())


def _moved(call: str, name: str) -> str:
    """The call with a number added to all entries of one operand."""
    tree = ast.parse(call, mode="eval")

    class More(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            one = ast.Constant(1.0)
            return ast.BinOp(node, ast.Add(), one) if node.id == name else node

    return ast.unparse(More().visit(tree))


def _features(found: Identified) -> int:
    """How many means there are: as many as gamma has entries, if there is one."""
    case, arrays = found.cases[0], found.way.arrays
    return case.arrays[arrays[1]].size if len(arrays) > 1 else case.arrays[arrays[0]].shape[-1]


def _near(one: Array, other: Array, share: float) -> bool:
    largest = max(float(np.abs(one).max()), float(np.abs(other).max()))
    return bool(np.abs(one - other).max() <= share * largest)


_OF_DROPPED = ("rate", "ratio")
"""Names that say how many entries are dropped, as most use them."""


def _built(layer: _Layer, share: Share) -> tuple[str, Meant]:
    """How a layer is made that keeps another share than by itself; "" if its argument is unknown.

    What the name of the argument says comes with it.
    """
    for name, meant in share.names.items():
        build = f"cls({name}={share.value})"
        if any(layer.gives(call, build) is not None for call in _calls_of_methods(layer)):
            return build, meant
    return "", Meant.EITHER


def _calls_of_methods(layer: _Layer) -> list[str]:
    operands = ", ".join(v.name for v in layer.candidate.contract.operands)
    return [_first(f"layer.{method}({operands})") for method in METHODS]


def _share(layer: _Layer, build: str, meant: Meant, value: float) -> Finding | None:
    """What is wrong with the share that is kept, or with what kept entries are multiplied by."""
    for call in _calls_of_methods(layer):
        mean = layer.gives(_mean_of(call), build)
        most = layer.gives(_most_of(call), build) if mean is not None else None
        if mean is not None and most is not None:
            return _share_kept(layer, build, meant, value, most, mean)
    return None


def _share_kept(
    layer: _Layer, build: str, meant: Meant, value: float, most: Array, mean: Array
) -> Finding | None:
    factor = float(most.flat[np.abs(most).argmax()])  # 0 or this, with its sign
    if not factor:
        return None
    share = float(mean.mean()) / factor
    allowed = _deviation(most, mean) / abs(factor)
    expected = {Meant.DROPPED: (1 - value,), Meant.KEPT: (value,)}.get(meant, (value, 1 - value))
    if not any(abs(share - each) <= allowed for each in expected):
        words = Message("mode.share", is_=f"{share:.2f}", due=f"{expected[0]:.2f}")
        return refuted(words, _seen(layer, share, expected[0], allowed))
    name = next((n for n in _OF_DROPPED if f"({n}=" in build), "")
    if meant is Meant.EITHER and name and abs(share - value) <= allowed:
        return unsettled(Message("mode.kept", name=name, share=f"{value:g}"))
    inverted = 1 / min(expected, key=lambda each: abs(share - each))
    if all(abs(factor - due) > ALIKE for due in (1.0, inverted)):
        words = Message("mode.factor", is_=f"{factor:.3g}", due=f"{inverted:.3g}")
        return refuted(words, _seen(layer, factor, inverted, ALIKE))
    return None


def _seen(layer: _Layer, is_: float, due: float, allowed: float) -> Evidence:
    values = np.asarray(is_), np.asarray(due)
    return Evidence(
        Message("mode.test"), layer.case, *values, abs(is_ - due), allowed, base=layer.case
    )
