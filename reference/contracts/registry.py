"""The contract table: what each layer, function and network of chapter 5 promises.

A row says everything that is known about a layer: operands and parameters with their symbolic
shapes and domains, the output, the gradients, the PyTorch twin, and the promises from which
`trial.plan` derives the claims. Each family of layers has a file with its rows, their twins and
the bounds of their errors. To add a layer, write a row there and list it here.

The twins take the operands and then the parameters, in the row's order, as float64 tensors (class
labels as int64). They use methods of tensors, so that this table does not import PyTorch.
Formulas: Saito, "Deep Learning from Scratch", chapter 5 (chapter 3 for softmax, chapter 4 for
cross-entropy and the numerical gradient).
"""

from __future__ import annotations

from collections.abc import Iterator

from trigrad.contracts.activations import ACTIVATIONS, FUNCTIONS
from trigrad.contracts.affine import AFFINE, MATMUL
from trigrad.contracts.arithmetic import ADD, MUL
from trigrad.contracts.binary import BINARY
from trigrad.contracts.cross_entropy import CROSS_ENTROPY
from trigrad.contracts.losses import SOFTMAX_WITH_LOSS
from trigrad.contracts.networks import TWO_LAYER_NET
from trigrad.contracts.numerical import NUMERICAL_GRADIENT
from trigrad.contracts.optimisers import OPTIMISERS
from trigrad.contracts.regression import MSE_FUNCTION, REGRESSION
from trigrad.contracts.schema import Contract
from trigrad.contracts.softmax import SOFTMAX

CONTRACTS: tuple[Contract, ...] = (
    MUL,
    ADD,
    *ACTIVATIONS,
    AFFINE,
    MATMUL,
    SOFTMAX_WITH_LOSS,
    *BINARY,
    *REGRESSION,
    SOFTMAX,
    *FUNCTIONS,
    CROSS_ENTROPY,
    MSE_FUNCTION,
    NUMERICAL_GRADIENT,
    TWO_LAYER_NET,
)


def contract_named(name: str) -> Contract | None:
    """The row of that name: in the same case if there is one (sigmoid, Sigmoid), else in any.

    Optimisers have rows beside the table: they are given no cases, but steps to take.
    """
    named = [c for c in (*CONTRACTS, *OPTIMISERS) if c.name.lower() == name.lower()]
    exact = [c for c in named if c.name == name]
    return next(iter(exact or named), None)


Place = tuple[str, str, int, tuple[float, ...]]
"""Where a contract is: the row's name, "row", "reading" or "variant", its number among them, and
the settings with which the row was made."""


def _places(row: Contract) -> Iterator[tuple[Place, Contract]]:
    """The row itself, as it is in the table or with settings, and what belongs to it."""
    yield (row.name, "row", 0, row.settings), row
    for number, reading in enumerate(row.readings.others):
        yield (row.name, "reading", number, row.settings), reading.contract
    for number, variant in enumerate(row.readings.variants):
        yield (row.name, "variant", number, row.settings), variant.contract


def place_of(contract: Contract) -> Place | None:
    """Where a contract is in the table; None if it is not there, as one that was changed."""
    named = (row for row in (*CONTRACTS, *OPTIMISERS) if row.name == contract.name)
    rows = (with_settings(row, contract.settings) for row in named)
    places = (each for row in rows for each in _places(row))
    return next((place for place, there in places if there is contract), None)


def at_place(name: str, kind: str, number: int, settings: tuple[float, ...]) -> Contract:
    """The contract there."""
    row = next(row for row in (*CONTRACTS, *OPTIMISERS) if row.name == name)
    return dict(_places(with_settings(row, settings)))[name, kind, number, settings]


def with_settings(row: Contract, settings: tuple[float, ...]) -> Contract:
    """The row with these numbers chosen; as it is in the table without any."""
    if not settings or row.readings.settings is None:
        return row
    return row.readings.settings.row(*settings)


def names_in(text: str) -> list[str]:
    """Names that are separated by commas, as `--require` has them."""
    return [name.strip() for name in text.split(",") if name.strip()]
