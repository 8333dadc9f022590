"""Observe a declared layer before it is judged: with which sizes it works, and what it gives.

What forward shows is taken as what was meant: whether it gives a number or an array, whether rows
are independent, whether a loss is a mean. Backward and the laws are then held to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.ladder import BATCH, size_ladder
from trigrad.cases.sampling import filled
from trigrad.contracts.schema import Array, Contract, Domain, Promises
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import Backward, Build, Command, Forward, Odd, Raised
from trigrad.trial.own_forward import OwnForward
from trigrad.witnesses.twin import value_of_twin

BYTES = bytes(range(1, 251, 7))

NEAR = 3
"""How far from a size that works others are tried, beside those up to the largest drawn."""

MOST = 6
"""The most sizes of one symbol that are drawn."""

WIDE = 12
"""A size from which on only itself is drawn, so that a case stays small."""

EQUAL_ROWS = 8
"""So many rows have the same mask of two entries once in 16,000 times."""

SAME = 1e-9
"""Rows alone give the same as in a batch, as a share of the largest number."""


def observed(candidate: Candidate) -> Candidate | Unjudged:
    """The candidate with what its own forward shows; Unjudged if it can't be run."""
    contract = candidate.contract
    own = OwnForward(contract, candidate.face)
    candidate.face.start_clock(1.0)
    found = _that_works(contract, own)
    if isinstance(found, str):
        return Unjudged(candidate.name, candidate.where, found)
    case, output = found
    unlike = _unlike(contract, case, output)
    if unlike:
        return Unjudged(candidate.name, candidate.where, unlike)
    choices = _choices(contract, own, case)
    even = _even_alone(candidate, own, case, choices) if candidate.guessed else {}
    promises = Promises()
    if all(_rows_independent(contract, own, *each) for each in _several(contract, own, case)):
        promises = Promises(rows=True, mean=output.ndim == 0)
    row = replace(
        contract,
        output=() if output.ndim == 0 else None,
        own=own,
        choices=choices | even,
        promises=promises,
    )
    notes = list(candidate.notes)
    notes += [str(Message("guess.even", name=symbol)) for symbol in even]
    why = own.why_not_followed(case.arrays)
    if why:
        notes.append(str(Message("declared.differences_alone", why=why)))
    return replace(candidate, contract=row, notes=tuple(notes), traced=not why)


def _that_works(contract: Contract, own: OwnForward) -> tuple[Case, Array] | str:
    """A case on which forward gives numbers, and these; else why there is none."""
    why = ""
    for sizes in size_ladder(contract.symbols):
        case = _case(contract, sizes)
        output = own.output(case.arrays, sizes)
        if isinstance(output, np.ndarray) and output.size:
            return case, output
        if isinstance(output, Raised) and (output.unjudged or output.ended):
            return output.unjudged or output.sentence
        why = why or _why(output, case)
    return why


def _unlike(contract: Contract, case: Case, output: Array) -> str:
    """Why the function that the user says it is like cannot be; "" if it can."""
    if contract.twin is None:
        return ""
    try:
        twin = value_of_twin(contract, case)
    except Exception as error:  # noqa: BLE001 - whatever the user's function raises is said
        return str(Message("declared.like_raises", kind=type(error).__name__, words=str(error)))
    if twin.shape == output.shape:
        return ""
    return str(Message("declared.like_shape", found=str(twin.shape), own=str(output.shape)))


def _why(output: Array | Odd | Raised | None, case: Case) -> str:
    shapes = tuple(f"{n} {a.shape}" for n, a in case.arrays.items())
    if isinstance(output, Raised):
        return str(Message("declared.raises", raised=output.sentence, shapes=shapes))
    words = output.words if isinstance(output, Odd) else str(Message("nothing"))
    if isinstance(output, np.ndarray):
        words = str(Message("shape.array", shape=str(output.shape)))
    return str(Message("declared.no_numbers", found=words, shapes=shapes))


def _case(contract: Contract, sizes: dict[str, int], raw: bytes = BYTES) -> Case:
    """A case of these sizes, without dout."""
    return filled(replace(contract, output=(), own=None), sizes, raw, irrational=False)


def _choices(contract: Contract, own: OwnForward, case: Case) -> dict[str, tuple[int, ...]]:
    """The sizes of each symbol with which forward works, while the others stay."""
    choices: dict[str, tuple[int, ...]] = {}
    for symbol in contract.symbols:
        here = case.sizes[symbol]
        if here >= WIDE:
            choices[symbol] = (here,)
            continue
        near = range(max(1, here - NEAR), here + NEAR + 1)
        tried = sorted({*range(1, contract.largest + 1), *near})
        tried = [n for n in tried if n > 1 or symbol not in _of_classes(contract)]
        works = [n for n in tried if n == here or _works(contract, own, case, symbol, n)]
        if not set(range(1, contract.largest + 1)) <= set(works):
            choices[symbol] = tuple(works[:MOST])
    return choices


def _even_alone(
    candidate: Candidate, own: OwnForward, case: Case, choices: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """The even sizes of symbols with whose odd ones backward raises, though forward runs."""
    contract, found = candidate.contract, {}
    for symbol in contract.symbols:
        sizes = choices.get(symbol, tuple(range(1, contract.largest + 1)))
        if not (any(n % 2 for n in sizes) and any(n % 2 == 0 for n in sizes)):
            continue
        raised = [n for n in sizes if _raises(candidate, own, case, symbol, n)]
        if raised and raised == [n for n in sizes if n % 2]:
            found[symbol] = tuple(n for n in sizes if n % 2 == 0)
    return found


def _raises(candidate: Candidate, own: OwnForward, case: Case, symbol: str, size: int) -> bool:
    """Whether backward raises with this size."""
    contract = candidate.contract
    other = _case(contract, {**case.sizes, symbol: size})
    output = _output(own, other)
    if output is None:
        return False
    given = {v.name: other.arrays[v.name] for v in contract.parameters}
    operands = {v.name: other.arrays[v.name] for v in contract.operands}
    dout = np.ones_like(output) if output.ndim else None
    run: list[Command] = [Build(given, other.sizes), Forward(operands), Backward(dout)]
    return isinstance(candidate.face.run(run)[-1], Raised)


def _of_classes(contract: Contract) -> set[str]:
    """The sizes that count classes: of a single one the probability is 1, whatever a layer does."""
    domains = (Domain.PROBABILITY, Domain.ONE_HOT)
    return {v.shape[-1] for v in contract.variables if v.domain in domains and v.shape}


def _works(contract: Contract, own: OwnForward, case: Case, symbol: str, size: int) -> bool:
    other = _case(contract, {**case.sizes, symbol: size})
    output = own.output(other.arrays, other.sizes)
    return isinstance(output, np.ndarray) and output.size > 0


def _several(contract: Contract, own: OwnForward, case: Case) -> Iterator[tuple[Case, Array]]:
    """Cases of the same sizes with what forward gives: in one of them all units may be dead."""
    for raw in (BYTES, BYTES[::-1], BYTES[1::2] + BYTES[::2]):
        other = _case(contract, dict(case.sizes), raw)
        output = _output(own, other)
        if output is not None:
            yield other, output


def _rows_independent(contract: Contract, own: OwnForward, case: Case, output: Array) -> bool:
    """Whether forward treats each row for itself, and for a loss gives the mean of the rows."""
    batched = [v for v in contract.operands if BATCH in v.shape]
    others = [v for v in contract.variables if v not in batched and BATCH in v.shape]
    if not batched or others or any(v.shape[0] != BATCH or BATCH in v.shape[1:] for v in batched):
        return False
    count = case.sizes[BATCH]
    if count < 2 or (output.ndim and output.shape[0] != count):
        return False
    alone = [_output(own, case.rows(contract, [i])) for i in range(count)]
    each = [a for a in alone if a is not None and a.ndim == output.ndim]
    if len(each) < count or any(a.shape[1:] != output.shape[1:] for a in each):
        return False
    together = np.asarray(np.mean(each)) if output.ndim == 0 else np.concatenate(each)
    return _alike(together, output) and _same_of_same_rows(contract, own, case, each[0])


def _same_of_same_rows(contract: Contract, own: OwnForward, case: Case, alone: Array) -> bool:
    """Whether equal rows give equal outputs: a mask that is drawn for each may be alike for two."""
    output = _output(own, case.rows(contract, [0] * EQUAL_ROWS))
    if output is None:
        return True  # it does not take so many
    return _alike(alone if alone.ndim == 0 else np.repeat(alone, EQUAL_ROWS, axis=0), output)


def _output(own: OwnForward, case: Case) -> Array | None:
    output = own.output(case.arrays, case.sizes)
    return output if isinstance(output, np.ndarray) else None


def _alike(one: Array, other: Array) -> bool:
    if np.shape(one) != np.shape(other):
        return False
    largest = max(1.0, float(np.abs(other).max(initial=0.0)))
    with np.errstate(all="ignore"):  # infinities are not alike
        return bool(np.all(np.abs(one - other) <= SAME * largest))
