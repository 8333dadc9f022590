"""The lines of the magics, in a shell that records what is registered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import trigrad
from trigrad import impl
from trigrad.notebook.magics import Magics, UsageError, line_of, without_check
from trigrad.report.report import Report
from trigrad.verdict.kept import Kept


def shell(*cells: str) -> Any:
    """As much of IPython's shell as is needed."""
    events: dict[str, list[Any]] = {"post_run_cell": []}
    magics: dict[str, Any] = {}
    return SimpleNamespace(
        input_transformers_cleanup=[],
        events=SimpleNamespace(
            register=lambda name, call: events[name].append(call),
            unregister=lambda name, call: events[name].remove(call),
            called=events["post_run_cell"],
        ),
        register_magic_function=lambda call, kind, name: magics.update({(kind, name): call}),
        magics_manager=SimpleNamespace(magics={"line": {"check": None}}),
        history_manager=SimpleNamespace(input_hist_raw=["", *cells]),
        execution_count=len(cells) + 1,
        user_ns={},
    )


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("%%check\nx = 1", ""),
        ("\n  %%check --seed 3 \nx = 1", "--seed 3"),
        ("%%checked\nx = 1", None),
        ("x = 1\n%%check", None),
        ("%check A", None),
        ("", None),
    ],
)
def test_the_line_on_top(cell: str, line: str | None) -> None:
    assert line_of(cell) == line


def test_it_becomes_a_comment() -> None:
    assert without_check(["\n", "%%check\n", "x = 1"]) == ["\n", "# %%check\n", "x = 1"]
    assert without_check(["x = 1"]) == ["x = 1"]


def test_loaded_once_and_taken_away() -> None:
    one = shell()
    trigrad.load_ipython_extension(one)
    trigrad.load_ipython_extension(one)
    assert one.input_transformers_cleanup == [without_check]
    assert len(one.events.called) == 1
    trigrad.unload_ipython_extension(one)
    trigrad.unload_ipython_extension(one)
    assert not one.input_transformers_cleanup
    assert not one.events.called


def ran(cell: str, *, success: bool = True) -> Any:
    info = SimpleNamespace(raw_cell=cell)
    return SimpleNamespace(info=info, success=success, execution_count=1)


def test_a_cell_that_raised_or_has_no_such_line_is_not_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    magics = Magics(shell("x"))
    magics.after_cell(ran("%%check\nclass Relu: pass", success=False))
    magics.after_cell(ran("class Relu: pass"))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("line", ["--hints all", "--seed x", "'", "A B"])
def test_what_is_not_understood_is_one_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    Magics(shell("x")).check_name(line)
    out = capsys.readouterr().out
    assert out.startswith("trigrad: ")
    assert out.count("\n") == 1


def test_a_usage_error_is_a_value_error() -> None:
    assert issubclass(UsageError, ValueError)


def test_a_terminal_shows_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    cell = (
        "class AddLayer:\n    def forward(self, x, y):\n        return x + y\n"
        "    def backward(self, dout):\n        return dout, dout\n"
    )
    Magics(shell(cell)).check_name("AddLayer")
    assert "✓ AddLayer" in capsys.readouterr().out


def test_a_name_from_a_module_is_what_it_means_there(capsys: pytest.CaptureFixture[str]) -> None:
    one = shell("from trigrad.impl import Relu")
    one.user_ns["Relu"] = impl.Relu
    Magics(one).check_name("Relu")
    assert "✓ Relu" in capsys.readouterr().out


def test_what_has_not_changed_is_judged_again_only_if_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[Kept] = []

    def checked(*_: object, **options: Any) -> Report:
        kept.append(options["kept"])
        return Report("", "", 0, 0)

    monkeypatch.setattr("trigrad.notebook.magics.check", checked)
    magics = Magics(shell("x = 1"))
    for line in ("", "", "--fresh", ""):
        magics.check_name(line)
    assert kept[0] is kept[1]
    assert kept[1] is not kept[2]
    assert kept[2] is kept[3]
