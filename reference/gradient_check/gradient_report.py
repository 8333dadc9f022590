"""The report of `gradcheck`, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.messages import Message, joined

SHOWN = 8
"""How many wrong entries of a parameter are printed; all that were found are in `wrong`."""

SHOWN_OF_MANY = 3
"""The same where more than two parameters are wrong."""

NAMED = 6
"""How many parameters are named in the repr of a report."""


ALL_WRONG = Message("gc.all_wrong")

ROUGH = 8
"""A resolution is rough if it is more than the largest entry divided by this."""


@dataclass(frozen=True)
class Wrong:
    """An entry of a gradient that is not the derivative of the loss.

    `grads[name][index]` is `is_` and should be `should_be`, which is known to `error` by its own
    estimate. Where entries are wrong by too little to be identified, `index` is None and the
    numbers are those of the whole array along a random direction.
    """

    name: str
    index: tuple[int, ...] | None
    is_: float
    should_be: float
    error: float

    @property
    def proven(self) -> bool:
        """Whether the two are farther apart than the error."""
        return not abs(self.is_ - self.should_be) <= self.error

    def __str__(self) -> str:
        place = _called(self.name)
        place += f"[{', '.join(map(str, self.index))}]" if self.index else ""
        if self.index is None:
            place = str(Message("gc.along", place=place))
        is_, should_be = _telling(self.is_, self.should_be)
        error = f"{self.error:.1g}"
        return str(Message("gc.is", place=place, is_=is_, should_be=should_be, error=error))


def _called(name: str) -> str:
    """An array's name; one that is only a position would read as a number: `grads[0]`."""
    return f"grads[{name}]" if str(name).isdecimal() else str(name)


def _telling(one: float, other: float) -> tuple[str, str]:
    """Two numbers with enough digits to see where they differ, and two more."""
    if not np.isfinite(one) or one == other:
        return f"{one + 0.0:.6g}", f"{other + 0.0:.6g}"
    apart = np.log10(max(abs(one), abs(other)) / abs(one - other))
    digits = min(17, max(4, int(np.ceil(apart)) + 3))
    return f"{one + 0.0:.{digits}g}", f"{other + 0.0:.{digits}g}"  # + 0.0: no entry is "-0"


@dataclass(frozen=True, eq=False, repr=False)
class GradientReport:
    """The result of `gradcheck`. In a condition it is true if it is `ok`.

    `print(report)` shows all of it; its repr is one line.

    Attributes:
        wrong: entries that are not the derivative. All of them where there are few; a sample
            where most of an array is wrong (`patterns` then says how).
        patterns: for a parameter whose gradient is wrong, what its wrong entries have in common.
        inconclusive: for a parameter that could not be judged, the reason.
        resolution: for each parameter that was judged, the error that would have been caught in
            any one entry.
        evaluations: how often the loss was computed.
        shapes: of the parameters.
        largest: of each gradient, the largest absolute value.
        numerical, errors: with `every_entry`, the numerical gradient of each parameter and how
            far each of its entries may be off, both in the parameter's shape. Otherwise empty.
        explained: whether one of the patterns says what happened to a gradient.
    """

    wrong: tuple[Wrong, ...]
    patterns: MappingProxyType[str, str]
    inconclusive: MappingProxyType[str, str]
    resolution: MappingProxyType[str, float]
    evaluations: int
    shapes: MappingProxyType[str, tuple[int, ...]]
    largest: MappingProxyType[str, float]
    numerical: MappingProxyType[str, Array]
    errors: MappingProxyType[str, Array]
    explained: bool

    @property
    def ok(self) -> bool:
        """Whether every gradient was judged, and none is wrong."""
        return not self.wrong and not self.inconclusive

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        not_right = [_called(n) for n in self.shapes if n in {**self.patterns, **self.inconclusive}]
        names = ", ".join(not_right[:NAMED]) + (", …" if len(not_right) > NAMED else "")
        more = f": {Message('gc.more', names=names)}" if names else ""
        return f"<GradientReport: {self._verdict()}{more}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a notebook shows for a report in the last line of a cell."""
        printer.text("…" if cycle else str(self))

    def __getstate__(self) -> dict[str, Any]:
        """Copies and pickles hold plain dicts: a mappingproxy cannot be pickled."""
        return {
            name: dict(value) if isinstance(value, MappingProxyType) else value
            for name, value in vars(self).items()
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            held = MappingProxyType(value) if isinstance(value, dict) else value
            object.__setattr__(self, name, held)

    def _verdict(self) -> str:
        if self.ok:
            return str(Message("gc.ok"))
        wrong = len({w.name for w in self.wrong})
        parts = [Message("gc.wrong_of", wrong=wrong, count=len(self.shapes))] if wrong else []
        undecided = len(self.inconclusive)
        parts += [Message("gc.undecided", count=undecided)] if undecided else []
        return joined("list.counts", map(str, parts))

    def __str__(self) -> str:
        wrong = {w.name for w in self.wrong}
        shown = SHOWN if len(wrong) <= 2 else SHOWN_OF_MANY
        often = self.evaluations
        head = Message("gc.head", verdict=self._verdict(), evaluations=f"{often:,}", count=often)
        lines = [str(head)]
        for name, shape in self.shapes.items():
            if name in wrong:
                lines += self._wrong_lines(name, shape, shown)
            elif name in self.inconclusive:
                lines.append(f"? {_called(name)} {shape}: {self.inconclusive[name]}")
            elif name in self.resolution:
                lines.append(f"✓ {_called(name)} {shape}: {self._known(name)}")
            else:
                lines.append(f"✓ {_called(name)} {shape}: {Message('gc.no_entries')}")
        if len(wrong) == len(self.shapes) > 1 and not self.explained:
            lines.append(str(ALL_WRONG))
        return "\n".join(lines)

    def _known(self, name: str) -> Message:
        """What is known of a gradient that is right: how large an error would have shown."""
        rough = self.resolution[name] > self.largest[name] / ROUGH
        key = "gc.only_would_show" if rough else "gc.would_show"
        size, largest = f"{self.resolution[name]:.1g}", f"{self.largest[name]:.2g}"
        return Message("gc.no_entry" if name in self.numerical else key, size=size, largest=largest)

    def _wrong_lines(self, name: str, shape: tuple[int, ...], shown: int) -> list[str]:
        found = [w for w in self.wrong if w.name == name]
        lines = [f"✗ {_called(name)} {shape}: {self.patterns[name]}"]
        lines += [f"    {w}" for w in found[:shown]]
        if len(found) > shown:
            more = Message("gc.more_wrong", number=f"{len(found) - shown:,}")
            lines.append(f"    {more}")
        return lines


@dataclass
class Findings:
    """What was found so far, by parameter."""

    wrong: dict[str, list[Wrong]] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    inconclusive: dict[str, str] = field(default_factory=dict)
    resolution: dict[str, float] = field(default_factory=dict)
    numerical: dict[str, Array] = field(default_factory=dict)
    errors: dict[str, Array] = field(default_factory=dict)
    explained: bool = False

    def refute(self, name: str, wrong: list[Wrong], pattern: str, *, explained: bool) -> None:
        """The gradient of a parameter is wrong; `explained`: the pattern says what happened."""
        self.wrong[name] = wrong
        self.patterns[name] = pattern
        self.explained |= explained

    def report(
        self, shapes: dict[str, tuple[int, ...]], largest: dict[str, float], evaluations: int
    ) -> GradientReport:
        """The report on these findings."""
        return GradientReport(
            wrong=tuple(w for name in shapes for w in self.wrong.get(name, [])),
            patterns=MappingProxyType(self.patterns),
            inconclusive=MappingProxyType(self.inconclusive),
            resolution=MappingProxyType(self.resolution),
            evaluations=evaluations,
            shapes=MappingProxyType(shapes),
            largest=MappingProxyType(largest),
            numerical=MappingProxyType(self.numerical),
            errors=MappingProxyType(self.errors),
            explained=self.explained,
        )
