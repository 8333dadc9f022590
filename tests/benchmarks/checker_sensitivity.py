"""Table 2: how often one entry that is a little off is caught, and found."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from checker_rivals import torch_check, torch_loss, torch_params
from checker_shared import Bench, Limit, bench, print_table

from trigrad import gradcheck

SEEDS = 100
ERROR = 1e-6
TORCH_ERRORS = (ERROR, 0.2)
NAMES = ("W1", "b1", "W2", "b2")
PATIENCE = 12.0
"""Seconds for one cell of torch's rows; what was tried until then is said in it."""


@dataclass
class Tally:
    """What a checker made of wrong gradients."""

    tried: int = 0
    caught: int = 0
    located: int = 0
    evaluations: list[int] = field(default_factory=list)


def sensitivity_table() -> list[Limit]:
    """Print table 2; what must hold of it."""
    mine = {name: _gradcheck_tally(name) for name in NAMES}
    rows = [
        ["`trigrad.gradcheck`: caught", f"{ERROR:g}", *_caught(mine), *_evaluations(mine)],
        [
            "`trigrad.gradcheck`: located (that index and no other)",
            f"{ERROR:g}",
            *(f"{t.located} of {t.tried}" for t in mine.values()),
            "",
            "",
        ],
    ]
    for error in TORCH_ERRORS:
        theirs = {name: _torch_tally(name, error) for name in NAMES}
        words = "`torch.autograd.gradcheck`, fast_mode=True: caught"
        rows.append([words, f"{error:g}", *_caught(theirs), "–", "–"])
    print_table(
        "Sensitivity: one entry off by that much; the seed decides the network and the entry",
        ["check", "error", *NAMES, "evaluations, median", "largest"],
        rows,
    )
    caught = sum(tally.caught for tally in mine.values())
    located = sum(tally.located for tally in mine.values())
    tried = sum(tally.tried for tally in mine.values())
    return [
        Limit(f"gradcheck: {caught} of {tried} errors of {ERROR:g} caught", caught == tried),
        Limit(f"gradcheck: {located} of {tried} errors of {ERROR:g} located", located == tried),
    ]


def _caught(tallies: dict[str, Tally]) -> list[str]:
    return [f"{tally.caught} of {tally.tried}" for tally in tallies.values()]


def _evaluations(tallies: dict[str, Tally]) -> list[str]:
    counts = [count for tally in tallies.values() for count in tally.evaluations]
    return [f"{statistics.median(counts):g}", f"{max(counts)}"]


def _drawn(name: str, seed: int) -> tuple[Bench, tuple[int, ...]]:
    """A network, and the entry of one of its gradients that is to be wrong."""
    on = bench(seed)
    shape = on.net.params[name].shape
    return on, tuple(int(np.random.randint(length)) for length in shape)


def _gradcheck_tally(name: str) -> Tally:
    tally = Tally()
    for seed in range(SEEDS):
        on, index = _drawn(name, seed)
        grads = {**on.grads, name: on.grads[name].copy()}
        grads[name][index] += ERROR
        report = gradcheck(on.loss, on.net.params, grads, seed=seed)
        named = [(wrong.name, wrong.index) for wrong in report.wrong]
        located = named == [(name, index)]
        tally.tried += 1
        tally.caught += name in dict(named)
        tally.located += located
        tally.evaluations.append(report.evaluations)
        if not located:
            print(f"not located: {name}{index}, seed {seed}\n{report}\n")
    return tally


class _Slope(torch.autograd.Function):
    """Zero, of which backward says that one entry has a slope."""

    @staticmethod
    def forward(ctx: Any, param: torch.Tensor, index: tuple[int, ...], error: float) -> Any:
        """Zero, whatever the parameter."""
        ctx.shape, ctx.index, ctx.error = param.shape, index, error
        return param.new_zeros(())

    @staticmethod
    def backward(ctx: Any, dout: torch.Tensor) -> Any:
        """The error at its entry, times dout like any gradient."""
        gradient = dout.new_zeros(ctx.shape)
        gradient[ctx.index] = ctx.error * dout
        return gradient, None, None


def _off(
    loss: Callable[..., torch.Tensor], place: int, index: tuple[int, ...], error: float
) -> Callable[..., torch.Tensor]:
    """The same loss with a gradient that is off in one entry of its argument at that place."""
    return lambda *params: loss(*params) + _Slope.apply(params[place], index, error)


def _torch_tally(name: str, error: float) -> Tally:
    """Fast mode on wrong gradients.

    Once it has found one it goes through all entries for the words of its message. These are
    left out: they take seconds, and its verdict stands before.
    """
    tally = Tally()
    torch_module = sys.modules["torch.autograd.gradcheck"]  # beside it, the function of that name
    until = time.perf_counter() + PATIENCE
    for seed in range(SEEDS):
        on, index = _drawn(name, seed)
        loss = _off(torch_loss(on), NAMES.index(name), index, error)
        tally.tried += 1
        with patch.object(torch_module, "_run_slow_mode_and_get_error", return_value=""):
            tally.caught += not torch_check(loss, torch_params(on), fast=True)
        if time.perf_counter() > until:
            break
    return tally
