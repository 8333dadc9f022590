"""Rosters that match, rosters that do not, and pseudonyms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from trigrad.grade.record import Student
from trigrad.grade.roster import Class, matched, pseudonymous
from trigrad.grade.submissions import Submission, SubmissionsError

FOUND = (Submission("1234", "Anna Berg", "a"), Submission("ben", "ben.py", "b"))


def roster(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(text, "utf-8")
    return path


def pairs(submissions: Sequence[Submission]) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in submissions]


def test_by_id_by_name_and_who_is_missing(tmp_path: Path) -> None:
    path = roster(
        tmp_path,
        "First name,Last name,Username,Group\n"
        "Anna,Berg,ab12,1\nBenjamin,Weiss,ben,2\nCleo,Wu,cw,1\n",
    )
    found = matched(FOUND, path)
    assert pairs(found.submissions) == [("ab12", "Anna Berg"), ("ben", "Benjamin Weiss")]
    assert found.missing == ("cw",)
    assert found.students[2] == Student("cw", "Cleo Wu")
    assert found.strangers == ()


def test_the_order_of_first_and_last_name_does_not_matter(tmp_path: Path) -> None:
    path = roster(tmp_path, 'id,name\nab12,"Berg, Anna"\nben,Ben\n')
    assert pairs(matched(FOUND, path).submissions)[0] == ("ab12", "Berg, Anna")


def test_two_of_one_name_are_not_guessed_at(tmp_path: Path) -> None:
    path = roster(tmp_path, "id,name\na1,Anna Berg\na2,Anna Berg\nben,Ben\n")
    found = matched(FOUND, path)
    assert found.strangers == ("1234",)
    assert found.missing == ("a1", "a2")


def test_a_name_that_only_the_platform_knows_is_kept(tmp_path: Path) -> None:
    found = matched(FOUND, roster(tmp_path, "Kennung,Gruppe\n1234,A\nben,B\nzoe,B\n"))
    assert pairs(found.submissions) == [("1234", "Anna Berg"), ("ben", "ben.py")]
    assert found.students[2] == Student("zoe", "zoe")


def test_heads_in_japanese(tmp_path: Path) -> None:
    found = matched(FOUND, roster(tmp_path, "学籍番号,姓,名\n1234,山田,太郎\nben,ベン,\n"))
    assert pairs(found.submissions) == [("1234", "太郎 山田"), ("ben", "ベン")]


def test_students_without_an_id_are_known_by_their_names(tmp_path: Path) -> None:
    found = matched(FOUND, roster(tmp_path, "id,name\n,Anna Berg\nben,Ben\n,Cleo Wu\n"))
    assert found.strangers == ()
    assert found.submissions[0].name == "Anna Berg"
    assert len(found.missing) == 1


@pytest.mark.parametrize("start", ["sep=;\n", "sep=;\r\n", "\ufeff", "\ufeffsep=;\r\n"])
def test_what_spreadsheets_put_before_the_heads(tmp_path: Path, start: str) -> None:
    found = matched(FOUND, roster(tmp_path, f"{start}id;name\n1234;Berg, Anna\nben;Ben\n"))
    assert pairs(found.submissions) == [("1234", "Berg, Anna"), ("ben", "Ben")]
    assert found.missing == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,name\nx1,Cleo\n", r"none of the submissions \(1234, ben\) is in .*'id' are x1"),
        ("Course: 101\nid;name\nx 1;Cleo\n", "whose 'course: 101' are id;name, x 1;Cleo"),
        ("id,name\n", "has no students"),
        ("id,name\nben,Ben\nben,Bernd\n", "two students with one 'id': ben; keep one line each"),
    ],
)
def test_a_roster_that_does_not_match(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SubmissionsError, match=words):
        matched(FOUND, roster(tmp_path, text))


def test_pseudonyms_are_the_same_again_and_known_only_in_the_map(tmp_path: Path) -> None:
    named = Class(FOUND, (Student("1234", "Anna Berg"), Student("cw", "Cleo")), ("cw",), ("ben",))
    hidden = pseudonymous(named, tmp_path / "map")
    assert pseudonymous(named, tmp_path / "map") == hidden
    assert not any(word in repr(hidden) for word in ("Anna", "1234", "ben", "cw", "Cleo"))
    known = json.loads((tmp_path / "map" / "names.json").read_text("utf-8"))["names"]
    assert known[hidden.submissions[0].id] == {"id": "1234", "name": "Anna Berg"}
    assert known[hidden.missing[0]]["name"] == "Cleo"
    other = pseudonymous(named, tmp_path / "other")
    assert other.submissions[0].id != hidden.submissions[0].id  # another salt


def test_a_refusal_names_nobody(tmp_path: Path) -> None:
    twice = Submission("1234", "Anna Berg", "a", refused="there are 2: anna.py, berg/x; keep one")
    (hidden,) = pseudonymous(Class((twice,)), tmp_path / "map").submissions
    assert hidden.refused == "there are 2: … … keep one"


def test_a_damaged_map_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text("{")
    with pytest.raises(SubmissionsError, match=r"names\.json cannot be read"):
        pseudonymous(Class(FOUND), tmp_path)
    assert (tmp_path / "names.json").read_text() == "{"
