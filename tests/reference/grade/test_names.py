"""Names of students and files, made safe."""

from __future__ import annotations

import pytest

from trigrad.grade.names import inside, is_junk, safe_id, shown


@pytest.mark.parametrize("name", ["anna", "Müller", "s123@uni-x.de", "山田", "a.b_c-d+e"])
def test_what_is_safe_stays(name: str) -> None:
    assert safe_id(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "a:b", "a b", " a", ".a", "-a", "con", "nul.txt", "a.",
             "a\nb", "x" * 300, "\udce9", "a\0b", "<script>", "=1+1"]
)  # fmt: skip
def test_what_is_not_safe_is_replaced_and_marked(name: str) -> None:
    safe = safe_id(name)
    assert safe != name
    assert len(safe.encode()) < 250
    assert not set(safe) & set("/\\:\0\n <>=")
    assert safe[0] not in ".-"


def test_two_names_never_become_one() -> None:
    names = ["a b", "a/b", "a_b", "a:b", ".a_b"]
    assert len({safe_id(name) for name in names}) == len(names)


def test_one_name_in_two_forms_of_unicode_is_one() -> None:
    assert safe_id("Mu\u0308ller") == safe_id("Müller")


def test_shown_is_one_line() -> None:
    assert shown("a\nb\x1b.py").isprintable()
    assert shown("caf\udce9.py") == r"caf\xe9.py"


def test_junk() -> None:
    assert all(map(is_junk, (".DS_Store", "a/__MACOSX/b", "Thumbs.db", ".git", "__pycache__/a.py")))
    assert not any(map(is_junk, ("a.py", "src/layers.py", "_a.py")))


def test_inside() -> None:
    assert inside("a\\b/./c.py") == "a/b/c.py"
    assert inside("./a.py") == "a.py"
    assert [inside(n) for n in ("../a", "/a", "C:a", "", ".", "a/../b", "\\a")] == [None] * 7
