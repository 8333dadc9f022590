"""What is the same to the last bit, and what is only equal."""

from __future__ import annotations

import numpy as np
import pytest

from trigrad.contracts.same_bytes import same_bytes
from trigrad.contracts.schema import Array

ONE = np.array([[1.0, np.nan, -0.0], [np.inf, 2.0, 3.0]])


@pytest.mark.parametrize(
    "other", [ONE.copy(), np.asfortranarray(ONE), np.repeat(ONE, 2, axis=1)[:, ::2]]
)
def test_the_same_numbers_however_they_lie_in_memory(other: Array) -> None:
    assert same_bytes(ONE, other)


@pytest.mark.parametrize(
    "other",
    [
        ONE + 1,
        np.nextafter(ONE, 9.0),
        np.abs(ONE),  # 0.0 is equal to -0.0, and no copy of it
        ONE.reshape(3, 2),
        ONE.reshape(-1),
        ONE.view(np.int64),
        ONE.astype(np.float32),
        np.zeros(()),
    ],
)
def test_others(other: Array) -> None:
    assert not same_bytes(ONE, other)
