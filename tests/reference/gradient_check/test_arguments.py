"""What `gradcheck` refuses, all at once and in words; and what it takes though it is odd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trigrad import GradcheckError, gradcheck
from trigrad.contracts.schema import Array

Loss = Callable[[], Any]


def refusal(loss: Any, params: Any, grads: Any, **settings: Any) -> str:
    with pytest.raises(GradcheckError) as caught:
        gradcheck(loss, params, grads, **settings)
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def square_of(*arrays: Array) -> Loss:
    return lambda: sum(float(np.sum(a.astype(float) ** 2)) for a in arrays)


def judged_both_ways(array: Array, loss: Loss, gradient: Array) -> None:
    """The right gradient is right, and a wrong one wrong, in every way of looking."""
    before = array.tobytes(), array.flags.writeable
    for every_entry in (False, True):
        report = gradcheck(loss, {"W": array}, {"W": gradient}, every_entry=every_entry)
        assert report.ok, report
        off = np.array(gradient)
        off[(-1,) * off.ndim] += 4 * np.abs(off).max() + 1
        wrong = gradcheck(loss, {"W": array}, {"W": off}, every_entry=every_entry)
        assert {w.name for w in wrong.wrong} == {"W"}, wrong
        assert not wrong
    assert (array.tobytes(), array.flags.writeable) == before


# --- refused ------------------------------------------------------------------------------------

W = np.array([1.0, 2.0, 3.0])


def test_loss_that_is_its_value_is_refused() -> None:
    said = refusal(6.0, {"W": W}, {"W": W})
    assert said == (
        "loss is a float, should be a function without arguments that computes the loss anew: "
        "lambda: net.loss(x, t)"
    )


def test_dicts_that_are_none_are_refused_together() -> None:
    assert refusal(W, W, None).split("\n") == [
        "loss is an array of float64, should be a function without arguments that computes the "
        "loss anew: lambda: net.loss(x, t)",
        "params is an array of float64, should be a dict from names to arrays, such as "
        "{'W1': W1, …}, or a list of arrays",
        "grads is None, should be a dict from names to arrays, such as {'W1': dW1, …}, or a list "
        "of arrays",
    ]


def test_nothing_to_check_is_refused() -> None:
    assert refusal(square_of(W), {}, {}) == "params is empty: there is nothing to check"


@pytest.mark.parametrize("rtol", [-1e-3, 1.0, np.nan])
def test_settings_out_of_range_are_refused_together(rtol: float) -> None:
    said = refusal(square_of(W), {"W": W}, {"W": 2 * W}, directions=0, rtol=rtol)
    assert said.split("\n") == [
        "directions is 0, should be at least 1",
        f"rtol is {rtol}, should be a share from 0 to 1",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.arange(3), "is an array of int64, should be of floats: a small step is cut off in"),
        (np.ones(3, bool), "is an array of bool, should be of floats: a small step is cut off in"),
        (np.ones(3, complex), "is an array of complex128, should be of floats"),
        (np.array(["a", "b", "c"]), "is an array of <U1, should be of floats"),
        (np.array([1.0, 2.0, 3.0], object), "is an array of object, should be of floats"),
        ([1.0, 2.0, 3.0], "is a list, should be a NumPy array: it is changed in place"),
        (1.0, "is a float, should be a NumPy array"),
        (np.float64(1.0), "is a float64, should be a NumPy array"),
        (None, "is None, should be a NumPy array"),
        (np.array([1.0, np.nan, 3.0]), "holds nan at (1,): there is no gradient to check there"),
        (np.array([[1.0], [-np.inf]]), "holds -inf at (1, 0): there is no gradient"),
    ],
)
def test_parameter_that_is_no_array_of_finite_floats_is_refused(given: Any, words: str) -> None:
    said = refusal(square_of(W), {"W": given}, {"W": np.zeros(np.shape(given))})
    assert said.startswith(f"params['W'] {words}")
    assert "\n" not in said


def test_everything_wrong_is_said_at_once() -> None:
    params = {"a": np.arange(3), "b": W.copy(), "c": W.copy(), "d": W.copy(), "e": W.copy()}
    grads = {
        "a": W,
        "b": np.ones((3, 1)),
        "c": None,
        "e": "W",
        "dW": W,
        "W": [[1.0], [2.0, 3.0]],
    }
    assert refusal(square_of(W), params, grads).split("\n") == [
        "params['a'] is an array of int64, should be of floats: a small step is cut off in "
        "integers. Make it one with .astype(float), before the network takes it",
        "grads has no 'd': every parameter needs its gradient",
        "grads has 'dW', 'W', which params has not",
        "grads['b'] has shape (3, 1), should have params['b']'s, (3,)",
        "grads['c'] is None: backward has not computed it",
        "grads['e'] is a str, should be an array of floats",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.ones(3, complex), "is an array of complex128, should be an array of floats"),
        ([[1.0], [2.0, 3.0]], "is a list that is no array: its rows differ in length"),
        (2.0, "has shape (), should have params['W']'s, (3,)"),
        (np.ones((1, 3)), "has shape (1, 3), should have params['W']'s, (3,)"),
    ],
)
def test_gradient_of_another_kind_is_refused(given: Any, words: str) -> None:
    assert refusal(square_of(W), {"W": W}, {"W": given}) == f"grads['W'] {words}"


@pytest.mark.parametrize("given", [[2.0, 4.0, 6.0], np.array([2, 4, 6]), (2.0, 4.0, 6.0)])
def test_gradient_of_plain_numbers_is_taken(given: Any) -> None:
    assert gradcheck(square_of(W), {"W": W}, {"W": given})
    assert not gradcheck(square_of(W), {"W": W}, {"W": [2, 4, 7]})


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [list, tuple])
def test_arrays_in_a_list_are_called_by_their_positions(kind: type) -> None:
    a, b = np.array([1.0, 2.0]), np.array([[3.0]])
    report = gradcheck(square_of(a, b), kind([a, b]), kind([2 * a, 2 * b]))
    assert report
    assert set(report.resolution) == {"0", "1"}
    wrong = gradcheck(square_of(a, b), kind([a, b]), kind([2 * a, 3 * b]))
    assert {w.name for w in wrong.wrong} == {"1"}
    assert repr(wrong).endswith("1 of 2 gradients wrong: grads[1]; print it for more>")
    assert "✓ grads[0] (2,): " in str(wrong)
    assert "✗ grads[1] (1, 1): " in str(wrong)
    assert "    grads[1][0, 0] is 9, should be 6 " in str(wrong)


@pytest.mark.parametrize(
    "grads",
    [
        {"dW1": 2 * W, "db1": 4 * W},
        {"W1": 2 * W, "db1": 4 * W},
        {"dW1": 2 * W, "b1": 4 * W},
    ],
)
def test_gradients_may_have_a_d_before_their_names(grads: dict[str, Array]) -> None:
    first, second = W.copy(), W.copy()

    def loss() -> float:
        return float(np.sum(first**2) + 2 * np.sum(second**2))

    assert gradcheck(loss, {"W1": first, "b1": second}, grads)
    for key in grads:
        wrong = gradcheck(loss, {"W1": first, "b1": second}, {**grads, key: 5 * W})
        assert {w.name for w in wrong.wrong} == {key.removeprefix("d")}


def test_a_parameter_whose_name_begins_with_d_has_its_own_gradient() -> None:
    arrays = {"W": W.copy(), "dW": 2 * W}
    loss = square_of(*arrays.values())
    assert gradcheck(loss, arrays, {"W": 2 * W, "dW": 4 * W})
    assert not gradcheck(loss, arrays, {"W": 4 * W, "dW": 2 * W})
    assert gradcheck(loss, arrays, {"W": 2 * W, "ddW": 4 * W})
    assert refusal(loss, arrays, {"dW": 4 * W}) == (
        "grads has no 'W': every parameter needs its gradient"
    )


def test_two_gradients_for_one_parameter_are_refused() -> None:
    assert refusal(square_of(W), {"W": W}, {"W": 2 * W, "dW": 2 * W}) == (
        "grads has both 'W' and 'dW': either may be the gradient of 'W', leave one out"
    )


@pytest.mark.parametrize(
    ("params", "grads", "words"),
    [
        (
            [W],
            {"W": W},
            "params is a list and grads a dict: both should be dicts with the same names, "
            "or lists in the same order",
        ),
        (
            {"W": W},
            (W,),
            "params is a dict and grads a tuple: both should be dicts with the same names, "
            "or lists in the same order",
        ),
        (
            [W, W],
            [W],
            "params has 2 arrays and grads 1: every parameter needs its gradient, in the same "
            "order",
        ),
        ([], [], "params is empty: there is nothing to check"),
        ([W], [None], "grads[0] is None: backward has not computed it"),
        ([W], [np.ones(2)], "grads[0] has shape (2,), should have params[0]'s, (3,)"),
        ({"W": W}, {"dW": None}, "grads['dW'] is None: backward has not computed it"),
        (
            [W, W],
            [W, W],
            "params[0] and params[1] share memory: neither can be moved alone, so their gradients "
            "cannot be told apart. Pass one of them",
        ),
        (
            [[W], W],
            [W, W],
            "params[0] is a list of arrays, should be one array: give each of them a name of its "
            "own",
        ),
    ],
)
def test_what_is_wrong_with_lists_and_names_is_said(params: Any, grads: Any, words: str) -> None:
    assert refusal(square_of(W), params, grads) == words


# --- shared memory ------------------------------------------------------------------------------


def test_parameters_that_share_memory_are_refused() -> None:
    both = np.arange(6.0)
    params = {"a": both, "b": both[3:], "c": both[:3], "d": W}
    said = refusal(square_of(both), params, dict(params))
    assert said.split("\n") == [
        f"params['a'] and params['{other}'] share memory: neither can be moved alone, so their "
        "gradients cannot be told apart. Pass one of them"
        for other in "bc"
    ]


def test_same_array_twice_is_refused() -> None:
    assert "share memory" in refusal(square_of(W), {"a": W, "b": W}, {"a": 2 * W, "b": 2 * W})


def test_interleaved_parameters_are_taken() -> None:
    both = np.arange(1.0, 13.0).reshape(6, 2)
    params = {"even": both[::2], "odd": both[1::2, ::-1], "none": both[:0]}
    report = gradcheck(square_of(both), params, {name: 2 * p for name, p in params.items()})
    assert report.ok, report
    wrong = gradcheck(
        square_of(both), params, {n: (1 + (n == "odd")) * 2 * params[n] for n in params}
    )
    assert {w.name for w in wrong.wrong} == {"odd"}


@pytest.mark.parametrize(
    "view",
    [
        lambda a: np.broadcast_to(a, (2, 3)),
        lambda a: np.lib.stride_tricks.as_strided(a, (2, 2), (8, 8)),
        lambda a: np.lib.stride_tricks.as_strided(a, (2,), (4,)),
        lambda a: np.lib.stride_tricks.sliding_window_view(a, 2),
        lambda a: np.lib.stride_tricks.as_strided(a[2:], (2, 2), (-8, -8)),
    ],
)
def test_view_whose_entries_overlap_is_refused(view: Callable[[Array], Array]) -> None:
    shared = view(W.copy())
    said = refusal(square_of(W), {"W": shared}, {"W": np.zeros(shared.shape)})
    assert said == (
        "params['W'] is a view whose entries share memory (from np.broadcast_to or as_strided): "
        "one cannot be moved without the others. Pass the array behind it"
    )


def test_strides_that_interleave_without_overlap_are_taken() -> None:
    memory = np.arange(1.0, 13.0)
    odd = np.lib.stride_tricks.as_strided(memory, (3, 2), (16, 56))  # 0 2 4 and 7 9 11
    judged_both_ways(odd, square_of(odd), 2 * odd)


# --- a loss that is none ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "loss() is None, should be a number: is a return missing in it?"),
        (
            np.ones(2),
            "loss() has shape (2,), should be a single number: the mean over the batch, for "
            "example",
        ),
        (
            np.ones((1, 1)),
            "loss() has shape (1, 1), should be a single number: the mean over the batch, for "
            "example",
        ),
        ("6.0", "loss() is a str, should be a number"),
        (1j, "loss() is a complex, should be a number"),
        (
            np.nan,
            "loss() is nan: there is no gradient to check where the loss is not a finite number",
        ),
        (
            -np.inf,
            "loss() is -inf: there is no gradient to check where the loss is not a finite number",
        ),
    ],
)
def test_loss_that_is_no_number_is_refused(value: Any, words: str) -> None:
    assert refusal(lambda: value, {"W": W}, {"W": W}) == words


@pytest.mark.parametrize(
    "as_", [float, np.float64, np.array, lambda v: np.array([v]), np.longdouble, lambda v: [v]]
)
def test_loss_may_be_any_single_number(as_: Callable[[float], Any]) -> None:
    mine = W.copy()
    judged_both_ways(mine, lambda: as_(float(np.sum(mine**2))), 2 * mine)


def test_dropout_is_refused() -> None:
    random = np.random.default_rng(0)

    def loss() -> float:
        return float(np.sum((W * (random.random(3) < 0.5)) ** 2))

    said = refusal(loss, {"W": W}, {"W": 2 * W})
    assert " with the same parameters: it is not deterministic. Switch dropout off, or fix" in said
    assert said.startswith("loss() gave ")


def test_dropout_with_a_fixed_mask_is_taken() -> None:
    mask = np.array([1.0, 0.0, 1.0])
    mine = W.copy()
    judged_both_ways(mine, lambda: np.sum((mine * mask) ** 2), 2 * mine * mask)


@pytest.mark.parametrize("call", range(2, 12))
def test_loss_that_is_another_once_is_never_held_against_the_gradient(call: int) -> None:
    """The first two calls may agree, so that only a mismatch shows it."""
    calls = iter(range(10**6))

    def loss() -> float:
        return float(np.sum(W**2)) + (next(calls) == call)

    report = gradcheck(loss, {"W": W}, {"W": 2 * W})
    assert not report.wrong, report


def test_loss_that_trains_is_refused() -> None:
    mine = W.copy()

    def loss() -> float:
        mine[...] -= 0.01 * mine
        return float(np.sum(mine**2))

    said = refusal(loss, {"W": mine}, {"W": 2 * mine})
    assert "something changes params['W']. Is there a learning step in loss()" in said
    assert mine.tobytes() == W.tobytes()


# --- odd arrays ---------------------------------------------------------------------------------

MEMORY = np.linspace(-2, 2, 60).reshape(10, 6)

VIEWS: dict[str, Callable[[Array], Array]] = {
    "transpose": lambda a: a.T,
    "every other": lambda a: a[::2, 1::3],
    "backwards": lambda a: a[::-1, ::-2],
    "Fortran": np.asfortranarray,
    "0-d": lambda a: a[3, 4, ...],
    "one": lambda a: a[3:4, 4],
    "axes swapped": lambda a: a.reshape(5, 2, 6).transpose(2, 0, 1),
    "new axis": lambda a: a[:, None, ::2],
    "column": lambda a: a[:, 2],
    "diagonal": lambda a: np.lib.stride_tricks.as_strided(a, (6,), (7 * 8,)),
    "subclass": lambda a: a.view(np.recarray),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_are_judged_and_restored(name: str) -> None:
    memory = MEMORY.copy()
    view = VIEWS[name](memory)
    judged_both_ways(view, lambda: np.sum(np.sin(view)), np.cos(view))
    assert memory.tobytes() == MEMORY.tobytes()


@pytest.mark.parametrize("order", ["C", "F"])
def test_gradient_of_another_order_is_taken(order: Any) -> None:
    memory = MEMORY.copy()
    judged_both_ways(memory, lambda: np.sum(np.sin(memory)), np.array(np.cos(memory), order=order))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0, 2)])
def test_array_without_entries_is_right(shape: tuple[int, ...]) -> None:
    empty, mine = np.zeros(shape), W.copy()
    params = {"W": mine, "none": empty}
    report = gradcheck(square_of(mine), params, {"W": 2 * mine, "none": empty})
    assert report.ok
    assert f"✓ none {shape}: has no entries" in str(report).split("\n")
    assert "none" not in report.resolution
    wrong = gradcheck(square_of(mine), params, {"W": mine, "none": empty})
    assert {w.name for w in wrong.wrong} == {"W"}
    assert gradcheck(square_of(empty), {"none": empty}, {"none": empty}).evaluations == 0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_every_float_is_judged(dtype: Any) -> None:
    mine = np.linspace(0.5, 1.5, 7).astype(dtype)
    judged_both_ways(mine, lambda: np.sum(mine * mine), 2 * mine)


def test_mixed_dtypes_are_judged_together() -> None:
    params: dict[str, Array] = {
        name: np.linspace(0.5, 1.5, 6).astype(name) for name in ("float32", "float64", "longdouble")
    }

    def loss() -> float:
        return float(sum(np.sum(p.astype(float) ** 2) for p in params.values()))

    right = {name: 2 * p.astype(float) for name, p in params.items()}
    report = gradcheck(loss, params, right)
    assert report.ok, report
    for name in params:
        wrong = gradcheck(loss, params, {**right, name: -right[name]})
        assert {w.name for w in wrong.wrong} == {name}, wrong


def test_read_only_array_is_moved_and_read_only_again() -> None:
    mine = W.copy()
    mine.flags.writeable = False
    judged_both_ways(mine, lambda: np.sum(mine**2), 2 * mine)


def test_arrays_that_cannot_be_written_are_refused() -> None:
    owner = W.copy()
    owner.flags.writeable = False
    params = {"a": np.frombuffer(W.tobytes()), "b": owner[1:], "c": W.copy()}
    said = refusal(square_of(*params.values()), params, {n: 2 * p for n, p in params.items()})
    assert said.split("\n") == [
        f"params['{name}'] is read-only and belongs to something that cannot be written: it cannot "
        "be moved. Pass a copy, and let the loss read that copy"
        for name in "ab"
    ]
    assert not owner.flags.writeable
    assert not params["b"].flags.writeable


def test_names_may_be_any_keys() -> None:
    params: Any = {0: W.copy(), ("W", 1): W.copy()}
    right = {key: 2 * p for key, p in params.items()}
    assert gradcheck(square_of(*params.values()), params, right)
    wrong = gradcheck(square_of(*params.values()), params, {**right, 0: W})
    assert {w.name for w in wrong.wrong} == {0}
