"""Submissions as learning platforms, git and lists give them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trigrad.grade.submissions import Found, SubmissionsError, find_submissions


def put(root: Path, *names: str) -> Path:
    """Files, or folders where a name ends with a slash."""
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x = 1\n")
    return root


def told(found: Found) -> dict[str, tuple[str, list[str]]]:
    return {one.id: (one.name, [p.path.name for p in one.parts]) for one in found.submissions}


def test_a_folder_each_a_file_each_and_an_archive_each(tmp_path: Path) -> None:
    put(tmp_path, "ben/a.py", "anna.py", "cleo.tar.gz", "dan.v2.ipynb", "eve.pdf", ".DS_Store")
    put(tmp_path, "grades.csv", "__MACOSX/x")
    found = find_submissions(tmp_path)
    assert told(found) == {
        "anna": ("anna", ["anna.py"]),
        "ben": ("ben", ["ben"]),
        "cleo": ("cleo", ["cleo.tar.gz"]),
        "dan.v2": ("dan.v2", ["dan.v2.ipynb"]),
        "eve": ("eve", ["eve.pdf"]),
    }
    assert found.notes == ("not submissions: grades.csv",)


def test_moodle_with_folders_and_without(tmp_path: Path) -> None:
    put(
        tmp_path,
        "Anna Berg_1234_assignsubmission_file_/layers.py",
        "Anna Berg_1234_assignsubmission_onlinetext_/onlinetext.html",
        "Ben_O'Neil_55_assignsubmission_file_my_layers.py",
        "Ben_O'Neil_55_assignsubmission_file_net.py",
    )
    found = find_submissions(tmp_path)
    assert [(one.id, one.name) for one in found.submissions] == [
        ("1234", "Anna Berg"),
        ("55", "Ben_O'Neil"),
    ]
    assert [part.name for part in found.submissions[0].parts] == ["", ""]
    assert [part.name for part in found.submissions[1].parts] == ["my_layers.py", "net.py"]


def test_canvas(tmp_path: Path) -> None:
    put(tmp_path, "bergann_4521_99817_layers.py", "bergann_4521_99818_net-1.py")
    put(tmp_path, "oneil_LATE_88_1_layers.py")
    found = find_submissions(tmp_path)
    assert [(one.id, one.name, len(one.parts)) for one in found.submissions] == [
        ("4521", "bergann", 2),
        ("88", "oneil", 1),
    ]


def test_gradescope_has_a_folder_each(tmp_path: Path) -> None:
    put(tmp_path, "submission_1/layers.py", "submission_2/", "submission_metadata.yml")
    assert list(told(find_submissions(tmp_path))) == ["submission_1", "submission_2"]


def test_nbgrader(tmp_path: Path) -> None:
    put(tmp_path, "submitted/anna/ps1/a.ipynb", "submitted/ben/ps1/a.ipynb")
    stamp = tmp_path / "submitted" / "anna" / "ps1" / "timestamp.txt"
    stamp.write_text("2026-11-02 23:10:00.500000 UTC")
    for root in (tmp_path, tmp_path / "submitted"):
        one, other = find_submissions(root).submissions
        assert (one.id, one.path) == ("anna", "anna/ps1")
        assert one.submitted == datetime(2026, 11, 2, 23, 10, 0, 500000, UTC)
        assert other.submitted is None


def test_nbgrader_with_several_assignments(tmp_path: Path) -> None:
    put(tmp_path, "submitted/anna/ps1/a.ipynb", "submitted/ben/ps2/a.ipynb")
    with pytest.raises(SubmissionsError, match=r"ps1, ps2\): say which with --assignment"):
        find_submissions(tmp_path)
    with pytest.raises(SubmissionsError, match="no assignment ps3: there are ps1, ps2"):
        find_submissions(tmp_path, "ps3")
    assert list(told(find_submissions(tmp_path, "ps2"))) == ["ben"]


def test_a_list(tmp_path: Path) -> None:
    put(tmp_path, "work/anna.py", "work/ben/layers.py")
    listed = tmp_path / "list.csv"
    listed.write_text(
        "\ufeffID;Name;Path;submitted\n"
        "a1;Anna;work/anna.py;2026-11-02T23:00:00+01:00\n"
        "b2;Ben;work/ben;\n"
        "c3;;work/none.py;\n\n",
        "utf-8",
    )
    anna, ben, cleo = find_submissions(listed).submissions
    assert (anna.name, anna.submitted) == ("Anna", datetime(2026, 11, 2, 22, tzinfo=UTC))
    assert ben.parts[0].name == ""
    assert (cleo.name, cleo.refused) == ("c3", "there is no work/none.py")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,path\nx,y\n", "no column 'id': there are name, path"),
        ("id,path,submitted\na,b,yesterday\n", "list.csv, line 2: .*yesterday"),
        ('id,path\n"a,b\n', "is not a table"),
        ("id,path\n", "there is no submission"),
        ("", "there is no submission"),
    ],
)
def test_a_list_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(text)
    with pytest.raises(SubmissionsError, match=words):
        find_submissions(listed)


def test_a_list_in_another_encoding(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_bytes(b"id,path\nM\xfcller,a.py\n")
    with pytest.raises(SubmissionsError, match="is not text in UTF-8"):
        find_submissions(listed)


def test_nothing_to_grade(tmp_path: Path) -> None:
    with pytest.raises(SubmissionsError, match="there is no submission in"):
        find_submissions(tmp_path)
    with pytest.raises(SubmissionsError, match="does not exist"):
        find_submissions(tmp_path / "none")
    put(tmp_path, "class.zip")
    with pytest.raises(SubmissionsError, match="unpack it first"):
        find_submissions(tmp_path / "class.zip")


def test_two_submissions_of_one_student_are_not_chosen_from(tmp_path: Path) -> None:
    put(tmp_path, "anna/a.py", "anna.zip", "ben.py")
    anna, ben = find_submissions(tmp_path).submissions
    assert anna.refused == "there are 2 submissions: anna, anna.zip; keep one"
    assert anna.parts == ()
    assert not ben.refused


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "all/anna.py")
    (tmp_path / "all" / "ben").symlink_to(tmp_path, target_is_directory=True)
    _, ben = find_submissions(tmp_path / "all").submissions
    assert ben.refused == "it is a link, which is not followed"
