"""Which tests are left out without `--whole`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.long_tests import ONE_IN, TESTS, left_out

NAME = "reference/test_engines"


@dataclass(frozen=True)
class Item:
    """What is looked at of a test that pytest has collected."""

    nodeid: str
    path: Path = TESTS / f"{NAME}.py"
    marked: bool = False

    def get_closest_marker(self, name: str) -> str | None:
        return name if self.marked and name == "whole" else None


def names_left(items: list[Any]) -> set[str]:
    return {item.nodeid for item in left_out(items)}


def test_the_files_are_there() -> None:
    assert [name for name in ONE_IN if not (TESTS / f"{name}.py").is_file()] == []


def test_one_case_in_so_many_is_kept_and_the_same_of_each_test() -> None:
    numbers = range(2 * ONE_IN[NAME])
    left = {f"{test}[{n}]" for test in ("first", "second") for n in numbers if n % ONE_IN[NAME]}
    items = [Item(f"{test}[{n}]") for test in ("first", "second") for n in numbers]
    assert names_left([*items, Item("of one case")]) == left


def test_other_files_lose_only_what_is_marked() -> None:
    other = TESTS / "test_other.py"
    items = [Item("a[0]", other), Item("a[1]", other), Item("b", other, marked=True)]
    assert names_left(items) == {"b"}
