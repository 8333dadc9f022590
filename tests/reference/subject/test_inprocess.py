"""The face in this process: what goes in stays ours, and whatever comes out is told in words."""

# Layers take what the chapter's take, needed or not.
# ruff: noqa: ARG002

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest

from trigrad.opening import open_subject
from trigrad.subject.face import (
    Backward,
    Build,
    Command,
    Face,
    Form,
    Forward,
    Method,
    Odd,
    Raised,
    Result,
    Returned,
)

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def relu(forward: str = "return x", backward: str = "return dout", build: str = "pass") -> Face:
    """The face of a Relu with these bodies; `seen` is a list on the class."""
    text = f"class Relu:\n  seen = []\n  def __init__(self): {build}\n"
    text += f"  def forward(self, x): {forward}\n  def backward(self, dout): {backward}\n"
    space: dict[str, Any] = {"np": np, "sys": sys, "warnings": warnings}
    exec(text, space)
    (candidate,) = open_subject(space["Relu"]).candidates
    face: Face = candidate.face
    return face


def run(face: Face, *commands: Command) -> list[Result]:
    """The results after Build."""
    return face.run([Build(), *commands])[1:]


def forward(body: str, x: Any = X, form: Form = Form.PLAIN) -> Result:
    """What forward with this body gives."""
    return run(relu(forward=body), Forward({"x": x}, form))[0]


def returned(result: Result) -> Returned:
    assert isinstance(result, Returned), result
    return result


def array(result: Result) -> np.ndarray:
    value = returned(result).values["output"]
    assert isinstance(value, np.ndarray), value
    return value


def raised(result: Result) -> Raised:
    assert isinstance(result, Raised), result
    return result


class TestArguments:
    def test_the_caller_s_array_is_not_the_one_that_is_handed_over(self) -> None:
        given = X.copy()
        returned(forward("x *= 0; return x", given))
        np.testing.assert_array_equal(given, X)

    def test_an_overwritten_argument_is_told(self) -> None:
        assert returned(forward("x[0, 0] = 9; return x")).overwritten == ("x",)

    def test_nothing_is_told_where_nothing_changed(self) -> None:
        assert returned(forward("y = x.copy(); y[0, 0] = 9; return y")).overwritten == ()

    def test_a_nan_that_stays_is_no_change(self) -> None:
        assert returned(forward("return x + 1", np.full((2, 2), np.nan))).overwritten == ()

    def test_an_overwritten_dout(self) -> None:
        face = relu(backward="dout[:] = 0; return dout.copy()")
        _, backward = run(face, Forward({"x": X}), Backward(X))
        assert returned(backward).overwritten == ("dout",)

    def test_an_operand_that_forward_kept_and_backward_overwrites(self) -> None:
        face = relu("self.x = x; return x", "self.x[:] = 0; return dout")
        forward, backward, again = run(face, Forward({"x": X}), Backward(X), Forward({"x": X}))
        assert returned(forward).overwritten == ()
        assert returned(backward).overwritten == ("x",)
        assert returned(again).overwritten == ()

    def test_overwritten_weights(self) -> None:
        class Affine:
            def __init__(self, W: Any, b: Any) -> None:
                self.W, self.b = W, b

            def forward(self, x: Any) -> Any:
                self.x = x
                return x @ self.W + self.b

            def backward(self, dout: Any) -> Any:
                self.W -= 1
                return dout @ self.W.T, self.x.T @ dout, dout.sum(axis=0)

        (candidate,) = open_subject(Affine).candidates
        W, b = np.ones((3, 2)), np.ones(2)
        commands = [Build({"W": W, "b": b}), Forward({"x": X}), Backward(np.ones((2, 2)))]
        _, first, second = candidate.face.run(commands)
        assert returned(first).overwritten == ()
        assert returned(second).overwritten == ("W",)
        np.testing.assert_array_equal(W, np.ones((3, 2)))

    def test_every_call_is_handed_a_copy_of_its_own(self) -> None:
        face = relu("self.seen.append(x); return np.full(2, len(set(map(id, self.seen))))")
        one, two = run(face, Forward({"x": X}), Forward({"x": X}))
        assert (array(one)[0], array(two)[0]) == (1, 2)


class TestForms:
    def test_plain_arrays_can_be_written_to(self) -> None:
        body = "return 1 * np.array([x.flags.writeable, x.flags.c_contiguous, x.dtype == float])"
        assert array(forward(body)).tolist() == [1, 1, 1]

    def test_read_only_arrays_cannot(self) -> None:
        result = raised(forward("x[0, 0] = 9; return x", form=Form.READ_ONLY))
        assert result.error == "ValueError"
        assert "read-only" in result.message

    @pytest.mark.parametrize("shape", [(2, 3), (4,), (2, 3, 2), (3, 2, 2, 2)])
    def test_strided_arrays_are_slices_with_the_same_numbers(self, shape: tuple[int, ...]) -> None:
        x = np.arange(float(np.prod(shape))).reshape(shape)
        assert array(forward("return x", x, Form.STRIDED)).tolist() == x.tolist()
        body = (
            "f = x.flags; return 1 * np.array([f.c_contiguous, f.f_contiguous, x.base is not None])"
        )
        assert array(forward(body, x, Form.STRIDED)).tolist() == [0, 0, 1]

    def test_an_overwritten_slice_is_told(self) -> None:
        assert returned(forward("x[0, 0] = 9; return x", form=Form.STRIDED)).overwritten == ("x",)

    def test_a_plain_number_is_a_python_float(self) -> None:
        result = returned(forward("return type(x) is float and x", np.array([[2.5]]), Form.NUMBER))
        assert result.values["output"] == 2.5

    def test_dout_comes_in_the_same_forms(self) -> None:
        face = relu(backward="dout += 1; return dout")
        _, backward = run(face, Forward({"x": X}), Backward(X, Form.READ_ONLY))
        assert raised(backward).call == "backward"
        face = relu(backward="return 2.0 if type(dout) is float else 3.0")
        _, backward = run(face, Forward({"x": X}), Backward(X, Form.NUMBER))
        assert returned(backward).values["x"] == 2.0

    def test_float32_is_handed_over_as_float32(self) -> None:
        result = forward("return np.zeros(x.dtype.itemsize)", X.astype(np.float32))
        assert array(result).size == 4


class TestValues:
    @pytest.mark.parametrize(
        ("expression", "words"),
        [
            ("None", "None"),
            ("[1, 2]", "a list of 2"),
            ("[]", "a list of 0"),
            ("(1, 2, 3)", "a tuple of 3"),
            ("{'x': x}", "a dict of 1"),
            ("{1, 2}", "a set of 2"),
            ("'loss'", "a string"),
            ("b'loss'", "a bytes"),
            ("np.array([None, 1])", "an array of object"),
            ("np.array(['a', 'b'])", "an array of <U1"),
            ("np.array([1j, 2])", "an array of complex128"),
            ("1j", "a complex"),
            ("print", "a builtin_function_or_method"),
            ("self", "a Relu"),
            ("(i for i in x)", "a generator"),
            ("range(3)", "a range"),
        ],
    )
    def test_what_is_no_array_of_numbers_is_said_in_words(
        self, expression: str, words: str
    ) -> None:
        assert returned(forward(f"return {expression}")).values["output"] == Odd(words)

    @pytest.mark.parametrize(
        ("expression", "due"),
        [
            ("3", 3.0),
            ("2.5", 2.5),
            ("np.float64(2.5)", 2.5),
            ("np.int64(3)", 3.0),
            ("np.array(2.5)", 2.5),
            ("x.sum()", 21.0),
            ("float('nan')", np.nan),
        ],
    )
    def test_a_number_is_an_array_without_axes(self, expression: str, due: float) -> None:
        value = array(forward(f"return {expression}"))
        assert value.shape == ()
        np.testing.assert_equal(value.item(), due)

    def test_a_python_number_has_the_precision_of_the_operands(self) -> None:
        assert array(forward("return 3.0", X.astype(np.float32))).dtype == np.float32

    def test_a_matrix_becomes_an_array(self) -> None:
        value = array(forward("return x.view(type('Own', (np.ndarray,), {}))"))
        assert type(value) is np.ndarray

    def test_what_is_returned_is_a_copy(self) -> None:
        """An array that a later call changes in place must not change what was returned before."""
        face = relu("self.kept = x; return x", "self.kept[:] = 0; return dout")
        first, _ = run(face, Forward({"x": X}), Backward(X))
        np.testing.assert_array_equal(array(first), X)

    def test_a_loss_in_an_array_of_one_is_a_number(self) -> None:
        class SoftmaxWithLoss:
            def forward(self, x: Any, t: Any) -> Any:
                return np.array([3.0])

            def backward(self, dout: Any = 1) -> Any:
                return X

        (candidate,) = open_subject(SoftmaxWithLoss).candidates
        result = run(candidate.face, Forward({"x": X, "t": X}))[0]
        assert array(result).shape == ()


class TestShared:
    def shared(self, expression: str) -> tuple[tuple[str, str], ...]:
        space: dict[str, Any] = {"np": np}
        exec(
            "class AddLayer:\n  def forward(self, x, y): return x + y\n"
            f"  def backward(self, dout): return {expression}",
            space,
        )
        (candidate,) = open_subject(space["AddLayer"]).candidates
        return returned(run(candidate.face, Forward({"x": X, "y": X}), Backward(X))[1]).shared

    @pytest.mark.parametrize(
        "expression", ["dout, dout", "dout, dout[:]", "dout[:1], dout[:1]", "dout, dout.T"]
    )
    def test_one_memory_for_two_gradients(self, expression: str) -> None:
        assert self.shared(expression) == (("x", "y"),)

    @pytest.mark.parametrize(
        "expression", ["dout, dout.copy()", "dout * 1, dout * 1", "dout[:1], dout[1:]", "1.0, 1.0"]
    )
    def test_a_memory_each(self, expression: str) -> None:
        assert self.shared(expression) == ()


class TestNoise:
    def test_what_is_printed_stays_inside(self, capfd: pytest.CaptureFixture[str]) -> None:
        returned(forward("print('hello'); print('there', file=sys.stderr); return x"))
        assert capfd.readouterr() == ("", "")

    def test_afterwards_printing_works(self, capsys: pytest.CaptureFixture[str]) -> None:
        raised(forward("raise ValueError"))
        print("after")
        assert capsys.readouterr().out == "after\n"

    def test_warnings_are_kept_once_each(self) -> None:
        body = "warnings.warn('one'); warnings.warn('two'); warnings.warn('one'); return x"
        assert returned(forward(body)).warnings == ("one", "two")

    def test_a_numpy_warning(self) -> None:
        result = returned(forward("return np.exp(x * 1000)"))
        assert result.warnings == ("overflow encountered in exp",)
        assert returned(forward("return np.log(x * 0)")).warnings == (
            "divide by zero encountered in log",
        )

    def test_a_warning_belongs_to_its_own_call(self) -> None:
        face = relu(forward="warnings.warn('mine'); return x")
        one, two, three = run(face, Forward({"x": X}), Backward(X), Forward({"x": X}))
        assert returned(one).warnings == ("mine",)
        assert returned(two).warnings == ()
        assert returned(three).warnings == ("mine",)

    def test_numpy_s_error_settings_of_our_own_do_not_reach_it(self) -> None:
        with np.errstate(all="raise"):
            assert returned(forward("return np.exp(x * 1000)")).warnings

    def test_its_numpy_settings_do_not_reach_us(self) -> None:
        before = np.geterr()
        returned(forward("np.seterr(all='raise'); return x"))
        assert np.geterr() == before

    def test_its_warning_filters_do_not_reach_us(self) -> None:
        before = list(warnings.filters)
        returned(forward("warnings.simplefilter('ignore'); return x"))
        assert list(warnings.filters) == before


class TestRaised:
    @pytest.mark.parametrize(
        ("statement", "error", "message"),
        [
            ("raise ValueError('no')", "ValueError", "no"),
            ("raise ValueError('one\\ntwo')", "ValueError", "one"),
            ("raise ValueError", "ValueError", ""),
            ("sys.exit(3)", "SystemExit", "3"),
            ("raise MemoryError", "MemoryError", ""),
            ("return self.forward(x)", "RecursionError", "maximum recursion depth exceeded"),
            ("assert x is None, 'x'", "AssertionError", "x"),
            ("raise StopIteration", "StopIteration", ""),
        ],
    )
    def test_an_error_is_a_result(self, statement: str, error: str, message: str) -> None:
        result = raised(forward(statement))
        assert (result.call, result.error) == ("forward", error)
        assert result.message.startswith(message) if message else result.message == ""

    def test_an_interrupt_is_the_user_s(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(KeyboardInterrupt):
            forward("raise KeyboardInterrupt")
        print("after")
        assert capsys.readouterr().out == "after\n"

    def test_the_constructor_by_its_name(self) -> None:
        result = relu(build="raise ValueError('no')").run([Build()])[0]
        assert raised(result).call == "the constructor"

    def test_a_further_method_by_its_name(self) -> None:
        result = raised(run(relu(), Method("predict", {"x": X}))[0])
        assert (result.call, result.error, result.where) == ("predict", "AttributeError", None)

    def test_it_is_repeated_until_the_next_build(self) -> None:
        face = relu("self.n = 1; return x if x[0, 0] > 0 else 1 / 0", "return dout * self.n")
        bad = Forward({"x": -X})
        good = Forward({"x": X})
        results = face.run([Build(), bad, good, Backward(X), Build(), good, Backward(X)])
        assert raised(results[1]).error == "ZeroDivisionError"
        assert results[2] is results[3] is results[1]
        assert [type(r) for r in results[4:]] == [Returned, Returned, Returned]

    def test_a_failed_build_blocks_the_rest(self) -> None:
        results = relu(build="1 / 0").run([Build(), Forward({"x": X}), Backward(X)])
        assert results[0] is results[1] is results[2]

    def test_each_run_begins_afresh(self) -> None:
        face = relu("self.seen.append(1); return x * len(self.seen) if len(self.seen) > 1 else 1/0")
        raised(run(face, Forward({"x": X}))[0])
        returned(run(face, Forward({"x": X}))[0])
