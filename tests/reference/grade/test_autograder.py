"""Gradescope's autograder, in the folders in which it runs there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from trigrad.commands.app import app
from trigrad.grade.autograder import Settings, autograde
from trigrad.grade.autograder_zip import write_zip
from trigrad.grade.judging import Options

RIGHT = """\
import numpy as np


class Relu:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x
"""
WRONG = RIGHT.replace("dout * self.y, dout", "dout + self.y, dout")
HANGS = RIGHT.replace("self.x, self.y = x, y", "import time; time.sleep(99)")

SETTINGS = Settings(("Relu", "MulLayer"), Options(examples=3))


def unpacked(folder: Path, settings: Settings = SETTINGS, **files: Path) -> Path:
    """The root as Gradescope makes it, without a submission."""
    root = folder / "autograder"
    write_zip(folder / "autograder.zip", settings, **files)
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        archive.extractall(root / "source")
    (root / "submission").mkdir()
    (root / "results").mkdir()
    return root


def results(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "results" / "results.json").read_bytes())
    return found


def points(root: Path) -> dict[str, tuple[float, float]]:
    each = results(root)["tests"]
    return {test["name"].split()[-1]: (test["score"], test["max_score"]) for test in each}


def test_a_submission_gets_its_points(tmp_path: Path) -> None:
    root = unpacked(tmp_path)
    (root / "submission" / "layers.py").write_text(WRONG)
    autograde(root)
    assert points(root) == {"Relu": (2, 2), "MulLayer": (2, 3)}
    assert results(root)["score"] == 4
    assert "should be" not in json.dumps(results(root))  # the hints are of the law alone


def test_an_empty_submission_gets_none_and_the_reason(tmp_path: Path) -> None:
    root = unpacked(tmp_path)
    autograde(root)
    assert results(root)["score"] == 0
    assert "empty" in results(root)["output"]


def test_the_rubric_and_the_metadata_are_read(tmp_path: Path) -> None:
    rubric = tmp_path / "mine.toml"
    rubric.write_text("[layers]\nRelu = 7\n", encoding="utf-8")
    root = unpacked(tmp_path, Settings((), Options(examples=3)), rubric=rubric)
    (root / "submission" / "layers.py").write_text(RIGHT)
    metadata = {
        "created_at": "2026-11-03T01:00:00.000000-08:00",
        "assignment": {"due_date": "2026-11-02T23:00:00.000000-08:00"},
    }
    (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    autograde(root)
    assert points(root) == {"Relu": (7, 7)}
    assert "2 hours" in results(root)["output"]


def test_contracts_of_the_teachers_own_go_along(tmp_path: Path) -> None:
    contracts = tmp_path / "course.py"
    contracts.write_text(
        "from trigrad.contracts import contract\n\ncontract('Twice', 'x: N D')\n", encoding="utf-8"
    )
    root = unpacked(tmp_path, Settings(("Twice",), Options(examples=3)), contracts=contracts)
    text = "class Twice:\n    def forward(self, x):\n        return 2 * x\n"
    text += "    def backward(self, dout):\n        return 2 * dout\n"
    (root / "submission" / "twice.py").write_text(text)
    autograde(root)
    assert points(root) == {"Twice": (2, 2)}


TIME_IS_OVER = """\
#!/bin/sh
shift 2  # --kill-after and the seconds
"$@" &
until grep -q '"score": 2' "$AUTOGRADER_ROOT/results/results.json"; do
    kill -0 $! || exit 1
    sleep 0.1
done
kill $!
wait $!
exit 124
"""
"""A timeout(1) whose time is over as soon as one layer has its points."""


def run(root: Path, programs: Path | None = None) -> int:
    """Run `run_autograder` with this Python in place of the one that setup.sh installs.

    `programs` is a folder with programs that go before those of the system.
    """
    python = root / "source" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    script = root / "source" / "run_autograder"
    for each in (python, script, *(programs.iterdir() if programs else ())):
        each.chmod(0o755)
    given = {**os.environ, "AUTOGRADER_ROOT": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    if programs is not None:
        given["PATH"] = f"{programs}{os.pathsep}{given['PATH']}"
    return subprocess.run([str(script)], env=given, cwd=root, check=False).returncode


@pytest.mark.skipif(os.name != "posix", reason="Gradescope's machines run Linux")
def test_it_runs_from_what_is_packed(tmp_path: Path) -> None:
    root = unpacked(tmp_path)
    (root / "submission" / "layers.py").write_text(RIGHT)
    assert run(root) == 0
    assert points(root) == {"Relu": (2, 2), "MulLayer": (3, 3)}


@pytest.mark.skipif(os.name != "posix", reason="Gradescope's machines run Linux")
def test_when_the_time_is_over_the_layers_so_far_have_their_points(tmp_path: Path) -> None:
    patient = Settings(SETTINGS.required, Options(examples=3, timeout=60))
    root = unpacked(tmp_path, patient)
    (root / "submission" / "layers.py").write_text(HANGS)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "timeout").write_text(TIME_IS_OVER, encoding="utf-8")
    assert run(root, programs) == 0
    assert points(root) == {"Relu": (2, 2), "MulLayer": (0, 3)}
    (late,) = (t["output"] for t in results(root)["tests"] if "MulLayer" in t["name"])
    assert "the time was over" in late


def test_the_same_settings_give_the_same_bytes_and_scripts_can_be_run(tmp_path: Path) -> None:
    one, other = tmp_path / "1.zip", tmp_path / "2.zip"
    write_zip(one, SETTINGS, torch_index="https://example.org/cpu index")
    write_zip(other, SETTINGS, torch_index="https://example.org/cpu index")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        modes = {e.filename: e.external_attr >> 16 for e in archive.infolist()}
        setup = archive.read("setup.sh").decode()
        needed = archive.read("requirements.txt").decode()
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert "--index-url 'https://example.org/cpu index' torch==" in setup
    assert "numpy" in needed
    assert "torch" not in needed
    assert "trigrad/impl/layers.py" in str(sorted(modes))
    assert not [name for name in modes if "__pycache__" in name]


def zipped(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["gradescope-zip", *map(str, arguments)])


def test_the_command_writes_it(tmp_path: Path) -> None:
    out = tmp_path / "a.zip"
    ended = zipped("--require", "Relu", "--out", out)
    assert ended.exit_code == 0, ended.output
    assert "CUDA" in ended.output
    assert zipfile.is_zipfile(out)


def test_the_command_says_what_is_wrong_with_what_it_is_given(tmp_path: Path) -> None:
    assert "Affine" in zipped("--require", "Affin", "--out", tmp_path / "a.zip").output
    gone = zipped("--require", "Relu", "--out", tmp_path / "nowhere" / "a.zip")
    assert (gone.exit_code, "nowhere" in gone.output) == (2, True)
    assert zipped("--out", tmp_path / "a.zip").exit_code == 2
    assert not list(tmp_path.iterdir())
