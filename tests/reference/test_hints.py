"""The three levels, by name."""

from __future__ import annotations

import pytest

from trigrad import check
from trigrad.hints import Hints, hints_named


@pytest.mark.parametrize(
    ("name", "names_lines", "shows_fix"),
    [("law", False, False), ("line", True, False), ("fix", True, True)],
)
def test_a_level(name: str, names_lines: bool, shows_fix: bool) -> None:
    level = hints_named(name)
    assert (level.names_lines, level.shows_fix) == (names_lines, shows_fix)
    assert hints_named(level) is level


def test_each_gives_more_than_the_one_before() -> None:
    given = [(level.names_lines, level.shows_fix) for level in Hints]
    assert given == sorted(set(given))


@pytest.mark.parametrize("name", ["", "FIX", "lines", "no_such"])
def test_another_name_is_refused_and_the_three_are_named(name: str) -> None:
    with pytest.raises(ValueError, match=rf"hints is {name!r}, should be one of law, line, fix"):
        check("nothing.py", hints=name)


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_no_search_takes_less_than_no_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="should be 0 or more"):
        check("nothing.py", repair_seconds=seconds)
