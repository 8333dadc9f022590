"""Relations of arrangement: transposed, reshaped, not summed, summed over the other axis …"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Array, Shape
from trigrad.diagnosis.observation import Candidates, Observation, Predict
from trigrad.messages import Message


def transposed(_: Sequence[Observation]) -> Candidates:
    """The transpose, as it is or reshaped to the right shape."""

    def forced(observation: Observation) -> Array | None:
        due = observation.should_be
        return due.T.reshape(due.shape) if due.ndim == 2 else None

    yield Message("transposed"), lambda s: s.should_be.T
    yield Message("transposed.reshaped"), forced


def reshaped(seen: Sequence[Observation]) -> Candidates:
    """The right numbers in another shape."""
    contract, quantity = seen[0].contract, seen[0].quantity
    due = contract.output
    if quantity != OUTPUT:
        due = contract.variable(quantity.gradient_of).shape
    if due is None:
        return
    words = partial(Message, should_be=_symbols(due))
    yield Message("reshaped.flat"), lambda s: s.should_be.ravel()
    yield words("reshaped.first_axis", found=_symbols(("1", *due))), lambda s: s.should_be[None]
    yield (
        words("reshaped.last_axis", found=_symbols((*due, "1"))),
        lambda s: s.should_be[..., None],
    )
    yield (
        words("reshaped.other", found=_symbols(due[::-1])),
        lambda s: s.should_be.reshape(s.should_be.shape[::-1]),
    )


def _symbols(shape: Shape) -> str:
    """`(1, M)`: a shape in the symbols of the contract table."""
    inner = ", ".join(shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def summed(_: Sequence[Observation]) -> Candidates:
    """Summed over an axis, or averaged, though it should not be."""
    yield Message("summed.batch"), _over(0, np.sum)
    yield Message("summed.batch_mean"), _over(0, np.mean)
    yield Message("summed.axis_1"), _over(1, np.sum)
    yield Message("summed.all"), lambda s: np.asarray(s.should_be.sum())
    yield Message("summed.mean"), lambda s: np.asarray(s.should_be.mean())


def _over(axis: int, reduce: Callable[..., Array]) -> Predict:
    def predict(observation: Observation) -> Array | None:
        due = observation.should_be
        return np.asarray(reduce(due, axis=axis)) if due.ndim > axis else None

    return predict


def of_dout(seen: Sequence[Observation]) -> Candidates:
    """The gradient of what is added to every row: dout itself, or reduced in another way."""
    first = seen[0]
    if first.quantity.gradient_of not in first.contract.promises.added:
        return
    yield Message("dout.not_summed"), lambda s: s.case.dout
    yield Message("dout.axis_1"), lambda s: _dout(s).sum(axis=1)
    yield Message("dout.all"), lambda s: np.asarray(_dout(s).sum())
    yield Message("dout.largest"), lambda s: _dout(s).max(axis=0)


def _dout(observation: Observation) -> Array:
    assert observation.case.dout is not None, "a loss adds nothing to its rows"
    return observation.case.dout


def one_row(seen: Sequence[Observation]) -> Candidates:
    """Computed from one row of the batch only."""
    if not seen[0].contract.promises.rows:
        return
    for only_row, in_row, row in (
        (Message("row.first_alone"), Message("row.first_among"), 0),
        (Message("row.last_alone"), Message("row.last_among"), -1),
    ):

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

        yield only_row, alone
        yield in_row, among


def ones(_: Sequence[Observation]) -> Candidates:
    """Ones, in a layer whose derivative is another number."""
    yield Message("constant.ones"), lambda s: np.ones_like(s.should_be)


def constant(_: Sequence[Observation]) -> Candidates:
    """The same number everywhere, or no number."""
    yield Message("constant.zeros"), lambda s: np.zeros_like(s.should_be)
    yield Message("constant.nan"), lambda s: s.is_ if np.isnan(s.is_).any() else s.should_be
    yield Message("constant.infinite"), lambda s: s.is_ if np.isinf(s.is_).any() else s.should_be
