"""The losses: PyTorch's values and gradients, and shapes that do not fit."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from trigrad.impl import Huber, MeanSquaredError, SigmoidWithLoss

LOSSES = {
    "MeanSquaredError": (MeanSquaredError, functional.mse_loss),
    "Huber": (Huber, functional.huber_loss),
    "Huber with delta": (lambda: Huber(0.3), lambda x, t: functional.huber_loss(x, t, delta=0.3)),
    "SigmoidWithLoss": (SigmoidWithLoss, functional.binary_cross_entropy_with_logits),
}
every_loss = pytest.mark.parametrize(("make", "twin"), LOSSES.values(), ids=LOSSES)


def drawn(*shape, dtype=np.float64):
    return np.random.default_rng(0).normal(scale=2, size=shape).astype(dtype)


def yes_or_no(*shape, dtype=np.float64):
    return (np.random.default_rng(1).random(shape) < 0.5).astype(dtype)


def test_mean_squared_error_by_hand():
    layer = MeanSquaredError()
    assert layer.forward(np.array([1.0, 5.0]), [2, 2]) == 5
    assert layer.backward().tolist() == [-1, 3]


def test_huber_by_hand():
    layer = Huber(2)
    assert layer.forward(np.array([1.0, 5.0]), [2, 2]) == (0.5 + 2 * 2) / 2
    assert layer.backward().tolist() == [-0.5, 1]


def test_sigmoid_with_loss_by_hand():
    layer = SigmoidWithLoss()
    loss = layer.forward(np.log([[3.0], [1 / 4]]), [[1], [0]])  # y = 3/4, 1/5
    np.testing.assert_allclose(loss, -(np.log(3 / 4) + np.log(4 / 5)) / 2)
    np.testing.assert_allclose(layer.backward(), [[-1 / 8], [1 / 10]])


@every_loss
@pytest.mark.parametrize("shape", [(5,), (4, 1), (4, 3), (2, 3, 2)])
@pytest.mark.parametrize("dout", [1, -2.5])
def test_pytorch_agrees(make, twin, shape, dout):
    x, t = drawn(*shape), yes_or_no(*shape)
    tensor = torch.tensor(x, requires_grad=True)
    due = twin(tensor, torch.tensor(t))
    (dout * due).backward()
    layer = make()
    np.testing.assert_allclose(layer.forward(x, t), due.item(), rtol=1e-13)
    dx = layer.backward(dout)
    assert dx.shape == shape
    np.testing.assert_allclose(dx, tensor.grad.numpy(), rtol=1e-12, atol=1e-16)


@every_loss
@pytest.mark.parametrize(("x_shape", "t_shape"), [((4, 1), (4,)), ((4,), (4, 1)), ((4, 3), (3,))])
def test_shapes_that_would_broadcast_are_refused(make, twin, x_shape, t_shape):  # noqa: ARG001
    with pytest.raises(ValueError, match="t of shape"):
        make().forward(np.zeros(x_shape), np.zeros(t_shape))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_where_sigmoid_is_0_or_1_the_loss_is_finite(dtype):
    layer = SigmoidWithLoss()
    loss = layer.forward(np.array([1000, -1000, 1000, -1000], dtype), [1, 0, 0, 1])
    assert (loss, loss.dtype) == (500, dtype)
    assert layer.backward().tolist() == [0, 0, 0.25, -0.25]


@every_loss
@pytest.mark.parametrize("t_dtype", [np.float64, np.int64, np.bool_])
def test_dtype_is_that_of_x(make, twin, t_dtype):  # noqa: ARG001
    layer = make()
    loss = layer.forward(drawn(4, 3, dtype=np.float32), yes_or_no(4, 3, dtype=t_dtype))
    assert loss.dtype == layer.backward().dtype == np.float32


@every_loss
def test_no_argument_is_overwritten_or_needed_again(make, twin):  # noqa: ARG001
    layer, other, x, t = make(), make(), drawn(4, 3), yes_or_no(4, 3)
    other.forward(x.copy(), t.copy())
    for array in (x, t):
        array.flags.writeable = False
    layer.forward(x, t)
    for array in (x, t):
        array.flags.writeable = True
        array[:] = 7
    np.testing.assert_array_equal(layer.backward(), other.backward())
