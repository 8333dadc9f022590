"""How the settings of an optimiser are passed, and which of them are read from its text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from trigrad.contracts.optimisers import Optimiser, Rules

SETTINGS: Mapping[str, float] = {
    "lr": 0.1,
    "momentum": 0.75,
    "rho": 0.75,
    "beta1": 0.75,
    "beta2": 0.875,
    "eps": 1e-8,
    "weight_decay": 0.0,
    "nesterov": 0.0,
    "lr_decay": 0.0,
}
"""What is passed. Few digits, far from 1 and from each other: each of them shows in five steps.
lr is no power of 2, as the others are: a product of some of them is then no other one."""

DECAY = 0.25
"""The weight decay that is passed, where there is an argument for it."""

LARGEST_EPS = 1e-4
"""A number in a text that is at most so large may be eps."""

MOST = 64
"""So many ways to read numbers in a text are tried at most."""


@dataclass(frozen=True)
class Spelling:
    """What the subject tells of itself, checked: it comes from where the subject runs."""

    assignments: tuple[Mapping[str, str], ...]
    """Ways to understand the names of its arguments: from the settings to these names."""
    constants: tuple[float, ...]
    """Numbers from 0 to 1 in its text."""
    others: tuple[str, ...]
    """Arguments that are no settings, and that are not switched off."""
    unread: tuple[str, ...]
    """Settings that are kept, and that nothing uses."""
    call: str
    certain: bool
    """Whether its text shows for certain in what it wants the weights."""


def spelling_from(note: str) -> Spelling | None:
    """The note of an optimiser that was built; None if it is no such note."""
    try:
        told = json.loads(note)
        return Spelling(
            tuple({str(k): str(v) for k, v in each.items()} for each in told["assignments"]),
            tuple(float(c) for c in told["constants"] if 0 < float(c) < 1),
            tuple(str(name) for name in told["others"]),
            tuple(str(name) for name in told["unread"]),
            str(told["call"]),
            told["certain"] is True,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


@dataclass(frozen=True)
class Mode:
    """Settings with which it takes steps, and how each number that is not passed may be read."""

    rules: Rules
    settings: Mapping[str, float]
    names: Mapping[str, str]
    """From the settings that are passed to the learner's names."""
    choice: int
    unknown: tuple[str, ...] = ()
    """Settings that are needed and not passed."""
    constants: tuple[float, ...] = field(default=(), repr=False)

    def readings(self) -> Iterator[Mapping[str, float]]:
        """The settings, with every choice of numbers of its text for what is not passed."""
        kept = [c for c in self.constants if c > LARGEST_EPS]
        for number, chosen in enumerate(product(kept, repeat=len(self.unknown))):
            if number == MOST:
                return
            read = {**self.settings, **dict(zip(self.unknown, chosen, strict=True))}
            if not {"beta1", "beta2"} <= {*self.unknown} or read["beta1"] <= read["beta2"]:
                yield read

    @property
    def small(self) -> tuple[float, ...]:
        """What eps may be; () where there is none in the formula."""
        if "eps" in self.names:
            return (self.settings["eps"],)
        return tuple(c for c in self.constants if c <= LARGEST_EPS) or (SETTINGS["eps"],)

    @property
    def shown(self) -> str:
        """`lr=0.125, momentum=0.75`, by the learner's names."""
        known = {"betas": f"({self.settings['beta1']:g}, {self.settings['beta2']:g})"}
        known |= {setting: f"{value:g}" for setting, value in self.settings.items()}
        known["nesterov"] = str(bool(self.settings["nesterov"]))
        return ", ".join(f"{name}={known[s]}" for s, name in self.names.items())


def modes(row: Optimiser, spelling: Spelling, choice: int, lr_decay: float) -> list[Mode]:
    """With and without what an optimiser may have: momentum, look-ahead, weight decay."""
    names = spelling.assignments[choice]
    there = {*names, *(("beta1", "beta2") if "betas" in names else ())}
    plain = {**SETTINGS, "lr_decay": lr_decay}
    needed = row.rules[-1][1].must
    if "momentum" not in needed:
        plain["momentum"] = 0.0
    tried: list[Mapping[str, float]] = [plain]
    if "momentum" in there and "momentum" not in needed:
        tried.append({**plain, "momentum": SETTINGS["momentum"]})
    if "nesterov" in there and ("momentum" in there or "momentum" in needed):
        tried.append({**plain, "momentum": SETTINGS["momentum"], "nesterov": 1.0})
    if "weight_decay" in there:
        tried.append({**plain, "weight_decay": DECAY})
    found = []
    for settings in tried:
        rules = row.rules_with(settings)
        unknown = tuple(s for s in rules.must if s not in there)
        found.append(Mode(rules, settings, names, choice, unknown, spelling.constants))
    return found


def choices(spelling: Spelling) -> Sequence[tuple[int, float]]:
    """The ways to understand it, each with what is passed where a learning rate may decay."""
    return [
        (number, decay)
        for number, names in enumerate(spelling.assignments)
        for decay in ((0.0, 1.0) if "lr_decay" in names else (0.0,))
    ]
