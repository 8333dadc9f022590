"""`trigrad check`: what it takes, what it prints and how it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import trigrad.api
from trigrad import Report
from trigrad.commands.app import app
from trigrad.contracts.optimisers import OPTIMISERS
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.shelf.registry import SHELF
from trigrad.defaults import REPAIR_SECONDS
from trigrad.subject.candidate import Candidate
from trigrad.verdict import judge
from trigrad.verdict.results import LayerReport, Verdict

Run = Callable[..., Any]

ADD = """
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
"""
WRONG = ADD.replace("dout * 1, dout * 1", "dout * 2, dout * 1")
EMPTY = ADD.replace("return dout * 1, dout * 1", "pass")
RELU = """
import numpy as np

class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command is given."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str, examples: int = 2) -> Any:
    """The command's result; its standard output and error are apart."""
    result = CliRunner().invoke(app, ["check", *arguments, "--examples", str(examples)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def as_json(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit status and the one object that is printed."""
    result = run(*arguments, "--format", "json")
    assert result.stderr == ""
    assert result.stdout.endswith("}\n")
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return result.exit_code, found


class TestExitStatus:
    def test_0_where_all_that_was_found_holds(self, here: Path) -> None:
        (here / "a.py").write_text(ADD)
        result = run("a.py")
        assert result.exit_code == 0
        assert result.stdout.startswith("a.py · 1 layer found: AddLayer\n")
        assert "✓ AddLayer" in result.stdout
        assert result.stderr == ""

    def test_0_with_advice(self, here: Path) -> None:
        (here / "a.py").write_text(ADD.replace("* 1", ""))
        result = run("a.py")
        assert result.exit_code == 0
        assert "suggestion: " not in result.stdout
        assert "1 layer passes; 2 suggestions (see --advice)." in result.stdout
        assert "suggestion: " in run("a.py", "--advice").stdout

    def test_1_where_a_claim_fails(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG)
        result = run("a.py")
        assert result.exit_code == 1
        assert "✗ AddLayer" in result.stdout
        assert result.stderr == ""

    def test_1_before_3(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG + EMPTY.replace("AddLayer", "MulLayer"))
        assert run("a.py").exit_code == 1

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.py", ""),
            ("a.py", "x = 1"),
            ("a.py", "def f(:"),
            ("a.txt", ADD),
            ("a.ipynb", "{"),
            ("a.py", "class Dropout:\n def forward(self): 1\n def backward(self): 1"),
        ],
    )
    def test_2_where_nothing_could_be_judged(self, here: Path, name: str, text: str) -> None:
        (here / name).write_text(text)
        result = run(name)
        assert result.exit_code == 2
        assert len(result.output.splitlines()) == 1
        assert result.output.startswith("trigrad: ")

    @pytest.mark.usefixtures("here")
    def test_2_where_there_is_no_such_file(self) -> None:
        result = run("nothing.py")
        assert result.exit_code == 2
        assert result.output == (
            "trigrad: there is no file or folder nothing.py: check the spelling\n"
        )

    def test_3_where_something_is_not_written_yet(self, here: Path) -> None:
        (here / "a.py").write_text(EMPTY + RELU)
        result = run("a.py")
        assert result.exit_code == 3
        assert "not written yet" in result.stdout


class TestLayer:
    @pytest.mark.parametrize("name", ["ReLU", "Relu", "relu", "RELU"])
    def test_the_contract_s_name_or_its_own(self, here: Path, name: str) -> None:
        (here / "a.py").write_text(WRONG + RELU)
        result = run("a.py", "--layer", name)
        assert result.exit_code == 0
        assert "✓ ReLU" in result.stdout
        assert "AddLayer" not in result.stdout

    def test_the_same_cases_as_among_others(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG + RELU.replace("dout, 0)", "dout + x[0], 0)"))
        _, whole = as_json("a.py")
        _, alone = as_json("a.py", "--layer", "AddLayer")
        assert alone["layers"] == whole["layers"][:1]

    def test_a_slip_in_the_learner_s_own_name(self, here: Path) -> None:
        (here / "a.py").write_text(ADD.replace("AddLayer", "AddLayre"))
        assert run("a.py", "--layer", "AddLayre").exit_code == 0
        assert run("a.py", "--layer", "AddLayer").exit_code == 0

    def test_one_that_is_not_there(self, here: Path) -> None:
        (here / "a.py").write_text(ADD + RELU)
        result = run("a.py", "--layer", "Affine")
        assert result.exit_code == 2
        assert result.output == "trigrad: a.py has no Affine; it has AddLayer, ReLU\n"


class TestRequire:
    def test_what_is_there(self, here: Path) -> None:
        (here / "a.py").write_text(ADD + RELU)
        result = run("a.py", "--require", "Relu,AddLayer")
        assert result.exit_code == 0
        assert "required" not in result.stdout

    def test_what_is_missing(self, here: Path) -> None:
        (here / "a.py").write_text(ADD + RELU)
        result = run("a.py", "--require", "Relu, affine,softmax")
        assert result.exit_code == 1
        assert "✗ Affine  is required, but is not in a.py" in result.stdout.splitlines()
        assert "✗ softmax  is required, but is not in a.py" in result.stdout.splitlines()
        assert "2 layers pass, 2 required layers are missing" in result.stdout

    def test_what_is_there_and_cannot_be_judged(self, here: Path) -> None:
        (here / "a.py").write_text(ADD + "class Relu:\n    def forward(self, x): return x\n")
        result = run("a.py", "--require", "Relu")
        assert result.exit_code == 1
        assert "✗ Relu  is required, but cannot be judged" in result.stdout.splitlines()

    def test_in_json(self, here: Path) -> None:
        (here / "a.py").write_text(ADD)
        status, found = as_json("a.py", "--require", "softmax")
        assert status == 1
        assert ("softmax", "missing") in [(e["layer"], e["verdict"]) for e in found["layers"]]

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            (
                "Foo",
                f"; there are: {', '.join(e.name for e in (*CONTRACTS, *OPTIMISERS, *SHELF))}\n",
            ),
            ("ReLU7", "; is one of these meant: ReLU6\n"),
            ("Softmax2", "; is one of these meant: Softmax, softmax, LogSoftmax\n"),
        ],
    )
    def test_a_name_that_no_contract_has(self, here: Path, name: str, said: str) -> None:
        (here / "a.py").write_text(ADD)
        result = run("a.py", "--require", f"Relu,{name}")
        assert result.exit_code == 2
        assert result.output == f"trigrad: no contract is named {name}{said}"

    def test_together_with_one_layer(self, here: Path) -> None:
        """What is there and was not asked for is not missing."""
        (here / "a.py").write_text(ADD + RELU)
        assert run("a.py", "--layer", "AddLayer", "--require", "Relu").exit_code == 0
        assert run("a.py", "--layer", "AddLayer", "--require", "Affine").exit_code == 1


class TestSeedAndExamples:
    def test_a_seed_is_said_and_repeats(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG)
        one, two = run("a.py", "--seed", "7").stdout, run("a.py", "--seed", "7").stdout
        assert one == two
        assert " · seed 7 · sha256 " in one.splitlines()[-2]
        assert one.splitlines()[-1].endswith(" --layer AddLayer --seed 7 --examples 2")

    def test_another_seed_draws_other_cases(self, here: Path) -> None:
        """A layer that is wrong for 1 in 40 values is found or not, as the seed has it."""
        text = ADD.replace("dout * 1, dout * 1", "dout * (1 + (dout == 3.5)), dout * 1")
        (here / "a.py").write_text(text)
        statuses: set[int] = set()
        for seed in range(8):
            options = ("--seed", str(seed), "--repair-seconds", "0")
            statuses.add(run("a.py", *options, examples=3).exit_code)
            if len(statuses) == 2:
                break  # both were seen
        assert statuses == {0, 1}

    def test_a_large_seed(self, here: Path) -> None:
        (here / "a.py").write_text(ADD)
        assert run("a.py", "--seed", str(10**40)).exit_code == 0

    @pytest.mark.parametrize(
        "options",
        [("--seed", "-1"), ("--seed", "x"), ("--examples", "0"), ("--format", "xml"), ("--nope",)],
    )
    def test_what_is_no_value_is_refused(self, here: Path, options: tuple[str, ...]) -> None:
        (here / "a.py").write_text(ADD)
        result = CliRunner().invoke(app, ["check", "a.py", *options])
        assert result.exit_code == 2
        assert result.stdout == ""
        assert options[0] in result.stderr

    def test_more_examples_find_more(self, here: Path) -> None:
        text = ADD.replace("dout * 1, dout * 1", "dout * (1 + (dout == 3.5)), dout * 1")
        (here / "a.py").write_text(text)
        assert run("a.py", examples=20).exit_code == 1


class TestJson:
    def test_one_object(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG)
        status, found = as_json("a.py", "--seed", "3")
        assert status == 1
        assert (found["seed"], found["error"]) == (3, None)
        assert found["summary"]["fail"] == 1

    @pytest.mark.usefixtures("here")
    def test_one_object_where_nothing_could_be_judged(self) -> None:
        status, found = as_json("nothing.py")
        assert status == 2
        assert found["error"] == "there is no file or folder nothing.py: check the spelling"
        assert found["layers"] == []

    @pytest.mark.usefixtures("here")
    def test_one_object_for_a_name_that_no_contract_has(self) -> None:
        status, found = as_json("nothing.py", "--require", "Foo", "--seed", "3")
        assert status == 2
        assert found["error"].startswith("no contract is named Foo")
        assert (found["seed"], found["subject"]["path"]) == (3, "nothing.py")

    def test_a_module_that_prints_while_it_is_imported(self, here: Path) -> None:
        (here / "loud_layers.py").write_text(f"import sys\nprint('hello')\n{ADD}")
        status, found = as_json("loud_layers")
        assert status == 0
        assert found["layers"][0]["name"] == "AddLayer"

    def test_letters_of_any_language(self, here: Path) -> None:
        (here / "ノート.py").write_text(ADD, encoding="utf-8")
        _, found = as_json("ノート.py")
        assert found["subject"]["path"] == "ノート.py"


class TestPaths:
    def test_without_one_it_is_trigrad_s_own(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Which layers these are; that all hold is found by the tests of the three ways."""

        def passed(candidate: Candidate, *_: object, **__: object) -> LayerReport:
            row = candidate.contract
            return LayerReport(row.name, candidate.name, row.kind, Verdict.PASS)

        monkeypatch.setattr(judge, "try_layer", passed)
        (here / "impl").mkdir()
        (here / "impl" / "__init__.py").write_text("raise SystemExit('theirs')")
        (here / "impl.py").write_text("raise SystemExit('theirs')")
        result = run()
        assert result.exit_code == 0
        assert result.stdout.startswith("trigrad.impl · ")
        assert re.fullmatch(
            r"trigrad\.impl · \d+ layers found: Tanh, LeakyReLU, .* and \d+ more; 4 functions: "
            "sigmoid, softmax, cross_entropy_error, numerical_gradient; 1 network: TwoLayerNet; "
            "6 optimisers: SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam",
            result.stdout.splitlines()[0],
        )

    def test_their_own_impl_by_its_path(self, here: Path) -> None:
        (here / "impl").mkdir()
        (here / "impl" / "layers.py").write_text(WRONG)
        result = run("impl")
        assert result.exit_code == 1
        assert (
            "✗ AddLayer                                          layers.py, line" in result.stdout
        )

    @pytest.mark.parametrize("form", ["a b/my layers.py", "./a b/my layers.py", "a b"])
    def test_relative_and_with_spaces(self, here: Path, form: str) -> None:
        (here / "a b").mkdir()
        (here / "a b" / "my layers.py").write_text(ADD)
        result = run(form)
        assert result.exit_code == 0
        assert result.stdout.startswith(f"{form.removeprefix('./')} · ")

    def test_absolute(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "a.py").write_text(ADD)
        monkeypatch.chdir("/")
        assert run(str(here / "a.py")).exit_code == 0

    def test_a_folder_from_inside(self, here: Path) -> None:
        (here / "a.py").write_text(ADD)
        assert run(".").exit_code == 0

    def test_a_link(self, here: Path) -> None:
        (here / "b").mkdir()
        (here / "b" / "a.py").write_text(f"from c import x\n{ADD}")
        (here / "b" / "c.py").write_text("x = 1")
        (here / "link.py").symlink_to(here / "b" / "a.py")
        result = run("link.py")
        assert result.exit_code == 0
        assert "not here" not in result.stdout

    @pytest.mark.usefixtures("here")
    def test_a_name_longer_than_any_file_s(self) -> None:
        result = run("x" * 5000 + ".py")
        assert result.exit_code == 2
        assert "trigrad itself failed" not in result.output


class TestModules:
    @pytest.mark.usefixtures("here")
    def test_one_of_trigrad_s_own(self) -> None:
        result = run("trigrad.impl.layers")
        assert result.exit_code == 0
        assert result.stdout.startswith("trigrad.impl.layers · ")

    def test_a_package_in_this_folder(self, here: Path) -> None:
        (here / "their_package").mkdir()
        (here / "their_package" / "__init__.py").write_text("")
        (here / "their_package" / "latest_layers.py").write_text(f"from .base import x\n{ADD}")
        (here / "their_package" / "base.py").write_text("x = 1")
        assert run("their_package.latest_layers").exit_code == 0
        path = list(sys.path)
        result = run("their_package")
        assert result.exit_code == 0
        assert "✓ AddLayer" in result.stdout
        assert sys.path == path

    @pytest.mark.usefixtures("here")
    def test_one_that_is_nowhere(self) -> None:
        result = run("no_such_module")
        assert result.exit_code == 2
        assert result.output == (
            "trigrad: there is no file, folder or importable module no_such_module: "
            "check the spelling\n"
        )

    def test_one_that_needs_what_is_nowhere(self, here: Path) -> None:
        (here / "needy_layers.py").write_text("import no_such_module")
        result = run("needy_layers")
        assert result.exit_code == 2
        assert result.output == (
            "trigrad: needy_layers cannot be imported: No module named 'no_such_module'\n"
        )

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("raise SystemExit(3)", "SystemExit: 3"),
            ("raise ValueError('one\\ntwo')", "ValueError: one"),
        ],
    )
    def test_one_that_raises(self, here: Path, statement: str, words: str) -> None:
        name = f"raising_layers_{len(words)}"
        (here / f"{name}.py").write_text(statement)
        result = run(name)
        assert result.exit_code == 2
        assert result.output == f"trigrad: {name} cannot be imported: it raises {words}\n"

    def test_one_with_a_syntax_error(self, here: Path) -> None:
        (here / "broken_layers.py").write_text("def f(:")
        result = run("broken_layers")
        assert result.exit_code == 2
        assert "broken_layers cannot be imported: it raises SyntaxError: " in result.output


class TestWhatTheCodeDoes:
    @pytest.mark.parametrize(
        "statement",
        [
            "raise SystemExit(5)",
            "raise RuntimeError('x')",
            "return self.forward(x, y)",
            "return None",
            "return {}",
            "return x > 0",
            "return 'text'",
            "return [[x]]",
            "import sys; sys.stdout = None; return x + y",
            "print('hel' + 'lo'); raise ValueError",
        ],
    )
    def test_no_traceback_whatever_it_is(self, here: Path, statement: str) -> None:
        (here / "a.py").write_text(ADD.replace("return x + y", statement))
        for options in ([], ["--format", "json"]):
            result = run("a.py", *options)
            assert result.exit_code == (0 if "stdout" in statement else 1)
            assert "trigrad itself failed" not in result.output
            assert "hello" not in result.output

    def test_an_interrupt_ends_it(self, here: Path) -> None:
        (here / "a.py").write_text(ADD.replace("return x + y", "raise KeyboardInterrupt"))
        result = run("a.py", "--in-process")
        assert result.exit_code == 130
        assert result.output == ""

    def test_an_interrupt_of_the_code_s_own_is_reported_from_the_sandbox(self, here: Path) -> None:
        (here / "a.py").write_text(ADD.replace("return x + y", "raise KeyboardInterrupt"))
        result = run("a.py")
        assert result.exit_code == 1
        assert "forward raises KeyboardInterrupt" in result.output

    @pytest.mark.usefixtures("here")
    def test_a_mistake_of_our_own_is_said_without_a_traceback(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("our own")

        monkeypatch.setattr("trigrad.api.check", broken)
        monkeypatch.delenv("TRIGRAD_DEBUG", raising=False)
        result = run("a.py")
        assert result.exit_code == 2
        assert result.output == (
            "trigrad: trigrad itself failed (ZeroDivisionError: our own); please report it, with "
            "what TRIGRAD_DEBUG=1 adds\n"
        )
        status, found = as_json("a.py")
        assert status == 2
        assert found["error"].startswith("trigrad itself failed (ZeroDivisionError: our own)")


class TestSeveral:
    """Several paths: one report each, one exit status, one JSON object."""

    @pytest.fixture
    def files(self, here: Path) -> Path:
        texts = {"right.py": ADD, "wrong.py": WRONG, "open.py": EMPTY}
        for name, text in texts.items():
            (here / name).write_text(text)
        return here

    @pytest.mark.usefixtures("files")
    def test_one_report_each(self) -> None:
        result = run("right.py", "wrong.py", "--seed", "3")
        assert result.exit_code == 1
        one, other = result.stdout.split("\nwrong.py · ")
        assert one == run("right.py", "--seed", "3").stdout
        assert "wrong.py · " + other == run("wrong.py", "--seed", "3").stdout

    @pytest.mark.parametrize(
        ("paths", "status"),
        [
            (["right.py", "right.py"], 0),
            (["right.py", "open.py"], 3),
            (["open.py", "nowhere.py"], 2),
            (["nowhere.py", "right.py"], 2),
            (["right.py", "wrong.py", "nowhere.py", "open.py"], 1),
            (["right.py", ""], 2),
        ],
    )
    @pytest.mark.usefixtures("files")
    def test_the_worst_counts(self, paths: list[str], status: int) -> None:
        assert run(*paths).exit_code == status
        assert as_json(*paths)[0] == status

    @pytest.mark.usefixtures("files")
    def test_in_json_it_is_one_object(self) -> None:
        _, found = as_json("right.py", "wrong.py", "nowhere.py")
        assert list(found) == ["version", "language", "reports", "summary", "seconds"]
        alone = [as_json(name)[1] for name in ("right.py", "wrong.py", "nowhere.py")]
        for one in (*alone, *found["reports"]):
            del one["seconds"]
        assert found["reports"] == alone
        for key in found["summary"]:
            assert found["summary"][key] == sum(one["summary"][key] for one in alone)
        assert (found["summary"]["pass"], found["summary"]["fail"]) == (1, 1)

    @pytest.mark.usefixtures("files")
    def test_one_path_is_the_object_itself(self) -> None:
        assert "reports" not in as_json("right.py")[1]

    @pytest.mark.parametrize("path", ["", " "])
    def test_an_empty_path_is_an_error(self, here: Path, path: str) -> None:
        (here / "a.py").write_text(ADD)
        result = run(path)
        assert result.exit_code == 2
        assert result.output == "trigrad: the path is empty\n"


class TestNotUnderstood:
    """What is no command line ends with status 2, and is one JSON object where that was asked."""

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["check", "a.py", "--nope"], "--nope"),
            (["check", "a.py", "--seed", "x"], "--seed"),
            (["check", "a.py", "--examples", "0"], "--examples"),
            (["check", "a.py", "--hints", "all"], "--hints"),
            (["chekc", "a.py"], "chekc"),
            (["a.py"], "a.py is not a command"),
        ],
    )
    @pytest.mark.parametrize("form", [["--format", "json"], ["--format=json"]])
    def test_one_object(self, arguments: list[str], words: str, form: list[str]) -> None:
        result = CliRunner().invoke(app, [*arguments, *form])
        assert (result.exit_code, result.stderr) == (2, "")
        found = json.loads(result.stdout)
        assert words in found["error"]
        assert (found["layers"], found["summary"]["fail"]) == ([], 0)

    @pytest.mark.parametrize("form", [[], ["--format", "text"], ["--", "--format", "json"]])
    def test_text_where_that_was_not_asked(self, form: list[str]) -> None:
        result = CliRunner().invoke(app, ["check", "--nope", *form])
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "--nope" in result.stderr

    @pytest.mark.parametrize(
        ("arguments", "due"),
        [
            (["notes.ipynb"], "trigrad check notes.ipynb"),
            (["nowhere/a.py", "--seed", "3"], "trigrad check nowhere/a.py --seed 3"),
            (["my folder"], "trigrad check 'my folder'"),
        ],
    )
    def test_a_path_without_a_command(self, here: Path, arguments: list[str], due: str) -> None:
        (here / "my folder").mkdir()
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 2
        assert result.output == (f"trigrad: {arguments[0]} is not a command; did you mean: {due}\n")

    @pytest.mark.usefixtures("here")
    def test_any_other_word_is_no_path(self) -> None:
        result = CliRunner().invoke(app, ["chek"], prog_name="trigrad")
        assert result.exit_code == 2
        assert "trigrad check chek" not in result.output
        assert result.output == (
            "trigrad: chek is not a command; is one of these meant: check; see trigrad --help\n"
        )


class TestCompletion:
    def test_it_is_offered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shellingham.detect_shell", lambda *_: ("bash", "/bin/bash"))
        result = CliRunner().invoke(app, ["--show-completion", "bash"], prog_name="trigrad")
        assert result.exit_code == 0
        assert "_TRIGRAD_COMPLETE=complete_bash" in result.output

    def test_it_completes(self, here: Path) -> None:
        asked = {
            "_TRIGRAD_COMPLETE": "complete_bash",
            "COMP_WORDS": "trigrad ch",
            "COMP_CWORD": "1",
        }
        command = "from trigrad.commands.app import app; app(prog_name='trigrad')"
        done = subprocess.run(
            [sys.executable, "-c", command],
            cwd=here,
            env={**os.environ, **asked},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.stdout.split(), done.stderr) == (["check"], "")

    def test_it_is_no_clutter(self) -> None:
        assert "completion" not in CliRunner().invoke(app, ["--help"]).output


class TestHelp:
    def test_help(self) -> None:
        for arguments in (["--help"], ["-h"], []):
            result = CliRunner().invoke(app, arguments)
            assert result.exit_code in (0, 2)
            assert "check" in result.output
            assert "Three independent witnesses" in result.output

    def test_help_for_check(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "120")
        monkeypatch.setenv("TERM", "dumb")
        result = CliRunner().invoke(app, ["check", "--help"])
        assert result.exit_code == 0
        for option in ("--layer", "--require", "--seed", "--format", "--examples", "Exit status"):
            assert option in result.output

    def test_version(self) -> None:
        result = CliRunner().invoke(app, ["--version"])
        assert result.exit_code == 0
        assert result.output == f"trigrad {version('trigrad')}\n"


class TestProcesses:
    """What can only be seen in a process of its own; each costs a second or two."""

    QUICK = ("--examples", "1", "--repair-seconds", "0")

    @staticmethod
    def started(folder: Path, *arguments: str, **environment: str) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "trigrad", *arguments],
            cwd=folder,
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def test_a_folder_whose_files_have_the_names_of_libraries(self, here: Path) -> None:
        names = ("random", "numpy", "torch", "json", "typing", "hypothesis", "rich", "typer")
        for name in names:
            (here / f"{name}.py").write_text("raise SystemExit('shadow')")
        (here / "layers.py").write_text(f"import random\nimport numpy as np\n{WRONG}")
        done = self.started(here, "check", "layers.py", *self.QUICK)
        assert done.returncode == 1
        assert "✗ AddLayer" in done.stdout
        assert done.stderr == ""
        assert "shadow" not in done.stdout

    def test_without_a_path_it_is_not_this_folder_s_impl(self, here: Path) -> None:
        (here / "impl").mkdir()
        (here / "impl" / "__init__.py").write_text(WRONG)
        done = self.started(here, "check", "--layer", "AddLayer", "--format", "json", *self.QUICK)
        assert done.returncode == 0
        assert done.stderr == ""
        assert json.loads(done.stdout)["subject"]["path"] == "trigrad.impl"

    def test_a_notebook_on_a_console_that_knows_only_ascii(self, here: Path) -> None:
        """Neither a traceback nor the warnings and logs of what reads a notebook."""
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        source = textwrap.dedent(WRONG) + '\ndef f(x):\n    "\\d"\n    return x is 3\n'
        cells = [{**cell, "source": source}]
        whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (here / "a.ipynb").write_text(json.dumps(whole))
        done = self.started(here, "check", "a.ipynb", *self.QUICK, PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stderr) == (1, "")
        assert "x  AddLayer" in done.stdout
        assert [p.name for p in here.iterdir()] == ["a.ipynb"]


class TestHints:
    def test_the_line_and_no_more_with_the_law(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG.replace("dout * 2", "dot * 2"))
        told = {hints: run("a.py", "--hints", hints).stdout for hints in ("law", "line", "fix")}
        assert {hints: "a.py, line 7:" in text for hints, text in told.items()} == {
            **{"law": False, "line": True, "fix": True}
        }
        assert {hints: "did you mean dout?" in text for hints, text in told.items()} == {
            **{"law": False, "line": False, "fix": True}
        }

    def test_in_json_too(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG)
        found = {h: as_json("a.py", "--hints", h)[1]["layers"][0] for h in ("law", "line")}
        assert found["law"]["diagnosis"] is None
        assert found["line"]["diagnosis"] is not None

    def test_there_are_three(self) -> None:
        result = run("a.py", "--hints", "all")
        assert result.exit_code == 2
        assert all(level in result.stderr for level in ("law", "line", "fix"))

    @pytest.mark.parametrize(
        ("arguments", "due"),
        [
            ([], REPAIR_SECONDS),
            (["--repair-seconds", "5"], 5.0),
            (["--repair-seconds", "0"], 0),
            (["--hints", "line"], REPAIR_SECONDS),
            (["--hints", "law"], 0),
        ],
    )
    def test_how_long_a_repair_is_looked_for(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], due: float
    ) -> None:
        given = []

        def try_subject(*_: object, repair_seconds: float, **__: object) -> Report:
            given.append(repair_seconds)
            return Report("a.py", "", 0, 2)

        (here / "a.py").write_text(WRONG)
        monkeypatch.setattr(trigrad.api, "try_subject", try_subject)
        run("a.py", *arguments)
        assert given == [due]

    def test_the_seconds_are_part_of_the_command(self, here: Path) -> None:
        (here / "a.py").write_text(WRONG)
        last = run("a.py", "--repair-seconds", "0").stdout.splitlines()[-1]
        assert last.endswith(" --examples 2 --repair-seconds 0")
