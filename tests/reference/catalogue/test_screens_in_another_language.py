"""Nothing is printed that does not come from the catalogue, shown in a language of brackets."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from tests.words.brackets import TAG, bracketed, shown_by, words_outside, write_brackets
from trigrad.api import check
from trigrad.catalogue import languages
from trigrad.catalogue.in_force import language_in_force
from trigrad.commands.app import app
from trigrad.report.report import Report
from trigrad.sandbox import host
from trigrad.verdict.kept import Kept

LEARNERS = Path(__file__).parents[2] / "learners"
WRONG = LEARNERS / "wrong" / "mul_backward_adds.ipynb"
FILES = [WRONG, LEARNERS / "wrong" / "net_b2_missing.py", LEARNERS / "engines" / "japanese.py"]

NAMES = {
    "trigrad",
    "check",
    "sha",
    "lt",
    "gt",
    "out",
    "exp",
    "log",
    "max",
    "mean",
    "dout",
    "Report",
}
"""What is called the same in each language."""


@pytest.fixture(scope="module")
def brackets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Offer the language. The sandbox's processes do not know it, so they speak English."""
    folder = tmp_path_factory.mktemp("locales") / "locales"
    write_brackets(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "LOCALES", folder)
        patch.setitem(languages.LANGUAGES, TAG, "⟦⟧")
        patch.setattr(host, "language_in_force", lambda: "en")
        languages.catalogue_of.cache_clear()
        yield
    languages.catalogue_of.cache_clear()


pytestmark = pytest.mark.usefixtures("brackets")


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def judged(request: pytest.FixtureRequest, brackets: None) -> tuple[str, Report]:  # noqa: ARG001
    report = check(request.param, lang=TAG, in_process=True, examples=3, draw=True)
    return f"{request.param} {request.param.read_text('utf-8')}", report


def left_in(text: str, of: str) -> set[str]:
    return words_outside(text, of=of) - NAMES


@pytest.mark.parametrize(
    "screen",
    [
        str,
        lambda report: report.suggestions,
        repr,
        lambda report: shown_by(report.to_html()),
        lambda report: shown_by(report._repr_html_()),
        lambda report: " ".join(
            shown_by(report.picture(layer.name) or "") for layer in report.layers
        ),
    ],
    ids=["text", "suggestions", "line", "page", "notebook", "pictures"],
)
def test_everything_comes_from_the_catalogue(judged: tuple[str, Report], screen: Any) -> None:
    of, report = judged
    assert left_in(screen(report), of) == set()


LEFTOVERS = """
import numpy as np

BUFFER = np.zeros((9, 9))


# trigrad: x: N D
class Written:
    def forward(self, x):
        out = BUFFER[: x.shape[0], : x.shape[1]]
        out[...] = x
        self.x = x
        return out * x

    def backward(self, dout):
        return 2 * dout * self.x


class Relu:
    def forward(self, x, y, z):
        return x

    def backward(self, dout):
        return dout


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x)).astype(np.float)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)


def softmax(x, axis, keep):
    return x


class BCE:
    def forward(self, y, t):
        self.y, self.t = y, t
        return -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y))

    def backward(self):
        return (self.y - self.t) / (self.y * (1 - self.y)) / self.y.size
"""


def test_reasons_and_hints_come_from_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(LEFTOVERS)
    shown = str(check(path, lang=TAG, in_process=True, examples=3))
    assert "⟦ takes ⟧3⟦ arguments, not (⟧x⟦)⟧" in shown
    assert "np.⟧float⟦ was removed from NumPy" in shown
    assert "⟦writing into an array from before the run⟧⟦ would lose the gradient⟧" in shown
    quoted = "AttributeError module numpy has no attribute Square layer"  # NumPy's words, names
    assert left_in(shown, f"{path} {LEFTOVERS} {quoted}") == set()


def test_pages_and_pictures_say_their_language(judged: tuple[str, Report]) -> None:
    _, report = judged
    assert f'<html lang="{TAG}">' in report.to_html()
    assert f'<div class="trigrad" lang="{TAG}">' in report._repr_html_()
    pictures = filter(None, (report.picture(layer.name) for layer in report.layers))
    assert all(f' lang="{TAG}"' in picture for picture in pictures)


def sentences_in(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name != "raised":  # in the words of Python and NumPy
                yield from sentences_in(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from sentences_in(each, key)
    elif isinstance(value, str) and key in (
        "message",
        "diagnosis",
        "side",
        "undecided",
        "why",
        "remark",
    ):
        yield value


def test_json_has_the_sentences_and_says_the_language(judged: tuple[str, Report]) -> None:
    of, report = judged
    found = report.to_dict()
    assert found["language"] == TAG
    assert left_in("\n".join(sentences_in(found)), of) == set()
    plain = check(WRONG, in_process=True, examples=3, repair_seconds=0).to_dict()
    assert plain["language"] == "en"
    assert "⟦" not in str(plain)


def test_report_keeps_its_language_and_the_verdict_is_made_again_in_another() -> None:
    kept = Kept()
    options: dict[str, Any] = {"examples": 3, "repair_seconds": 0, "kept": kept}
    english = check(WRONG, **options)
    other = check(WRONG, lang=TAG, **options)
    assert (kept.judged, kept.answered) == (2, 0)
    assert "⟦" in str(other)
    assert "⟦" not in str(english)


def test_hints_withhold_the_side_in_this_language_too(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    shutil.copy(WRONG, folder / "anna.ipynb")
    runner = CliRunner()
    command = ["grade", str(folder), "--out", str(tmp_path / "graded"), "--workers", "1"]
    options = ["--require", "MulLayer", "--hints", "line", "--examples", "3"]
    for again in (False, True):
        done = runner.invoke(app, [*command, *options, "--lang", TAG], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert ("1⟦ of ⟧1⟦ have not changed" in done.output) == again
    for name in ("anna.md", "anna.html"):
        text = (tmp_path / "graded" / "feedback" / name).read_text("utf-8")
        shown = shown_by(text) if name.endswith("html") else text
        assert "⟦forward is right; the mistake is in backward⟧" in shown
        assert "it should multiply it" not in shown
        assert name.endswith("md") or f'<html lang="{TAG}">' in text
        assert left_in(shown, f"anna {WRONG.read_text('utf-8')}") == set()
    english = runner.invoke(app, [*command, *options, "--lang", "en"], catch_exceptions=False)
    assert "have not changed" not in english.output
    assert "⟦" not in (tmp_path / "graded" / "feedback" / "anna.md").read_text("utf-8")
    runner.invoke(app, ["grade", "--views", str(tmp_path / "graded"), "--lang", TAG])
    assert "⟦" not in (tmp_path / "graded" / "feedback" / "anna.md").read_text("utf-8")


def commands(command: Any, name: str = "trigrad") -> Iterator[tuple[str, Any]]:
    yield name, command
    if isinstance(command, TyperGroup):
        for each, below in command.commands.items():
            yield from commands(below, f"{name} {each}")


@pytest.mark.parametrize(("name", "command"), [*commands(get_command(app))])
def test_each_command_has_the_option(name: str, command: Any) -> None:
    assert [p.opts for p in command.params].count(["--lang"]) == 1, name


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["check", "no_such_file.py", "--lang", TAG], {}),
        (["--lang", TAG, "check", "no_such_file.py"], {}),
        (["check", "no_such_file.py"], {"TRIGRAD_LANG": TAG}),
        (["check", "no_such_file.py"], {"TRIGRAD_LANG": "", "LC_ALL": f"{TAG}_YY.UTF-8"}),
        (["--lang", "en", "check", "no_such_file.py", "--lang", TAG], {"TRIGRAD_LANG": "nowhere"}),
    ],
)
def test_who_chooses_the_language_of_a_command(
    arguments: list[str], environment: dict[str, str]
) -> None:
    arguments = [str(WRONG) if word.endswith(".py") else word for word in arguments]
    options = ["--in-process", "--examples", "3", "--repair-seconds", "0"]
    result = CliRunner().invoke(app, [*arguments, *options], env=environment)
    assert result.exit_code == 1, result.output
    assert "⟦ is not the derivative of forward⟧" in result.output
    assert language_in_force() == "en"


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--lang", "nowhere"], {}, "lang is 'nowhere', should be one of en"),
        ([], {"TRIGRAD_LANG": "nowhere"}, "TRIGRAD_LANG is 'nowhere', should be one of en"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--format", "json"]])
def test_language_that_is_not_offered_ends_the_command(
    arguments: list[str], environment: dict[str, str], words: str, form: list[str]
) -> None:
    command = ["check", str(WRONG), *arguments, *form]
    result = CliRunner().invoke(app, command, env={**environment, "COLUMNS": "200"})
    assert result.exit_code == 2
    assert words in result.output


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("the {quantity} is {at:g}", "⟦the ⟧{quantity}⟦ is ⟧{at:g}"),
        ("{name!r}{{}}", "{name!r}⟦{{}}⟧"),
    ],
)
def test_brackets(template: str, said: str) -> None:
    assert bracketed(template).replace("⟧⟦", "") == said


def test_words_outside_of_brackets() -> None:
    text = "⟦the ⟧gradient of⟦ is wrong: ⟧`some code` x_1 = f(2) --layer Relu and more"
    assert words_outside(text, of="class Relu:") == {"gradient", "of", "and", "more"}
    with pytest.raises(ValueError, match="was cut"):
        words_outside("⟦the gradient")


def test_help_is_in_the_language() -> None:
    names = {"root", "PATH", "trigrad", "check"}
    result = CliRunner().invoke(app, ["check", "--lang", TAG, "--help"], env={"COLUMNS": "400"})
    assert result.exit_code == 0
    assert "⟦" in result.output
    values = r"<[^>]*>|/\S+|⟦\[default: ⟧[^⟦]*|\[[^\]⟧]*\]"
    shown = re.sub(rf"{values}|⟦[^⟦⟧]*⟧", " ", result.output.replace("│", " "))
    left = {*re.findall(r"(?<![-\w|])[A-Za-z]{3,}(?![\w|])", shown)} - names
    assert left <= {"FILE", "trigrad"}, left
    english = CliRunner().invoke(app, ["check", "--lang", "en", "--help"]).output
    assert "⟦" not in english
