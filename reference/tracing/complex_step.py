"""The second way: each value gets a tiny imaginary part, which carries its derivative along.

For an analytic function, f(x + ih) = f(x) + ih f'(x) + O(h²), and no difference is taken that
could cancel: with h far below rounding the derivative is exact. One run gives the derivative along
one direction, so a gradient takes as many runs as the leaves have entries. (J. N. Lyness and
C. B. Moler, Numerical differentiation of analytic functions, 1967.)
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from trigrad.messages import Message
from trigrad.tracing.imaginary import base, is_step, stepped
from trigrad.tracing.imaginary_functions import Complexes
from trigrad.tracing.proxies import Proxies
from trigrad.tracing.running import (
    Namespaces,
    Run,
    noting,
    on_stand_ins,
    refuse_other_values,
    run_plainly,
)
from trigrad.tracing.session import Session
from trigrad.tracing.traced import Array, Traced, Untraceable, flattened, is_numeric, rebuilt

STEP = 1e-150
"""The imaginary part for a derivative of 1. Its square is far below rounding, and there is room
for derivatives of any size."""

_PROXIES = Proxies(Complexes())


def complex_step(
    run: Run, leaves: Mapping[str, Array], namespaces: Namespaces, *, seed: int = 0
) -> Traced:
    """Run a NumPy function on complex numbers that pass for real ones.

    Args:
        run: gets the leaves by name, and calls the learner's code.
        leaves: float arrays; the gradient is taken for them.
        namespaces: the globals of the learner's modules.
        seed: of all generators; with the same seed, the same numbers are drawn.

    Raises:
        Untraceable: something would lose the derivative, or is not known here.
        Exception: what the function itself raises on NumPy's arrays.
    """
    values = {name: np.array(leaf, dtype=np.float64) for name, leaf in leaves.items()}
    plain = run_plainly(run, values, namespaces, seed)
    drawn = seed if plain.random else None

    def along(run_so: Run, directions: Mapping[str, Array]) -> tuple[Any, Session]:
        stand_ins = {
            name: stepped(value + 1j * STEP * directions[name]) for name, value in values.items()
        }
        with noting() as session, _warned():
            return run_so(stand_ins), session

    with on_stand_ins(run, namespaces, _PROXIES, drawn) as run_so:
        output, session = along(run_so, _mixed(values))
    real = rebuilt(output, _real)
    refuse_other_values(real, plain.output, session.precision)

    def pull_back(douts: Sequence[Array | None]) -> dict[str, Array]:
        found = {name: np.zeros(value.shape) for name, value in values.items()}
        direction = {name: np.zeros(value.shape) for name, value in values.items()}
        with on_stand_ins(run, namespaces, _PROXIES, drawn) as run_so:
            for name, place in _places(values):
                direction[name][place] = 1.0
                parts = flattened(along(run_so, direction)[0], _is_result)
                direction[name][place] = 0.0
                found[name][place] = sum(
                    float(np.sum(dout * base(part).imag)) / STEP
                    for dout, part in zip(douts, parts, strict=True)
                    if dout is not None and is_step(part)
                )
        return found

    return Traced(
        output=real,
        precision=session.precision,
        nearest_tie=session.nearest_tie,
        random=plain.random,
        way="complex step",
        pull_back=pull_back,
    )


@contextmanager
def _warned() -> Iterator[None]:
    """Makes an error of NumPy's warning that an imaginary part is lost.

    Raises:
        Untraceable: warnings were changed in the block, so that it might not have come up.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        ours = warnings.filters[0]
        yield
        if warnings.filters[0] is not ours:
            raise Untraceable(Message("tracing.lost", construct=Message("lost.warnings")))


def _places(values: Mapping[str, Array]) -> Iterator[tuple[str, tuple[int, ...]]]:
    return ((name, place) for name, value in values.items() for place in np.ndindex(*value.shape))


def _mixed(values: Mapping[str, Array]) -> dict[str, Array]:
    """A direction in which every entry of every leaf moves, each otherwise."""
    first, directions = 2, {}
    for name, value in values.items():
        steps = np.arange(first, first + value.size)
        directions[name] = 1.0 / np.sqrt(steps).reshape(value.shape)
        first += value.size
    return directions


def _is_result(value: Any) -> bool:
    return is_step(value) or is_numeric(value)


def _real(value: Any) -> Any:
    if not is_step(value):
        return value
    real = base(value).real
    return np.float64(real) if type(value).__name__ == "StepNumber" else real.copy()
