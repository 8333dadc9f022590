from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from trigrad.subject.face import Build, Command, Raised, Result, Returned
from trigrad.trial.together import JoinedFace

HUNG = Raised("forward", "Timeout", "did not return", ended=True)


class Sending:
    """A face that answers every run with its numbers, and takes down which go together.

    A number below 0 does not return; `most` runs go together.
    """

    takes_dout = True
    frameworks = ()

    def __init__(self, most: int = 100) -> None:
        self.most = most
        self.sent: list[list[int]] = []
        self.clocks: list[tuple[float, float]] = []
        self._ending: Raised | None = None

    def has(self, method: str) -> bool:
        raise AssertionError(method)

    @property
    def over(self) -> bool:
        return self._ending is not None

    def run(self, commands: Sequence[Command]) -> list[Result]:
        return self.run_some([commands])[0]

    def run_some(self, runs: Sequence[Sequence[Command]]) -> list[list[Result]]:
        if self._ending is None:
            self.sent.append([command.which for commands in runs for command in commands])
        return [[self._result(c) for c in commands] for commands in runs[: self.most]]

    def _result(self, command: Command) -> Result:
        if command.which < 0:
            self._ending = HUNG
        return self._ending or Returned({"output": np.array(command.which)})

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        self.clocks.append((share, at_most))

    def revive(self) -> None:
        self._ending = None

    def stop(self, ending: Raised) -> None:
        self._ending = ending

    def close(self) -> None:
        raise AssertionError


def asking(face: JoinedFace, *numbers: int) -> Callable[[], list[int]]:
    """A task that asks once for each number; -1 in its result is what has not returned."""

    def work() -> list[int]:
        found = []
        for number in numbers:
            (result,) = face.run([Build({}, {}, number)])
            hung = isinstance(result, Raised)
            found.append(-1 if hung else int(np.asarray(result.values["output"])))
        return found

    return work


def joined(most: int = 100) -> tuple[Sending, JoinedFace]:
    sending = Sending(most)
    face: Any = sending
    return sending, JoinedFace(face)


def test_what_is_asked_at_the_same_moment_is_sent_at_once() -> None:
    sending, face = joined()
    works = [asking(face, 1, 2), asking(face), asking(face, 3), asking(face, 4, 5, 6)]
    assert list(face.together(works)) == [[1, 2], [], [3], [4, 5, 6]]
    assert sending.sent == [[1, 3, 4], [2, 5], [6]]


def test_what_does_not_go_together_is_asked_in_the_order_of_the_tasks() -> None:
    sending, face = joined(most=1)
    assert list(face.together([asking(face, 1, 2), asking(face, 3, 4)])) == [[1, 2], [3, 4]]
    assert [numbers[0] for numbers in sending.sent] == [1, 2, 3, 4]


def test_outside_of_a_task_it_asks_by_itself() -> None:
    sending, face = joined()
    assert asking(face, 1, 2)() == [1, 2]
    assert sending.sent == [[1], [2]]


def test_tasks_before_a_call_that_hangs_do_not_notice() -> None:
    sending, face = joined()
    face.start_clock(2.0, 60.0)
    works = [asking(face, 1, 2, 3), asking(face, 4, -5, 6), asking(face, 7), asking(face)]
    results = face.together(works)
    assert next(results) == [1, 2, 3]
    assert not face.over
    assert next(results) == [4, -1, -1]
    assert face.over
    assert list(results) == [[-1], []]
    assert sending.sent == [[1, 4, 7], [2, -5], [3]]
    (share, at_most) = sending.clocks[-1]
    assert (len(sending.clocks), share) == (2, 2.0)
    assert at_most <= 60.0


def test_of_two_calls_that_hang_the_first_in_order_counts() -> None:
    sending, face = joined()
    results = face.together([asking(face, 1, -2), asking(face, -3), asking(face, 4)])
    assert list(results) == [[1, -1], [-1], [-1]]
    assert len(sending.clocks) == 1, "the time for going on is given once"
    assert face.over


def test_a_call_that_hangs_after_the_last_result_that_is_taken_never_happened() -> None:
    _, face = joined()
    for found in face.together([asking(face, 1), asking(face, -2)]):
        assert found == [1]
        break
    assert not face.over
    assert asking(face, 3)() == [3]


def test_what_a_task_raises_is_raised_when_its_turn_comes() -> None:
    _, face = joined()

    def broken() -> list[int]:
        asking(face, 2)()
        raise ValueError("of the second task")

    results = face.together([asking(face, 1, 3), broken, asking(face, 4)])
    assert next(results) == [1, 3]
    with pytest.raises(ValueError, match="of the second task"):
        next(results)
    assert asking(face, 5)() == [5]


def test_ctrl_c_in_a_task_ends_all_at_once() -> None:
    sending, face = joined()
    ended = []

    def waiting() -> list[int]:
        try:
            return asking(face, 1, 2)()
        finally:
            ended.append("waiting")

    def interrupted() -> list[int]:
        asking(face, 3)()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(face.together([waiting, interrupted]))
    assert ended == ["waiting"]
    assert sending.sent == [[1, 3]]
    assert asking(face, 5)() == [5]


def test_how_numpy_takes_errors_is_each_tasks_own() -> None:
    _, face = joined()
    here: list[Any] = []

    def careful() -> list[int]:
        with np.errstate(divide="raise"):
            found = asking(face, 1, 2)()
            with pytest.raises(FloatingPointError):
                np.ones(1) / np.zeros(1)
        return found

    def careless() -> list[int]:
        with np.errstate(divide="ignore"):
            found = asking(face, 3)()
            here.append(np.ones(1) / np.zeros(1))
            found += asking(face, 4, 5)()
            here.append(np.ones(1) / np.zeros(1))
        return found

    before = np.geterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(face.together([careful, careless])) == [[1, 2], [3, 4, 5]]
    assert len(here) == 2
    assert np.geterr() == before


def test_tasks_may_have_tasks() -> None:
    sending, face = joined()

    def inner() -> Iterator[list[int]]:
        return face.together([asking(face, 1, 2), asking(face, 3)])

    def outer() -> list[int]:
        return [number for numbers in inner() for number in numbers]

    assert list(face.together([outer, asking(face, 4)])) == [[1, 2, 3], [4]]
    assert sorted(n for numbers in sending.sent for n in numbers) == [1, 2, 3, 4]
