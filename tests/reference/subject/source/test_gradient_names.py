"""Names that mean a gradient, and names that only contain such a word."""

from __future__ import annotations

import pytest

from trigrad.subject.source.gradient_names import (
    function_of_derivative,
    is_gradient_variable,
    means_gradient,
)


@pytest.mark.parametrize(
    "name",
    [
        *("backward", "backprop", "bprop", "_backward", "backpropagate", "backwardPass", "bakward"),
        *("grad", "gradient", "derivative", "deriv", "derivate", "prime", "d_loss", "loss_grad"),
        *(
            "sigmoid_prime",
            "reluDerivative",
            "sigmoidprime",
            "compute_gradients",
            "cost_derivative",
        ),
        *("affine_backward", "backward_propagation", "relu_backward_naive"),
    ],
)
def test_names_of_gradient_code(name: str) -> None:
    assert means_gradient(name)


@pytest.mark.parametrize(
    "name",
    [
        *("numerical_gradient", "gradient_descent", "clip_grads", "zero_grad", "gradient_check"),
        *("is_prime", "plot_gradient", "load_gradients", "update", "forward", "upgrade", "primer"),
        *("graduate", "dense", "data", "dropout", "apply_gradients"),
    ],
)
def test_names_of_other_code(name: str) -> None:
    assert not means_gradient(name)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("sigmoid_prime", "sigmoid"),
        ("dsigmoid", "sigmoid"),
        ("d_sigmoid", "sigmoid"),
        ("sigmoid_grad", "sigmoid"),
        ("deriv_sigmoid", "sigmoid"),
        ("derivative_of_sigmoid", "sigmoid"),
        ("sigmoidDerivative", "sigmoid"),
        ("gradSigmoid", "sigmoid"),
        ("df", "f"),
        ("leaky_relu_grad", "leaky_relu"),
        ("dense", ""),
        ("sigmoid", ""),
        ("sigmoid_backward", ""),
        ("data", ""),
    ],
)
def test_the_function_of_a_derivative(name: str, of: str) -> None:
    assert function_of_derivative(name, ("sigmoid", "f")) == of


@pytest.mark.parametrize("name", ["dW", "dw1", "db", "dZ2", "dout", "dA_prev", "grads", "W_grad"])
def test_variables_that_hold_a_gradient(name: str) -> None:
    assert is_gradient_variable(name)


@pytest.mark.parametrize("name", ["data", "dim", "dt", "depth", "dot", "W", "dist", "distance"])
def test_variables_that_hold_none(name: str) -> None:
    assert not is_gradient_variable(name)


def test_a_gradient_is_named_after_its_variable() -> None:
    assert is_gradient_variable("dembedded", {"embedded"})
    assert not is_gradient_variable("dembedded", {"words"})
