"""Table 1: what one check of all gradients of TwoLayerNet(784, 50, 10) costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from checker_rivals import (
    Counted,
    impl_in_torch,
    jax_check,
    scipy_check,
    torch_check,
    torch_loss,
    torch_params,
)
from checker_shared import (
    BATCH,
    SIZES,
    Bench,
    Limit,
    Timed,
    bench,
    figure,
    interleaved,
    medians,
    print_table,
)

from trigrad import gradcheck

ROUNDS = 60
SELDOM = ROUNDS // 2
"""What takes seconds comes in every SELDOM-th round."""

NOW_AND_THEN = ROUNDS // 6

UNIT_LIMIT = 8.0
"""What gradcheck may cost, in units of two forwards and a backward."""

TORCH_LIMIT = 2.5
"""How many times as fast as torch.autograd.gradcheck's fast mode, warm, gradcheck must be on the
same NumPy gradients."""

UNIT = "two forwards + one backward (the unit: 2 × net.loss, 1 × net.gradient)"
STRICT = "the same with the forward inside net.gradient as one of the two"
GRADCHECK = "`trigrad.gradcheck`"
WITH_GRADIENT = "`trigrad.gradcheck`, and net.gradient before it"
BOOK = "the book's loop, `net.numerical_gradient`"
TORCH_FAST = "`torch.autograd.gradcheck`, fast_mode=True"
TORCH_IMPL = "the same of `impl`, in a torch.autograd.Function"
TORCH_SLOW = "`torch.autograd.gradcheck`, slow"
SCIPY = "`scipy.optimize.check_grad` (a norm, no verdict)"
SCIPY_RANDOM = '`scipy.optimize.check_grad`, direction="random" (a norm, no verdict)'
JAX = '`jax.test_util.check_grads`, modes=["rev"], order=1'


@dataclass(frozen=True)
class Row:
    """A checker: how it is called, how often its loss was computed so far, in which rounds."""

    call: Callable[[], object]
    count: Callable[[], int]
    every: int = 1

    def evaluations(self) -> int:
        """Of one call."""
        before = self.count()
        self.call()
        return self.count() - before


def cost_table() -> list[Limit]:
    """Print table 1; what must hold of it."""
    on = bench(0)
    rows = _numpy_rows(on) | _torch_rows(on) | _scipy_rows() | _jax_rows(on)
    times = interleaved({name: Timed(row.call, row.every) for name, row in rows.items()}, ROUNDS)
    evaluations = {n: row.evaluations() for n, row in rows.items() if row.every < SELDOM}
    evaluations |= {n: _once(row, len(times[n])) for n, row in rows.items() if row.every == SELDOM}
    found = {
        name: Cost(len(times[name]), evaluations[name], median)
        for name, median in medians(times).items()
    }
    found[TORCH_SLOW] = _extrapolated(found.pop("W2"), found.pop("b2"), on)
    _print(found, on)
    return _limits(found)


def _once(row: Row, calls: int) -> int:
    """The evaluations of one of the calls that were made; the row was not called otherwise."""
    return row.count() // calls


@dataclass(frozen=True)
class Cost:
    """What a check takes."""

    rounds: int
    evaluations: int
    ms: float


def _numpy_rows(on: Bench) -> dict[str, Row]:
    def gradcheck_alone() -> None:
        assert gradcheck(on.loss, on.net.params, on.grads)

    def gradcheck_after_gradient() -> None:
        assert gradcheck(on.loss, on.net.params, on.gradient())

    again = bench(0)  # a count of its own

    def book() -> None:
        numerical = again.net.numerical_gradient(again.x, again.t)
        assert all(np.allclose(numerical[k], again.grads[k], atol=1e-6) for k in numerical)

    again.net.evaluations = 0

    def count() -> int:
        return on.net.evaluations

    return {
        UNIT: Row(on.unit, count),
        STRICT: Row(on.two_forwards_one_backward, count),
        GRADCHECK: Row(gradcheck_alone, count),
        WITH_GRADIENT: Row(gradcheck_after_gradient, count),
        BOOK: Row(book, lambda: again.net.evaluations, SELDOM),
    }


def _torch_rows(on: Bench) -> dict[str, Row]:
    """Fast mode on everything, and slow mode on W2 alone and b2 alone."""
    loss = Counted(torch_loss(on))
    everything = torch_params(on)
    assert np.isclose(loss(*everything).item(), on.loss(), rtol=1e-12)

    def check(params: tuple, *, fast: bool) -> None:
        assert torch_check(loss, params, fast=fast)

    def row(params: tuple, *, fast: bool) -> Row:
        every = 1 if fast else NOW_AND_THEN
        return Row(lambda: check(params, fast=fast), lambda: loss.evaluations, every)

    wrapped = bench(0)  # it is moved
    impl = Counted(impl_in_torch(wrapped))

    def check_impl() -> None:
        assert torch_check(impl, everything, fast=True)

    return {
        TORCH_FAST: row(everything, fast=True),
        TORCH_IMPL: Row(check_impl, lambda: wrapped.net.evaluations),
        "W2": row(torch_params(on, free="W2"), fast=False),
        "b2": row(torch_params(on, free="b2"), fast=False),
    }


def _scipy_rows() -> dict[str, Row]:
    # A network of its own, since SciPy leaves its parameters where it looked at them last.
    every_entry, random = scipy_check(bench(0)), scipy_check(bench(0), direction="random", rng=0)
    if every_entry is None or random is None:
        return {}
    return {
        SCIPY: Row(every_entry[0], lambda: every_entry[1].evaluations, SELDOM),
        SCIPY_RANDOM: Row(random[0], lambda: random[1].evaluations),
    }


def _jax_rows(on: Bench) -> dict[str, Row]:
    check = jax_check(on)
    if check is None:
        return {}
    call, loss = check
    return {JAX: Row(call, lambda: loss.evaluations)}


def _extrapolated(large: Cost, small: Cost, on: Bench) -> Cost:
    """The cost of all entries from those of W2 and of b2, which differ by their sizes."""
    entries = on.net.params["W2"].size - on.net.params["b2"].size
    rest = (on.parameters - on.net.params["b2"].size) / entries
    return Cost(
        large.rounds,
        round(small.evaluations + rest * (large.evaluations - small.evaluations)),
        small.ms + rest * (large.ms - small.ms),
    )


def _print(found: dict[str, Cost], on: Bench) -> None:
    names = [UNIT, STRICT, GRADCHECK, WITH_GRADIENT, BOOK, TORCH_FAST, TORCH_IMPL, TORCH_SLOW]
    names += [SCIPY, SCIPY_RANDOM, JAX]
    measured = on.net.params["W2"].size + on.net.params["b2"].size
    notes = {
        TORCH_SLOW: f" (measured on the {measured} entries of W2 and b2, extrapolated to all)",
    }
    rows = []
    for name in names:
        if name not in found:
            missing = "scipy" if name in (SCIPY, SCIPY_RANDOM) else "jax"
            rows.append([name, f"{missing} is not installed", *["–"] * 4])
            continue
        cost = found[name]
        rows.append(
            [
                name + notes.get(name, ""),
                f"{cost.rounds}",
                f"{cost.evaluations:,}",
                figure(cost.ms),
                figure(cost.ms / found[UNIT].ms),
                figure(cost.ms / found[GRADCHECK].ms),
            ]
        )
    print_table(
        f"Cost: TwoLayerNet{SIZES}, {on.parameters:,} parameters, a batch of {BATCH}, float64, "
        "one thread, medians",
        ["check", "rounds", "evaluations", "ms", "× unit", "× gradcheck"],
        rows,
    )


def _limits(found: dict[str, Cost]) -> list[Limit]:
    ms = found[GRADCHECK].ms
    units, strict = ms / found[UNIT].ms, ms / found[STRICT].ms
    faster = found[TORCH_IMPL].ms / ms
    return [
        Limit(f"gradcheck: {units:.2f} units, limit {UNIT_LIMIT}", units <= UNIT_LIMIT),
        Limit(
            f"gradcheck: {strict:.2f} times exactly two forwards and one backward, "
            f"limit {UNIT_LIMIT}",
            strict <= UNIT_LIMIT,
        ),
        Limit(
            f"gradcheck: {faster:.2f} times as fast as torch's fast mode on impl, "
            f"at least {TORCH_LIMIT}",
            faster >= TORCH_LIMIT,
        ),
    ]
