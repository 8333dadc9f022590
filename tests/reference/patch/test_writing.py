"""Writing: whole or not at all, and nothing is lost."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad.patch.patching import Patched
from trigrad.patch.refusal import RefusedError
from trigrad.patch.writing import write_all

Mend = Callable[..., Patched]


def write(patched: Patched) -> Path:
    """Write one file."""
    (backup,) = write_all([patched])
    return backup


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_mended_and_the_backup_is_what_it_was(mend: Mend, tmp_path: Path) -> None:
    backup = write(mend(b"a = 1\r\n", "a = 1", "a = 2"))
    assert (tmp_path / "layers.py").read_bytes() == b"a = 2\r\n"
    assert backup == tmp_path / "layers.py.bak"
    assert backup.read_bytes() == b"a = 1\r\n"
    assert names(tmp_path) == ["layers.py", "layers.py.bak"]


def test_no_backup_is_ever_overwritten(mend: Mend, tmp_path: Path) -> None:
    (tmp_path / "layers.py.bak").write_text("mine")
    (tmp_path / "layers.py.bak1").symlink_to(tmp_path / "nowhere")
    for value in (1, 2):
        write(mend(b"a = %d\n" % value, f"a = {value}", "b"))
    assert (tmp_path / "layers.py.bak").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / "layers.py.bak2").read_text() == "a = 1\n"
    assert (tmp_path / "layers.py.bak3").read_text() == "a = 2\n"


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755])
def test_the_mode_stays(mend: Mend, mode: int) -> None:
    found = mend(b"a = 1\n", "a = 1", "a = 2")
    found.path.chmod(mode)
    backup = write(found)
    assert stat.S_IMODE(found.path.stat().st_mode) == mode
    assert stat.S_IMODE(backup.stat().st_mode) == mode


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_what_root_writes_stays_the_learner_s(mend: Mend) -> None:
    found = mend(b"a = 1\n", "a = 1", "a = 2")
    os.chown(found.path, 12345, 12346)
    backup = write(found)
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in (found.path, backup)}
    assert owners == {(12345, 12346)}


def test_a_link_is_followed(mend: Mend, tmp_path: Path) -> None:
    from dataclasses import replace

    found = mend(b"a = 1\n", "a = 1", "a = 2")
    folder = tmp_path / "other"
    folder.mkdir()
    link = folder / "link.py"
    link.symlink_to(found.path)
    backup = write(replace(found, path=link))
    assert link.is_symlink()
    assert found.path.read_text() == "a = 2\n"
    assert backup.parent == tmp_path
    assert names(folder) == ["link.py"]


def test_a_read_only_file_is_left(mend: Mend, tmp_path: Path) -> None:
    found = mend(b"a = 1\n", "a = 1", "a = 2")
    found.path.chmod(0o444)
    with pytest.raises(RefusedError, match=r"layers\.py is read-only: nothing is written"):
        write(found)
    assert names(tmp_path) == ["layers.py"]
    assert found.path.read_text() == "a = 1\n"


def test_a_file_that_has_changed_is_left(mend: Mend, tmp_path: Path) -> None:
    found = mend(b"a = 1\n", "a = 1", "a = 2")
    found.path.write_text("a = 1\nb = 1\n")
    with pytest.raises(RefusedError, match="has changed since it was read"):
        write(found)
    assert found.path.read_text() == "a = 1\nb = 1\n"
    assert names(tmp_path) == ["layers.py"]


def test_a_file_that_is_gone(mend: Mend, tmp_path: Path) -> None:
    found = mend(b"a = 1\n", "a = 1", "a = 2")
    found.path.unlink()
    with pytest.raises(RefusedError, match="cannot be written: No such file"):
        write(found)
    assert names(tmp_path) == []


def test_what_fails_half_way_leaves_the_file_and_nothing_beside_it(
    mend: Mend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    found = mend(b"a = 1\n", "a = 1", "a = 2")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RefusedError, match="cannot be written: No space left on device"):
        write(found)
    assert names(tmp_path) == ["layers.py"]
    assert found.path.read_text() == "a = 1\n"


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
@pytest.mark.parametrize("linked", [False, True])
def test_of_several_files_all_or_none(
    mend: Mend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, at: int, linked: bool
) -> None:
    """Whichever call is the one that fails, on a full disk or by an interrupt."""
    files = [mend(b"a = 1\n", "a = 1", "b = 12345", name=name) for name in ("a.py", "b.py")]
    if linked:
        os.link(tmp_path / "b.py", tmp_path / "c.py")
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    original, calls = getattr(os, call), 0

    def failing(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(28, "No space left on device") if at % 2 else KeyboardInterrupt
        original(*arguments)

    monkeypatch.setattr(os, call, failing)
    try:
        write_all(files)
    except (RefusedError, KeyboardInterrupt):
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before
    else:
        assert calls < at
        assert names(tmp_path)[:4] == ["a.py", "a.py.bak", "b.py", "b.py.bak"]
        assert {p.read_text() for p in tmp_path.glob("*.py")} == {"b = 12345\n"}
        assert {p.read_text() for p in tmp_path.glob("*.bak")} == {"a = 1\n"}


def test_a_second_file_that_has_changed_leaves_the_first(mend: Mend, tmp_path: Path) -> None:
    files = [mend(b"a = 1\n", "a = 1", "a = 2", name=name) for name in ("a.py", "b.py")]
    files[1].path.write_text("mine\n")
    with pytest.raises(RefusedError, match=r"b\.py has changed since it was read"):
        write_all(files)
    assert names(tmp_path) == ["a.py", "b.py"]
    assert files[0].path.read_text() == "a = 1\n"
    assert files[1].path.read_text() == "mine\n"


def test_hard_links_stay(mend: Mend, tmp_path: Path) -> None:
    found = mend(b"a = 1 # long\n", "a = 1 # long", "a = 2")
    os.link(found.path, tmp_path / "same.py")
    backup = write(found)
    assert (tmp_path / "same.py").read_text() == "a = 2\n"
    assert found.path.samefile(tmp_path / "same.py")
    assert backup.read_text() == "a = 1 # long\n"
    assert names(tmp_path) == ["layers.py", "layers.py.bak", "same.py"]


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held back")
def test_an_interrupt_waits_until_all_is_written(
    mend: Mend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    files = [mend(b"a = 1\n", "a = 1", "a = 2", name=name) for name in ("a.py", "b.py")]
    replace = os.replace
    # A process that was started in the background has it ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))

    def interrupted(old: Path, new: Path) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        replace(old, new)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(files)
    assert names(tmp_path) == ["a.py", "a.py.bak", "b.py", "b.py.bak"]
    assert {p.read_text() for p in tmp_path.glob("*.py")} == {"a = 2\n"}
