"""A layer's text with edits in it, and every further edit that it could have."""

from __future__ import annotations

import ast
import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trigrad.repair.editable_text import Unit, definitions_in, span_in
from trigrad.repair.edits.costs import HELPER
from trigrad.repair.edits.edit import Edit, applied
from trigrad.repair.edits.neighbourhood import neighbourhood
from trigrad.repair.reach import without_unused
from trigrad.repair.result import Change
from trigrad.subject.face import Where
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.definitions import ClassOrFunction, first_line, methods
from trigrad.subject.source.passes import side_of
from trigrad.subject.source.text import lines_of
from trigrad.subject.source.walking import walk

Texts = Mapping[str, str]
"""Texts of chunks by label."""


SETTING = frozenset(("self added", "target", "missing target", "kept", "kept otherwise"))
"""Kinds of edit after which a line sets an attribute."""


@dataclass(frozen=True)
class Option:
    """An edit of one unit of a draft."""

    unit: Unit
    edit: Edit
    line: int
    """The line in the chunk at which it begins."""
    side: str
    """The pass that its text belongs to, "forward" or "backward"; empty for neither."""
    inside: str = ""
    """The pass in which it stands, also where it stores what the other reads."""

    @property
    def cost(self) -> float:
        """The edit's cost, and more where it changes a helper."""
        return self.edit.cost + (0.0 if self.unit.own else HELPER)

    def agrees_with(self, other: Option) -> bool:
        """Whether both can be made at once."""
        return self.unit.chunk.label != other.unit.chunk.label or not self.edit.overlaps(other.edit)


@dataclass(frozen=True)
class Draft:
    """The text of a layer's units, as far as it differs from the subject's."""

    units: tuple[Unit, ...]
    """Helpers before what uses them."""
    texts: Texts = field(default_factory=dict)
    """Of the chunks that are edited, by label."""
    edits: int = 0
    spans: Mapping[Unit, tuple[int, int]] = field(default_factory=dict)
    """Where the units stand in the texts, where that is not where they stood: found without
    parsing, since most drafts live for milliseconds."""

    def text_of(self, unit: Unit) -> str:
        """The text of a unit's chunk."""
        return self.texts.get(unit.chunk.label, unit.chunk.text)

    def options(self, *, plausible: bool = True) -> list[Option]:
        """Every single edit of every unit, the cheapest first; see `neighbourhood`."""
        found = [o for unit in self.units for o in self.options_of(unit, plausible=plausible)]
        return sorted(found, key=lambda option: option.cost)

    def options_of(
        self, unit: Unit, tick: Callable[[], None] = lambda: None, *, plausible: bool = True
    ) -> Iterator[Option]:
        """Every single edit of one unit, the cheapest first; `tick` is called for each."""
        text = self.text_of(unit)
        node = definitions_in(text)[unit.name]
        definition = without_unused(node)
        storing = _lines_that_store(node)
        offered = neighbourhood(text, definition, unit.known, unit.usual, tick, plausible=plausible)
        for edit in offered:
            if unit.lacks_a_name_in(edit.replacement):
                continue
            line = text.count("\n", 0, edit.start) + 1
            # A line that comes to set an attribute by the edit serves both passes, too.
            inside = _pass_at(node, line)
            shared = edit.kind in SETTING or line in storing
            yield Option(unit, edit, line, "" if shared else inside, inside)

    def with_options(self, options: Sequence[Option]) -> Draft:
        """The text with these edits of it made.

        Raises:
            ValueError: two of them touch the same text.
        """
        edits: dict[str, list[Edit]] = defaultdict(list)
        for option in options:
            edits[option.unit.chunk.label].append(option.edit)
        texts, spans = dict(self.texts), dict(self.spans)
        for option in options:
            label = option.unit.chunk.label
            texts[label] = applied(self.text_of(option.unit), edits[label])
        for unit in self.units:
            made = edits.get(unit.chunk.label, ())
            start, end = self._span(unit)
            before = sum(_longer(edit) for edit in made if edit.end <= start)
            # What is put in as the line after its last belongs to it.
            inside = sum(_longer(e) for e in made if start <= e.start and e.end <= end + 1)
            spans[unit] = start + before, end + before + inside
        return Draft(self.units, texts, self.edits + len(options), spans)

    def pieces(self) -> list[DefinitionText]:
        """What the layer is made from.

        A piece is known by the line at which it begins in the subject's own text.
        """
        return [
            DefinitionText(unit.chunk.label, unit.line, self._segment(unit)) for unit in self.units
        ]

    def changed(self) -> list[Unit]:
        """The units whose own text is different."""
        return [unit for unit in self.units if self._segment(unit) != Draft(())._segment(unit)]

    def _segment(self, unit: Unit) -> str:
        """The lines of a unit."""
        start, end = self._span(unit)
        return self.text_of(unit)[start:end]

    def _span(self, unit: Unit) -> tuple[int, int]:
        """Where a unit stands in the text of its chunk."""
        known = self.spans.get(unit)
        if known is not None:
            return known
        text = self.text_of(unit)
        return span_in(text, definitions_in(text)[unit.name])

    def changes(self) -> tuple[Change, ...]:
        """What is different, in whole lines, in the order of the units' chunks."""
        chunks = {unit.chunk.label: unit for unit in self.units}
        found = (_changes_of(chunks[label], text) for label, text in self.texts.items())
        return tuple(change for changes in found for change in changes)


def _longer(edit: Edit) -> int:
    """By how many characters an edit makes a text longer."""
    return len(edit.replacement) - (edit.end - edit.start)


def _pass_at(node: ClassOrFunction, line: int) -> str:
    """The pass in which a line stands; empty for neither."""
    if isinstance(node, ast.FunctionDef):
        return side_of(node.name)
    return next((side_of(name) for name, method in _methods_at(node, line)), "")


def _lines_that_store(node: ClassOrFunction) -> frozenset[int]:
    """The lines of a class that store what both passes may read."""
    if isinstance(node, ast.FunctionDef):
        return frozenset()
    return frozenset(
        line
        for method in methods(node).values()
        for each in walk(method)
        if isinstance(each, ast.Assign)
        and any(isinstance(target, ast.Attribute) for target in each.targets)
        for line in range(each.lineno, (each.end_lineno or each.lineno) + 1)
    )


def _methods_at(node: ast.ClassDef, line: int) -> Iterator[tuple[str, ast.AST]]:
    for name, method in methods(node).items():
        if first_line(method) <= line <= (method.end_lineno or method.lineno):
            yield name, method


def _changes_of(unit: Unit, text: str) -> Iterable[Change]:
    chunk = unit.chunk
    before, after = lines_of(chunk.text), lines_of(text)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        if j - i == m - k:  # lines that stand for each other are shown side by side
            spans = [(a, a + 1, b, b + 1) for a, b in zip(range(i, j), range(k, m), strict=True)]
        else:
            spans = [(i, j, k, m)]
        for a, b, c, d in spans:
            shown = before[a].strip() if a < len(before) else ""
            where = Where(chunk.file, chunk.cell, a + 1, shown)
            old, new = "\n".join(before[a:b]), "\n".join(after[c:d])
            yield Change(where, old, new, unit.path, chunk.block)
