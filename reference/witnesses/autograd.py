"""Autograd: PyTorch in float64, on identical weights and inputs.

The twin is the contract's function written in PyTorch. It answers for the value and, through
autograd, for every gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from reference.case import Case
from reference.claim import (
    HOLDS,
    AbsentError,
    Claim,
    Finding,
    Severity,
    Witness,
    not_applicable,
    refuted,
)
from reference.contract import Array, Contract, Domain
from reference.hearing import Answer, Hearing, gradient_of, returned
from reference.subject.face import (
    Backward,
    Build,
    Command,
    Form,
    Forward,
    Method,
    Raised,
    Result,
    Returned,
)
from reference.verdict.evidence import Evidence
from reference.witnesses import tolerance


def answer_of_twin(contract: Contract, case: Case, dout: Array | None = None) -> Answer:
    """Output and gradients that PyTorch finds, float64.

    `dout` defaults to the case's, and to 1 for a scalar output.
    """
    import torch  # here, because it takes a second: not every run comes this far

    tensors = {}
    for variable in contract.variables:
        array = case.arrays[variable.name]
        if variable.domain is Domain.LABEL:
            tensors[variable.name] = torch.tensor(array, dtype=torch.int64)
        else:
            wanted = variable.name in contract.gradients
            tensors[variable.name] = torch.tensor(array, dtype=torch.float64, requires_grad=wanted)
    output = contract.twin(*tensors.values())
    gradients: dict[str, Array] = {}
    if contract.gradients:
        upstream = case.dout if dout is None else dout
        wanted_of = [tensors[name] for name in contract.gradients]
        # <dout, output> by hand: giving dout to autograd.grad makes PyTorch import SymPy.
        total = output.sum() if upstream is None else (torch.tensor(upstream) * output).sum()
        found = torch.autograd.grad(total, wanted_of)
        gradients = {n: g.numpy() for n, g in zip(contract.gradients, found, strict=True)}
    return Answer(output.detach().numpy(), gradients)


def twin_of(hearing: Hearing) -> Answer:
    """The twin's answer to the hearing's case, computed once."""
    return hearing.once("twin", lambda: answer_of_twin(hearing.contract, hearing.case))


class TwinFace:
    """The twin behind the face of a subject: the court puts its own claims to it first."""

    takes_dout = True

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def has(self, method: str) -> bool:
        """Whether there is a further method of that name."""
        return method in self._contract.methods

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands with PyTorch; results in the dtype of the operands."""
        objects: dict[int, tuple[dict[str, Array], dict[str, Array]]] = {}
        results: list[Result] = []
        for command in commands:
            parameters, operands = objects.get(command.which, ({}, {}))
            match command:
                case Build():
                    parameters = dict(command.parameters)
                    results.append(Returned({}))
                case Forward():
                    operands = dict(command.operands)
                    value = _value(self._contract, Case({}, operands, parameters))
                    results.append(_handed_back({"output": value}, operands, command.form))
                case Backward():
                    operands = dict(command.operands) or operands
                    given = Case({}, operands, parameters, command.dout)
                    gradients = answer_of_twin(self._contract, given).gradients
                    results.append(_handed_back(gradients, operands, command.form))
                case Method():
                    given = Case({}, command.operands, parameters)
                    value = method_of_twin(self._contract, command.name, given)
                    results.append(Returned({"output": value}))
            objects[command.which] = (parameters, operands)
        return results


def _handed_back(values: dict[str, Array], operands: dict[str, Array], form: Form) -> Returned:
    """The twin's values in the operands' dtype, as numbers where numbers were given."""
    dtype = _dtype(operands)
    shaped = {k: v.reshape(()) if form is Form.NUMBER else v for k, v in values.items()}
    return Returned({name: value.astype(dtype) for name, value in shaped.items()})


def _dtype(operands: dict[str, Array]) -> np.dtype[np.floating]:
    kinds = [a.dtype for a in operands.values() if a.dtype.kind == "f"]
    return np.result_type(*kinds) if kinds else np.dtype(np.float64)


def _value(contract: Contract, case: Case) -> Array:
    import torch

    tensors = [
        torch.tensor(
            case.arrays[v.name],
            dtype=torch.int64 if v.domain is Domain.LABEL else torch.float64,
        )
        for v in contract.variables
    ]
    return np.asarray(contract.twin(*tensors).numpy())


def method_of_twin(contract: Contract, name: str, case: Case) -> Array:
    """What a further method of a network gives on a case."""
    import torch

    tensors = [torch.tensor(a, dtype=torch.float64) for a in case.arrays.values()]
    return np.asarray(contract.methods[name](*tensors).numpy())


def compare(
    hearing: Hearing,
    what: str,
    is_: Array,
    should_be: Array,
    *,
    case: Case | None = None,
    allowance: float | None = None,
) -> Finding:
    """Whether two arrays of one shape agree up to rounding and the row's allowance."""
    case = case or hearing.case
    if allowance is None:
        allowance = tolerance.allowance(hearing.contract, case)
    # A forward in single precision has rounded what its gradients are made of.
    forward = () if case is not hearing.case else (hearing.output,)
    allowed = tolerance.roundoff(hearing.contract, case, is_, *forward) + allowance
    error = np.abs(is_ - should_be)
    worst = float(np.max(error, initial=0.0))
    if worst <= allowed:
        return HOLDS
    message = f"the {what} is not the one PyTorch finds"
    return refuted(message, Evidence(what, case, is_, should_be, worst, allowed))


def check_value(hearing: Hearing) -> Finding:
    """Forward is the function that the contract names."""
    return compare(hearing, "output", hearing.output, twin_of(hearing).output)


def check_gradient(name: str, hearing: Hearing) -> Finding:
    """The gradient is the one PyTorch finds on identical weights and inputs."""
    what = gradient_of(name)
    return compare(hearing, what, hearing.gradient(name), twin_of(hearing).gradients[name])


def check_numbers(hearing: Hearing) -> Finding:
    """Plain Python numbers work: the apples of the chapter."""
    case = single_entry(hearing.case)
    commands: list[Command] = [
        hearing.build(case),
        hearing.forward(case, Form.NUMBER),
        hearing.backward(case, Form.NUMBER),
    ]
    results = hearing.face.run(commands)
    twin = answer_of_twin(hearing.contract, case)
    numbers = _as_numbers(case)
    raised = next((r for r in results if isinstance(r, Raised)), None)
    if raised is not None:
        words = "plain Python numbers do not work"
        return refuted(words, Evidence("output", numbers, raised=raised))
    parts = [("output", results[1], twin.output)]
    parts += [(gradient_of(n), results[2], g) for n, g in twin.gradients.items()]
    for what, result, should_be in parts:
        key = "output" if what == "output" else what.removeprefix("gradient of ")
        try:
            is_ = hearing.array(returned(result, what, numbers), key, what, (), numbers)
        except AbsentError as absent:
            found = f"{absent.evidence.is_}, should be {absent.evidence.should_be}"
            return refuted(f"with plain Python numbers the {what} is {found}", absent.evidence)
        finding = compare(hearing, what, is_, should_be.reshape(()), case=numbers)
        if finding is not HOLDS:
            return refuted(f"with plain Python numbers {finding.message}", _evidence(finding))
    return HOLDS


def _as_numbers(case: Case) -> Case:
    """The case of single entries as it is shown: x = 1, not x = [[1.]]."""
    return Case(
        case.sizes,
        {k: v.reshape(()) for k, v in case.operands.items()},
        case.parameters,
        None if case.dout is None else case.dout.reshape(()),
    )


def _evidence(finding: Finding) -> Evidence:
    assert finding.evidence is not None, "a refutation comes with its evidence"
    return finding.evidence


def single_entry(case: Case) -> Case:
    """The case's first entries alone, with the axes kept."""

    def first(array: Array) -> Array:
        return array[(slice(0, 1),) * array.ndim]

    return Case(
        dict.fromkeys(case.sizes, 1),
        {k: first(v) for k, v in case.operands.items()},
        {k: first(v) for k, v in case.parameters.items()},
        None if case.dout is None else first(case.dout),
    )


def claims(contract: Contract, needs_output: tuple[str, ...]) -> Iterator[Claim]:
    """Value and gradients of a row, compared with PyTorch's."""
    claim = partial(Claim, contract, witness=Witness.AUTOGRAD, severity=Severity.MUST)
    yield claim(name="value", check=check_value, needs=needs_output, about="output")
    for name in contract.gradients:
        what = gradient_of(name)
        yield claim(
            name=what, check=partial(check_gradient, name), needs=(f"{what} shape",), about=what
        )
    if contract.numbers:
        needs = tuple(f"{gradient_of(name)} shape" for name in contract.gradients)
        yield claim(name="plain numbers", check=check_numbers, needs=needs)
    for name in contract.methods:
        # Promised are the loss and its gradients; chapter 4's predict gives softmax(scores).
        yield Claim(
            contract,
            name,
            Witness.AUTOGRAD,
            Severity.SHOULD,
            partial(check_method, name),
            ("builds",),
            about=name,
        )


def check_method(name: str, hearing: Hearing) -> Finding:
    """A further method of the network gives what PyTorch gives."""
    if not hearing.face.has(name):
        return not_applicable(f"has no {name}")
    result = hearing.face.run([hearing.build(), Method(name, hearing.case.operands)])[1]
    should_be = method_of_twin(hearing.contract, name, hearing.case)
    is_ = hearing.array(
        returned(result, name, hearing.case), "output", name, should_be.shape, hearing.case
    )
    return compare(hearing, name, is_, should_be, allowance=0.0)  # there is no logarithm in it
