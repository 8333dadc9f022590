"""The first way: NumPy's names stand for functions on PyTorch's tensors, and autograd goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch

from trigrad.tracing.array import Array
from trigrad.tracing.conversion import is_stand_in
from trigrad.tracing.functions import real_values
from trigrad.tracing.proxies import Proxies
from trigrad.tracing.running import (
    Namespaces,
    Plain,
    Run,
    noting,
    on_stand_ins,
    refuse_other_values,
    run_plainly,
)
from trigrad.tracing.session import Session
from trigrad.tracing.table import Tensors
from trigrad.tracing.traced import Array as Real
from trigrad.tracing.traced import PullBack, Traced, flattened, is_numeric, rebuilt

_PROXIES = Proxies(Tensors())


def trace(run: Run, leaves: Mapping[str, Real], namespaces: Namespaces, *, seed: int = 0) -> Traced:
    """Run a NumPy function on PyTorch's tensors.

    Args:
        run: gets the leaves by name, and calls the learner's code.
        leaves: float arrays; the gradient is taken for them.
        namespaces: the globals of the learner's modules.
        seed: of all generators; with the same seed, the same numbers are drawn.

    Raises:
        Untraceable: something would lose the gradient, or is not known here.
        Exception: what the function itself raises on NumPy's arrays.
    """
    plain = run_plainly(run, leaves, namespaces, seed)
    try:
        return _trace(run, leaves, namespaces, seed, plain, copy_saved=False)
    except _OverwrittenError:
        return _trace(run, leaves, namespaces, seed, plain, copy_saved=True)


def trace_unstabilised(
    run: Run, leaves: Mapping[str, Real], namespaces: Namespaces, *, seed: int = 0
) -> Traced:
    """The same function without the tiny constants that it adds.

    Raises:
        Untraceable: as `trace`.
    """
    plain = run_plainly(run, leaves, namespaces, seed)
    return _trace(run, leaves, namespaces, seed, plain, copy_saved=True, unstabilised=True)


class _OverwrittenError(Exception):
    """A value that the derivative needs was overwritten: it has to be copied when it is kept."""


def _trace(
    run: Run,
    leaves: Mapping[str, Real],
    namespaces: Namespaces,
    seed: int,
    plain: Plain,
    copy_saved: bool,
    unstabilised: bool = False,
) -> Traced:
    tensors = {
        name: torch.tensor(np.asarray(leaf, dtype=np.float64), requires_grad=True)
        for name, leaf in leaves.items()
    }
    with noting() as session, torch.enable_grad(), _keeping(copy_saved):
        session.leaves = list(tensors.values())
        session.unstabilised = unstabilised
        stand_ins = {name: _leaf(tensor) for name, tensor in tensors.items()}
        drawn = seed if plain.random else None
        with on_stand_ins(run, namespaces, _PROXIES, drawn) as run_so:
            output = run_so(stand_ins)
    results = flattened(output, _is_result)
    parts = [each.tensor if is_stand_in(each) else None for each in results]
    real = rebuilt(output, real_values)
    if not unstabilised:
        refuse_other_values(real, plain.output, session.precision)
    pull_back = _pull_back(parts, tensors)
    if session.overwritten and not copy_saved:
        _try_back(pull_back, parts)
    return _traced(real, plain, session, pull_back)


def _traced(output: Any, plain: Plain, session: Session, pull_back: PullBack) -> Traced:
    return Traced(
        output=output,
        precision=session.precision,
        nearest_tie=session.nearest_tie,
        random=plain.random,
        way="autograd",
        pull_back=pull_back,
        stabilised=session.stabilised,
    )


def _leaf(tensor: torch.Tensor) -> Array:
    """A stand-in for a leaf: a copy, so that it may be overwritten."""
    return Array(tensor.clone())


def _is_result(value: Any) -> bool:
    return is_stand_in(value) or is_numeric(value)


def _keeping(copy_saved: bool) -> AbstractContextManager[Any]:
    """How autograd keeps values for the way back: as copies, if they may be overwritten."""
    if not copy_saved:
        return nullcontext()
    return torch.autograd.graph.saved_tensors_hooks(torch.clone, lambda kept: kept)


def _try_back(pull_back: PullBack, parts: Sequence[torch.Tensor | None]) -> None:
    """Go back once, to see whether what that needs is still there.

    Raises:
        _OverwrittenError: it is not.
    """
    try:
        pull_back([None if part is None else np.ones(part.shape) for part in parts])
    except RuntimeError as error:
        raise _OverwrittenError from error


def _pull_back(
    parts: Sequence[torch.Tensor | None], leaves: Mapping[str, torch.Tensor]
) -> PullBack:
    def pull_back(douts: Sequence[Real | None]) -> dict[str, Real]:
        # Products, and not grad_outputs, with which PyTorch imports SymPy.
        products = [
            (part * torch.tensor(dout)).sum()
            for part, dout in zip(parts, douts, strict=True)
            if part is not None and part.requires_grad and dout is not None
        ]
        slopes: Sequence[torch.Tensor | None] = [None] * len(leaves)
        if products:
            slopes = torch.autograd.grad(
                torch.stack(products).sum(),
                list(leaves.values()),
                retain_graph=True,
                allow_unused=True,
            )
        return {
            name: np.zeros(leaf.shape) if slope is None else slope.numpy().copy()
            for (name, leaf), slope in zip(leaves.items(), slopes, strict=True)
        }

    return pull_back
