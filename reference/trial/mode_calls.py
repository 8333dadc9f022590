"""How a known layer is called in training and in test mode, and what it then gives.

Both modes are put into one expression of a declaration, so that one object, or one dict of
options, is used for all its calls.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.claim import Finding, unsettled
from trigrad.contracts.declaration import NO_BACKWARD, Field, fields_in
from trigrad.contracts.schema import Array
from trigrad.contracts.shelf.schema import Share
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Odd, Raised
from trigrad.trial.identifying import names_of
from trigrad.trial.own_forward import OwnForward

ARGUMENTS = (
    *("train_flg", "train", "training", "is_training", "is_train", "train_mode", "train_flag"),
    *("trainable", "trainflg"),
)
"""Names of arguments that say whether a layer is in training."""

METHODS = ("forward", "__call__")


@dataclass(frozen=True)
class Calls:
    """The expressions of a call in training and in test mode, and what is made beforehand."""

    train: str
    test: str
    options: str = ""
    """The dict that both get as `p`."""

    def with_share(self, share: Share) -> Calls:
        """The same with the share that is dropped or kept set in the options."""
        names = "|".join(share.names)
        options = re.sub(rf"\b({names})=[\d.]+", rf"\1={share.value}", self.options)
        return replace(self, options=options)

    def text(self, expression: str) -> str:
        """An expression of both calls."""
        return f"(lambda p: {expression})({self.options})" if self.options else expression


@dataclass(frozen=True)
class Layer:
    """A layer that is asked for the output of expressions, on one case."""

    candidate: Candidate
    case: Case
    shown: Case
    """A small case for the reader."""
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


def several_calls(candidate: Candidate) -> Iterator[Calls]:
    """The ways in which it may be called in both modes: by an option, an argument or a method."""
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
            yield Calls(call.replace(options, "p"), call.replace(options, _TEST), options)
        for name in ARGUMENTS:
            both = (_with(call, name, value=value) for value in (True, False))
            yield Calls(*both)
    if len(names_of(candidate)) == 1:
        yield from (Calls(f"(layer.train(), {c})[1]", f"(layer.eval(), {c})[1]") for c in calls)
        for name, call in product(ARGUMENTS, calls):
            yield Calls(*(_with_attribute(call, name, value=value) for value in (True, False)))


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


def first(call: str) -> str:
    """The output of a call that may give more beside it, or keep it in the object."""
    found = "r[0] if isinstance(r, tuple) else layer.output if r is None else r"
    return f"(lambda r: {found})({call})"


def raising(layer: Layer, calls: Calls) -> Finding | None:
    """That it raises in test mode only; None if it is called otherwise, or gives no numbers.

    It may need what is done between training and test, or statistics that it is made with.
    """
    if layer.gives(calls.text(first(calls.train))) is None:
        return None
    raised = layer.raises(calls.text(f"({calls.train}, {first(calls.test)})[1]"))
    if raised is None:
        return None
    return unsettled(Message("mode.raises", raised=raised.sentence))
