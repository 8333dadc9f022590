"""Several runs in one message: which results are those of which run."""

from __future__ import annotations

from collections.abc import Sequence

from trigrad.sandbox.validation import WireError
from trigrad.subject.face import Command, Result

Runs = Sequence[Sequence[Command]]
"""Commands in lists, each of which is carried out by itself."""


def by_run(results: Sequence[Result], runs: Runs) -> list[list[Result]]:
    """Results in the lists of the runs that they are of: of the first ones, of one at least.

    Raises:
        WireError: they are not those of whole runs.
    """
    found: list[list[Result]] = []
    at = 0
    for commands in runs:
        if found and at >= len(results):
            break
        found.append(list(results[at : at + len(commands)]))
        at += len(commands)
    if at != len(results):
        raise WireError("too few or too many results")
    return found


def first(count: int, runs: Runs) -> list[Sequence[Command]]:
    """The first `count` commands of several runs, in the same lists."""
    found: list[Sequence[Command]] = []
    for commands in runs:
        found.append(commands[:count])
        count -= len(found[-1])
        if not count:
            break
    return found
