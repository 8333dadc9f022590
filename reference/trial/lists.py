"""Whether something is written for Python lists: then it is not judged on NumPy arrays."""

from __future__ import annotations

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.special import probe_case
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Array, Arrays, Contract, Kind, shape_of
from trigrad.numerics import tolerance
from trigrad.subject.face import Backward, Build, Command, Face, Form, Forward, Result, Returned
from trigrad.witnesses.twin import value_of_twin


def takes_lists(contract: Contract, face: Face) -> bool:
    """Whether it works on lists of numbers and gives lists, and on arrays gives no array.

    Lists of rows are tried, and of a function that works on rows a single list, too.
    """
    if contract.declaration or contract.kind is Kind.NETWORK or contract.arguments is not None:
        return False
    case = probe_case(contract)
    build = Build(case.parameters, case.sizes)
    face.start_clock(1.0)
    if _output(face.run([build, Forward(case.operands)])[1]) is not None:
        return False
    if _works(contract, face, build, case.operands, case.dout):
        return True
    if contract.gradients or any(array.ndim < 2 for array in case.operands.values()):
        return False
    row = {name: array[0] for name, array in case.operands.items()}
    out = _output(face.run([build, Forward(row, Form.LIST)])[1])
    due = value_of_twin(contract, case)
    # A shape alone shows little here: [f(v) for v in x] gives it for any f.
    return out is not None and due.ndim > 0 and _alike(contract, case, out, due[0])


def _works(
    contract: Contract, face: Face, build: Build, operands: Arrays, dout: Array | None
) -> bool:
    commands: list[Command] = [build, Forward(operands, Form.LIST)]
    if contract.gradients:
        commands.append(Backward(dout, Form.LIST, operands))
    _, forward, *backward = face.run(commands)
    output = _output(forward)
    due = shape_of(contract.axes, build.sizes)
    return output is not None and output.shape == due and all(map(_all_lists, backward))


def _all_lists(result: Result) -> bool:
    values = result.values.values() if isinstance(result, Returned) else [None]
    return all(isinstance(value, np.ndarray) for value in values)


def _alike(contract: Contract, case: Case, out: Array, due: Array) -> bool:
    return out.shape == due.shape and bool(
        np.all(np.abs(out - due) <= tolerance.allowed(contract, case, out))
    )


def _output(result: Result) -> Array | None:
    value = result.values.get(OUTPUT.key) if isinstance(result, Returned) else None
    return value if isinstance(value, np.ndarray) else None
