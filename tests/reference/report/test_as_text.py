"""How a report is shown: colours only on a terminal, nothing cut, HTML for notebooks."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from html import unescape
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from trigrad import Report
from trigrad.report.array_text import shown, telling_digits
from trigrad.report.as_text import show

Judge = Callable[..., Report]

WRONG = """
    class AddLayer:
        def forward(self, x, y):
            if (x < y).all() if hasattr(x, "all") else x < y:
                raise ValueError("<b>x & y</b> " + "are far too different, " * 20)
            return x + y

        def backward(self, dout):
            return dout, dout
"""


def on(report: Report, **console: object) -> str:
    """What is printed on a console with these properties."""
    out = StringIO()
    show(report, Console(file=out, **console))  # type: ignore[arg-type]
    return out.getvalue()


class TestConsoles:
    def test_no_colours_in_a_file(self, judge: Judge) -> None:
        told = on(judge(WRONG))
        assert "\x1b" not in told
        assert told.rstrip("\n") == str(judge(WRONG))

    def test_colours_on_a_terminal(self, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("NO_COLOR", "TERM"):
            monkeypatch.delenv(name, raising=False)
        told = on(judge(WRONG), force_terminal=True, color_system="standard")
        assert "\x1b[1;31m✗ AddLayer" in told
        assert re.sub(r"\x1b\[[0-9;]*m", "", told).rstrip("\n") == str(judge(WRONG))

    @pytest.mark.parametrize("width", [10, 40, 80])
    def test_no_line_is_cut_or_broken(self, judge: Judge, width: int) -> None:
        report = judge(WRONG)
        assert on(report, width=width).rstrip("\n") == str(report)
        assert "are far too different, " * 20 in str(report)

    def test_the_string_is_the_text_in_a_notebook_too(
        self, judge: Judge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report = judge(WRONG)
        text = str(report)
        kernel = type("ZMQInteractiveShell", (), {})  # by this name rich knows a notebook
        monkeypatch.setattr(builtins, "get_ipython", kernel, raising=False)
        assert Console().is_jupyter
        assert str(report) == text

    def test_square_brackets_are_no_markup(self, judge: Judge) -> None:
        text = WRONG.replace("<b>x & y</b> ", "[red]x[/red] [/] :smile: ")
        assert "[red]x[/red] [/] :smile: are far" in on(judge(text), width=40)

    def test_an_error_is_one_line(self, judge: Judge) -> None:
        assert on(judge("x = 1")).count("\n") == 1
        assert on(judge("x = 1"), width=30).startswith("trigrad: there is no layer in layers.py: ")


class TestArrays:
    @pytest.mark.parametrize(
        ("value", "due"),
        [
            (np.array(2.0), "2"),
            (np.array(0.1), "0.1"),
            (np.array(1 / 3), "0.333333"),
            (np.array(3), "3"),
            (np.array(1e-9), "1e-09"),
            (np.array(1e9), "1000000000.0"),
            (np.array(np.nan), "nan"),
            (np.array(-np.inf), "-inf"),
            (np.array([1.0, -2.5]), "[ 1. , -2.5]"),
            (np.array([[1.0], [2.0]]), "[[1.], [2.]]"),
            (np.array([[1, 0]]), "[[1, 0]]"),
            (np.zeros((0, 3)), "[]"),
        ],
    )
    def test_as_a_reader_types_them(self, value: np.ndarray, due: str) -> None:
        assert shown(value) == due

    def test_a_wide_array_has_a_row_to_a_line_and_all_its_numbers(self) -> None:
        array = np.arange(600.0).reshape(2, 300)
        rows = shown(array).split("\n")
        assert len(rows) == 2
        assert [float(n) for n in re.findall(r"[\d.]+", shown(array))] == array.ravel().tolist()

    @pytest.mark.parametrize("exponent", range(-15, 0))
    def test_two_arrays_that_differ_look_different(self, exponent: int) -> None:
        one = np.array([[1.0, 2.0]])
        other = one + 10.0**exponent
        digits = telling_digits(one, other)
        assert shown(one, digits) != shown(other, digits)

    def test_two_numbers_that_differ_look_different(self) -> None:
        one, other = np.array(1.0), np.array(1.0 + 4e-16)
        digits = telling_digits(one, other)
        assert shown(one, digits) != shown(other, digits)

    def test_no_more_digits_than_it_takes(self) -> None:
        assert shown(np.array([1 / 3]), telling_digits(np.array([1 / 3]), np.array([2 / 3]))) == (
            "[0.333333]"
        )


class TestHtml:
    def test_what_a_learner_writes_is_escaped(self, judge: Judge) -> None:
        html = judge(WRONG)._repr_html_()
        assert "<b>x" not in html
        assert "&lt;b&gt;x &amp; y&lt;/b&gt;" in html
        assert "(x &lt; y).all()" in html or "raise ValueError(" in html

    def test_a_path_is_escaped(self, judge: Judge) -> None:
        html = judge(WRONG, "<i>layers.py")._repr_html_()
        assert "<i>" not in html
        assert "&lt;i&gt;layers.py" in html

    def test_it_says_what_the_screen_says(self, judge: Judge) -> None:
        report = judge(WRONG)
        html = unescape(report._repr_html_())
        lines = [line.strip() for line in str(report).splitlines()]
        failing = next(i for i, line in enumerate(lines) if line.startswith("✗"))
        for line in lines[failing + 1 : lines.index("", failing)]:
            assert line in html
        assert lines[0] in html
        assert '<b class="fail">✗ AddLayer</b>' in html

    def test_what_is_not_judged_is_there(self, judge: Judge) -> None:
        text = WRONG + WRONG.replace("AddLayer", "Dropout").replace("return x + y", "return x.y")
        why = "trigrad tried many inputs, and it runs with none of them"
        assert f"not judged: Dropout: {why}" in judge(text)._repr_html_()

    def test_an_error_is_a_paragraph(self, judge: Judge) -> None:
        html = judge("x = 1")._repr_html_()
        assert "<details" not in html
        assert "there is no layer in layers.py" in html
