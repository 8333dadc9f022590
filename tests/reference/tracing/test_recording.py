"""What a function does, operation by operation, with the gradients of values and of their uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trigrad.tracing import Untraceable
from trigrad.tracing.recording import MOST, Recording, record

X = np.array([[1.0, 2.0], [3.0, -4.0]])


def of(function: Callable[..., Any], *, dout: Any = None, **leaves: Any) -> Recording:
    arrays = {name: np.asarray(array, dtype=np.float64) for name, array in leaves.items()}
    return record(lambda given: function(**given), arrays, [function.__globals__], dout)


def names(recording: Recording) -> list[str]:
    return [operation.name for operation in recording.operations]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def test_the_operations_in_their_order_with_values_and_gradients() -> None:
    found = of(sigmoid, dout=np.ones((1, 1)), x=[[0.0]])
    assert names(found) == ["negative", "exp", "add", "divide"]
    assert found.values[found.outputs[0]] == [[0.5]]
    assert found.gradients[found.leaves["x"]] == [[0.25]]
    *_, call = found.operations[0].steps
    assert call.function == "sigmoid"
    assert call.line == sigmoid.__code__.co_firstlineno + 1


def swish(x: Any) -> Any:
    return x * sigmoid(x)


def test_a_value_that_is_used_twice_has_a_gradient_for_each_use() -> None:
    found = of(swish, dout=np.ones((1, 1)), x=[[0.0]])
    uses = {
        found.operations[place].name: float(gradient[0, 0])
        for (place, at), gradient in found.arriving.items()
        if found.operations[place].inputs[at] == found.leaves["x"]
    }
    assert uses == {"negative": 0.0, "multiply": 0.5}
    assert found.gradients[found.leaves["x"]] == [[0.5]]


def squared(x: Any) -> Any:
    return x * x


def test_both_operands_are_the_same_value() -> None:
    found = of(squared, dout=np.ones((1, 1)), x=[[3.0]])
    assert found.operations[0].inputs == (0, 0)
    assert [float(found.arriving[0, at][0, 0]) for at in (0, 1)] == [3.0, 3.0]
    assert found.gradients[0] == [[6.0]]


def relu(x: Any) -> Any:
    out = x.copy()
    out[x <= 0] = 0
    out *= 2
    return out


def test_what_is_written_into_an_array_is_a_new_value_of_it() -> None:
    found = of(relu, dout=np.ones((2, 2)), x=X)
    assert names(found) == ["copy", "__setitem__", "multiply"]
    np.testing.assert_array_equal(found.values[found.outputs[0]], [[2.0, 4.0], [6.0, 0.0]])
    np.testing.assert_array_equal(found.gradients[0], [[2.0, 2.0], [2.0, 0.0]])
    written = found.operations[1].outputs[0]
    np.testing.assert_array_equal(found.gradients[written], np.full((2, 2), 2.0))


def through_a_view(x: Any) -> Any:
    out = x.copy()
    row = out[0]
    row += 1
    return out * 3


def test_what_is_written_through_a_view_is_seen_on_the_other_side() -> None:
    found = of(through_a_view, dout=np.ones((2, 2)), x=X)
    np.testing.assert_array_equal(found.values[found.outputs[0]], [[6.0, 9.0], [9.0, -12.0]])
    np.testing.assert_array_equal(found.gradients[0], np.full((2, 2), 3.0))
    last = found.operations[-1]
    assert any(last.inputs[0] in o.outputs for o in found.operations[:-1])


def test_numbers_are_inputs_and_settings_are_not() -> None:
    found = of(_mean, x=X)
    assert [len(operation.inputs) for operation in found.operations] == [2, 1]
    assert found.gradients[0].sum() == pytest.approx(2.0)


def _mean(x: Any) -> Any:
    return np.mean(2 * x, axis=None)


def test_nothing_is_differentiated_of_an_array_without_dout() -> None:
    found = of(squared, x=X)
    assert not found.gradients
    assert found.operations


def test_large_values_are_not_kept() -> None:
    found = of(squared, dout=np.ones((30, 30)), x=np.ones((30, 30)))
    assert found.shapes[found.outputs[0]] == (30, 30)
    assert not found.values
    assert not found.gradients


def _long(x: Any) -> Any:
    for _ in range(MOST + 1):
        x = x + 1
    return x


@pytest.mark.parametrize("function", [_long, lambda x: 1.0, lambda x: (x, 1.0)])  # noqa: ARG005
def test_what_cannot_be_drawn_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(Untraceable):
        of(function, x=[[1.0]])


def test_the_table_is_put_back() -> None:
    from trigrad.tracing.array import StandIn
    from trigrad.tracing.table import TABLE

    of(squared, x=X)
    assert StandIn._table is TABLE
