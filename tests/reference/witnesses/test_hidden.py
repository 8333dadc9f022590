"""A case on which the constants of a forward hide all its gradients says nothing."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from trigrad.subject.face import Returned
from trigrad.witnesses.precision import hidden


def answers(own: Any, **gradients: Any) -> Any:
    given = Returned({name: np.asarray(g, np.float64) for name, g in gradients.items()})
    return SimpleNamespace(contract=SimpleNamespace(own=own), results=[given])


@pytest.mark.parametrize(
    ("allowance", "gradients", "due"),
    [
        (0.0, {"W": [0.0]}, False),
        (1e-6, {"W": [0.5]}, False),
        (math.inf, {"W": [0.5]}, True),
        (1e-6, {"W": [1e-9], "b": [0.0]}, True),
        (1e-6, {"W": [0.5], "b": [0.0]}, False),  # a bias before a batch normalisation
    ],
)
def test_what_is_allowed_is_more_than_every_gradient(
    allowance: float, gradients: dict[str, list[float]], due: bool
) -> None:
    assert hidden(answers(object(), **gradients), allowance) is due


def test_a_row_of_the_table_is_not_asked() -> None:
    assert not hidden(answers(None, W=[0.0]), math.inf)
