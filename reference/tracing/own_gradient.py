"""The gradient of the learner's own function: by autograd, or else by the complex step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trigrad.messages import Message
from trigrad.tracing.running import Namespaces, Run
from trigrad.tracing.traced import Array, Traced, Untraceable


def trace(
    run: Run, leaves: Mapping[str, Array], namespaces: Namespaces, *, seed: int = 0
) -> Traced:
    """Run a NumPy function on PyTorch's tensors, which are imported when this is called.

    Args:
        run: gets the leaves by name, and calls the learner's code.
        leaves: float arrays; the gradient is taken for them.
        namespaces: the globals of the learner's modules, in which NumPy's names are exchanged.
        seed: of all generators; with the same seed, the same numbers are drawn.

    Raises:
        Untraceable: something would lose the gradient, or is not known here.
        Exception: what the function itself raises on NumPy's arrays.
    """
    from trigrad.tracing.autograd import trace as by_autograd

    return by_autograd(run, leaves, namespaces, seed=seed)


def own_gradient(
    run: Run, leaves: Mapping[str, Array], namespaces: Namespaces, seed: int = 0
) -> Traced:
    """The same, by autograd or, where that is not possible, by the complex step; `way` says which.

    A gradient of autograd's that is not finite is looked for by the complex step too: an unchosen
    branch of `np.where` that is infinite spoils the one, not the other.

    Raises:
        Untraceable: neither is possible, with both reasons.
    """
    from trigrad.tracing.complex_step import complex_step

    try:
        traced = trace(run, leaves, namespaces, seed=seed)
    except Untraceable as first:
        try:
            return complex_step(run, leaves, namespaces, seed=seed)
        except Untraceable as second:
            both = Message("tracing.neither", one=first.message, other=second.message)
            raise Untraceable(both) from second

    def pull_back(douts: Sequence[Array | None]) -> dict[str, Array]:
        found = traced.pull_back(douts)
        if all(np.isfinite(each).all() for each in found.values()):
            return found
        try:
            other = complex_step(run, leaves, namespaces, seed=seed).pull_back(douts)
        except Untraceable:
            return found
        return {
            name: np.where(np.isfinite(each), each, other[name]) for name, each in found.items()
        }

    return traced.but(pull_back)
