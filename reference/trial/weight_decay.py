"""Weight decay in the gradients of a layer: a convention, which is found by measuring it.

Where dout is 0, so is every gradient; of a layer with weight decay it is a multiple of the weight,
in every case the same one. Of a network the same is what is more than PyTorch finds, in its
gradients and perhaps in its loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.answers import Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import Array, Contract, Kind
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.candidate import Candidate
from trigrad.subject.decay_face import Decay
from trigrad.subject.face import Face
from trigrad.trial.readings import Settled
from trigrad.witnesses.twin import answer_of_twin

NAMES = re.compile(r"decay|regulari|(^|_)(wd|l2|reg|lambd|lambda|lamda|lam)(_|\d|$)", re.IGNORECASE)
"""Names in a text that say that weight decay is meant."""

POWERS = (0, -1, 1)
"""A rate may be divided by the batch size, or, where gradients are means, multiplied by it."""

DIGITS = 12
"""A rate is written with the fewest digits that fit, at most so many."""


def apart_from_decay(read: Settled) -> Settled:
    """The definition without its weight decay, with a note; as it is, where it has none.

    The decay is meant if the text has a name for it, or the loss of a network has its term. Else it
    is undecided.
    """
    candidate = read.candidate
    named = any(NAMES.search(name) for name in candidate.uses)
    candidate.face.start_clock(1.0)
    decay = decay_of(candidate.contract, candidate.face, named=named)
    if decay is None:
        return read
    terms = tuple(_term(name, rate, decay) for name, rate in decay.rates.items())
    note = Message("decay.in_loss" if decay.in_loss else "decay", terms=terms)
    meant = decay.in_loss or (named and candidate.contract.kind is not Kind.NETWORK)
    doubt = None if meant else _doubt(candidate, terms)
    return Settled(
        replace(candidate.apart_from(decay), notes=(*candidate.notes, str(note))),
        read.reading,
        read.undecided or doubt,
    )


def _term(name: str, rate: float, decay: Decay) -> str:
    batch = {0: "", -1: " / m", 1: " * m"}[decay.power]
    return f"{rate:.{DIGITS}g}{batch} * {name}"


def _doubt(candidate: Candidate, terms: tuple[str, ...]) -> Message:
    network = candidate.contract.kind is Kind.NETWORK
    return Message("decay.or_loss" if network else "decay.or_name", terms=terms)


def decay_of(contract: Contract, face: Face, *, named: bool) -> Decay | None:
    """The weight decay of a layer or network; None if it has none, or something else as well.

    A rate of 1 or more is no decay but a term too much. One below 0 is a decay with the wrong sign
    where its name says that it is meant (`named`), and nothing of this kind otherwise.
    """
    names = [v.name for v in contract.parameters if v.name in contract.gradients]
    if not names:
        return None
    cases = fresh_cases(contract, seed_for(0, f"the weight decay of {contract.name}"))
    seen = list(_more_than_due(contract, face, cases))
    if len(seen) < len(cases):
        return None
    batch = contract.operands[0].name
    loss = _in_loss(contract, seen, names) if contract.kind is Kind.NETWORK else None
    if loss is not None:
        rates, power = loss
        return Decay(rates, batch, power, in_loss=True)
    if contract.kind is Kind.NETWORK and not all(_is_zero(s.output, s.allowed) for s in seen):
        return None
    for power in POWERS:
        rates = {}
        for name in names:
            rate = _rate(_points(seen, name, power))
            if rate is not None and (0 < rate < 1 or (named and -1 < rate < 0)):
                rates[name] = abs(rate)
        if any(contract.variable(name).shape[1:] for name in rates):
            return Decay(rates, batch, power)
    return None


@dataclass(frozen=True)
class _More:
    """What a subject gives on one case beyond what is due without weight decay."""

    case: Case
    output: Array
    gradients: dict[str, Array]
    allowed: float
    """How far a right number may be off."""

    @property
    def size(self) -> float:
        return float(self.case.sizes.get("N", 1))


def _more_than_due(contract: Contract, face: Face, cases: Sequence[Case]) -> Iterator[_More]:
    """What is given on each case beyond what is due, for a layer with a dout of zeros.

    It ends at the first case on which something is not there.
    """
    network = contract.kind is Kind.NETWORK
    for case in cases:
        asked = case if case.dout is None else case.with_dout(np.zeros_like(case.dout))
        answers = Answers(contract, face, asked)
        results = face.run(answers.whole())
        due = answer_of_twin(contract, asked)
        try:
            output = answers.output_from(results[1], asked) - due.output if network else due.output
            gradients = {
                v.name: answers.gradient_from(results[2], v.name, asked) - due.gradients[v.name]
                for v in contract.parameters
                if v.name in contract.gradients
            }
        except AbsentError:
            return
        dtypes = [each for each in gradients.values() if each.dtype.kind == "f"]
        yield _More(case, output, gradients, _allowed(contract, asked, dtypes))


def _allowed(contract: Contract, case: Case, results: Sequence[Array]) -> float:
    """What a number may be off; without dout nothing is summed, and it is a rounding alone."""
    if contract.kind is Kind.NETWORK:
        return tolerance.allowed(contract, case, *results)
    return max((float(np.finfo(each.dtype).eps) for each in results), default=0.0)


_Point = tuple[Array, Array, float]
"""What there is, what it may be a multiple of, and how far it may be off."""


def _points(seen: Iterable[_More], name: str, power: int) -> list[_Point]:
    return [(s.gradients[name], s.size**power * s.case.parameters[name], s.allowed) for s in seen]


def _in_loss(
    contract: Contract, seen: Sequence[_More], names: Sequence[str]
) -> tuple[dict[str, float], int] | None:
    """The rates of which the loss has the term, for all matrices or all parameters."""
    matrices = [name for name in names if len(contract.variable(name).shape) > 1]
    for power in POWERS:
        for chosen in (matrices, list(names)):
            points = [
                (s.output, s.size**power * _half_squares(s.case, chosen), s.allowed) for s in seen
            ]
            rate = _rate(points)
            if rate is not None and rate > 0:
                return dict.fromkeys(chosen, rate), power
    return None


def _half_squares(case: Case, names: Iterable[str]) -> Array:
    return np.asarray(sum(float(np.sum(case.parameters[n] ** 2)) for n in names) / 2)


def _is_zero(array: Array, allowed: float) -> bool:
    return bool(np.all(np.abs(array) <= allowed))


def _rate(points: Sequence[_Point]) -> float | None:
    """The one factor with which all that there is are multiples; None if there is none."""
    is_, of, allowed = (
        np.concatenate([np.ravel(p[0]) for p in points]).astype(np.float64),
        np.concatenate([np.ravel(p[1]) for p in points]),
        np.concatenate([np.full(np.size(p[0]), p[2]) for p in points]),
    )
    if not np.isfinite(is_).all() or bool(np.all(np.abs(is_) <= allowed)) or not np.any(of):
        return None
    rate = float(is_ @ of / (of @ of))
    for digits in range(1, DIGITS + 1):
        shorter = float(f"{rate:.{digits}g}")
        # A product and a sum may each be rounded, in the terms' own size.
        if bool(np.all(np.abs(is_ - shorter * of) <= allowed * np.maximum(1.0, np.abs(of)))):
            return shorter
    return None
