"""What is taken as a submission, and what is left out."""

from __future__ import annotations

import errno
import os
import sys
import zipfile
from pathlib import Path

import pytest

from trigrad.grade.record import Taken
from trigrad.grade.submissions import Part, Submission
from trigrad.grade.taking import digest_of, take

CODE = "x = 1\n"


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "anna"
    folder.mkdir()
    (folder / "layers.py").write_text(CODE)
    return folder


def taken(place: Path, tmp_path: Path, name: str = "", *, anonymous: bool = False) -> Taken:
    into = tmp_path / "scratch" / "submission"
    into.mkdir(parents=True)
    found = take(Submission("anna", "Anna", place.name, (Part(place, name),)), into, anonymous)
    there = {str(p.relative_to(into)) for p in into.rglob("*") if p.is_file()}
    assert there == {file.path for file in found.files}
    assert [p.name for p in into.parent.iterdir()] == ["submission"]
    return found


def paths(found: Taken) -> list[str]:
    return [file.path for file in found.files]


def test_code_is_taken_and_the_rest_is_noted(handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "sub").mkdir()
    (handed_in / "sub" / "net.ipynb").write_text("{}")
    (handed_in / "report.pdf").write_text("")
    (handed_in / "old.rar").write_text("")
    (handed_in / ".git").mkdir()
    (handed_in / ".git" / "config.py").write_text("")
    (handed_in / "__MACOSX").mkdir()
    found = taken(handed_in, tmp_path)
    assert found.kind == "folder"
    assert paths(found) == ["layers.py", "sub/net.ipynb"]
    assert found.notes == (
        "left out: old.rar (this kind of archive is not unpacked; zip and tar are)",
        "left out: report.pdf (no Python, notebook or Markdown)",
    )


def test_links_are_not_followed(handed_in: Path, tmp_path: Path) -> None:
    other = tmp_path / "ben.py"
    other.write_text("secret = 1\n")
    (handed_in / "mine.py").symlink_to(other)
    (handed_in / "all").symlink_to(tmp_path, target_is_directory=True)
    found = taken(handed_in, tmp_path)
    assert paths(found) == ["layers.py"]
    assert found.notes == ("left out: all (a link)", "left out: mine.py (a link)")


@pytest.mark.skipif(sys.platform == "win32", reason="has no FIFOs")
def test_what_would_block_is_not_opened(handed_in: Path, tmp_path: Path) -> None:
    os.mkfifo(handed_in / "pipe.py")
    found = taken(handed_in, tmp_path)
    assert found.notes == ("left out: pipe.py (not a file)",)


def zip_of(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_an_archive_is_unpacked(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "anna.zip", {"a/layers.py": CODE, "../b.py": CODE})
    found = taken(path, tmp_path, "anna.zip")
    assert (found.kind, paths(found)) == ("archive", ["a/layers.py"])
    assert found.notes == ("left out: ../b.py (leads out of the archive)",)


def test_an_archive_in_a_folder_and_one_in_an_archive(handed_in: Path, tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner.zip", {"net.py": CODE}).read_bytes()
    outer = zip_of(tmp_path / "outer.zip", {"inner.zip": inner}).read_bytes()
    zip_of(handed_in / "more.zip", {"inner.zip": inner, "outer.zip": outer})
    found = taken(handed_in, tmp_path)
    assert paths(found) == ["layers.py", "more/inner/net.py"]
    assert found.notes == ("left out: more/outer/inner.zip (an archive within archives)",)


def test_a_file_twice_and_a_file_where_a_folder_is(tmp_path: Path) -> None:
    path = tmp_path / "anna.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.py", CODE)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.py", "y = 2\n")
        archive.writestr("a.py/b.py", CODE)
    found = taken(path, tmp_path, "anna.zip")
    assert paths(found) == ["a.py"]
    assert found.notes == (
        "left out: a.py (a second file of that name, or a folder has it)",
        "left out: a.py/b.py (a second file of that name, or a folder has it)",
    )


def test_a_bomb_and_a_damaged_archive_are_noted(tmp_path: Path, handed_in: Path) -> None:
    zip_of(handed_in / "bomb.zip", {f"{n}.py": b"" for n in range(4_100)})
    (handed_in / "bad.zip").write_bytes(b"rubbish")
    found = taken(handed_in, tmp_path)
    assert any(note.startswith("left out: bad.zip (it is damaged: ") for note in found.notes)
    assert "left out: bomb.zip (it has more than 2,000 files)" in found.notes
    assert paths(found) == ["layers.py"]


def test_not_more_files_than_anybody_writes(handed_in: Path, tmp_path: Path) -> None:
    zip_of(handed_in / "many.zip", {f"{n}.py": b"" for n in range(300)})
    found = taken(handed_in, tmp_path)
    assert len(found.files) == 200
    assert found.notes == ("left out: many.zip (it comes after 200 other files of code)",)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_not_unicode(handed_in: Path, tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(handed_in) + b"/caf\xe9\n.py"))).write_text(CODE)
    assert paths(taken(handed_in, tmp_path)) == [r"caf\xe9 .py", "layers.py"]


def test_a_name_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "anna.zip", {f"{'a' * 300}.py": CODE, "b.py": CODE})
    found = taken(path, tmp_path, "anna.zip")
    assert paths(found) == ["b.py"]
    assert "too long" in found.notes[0]


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="may read all")
def test_without_permission(handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "layers.py").chmod(0)
    found = taken(handed_in, tmp_path)
    assert (paths(found), found.notes) == ([], ("left out: layers.py (Permission denied)",))


def test_a_full_disk_is_no_fault_of_the_student(
    handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space left"):
        taken(handed_in, tmp_path)


def test_the_hash_is_of_names_and_contents(handed_in: Path, tmp_path: Path) -> None:
    first = taken(handed_in, tmp_path / "1").sha256
    assert taken(handed_in, tmp_path / "2").sha256 == first
    (handed_in / "layers.py").rename(handed_in / "other.py")
    second = taken(handed_in, tmp_path / "3").sha256
    (handed_in / "other.py").write_text("x = 2\n")
    assert len({first, second, taken(handed_in, tmp_path / "4").sha256}) == 3


def test_an_anonymous_file_does_not_have_its_students_name(tmp_path: Path) -> None:
    path = tmp_path / "anna.berg.py"
    path.write_text(CODE)
    assert paths(taken(path, tmp_path, "anna.berg.py", anonymous=True)) == ["submission.py"]


def test_the_digest_changes_with_what_lies_there(handed_in: Path) -> None:
    def digest(name: str = "Anna") -> str:
        return digest_of(Submission("anna", name, "anna", (Part(handed_in),)))

    seen = [digest(), digest("Anne")]
    (handed_in / "layers.py").write_text("x = 2\n")
    seen.append(digest())
    (handed_in / "more.py").write_text(CODE)
    seen.append(digest())
    assert len(set(seen)) == 4
    assert digest() == seen[-1]


def test_in_an_anonymous_class_no_name_of_a_file_tells_whose_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "handed in"
    (folder / "Anna Berg").mkdir(parents=True)
    (folder / "Anna Berg" / "anna_hw.py").write_text("a = 1\n")
    (folder / "anna.docx").write_text("")
    into = tmp_path / "into"
    into.mkdir()
    one = Submission("s1", "s1", "s1", (Part(folder),), hidden=("anna", "berg"))
    found = take(one, into, anonymous=True)
    assert paths(found) == ["folder/submission.py"]
    assert (into / "folder" / "submission.py").read_text() == "a = 1\n"
    assert found.notes == ("left out: submission.docx (no Python, notebook or Markdown)",)
