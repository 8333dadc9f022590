"""Every mistake in the learners' files is one edit, or two, away from what its author meant."""

from __future__ import annotations

import pytest
from meant import KNOWN, MEANT, WRONG, definition_in, text_with

from trigrad.repair.edits.edit import Edit, applied
from trigrad.repair.edits.neighbourhood import neighbourhood
from trigrad.repair.edits.normal_form import simplified


def reaching(text: str, name: str, wanted: str, near: int) -> list[tuple[int, Edit]]:
    """The edits of a text's definition that come to the wanted one, with their places in line."""
    target = simplified(definition_in(wanted, name))
    edits = list(neighbourhood(text, definition_in(text, name), KNOWN))
    found = []
    for number, edit in enumerate(edits):
        if abs(edit.start - near) > 150:  # nowhere near what is wanted: no need to parse it
            continue
        after = definition_in(applied(text, [edit]), name)
        if after is not None and simplified(after) == target:
            found.append((number, edit))
    return found


@pytest.mark.parametrize(
    ("file", "name", "lines"), MEANT, ids=[f"{file}-{len(lines)}" for file, _, lines in MEANT]
)
def test_what_a_learner_meant_is_in_the_neighbourhood(
    file: str, name: str, lines: list[tuple[str, str]]
) -> None:
    text = text_with(WRONG / file, name, lines[0][0])
    for before, after in lines:
        assert before in text
        start = text.index(before, text.index(f" {name}"))
        wanted = text[:start] + after + text[start + len(before) :]
        assert reaching(text, name, wanted, start), f"no edit gives {after!r} for {before!r}"
        text = wanted
