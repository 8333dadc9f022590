"""Autograd: the twin's own answers, the twin as a subject, and what is compared with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trigrad import check, impl
from trigrad.cases.case import Case
from trigrad.claim.claim import Outcome, Witness
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array, Kind
from trigrad.subject.face import Backward, Build, Form, Forward, Method, Returned
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import Results
from trigrad.witnesses.autograd import single_entry
from trigrad.witnesses.twin import TwinFace, answer_of_twin, methods_of_twin

ROWS = {row.name: row for row in CONTRACTS}

# The figures that the chapter prints.
APPLES = Case({"N": 1, "D": 1}, {"x": np.array([[100.0]]), "y": np.array([[2.0]])}, {})
BIAS = Case(
    {"N": 2, "D": 1, "M": 3},
    {"x": np.array([[1.0], [2.0]])},
    {"W": np.array([[1.0, -1.0, 2.0]]), "b": np.zeros(3)},
    np.array([[1.0, 2, 3], [4, 5, 6]]),
)


def autograd(report: Results, name: str) -> Judgement:
    (found,) = (
        j
        for j in report.layers[0].judgements
        if (j.claim.witness, j.claim.name) == (Witness.AUTOGRAD, name)
    )
    return found


# --- the twin -----------------------------------------------------------------------------------


def test_twin_of_the_apples() -> None:
    answer = answer_of_twin(ROWS["MulLayer"], APPLES.with_dout(np.array([[1.1]])))
    assert answer.output.item() == 200
    assert answer.gradients["x"].item() == pytest.approx(2.2)
    assert answer.gradients["y"].item() == pytest.approx(110)


def test_twin_of_the_bias() -> None:
    answer = answer_of_twin(ROWS["Affine"], BIAS)
    np.testing.assert_array_equal(answer.gradients["b"], [5, 7, 9])
    np.testing.assert_array_equal(answer.gradients["W"], [[9, 12, 15]])
    np.testing.assert_array_equal(answer.gradients["x"], [[5], [11]])


def test_twin_of_the_loss() -> None:
    """y = (.3, .2, .5) for class 1: y - t."""
    logits = np.log([[0.3, 0.2, 0.5]])
    case = Case({"N": 1, "C": 3}, {"x": logits, "t": np.array([[0.0, 1.0, 0.0]])}, {})
    answer = answer_of_twin(ROWS["SoftmaxWithLoss"], case)
    assert answer.output.item() == pytest.approx(-np.log(0.2))
    np.testing.assert_allclose(answer.gradients["x"], [[0.3, -0.8, 0.5]])
    double = answer_of_twin(ROWS["SoftmaxWithLoss"], case.with_dout(np.array(2.0)))
    np.testing.assert_allclose(double.gradients["x"], [[0.6, -1.6, 1.0]])


def test_twin_of_the_cross_entropy() -> None:
    y = np.array([[0.1, 0.2, 0.7], [0.8, 0.1, 0.1]])
    t = np.array([[0.0, 0, 1], [1, 0, 0]])
    answer = answer_of_twin(
        ROWS["cross_entropy_error"], Case({"N": 2, "C": 3}, {"y": y, "t": t}, {})
    )
    assert answer.output.item() == pytest.approx(0.289909, abs=1e-6)


def test_twin_of_relu_at_its_kink_is_zero() -> None:
    case = Case({"N": 1, "D": 3}, {"x": np.array([[-1.0, 0, 1]])}, {}, np.full((1, 3), 3.0))
    answer = answer_of_twin(ROWS["Relu"], case)
    np.testing.assert_array_equal(answer.output, [[0, 0, 1]])
    np.testing.assert_array_equal(answer.gradients["x"], [[0, 0, 3]])


@pytest.mark.parametrize("row", CONTRACTS, ids=lambda row: row.name)
def test_twin_answers_in_double_precision(row: Any) -> None:
    from trigrad.cases.drawing import draw_cases

    case, _ = draw_cases(row, 0, 3)[-1]
    answer = answer_of_twin(row, case)
    assert answer.output.dtype == np.float64
    assert set(answer.gradients) == set(row.gradients)
    for name, gradient in answer.gradients.items():
        assert gradient.dtype == np.float64
        assert gradient.shape == case.arrays[name].shape


# --- the twin as a subject ----------------------------------------------------------------------


def arrays(result: object) -> dict[str, Array]:
    assert isinstance(result, Returned)
    return {name: np.asarray(value) for name, value in result.values.items()}


def test_twin_s_face_builds_forwards_and_goes_back() -> None:
    face = TwinFace(ROWS["Affine"])
    built, forward, backward = face.run(
        [Build(BIAS.parameters), Forward(BIAS.operands), Backward(BIAS.dout)]
    )
    assert arrays(built) == {}
    np.testing.assert_array_equal(arrays(forward)["output"], [[1, -1, 2], [2, -2, 4]])
    np.testing.assert_array_equal(arrays(backward)["b"], [5, 7, 9])


def test_twin_s_backward_belongs_to_its_last_forward() -> None:
    face = TwinFace(ROWS["MulLayer"])
    other = {"x": np.array([[5.0]]), "y": np.array([[7.0]])}
    dout = np.array([[2.0]])
    *_, backward = face.run([Build(), Forward(other), Forward(APPLES.operands), Backward(dout)])
    assert arrays(backward)["x"].item() == 4


def test_twin_s_face_keeps_single_precision() -> None:
    face = TwinFace(ROWS["MulLayer"])
    single = {name: array.astype(np.float32) for name, array in APPLES.operands.items()}
    _, forward, backward = face.run([Build(), Forward(single), Backward(np.array([[2.0]]))])
    found = [*arrays(forward).values(), *arrays(backward).values()]
    assert {array.dtype for array in found} == {np.dtype(np.float32)}


def test_twin_s_face_gives_numbers_for_numbers() -> None:
    face = TwinFace(ROWS["MulLayer"])
    number = Form.NUMBER
    dout = np.array([[2.0]])
    _, forward, backward = face.run(
        [Build(), Forward(APPLES.operands, number), Backward(dout, number)]
    )
    assert arrays(forward)["output"].shape == ()
    assert {array.shape for array in arrays(backward).values()} == {()}


def test_twin_s_face_has_the_network_s_methods() -> None:
    row = ROWS["TwoLayerNet"]
    operands = {"x": np.array([[1.0, -1], [-1, 1]]), "t": np.eye(2)}
    weights = {"W1": np.eye(2), "b1": np.zeros(2), "W2": np.eye(2), "b2": np.zeros(2)}
    face = TwinFace(row)
    _, predict, accuracy = face.run(
        [Build(weights), Method("predict", operands), Method("accuracy", operands)]
    )
    np.testing.assert_array_equal(arrays(predict)["output"], np.eye(2))
    assert arrays(accuracy)["output"] == 1.0
    flipped = Case({}, {**operands, "t": np.eye(2)[::-1].copy()}, weights)
    assert methods_of_twin(row, "accuracy", flipped) == [0.0]


# --- what is compared ---------------------------------------------------------------------------


def test_single_entry_keeps_the_axes_and_the_first_numbers() -> None:
    case = single_entry(BIAS)
    assert set(case.sizes.values()) == {1}
    assert {name: array.tolist() for name, array in case.shown.items()} == {
        "x": [[1.0]],
        "W": [[1.0]],
        "b": [0.0],
        "dout": [[1.0]],
    }


class Mul:
    """The right one, also for numbers."""

    def forward(self, x: Any, y: Any) -> Any:
        self.x, self.y = x, y
        return x * y

    def backward(self, dout: Any) -> tuple[Any, Any]:
        return dout * self.y, dout * self.x


def test_wrong_value_is_named() -> None:
    class Doubled(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            return 2 * super().forward(x, y)

    finding = autograd(check(Doubled, contract="MulLayer", examples=5), "value").finding
    assert finding.message == "the output is wrong: PyTorch computes another one"
    assert finding.evidence is not None
    assert str(finding.evidence.what) == "output"
    np.testing.assert_array_equal(
        np.asarray(finding.evidence.is_), 2 * np.asarray(finding.evidence.should_be, np.float64)
    )


def test_gradient_is_judged_where_the_value_is_wrong() -> None:
    class Shifted(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            return super().forward(x, y) + 1

    report = check(Shifted, contract="MulLayer", examples=5)
    assert autograd(report, "value").finding.outcome is Outcome.FAIL
    assert autograd(report, "gradient of x").finding.outcome is Outcome.PASS


@pytest.mark.parametrize("part", ["output", "gradient of x", "gradient of y"])
def test_number_that_is_wrong_where_arrays_are_right(part: str) -> None:
    class WrongNumbers(Mul):
        def forward(self, x: Any, y: Any) -> Any:
            out = super().forward(x, y)
            return out + (part == "output" and isinstance(x, float))

        def backward(self, dout: Any) -> tuple[Any, Any]:
            dx, dy = super().backward(dout)
            if isinstance(dout, float):
                dx += part == "gradient of x"
                dy += part == "gradient of y"
            return dx, dy

    report = check(WrongNumbers, contract="MulLayer", examples=5)
    finding = autograd(report, "plain numbers").finding
    assert [j.claim.name for j in report.layers[0].failures] == ["plain numbers"]
    assert (
        finding.message
        == f"with plain Python numbers the {part} is wrong: PyTorch computes another one"
    )


def test_number_that_raises_where_arrays_are_right() -> None:
    class NeedsArrays(Mul):
        def backward(self, dout: Any) -> tuple[Any, Any]:
            return dout.copy() * self.y, dout * self.x

    report = check(NeedsArrays, contract="MulLayer", examples=5)
    finding = autograd(report, "plain numbers").finding
    assert finding.message == "plain Python numbers do not work"
    assert finding.evidence is not None
    assert finding.evidence.raised is not None
    assert finding.evidence.raised.error == "AttributeError"


def test_method_that_a_network_does_not_have_is_no_fault() -> None:
    class Bare:
        def __init__(self, *sizes: int) -> None:
            self._net = impl.TwoLayerNet(*sizes)
            self.params = self._net.params

        def loss(self, x: Array, t: Array) -> Any:
            return self._net.loss(x, t)

        def gradient(self, x: Array, t: Array) -> Any:
            return self._net.gradient(x, t)

    report = check(Bare, contract="TwoLayerNet", examples=3)
    assert report.ok
    finding = autograd(report, "accuracy").finding
    assert finding.outcome is Outcome.NOT_APPLICABLE
    assert finding.message == "has no accuracy"


def test_method_that_fails_inside_is_refuted() -> None:
    """Also with an AttributeError of its own."""

    class Net(impl.TwoLayerNet):
        def accuracy(self, x: Array, t: Any) -> Any:  # noqa: ARG002
            return self.no_such_layer  # type: ignore[attr-defined]

    report = check(Net, contract="TwoLayerNet", examples=3)
    finding = autograd(report, "accuracy").finding
    assert finding.outcome is Outcome.FAIL
    assert report.ok  # advice: the loss and its gradients are what is promised


def test_method_that_fails_inside_is_refuted_without_its_text_too() -> None:
    """A class made by a program has no lines to show, and errors of its own all the same."""

    def accuracy(self: Any, x: Array, t: Any) -> Any:  # noqa: ARG001
        return self.no_such_layer

    net = type("TwoLayerNet", (impl.TwoLayerNet,), {"accuracy": accuracy})
    report = check(net, examples=3)
    assert autograd(report, "accuracy").finding.outcome is Outcome.FAIL


def test_accuracy_as_a_count_is_refuted() -> None:
    class Net(impl.TwoLayerNet):
        def accuracy(self, x: Array, t: Any) -> Any:
            return np.sum(self.predict(x).argmax(axis=1) == t.argmax(axis=1))

    report = check(Net, contract="TwoLayerNet", examples=5)
    finding = autograd(report, "accuracy").finding
    assert finding.message == "the result of accuracy is wrong: PyTorch computes another one"


def test_rows_without_gradients_have_a_value_to_compare() -> None:
    for row in CONTRACTS:
        if row.kind is Kind.FUNCTION:
            assert not row.gradients
            ones = {v.name: np.ones((1,) * len(v.shape)) for v in row.operands}
            case = Case(dict.fromkeys(row.symbols, 1), ones, {})
            assert answer_of_twin(row, case).gradients == {}
