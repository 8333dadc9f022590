"""The optimisers: PyTorch's steps, and the manners promised in docstrings."""

import numpy as np
import pytest
import torch

from trigrad.impl import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, TwoLayerNet

OPTIMISERS = {
    "SGD": (lambda: SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    "Momentum": (lambda: Momentum(0.1), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    "Nesterov": (
        lambda: Nesterov(0.1, 0.8),
        lambda p: torch.optim.SGD(p, 0.1, momentum=0.8, nesterov=True),
    ),
    "AdaGrad": (lambda: AdaGrad(0.1), lambda p: torch.optim.Adagrad(p, 0.1, eps=1e-7)),
    "RMSprop": (lambda: RMSprop(0.1), lambda p: torch.optim.RMSprop(p, 0.1, 0.99, eps=1e-7)),
    "Adam": (lambda: Adam(0.1), lambda p: torch.optim.Adam(p, 0.1)),
}
every_optimiser = pytest.mark.parametrize(("make", "twin"), OPTIMISERS.values(), ids=OPTIMISERS)
every_class = pytest.mark.parametrize("make", [make for make, _ in OPTIMISERS.values()])


def drawn(seed=0, dtype=np.float64):
    generator = np.random.default_rng(seed)
    shapes = {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}
    return {name: generator.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


@every_optimiser
def test_its_steps_are_pytorch_s(make, twin):
    params = drawn()
    tensors = {name: torch.nn.Parameter(torch.tensor(array)) for name, array in params.items()}
    optimiser, theirs = make(), twin(list(tensors.values()))
    for step in range(10):
        grads = drawn(step + 1)
        grads["W1"][0] = 0
        for name, tensor in tensors.items():
            tensor.grad = torch.tensor(grads[name])
        optimiser.update(params, grads)
        theirs.step()
        for name, tensor in tensors.items():
            np.testing.assert_allclose(params[name], tensor.detach().numpy(), rtol=1e-12)


@every_class
def test_arrays_are_changed_in_place_and_gradients_are_left(make):
    params, grads = drawn(), drawn(1)
    arrays, kept = dict(params), {name: array.copy() for name, array in grads.items()}
    make().update(params, grads)
    for name, array in arrays.items():
        assert params[name] is array
        assert not np.array_equal(array, drawn()[name])
        np.testing.assert_array_equal(grads[name], kept[name])


@every_class
def test_what_is_remembered_is_its_own(make):
    first, second, grads = drawn(), drawn(), drawn(1)
    one, other = make(), make()
    for _ in range(3):
        one.update(first, grads)
    for _ in range(3):
        other.update(second, grads)
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])
    for held in vars(one).values():
        assert not any(np.shares_memory(v, g) for v in _arrays(held) for g in grads.values())


def _arrays(held):
    return held.values() if isinstance(held, dict) else ()


@every_class
def test_single_precision_stays_what_it_is(make):
    params, grads = drawn(dtype=np.float32), drawn(1, np.float32)
    optimiser = make()
    optimiser.update(params, grads)
    assert all(array.dtype == np.float32 for array in params.values())
    assert all(a.dtype == np.float32 for held in vars(optimiser).values() for a in _arrays(held))


@every_class
def test_a_network_learns(make):
    np.random.seed(0)
    network = TwoLayerNet(4, 10, 3, weight_init_std=0.5)
    x = np.random.randn(30, 4)
    t = np.argmax(x[:, :3], axis=1)
    before = network.loss(x, t)
    optimiser = make()
    for _ in range(60):
        optimiser.update(network.params, network.gradient(x, t))
    assert network.loss(x, t) < 0.8 * before
