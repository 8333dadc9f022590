"""One mistake that people make, planted in right code: an edit that the witnesses refute."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trigrad.api import check
from trigrad.exercise.source_text import SourceText
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import Unit, definitions_in
from trigrad.repair.edits.slips import is_slip
from trigrad.subject.source.text import Chunk
from trigrad.verdict.results import Verdict

LIKELY = 60
"""Among so many of the likeliest edits one is drawn: the others are seldom anybody's mistake."""

NAME = "layer.py"


class NoMistakeError(Exception):
    """No edit of the text is a mistake that the witnesses refute without an error."""


@dataclass(frozen=True)
class Planted:
    """Right code with one mistake in it."""

    text: str
    """The class or function."""
    before: str
    """The lines as they should be, without indentation."""
    after: str
    """The same with the mistake."""


def planted(name: str, source: SourceText, seed: int) -> Planted:
    """The class or function `name` with a mistake in a pass, drawn by the seed.

    It runs, and gives wrong numbers: an error would show the line by itself.

    Raises:
        NoMistakeError: there is no such mistake.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        before = "\n\n\n".join(["\n".join(source.imports), *source.helpers, ""])
        path.write_text(before + source.own, encoding="utf-8")
        for draft, option in _shuffled(path, name, random.Random(seed)):
            changed = draft.with_options([option])
            (text,) = changed.texts.values()
            path.write_text(text, encoding="utf-8")
            if _gives_wrong_numbers(path, name):
                (change,) = changed.changes()
                own = text[len(before) :]
                return Planted(own, change.before.strip(), change.after.strip())
    raise NoMistakeError(name)


def _shuffled(path: Path, name: str, drawn: random.Random) -> Iterator[tuple[Draft, Option]]:
    """The likely edits of its passes, in an order that is drawn: those of backward come first."""
    text = path.read_text(encoding="utf-8")
    known = frozenset(definitions_in(text))
    unit = Unit(Chunk(text, path.name), str(path), name, own=True, known=known)
    draft = Draft((unit,))
    options = draft.options(plausible=False)
    usual = [o for o in options if o.unit.own and o.inside and is_slip(o.edit)]
    likely = [o for o in usual if len(draft.with_options([o]).changes()) == 1][:LIKELY]
    drawn.shuffle(likely)
    likely.sort(key=lambda option: option.inside != "backward")
    yield from ((draft, option) for option in likely)


def _gives_wrong_numbers(path: Path, name: str) -> bool:
    """Whether it fails, and in no claim because it raised an error."""
    report = check(path, layer=name, repair_seconds=0)
    found = [layer for layer in report.layers if layer.verdict is Verdict.FAIL]
    failing = [j.finding.evidence for layer in found for j in layer.judgements if j.fails]
    return bool(failing) and all(e is not None and e.raised is None for e in failing)
