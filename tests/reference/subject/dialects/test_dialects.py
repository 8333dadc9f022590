"""Any spelling of a layer → one face; what cannot be called yet says what is missing."""

# Layers take what the chapter's take, needed or not.
# ruff: noqa: ARG001, ARG002

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trigrad import check
from trigrad.opening import open_subject
from trigrad.subject.face import (
    Backward,
    BatchAxis,
    Build,
    Face,
    Forward,
    Method,
    Odd,
    Raised,
    Returned,
)
from trigrad.verdict.results import Verdict

pytestmark = pytest.mark.usefixtures("no_repair")  # its words are tested elsewhere

X = np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 1.0]])
W = np.array([[1.0, -1.0, 2.0, 0.5], [3.0, 1.0, -2.0, 1.0]])
B = np.array([1.0, 2.0, 3.0, 4.0])
DOUT = np.arange(12.0).reshape(3, 4)
DUE = {"x": DOUT @ W.T, "W": X.T @ DOUT, "b": DOUT.sum(axis=0)}


def face_of(value: Any, **options: Any) -> Face:
    """The face of the one layer that a class or function is."""
    (candidate,) = open_subject(value, **options).candidates
    return candidate.face


def why_not(value: Any) -> str:
    """Why a class or function is not judged."""
    subject = open_subject(value)
    assert subject.candidates == []
    (unjudged,) = subject.unjudged
    assert unjudged.where is not None
    return unjudged.why


def affine_gradients(value: Any, **options: Any) -> dict[str, Any]:
    """The three gradients of an Affine."""
    commands = [Build({"W": W, "b": B}), Forward({"x": X}), Backward(DOUT)]
    built, forward, backward = face_of(value, **options).run(commands)
    assert isinstance(built, Returned), built
    assert isinstance(forward, Returned), forward
    np.testing.assert_allclose(forward.values["output"], X @ W + B)
    assert isinstance(backward, Returned), backward
    return dict(backward.values)


def assert_due(found: dict[str, Any]) -> None:
    assert set(found) == set(DUE)
    for name, array in DUE.items():
        np.testing.assert_allclose(found[name], array)


class _Weights:
    """What the Affines below have in common."""

    def __init__(self, W: Any, b: Any) -> None:
        self.W, self.b = W, b

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.W + self.b

    def gradients(self, dout: Any) -> tuple[Any, Any, Any]:
        return dout @ self.W.T, self.x.T @ dout, dout.sum(axis=0)


class TestWeightGradients:
    def test_as_attributes(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, self.dW, self.db = self.gradients(dout)
                return dx

        assert_due(affine_gradients(Affine))

    @pytest.mark.parametrize("names", [("dw", "db"), ("DW", "DB"), ("dw", "dB")])
    def test_whatever_the_case(self, names: tuple[str, str]) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, db = self.gradients(dout)
                setattr(self, names[0], dW)
                setattr(self, names[1], db)
                return dx

        assert_due(affine_gradients(Affine))

    def test_the_exact_spelling_comes_first(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                self.dw = "a running mean, perhaps"
                dx, self.dW, self.db = self.gradients(dout)
                return dx

        assert_due(affine_gradients(Affine))

    def test_returned_after_dx(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                return self.gradients(dout)

        assert_due(affine_gradients(Affine))

    def test_in_a_list_beside_params(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, db = self.gradients(dout)
                self.grads = [dW, db]
                return dx

        assert_due(affine_gradients(Affine))

    @pytest.mark.parametrize("names", [("W", "b"), ("dW", "db"), ("w", "B")])
    def test_in_a_dict(self, names: tuple[str, str]) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, *rest = self.gradients(dout)
                self.grads = dict(zip(names, rest, strict=True))
                return dx

        assert_due(affine_gradients(Affine))

    def test_what_is_not_there_is_not_zero(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, _, self.db = self.gradients(dout)
                return dx

        found = affine_gradients(Affine)
        assert set(found) == {"x", "b"}

    def test_what_is_never_filled_in_is_not_zero(self) -> None:
        class Affine(_Weights):
            def __init__(self, W: Any, b: Any) -> None:
                super().__init__(W, b)
                self.dW = self.db = None

            def backward(self, dout: Any) -> Any:
                return self.gradients(dout)[0]

        found = affine_gradients(Affine)
        assert "W" not in found or found["W"] == Odd("None")


class TestConstructors:
    def test_weights_by_other_names(self) -> None:
        class Affine(_Weights):
            def __init__(self, weights: Any, bias: Any, rate: float = 0.1) -> None:
                super().__init__(weights, bias)

            def backward(self, dout: Any) -> Any:
                return self.gradients(dout)

        assert_due(affine_gradients(Affine))

    def test_any_number_of_arguments(self) -> None:
        class Affine(_Weights):
            def __init__(self, *params: Any) -> None:
                super().__init__(*params)

            def backward(self, dout: Any) -> Any:
                return self.gradients(dout)

        assert_due(affine_gradients(Affine))

    def test_built_by_the_caller(self) -> None:
        class MyDense(_Weights):
            def __init__(self) -> None:
                super().__init__(None, None)

            def backward(self, dout: Any) -> Any:
                return self.gradients(dout)

        def build(W: Any, b: Any) -> MyDense:
            made = MyDense()
            made.W, made.b = W, b
            return made

        assert_due(affine_gradients(MyDense, contract="Affine", build=build))

    @pytest.mark.parametrize(
        ("names", "shown"),
        [
            ("W", "W"),
            ("W, b, rate", "W, b, rate"),
            ("n_in, n_out, decay", "n_in, n_out, decay"),
        ],
    )
    def test_one_that_takes_something_else_is_not_judged(self, names: str, shown: str) -> None:
        space: dict[str, Any] = {}
        text = f"class Affine:\n  def __init__(self, {names}): pass\n"
        text += "  def forward(self, x): pass\n  def backward(self, dout): pass\n"
        exec(text, space)
        subject = open_subject(space["Affine"])
        assert subject.candidates == []
        assert subject.unjudged[0].why == (
            f"its constructor takes ({shown}), only Affine(W, b) is supported so far"
        )

    @pytest.mark.parametrize(
        "names", ["input_size, output_size", "n_in, n_out", "fan_in, fan_out", ""]
    )
    def test_one_that_keeps_no_weights_is_not_judged(self, names: str) -> None:
        space: dict[str, Any] = {}
        text = f"class Affine:\n  def __init__(self, {names}): pass\n"
        text += "  def forward(self, x): pass\n  def backward(self, dout): pass\n"
        exec(text, space)
        report = check(space["Affine"], examples=1)
        assert report.layers == ()
        assert report.unjudged[0].why == "the attributes that hold W and b are not found"

    def test_a_layer_without_weights_whose_constructor_wants_something(self) -> None:
        class Relu:
            def __init__(self, slope: float) -> None:
                self.slope = slope

            def forward(self, x: Any) -> Any:
                return x * (x > 0)

            def backward(self, dout: Any) -> Any:
                return dout

        assert why_not(Relu) == ("its constructor takes (slope), only Relu() is supported so far")

    def test_a_constructor_with_defaults(self) -> None:
        class Relu:
            def __init__(self, slope: float = 0.0) -> None:
                self.slope = slope

            def forward(self, x: Any) -> Any:
                return np.where(x > 0, x, self.slope * x)

            def backward(self, dout: Any) -> Any:
                return dout

        commands = [Build(), Forward({"x": X})]
        result = face_of(Relu).run(commands)[1]
        assert isinstance(result, Returned)
        np.testing.assert_allclose(result.values["output"], np.maximum(X, 0))


class TestCalls:
    def test_static_methods(self) -> None:
        class AddLayer:
            @staticmethod
            def forward(x: Any, y: Any) -> Any:
                return x + y

            @staticmethod
            def backward(dout: Any) -> Any:
                return dout, dout

        face = face_of(AddLayer)
        assert face.takes_dout
        _, forward, backward = face.run([Build(), Forward({"x": X, "y": X}), Backward(X)])
        assert isinstance(forward, Returned)
        assert isinstance(backward, Returned)
        np.testing.assert_allclose(forward.values["output"], 2 * X)
        assert set(backward.values) == {"x", "y"}

    @pytest.mark.parametrize(
        ("signature", "said", "takes", "got"),
        [
            ("self", "'nothing'", False, "'nothing'"),
            ("self, dout=1", "dout", True, "1"),
            ("self, dout", "dout", True, "1.0"),
            ("self, *args", "args", True, "()"),
        ],
    )
    def test_a_loss_is_fed_as_in_training(
        self, signature: str, said: str, takes: bool, got: str
    ) -> None:
        space: dict[str, Any] = {"seen": []}
        text = "class SoftmaxWithLoss:\n  def forward(self, x, t): return 0.0\n"
        exec(text + f"  def backward({signature}): seen.append(repr({said}))", space)
        face = face_of(space["SoftmaxWithLoss"])
        assert face.takes_dout is takes
        face.run([Build(), Forward({"x": X, "t": X}), Backward()])
        assert space["seen"] == [got]

    BOOKS_BACKWARD = """
class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.log(self.y[np.arange(len(t)), t] + 1e-7).sum() / len(t)

    def backward(self, dout=1):
        n = len(self.t)
        if self.t.size == self.y.size:
            return (self.y - self.t) / n
        dx = self.y.copy()
        dx[np.arange(n), self.t] -= 1
        return dx / n
"""

    @pytest.mark.parametrize("branch", [True, False])
    def test_labels_only_is_who_knows_nothing_else(self, branch: bool) -> None:
        """Whose backward has a branch for one-hot rows has forgotten them in forward."""
        text = self.BOOKS_BACKWARD
        if not branch:
            text = text.replace("self.t.size == self.y.size", "False")
        space: dict[str, Any] = {"np": np}
        exec(text, space)
        (made,) = face_of(space["SoftmaxWithLoss"]).run([Build()])
        assert isinstance(made, Returned)
        assert bool(made.notes) is not branch

    def test_one_value_where_two_are_due_is_shown_as_it_is(self) -> None:
        class MulLayer:
            def forward(self, x: Any, y: Any) -> Any:
                return x * y

            def backward(self, dout: Any) -> Any:
                return {"x": dout}

        result = face_of(MulLayer).run([Build(), Forward({"x": X, "y": X}), Backward(X)])[2]
        assert isinstance(result, Returned)
        assert result.values == {"x": Odd("a dict of 1"), "y": Odd("a dict of 1")}

    def test_one_array_where_two_are_due_is_the_first(self) -> None:
        class AddLayer:
            def forward(self, x: Any, y: Any) -> Any:
                return x + y

            def backward(self, dout: Any) -> Any:
                return dout

        result = face_of(AddLayer).run([Build(), Forward({"x": X, "y": X}), Backward(X)])[2]
        assert isinstance(result, Returned)
        np.testing.assert_array_equal(result.values["x"], X)
        assert result.values.get("y") is None

    def test_a_list_is_as_good_as_a_tuple(self) -> None:
        class MulLayer:
            def forward(self, x: Any, y: Any) -> Any:
                return x * y

            def backward(self, dout: Any) -> Any:
                return [dout, 2 * dout]

        result = face_of(MulLayer).run([Build(), Forward({"x": X, "y": X}), Backward(X)])[2]
        assert isinstance(result, Returned)
        np.testing.assert_array_equal(result.values["y"], 2 * X)

    @pytest.mark.parametrize("name", ["dweight", "d_weight", "grad_weight", "weight_grad"])
    def test_a_gradient_may_be_named_for_the_constructor_s_argument(self, name: str) -> None:
        class Affine:
            def __init__(self, weight: Any, bias: Any) -> None:
                self.weight, self.bias = weight, bias.reshape(1, -1)

            def forward(self, x: Any) -> Any:
                self.x = x
                return x @ self.weight + self.bias

            def backward(self, dout: Any) -> Any:
                setattr(self, name, self.x.T @ dout)
                self.dbias = dout.sum(axis=0, keepdims=True)  # in the shape of its own bias
                return dout @ self.weight.T

        commands = [Build({"W": np.ones((2, 2)), "b": np.ones(2)}), Forward({"x": X}), Backward(X)]
        result = face_of(Affine).run(commands)[2]
        assert isinstance(result, Returned)
        np.testing.assert_array_equal(result.values["W"], X.T @ X)
        np.testing.assert_array_equal(result.values["b"], X.sum(axis=0))

    def test_a_tuple_where_one_value_is_due_is_shown_as_it_is(self) -> None:
        class Relu:
            def forward(self, x: Any) -> Any:
                return x

            def backward(self, dout: Any) -> Any:
                return dout, dout

        result = face_of(Relu).run([Build(), Forward({"x": X}), Backward(X)])[2]
        assert isinstance(result, Returned)
        assert result.values == {"x": Odd("a tuple of 2")}

    def test_a_function_is_given_its_operands(self) -> None:
        def softmax(x: Any) -> Any:
            return x + 1

        result = face_of(softmax).run([Build(), Forward({"x": X})])[1]
        assert isinstance(result, Returned)
        np.testing.assert_allclose(result.values["output"], X + 1)

    def test_a_numerical_gradient_is_given_a_function(self) -> None:
        def numerical_gradient(f: Callable[[Any], float], x: Any) -> Any:
            return np.full_like(x, f(x))

        x, ones = np.array([1.0, 2.0]), np.ones(2)
        commands = [Build(), Forward({"x": x, "c1": ones, "c2": 3 * ones})]
        result = face_of(numerical_gradient).run(commands)[1]
        assert isinstance(result, Returned)
        np.testing.assert_allclose(
            result.values["output"], [18.5625] * 2
        )  # 9/16 + 3 (1 + 4) + (1 + 2)


SIZES = {"N": 1, "I": 2, "H": 1, "O": 2}
PARAMETERS = {
    "W1": np.array([[1.0], [2.0]]),
    "b1": np.array([3.0]),
    "W2": np.array([[4.0, 5.0]]),
    "b2": np.array([6.0, 7.0]),
}
OPERANDS = {"x": np.ones((1, 2)), "t": np.eye(2)[:1]}


class TestNetworks:
    def test_the_weights_are_written_into_the_network_s_own_arrays(self) -> None:
        """Its layers hold these very arrays."""

        class TwoLayerNet:
            def __init__(self, inputs: int, hidden: int, outputs: int, std: float = 0.01) -> None:
                self.params = {
                    "W1": std * np.random.randn(inputs, hidden),
                    "b1": np.zeros(hidden),
                    "W2": std * np.random.randn(hidden, outputs),
                    "b2": np.zeros(outputs),
                }
                self.held = self.params["W1"]

            def loss(self, x: Any, t: Any) -> Any:
                return self.held.sum()

            def gradient(self, x: Any, t: Any) -> Any:
                return {**self.params, "extra": 3}

            def accuracy(self, x: Any, t: Any) -> float:
                return float(t.sum())

            def predict(self, x: Any) -> Any:
                return x

        commands = [
            Build(PARAMETERS, SIZES),
            Forward(OPERANDS),
            Backward(operands=OPERANDS),
            Method("predict", OPERANDS),
            Method("accuracy", OPERANDS),
        ]
        results = face_of(TwoLayerNet).run(commands)
        loss, gradient, predict, accuracy = (
            r.values for r in results[1:] if isinstance(r, Returned)
        )
        assert loss["output"] == 3.0
        assert set(gradient) == set(PARAMETERS)
        np.testing.assert_allclose(gradient["W2"], PARAMETERS["W2"])
        np.testing.assert_allclose(predict["output"], OPERANDS["x"])
        assert accuracy["output"] == 1.0

    def test_a_weight_of_another_shape_is_an_error(self) -> None:
        class TwoLayerNet:
            def __init__(self, *sizes: int) -> None:
                self.params = {name: np.zeros((7, 7)) for name in PARAMETERS}

            def loss(self, x: Any, t: Any) -> Any:
                return 0.0

            def gradient(self, x: Any, t: Any) -> Any:
                return {}

        result = face_of(TwoLayerNet).run([Build(PARAMETERS, SIZES)])[0]
        assert isinstance(result, Raised)
        assert result.message == "params['W1'] has shape (7, 7), should be (2, 1)"

    def test_the_global_random_numbers_are_left_as_they_were(self) -> None:
        class TwoLayerNet:
            def __init__(self, *sizes: int) -> None:
                self.params = {name: np.random.randn(1) for name in PARAMETERS}

            def loss(self, x: Any, t: Any) -> Any:
                return 0.0

            def gradient(self, x: Any, t: Any) -> Any:
                return {}

        np.random.seed(5)
        due = np.random.rand()
        np.random.seed(5)
        check(TwoLayerNet, examples=1)
        assert np.random.rand() == due


class TestNotJudged:
    def test_a_layer_without_backward(self) -> None:
        class Relu:
            def forward(self, x: Any) -> Any:
                return x

        assert why_not(Relu) == "it has no backward"

    def test_a_layer_without_either(self) -> None:
        class Relu:
            def __call__(self, x: Any) -> Any:
                return x

        assert why_not(Relu) == "it has no forward and no backward"

    def test_a_network_without_gradient(self) -> None:
        class TwoLayerNet:
            def loss(self, x: Any, t: Any) -> Any:
                return 0.0

        assert why_not(TwoLayerNet) == "it has no gradient"

    def test_a_forward_that_takes_too_few(self) -> None:
        class MulLayer:
            def forward(self, x: Any) -> Any:
                return x

            def backward(self, dout: Any) -> Any:
                return dout

        (unjudged,) = check(MulLayer, examples=1).unjudged
        assert unjudged.why == "forward takes 1 argument, not (x, y)"

    def test_a_forward_that_takes_too_many(self) -> None:
        class Affine:
            def forward(self, x: Any, W: Any, b: Any, scale: float) -> Any:
                return x

            def backward(self, dout: Any) -> Any:
                return dout

        assert why_not(Affine) == "forward takes 4 arguments, not (x)"

    def test_a_function_with_other_arguments(self) -> None:
        def softmax(x: Any, axis: int) -> Any:
            return x

        assert why_not(softmax) == "it takes 2 arguments, not (x)"

    def test_another_spelling_says_what_it_was_read_as(self) -> None:
        class ReLU:
            def forward(self, x: Any) -> Any:
                return x

        assert why_not(ReLU) == "read as Relu, but it has no backward"

    def test_a_layer_without_contract(self) -> None:
        class Dropout:
            def forward(self, x: Any) -> Any:
                return x

            def backward(self, dout: Any) -> Any:
                return dout

        assert why_not(Dropout) == "trigrad knows no layer of this name"

    def test_a_class_that_is_no_layer_is_not_worth_a_word(self) -> None:
        class Trainer:
            def train(self) -> None:
                pass

        subject = open_subject(Trainer)
        assert (subject.candidates, subject.unjudged) == ([], [])

    def test_a_base_class_is_not_worth_a_word(self) -> None:
        class Layer:
            def forward(self, x: Any) -> Any:
                raise NotImplementedError

            def backward(self, dout: Any) -> Any:
                raise NotImplementedError

        subject = open_subject(Layer)
        assert (subject.candidates, subject.unjudged) == ([], [])

    @pytest.mark.parametrize("body", ["pass", "...", "raise NotImplementedError", "'to do'"])
    def test_an_exercise_that_is_not_done(self, body: str, write: Callable[..., Any]) -> None:
        path = write(
            "a.py",
            "class Relu:\n    def forward(self, x):\n        return x\n"
            f"    def backward(self, dout):\n        {body}\n",
        )
        report = check(path, layer="Relu")
        assert report.layers[0].verdict is Verdict.UNIMPLEMENTED
        assert report.exit_status == 3


class _Columns:
    """Samples are columns: W is (M, D), b (M, 1), and x (D, N)."""

    def __init__(self, n_in: int, n_out: int) -> None:
        self.W, self.b = np.random.randn(n_out, n_in), np.zeros((n_out, 1))

    def forward(self, x: Any) -> Any:
        self.x = x
        return self.W @ x + self.b

    def backward(self, dout: Any) -> Any:
        self.dW, self.db = dout @ self.x.T, dout.sum(axis=1, keepdims=True)
        return self.W.T @ dout


class _MeanColumns(_Columns):
    def backward(self, dout: Any) -> Any:
        dx = super().backward(dout)
        self.dW, self.db = self.dW / dout.shape[1], self.db / dout.shape[1]
        return dx


@pytest.mark.parametrize(
    ("base", "axis", "note"),
    [
        (_Weights, BatchAxis.ROWS, ()),
        (_Columns, BatchAxis.COLUMNS, ("read as features-first; below, rows are samples",)),
        (
            _MeanColumns,
            BatchAxis.COLUMNS_MEAN,
            (
                "read as features-first, dW and db divided by m as in deeplearning.ai's course; "
                "below, rows are samples and nothing is divided by m",
            ),
        ),
    ],
)
def test_the_batch_axis_is_data_and_a_note(base: type, axis: BatchAxis, note: Any) -> None:
    class Affine(base):  # type: ignore[misc]  # a variable class
        def backward(self, dout: Any) -> Any:
            if base is not _Weights:
                return super().backward(dout)
            dx, self.dW, self.db = self.gradients(dout)
            return dx

    (built,) = face_of(Affine).run([Build({"W": W, "b": B})])
    assert isinstance(built, Returned), built
    assert (built.batch_axis, built.notes) == (axis, note)


class TestKnownOnlyWhenItRuns:
    """What no signature tells, and what then cannot be judged."""

    def unjudged(self, value: Any) -> str:
        report = check(value, examples=1)
        assert report.layers == ()
        assert report.exit_status == 3
        return report.unjudged[0].why

    def test_recognition_runs_nothing_of_the_learner_s(self) -> None:
        class Dense:
            made = 0

            def __init__(self, n_in: int, n_out: int) -> None:
                Dense.made += 1
                self.W, self.b = np.zeros((n_in, n_out)), np.zeros(n_out)

            forward = _Weights.forward

            def backward(self, dout: Any) -> Any:
                return _Weights.gradients(self, dout)  # type: ignore[arg-type]

        face_of(Dense)
        assert Dense.made == 0
        assert_due(affine_gradients(Dense))

    def test_a_step_of_unknown_size(self) -> None:
        """With a number in its place, as in 0.1 * dW, the gradients tell it."""

        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, db = self.gradients(dout)
                self.W = self.W - 0.1 * np.sign(dW)
                self.b = self.b - 0.1 * db
                return dx

        assert self.unjudged(Affine) == (
            "backward changes W and b by a step of unknown size and stores no gradient of them"
        )

    def test_a_step_that_could_be_the_gradient(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, self.db = self.gradients(dout)
                self.change = 0.1 * dW
                self.W = self.W - self.change
                return dx

        assert self.unjudged(Affine) == (
            "backward changes W by a step of unknown size, and "
            "self.change may be the gradient of W or the step"
        )

    def test_a_gradient_beside_a_step_that_is_another(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, self.found, self.db = self.gradients(dout)
                self.W = self.W - 0.1 * (self.found + 0.01 * self.W)  # weight decay
                return dx

        assert_due(affine_gradients(Affine))

    @pytest.mark.parametrize("kind", ["momentum", "AdaGrad"])
    def test_steps_that_remember_the_last_ones(self, kind: str) -> None:
        class Dense(_Weights):
            def __init__(self, n_in: int, n_out: int, lr: float = 0.1) -> None:
                super().__init__(np.random.randn(n_in, n_out), np.zeros(n_out))
                self.lr = lr
                self.past = [np.zeros_like(self.W), np.zeros_like(self.b)]

            def step(self, past: Any, gradient: Any) -> Any:
                if kind == "momentum":
                    past[...] = 0.9 * past + self.lr * gradient
                    return past
                past += gradient**2
                return self.lr * gradient / np.sqrt(past + 1e-7)

            def backward(self, dout: Any) -> Any:
                dx, dW, db = self.gradients(dout)
                self.W -= self.step(self.past[0], dW)
                self.b -= self.step(self.past[1], db)
                return dx

        assert self.unjudged(Dense) == (
            "read as Affine, but backward changes W and b by more than the gradient of one call, "
            "as momentum does, and stores no gradient of them"
        )

    @pytest.mark.parametrize("kind", ["Adam", "clipped"])
    def test_steps_that_are_no_multiples_of_the_gradient(self, kind: str) -> None:
        class Dense(_Weights):
            def __init__(self, n_in: int, n_out: int, lr: float = 0.1) -> None:
                super().__init__(np.random.randn(n_in, n_out), np.zeros(n_out))
                self.lr = lr

            def backward(self, dout: Any) -> Any:
                dx, dW, db = self.gradients(dout)
                # Where the gradient is the same in each call, so are both means of Adam.
                changed = dW / (np.abs(dW) + 1e-8) if kind == "Adam" else np.clip(dW, -5, 5)
                self.W -= self.lr * changed
                self.b -= self.lr * db
                return dx

        assert self.unjudged(Dense) == (
            "read as Affine, but backward changes W by a step that is no multiple of its gradient, "
            "as with Adam or with a gradient that is clipped, and stores no gradient of it"
        )

    def test_two_that_could_be_the_gradient(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, self.db = self.gradients(dout)
                self.one, self.two = dW, 3 * dW
                return dx

        assert self.unjudged(Affine) == (
            "more than one of its arrays may be the gradient of W: self.one and self.two"
        )

    def test_two_places_of_one_gradient(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, self.db = self.gradients(dout)
                self.one, self.two = dW, dW.copy()
                return dx

        assert_due(affine_gradients(Affine))

    def test_what_does_not_follow_dout_is_no_gradient(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, self.db = self.gradients(dout)
                self.seen, self.one = np.ones(dW.shape), dW
                return dx

        assert_due(affine_gradients(Affine))

    def test_an_activation_of_its_own(self) -> None:
        class Dense(_Weights):
            def __init__(self, W: Any, b: Any, activation: str = "relu") -> None:
                super().__init__(W, b)

            def backward(self, dout: Any) -> Any:
                return self.gradients(dout)

        why = why_not(Dense)
        assert why == "read as Affine, but it applies an activation of its own (activation)"

    def test_a_graph_s_variables(self) -> None:
        class Function:
            def __call__(self, *inputs: Any) -> Any:
                self.inputs = inputs
                return self.forward(*(i.data for i in inputs))  # type: ignore[attr-defined]

        class Mul(Function):
            def forward(self, x: Any, y: Any) -> Any:
                return x * y

            def backward(self, dout: Any) -> Any:
                return dout * self.inputs[1].data, dout * self.inputs[0].data

        assert "it needs self.inputs, which its base class sets" in why_not(Mul)

    def test_a_keyword_that_nothing_is_known_to_give(self) -> None:
        class Relu:
            def forward(self, x: Any, *, slope: float) -> Any:
                return x

            def backward(self, dout: Any) -> Any:
                return dout

        assert why_not(Relu) == "forward takes (x, slope), and the meaning of slope is unknown"

    def test_a_learner_s_mistake_in_a_lazy_layer_is_reported_not_hidden(self) -> None:
        class Dense:
            def __init__(self, units: int) -> None:
                self.units, self.W = units, None

            def forward(self, x: Any) -> Any:
                self.W = np.zeros((x.shape[1], unitz))  # type: ignore[name-defined]  # noqa: F821
                return x @ self.W

            def backward(self, dout: Any) -> Any:
                return dout

        (layer,) = check(Dense, examples=1).layers
        assert layer.verdict is Verdict.FAIL
        raised = layer.failures[0].finding.evidence
        assert raised is not None
        assert raised.raised is not None
        assert (raised.raised.call, raised.raised.error) == ("forward", "NameError")

    def test_a_changed_weight_is_advice_and_put_back(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any, learning_rate: float) -> Any:
                dx, dW, db = self.gradients(dout)
                self.W -= learning_rate * dW
                self.b -= learning_rate * db
                return dx

        commands = [Build({"W": W, "b": B}), Forward({"x": X}), Backward(DOUT), Backward(DOUT)]
        *_, first, second = face_of(Affine).run(commands)
        for result in (first, second):
            assert isinstance(result, Returned)
            assert_due(dict(result.values))
            assert result.overwritten == ("W", "b")
        (layer,) = check(Affine, examples=2).layers
        assert layer.verdict is Verdict.PASS
        assert "backward changes its weights W and b: leave that to the update of the weights" in {
            j.finding.message for j in layer.advice
        }

    def test_a_gradient_in_the_weight_s_own_memory_is_advice(self) -> None:
        class Affine(_Weights):
            def __init__(self, W: Any, b: Any) -> None:
                super().__init__(W, b)
                self.dW = W

            def backward(self, dout: Any) -> Any:
                dx, self.dW[...], self.db = self.gradients(dout)
                return dx

        (layer,) = check(Affine, examples=2).layers
        assert layer.verdict is Verdict.PASS
        assert {
            "backward changes its weight W: leave that to the update of the weights",
            (
                "the gradient of W and W itself are one array, so that changing one changes both: "
                "return a copy"
            ),
        } <= {j.finding.message for j in layer.advice}

    def test_a_weight_whose_cache_is_emptied_is_put_back_where_it_is_still_kept(self) -> None:
        class Affine(_Weights):
            def forward(self, x: Any) -> Any:
                self.cache: Any = (x, self.W)
                return super().forward(x)

            def backward(self, dout: Any) -> Any:
                dx, self.dW, self.db = self.gradients(dout)
                self.W = self.W - self.dW
                self.cache = None
                return dx

        (layer,) = check(Affine, examples=2).layers
        assert layer.verdict is Verdict.PASS
        assert_due(affine_gradients(Affine))

    def test_a_cache_that_is_used_again_makes_no_gradient_a_weight(self) -> None:
        class Affine(_Weights):
            def __init__(self, W: Any, b: Any, lr: float = 0.1) -> None:
                super().__init__(W, b)
                self.lr = lr

            def forward(self, x: Any) -> Any:
                self.cache = x, self.W, self.b
                return super().forward(x)

            def backward(self, dout: Any) -> Any:
                dx, dW, db = self.cache = self.gradients(dout)
                self.found = dW.copy(), db.copy()
                return dx

        assert_due(affine_gradients(Affine))
        (layer,) = check(Affine, examples=2).layers
        assert layer.verdict is Verdict.PASS
        assert not any("one array" in j.finding.message for j in layer.advice)

    def test_a_weight_that_is_kept_turned_is_put_back_as_it_lay(self) -> None:
        class Affine(_Weights):
            def __init__(self, W: Any, b: Any) -> None:
                super().__init__(W.T.copy(), b)

            def forward(self, x: Any) -> Any:
                self.x = x
                return x @ self.W.T + self.b

            def backward(self, dout: Any) -> Any:
                self.dW, self.db = dout.T @ self.x, dout.sum(axis=0)
                dx = dout @ self.W
                self.W = self.W - self.dW
                return dx

        square = np.array([[1.0, 2.0], [3.0, 4.0]])
        operands = {"x": X}
        commands = [Build({"W": square, "b": np.zeros(2)}), Forward(operands), Backward(X)]
        *_, backward, again = face_of(Affine).run([*commands, Forward(operands)])
        assert isinstance(backward, Returned)
        assert isinstance(again, Returned)
        assert backward.overwritten == ("W",)
        np.testing.assert_allclose(again.values["output"], X @ square)

    def test_an_error_is_called_by_the_learner_s_name(self) -> None:
        class Relu:
            def forward_pass(self, x: Any) -> Any:
                return undefined  # type: ignore[name-defined]  # noqa: F821

            def backward_pass(self, dout: Any) -> Any:
                return dout

        assert "forward_pass raises NameError" in str(check(Relu, examples=1))


class TestReadings:
    """What a note says of a reading, and what stays undecided."""

    def notes(self, value: Any) -> tuple[str, ...]:
        (layer,) = check(value, examples=1).layers
        assert layer.verdict is Verdict.PASS, str(layer)
        return layer.notes

    def test_one_note_says_what_is_read_where(self) -> None:
        class Affine(_Weights):
            def backward(self, dout: Any) -> Any:
                dx, dW, db = self.gradients(dout)
                return dW, db, dx

        assert "backward returns dW, db, dx, in this order" in self.notes(Affine)

    def test_without_weights_it_is_read_where_it_is_returned(self) -> None:
        class MulLayer:
            def forward(self, x: Any, y: Any) -> Any:
                self.x, self.y = x, y
                return x * y, "beside it"

            def backward(self, dout: Any) -> Any:
                return {"for": (dout * self.y, dout * self.x)}

        assert self.notes(MulLayer) == (
            "forward also returns something beside its output; "
            "read from what backward returns: dx at ['for'][0], dy at ['for'][1]",
        )

    @pytest.mark.parametrize("beside", [(), (None,)])
    def test_without_weights_it_is_tried_only_where_that_is_in_doubt(
        self, beside: tuple[None, ...]
    ) -> None:
        calls = []

        class AddLayer:
            def forward(self, x: Any, y: Any) -> Any:
                calls.append(x)
                return x + y

            def backward(self, dout: Any) -> Any:
                return (dout, dout.copy(), *beside)

        built, _, back = face_of(AddLayer).run(
            [Build(), Forward({"x": X, "y": X}), Backward(np.ones_like(X))]
        )
        assert isinstance(built, Returned)
        assert isinstance(back, Returned)
        np.testing.assert_array_equal(calls[0], X)
        assert (len(calls) > 1) is bool(beside)
        assert [v.shape for v in back.values.values()] == [X.shape] * 2  # type: ignore[union-attr]

    def test_two_results_that_may_be_dx(self) -> None:
        class Relu:
            def forward(self, x: Any) -> Any:
                self.x = x
                return np.maximum(x, 0)

            def backward(self, dout: Any) -> Any:
                return 2 * dout * (self.x > 0), dout * (self.x > 0)

        report = check(Relu, examples=1)
        assert report.layers == ()
        why = "more than one of the arrays that backward returns may be the gradient of x"
        assert report.unjudged[0].why.endswith(f"{why}: [0] and [1]")

    def test_a_cache_that_forward_does_not_give(self) -> None:
        class Relu:
            def forward(self, x: Any) -> Any:
                return np.maximum(x, 0)

            def backward(self, dout: Any, saved: Any) -> Any:
                return dout * (saved > 0)

        report = check(Relu, examples=1)
        assert report.layers == ()
        assert report.unjudged[0].why.endswith(
            "backward takes (dout, saved), and the meaning of saved is unknown"
        )

    def test_one_that_divides_by_the_batch_is_not_meant_for_one_sample(self) -> None:
        class Dense:
            def __init__(self, n_in: int, n_out: int) -> None:
                self.W, self.b = np.random.randn(n_out, n_in), np.zeros((n_out, 1))

            def forward(self, X: Any) -> Any:
                self.X = X
                return self.W @ X + self.b

            def backward(self, dZ: Any) -> Any:
                self.dW, self.db = dZ @ self.X.T / self.X.shape[1], dZ
                return self.W.T @ dZ

        (layer,) = check(Dense, examples=2, repair_seconds=0).layers
        assert layer.verdict is Verdict.FAIL

    def test_a_slope_of_its_own(self) -> None:
        class Relu:
            def __init__(self, alpha: float = 0.01) -> None:
                self.alpha = alpha

            def forward(self, x: Any) -> Any:
                return np.where(x > 0, x, self.alpha * x)

            def backward(self, dout: Any) -> Any:
                return dout

        assert why_not(Relu) == (
            "it has a slope of its own (alpha = 0.01): with it, it is another function"
        )
