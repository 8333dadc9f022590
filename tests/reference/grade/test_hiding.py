"""Names of files that tell whose they are, and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad.grade.hiding import covered, covered_note, new_paths, tells, words_of
from trigrad.messages import Message

ANNA = words_of("ab1234", "Anna Bérg")
YAMADA = words_of("1235", "山田 太郎")


@pytest.mark.parametrize(
    "part",
    ["anna_hw.py", "HausaufgabeAnna.py", "annaberg.ipynb", "BÉRG", "ab1234-2.zip", "hw (anna).txt"],
)
def test_names_that_tell(part: str) -> None:
    assert tells(part, ANNA)
    assert not tells(covered(part, ANNA), ANNA)


def test_names_without_spaces() -> None:
    assert covered("課題/課題_山田.py", YAMADA) == "課題/submission.py"


@pytest.mark.parametrize("part", ["layers.py", "hw3.ipynb", "src", "optimizers", "net"])
def test_names_that_do_not(part: str) -> None:
    assert not tells(part, ANNA)
    assert not tells(part, YAMADA)
    assert covered(f"a/{part}", ANNA) == f"a/{part}"


@pytest.mark.parametrize(("part", "told"), [("kim_hw.py", True), ("skimmed.py", False)])
def test_a_short_name_is_a_word_of_its_own(part: str, told: bool) -> None:
    assert tells(part, words_of("77", "Kim Le")) is told


def test_notes() -> None:
    note = Message("taken.left_out", path="Anna Berg/notes (anna).txt", why="it is no code")
    covered = Message("taken.left_out", path="folder/submission.txt", why="it is no code")
    assert covered_note(note, ANNA) == covered
    other = Message("taken.more", more=3)
    assert covered_note(other, ANNA) == other


def test_no_two_files_become_one_and_imports_still_find_theirs(tmp_path: Path) -> None:
    files = {
        "anna_1.py": "import anna_layers\n",
        "anna_2.py": "",
        "anna_layers.py": "",
        "submission.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    new = new_paths(tmp_path, files, ANNA)
    assert new == {
        "anna_1.py": "submission2.py",
        "anna_2.py": "submission3.py",
        "anna_layers.py": "anna_layers.py",
        "submission.py": "submission.py",
    }
