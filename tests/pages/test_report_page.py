"""The report as a page in a browser and on paper: all text is inside of its box."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import device, keep_picture, media, printed
from trigrad import check

LEARNERS = Path(__file__).parents[1] / "learners"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports with small pictures and with wide ones, of an engine, and in another script."""
    folder = tmp_path_factory.mktemp("report")
    engine = (LEARNERS / "engines" / "micro.py").read_text("utf-8")
    (folder / "engine.py").write_text(engine.replace("(power - 1)", "power", 1), "utf-8")
    (folder / "names.py").write_text(NAMES, "utf-8")
    wrong = [LEARNERS / "wrong" / f"{name}.ipynb" for name in WRONG]
    for file in (*wrong, folder / "engine.py", folder / "names.py"):
        report = check(file, draw=True, repair_seconds=0)
        (folder / f"{file.stem}.html").write_text(report.to_html(), "utf-8")
    return folder


WRONG = ("mul_backward_adds", "softmax_with_loss_not_divided")

NAMES = """\
# trigrad: りんごの値段: 1; the_number_of_apples_in_the_basket: 1; returns: out[:2]
class 買い物:
    def forward(self, りんごの値段, the_number_of_apples_in_the_basket):
        self.a, self.b = りんごの値段, the_number_of_apples_in_the_basket
        price = self.a * self.b  # とても長いコメント。改行せずに続く説明。
        return price, price * price

    def backward(self, dprice, dsquare):
        both = dprice + dsquare * self.a * self.b
        return both * self.b, both * self.a
"""
"""Long names, signs as wide as high, two outputs, and a mistake in both gradients."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_opens_without_an_error_and_nothing_is_wider_than_the_window(
    browser: Any, page: Path, width: int, scheme: str
) -> None:
    for file in sorted(page.glob("*.html")):
        device(browser, width, 900)
        media(browser, scheme)
        browser.get(file.as_uri())
        assert browser.get_log("browser") == []
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width
        keep_picture(browser, f"report-{file.stem}-{width}-{scheme}")


ON_PAPER = 688
"""Pixels of a line on A4 with margins of 14 mm."""

CUT = """
const cut = [];
for (const element of document.querySelectorAll("pre, table, svg, p, h1, h2")) {
  const box = element.getBoundingClientRect();
  if (box.width && (box.right > innerWidth + 1 || element.scrollWidth > element.clientWidth + 1))
    if (box.right > innerWidth + 1 || element.tagName === "PRE") cut.push(element.outerHTML);
}
return cut;
"""
"""What would be cut off on paper, where nothing scrolls."""


def test_it_prints_on_a4_and_nothing_is_cut(browser: Any, page: Path) -> None:
    for file in sorted(page.glob("*.html")):
        device(browser, ON_PAPER, 900)
        media(browser, kind="print")
        browser.get(file.as_uri())
        assert browser.execute_script(CUT) == []
        pdf = printed(browser, f"report-{file.stem}")
        sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert sizes
        assert all(abs(float(w) - 595) < 2 and abs(float(h) - 842) < 2 for w, h in sizes)
        assert len(sizes) <= 6, "a report on two or three layers is no book"


def test_all_text_of_a_picture_is_inside_of_it_and_of_its_box(browser: Any, page: Path) -> None:
    """The width of a character is supposed; the fonts of a system may be wider."""
    device(browser, 1280, 900)
    media(browser)
    for file in sorted(page.glob("*.html")):
        browser.get(file.as_uri())
        outside = browser.execute_script(
            """
            const outside = [];
            for (const svg of document.querySelectorAll('svg')) {
              const whole = svg.viewBox.baseVal;
              for (const text of svg.querySelectorAll('text')) {
                const box = text.getBBox(), shape = text.parentNode.querySelector('rect,circle');
                const around = text.parentNode.tagName === 'g' && shape ? shape.getBBox() : whole;
                if (box.x < around.x - 1 || box.y < around.y - 1 ||
                    box.x + box.width > around.x + around.width + 1 ||
                    box.y + box.height > around.y + around.height + 1)
                  outside.push(text.textContent);
              }
            }
            return outside;
            """
        )
        assert outside == []
