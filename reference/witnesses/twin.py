"""The twin: a contract's function in PyTorch, for its values, gradients and further methods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answer
from trigrad.contracts.schema import WHOLE_NUMBERS, Array, Contract, OwnForward
from trigrad.subject.face import (
    Backward,
    Build,
    Command,
    Form,
    Forward,
    Look,
    Method,
    Odd,
    Raised,
    Result,
    Returned,
    Rewrite,
    Sweep,
)

if TYPE_CHECKING:
    import torch


class NotFollowedError(Exception):
    """No library can follow what a learner's own forward does; says why."""


def _tensors(contract: Contract, case: Case, wanted: Sequence[str] = ()) -> dict[str, torch.Tensor]:
    """The case as float64 tensors (labels int64); those `wanted` require gradients."""
    import torch  # here, because it takes a second and not every run needs it

    labels = {v.name for v in contract.variables if v.domain in WHOLE_NUMBERS}
    return {
        v.name: torch.tensor(
            case.arrays[v.name],
            dtype=torch.int64 if v.name in labels else torch.float64,
            requires_grad=v.name in wanted,
        )
        for v in contract.variables
    }


def answer_of_twin(contract: Contract, case: Case) -> Answer:
    """Output and gradients that PyTorch finds, float64; `dout` is 1 for a loss without one.

    Where no twin is known, they are those of the learner's own forward.
    """
    if contract.twin is None:
        return Answer(*_own(contract).values(case.arrays, case.dout))
    import torch

    tensors = _tensors(contract, case, contract.gradients)
    output = contract.twin(*tensors.values())
    gradients: dict[str, Array] = {}
    if contract.gradients:
        # Not autograd.grad(…, dout), which makes PyTorch import SymPy.
        dout = 1.0 if case.dout is None else torch.tensor(case.dout)
        found = torch.autograd.grad(
            (dout * output).sum(), [tensors[name] for name in contract.gradients]
        )
        gradients = {n: g.numpy() for n, g in zip(contract.gradients, found, strict=True)}
    return Answer(output.detach().numpy(), gradients)


def value_of_twin(contract: Contract, case: Case) -> Array:
    """The output alone, float64."""
    if contract.twin is None:
        return _own(contract).values(case.arrays, case.dout)[0]
    return np.asarray(contract.twin(*_tensors(contract, case).values()).numpy())


def _own(contract: Contract) -> OwnForward:
    assert contract.own is not None, "what has no twin was observed before it is judged"
    return contract.own


class TwinFace:
    """The twin with the interface of a subject, so that claims can be checked on it, too."""

    takes_dout = True
    frameworks = ()
    """None: the twin may use PyTorch."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def has(self, method: str) -> bool:
        """Whether there is a further method of that name."""
        return method in (*self._contract.methods, self._contract.numerical_method)

    apart = False
    over = False

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """PyTorch is not timed."""

    def revive(self) -> None:
        """Nothing to do: its calls always return."""

    def stop(self, ending: Raised) -> None:
        """Nothing to do: no call of it can end a process."""

    def close(self) -> None:
        """Nothing to do: there is no process to end."""

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands with PyTorch; results in the dtype of the operands."""
        objects: dict[int, tuple[dict[str, Array], dict[str, Array]]] = {}
        results: list[Returned] = []
        given_back: dict[int, dict[str, Array | Odd]] = {}
        for command in commands:
            parameters, operands = objects.get(command.which, ({}, {}))
            match command:
                case Build():
                    parameters = dict(command.parameters)
                    results.append(Returned({}))
                case Forward():
                    operands = dict(command.operands)
                    value = value_of_twin(self._contract, Case({}, operands, parameters))
                    results.append(_returned({"output": value}, operands, command.form))
                case Backward():
                    operands = dict(command.operands) or operands
                    given = Case({}, operands, parameters, command.dout)
                    gradients = answer_of_twin(self._contract, given).gradients
                    results.append(_returned(gradients, operands, command.form))
                case Sweep():
                    results.append(self._swept(command))
                    continue
                case Method():
                    given = Case({}, command.operands, parameters)
                    if command.name == self._contract.numerical_method:
                        results.append(Returned(answer_of_twin(self._contract, given).gradients))
                        continue
                    value, *_ = methods_of_twin(self._contract, command.name, given)
                    results.append(Returned({"output": value}))
                case Look():
                    results.append(Returned(given_back[command.which]))
                case Rewrite():
                    parameters = dict(command.parameters)
                    results.append(Returned({}))
            if isinstance(command, Forward | Backward):
                kept = given_back.setdefault(command.which, {})
                kept |= results[-1].values
            objects[command.which] = (parameters, operands)
        return [*results]

    def run_some(self, runs: Sequence[Sequence[Command]]) -> list[list[Result]]:
        """Carry out the first run: nothing is saved by more."""
        return [self.run(runs[0])]

    def _swept(self, sweep: Sweep) -> Returned:
        arrays = {**sweep.parameters, **sweep.operands}
        outputs = []
        for value in sweep.stack:
            given = {**arrays, sweep.name: value}
            operands = {name: given[name] for name in sweep.operands}
            parameters = {name: given[name] for name in sweep.parameters}
            outputs.append(value_of_twin(self._contract, Case({}, operands, parameters)))
        return _returned({"output": np.stack(outputs)}, dict(sweep.operands), Form.PLAIN)


def _returned(values: dict[str, Array], operands: dict[str, Array], form: Form) -> Returned:
    """The twin's values in the operands' dtype, as numbers if numbers were given."""
    dtype = _dtype(operands)
    shaped = {k: v.reshape(()) if form is Form.NUMBER else v for k, v in values.items()}
    return Returned({name: value.astype(dtype) for name, value in shaped.items()})


def _dtype(operands: dict[str, Array]) -> np.dtype[np.floating]:
    kinds = [a.dtype for a in operands.values() if a.dtype.kind == "f"]
    return np.result_type(*kinds) if kinds else np.dtype(np.float64)


def methods_of_twin(contract: Contract, name: str, case: Case) -> list[Array]:
    """All results that are right for a further method of a network, on a case."""
    tensors = _tensors(contract, case).values()
    return [np.asarray(twin(*tensors).numpy()) for twin in contract.methods[name]]
