"""The report as one HTML page."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from trigrad import check
from trigrad.report.matrices import compared

LEARNERS = Path(__file__).parents[2] / "learners"


class _Balanced(HTMLParser):
    """Fails where an element is not closed."""

    EMPTY = frozenset(("meta", "link", "br"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attributes: object) -> None:
        pass


@pytest.fixture(scope="module")
def wrong() -> str:
    return check(LEARNERS / "wrong" / "mul_backward_adds.ipynb", draw=True).to_html()


def test_each_layer_has_a_card_with_its_picture(wrong: str) -> None:
    assert wrong.count("<article") == wrong.count("<svg") == 2
    assert 'class="fail"' in wrong
    assert 'class="pass"' in wrong


def test_the_wrong_line_is_marked_and_the_fix_is_a_diff(wrong: str) -> None:
    marked = re.findall(r"<mark>(.*?)</mark>", wrong)
    assert marked == ["  12 ▶         dx = dout + self.y"]
    assert "<del>-        dx = dout + self.y</del>" in wrong
    assert "<ins>+        dx = dout * self.y</ins>" in wrong


def test_what_a_fix_loses_is_on_the_page() -> None:
    report = check(LEARNERS / "wrong" / "mul_backward_adds.ipynb")
    (mul, *others) = report.layers
    assert mul.repair is not None
    repair = replace(mul.repair, drawbacks=("it no longer works for: labels",))
    page = replace(report, layers=(replace(mul, repair=repair), *others)).to_html()
    assert "With this change every check passes:" in report.to_html()
    assert "With this change every check that must pass passes:" in page
    assert "<p>but afterwards: it no longer works for: labels</p>" in page


def test_what_is_and_what_should_be_stand_beside_each_other(wrong: str) -> None:
    assert '<td class="bad">5 ✗</td>' in wrong
    assert '<td class="good">6</td>' in wrong


def test_it_is_whole_and_takes_nothing_from_elsewhere(wrong: str) -> None:
    parser = _Balanced()
    parser.feed(wrong)
    assert not parser.open
    assert "<script" not in wrong
    assert not re.search(r'(src|href)="(?!data:,")', wrong)
    assert len(wrong.encode()) < 30_000  # of two layers; ten may have 300,000


def test_hints_withhold_the_fix() -> None:
    path = LEARNERS / "wrong" / "mul_backward_adds.ipynb"
    page = check(path, draw=True, hints="law").to_html()
    assert "dout * self.y" not in page
    assert "<mark>" not in page
    lines = check(path, draw=True, hints="line").to_html()
    assert "<mark>" in lines
    assert "<ins>" not in lines


def test_names_of_files_are_escaped(tmp_path: Path) -> None:
    file = tmp_path / "a<b>.py"
    file.write_text("class AddLayer:\n    def forward(self, x, y):\n        return x < y\n")
    assert "a<b>" not in check(file, draw=True).to_html()


def test_what_cannot_be_judged_has_a_page_too(tmp_path: Path) -> None:
    assert "there is no file or folder" in check(tmp_path / "none.py", draw=True).to_html()


def test_of_a_large_matrix_the_places_are_mapped() -> None:
    wrong = np.zeros((10, 12))
    wrong[3, 7] = 1.0
    found = compared(wrong, np.zeros((10, 12)))
    assert found is not None
    assert [row.find("✗") for row in found.map] == [-1, -1, -1, 7, *[-1] * 6]
    assert found.shape == "(10, 12)"


def test_only_entries_that_differ_are_marked() -> None:
    found = compared(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    assert found is not None
    assert [[cell.wrong for cell in row] for row in found.is_] == [[False, True]]
    assert compared(np.zeros(2), np.zeros(3)) is None
    assert compared("words", np.zeros(3)) is None


def test_an_optimiser_has_its_number_after_each_step(tmp_path: Path) -> None:
    file = tmp_path / "momentum.py"
    file.write_text(
        "import numpy as np\n"
        "class Momentum:\n"
        "    def __init__(self, lr=0.01, momentum=0.9):\n"
        "        self.lr, self.momentum, self.v = lr, momentum, None\n"
        "    def update(self, params, grads):\n"
        "        if self.v is None:\n"
        "            self.v = {k: np.zeros_like(v) for k, v in params.items()}\n"
        "        for k in params:\n"
        "            self.v[k] = -self.lr * grads[k]\n"
        "            params[k] += self.v[k]\n"
    )
    report = check(file, draw=True, repair_seconds=0)
    page = report.to_html()
    _Balanced().feed(page)
    tables = [re.findall(r"<td.*?</td>", table) for table in page.split("<table>")[1:]]
    is_, due = tables
    assert len(is_) == len(due) == 5
    assert 'class="bad"' not in is_[0], "the first step is right: there is no velocity yet"
    assert 'class="bad"' in is_[1]
