"""The parameters hold, bit for bit, what they held: whatever the loss or the user does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

import trigrad
from trigrad import GradcheckError, gradcheck
from trigrad.contracts.schema import Array
from trigrad.gradient_check import point as point_module
from trigrad.gradient_check.point import Point
from trigrad.numerics.boxes import Box

ODD = np.array([-0.0, 5e-324, -2.2e-310, 1.5, -3.25, 0.0])
"""What adding and taking away again would not bring back."""


class Problem:
    """Two arrays, one of them read-only, and a loss that reads both."""

    def __init__(self) -> None:
        self.memory = np.arange(1.0, 13.0).reshape(3, 4)
        self.params = {"W": ODD.copy(), "A": self.memory.T[::2, ::-1], "b": np.array(0.25)}
        self.params["W"].flags.writeable = False
        self.before = self.state()
        self.grads = {"W": 2 * ODD + np.eye(6)[2], "A": np.cos(self.params["A"]), "b": 3.0}

    def loss(self) -> float:
        W, A, b = self.params.values()
        return float(np.sum(W**2) + np.sum(np.sin(A)) + 3 * b)

    def state(self) -> list[tuple[bytes, bool]]:
        arrays = [*self.params.values(), self.memory]
        return [(array.tobytes(), array.flags.writeable) for array in arrays]

    def check(self, **settings: Any) -> trigrad.GradientReport:
        return gradcheck(self.loss, self.params, self.grads, **settings)

    def assert_restored(self) -> None:
        assert self.state() == self.before


@pytest.mark.parametrize("every_entry", [False, True])
def test_mismatch_leaves_every_bit(every_entry: bool) -> None:
    problem = Problem()
    report = problem.check(every_entry=every_entry)
    assert {(w.name, w.index) for w in report.wrong} == {("W", (2,))}
    problem.assert_restored()


def test_right_gradient_leaves_every_bit() -> None:
    problem = Problem()
    problem.grads["W"] = 2 * ODD
    assert problem.check()
    problem.assert_restored()


@pytest.mark.parametrize("every_entry", [False, True])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, GradcheckError])
def test_loss_that_raises_at_any_call_leaves_every_bit(
    error: type[BaseException], every_entry: bool
) -> None:
    whole = Problem().check(every_entry=every_entry).evaluations
    assert whole > 50
    for call in range(whole):
        problem = Problem()
        calls = iter(range(whole))

        def loss(problem: Problem = problem, calls: Iterator[int] = calls, at: int = call) -> float:
            if next(calls) == at:
                raise error
            return problem.loss()

        with pytest.raises(error):
            gradcheck(loss, problem.params, problem.grads, every_entry=every_entry)
        problem.assert_restored()


@pytest.mark.parametrize("value", [None, np.nan, "text", np.ones(2)])
def test_loss_that_becomes_no_number_leaves_every_bit(value: Any) -> None:
    for call in range(2, 12, 3):
        problem = Problem()
        calls = iter(range(10**6))

        def loss(problem: Problem = problem, calls: Iterator[int] = calls, at: int = call) -> Any:
            return value if next(calls) >= at else problem.loss()

        with pytest.raises(GradcheckError, match=r"^loss\(\) "):
            gradcheck(loss, problem.params, problem.grads)
        problem.assert_restored()


# --- Ctrl-C at every line -----------------------------------------------------------------------

HOME = str(Path(point_module.__file__).parent)


class Interrupt:
    """KeyboardInterrupt at the n-th line that is run of gradcheck's own code."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.raised = False

    def __enter__(self) -> Interrupt:
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(HOME):
            return None
        # A generator that is thrown away would swallow what is raised in it.
        if event == "line" and frame.f_code.co_name != "<genexpr>":
            self.left -= 1
            if self.left == 0:
                self.raised = True
                raise KeyboardInterrupt
        return self._trace


def lines(**settings: Any) -> int:
    with Interrupt(10**9) as counter:
        Problem().check(**settings)
    return 10**9 - counter.left


@pytest.mark.parametrize("every_entry", [False, True])
def test_interrupt_at_any_line_leaves_every_bit(every_entry: bool) -> None:
    """All of the first and the last lines, and one in 29 of the others."""
    count = lines(every_entry=every_entry)
    assert count > 1000
    for at in [*range(1, 200), *range(200, count - 60, 29), *range(count - 60, count + 1)]:
        problem = Problem()
        with pytest.raises(KeyboardInterrupt), Interrupt(at) as interrupt:
            problem.check(every_entry=every_entry)
        assert interrupt.raised
        assert problem.state() == problem.before, f"interrupted at line {at} of {count}"


@pytest.mark.parametrize("call", [0, 2, 3, 40])
def test_second_interrupt_while_it_is_put_back_leaves_every_bit(call: int) -> None:
    """The first one while the loss is computed, the second at each line of what follows."""
    for again in range(1, 100):
        problem = Problem()
        interrupt = Interrupt(10**9)
        calls = iter(range(10**6))

        def loss(
            problem: Problem = problem,
            interrupt: Interrupt = interrupt,
            calls: Iterator[int] = calls,
            again: int = again,
        ) -> float:
            if next(calls) == call:
                interrupt.left = again
                raise KeyboardInterrupt
            return problem.loss()

        with pytest.raises(KeyboardInterrupt), interrupt:
            gradcheck(loss, problem.params, problem.grads)
        assert problem.state() == problem.before, f"interrupted again {again} lines later"
        if not interrupt.raised:
            break
    assert 20 < again < 99


# --- a loss that writes -------------------------------------------------------------------------


def test_loss_that_changes_parameters_leaves_every_bit() -> None:
    """Also those that are not being moved, and also where it can be judged all the same."""
    for name in ("A", "b"):
        problem = Problem()

        def loss(problem: Problem = problem, name: str = name) -> float:
            problem.params[name][...] += 1.0
            return problem.loss()

        with pytest.raises(GradcheckError, match="something changes params"):
            gradcheck(loss, problem.params, problem.grads)
        problem.assert_restored()


def test_loss_that_clips_its_parameters_leaves_every_bit() -> None:
    problem = Problem()

    def loss() -> float:
        np.clip(problem.params["A"], -100, 100, out=problem.params["A"])
        problem.params["b"][...] = 0.5
        return problem.loss()

    gradcheck(loss, problem.params, {**problem.grads, "b": 0.0})
    problem.assert_restored()


def test_loss_that_makes_its_parameter_read_only_leaves_every_bit() -> None:
    problem = Problem()

    def loss() -> float:
        problem.params["b"].flags.writeable = False
        return problem.loss()

    with pytest.raises(ValueError, match="read-only"):
        gradcheck(loss, problem.params, problem.grads)
    assert [bits for bits, _ in problem.state()] == [bits for bits, _ in problem.before]


CHANGES = "loss() changes the arrays in grads while it computes ('W'): pass copies of them"


def writing(W: Array, grads: Array, write: Any) -> Any:
    def loss() -> float:
        grads[...] = write()
        return float(np.sum(np.sin(W)))

    return loss


@pytest.mark.parametrize("size", [1, 3, 100])
def test_loss_that_computes_the_gradients_anew_is_no_harm(size: int) -> None:
    """As a network does that keeps its gradients in the same arrays."""
    W = np.linspace(-1, 1, size)
    grads = np.cos(W)
    try:
        report = gradcheck(writing(W, grads, lambda: np.cos(W)), {"W": W}, {"W": grads})
    except GradcheckError as refused:
        said = str(refused)
    else:
        said = "" if report.ok else str(report)
    assert said in ("", CHANGES)


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("written", [0.0, 1.0, np.nan])
def test_loss_that_overwrites_the_gradients_is_refused(size: int, written: float) -> None:
    W = np.linspace(-1, 1, size)
    grads = np.cos(W)
    with pytest.raises(GradcheckError) as refused:
        gradcheck(writing(W, grads, lambda: written), {"W": W}, {"W": grads})
    assert str(refused.value) == CHANGES
    assert gradcheck(writing(W, grads, lambda: written), {"W": W}, {"W": np.cos(W)})


def test_loss_that_overwrites_a_wrong_gradient_is_refused() -> None:
    """Else it would be the loss's own that is verified."""
    W = np.linspace(-1, 1, 10)
    grads = -np.cos(W)
    with pytest.raises(GradcheckError) as refused:
        gradcheck(writing(W, grads, lambda: 2 * np.cos(W)), {"W": W}, {"W": grads})
    assert str(refused.value) == CHANGES


@pytest.mark.parametrize("every_entry", [False, True])
def test_gradients_that_share_memory_with_parameters_stay(every_entry: bool) -> None:
    """Of half the square the parameter is its own gradient: it may well be passed as such."""
    W = np.linspace(-1, 1, 10)
    both = np.linspace(1, 2, 8)
    before = W.tobytes(), both.tobytes()
    params = {"W": W, "V": both[:4]}
    grads = {"W": W, "V": both[4:]}

    def loss() -> float:
        return float(np.sum(W**2) / 2 + np.sum(np.sin(params["V"])))

    found = gradcheck(loss, params, {**grads, "V": np.cos(both[:4])}, every_entry=every_entry)
    assert found.ok, found
    wrong = gradcheck(loss, params, grads, every_entry=every_entry)
    assert {w.name for w in wrong.wrong} == {"V"}
    assert {w.is_ for w in wrong.wrong} <= set(both[4:])
    assert (W.tobytes(), both.tobytes()) == before


# --- the line -----------------------------------------------------------------------------------


def test_line_moves_the_boxes_and_nothing_else() -> None:
    W, b = np.arange(12.0).reshape(3, 4), np.ones(3)
    seen: list[tuple[Array, Array]] = []

    def loss() -> float:
        seen.append((W.copy(), b.copy()))
        return float(W.sum() + b.sum())

    point = Point(loss, {"W": W, "b": b})
    point.unlock()
    directions = {"W": np.full((3, 4), 2.0), "b": np.full(3, -1.0)}
    scale = {"W": 0.5, "b": 4.0}
    boxes = [Box("W", ((1, 3), (0, 2))), Box.entry("b", (2,))]
    values = point.line(boxes, directions, scale)([1.0, -0.5])
    one = np.arange(12.0).reshape(3, 4)
    one[1:, :2] += 1.0
    np.testing.assert_array_equal(seen[0][0], one)
    np.testing.assert_array_equal(seen[0][1], [1, 1, -3])
    np.testing.assert_array_equal(values, [66 + 4 + 3 - 4, 66 - 2 + 3 + 2])
    point.line([Box.entry("W", (0, 0))], directions, scale)([1.0])
    one = np.arange(12.0).reshape(3, 4)
    one[0, 0] = 1.0
    np.testing.assert_array_equal(seen[-1][0], one)
    np.testing.assert_array_equal(seen[-1][1], np.ones(3))
    point.leave()
    np.testing.assert_array_equal(W, np.arange(12.0).reshape(3, 4))
    assert point.evaluations == len(seen) == 3
