"""`check` and the command with a declaration: what they take, refuse, print and say again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from trigrad import Report, check
from trigrad.commands.app import app
from trigrad.verdict.results import Verdict

DECLARED = "x: N D"


class Square:
    """Right."""

    def forward(self, x: Any) -> Any:
        self.x = x
        return x * x

    def backward(self, dout: Any) -> Any:
        return 2 * dout * self.x


class WrongSquare(Square):
    """Leaves out the factor."""

    def backward(self, dout: Any) -> Any:
        return dout * self.x


class Scaled:
    """Made with something that only its user knows."""

    def __init__(self, W: Any, axis: Any) -> None:
        self.W, self.axis = W, axis

    def forward(self, x: Any) -> Any:
        self.x = x
        return (x * self.W).sum(axis=self.axis)

    def backward(self, dout: Any) -> Any:
        d = np.expand_dims(dout, self.axis)
        self.dW = (d * self.x).sum(axis=0)
        return d * self.W


def cube_forward(x: Any) -> Any:
    """Returns its gradient too, which lacks the factor."""
    return np.sum(x**3), x**2


def short(*arguments: Any, **options: Any) -> Report:
    return check(*arguments, examples=3, repair_seconds=0, **options)


def verdicts(report: Report) -> list[str]:
    return [layer.verdict.value for layer in report.layers]


def test_a_class_passes_or_fails_by_its_declaration() -> None:
    assert verdicts(short(Square, DECLARED)) == ["pass"]
    assert verdicts(short(WrongSquare, DECLARED)) == ["fail"]
    assert verdicts(short(cube_forward, DECLARED)) == ["fail"]


def test_a_class_may_be_built_by_the_caller() -> None:
    declared = "x: N D; W: D"
    assert verdicts(short(Scaled, declared, build=lambda W: Scaled(W, axis=1))) == ["pass"]
    (unjudged,) = short(Scaled, declared, build=lambda W: Scaled(W, axis=7)).unjudged
    assert "AxisError" in unjudged.why


def test_a_twin_judges_forward_too() -> None:
    report = short(Square, DECLARED, like=lambda x: x * x)
    assert verdicts(report) == ["pass"]
    assert "forward is taken as you wrote it" not in str(report)
    report = short(Square, DECLARED, like=lambda x: x * x * x)
    assert verdicts(report) == ["fail"]
    (layer,) = report.layers
    assert "value" in [j.claim.name for j in layer.judgements if j.fails]


@pytest.mark.parametrize(
    ("like", "why"),
    [
        (lambda x, W: x * W, "the function given as like= raises TypeError"),
        (lambda x: x.sum(), "gives the shape (), but forward gives (3, 4)"),
    ],
)
def test_a_twin_that_cannot_be_one_is_said(like: Any, why: str) -> None:
    report = short(Square, DECLARED, like=like)
    assert report.exit_status == 3
    assert why in report.unjudged[0].why


def test_a_twin_is_for_a_path_too(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(SQUARE, "utf-8")
    both = [short(file, DECLARED, layer="Square", like=f) for f in (lambda x: x**2, lambda x: x)]
    assert [verdicts(each) for each in both] == [["pass"], ["fail"]]


@pytest.mark.parametrize(
    ("arguments", "options", "why"),
    [
        ((Square, "x: N D?"), {}, r"(?s)'D\?' is neither .*\n    x: N D\?\n         \^"),
        (("a.py", DECLARED), {}, "whose declaration is it"),
        ((Square,), {"like": abs}, "like= is for a declared layer"),
    ],
)
def test_what_check_refuses(arguments: Any, options: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check(*arguments, **options)


def test_how_to_run_again_is_said_in_python() -> None:
    assert "check(WrongSquare, 'x: N D', seed=0)" in str(short(WrongSquare, DECLARED))
    report = short(Square, DECLARED, like=lambda x: x)
    assert "check(Square, 'x: N D', like=..., seed=0)" in str(report)


# --- the command --------------------------------------------------------------------------------

SQUARE = """
class Square:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, dout):
        return 2 * dout * self.x
"""
WRONG = SQUARE.replace("2 * dout", "dout")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("notes.py")
    path.write_text(WRONG, "utf-8")
    return path


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["check", *arguments, "--examples", "3"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_command_judges_what_it_declares(file: Path) -> None:
    result = run(str(file), "--layer", "Square", "--declare", DECLARED)
    assert result.exit_code == 1
    assert "✗ Square" in result.stdout
    assert "finite differences and PyTorch agree" in result.stdout
    assert "declared: x: N D" in result.stdout
    again = "trigrad check notes.py --layer Square --seed 0 --examples 3 --declare 'x: N D'"
    assert again in result.stdout
    file.write_text(SQUARE, "utf-8")
    assert run(str(file), "--layer", "Square", "--declare", DECLARED).exit_code == 0


def test_the_command_repairs_what_it_declares(file: Path) -> None:
    result = run(str(file), "--layer", "Square", "--declare", DECLARED)
    assert "verified fix (with it, every check passes)" in result.stdout
    assert re.search(r"8   return dout \* self\.x   →   return .*2.*dout", result.stdout)


@pytest.mark.parametrize(
    ("hints", "shown", "hidden"),
    [
        ("law", "the gradient of x is not the derivative of forward", "return dout * self.x"),
        ("line", "line 8", "→"),
    ],
)
def test_hints_hold_for_declared_layers(file: Path, hints: str, shown: str, hidden: str) -> None:
    result = run(str(file), "--layer", "Square", "--declare", DECLARED, "--hints", hints)
    assert shown in result.stdout
    assert hidden not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--declare", DECLARED], "--declare needs --layer"),
        (["--layer", "Square", "--declare", "x N D"], "there is no : after the name"),
        (["--layer", "Square", "--declare", "x: N D; build: A(1 +)"], "\n" + " " * 24 + "^"),
        (["--layer", "Other", "--declare", DECLARED], "notes.py has no Other; it has Square"),
    ],
)
def test_the_command_refuses(file: Path, arguments: list[str], why: str) -> None:
    result = run(str(file), *arguments)
    assert result.exit_code == 2
    assert why in result.output


def test_the_json_has_the_declaration(file: Path) -> None:
    arguments = ["--layer", "Square", "--declare", DECLARED, "--format", "json"]
    (layer,) = json.loads(run(str(file), *arguments).stdout)["layers"]
    assert layer["declaration"] == DECLARED
    assert layer["verdict"] == Verdict.FAIL.value


# --- hostile declarations -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "why"),
    [
        ("[0 for _ in iter(int, 1)]", "did not return"),
        ("__import__('os')._exit(0)", "ended its process"),
        ("print(open('/etc/passwd').read())", "PermissionError"),
        ("__import__('subprocess').run(['touch', 'made'])", "Error"),
        ("(lambda: (_ for _ in ()).throw(KeyboardInterrupt))()", "KeyboardInterrupt"),
    ],
)
def test_an_expression_is_evaluated_in_the_sandbox(tmp_path: Path, build: str, why: str) -> None:
    file = tmp_path / "layers.py"
    file.write_text(f"# trigrad: x: N D; build: {build}{SQUARE}", "utf-8")
    report = check(file, examples=2, timeout=2, repair_seconds=0)
    assert "pass" not in verdicts(report)
    assert why in str(report), str(report)
    assert not (tmp_path / "made").exists()


def test_a_forward_that_is_slow_on_stand_ins_alone_does_not_fail(tmp_path: Path) -> None:
    file = tmp_path / "layers.py"
    slow = "        while type(x).__name__ != 'ndarray':\n            pass\n        return x * x"
    text = SQUARE.replace("        return x * x", slow)
    file.write_text(f"# trigrad: x: N D{text}", "utf-8")
    report = check(file, examples=2, timeout=1, repair_seconds=0)
    assert verdicts(report) == ["pass"], str(report)
    assert "PyTorch takes too long to run this forward" in str(report)
    file.write_text(f"# trigrad: x: N D{text.replace('2 * dout', 'dout')}", "utf-8")
    assert verdicts(check(file, examples=2, timeout=1, repair_seconds=0)) == ["fail"]


class TestArraysOfOneNumber:
    """`x: 1` is an array of one number, and a gradient of it one number."""

    @pytest.mark.parametrize("factor", [2, 3])
    @pytest.mark.parametrize("output", ["x * 2", "2 * x.sum()"])
    def test_it_is_judged(self, tmp_path: Path, output: str, factor: int) -> None:
        text = f"""\
# trigrad: x: 1
class Double:
    def forward(self, x):
        return {output}

    def backward(self, dout):
        return dout * {factor}
"""
        file = tmp_path / "double.py"
        file.write_text(text)
        report = check(file, repair_seconds=0)
        assert report.layers[0].verdict is (Verdict.PASS if factor == 2 else Verdict.FAIL), report


@pytest.mark.parametrize(("sign", "verdict"), [("+", Verdict.PASS), ("-", Verdict.INCONCLUSIVE)])
def test_a_gradient_for_each_output_is_known_by_its_name(
    tmp_path: Path, sign: str, verdict: Verdict
) -> None:
    """A second output is not the cache, and the layer no AddLayer."""
    text = f"""\
class SumAndProduct:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x + y, x * y

    def backward(self, dsum, dprod):
        return dsum + dprod * self.y, dsum {sign} dprod * self.x
"""
    file = tmp_path / "both.py"
    file.write_text(text)
    report = check(file, repair_seconds=0)
    assert [layer.verdict for layer in report.layers] == [verdict], report
    file.write_text(f"# trigrad: x: N D; y: N D; returns: out[:2]\n{text}")
    report = check(file, repair_seconds=0)
    assert report.layers[0].verdict is (Verdict.PASS if sign == "+" else Verdict.FAIL), report
