"""A subject's answers on one case: each is computed once and used by all claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.evidence import AbsentError, Evidence, Sizes
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import Array, Contract, Kind, shape_of
from trigrad.messages import Message
from trigrad.subject.face import (
    Backward,
    Build,
    Command,
    Face,
    Form,
    Forward,
    Odd,
    Raised,
    Result,
    Returned,
    Sweep,
)

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Answer:
    """The results of a subject or of the twin on a case."""

    output: Array
    gradients: dict[str, Array]


FORWARD = Message("pass.forward")
BACKWARD = Message("pass.backward")


def shape_words(shape: Sizes) -> Message:
    """`shape (2, 3)`."""
    return Message("shape", shape=str(shape)) if shape else Message("shape.number")


def array_words(shape: Sizes) -> Message:
    """`an array of shape (2, 3)`."""
    return Message("shape.array", shape=str(shape)) if shape else Message("shape.number")


def output_shape(contract: Contract, case: Case) -> Sizes:
    """The shape that the output has on a case."""
    if contract.output is not None:
        return shape_of(contract.output, case.sizes)
    assert case.dout is not None, "drawn in the shape that the layer's own forward gives"
    return case.dout.shape


class Answers:
    """A subject's answers on one case.

    Structural checks read `results`. Everything else asks for arrays, and gets arrays of the
    contract's shapes or an AbsentError that says what is missing.
    """

    def __init__(self, contract: Contract, face: Face, case: Case) -> None:
        self.contract = contract
        self.face = face
        self.case = case
        self._memo: dict[object, object] = {}

    def on(self, case: Case) -> Answers:
        """The answers of the same subject on another case."""
        return Answers(self.contract, self.face, case)

    def once(self, key: object, compute: Callable[[], T]) -> T:
        """The value of `compute`, computed at the first call with this key."""
        if key not in self._memo:
            self._memo[key] = compute()
        return self._memo[key]  # type: ignore[return-value]  # stored by the line above

    @property
    def forward_words(self) -> Message:
        """How sentences call the forward pass; a function has no method to name."""
        return Message("pass.function") if self.contract.kind is Kind.FUNCTION else FORWARD

    # --- commands ---

    def build(self, case: Case | None = None) -> Build:
        """The command that makes the object of a case."""
        case = case or self.case
        return Build(case.parameters, case.sizes)

    def forward(self, case: Case | None = None, form: Form = Form.PLAIN) -> Forward:
        """The command that runs forward on a case."""
        return Forward((case or self.case).operands, form)

    def backward(self, case: Case | None = None, form: Form = Form.PLAIN) -> Backward:
        """The command that runs backward on a case."""
        case = case or self.case
        given = case.operands if self.contract.kind is Kind.NETWORK else {}
        return Backward(case.dout, form, given)

    def whole(self, case: Case | None = None, form: Form = Form.PLAIN) -> list[Command]:
        """Build, forward and (where there is one) backward."""
        commands: list[Command] = [self.build(case), self.forward(case, form)]
        if self.contract.differentiates:
            commands.append(self.backward(case, form))
        return commands

    # --- results ---

    @cached_property
    def results(self) -> list[Result]:
        """The results of build, forward and backward on the case."""
        return self.face.run(self.whole())

    @cached_property
    def answer(self) -> Answer:
        """Output and gradients on the case, in the contract's shapes."""
        return self.answer_from(self.results[1:], self.case)

    @cached_property
    def output(self) -> Array:
        """The output on the case, in the contract's shape."""
        return self.output_from(self.results[1], self.case)

    @cached_property
    def rows_alone(self) -> list[Answer]:
        """The answers on every row of the batch alone, each with a new object."""
        cases = [self.case.rows(self.contract, [i]) for i in range(self.case.sizes["N"])]
        results = self.face.run([command for case in cases for command in self.whole(case)])
        each = len(self.whole())
        return [
            self.answer_from(results[i * each : (i + 1) * each], case)
            for i, case in enumerate(cases)
        ]

    def gradient(self, name: str) -> Array:
        """One gradient on the case, even if others are missing or wrong."""
        return self.gradient_from(self.results[2], name, self.case)

    def gradient_from(self, result: Result, name: str, case: Case) -> Array:
        """One gradient of a backward result, in the right shape; otherwise AbsentError."""
        backward = returned(result, BACKWARD, case)
        return self.array(backward, gradient(name), case.arrays[name].shape, case)

    def answer_to(
        self, case: Case, commands: Sequence[Command] | None = None, form: Form = Form.PLAIN
    ) -> Answer:
        """Output and gradients after build, forward and backward, or after the given commands."""
        results = self.face.run(commands or self.whole(case, form))
        return self.answer_from(results[-2:] if self.contract.differentiates else results, case)

    def answer_from(self, results: Sequence[Result], case: Case) -> Answer:
        """Output and gradients from the last results of a whole run.

        Raises:
            AbsentError: a call raised, or a value is not an array of the contract's shape.
        """
        if not self.contract.differentiates:
            return Answer(self.output_from(results[-1], case), {})
        output = self.output_from(results[-2], case)
        gradients = {
            name: self.gradient_from(results[-1], name, case) for name in self.contract.gradients
        }
        return Answer(output, gradients)

    def output_from(self, result: Result, case: Case) -> Array:
        """The output of a forward result, in the contract's shape; otherwise AbsentError."""
        got = returned(result, FORWARD, case)
        return self.array(got, OUTPUT, output_shape(self.contract, case), case)

    def outputs_at(self, name: str, stack: Array) -> Array:
        """The outputs for many values of one operand or parameter, stacked along a new first axis.

        Raises:
            AbsentError: forward raised for one of them, or gave another shape than it should.
        """
        case = self.case
        sweep = Sweep(case.parameters, case.operands, name, stack, case.sizes)
        got = returned(self.face.run([sweep])[0], FORWARD, case)
        shape = output_shape(self.contract, case)
        value = got.values.get(OUTPUT.key)
        if isinstance(value, np.ndarray) and value.shape == (len(stack), *shape):
            return value
        return self.array(got, OUTPUT, shape, case)  # one of them does not fit: says how

    def array(self, result: Returned, quantity: Quantity, shape: Sizes, case: Case) -> Array:
        """One array of a result, in the given shape; otherwise AbsentError."""
        value = result.values.get(quantity.key)
        if value is None or isinstance(value, Odd):
            raise AbsentError(Evidence(quantity, case, odd_words(value), array_words(shape)))
        if value.shape != shape:
            evidence = Evidence(quantity, case, shape_words(value.shape), shape_words(shape))
            raise AbsentError(evidence, (value.shape, shape))
        return value


def odd_words(value: Odd | None) -> Message | str:
    """What is there in place of an array; `nothing` where there is nothing."""
    return Message("nothing") if value is None else value.words


def returned(result: Result, what: Quantity | Message, case: Case) -> Returned:
    """The result of a call that came back; AbsentError with what it raised if it did not."""
    if isinstance(result, Raised):
        raise AbsentError(Evidence(what, case, raised=result))
    return result
