"""What a subject cannot be asked is refused in one way, whatever its dialect."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trigrad.contracts.declaration import Declaration
from trigrad.contracts.registry import contract_named
from trigrad.subject.dialects.declared_calls import passes_of
from trigrad.subject.dialects.dialect import Dialect
from trigrad.subject.dialects.engine_dialect import EngineDialect
from trigrad.subject.dialects.function_dialect import FunctionDialect
from trigrad.subject.dialects.guessing_dialect import GuessingDialect
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import Build


class Square:
    """A layer; as an engine it would be made of a value."""

    def __init__(self, data: Any = 0.0) -> None:
        self.data, self.grad = data, 0.0

    def forward(self, x: Any) -> Any:
        """Its output."""
        self.data = x
        return x * x

    def backward(self, dout: Any) -> Any:
        """Its gradient."""
        return 2 * dout * self.data


def guessing() -> Dialect:
    passes = passes_of(Square, None, Declaration("", ()))
    return GuessingDialect("Square", Square, passes, lambda: [["x: N D"]])


def engine() -> Dialect:
    return EngineDialect(Square, "backward")


def function() -> Dialect:
    row = contract_named("softmax")
    assert row is not None
    return FunctionDialect(row, np.exp)


@pytest.mark.parametrize("make", [guessing, engine, function])
def test_what_nobody_can_ask_of_it(make: Any) -> None:
    dialect = make()
    with pytest.raises(UnknownDialectError):
        dialect.rewrite(None, {}, 0)
    with pytest.raises(AttributeError):
        dialect.method(None, "predict", {})
    nothing = dialect.stored(None), dialect.overwritten(None), dialect.shared(None)
    assert nothing == ({}, (), ())
    assert not dialect.misfits(None)
    assert not dialect.has("predict")
    assert not dialect.uncleared
    assert not dialect.turned


@pytest.mark.parametrize(
    ("make", "words"), [(guessing, "run with none of them"), (engine, "runs programs")]
)
def test_the_passes_of_what_is_no_layer_yet(make: Any, words: str) -> None:
    dialect = make()
    for call in (
        lambda: dialect.forward(None, []),
        lambda: dialect.backward(None, None, []),
        *([lambda: dialect.build(Build())] if make is guessing else []),
    ):
        with pytest.raises(UnknownDialectError, match=words):
            call()


def test_what_it_can_do_it_does() -> None:
    assert guessing().notes == ()
    spelled = engine()
    spelled.build(Build())
    assert spelled.notes[:2] == ("data", "grad")
    np.testing.assert_array_equal(function().forward(None, [np.zeros(2)]), np.ones(2))
