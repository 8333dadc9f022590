"""The contract table: its rows agree with themselves, with each other and with the chapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from trigrad import check
from trigrad.cases.case import Case
from trigrad.cases.drawing import draw_cases
from trigrad.cases.sampling import variant_case
from trigrad.contracts.binary import BINARY
from trigrad.contracts.registry import CONTRACTS, contract_named
from trigrad.contracts.regression import MSE_FUNCTION, REGRESSION
from trigrad.contracts.schema import (
    Array,
    Contract,
    Domain,
    Kind,
    Reading,
    Variable,
    shape_of,
    size_of,
)
from trigrad.contracts.variables import STABILISER
from trigrad.witnesses.twin import answer_of_twin, methods_of_twin

ROWS = {row.name: row for row in CONTRACTS}
every_row = pytest.mark.parametrize("row", CONTRACTS, ids=lambda row: row.name)


def cases(row: Contract) -> list[Case]:
    return [case for case, _ in draw_cases(row, 0, 10)]


def variant_cases(row: str, name: str) -> list[tuple[Contract, Case]]:
    (variant,) = (v for v in ROWS[row].readings.variants if v.name == name)
    materials = [material for _, material in draw_cases(ROWS[row], 0, 10)]
    return [(variant.contract, variant_case(variant, ROWS[row], m)) for m in materials]


# --- shapes -------------------------------------------------------------------------------------


def test_shape_of_symbols_and_products() -> None:
    sizes = {"N": 2, "P": 3, "Q": 4, "R": 5}
    assert size_of("N", sizes) == 2
    assert size_of("P*Q*R", sizes) == 60
    assert shape_of(("N", "P*Q"), sizes) == (2, 12)
    assert shape_of((), sizes) == ()


def test_symbols_are_in_order_of_appearance_and_unique() -> None:
    assert ROWS["Affine"].symbols == ("N", "D", "M")
    assert ROWS["TwoLayerNet"].symbols == ("N", "I", "O", "H")
    tensors = next(v.contract for v in ROWS["Affine"].readings.variants if v.name == "4-D x")
    assert tensors.symbols == ("N", "P", "Q", "R", "M")


def test_kinds_of_the_table() -> None:
    by_kind = {kind: {row.name for row in CONTRACTS if row.kind is kind} for kind in Kind}
    assert by_kind == {
        Kind.LAYER: {
            "MulLayer",
            "AddLayer",
            "Relu",
            "Sigmoid",
            "Tanh",
            "LeakyReLU",
            "ELU",
            "SELU",
            "GELU",
            "Swish",
            "Softplus",
            "Softsign",
            "Mish",
            "HardTanh",
            "HardSigmoid",
            "HardSwish",
            "ReLU6",
            "Affine",
            "MatMul",
            "SoftmaxWithLoss",
            "BinaryCrossEntropy",
            "SigmoidWithLoss",
            "MeanSquaredError",
            "MeanAbsoluteError",
        },
        Kind.FUNCTION: {
            "softmax",
            "sigmoid",
            "relu",
            "tanh",
            "leaky_relu",
            "elu",
            "selu",
            "gelu",
            "swish",
            "softplus",
            "step_function",
            "cross_entropy_error",
            "mean_squared_error",
            "numerical_gradient",
        },
        Kind.NETWORK: {"TwoLayerNet"},
        Kind.ENGINE: set(),  # judged by programs, not by a row
        Kind.OPTIMISER: set(),  # rows of their own: they take steps, and have no cases
    }


@every_row
def test_row_names_only_what_it_has(row: Contract) -> None:
    variables = [v.name for v in row.variables]
    assert len(set(variables)) == len(variables)
    operands = {v.name for v in row.operands}
    assert set(row.gradients) <= set(variables)
    assert set(row.promises.shift_invariant) <= operands
    assert set(row.promises.kept) <= operands
    assert set(row.promises.added) <= {v.name for v in row.parameters}
    assert set(row.built_from) <= set(row.symbols)
    assert {s for axis in row.output for s in axis.split("*")} <= set(row.symbols)
    for name in variables:
        assert row.variable(name).name == name
    assert row.notation.formula
    assert row.notation.aliases


def test_aliases_lead_to_one_row_of_a_kind() -> None:
    for one in CONTRACTS:
        for other in CONTRACTS:
            if one is not other and (one.kind is Kind.FUNCTION) is (other.kind is Kind.FUNCTION):
                assert not set(one.notation.aliases) & set(other.notation.aliases)


# --- the table by name --------------------------------------------------------------------------


@every_row
def test_row_is_found_by_its_own_name(row: Contract) -> None:
    """`sigmoid` is the function, `Sigmoid` the layer."""
    assert contract_named(row.name) is row


def test_row_is_found_in_another_case() -> None:
    assert contract_named("affine") is ROWS["Affine"]
    assert contract_named("SOFTMAX") is ROWS["softmax"]
    assert contract_named("Softmax2") is None


def test_function_is_judged_by_the_contract_that_is_named() -> None:
    def squash(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    report = check(squash, contract="sigmoid", examples=2)
    assert [layer.layer for layer in report.layers if layer.judgements] == ["sigmoid"]


# --- the twins ----------------------------------------------------------------------------------


@every_row
def test_twin_gives_the_shapes_of_the_row(row: Contract) -> None:
    for case in cases(row):
        answer = answer_of_twin(row, case)
        assert answer.output.shape == shape_of(row.output, case.sizes)
        for name in row.gradients:
            assert answer.gradients[name].shape == case.arrays[name].shape


@every_row
def test_gradients_of_a_twin_are_finite(row: Contract) -> None:
    for case in cases(row):
        for gradient in answer_of_twin(row, case).gradients.values():
            assert np.isfinite(gradient).all()


def agree(contract: Contract, case: Case, row: Contract, other: Case) -> None:
    """The same value and, up to their shape, the same gradients."""
    one, two = answer_of_twin(contract, case), answer_of_twin(row, other)
    np.testing.assert_allclose(one.output.ravel(), two.output.ravel(), rtol=1e-12)
    for name, gradient in one.gradients.items():
        np.testing.assert_allclose(
            gradient.ravel(), two.gradients[name].ravel(), rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize("row", ["SoftmaxWithLoss", "cross_entropy_error"])
@pytest.mark.parametrize("variant", ["labels", "labels where N = C"])
def test_labels_are_their_one_hot_rows(row: str, variant: str) -> None:
    for contract, case in variant_cases(row, variant):
        one_hot = np.eye(case.sizes["C"])[case.operands["t"]]
        agree(contract, case, ROWS[row], case.with_values(t=one_hot))


@pytest.mark.parametrize("row", ["Affine", "SoftmaxWithLoss", "softmax", "cross_entropy_error"])
def test_single_sample_is_a_batch_of_one(row: str) -> None:
    for contract, case in variant_cases(row, "1-D samples"):
        operands = {name: array[None] for name, array in case.operands.items()}
        dout = None if case.dout is None else case.dout[None]
        batch = Case({**case.sizes, "N": 1}, operands, case.parameters, dout)
        agree(contract, case, ROWS[row], batch)


def test_tensors_are_their_flat_rows() -> None:
    for contract, case in variant_cases("Affine", "4-D x"):
        x = case.operands["x"].reshape(case.sizes["N"], -1)
        flat = replace(case, operands={"x": x})
        agree(contract, case, ROWS["Affine"], flat)


@pytest.mark.parametrize("row", ["MulLayer", "AddLayer"])
def test_broadcast_operand_is_its_repeated_row(row: str) -> None:
    for contract, case in variant_cases(row, "broadcast operands"):
        x, y = case.operands["x"], case.operands["y"]
        repeated = replace(case, operands={"x": x, "y": np.broadcast_to(y, x.shape).copy()})
        one, two = answer_of_twin(contract, case), answer_of_twin(ROWS[row], repeated)
        np.testing.assert_allclose(one.output, two.output)
        np.testing.assert_allclose(one.gradients["x"], two.gradients["x"])
        np.testing.assert_allclose(one.gradients["y"], two.gradients["y"].sum(axis=0))


BY_ACTIVATION = {r.keyword: r for r in ROWS["TwoLayerNet"].readings.others if r.keyword}
HIDDEN: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda a: np.maximum(a, 0), lambda z: z > 0),
    "sigmoid": (lambda a: 1 / (1 + np.exp(-a)), lambda z: z * (1 - z)),
    "tanh": (np.tanh, lambda z: 1 - z**2),
}
"""The function between the layers, and its derivative from what it gives."""


@pytest.mark.parametrize("said", HIDDEN)
def test_network_is_put_together_from_its_layers(said: str) -> None:
    row = BY_ACTIVATION[said].contract if said in BY_ACTIVATION else ROWS["TwoLayerNet"]
    function, derivative = HIDDEN[said]
    for case in cases(row):
        x, t = case.operands.values()
        W1, b1, W2, b2 = case.parameters.values()
        hidden = function(x @ W1 + b1)
        rows = Case({"N": len(x), "C": t.shape[1]}, {"x": hidden @ W2 + b2, "t": t}, {})
        loss = answer_of_twin(ROWS["SoftmaxWithLoss"], rows)
        dscores = loss.gradients["x"]
        dhidden = (dscores @ W2.T) * derivative(hidden)
        due = {
            "W1": x.T @ dhidden,
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T @ dscores,
            "b2": dscores.sum(axis=0),
        }
        answer = answer_of_twin(row, case)
        np.testing.assert_allclose(answer.output, loss.output)
        for name, gradient in due.items():
            np.testing.assert_allclose(answer.gradients[name], gradient, atol=1e-14)


def test_every_reading_of_a_network_is_tried_here() -> None:
    assert {*BY_ACTIVATION, "relu"} == {*HIDDEN}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["np", "maximum", "sigmoid"], None),
        (["Affine", "ReLU", "Sigmoid"], None),
        (["Affine", "SoftmaxWithLoss"], None),
        ([], None),
        (["Affine", "SigmoidLayer"], "sigmoid"),
        (["sigmoid_grad", "softmax"], "sigmoid"),
        (["np", "tanh"], "tanh"),
    ],
)
def test_the_names_in_a_text_say_which_network_it_is(names: list[str], said: str | None) -> None:
    reading = ROWS["TwoLayerNet"].reading_named_in(names)
    assert (reading.keyword if reading else None) == said


def test_predict_may_end_with_softmax_or_before_it_or_give_the_class() -> None:
    row = ROWS["TwoLayerNet"]
    for case in cases(row):
        scores, probabilities, classes = methods_of_twin(row, "predict", case)
        due = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
        np.testing.assert_allclose(probabilities, due)
        np.testing.assert_array_equal(classes, scores.argmax(axis=-1))


# --- readings -----------------------------------------------------------------------------------

READINGS = [(row, reading) for row in CONTRACTS for reading in row.readings.others]
every_reading = pytest.mark.parametrize(
    ("row", "reading"), READINGS, ids=lambda each: getattr(each, "key", getattr(each, "name", ""))
)


@every_reading
def test_reading_has_the_operands_of_its_row(row: Contract, reading: Reading) -> None:
    names = [v.name for v in row.operands]
    assert [v.name for v in reading.contract.operands] == names
    assert sorted(reading.order or names) == sorted(names)
    assert reading.contract.name == row.name
    assert reading.words


@pytest.mark.parametrize("reading", [r for _, r in READINGS], ids=lambda r: r.key)
def test_twin_of_a_reading_gives_the_shapes_of_its_row(reading: Reading) -> None:
    for case in cases(reading.contract):
        output = answer_of_twin(reading.contract, case).output
        assert output.shape == shape_of(reading.contract.output, case.sizes)
        assert np.isfinite(output).all()


def test_readings_of_a_row_differ_in_how_they_are_said_or_in_shape() -> None:
    for row in CONTRACTS:
        said = [
            (r.words, r.contract.output, r.contract.operands[0].shape) for r in row.readings.others
        ]
        assert len(set(said)) == len(said)


# --- what else a row knows ----------------------------------------------------------------------


def test_allowance_is_the_stabiliser_over_the_target_s_probability() -> None:
    y = np.array([[0.1, 0.2, 0.7], [0.8, 0.1, 0.1]])
    t = np.array([[0.0, 0, 1], [1, 0, 0]])
    row = ROWS["cross_entropy_error"]
    assert row.promises.allowance is not None
    assert row.promises.allowance({"y": y, "t": t}) == pytest.approx(STABILISER / 0.7)
    assert row.promises.allowance({"y": y, "t": t[::-1]}) == pytest.approx(STABILISER / 0.1)
    assert row.promises.allowance({"y": y, "t": np.array([1, 0])}) == pytest.approx(
        STABILISER / 0.2
    )
    logits = ROWS["SoftmaxWithLoss"]
    assert logits.promises.allowance is not None
    shifted = np.log(y) + np.array([[1.0], [-2.0]])
    assert logits.promises.allowance({"x": shifted, "t": t}) == pytest.approx(STABILISER / 0.7)


@pytest.mark.parametrize("name", ["SoftmaxWithLoss", "cross_entropy_error", "TwoLayerNet"])
def test_allowance_stays_small_on_drawn_cases(name: str) -> None:
    """A must-claim at extreme logits would allow anything."""
    row = ROWS[name]
    assert row.promises.allowance is not None
    assert max(row.promises.allowance(case.arrays) for case in cases(row)) < 1e-4


def test_kinks_are_where_the_function_has_no_derivative() -> None:
    relu, network = ROWS["Relu"], ROWS["TwoLayerNet"]
    assert relu.promises.kinks is not None
    assert network.promises.kinks is not None
    np.testing.assert_array_equal(relu.promises.kinks({"x": np.array([[-1.0, 0.5]])}), [[-1, 0.5]])
    weights = {"W1": np.eye(2), "b1": np.array([1.0, -1]), "W2": np.eye(2), "b2": np.zeros(2)}
    distances = network.promises.kinks({"x": np.array([[2.0, 3.0]]), **weights})
    np.testing.assert_array_equal(distances, [[3, 2]])


def test_numerical_gradient_is_called_with_a_function_and_a_point() -> None:
    row = ROWS["numerical_gradient"]
    assert row.arguments is not None
    x, c1, c2 = np.array([2.0, 3.0]), np.array([1.0, -1.0]), np.array([0.5, 2.0])
    f, point = row.arguments({"x": x, "c1": c1, "c2": c2})
    assert point is x
    assert f(x) == f() == 35 / 16 + 2 + 2 - 3 + 18
    x[0] = 0.0  # in place, as the book does it
    assert f(x) == f() == 27 / 16 - 3 + 18


def test_misreading_has_the_figures_of_its_words() -> None:
    (misreading,) = ROWS["cross_entropy_error"].readings.misreadings
    assert f"{misreading.value:.4f}" == "6.2146"
    assert f"{misreading.should_be:.4f}" == "0.3567"
    assert "6.2146" in str(misreading.words)
    assert "0.3567" in str(misreading.words)


def test_domains_of_targets() -> None:
    for row in CONTRACTS:
        for variable in row.operands:
            of_classes = variable.name == "t" and row not in (*BINARY, *REGRESSION, MSE_FUNCTION)
            assert (variable.domain is Domain.ONE_HOT) is of_classes
    assert Variable("x", ("N",)).domain is Domain.REAL
