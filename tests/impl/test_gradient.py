"""numerical_gradient: central differences, and x as it was."""

import numpy as np
import pytest

from trigrad.impl import numerical_gradient


def sum_of_squares(x):
    return np.sum(x**2)


@pytest.mark.parametrize("values", [[3.0, 4.0], [[0.0, 2.0], [-3.0, 1.0]], 5.0])
def test_the_books_sum_of_squares(values):
    x = np.array(values)
    grad = numerical_gradient(sum_of_squares, x)
    assert grad.shape == x.shape
    np.testing.assert_allclose(grad, 2 * x, atol=1e-9)


def test_differences_are_central():
    # A one-sided difference of x ** 2 at 0 is h, not 0.
    assert abs(numerical_gradient(sum_of_squares, np.zeros(1))[0]) < 1e-12


def test_the_step_is_the_books():
    # The central difference of x ** 3 at 0 is h ** 2, where the derivative is 0.
    grad = numerical_gradient(lambda x: np.sum(x**3), np.zeros(1))
    np.testing.assert_allclose(grad, [1e-8], rtol=1e-6)


def test_f_sees_one_element_changed_at_a_time():
    x = np.array([1.0, 2.0])
    seen = []

    def f(x):
        seen.append(x.tolist())
        return 0.0

    numerical_gradient(f, x)
    np.testing.assert_allclose(seen, [[1.0001, 2], [0.9999, 2], [1, 2.0001], [1, 1.9999]])


def test_f_may_ignore_its_argument():
    x = np.array([3.0, 4.0])
    np.testing.assert_allclose(numerical_gradient(lambda _: sum_of_squares(x), x), [6, 8])


def test_x_is_restored_exactly():
    x = np.random.default_rng(0).normal(size=(3, 4))
    before = x.copy()
    numerical_gradient(sum_of_squares, x)
    assert np.array_equal(x, before)


@pytest.mark.parametrize("calls", [1, 2, 3, 4])
def test_x_is_restored_when_f_raises(calls):
    x = np.array([0.1, 0.2])
    left = calls

    def f(_):
        nonlocal left
        left -= 1
        if left == 0:
            raise ZeroDivisionError
        return 0.0

    with pytest.raises(ZeroDivisionError):
        numerical_gradient(f, x)
    assert x.tolist() == [0.1, 0.2]


@pytest.mark.parametrize(
    "view",
    [lambda a: a.T, lambda a: a[::2, ::-1], lambda a: np.asfortranarray(a)],
    ids=["transposed", "strided", "fortran"],
)
def test_non_contiguous_x(view):
    x = view(np.arange(12.0).reshape(4, 3))
    np.testing.assert_allclose(numerical_gradient(sum_of_squares, x), 2 * x, atol=1e-8)


def test_dtype_is_kept():
    x = np.array([1.0, -1.0], dtype=np.float32)
    grad = numerical_gradient(lambda x: np.sum(x), x)
    assert grad.dtype == np.float32
    np.testing.assert_allclose(grad, [1, 1], rtol=1e-2)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_])
def test_integers_are_refused(dtype):
    x = np.ones(2, dtype=dtype)
    message = f"x is array of {np.dtype(dtype)}, should be an array of floats.*cut off"
    with pytest.raises(TypeError, match=message):
        numerical_gradient(sum_of_squares, x)


@pytest.mark.parametrize("x", [3.0, [3.0, 4.0]])
def test_what_is_no_array_is_refused(x):
    with pytest.raises(TypeError, match=f"x is {type(x).__name__}, should be an array"):
        numerical_gradient(sum_of_squares, x)


def test_a_read_only_x_is_refused():
    x = np.ones(2)
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        numerical_gradient(sum_of_squares, x)
