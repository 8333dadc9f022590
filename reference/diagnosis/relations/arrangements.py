"""Relations of arrangement: transposed, reshaped, not summed, summed over the other axis …"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from trigrad.contracts.schema import Array, Shape
from trigrad.diagnosis.observation import OUTPUT, Observation, Predict

Words = Iterator[tuple[str, Predict]]


def transposed(_: Sequence[Observation]) -> Words:
    """The transpose, as it is or forced into the shape that is due."""

    def forced(observation: Observation) -> Array | None:
        due = observation.should_be
        return due.T.reshape(due.shape) if due.ndim == 2 else None

    yield "the transpose of what it should be", lambda s: s.should_be.T
    words = "the transpose of what it should be, forced into the shape by a reshape"
    yield words, forced


def reshaped(seen: Sequence[Observation]) -> Words:
    """The right numbers in another shape."""
    yield "what it should be, flattened to one axis", lambda s: s.should_be.ravel()
    yield (
        "what it should be with an axis of length 1 kept: "
        f"{_shapes(seen, lambda due: ('1', *due))} (keepdims)",
        lambda s: s.should_be[None],
    )
    yield (
        f"what it should be with an axis of length 1 kept: {_shapes(seen, lambda d: (*d, '1'))}",
        lambda s: s.should_be[..., None],
    )
    yield (
        f"the right numbers in another shape: {_shapes(seen, lambda due: due[::-1])}, by a reshape",
        lambda s: s.should_be.reshape(s.should_be.shape[::-1]),
    )


def _shapes(seen: Sequence[Observation], become: Callable[[Shape], Shape]) -> str:
    """`shape (1, M) where (M,) is due`, in symbols."""
    observation = seen[0]
    variable = observation.contract.output
    if observation.name != OUTPUT:
        variable = observation.contract.variable(observation.name).shape
    return f"shape {_symbols(become(variable))} where {_symbols(variable)} is due"


def _symbols(shape: Shape) -> str:
    inner = ", ".join(shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def summed(_: Sequence[Observation]) -> Words:
    """Summed over an axis, or averaged, where nothing is to be."""
    yield "summed over the batch (axis 0), and should not be", _over(0, np.sum)
    yield "the mean over the batch (axis 0), and should not be", _over(0, np.mean)
    yield "summed over axis 1, and should not be", _over(1, np.sum)
    yield "summed to a single number, and should not be", lambda s: np.asarray(s.should_be.sum())
    yield "the mean of what it should be, a single number", lambda s: np.asarray(s.should_be.mean())


def _over(axis: int, reduce: Callable[..., Array]) -> Predict:
    def predict(observation: Observation) -> Array | None:
        due = observation.should_be
        return np.asarray(reduce(due, axis=axis)) if due.ndim > axis else None

    return predict


def of_dout(seen: Sequence[Observation]) -> Words:
    """For what is added to every row: dout itself, one row of it, or summed otherwise."""
    first = seen[0]
    if first.name not in first.contract.promises.added:
        return
    yield "dout itself: the sum over the batch (axis 0) is missing", lambda s: s.case.dout
    yield (
        "dout summed over axis 1, in place of the batch (axis 0)",
        lambda s: _dout(s).sum(axis=1),
    )
    yield (
        "dout summed to a single number, in place of the batch (axis 0) alone",
        lambda s: np.asarray(_dout(s).sum()),
    )
    yield "the largest of dout over the batch, in place of the sum", lambda s: _dout(s).max(axis=0)


def _dout(observation: Observation) -> Array:
    assert observation.case.dout is not None, "a loss adds nothing to its rows"
    return observation.case.dout


def one_row(seen: Sequence[Observation]) -> Words:
    """Of one row of the batch only."""
    if not seen[0].contract.promises.rows:
        return
    for words, row in (("first", 0), ("last", -1)):

        def alone(observation: Observation, row: int = row) -> Array:
            number = range(observation.case.sizes["N"])[row]
            return observation.on(observation.case.rows(observation.contract, [number]))

        def among(observation: Observation, row: int = row) -> Array | None:
            due = observation.should_be
            if due.ndim < 2 or due.shape[0] != observation.case.sizes["N"]:
                return None
            only = np.zeros_like(due)
            only[row] = due[row]
            return only

        yield f"of the {words} row of the batch only", alone
        yield f"right in the {words} row of the batch, and 0 in the others", among


def ones(_: Sequence[Observation]) -> Words:
    """Ones, in a layer whose derivative is another number."""
    yield "all ones", lambda s: np.ones_like(s.should_be)


def constant(_: Sequence[Observation]) -> Words:
    """The same number everywhere, or no number."""
    yield "all zeros", lambda s: np.zeros_like(s.should_be)
    yield "not a number (NaN)", lambda s: s.is_ if np.isnan(s.is_).any() else s.should_be
    yield "infinite", lambda s: s.is_ if np.isinf(s.is_).any() else s.should_be
