"""The exact comparison: the numerical gradient of every entry, with an estimate of its error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from rich.console import Console
from rich.progress import Progress

from trigrad.gradient_check.entry import as_wrong, entry_mismatch
from trigrad.gradient_check.gradient_report import Findings, Wrong
from trigrad.gradient_check.measuring import COARSE, Measuring
from trigrad.gradient_check.relations import relation
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.numerics.boxes import Box

PATIENCE = 200
"""A progress bar is shown for more entries than this: below, it takes about a second at most."""


def entry_by_entry(
    measuring: Measuring, names: list[str], accepted: Mapping[str, float], findings: Findings
) -> None:
    """Judge every entry of these parameters.

    accepted: for each parameter, the error of an entry that is accepted.
    """
    with _progress(sum(measuring.gradients[name].size for name in names)) as advance:
        for name in names:
            _every_entry(measuring, name, accepted[name], findings, advance)


def _every_entry(
    measuring: Measuring,
    name: str,
    accepted: float,
    findings: Findings,
    advance: Callable[[], None],
) -> None:
    gradient = measuring.gradients[name]
    numerical = np.empty(gradient.shape)
    errors = np.empty(gradient.shape)
    wrong: list[Wrong] = []
    unsettled: list[tuple[int, ...]] = []
    for index in np.ndindex(gradient.shape):
        found = entry_mismatch(measuring, name, index)
        here = as_wrong(measuring, name, index, found)
        numerical[index], errors[index] = here.should_be, here.error
        if not found.slope.known or found.slope.kink:
            unsettled.append(index)
        elif not abs(here.is_ - here.should_be) <= here.error + accepted:
            box = [Box.entry(name, index)]
            if measuring.confirmed(box, found):
                wrong.append(here)
            else:
                unsettled.append(index)
        advance()
    findings.numerical[name] = numerical
    findings.errors[name] = errors
    if wrong:
        measuring.check_repeatable()
        words = relation(measuring, name)
        those, all_, count = f"{len(wrong):,}", f"{gradient.size:,}", len(wrong)
        said = Message("gc.entries_wrong", wrong=those, all=all_, count=count)
        if words:
            said = Message("gc.entries_wrong_as", wrong=those, all=all_, count=count, words=words)
        findings.refute(name, wrong, str(said), explained=bool(words))
    elif unsettled:
        findings.inconclusive[name] = str(
            Message(
                "gc.entries_open",
                open=f"{len(unsettled):,}",
                all=f"{gradient.size:,}",
                first=str(unsettled[0]),
            )
        )
    elif measuring.share(name, measuring.scale[name] * math.hypot(*errors.flat)) > 1:
        findings.inconclusive[name] = str(COARSE)
    else:
        findings.resolution[name] = float(tolerance.resolution(errors.max() + accepted))


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    if total <= PATIENCE:
        yield lambda: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(str(Message("gc.bar")), total=total)
        yield lambda: bar.advance(task)
