"""The activations: PyTorch's values and gradients, and the manners promised in docstrings."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from trigrad.impl import ELU, GELU, LeakyReLU, Softplus, Swish, Tanh

LAYERS = {
    "Tanh": (Tanh, torch.tanh),
    "LeakyReLU": (LeakyReLU, functional.leaky_relu),
    "LeakyReLU with a slope": (
        lambda: LeakyReLU(0.2),
        lambda x: functional.leaky_relu(x, negative_slope=0.2),
    ),
    "ELU": (ELU, functional.elu),
    "ELU with alpha": (lambda: ELU(0.5), lambda x: functional.elu(x, alpha=0.5)),
    "GELU": (GELU, lambda x: functional.gelu(x, approximate="tanh")),
    "Swish": (Swish, functional.silu),
    "Softplus": (Softplus, functional.softplus),
}
every_layer = pytest.mark.parametrize(("make", "twin"), LAYERS.values(), ids=LAYERS)


def drawn(*shape, dtype=np.float64, seed=0):
    """Normally distributed numbers, none of them 0 or 1."""
    return np.random.default_rng(seed).normal(scale=2, size=shape).astype(dtype)


@every_layer
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4, 2)])
def test_it_is_pytorch_s(make, twin, shape):
    x, dout = drawn(*shape), drawn(*shape, seed=1)
    tensor = torch.tensor(x, requires_grad=True)
    out = twin(tensor)
    out.backward(torch.tensor(dout))
    layer = make()
    np.testing.assert_allclose(layer.forward(x), out.detach().numpy(), rtol=1e-12, atol=1e-15)
    dx = layer.backward(dout)
    assert dx.shape == shape
    # 1 + t cancels where t is near -1: what is left is off by a rounding of 1.
    np.testing.assert_allclose(dx, tensor.grad.numpy(), rtol=1e-12, atol=1e-14)


@every_layer
def test_float32_stays_float32(make, twin):  # noqa: ARG001
    layer = make()
    assert layer.forward(drawn(2, 3, dtype=np.float32)).dtype == np.float32
    assert layer.backward(drawn(2, 3, dtype=np.float32)).dtype == np.float32


@every_layer
def test_no_argument_is_overwritten_and_none_is_kept(make, twin):  # noqa: ARG001
    layer, x, dout = make(), drawn(2, 3), drawn(2, 3, seed=1)
    for array in (x, dout):
        array.flags.writeable = False
    out = layer.forward(x)
    dx = layer.backward(dout)
    assert not np.shares_memory(dx, dout)
    assert not np.shares_memory(out, x)


@every_layer
def test_large_inputs_stay_finite_and_warn_nothing(make, twin):  # noqa: ARG001
    layer = make()
    assert np.isfinite(layer.forward(np.array([-1000.0, 1000.0]))).all()
    assert np.isfinite(layer.backward(np.ones(2))).all()


@every_layer
def test_integers_are_numbers(make, twin):  # noqa: ARG001
    x = np.array([-2, -1, 1, 2])
    np.testing.assert_array_equal(make().forward(x), make().forward(x.astype(np.float64)))
