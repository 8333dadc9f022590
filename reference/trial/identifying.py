"""Whether a declared or guessed layer computes a function that is known: the shelf's.

What a guess says of inputs is then confirmed, and forward has something that it should be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.sampling import filled
from trigrad.contracts.schema import WHOLE_NUMBERS, Array, Contract, Domain, Kind, Variable
from trigrad.contracts.shelf.of_rows import OF_ROWS
from trigrad.contracts.shelf.registry import SHELF, known_as
from trigrad.contracts.shelf.schema import Known, Seen, Way
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.candidate import Candidate
from trigrad.trial.own_forward import OwnForward, sizes_of

if TYPE_CHECKING:
    import torch

CASES = 3
"""On at least so many cases a forward has to be the known function."""

OUTPUTS = (1, 2, 3)
"""How many of the outputs of a known function a layer may give."""

SIZES = (3, 2, 4, 5)
"""From these the sizes are taken of what works with all of them: no 1, which hides an axis."""

TRIED = 8
"""So many combinations of sizes are tried to find a case."""

NEAR = 200
"""So many ways of a function are compared with a forward that is none of them."""

AS_NEAR = 2.0
"""Up to this multiple of the least distance a more usual way counts as near."""

SAME = 1e-6
"""What is always more by a constant differs from it by no larger share."""

EQUAL = 0.001
"""Distances that differ by no more count as one."""

BYTES = bytes((37 * i + 11) % 251 for i in range(251))


@dataclass(frozen=True)
class Identified:
    """A layer whose forward computes a known function; the row has it as its twin."""

    candidate: Candidate
    known: Known
    way: Way
    named: bool
    """Whether it has a name of that function."""
    cases: tuple[Case, ...]
    """The cases on which it was seen: every choice of settings is among them."""
    varied: Mapping[str, str] = field(default_factory=dict)
    """The keywords of the settings that vary from case to case, by the names of arguments."""
    only_as_made: str = ""
    """A setting with which forward runs, and is another function."""

    @property
    def words(self) -> tuple[Message, ...]:
        """In which way it computes the function, and what varies."""
        row = self.candidate.contract
        return (*self.way.words, *map(_values, (v for v in row.variables if v.name in self.varied)))


def identified(
    candidate: Candidate,
    varied: Mapping[str, str] | None = None,
    meant: Sequence[Known] = (),
) -> Identified | None:
    """The layer with the function that its forward computes on all cases; None if none fits.

    `varied` has the keywords of settings that vary from case to case, by the names of arguments.
    What is `meant` by its name is tried first, with what else has one of its names.
    """
    contract = candidate.contract
    if contract.kind is not Kind.LAYER or contract.twin is not None:
        return None
    own = OwnForward(contract, candidate.face)
    cases = _cases(contract, own)
    if not cases:
        return None
    named = (*meant, *known_as(names_of(candidate)))
    keywords = set((varied or {}).values())
    others = [known for known in SHELF if known not in named and not known.only_named]
    # A window of one entry or a stride of 1 may hide a simpler function, such as the identity.
    others.sort(key=lambda known: len(known.settings))
    for known in (*named, *others, *OF_ROWS):
        if not keywords <= {setting.keyword for setting in known.settings}:
            continue
        for way in known.ways(_seen(contract, own, *cases[0], varied or {})):
            for several in OUTPUTS if cases[0][1].ndim == 1 else OUTPUTS[:1]:
                twin = _twin(contract, way, varied or {}, several)
                if all(_fits(contract, twin, *each) for each in cases):
                    row = with_twin(contract, known, twin, named=known in named)
                    layer = replace(candidate, contract=row)
                    seen_on = tuple(case for case, _ in cases)
                    return Identified(layer, known, way, known in named, seen_on, varied or {})
    return None


def is_comparable(candidate: Candidate, known: Known) -> bool:
    """Whether a function can be computed of what the layer takes, with an output of its shape."""
    contract = candidate.contract
    own = OwnForward(contract, candidate.face)
    cases = _cases(contract, own)
    if not cases:
        return False
    case, output = cases[0]
    ways = known.ways(_seen(contract, own, case, output, {}))
    found = (_given(contract, _twin(contract, way, {}), case) for way in ways)
    return any(each is not None and each.shape == output.shape for each in found)


def doubt_about(found: Identified) -> Message | None:
    """What its name says against the function that it is; None if nothing."""
    name = found.candidate.name
    told = name.lower().replace("_", "")
    word = next((word for word in found.way.at_odds_with if word in told), "")
    if word:
        return Message("shelf.at_odds", word=word, name=name)
    if found.only_as_made:
        return Message("shelf.only_as_made", setting=found.only_as_made, name=found.known.name)
    meant = [k.name for k in known_as(names_of(found.candidate)) if k.name in found.known.kin]
    if meant and not found.named:
        return Message("shelf.another", meant=meant[0], name=found.known.name)
    return None


def nearest(candidate: Candidate, written: tuple[float, ...]) -> Identified | None:
    """The layer with the known function of its name to which its forward comes nearest.

    None if there is none whose outputs have its shapes. `written` are numbers in its text.
    """
    contract = candidate.contract
    own = OwnForward(contract, candidate.face)
    cases = _cases(contract, own)
    ways: list[tuple[float, Known, Way, Twin]] = []
    for known in known_as(names_of(candidate)) if cases else ():
        seen = replace(_seen(contract, own, *cases[0], {}), written=written)
        for way in islice(known.ways(seen), NEAR):
            for several in OUTPUTS if cases[0][1].ndim == 1 else OUTPUTS[:1]:
                twin = _twin(contract, way, {}, several)
                off = _furthest(contract, twin, cases)
                if np.isfinite(off):
                    ways.append((off, known, way, twin))
    if not ways:
        return None
    # A wrong forward is by chance a little nearer to an unusual way; the most usual comes first.
    least = min(off for off, *_ in ways)
    _, known, way, twin = next(each for each in ways if each[0] <= AS_NEAR * least + EQUAL)
    row = with_twin(contract, known, twin, named=True)
    layer = replace(candidate, contract=row, supposed=True)
    return Identified(layer, known, way, True, tuple(case for case, _ in cases))


def constant_more(found: Identified) -> float:
    """By how much a loss is always more than the known one of its name; 0 if it is not always."""
    row = found.candidate.contract
    assert row.twin is not None, "it is the known one"
    own = OwnForward(row, found.candidate.face)
    more = []
    for case in found.cases:
        output, due = own.output(case.arrays, case.sizes), _given(row, row.twin, case)
        if due is None or not isinstance(output, np.ndarray) or output.ndim or due.shape:
            return 0.0
        more.append(float(output - due))
    constant = float(np.median(more))
    same = np.allclose(more, constant, rtol=SAME, atol=0) and abs(constant) > SAME
    return float(f"{constant:.6g}") if same else 0.0


def _furthest(contract: Contract, twin: Twin, cases: Sequence[tuple[Case, Array]]) -> float:
    """How unlike outputs are to those of a function, from 0 to 1; infinite with another shape."""
    pairs = [(_given(contract, twin, case), output) for case, output in cases]
    alike = [(f, o) for f, o in pairs if f is not None and f.shape == o.shape]
    if len(alike) < len(pairs) or not all(np.isfinite(f).all() for f, _ in alike):
        return np.inf
    if all(output.ndim == 0 for _, output in cases):  # one number says nothing by itself
        return _distance(*(np.asarray(several) for several in zip(*alike, strict=True)))
    return max(_distance(*each) for each in alike)


def _distance(found: Array, output: Array) -> float:
    """The same of one array.

    A factor or a constant makes no difference: sums are nearer to means of the same windows than
    to those of others.
    """
    one, other = found.ravel() - found.mean(), output.ravel() - output.mean()
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return 1 - abs(float(one @ other)) / lengths if lengths else 1.0


def _values(setting: Variable) -> Message:
    least, greatest = setting.between
    values = tuple(map(str, range(least, greatest + 1)))
    return Message("shelf.varied", name=setting.name, values=values)


def names_of(candidate: Candidate) -> list[str]:
    """The names of what it is made of: of a class, or of two functions."""
    return candidate.name.partition(" with ")[0].split("/")


Twin = Callable[..., "torch.Tensor"]


def with_twin(contract: Contract, known: Known, twin: Twin, *, named: bool) -> Contract:
    """The row with a known function as its twin."""
    notation = replace(contract.notation, usual=known.usual)
    name = known.name if named else contract.name
    return replace(contract, name=name, twin=twin, notation=notation)


def _twin(contract: Contract, way: Way, varied: Mapping[str, str], several: int = 1) -> Twin:
    """The way as a function of all variables of the row.

    Of its outputs it gives the first, or the numbers of the first `several` in one array.
    """
    names = [v.name for v in contract.variables]

    def twin(*tensors: torch.Tensor) -> torch.Tensor:
        import torch

        given = dict(zip(names, tensors, strict=True))
        settings = {keyword: int(given[name]) for name, keyword in varied.items()}
        found = way.twin(*(given[name] for name in way.arrays), **settings)
        outputs = found if isinstance(found, tuple) else (found,)
        if several == 1 or len(outputs) < several:
            return outputs[0]
        return torch.cat([output.reshape(-1) for output in outputs[:several]])

    return twin


def _cases(contract: Contract, own: OwnForward) -> list[tuple[Case, Array]]:
    """Cases of different sizes with what forward gives there, with every choice of settings.

    None if there is a choice with which it gives nothing.
    """
    whole = [v for v in contract.variables if v.domain is Domain.WHOLE]
    chosen = list(product(*(range(v.between[0], v.between[1] + 1) for v in whole)))
    # The last ones first: with a stride of 2 and padding, fewer functions give the same.
    choices = [dict(zip([v.name for v in whole], each, strict=True)) for each in chosen[::-1]]
    several = max(CASES, len(choices))
    found: list[tuple[Case, Array]] = []
    for number in range(several):
        case = _case(contract, own, number, choices[number % len(choices)])
        if case is None:
            return []
        found.append(case)
    return found


def _case(
    contract: Contract, own: OwnForward, number: int, settings: Mapping[str, int]
) -> tuple[Case, Array] | None:
    options = {s: contract.choices.get(s) or SIZES for s in contract.symbols}
    for turn in range(number, number + TRIED):
        sizes = {
            symbol: several[(place + turn) % len(several)]
            for place, (symbol, several) in enumerate(options.items())
        }
        raw = BYTES[turn:] + BYTES[:turn]
        given = {name: np.asarray(value) for name, value in settings.items()}
        row = replace(contract, output=())
        case = filled(row, sizes, raw, irrational=True).with_values(**given)
        output = own.output(case.arrays, sizes)
        if isinstance(output, np.ndarray) and output.size and np.isfinite(output).all():
            row = replace(contract, output=tuple(map(str, output.shape)))  # for dout
            return filled(row, sizes, raw, irrational=True).with_values(**given), output
    return None


def _seen(
    contract: Contract, own: OwnForward, case: Case, output: Array, varied: Mapping[str, str]
) -> Seen:
    labels = frozenset(v.name for v in contract.variables if v.domain is Domain.LABEL)
    settings = {keyword: int(case.arrays[name]) for name, keyword in varied.items()}
    whole = {v.name for v in contract.variables if v.domain is Domain.WHOLE}
    arrays = {name: array for name, array in case.arrays.items() if name not in whole}

    def ask(given: Mapping[str, Array]) -> Array | None:
        whole = {**case.arrays, **given}
        found = own.output(whole, sizes_of(contract, whole))
        return found if isinstance(found, np.ndarray) else None

    return Seen(arrays, output, labels, settings, ask)


def _fits(contract: Contract, twin: Twin, case: Case, output: Array) -> bool:
    """Whether the function gives the output of a case."""
    found = _given(contract, twin, case)
    if found is None or found.shape != output.shape:
        return False
    with np.errstate(all="ignore"):
        off = np.abs(found - output)
        return bool(np.all(off <= tolerance.allowed(contract, case, output)))


def _given(contract: Contract, twin: Twin, case: Case) -> Array | None:
    """What the function gives; None where PyTorch refuses arrays of these shapes."""
    import torch

    whole = {v.name for v in contract.variables if v.domain in WHOLE_NUMBERS}
    tensors = [
        torch.tensor(array, dtype=torch.int64 if name in whole else torch.float64)
        for name, array in case.arrays.items()
    ]
    try:
        return np.asarray(twin(*tensors).numpy())
    except (RuntimeError, IndexError):  # so PyTorch says that shapes do not go together
        return None
