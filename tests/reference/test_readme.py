"""The README is short, and shows what the commands print; so do the pages of docs/."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens import PAGES, ROOT, refreshed, without_measurements

SCREENS = [page for page in PAGES if "<!-- prints: " in page.read_text("utf-8")]


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(ROOT)))
def test_screens_are_what_the_commands_print(path: Path, tmp_path: Path) -> None:
    """After a change of a screen: `python tests/screens.py`."""
    page = path.read_text("utf-8")
    assert without_measurements(refreshed(page, tmp_path)) == without_measurements(page)


def test_readme_shows_a_screen() -> None:
    assert ROOT / "README.md" in SCREENS


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150


def test_a_screen_that_is_out_of_date_is_seen(tmp_path: Path) -> None:
    page = "<!-- prints: trigrad check tests/nothing.py -->\n```\nold\n```\n"
    assert "\nold\n" not in refreshed(page, tmp_path)
