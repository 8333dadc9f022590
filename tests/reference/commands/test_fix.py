"""`trigrad fix`: what it prints, what it writes and how it ends. The repairs are made by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import trigrad.api
from trigrad import Report
from trigrad.commands.app import app
from trigrad.commands.fix import _show
from trigrad.contracts.schema import Kind
from trigrad.repair.result import Change, Repair
from trigrad.subject.face import Where
from trigrad.verdict.results import LayerReport, Verdict

MUL = """\
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout + self.y, dout * self.x
"""
OLD, NEW = "dout + self.y", "dout * self.y"
LINE = "        return dout + self.y, dout * self.x"

Judged = Callable[..., dict[str, Any]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command is given."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """The court says this; what it was asked with is in the dict."""

    def says(*layers: LayerReport, error: str | None = None) -> dict[str, Any]:
        asked: dict[str, Any] = {}

        def check(target: str, **options: Any) -> Report:
            asked.update(options, target=target)
            return Report(target, "0" * 64, 0, 3, layers, error=error)

        monkeypatch.setattr(trigrad.api, "check", check)
        return asked

    return says


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and error of the command."""
    result = CliRunner().invoke(app, ["fix", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def layer(
    *changes: Change,
    name: str = "MulLayer",
    verdict: Verdict = Verdict.FAIL,
    suspects: tuple[Where, ...] = (),
    searched: bool = True,
) -> LayerReport:
    """A layer in a.py that was judged."""
    repair = Repair(changes, suspects) if searched else None
    where = Where("a.py", None, 1)
    return LayerReport(name, name, Kind.LAYER, verdict, where, repair=repair)


def change(path: Path, line: int, before: str, after: str, cell: int | None = None) -> Change:
    """A change to a file."""
    return Change(Where(path.name, cell, line), before, after, str(path.resolve()))


@pytest.fixture
def wrong(here: Path) -> Path:
    """A file with a layer that is wrong in line 7."""
    path = here / "a.py"
    path.write_text(MUL)
    return path


def mended(path: Path) -> Change:
    """What mends it."""
    return change(path, 7, LINE, LINE.replace(OLD, NEW))


class TestShown:
    def test_a_diff_and_nothing_else_on_stdout(self, wrong: Path, judged: Judged) -> None:
        judged(layer(mended(wrong)))
        status, out, err = run("a.py")
        assert status == 1
        assert out.startswith("--- a/a.py\n+++ b/a.py\n@@ ")
        assert f"\n-{LINE}\n+{LINE.replace(OLD, NEW)}\n" in out
        assert err == "verified by all three witnesses; --write fixes MulLayer\n"
        assert wrong.read_text() == MUL

    @pytest.mark.skipif(shutil.which("patch") is None, reason="no patch here")
    def test_it_can_be_piped_into_patch(self, wrong: Path, judged: Judged) -> None:
        judged(layer(mended(wrong)))
        subprocess.run(["patch", "-p1"], input=run("a.py")[1], text=True, check=True)
        assert wrong.read_text() == MUL.replace(OLD, NEW)

    def test_one_diff_for_each_file(self, wrong: Path, here: Path, judged: Judged) -> None:
        other = here / "b.py"
        other.write_text("a = 1\n")
        judged(layer(mended(wrong), change(other, 1, "a = 1", "a = 2")), layer(mended(wrong)))
        out = run(".")[1]
        assert [line for line in out.split("\n") if line.startswith("---")] == [
            "--- a/a.py",
            "--- a/b.py",
        ]
        assert out.count(f"+{LINE.replace(OLD, NEW)}") == 1

    def test_the_options_reach_the_court(self, wrong: Path, judged: Judged) -> None:
        asked = judged(layer(mended(wrong)))
        run("a.py", "--layer", "MulLayer", "--seed", "3", "--in-process")
        assert (asked["layer"], asked["seed"], asked["in_process"]) == ("MulLayer", 3, True)
        run("a.py", "--timeout", "4", "--repair-seconds", "5")
        assert asked == {
            **{"target": "a.py", "layer": None, "seed": 0, "timeout": 4.0},
            **{"repair_seconds": 5.0, "in_process": False, "samples": None},
            **{"declaration": None, "contracts": (), "guess": False},
        }


class TestNotMended:
    def test_nothing_fails(self, judged: Judged) -> None:
        judged(layer(verdict=Verdict.PASS, searched=False))
        assert run("a.py") == (0, "", "nothing fails in a.py: there is nothing to fix\n")

    def test_nothing_fails_and_not_all_is_judged(self, judged: Judged) -> None:
        unsettled = layer(verdict=Verdict.INCONCLUSIVE, searched=False)
        judged(layer(verdict=Verdict.PASS, searched=False), unsettled)
        words = "nothing fails in a.py, but not all was judged: trigrad check says why\n"
        assert run("a.py") == (3, "", words)

    def test_the_court_itself_finds_nothing(self, wrong: Path) -> None:
        wrong.write_text(MUL.replace(OLD, NEW))
        assert run("a.py")[:2] == (0, "")

    @pytest.mark.usefixtures("wrong")
    def test_the_court_itself_finds_something(self) -> None:
        status, _, err = run("a.py", "--repair-seconds", "0")
        assert status == 1
        assert err == "MulLayer (a.py, lines 6-7) fails: no fix was looked for\n"

    def test_nothing_can_be_judged(self, judged: Judged) -> None:
        judged(error="there is no file")
        assert run("a.py") == (2, "", "trigrad: there is no file\n")

    @pytest.mark.parametrize("write", [[], ["--write"]])
    def test_no_fix(self, wrong: Path, judged: Judged, write: list[str]) -> None:
        suspect = Where("a.py", None, 7, LINE.strip())
        judged(layer(suspects=(suspect,)))
        assert run("a.py", *write) == (
            1,
            "",
            "MulLayer (a.py, line 1) fails: no fix was found\n"
            "    no fix was found; perhaps the mistake is in line 7:\n"
            f"      7   {LINE.strip()}\n",
        )
        assert wrong.read_text() == MUL

    def test_none_was_looked_for(self, judged: Judged) -> None:
        judged(layer(searched=False))
        assert run("a.py")[::2] == (
            1,
            "MulLayer (a.py, line 1) fails: no fix was looked for\n",
        )

    def test_what_is_no_file(self, judged: Judged) -> None:
        judged(layer(Change(Where("a.py", None, 7), "a", "b")))
        status, out, err = run("mylib.layers", "--write")
        assert (status, out) == (1, "")
        assert "it has a fix, but it was not read from a file that could be written" in err

    def test_two_fixes_of_the_same_line(self, wrong: Path, judged: Judged) -> None:
        other = change(wrong, 6, "    def backward(self, dout):\n" + LINE, "b\nc")
        judged(layer(mended(wrong)), layer(other, name="Mul"))
        status, _, err = run("a.py", "--write")
        assert status == 1
        assert wrong.read_text() == MUL.replace(OLD, NEW)
        assert "Mul (a.py, lines 6-7) fails: its fix touches the same lines as another one" in err

    def test_an_error_of_our_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(*_: object, **__: object) -> Report:
            raise RuntimeError("oh")

        monkeypatch.delenv("TRIGRAD_DEBUG", raising=False)
        monkeypatch.setattr(trigrad.api, "check", fails)
        status, out, err = run("a.py")
        assert (status, out) == (2, "")
        assert err.startswith("trigrad: trigrad itself failed (RuntimeError: oh); please report it")


class TestWritten:
    def test_all_that_failed_is_mended(self, wrong: Path, judged: Judged) -> None:
        judged(layer(mended(wrong)))
        status, out, err = run("a.py", "--write")
        assert status == 0
        assert out.startswith("--- a/a.py\n")
        assert err == "wrote a.py; backup: a.py.bak\n"
        assert wrong.read_text() == MUL.replace(OLD, NEW)
        assert wrong.with_name("a.py.bak").read_text() == MUL

    def test_one_that_has_no_fix_is_left(self, wrong: Path, judged: Judged) -> None:
        judged(layer(mended(wrong)), layer(name="Relu"))
        status, _, err = run("a.py", "--write")
        assert status == 1
        assert err == (
            "wrote a.py; backup: a.py.bak\nRelu (a.py, line 1) fails: no fix was found\n"
        )

    def test_a_file_that_has_changed(self, wrong: Path, judged: Judged) -> None:
        judged(layer(mended(wrong)))
        wrong.write_text("a = 1\n" + MUL)
        assert run("a.py", "--write") == (
            2,
            "",
            "trigrad: a.py has changed since it was read; run this again\n",
        )
        assert not wrong.with_name("a.py.bak").exists()

    def test_a_read_only_file(self, wrong: Path, judged: Judged) -> None:
        judged(layer(mended(wrong)))
        wrong.chmod(0o444)
        status, _, err = run("a.py", "--write")
        assert status == 2
        assert err == f"trigrad: {wrong.resolve()} is read-only: nothing is written\n"
        assert wrong.read_text() == MUL

    def test_a_notebook_is_judged_right_afterwards(self, here: Path, judged: Judged) -> None:
        path = here / "n.ipynb"
        cells = [
            {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": s}
            for s in ("%ls\n", MUL.rstrip("\n").splitlines(keepends=True))
        ]
        path.write_text(
            json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
        )
        real = trigrad.api.check
        assert not real(path, layer="MulLayer", examples=2).ok
        judged(layer(change(path, 7, LINE, LINE.replace(OLD, NEW), cell=2)))
        status, out, err = run("n.ipynb", "--write")
        assert status == 0
        assert out.startswith("--- a/n.ipynb, cell 2\t\n")
        assert err == "wrote n.ipynb; backup: n.ipynb.bak\n"
        assert real(path, layer="MulLayer", examples=2).ok


class TestTerminal:
    def test_the_diff_is_text_in_which_nothing_moves_the_cursor(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        _show("+\ta = '層\x1b[2J'\r\n+b\x0cc\n".encode("shift_jis"), "shift_jis")
        assert capsys.readouterr().out == "+\ta = '層\\x1b[2J' \n+b c\n"


HELPER_AND_LAYER = """\
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(x))


class Sigmoid:
    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
"""


class TestTogether:
    """Real repairs: what is verified for each layer is judged once more for all."""

    def test_a_helper_and_the_layer_that_uses_it(self, here: Path) -> None:
        path = here / "a.py"
        path.write_text(HELPER_AND_LAYER)
        status, _, err = run("a.py", "--in-process", "--repair-seconds", "20", "--write")
        mended = HELPER_AND_LAYER.replace("np.exp(x)", "np.exp(-x)")
        assert path.read_text() == mended
        assert (status, "run this again" in err) in {(0, False), (1, True)}
        assert trigrad.api.check(path, in_process=True).ok

    def test_two_layers_of_their_own(self, here: Path) -> None:
        path = here / "a.py"
        other = MUL.replace("MulLayer", "AddLayer").replace("x * y", "x - y")
        other = other.replace("dout + self.y, dout * self.x", "dout * 1, dout * 1")
        path.write_text(MUL + other)
        assert run("a.py", "--in-process", "--repair-seconds", "20", "--write")[0] == 0
        assert trigrad.api.check(path, in_process=True).ok

    def test_two_files_with_layers_of_one_name(self, here: Path) -> None:
        for name in ("a.py", "b.py"):
            (here / name).write_text(MUL)
        status, out, err = run(".", "--in-process", "--repair-seconds", "20")
        assert status == 1
        assert [line for line in out.splitlines() if line.startswith("---")] == [
            *("--- a/a.py", "--- a/b.py")
        ]
        assert "--write fixes MulLayer (a.py) and MulLayer (b.py)" in err

    def test_one_file_of_two_that_cannot_be_fixed_alone(
        self, here: Path, judged: Judged, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A layer that stays wrong in one file does not hide one that a fix breaks in another."""
        for name in ("a.py", "b.py", "c.py"):
            (here / name).write_text(MUL)
        wrong = [
            replace(layer(mended(here / name)), where=Where(name, None, 1))
            for name in ("a.py", "b.py")
        ]
        left = replace(layer(), where=Where("c.py", None, 1))
        judged(*wrong, left)
        monkeypatch.setattr(
            "trigrad.patch.together.failing", lambda _: {("b.py", "MulLayer"), ("c.py", "MulLayer")}
        )
        _, out, err = run(".", "--in-process")
        assert "--- a/a.py" in out
        assert "--- a/b.py" not in out
        assert "MulLayer (b.py, line 7) fails: its fix conflicts with the others" in err

    def test_all_files_or_none(self, here: Path) -> None:
        (here / "h.py").write_text("def local(dout, a):\n    return dout + a\n")
        (here / "m.py").write_text(
            "from h import local\n\n\nclass MulLayer:\n    def forward(self, x, y):\n"
            "        self.x, self.y = x, y\n        return x - y\n\n"
            "    def backward(self, dout):\n"
            "        return local(dout, self.y), local(dout, self.x)\n"
        )
        before = {path: path.read_text() for path in here.iterdir()}
        (here / "m.py").chmod(0o444)
        status, _, err = run(".", "--in-process", "--repair-seconds", "20", "--write")
        assert status == 2
        assert "read-only" in err
        assert {path: path.read_text() for path in here.iterdir()} == before

    def test_no_path(self, here: Path) -> None:
        (here / "a.py").write_text(MUL)
        assert run("", "--write")[0] == 2
        assert (here / "a.py").read_text() == MUL

    def test_nothing_that_could_be_judged(self, here: Path) -> None:
        (here / "a.py").write_text(
            "class AddLayer:\n    def forward(self, x, y):\n        pass\n\n"
            "    def backward(self, dout):\n        pass\n"
        )
        status, _, err = run("a.py", "--in-process")
        assert status == 2
        assert "nothing could be judged" in err


@pytest.mark.usefixtures("here")
def test_the_axis_of_samples_is_passed_on(judged: Judged) -> None:
    asked = judged()
    CliRunner().invoke(app, ["fix", "notes.py", "--samples", "columns"])
    assert asked["samples"] == "columns"


def test_a_fix_of_what_is_wrong_in_columns_only(here: Path) -> None:
    """With samples as rows the softmax is wrong too, and another change would mend it."""
    text = (
        "import numpy as np\n\n\ndef softmax(x):\n    e = np.exp(x - x.max(axis=0))\n"
        "    return e / e.sum(axis=0) + 1\n"
    )
    (here / "notes.py").write_text(text, "utf-8")
    command = ["fix", "notes.py", "--write", "--samples", "columns", "--in-process"]
    CliRunner().invoke(app, command)
    assert "axis=1" not in (here / "notes.py").read_text("utf-8")
