"""The report as a page in a browser: nothing in the console, all text inside of its box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import device, media
from trigrad import check

LEARNERS = Path(__file__).parents[1] / "learners"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports with small pictures and with wide ones."""
    folder = tmp_path_factory.mktemp("report")
    for name in ("mul_backward_adds.ipynb", "softmax_with_loss_not_divided.ipynb"):
        report = check(LEARNERS / "wrong" / name, draw=True, repair_seconds=0)
        (folder / f"{name}.html").write_text(report.to_html(), "utf-8")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_opens_without_an_error_and_nothing_is_wider_than_the_window(
    browser: Any, page: Path, width: int, scheme: str
) -> None:
    for file in sorted(page.iterdir()):
        device(browser, width, 900)
        media(browser, scheme)
        browser.get(file.as_uri())
        assert browser.get_log("browser") == []
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width


def test_all_text_of_a_picture_is_inside_of_it_and_of_its_box(browser: Any, page: Path) -> None:
    """The width of a character is supposed; the fonts of a system may be wider."""
    device(browser, 1280, 900)
    media(browser)
    for file in sorted(page.iterdir()):
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
