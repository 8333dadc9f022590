"""`trigrad watch`: each save is judged, Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from trigrad.commands.watch import saved
from trigrad.subject.source.text import Source

ADD = """\
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
"""


def texts(path: Path) -> Iterator[str]:
    for found in saved(path, 0.01):
        yield found.modules[0].chunks[0].text if isinstance(found, Source) else "unreadable"


def after(seconds: float, path: Path, text: str | None) -> None:
    """Write a file, or remove it, a moment later."""

    def act() -> None:
        time.sleep(seconds)
        if text is None:
            path.unlink()
        else:
            path.write_text(text)

    threading.Thread(target=act).start()


def test_each_text_is_given_once(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1")
    found = texts(path)
    assert next(found) == "x = 1"
    after(0.05, path, "x = 22")
    assert next(found) == "x = 22"
    os.utime(path)  # saved, and nothing is changed
    after(0.1, path, "x = 333")
    assert next(found) == "x = 333"
    after(0.05, path, None)
    assert next(found) == "unreadable"
    after(0.05, path, "x = 1")
    assert next(found) == "x = 1"


def test_what_it_imports_is_watched(tmp_path: Path) -> None:
    path, other = tmp_path / "a.py", tmp_path / "mine.py"
    path.write_text("from mine import x\ny = 1")
    other.write_text("x = 1")
    found = texts(path)
    next(found)
    after(0.05, other, "x = 22")
    assert next(found) == path.read_text()


def test_a_new_file_in_a_folder_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    found = saved(tmp_path, 0.01)
    next(found)
    after(0.05, tmp_path / "b.py", "y = 1")
    second = next(found)
    assert isinstance(second, Source)
    assert len(second.modules) == 2


def test_a_path_that_is_not_there() -> None:
    command = [sys.executable, "-m", "trigrad", "watch", "nothing.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no file or folder nothing.py" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent another way there")
def test_it_judges_at_each_save_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(ADD)
    command = [sys.executable, "-m", "trigrad", "watch", str(path), "--repair-seconds", "0"]
    # A process that was started in the background ignores Ctrl-C, and so do those that it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        watching = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    assert watching.stdout is not None
    try:
        assert "✓ AddLayer" in until_judged(watching.stdout)
        path.write_text(ADD.replace("return dout, dout", "return 2 * dout, dout"))
        assert "✗ AddLayer" in until_judged(watching.stdout)
        path.write_text("class AddLayer(:\n")
        shown = until_judged(watching.stdout)
        assert "syntax error" in shown
        assert "0 of 0 judged anew" in shown
        path.write_text(f"\n{ADD}")
        shown = until_judged(watching.stdout)
        assert "✓ AddLayer" in shown
        assert "0 of 1 judged anew" in shown
        watching.send_signal(signal.SIGINT)
        assert watching.wait(10) == 130
    finally:
        watching.kill()
        watching.stdout.close()
        watching.wait()


def until_judged(lines: Iterator[str]) -> str:
    """The lines up to the one that says what was judged."""
    shown = ""
    for line in lines:
        shown += line
        if "judged anew" in line:
            return shown
    raise AssertionError(f"it has ended: {shown}")
