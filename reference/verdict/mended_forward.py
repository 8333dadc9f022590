"""What makes a forward run that raises on every input that was guessed, and has a known name.

Its name says which function it should be, so an edit with which it is that function is likely
meant. What it takes is then known only by that edit, so it is suggested, and nothing is refuted.
"""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass, replace

from trigrad.contracts.shelf.registry import known_as
from trigrad.contracts.shelf.schema import Known
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import definitions_in
from trigrad.repair.repairer import Repairer
from trigrad.repair.result import Change
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Guess, Raised
from trigrad.subject.source.walking import walk
from trigrad.trial.identifying import identified, names_of
from trigrad.trial.observing import observed

EDITS = 100
"""So many edits of its text are tried, the most likely first."""

SHARE = 0.25
"""The share of the time limit of a repair that this may take."""


@dataclass(frozen=True)
class Mended:
    """A change of one line with which forward is the known function of its name."""

    known: Known
    change: Change


def mended_forward(candidate: Candidate, repairer: Repairer, line: int = 0) -> Mended | None:
    """The most likely change that makes forward run as the function of its name, if there is one.

    `candidate` is still to be guessed. Edits of the `line` at which it raises come first.
    """
    several = [known for known in known_as(names_of(candidate)) if not known.only_named]
    if not several or candidate.rebuild is None or not repairer.seconds:
        return None
    usual = tuple(expression for known in several for expression in known.usual)
    draft = Draft(tuple(repairer.library.units_of(candidate.places, usual)))
    until = time.monotonic() + SHARE * repairer.seconds
    for option in _options(draft, line, limited=repairer.subject.limited):
        if time.monotonic() > until:
            return None
        edited = draft.with_options([option])
        changes = edited.changes()
        known = _known_by_its_name(candidate, edited) if len(changes) == 1 else None
        if known is not None:
            return Mended(known, changes[0])
    return None


def _options(draft: Draft, line: int, *, limited: bool) -> list[Option]:
    """The edits of the text of the layer itself, but for those of backward."""
    units = [unit for unit in draft.units if unit.own and (limited or not unit.loops)]
    several = [option for unit in units for option in draft.options_of(unit)]
    forward = [option for option in several if option.side != "backward"]
    likely = _lines_behind(draft, line)
    return sorted(forward, key=lambda o: (o.line != line, o.line not in likely, o.cost))[:EDITS]


def _lines_behind(draft: Draft, line: int) -> set[int]:
    """The lines that set what a line uses."""
    found: set[int] = set()
    for unit in draft.units:
        node = definitions_in(draft.text_of(unit))[unit.name]
        names = [each for each in walk(node) if isinstance(each, ast.Name | ast.Attribute)]
        used = {ast.unparse(n) for n in names if n.lineno == line and isinstance(n.ctx, ast.Load)}
        stored = (n for n in names if isinstance(n.ctx, ast.Store))
        found |= {n.lineno for n in stored if ast.unparse(n) in used}
    return found


def _known_by_its_name(candidate: Candidate, edited: Draft) -> Known | None:
    """The function that forward computes with an edit, if its name says that one."""
    assert candidate.rebuild is not None, "asked before"
    assert candidate.declare is not None, "it is to be guessed"
    pieces = edited.pieces()
    # All of them have one worker, which whoever has the candidate ends.
    face = candidate.rebuild(pieces)
    face.start_clock(SHARE)
    result = face.run([Guess()])[0]
    if isinstance(result, Raised) or not result.notes:
        return None
    declared = candidate.declare(result.notes)
    if not isinstance(declared, Candidate) or declared.rebuild is None:
        return None
    seen = observed(replace(declared, face=declared.rebuild(pieces), guessed=True))
    known = identified(seen) if isinstance(seen, Candidate) else None
    # By its name alone, the identity is a dropout that drops nothing.
    meant = known is not None and known.named and not known.known.only_named
    return known.known if known is not None and meant else None
