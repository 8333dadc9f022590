"""Declarations in comments: which class or function they belong to."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

from trigrad import Report, check
from trigrad.subject.source.declaration_comments import declarations_in


def found(text: str) -> dict[int, str]:
    return declarations_in(textwrap.dedent(text).lstrip("\n"))


def test_a_comment_belongs_to_the_class_or_function_below() -> None:
    text = """
        # trigrad: x: N D
        class A:
            # trigrad: y: N
            def f(self): ...
        #TRIGRAD:z: M
        def g(z): ...
        # trigrad: a: N
        async def h(a): ...
        """
    assert found(text) == {2: "x: N D", 4: "y: N", 6: "z: M", 8: "a: N"}


def test_decorators_comments_and_empty_lines_may_stand_between() -> None:
    text = """
        # trigrad: x: N D

        # An activation of my own.
        @register
        @other(name="a")
        class A: ...
        """
    assert found(text) == {6: "x: N D"}


def test_several_comments_are_one_declaration() -> None:
    text = """
        # trigrad: x: N D;
        # trigrad: W: D M
        # and how it is made
        # trigrad: build: A(W)
        class A: ...
        """
    assert found(text) == {5: "x: N D; W: D M; build: A(W)"}


def test_code_between_makes_it_belong_to_nothing() -> None:
    text = """
        # trigrad: x: N D
        import numpy as np
        class A: ...
        # trigrad: y: N
        """
    assert found(text) == {}


def test_other_comments_and_strings_declare_nothing() -> None:
    text = """
        # about trigrad: it checks layers
        class A: ...
        x = 1  # trigrad: y: N
        def f(x): ...
        """
    assert found(text) == {}


SQUARE = """
class Square:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, dout):
        return {} * dout * self.x
"""


def verdicts(report: Report) -> list[tuple[str, str]]:
    return [(layer.name, layer.verdict.value) for layer in report.layers]


def short(path: Path) -> Report:
    return check(path, in_process=True, examples=3, repair_seconds=0)


def test_a_cell_of_a_notebook_may_declare(notebook: Callable[..., Path]) -> None:
    cells = "import numpy as np", "# trigrad: x: N D" + SQUARE.format(2)
    assert verdicts(short(notebook(*cells))) == [("Square", "pass")]


def test_a_block_of_a_markdown_page_may_declare(write: Callable[[str, str], Path]) -> None:
    text = f"# Notes\n\n```python\n# trigrad: x: N D{SQUARE.format(3)}```\n"
    assert verdicts(short(write("notes.md", text))) == [("Square", "fail")]


def test_each_of_two_definitions_of_one_name_has_its_own(
    write: Callable[[str, str], Path],
) -> None:
    one = write("a.py", f"# trigrad: x: N D{SQUARE.format(2)}")
    write("b.py", f"# trigrad: x: N{SQUARE.format(3)}")
    report = short(one.parent)
    assert verdicts(report) == [("Square", "pass"), ("Square", "fail")]
    assert [layer.notes[0] for layer in report.layers] == ["declared: x: N D", "declared: x: N"]


def test_without_a_declaration_its_forward_is_known(
    write: Callable[[str, str], Path],
) -> None:
    report = short(write("a.py", SQUARE.format(3)))
    assert verdicts(report) == [("Square", "fail")]


def test_a_declaration_that_cannot_be_understood_is_shown_at_its_layer(
    write: Callable[[str, str], Path],
) -> None:
    report = short(write("a.py", f"# trigrad: x: N D?{SQUARE.format(2)}"))
    (unjudged,) = report.unjudged
    assert "'D?' is neither a letter nor a number" in unjudged.why
    assert unjudged.why.endswith("(at `D?` in `x: N D?`)")
    assert report.exit_status == 3
