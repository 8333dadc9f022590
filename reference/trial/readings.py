"""In which of its contract's readings a definition is meant: its results decide, if possible."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.sampling import large_case
from trigrad.claim.answers import Answers
from trigrad.claim.evidence import AbsentError
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.registry import contract_named
from trigrad.contracts.schema import (
    Array,
    Contract,
    Decision,
    GradientScale,
    Reading,
    Settings,
    Sign,
)
from trigrad.messages import Message, joined
from trigrad.numerics import tolerance
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Build, Face, Forward, Raised, Returned
from trigrad.subject.reading_face import ReadingFace
from trigrad.trial.gradient_scales import AS_THEY_ARE, scales_that_fit
from trigrad.trial.other_functions import another_function
from trigrad.witnesses.twin import value_of_twin


@dataclass(frozen=True)
class Settled:
    """A definition in the reading in which it is judged."""

    candidate: Candidate
    reading: Reading | None = None
    """None: the row itself."""
    undecided: Message | None = None
    """Why it is not known whether this reading is meant."""
    another: Message | None = None
    """Why it may be another function, which is not judged."""

    @property
    def sign(self) -> Sign | None:
        """What it shows of the axis of samples in its file; None if it shows nothing."""
        row = self.candidate.contract
        if not row.promises.rows:  # one sample has no axis of samples
            return None
        if row.promises.either_axis:
            return None
        if self.undecided or not (row.parameters or row.promises.mean or row.promises.row_sum):
            return None
        return Sign.COLUMNS if self.reading and self.reading.columns else Sign.ROWS


SEEDS = (0, 1)
"""Of the large cases: in one of them the few targets may be all alike."""

NAMES = Message("reading.names")
"""Why the order of operands is undecided where names and results say different things."""


def settled(candidate: Candidate, signs: Callable[[], Collection[Sign]] = tuple) -> Settled:
    """The candidate with the row whose output it gives, and a note on how it is read.

    `signs` finds what the rest of its file shows. If its output is that of no reading which these
    allow, the row stays that which the names in its text suggest.
    """
    if candidate.contract.declaration:
        return Settled(candidate)
    base = contract_named(candidate.contract.name)
    found = settled_by_output(candidate, signs)
    if base is None or candidate.unimplemented or found.another or not base.readings.scales:
        return found
    return by_gradients(found, base.readings.scales, signs)


def by_gradients(
    found: Settled,
    scales: Sequence[GradientScale],
    signs: Callable[[], Collection[Sign]],
    case: Case | None = None,
) -> Settled:
    """The same, if need be with gradients that are right beside something else in its file.

    They are looked at on a case: the large one, if none is given.
    """
    candidate, reading = found.candidate, found.reading
    fitting = scales_that_fit(candidate.face, candidate.contract, scales, case)
    if not fitting or fitting == [AS_THEY_ARE]:
        return found
    seen = signs()
    for scale in fitting:
        decisions = [c.decide(seen) for c in scale.conditions]
        if Decision.REFUSED not in decisions:
            break
    else:
        return found
    plain = reading or Reading("", (), candidate.contract)
    doubts = [
        condition.words
        for condition, decision in zip(scale.conditions, decisions, strict=True)
        if decision is Decision.UNDECIDED
    ]
    doubt = next(iter(doubts), None)
    note = str(understood_as(scale.words))
    # What its face already does for the reading it does no second time.
    key = ", ".join(word.key.removeprefix("reading.") for word in scale.words)
    factor = Reading(key, scale.words, candidate.contract, scale=scale)
    read = candidate.read_as(factor)
    both = replace(plain, scale=scale)
    return replace(
        found,
        candidate=replace(read, reading=both, notes=(*candidate.notes, note)),
        reading=both,
        undecided=found.undecided or doubt,
    )


def settled_by_output(
    candidate: Candidate, signs: Callable[[], Collection[Sign]] = tuple
) -> Settled:
    """The candidate with the row whose output it gives, whatever its gradients are."""
    base = contract_named(candidate.contract.name)
    several = base is not None and (base.readings.others or base.readings.settings)
    if base is None or not several or candidate.unimplemented:
        return Settled(candidate)
    suggested = next(
        (r for r in base.readings.others if r.contract is candidate.contract and r.keyword), None
    )
    outputs = _Outputs(candidate.face)
    first = base.readings.settings is not None and base.readings.settings.first
    measured = outputs.measured(base, signs) if first else None
    if measured is not None:
        return _read(candidate, measured)
    if outputs.fit(candidate.contract):
        plain = suggested.words if suggested is not None else ()
        turned = _by_names(outputs, base, plain, signs)
        if turned is not None:
            return _read(candidate, turned)
        swapped = any(reading.order for reading in base.readings.others)
        doubt = NAMES if swapped and Sign.NAMED_FIRST in signs() else None
        return _read(candidate, suggested, undecided=doubt)
    if suggested is not None and outputs.fit(base):
        return _read(replace(candidate, contract=base), None)
    by_output: list[Reading] = []
    for reading in base.readings.others:
        if reading is suggested or not outputs.fit_reading(reading):
            continue
        reading = _by_names(outputs, base, reading.words, signs) or reading
        decisions = {c: c.decide(signs()) for c in reading.conditions}
        if Decision.REFUSED in decisions.values():
            continue
        doubtful = Decision.UNDECIDED in decisions.values()
        if (doubtful or reading.by_gradients) and not _has_gradients(candidate.face, reading):
            by_output += [] if doubtful or reading.reduced else [reading]
            continue
        doubts = [c.words for c, d in decisions.items() if d is Decision.UNDECIDED]
        named = Sign.NAMED_LAST if reading.order else Sign.NAMED_FIRST
        alike = any(r.order for r in _alike(outputs, base, reading.words))
        doubts += [NAMES] if named in signs() and not alike else []
        return _read(candidate, reading, undecided=next(iter(doubts), None))
    measured = outputs.measured(base, signs)
    if measured is not None:
        return _read(candidate, measured)
    if by_output:
        return _read(candidate, by_output[0])
    another = None if candidate.chosen else another_function(candidate.face, base, signs())
    if another is not None:
        return Settled(candidate, another=another)
    return _read(candidate, suggested or _likeliest(outputs, base, signs()))


def _alike(outputs: _Outputs, base: Contract, words: tuple[Message, ...]) -> Iterator[Reading]:
    """The same reading with the targets first, where its value does not show the order."""
    for reading in base.readings.others:
        if reading.order and reading.words[1:] == words and outputs.fit_reading(reading):
            yield reading


def _by_names(
    outputs: _Outputs,
    base: Contract,
    words: tuple[Message, ...],
    signs: Callable[[], Collection[Sign]],
) -> Reading | None:
    """The reading in which the targets come first, if only names can say so and they do."""
    found = next(_alike(outputs, base, words), None)
    return found if found is not None and Sign.TARGETS_FIRST in signs() else None


def _has_gradients(face: Face, reading: Reading) -> bool:
    """Whether the gradients are those of a reading, perhaps in another scale; or there are none."""
    row = reading.contract
    scales = row.readings.scales
    return not row.gradients or bool(scales_that_fit(ReadingFace(face, reading), row, scales))


def _likeliest(outputs: _Outputs, base: Contract, signs: Collection[Sign]) -> Reading | None:
    """The reading of something that is right in none; None: the row itself.

    It is the one in which the output is finite, if there is one. Of several it is that for which
    most of what shows it is seen; else the row itself.
    """

    def rank(reading: Reading) -> tuple[bool, int]:
        output = outputs.of_reading(reading)
        seen = len(reading.meant_by & set(signs))
        return _finite(output), seen - len(reading.meant_by - set(signs))

    possible = [
        reading
        for reading in base.readings.others
        if all(c.decide(signs) is Decision.ACCEPTED for c in reading.conditions)
    ]
    found = max(possible, key=rank, default=None)
    as_it_is = _finite(outputs.of(base)) or not outputs.raises(base), 0
    return found if found is not None and rank(found) > as_it_is else None


def output_is_of(face: Face, row: Contract) -> bool:
    """Whether a forward gives the output of a row."""
    return _Outputs(face).fit(row)


def _finite(output: Array | None) -> bool:
    return output is not None and bool(np.isfinite(output).all())


def understood_as(words: Iterable[Message]) -> Message:
    """In which reading something is judged; a part of it may be a list itself."""
    return Message("reading", words=joined("list.sentences", map(str, words)))


def _read(
    candidate: Candidate, reading: Reading | None, undecided: Message | None = None
) -> Settled:
    if reading is None:
        return Settled(candidate, undecided=undecided)
    note = understood_as(reading.words)
    read = replace(candidate.read_as(reading), notes=(*candidate.notes, str(note)))
    return Settled(read, reading, undecided)


class _Outputs:
    """The outputs of a face on the large cases of rows, each computed once.

    Many rows have the same operands, and differ only in what is due.
    """

    def __init__(self, face: Face) -> None:
        self._face = face
        self._known: dict[Hashable, tuple[Case, Array | None]] = {}

    def fit(self, row: Contract) -> bool:
        """Whether the output is that of a row, on cases so large that each row has another one."""
        return all(_right(row, *self._once(self._face, row, seed)) for seed in SEEDS)

    def fit_reading(self, reading: Reading) -> bool:
        """Whether it is that of a reading, and the operands of another one are refused."""
        row = reading.contract
        if not all(_right(row, *self._called(reading, seed)) for seed in SEEDS):
            return False
        if reading.instead_of is None:
            return True
        if reading.numbers:
            return self.of(reading.instead_of) is None
        return self.of_reading(replace(reading, contract=reading.instead_of)) is None

    def of(self, row: Contract) -> Array | None:
        """The output; None if forward raises or gives another shape."""
        return self._once(self._face, row, SEEDS[0])[1]

    def of_reading(self, reading: Reading) -> Array | None:
        """The same of what is called as a reading says."""
        return self._called(reading, SEEDS[0])[1]

    def _called(self, reading: Reading, seed: int) -> tuple[Case, Array | None]:
        face = ReadingFace(self._face, reading)
        called = reading.order, reading.columns, reading.reduced
        return self._once(face, reading.contract, seed, *called)

    def measured(self, base: Contract, signs: Callable[[], Collection[Sign]]) -> Reading | None:
        """The row with the numbers that its writer has chosen, as forward shows them."""
        settings = base.readings.settings
        if settings is None:
            return None
        plain = (r for r in base.readings.others if r.numbers)
        for called in (None, *plain):
            row = _with_measured(settings, self._face, called)
            if row is None:
                continue
            words = (*settings.words, *map(_setting, settings.names, row.settings))
            if called is None and self.fit(row):
                return Reading("setting", words, row)
            for reading in row.readings.others if called is not None else ():
                refused = (c.decide(signs()) is Decision.REFUSED for c in reading.conditions)
                if self.fit_reading(reading) and not any(refused):
                    return replace(reading, words=(*words, *reading.words))
        return None

    def raises(self, row: Contract) -> bool:
        """Whether forward raises, or gives what is no finite number."""
        result = self._face.run(Answers(row, self._face, large_case(row, 0)).whole()[:2])[1]
        if isinstance(result, Raised):
            return True
        value = result.values.get(OUTPUT.key)
        return isinstance(value, np.ndarray) and not np.isfinite(value).all()

    def _once(
        self, face: Face, row: Contract, seed: int, *called: Hashable
    ) -> tuple[Case, Array | None]:
        key = (row.variables, row.output, tuple(row.smallest.items()), seed, *called)
        if key not in self._known:
            case = large_case(row, seed)
            self._known[key] = case, _output(face, row, case)
        return self._known[key]


def _setting(name: str, number: float) -> Message:
    return Message("reading.setting", name=name, value=f"{number:g}")


def _with_measured(settings: Settings, face: Face, called: Reading | None) -> Contract | None:
    """The row with the numbers that forward shows; None where it shows none that may be meant.

    `called`: how forward takes plain numbers, where it takes no arrays.
    """
    found = []
    for at in [settings.at] if called is None else np.hsplit(settings.at, settings.at.shape[1]):
        here = face if called is None else ReadingFace(face, called)
        here.start_clock(1.0)
        result = here.run([Build(), Forward({"x": at, **settings.beside})])[1]
        value = result.values.get(OUTPUT.key) if isinstance(result, Returned) else None
        if not isinstance(value, np.ndarray) or value.shape != at.shape:
            return None
        found.append(value)
    out = np.hstack(found)
    if out.dtype.kind != "f" or not np.isfinite(out).all():
        return None
    numbers = settings.measured(out)
    if numbers is None:
        return None
    eps = float(np.finfo(out.dtype).eps)
    return settings.row(*(tolerance.shortest(number, eps) for number in numbers))


def _right(row: Contract, case: Case, is_: Array | None) -> bool:
    if is_ is None:
        return False
    with np.errstate(all="ignore"):
        off = np.abs(is_ - value_of_twin(row, case))
        return bool(np.all(off <= tolerance.allowed(row, case, is_)))


def _output(face: Face, row: Contract, case: Case) -> Array | None:
    """The output on a case; None if forward raises or gives another shape."""
    answers = Answers(row, face, case)
    face.start_clock(1.0)
    try:
        return answers.output_from(face.run(answers.whole()[:2])[1], case)
    except AbsentError:
        return None
