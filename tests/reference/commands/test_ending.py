"""However the command line ends, its status is no verdict that nobody has given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and /dev/full are Linux's")

ADD = """
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
"""
WRONG = ADD.replace("dout * 1, dout * 1", "dout * 2, dout * 1")

TRIGRAD = [sys.executable, "-m", "trigrad"]
CHECK = [*TRIGRAD, "check", "--examples", "1", "--repair-seconds", "0"]

# Ctrl-C as soon as a function is called; "lost" where an exception would be ignored.
_PATCHED = """
import os, signal, sys
def interrupt(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
class Lost:
    __del__ = interrupt
def in_a_callback(*_, **__):
    Lost()
from trigrad import api
from trigrad.sandbox import host
from trigrad.verdict import judge
place, name, call = sys.argv.pop(1).split()
original = getattr(eval(place), name)
def patched(*a, **k):
    globals()[call]()
    return original(*a, **k)
setattr(eval(place), name, patched)
from trigrad.__main__ import main
main()
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, with one for temporary files in it, in which the command is given."""
    # A process that was started in the background ignores Ctrl-C, and so do those that it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(ADD)
    yield tmp_path
    signal.signal(signal.SIGINT, before)


def left_in(folder: Path) -> list[str]:
    """The temporary files in the folder, and the processes that use it."""
    found = os.listdir(folder / "tmp")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder / "tmp").encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
        except OSError:
            continue  # it has ended
    return found


@pytest.mark.parametrize(
    ("patched", "command"),
    [
        ("host.ForkServer start interrupt", ("check", "a.py")),
        ("host.socket send_fds interrupt", ("fix", "a.py")),
        ("judge try_layer in_a_callback", ("check", "a.py", "--format", "json")),
    ],
)
@pytest.mark.whole
def test_an_interrupt_at_any_time(here: Path, patched: str, command: tuple[str, ...]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _PATCHED, patched, *command], capture_output=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (130, b"", b"")
    assert left_in(here) == []


def test_an_interrupt_while_a_layer_hangs(here: Path) -> None:
    Path("a.py").write_text(ADD.replace("return x + y", "while True: pass"))
    run = subprocess.Popen([*CHECK, "a.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2)
    run.send_signal(signal.SIGINT)
    asked = time.monotonic()
    assert run.communicate() == (b"", b"")
    assert time.monotonic() - asked < 1
    assert run.returncode == 130
    assert left_in(here) == []


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("closed", "words", "options"),
    [
        (">/dev/full", "No space left on device", []),
        (">/dev/full", "No space left on device", ["--format", "json"]),
        ("| true", "Broken pipe", []),
        ("<&- >&-", "Bad file descriptor", ["--format", "json"]),
        ("<&- >&- 2>&-", "", []),
    ],
)
def test_output_that_cannot_be_written(closed: str, words: str, options: list[str]) -> None:
    Path("a.py").write_text(ADD.replace("return", "pass  #"))  # undecided: status 3
    script = f'set -o pipefail; "$@" {closed}'
    command = [*CHECK, "a.py", "--in-process", *options]
    run = subprocess.run(
        ["bash", "-c", script, "bash", *command], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr == (f"trigrad: the output cannot be written: {words}\n" if words else "")


@pytest.mark.usefixtures("here")
def test_closed_descriptors_are_no_files_of_the_sandbox() -> None:
    script = '"$@" <&- 2>&-'
    run = subprocess.run(["bash", "-c", script, "bash", *CHECK, "a.py"], check=False)
    assert run.returncode == 0


@pytest.mark.usefixtures("here")
def test_a_name_that_the_output_s_encoding_does_not_have() -> None:
    name = "層é.py"
    Path(name).write_text(ADD.replace("return", "pass  #"))
    env = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    for options in ([], ["--format", "json"]):
        command = [*CHECK, name, "--in-process", *options]
        run = subprocess.run(command, env=env, capture_output=True, check=False)
        shown = run.stdout.decode("cp1252")
        assert run.returncode == 3
        assert "?" not in shown
    assert json.loads(shown)["subject"]["path"] == name


@pytest.mark.whole
def test_odd_surroundings(here: Path) -> None:
    """No docstrings, no home, no width, no locale."""
    Path("b.py").write_text(WRONG)
    env = {
        "PATH": os.environ["PATH"],
        "TMPDIR": os.environ["TMPDIR"],
        "PYTHONOPTIMIZE": "2",
        "COLUMNS": "0",
        "LC_ALL": "C",
    }
    command = [*CHECK, "a.py", "b.py"]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert "1 layer passes" in run.stdout
    assert "1 layer fails" in run.stdout
    assert run.returncode == 1
    assert left_in(here) == []


def test_a_working_folder_that_has_been_deleted(here: Path) -> None:
    (here / "gone").mkdir()
    script = f'cd "{here}/gone"; rmdir "{here}/gone"; exec "$@"'
    command = ["bash", "-c", script, "bash", *CHECK, str(here / "a.py"), "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(run.stdout)["error"].startswith("the working folder has been deleted")
    assert run.returncode == 2


@pytest.mark.usefixtures("here")
def test_an_error_of_our_own_is_no_verdict() -> None:
    """Not even where the judge cannot be imported, or the command line itself is wrong."""
    for module, words in (("trigrad.api", "trigrad itself failed"), ("typer", "Traceback")):
        code = f"import sys; sys.modules[{module!r}] = None; sys.argv[1:] = ['check', 'a.py']\n"
        code += "from trigrad.__main__ import main; main()"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.returncode == 2
        assert words in run.stderr
