"""Several runs in one message to a worker."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from tests.reference.sandbox.conftest import Opened
from trigrad.sandbox.codec import LARGE
from trigrad.sandbox.runs import by_run, first
from trigrad.sandbox.validation import WireError
from trigrad.subject.face import Build, Command, Forward, Raised, Result, Returned

DONE: list[Result] = [Returned({"output": np.array(n)}) for n in range(6)]
RUNS: list[list[Command]] = [[Build()] * 2, [Build()] * 3, [Build()]]


def run(number: float, size: int = 1) -> list[Command]:
    return [Build(), Forward({"x": np.full((1, size), number)})]


def outputs(all_results: list[list[Result]]) -> list[Any]:
    last = [results[-1] for results in all_results]
    return [r.values["output"] if isinstance(r, Returned) else r.sentence for r in last]


@pytest.mark.parametrize(
    ("count", "lengths"), [(2, [2]), (5, [2, 3]), (6, [2, 3, 1])], ids=["one", "two", "all"]
)
def test_results_are_those_of_the_first_runs(count: int, lengths: list[int]) -> None:
    found = by_run(DONE[:count], RUNS)
    assert [len(results) for results in found] == lengths
    assert [result for results in found for result in results] == DONE[:count]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
def test_half_a_run_is_no_answer(count: int) -> None:
    with pytest.raises(WireError, match="too few or too many results"):
        by_run((DONE * 2)[:count], RUNS)


@pytest.mark.parametrize(
    ("count", "lengths"), [(1, [1]), (2, [2]), (3, [2, 1]), (5, [2, 3]), (6, [2, 3, 1])]
)
def test_the_first_commands(count: int, lengths: list[int]) -> None:
    assert [len(commands) for commands in first(count, RUNS)] == lengths


def test_each_run_is_by_itself(relu: Opened) -> None:
    """What one raises or warns of is not told of the next."""
    face = relu("if x[0, 0] == 2: raise ValueError\nreturn x / (x[0, 0] - 3)")
    found = face.run_some([run(1), run(2), run(3), run(4)])
    assert [type(results[-1]) for results in found] == [Returned, Raised, Returned, Returned]
    told = [r.warnings for results in found for r in results if isinstance(r, Returned)]
    assert [len(warnings) for warnings in told] == [0, 0, 0, 0, 1, 0, 0]


def test_what_came_before_a_hang_is_kept(relu: Opened) -> None:
    face = relu("while x[0, 0] == 3: pass\nreturn x", 0.5)
    one, two, three, four = outputs(face.run_some([run(1), run(2), run(3), run(4)]))
    assert (one, two) == (1.0, 2.0)
    assert three == four == "forward did not return within 0.5 s"
    assert face.over


def test_a_slow_run_is_the_last_of_its_message(relu: Opened) -> None:
    face = relu("if x[0, 0] == 2: time.sleep(0.3)\nreturn x")
    began = time.monotonic()
    assert outputs(face.run_some([run(1), run(2), run(3)])) == [1.0, 2.0]
    assert time.monotonic() - began > 0.2
    assert outputs(face.run_some([run(3)])) == [3.0]


def test_so_is_one_with_large_arrays_or_results(relu: Opened) -> None:
    face = relu("return x if x[0, 0] < 3 else np.resize(x, (1000, 1000))")
    large = LARGE // 8 + 1
    assert len(face.run_some([run(1), run(2, large), run(1)])) == 2
    assert len(face.run_some([run(1), run(3), run(1)])) == 2
