"""The deep networks: their layers, their gradients two ways, and training in place."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from trigrad.impl import MultiLayerNet, SimpleConvNet
from trigrad.impl.deep_network import he

LABELS = np.array([2, 0, 1, 2])
ONE_HOT = np.eye(3, dtype=int)[LABELS]


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def multi(**settings):
    return MultiLayerNet(6, [5, 4], 3, **settings), drawn(4, 6)


def conv():
    return SimpleConvNet((2, 7, 6), 3, filter_size=2, hidden_size=5, output_size=3), drawn(
        4, 2, 7, 6
    )


MADE = {
    "MultiLayerNet": multi,
    "with batch normalisation": lambda: multi(batch_normalization=True),
    "with dropout": lambda: multi(dropout_ratio=0.3),
    "with both": lambda: multi(batch_normalization=True, dropout_ratio=0.3),
    "SimpleConvNet": conv,
}


@pytest.fixture(params=MADE.values(), ids=MADE)
def made(request):
    """A network with no weight 0, and images for it."""
    np.random.seed(0)
    net, x = request.param()
    for number, param in enumerate(net.params.values()):
        param += 0.1 * drawn(*param.shape, seed=number)
    return net, x


def test_layers_of_multi_layer_net():
    net = MultiLayerNet(6, [5, 4], 3, batch_normalization=True, dropout_ratio=0.5)
    hidden = ["Affine", "BatchNormalization", "Relu", "Dropout"]
    due = [f"{name}{number}" for number in (1, 2) for name in hidden]
    assert list(net.layers) == [*due, "Affine3"]
    assert list(MultiLayerNet(6, [5], 3).layers) == ["Affine1", "Relu1", "Affine2"]
    assert list(MultiLayerNet(6, [], 3).layers) == ["Affine1"]


def test_params_of_multi_layer_net():
    params = MultiLayerNet(6, [5, 4], 3, batch_normalization=True).params
    assert {key: param.shape for key, param in params.items()} == {
        **{"W1": (6, 5), "b1": (5,), "gamma1": (5,), "beta1": (5,)},
        **{"W2": (5, 4), "b2": (4,), "gamma2": (4,), "beta2": (4,), "W3": (4, 3), "b3": (3,)},
    }
    assert [params[key].min() for key in ("gamma1", "beta1", "b1")] == [1, 0, 0]


def test_layers_and_params_of_simple_conv_net():
    net = SimpleConvNet()
    names = ["Convolution1", "Relu1", "MaxPooling1", "Flatten1", "Affine2", "Relu2", "Affine3"]
    assert list(net.layers) == names
    assert {key: param.shape for key, param in net.params.items()} == {
        **{"W1": (30, 1, 5, 5), "b1": (30,), "W2": (30 * 12 * 12, 100), "b2": (100,)},
        **{"W3": (100, 10), "b3": (10,)},
    }


def test_the_deviation_of_the_weights():
    np.random.seed(0)
    np.testing.assert_allclose(he((100, 200), 100).std(), 2**0.5 / 10, rtol=0.02)
    params = SimpleConvNet((3, 28, 28)).params
    np.testing.assert_allclose(params["W1"].std(), (2 / 75) ** 0.5, rtol=0.05)
    np.testing.assert_allclose(params["W2"].std(), (2 / 4320) ** 0.5, rtol=0.05)


@pytest.mark.parametrize("t", [LABELS, ONE_HOT], ids=["labels", "one-hot"])
def test_back_propagation_agrees_with_central_differences(made, t):
    net, x = made
    np.random.seed(7)
    gradient = net.gradient(x, t)
    np.random.seed(7)  # the same numbers are dropped
    numerical = net.numerical_gradient(x, t)
    assert list(gradient) == list(numerical) == list(net.params)
    for key, param in net.params.items():
        assert gradient[key].shape == numerical[key].shape == param.shape
        np.testing.assert_allclose(gradient[key], numerical[key], atol=1e-7)
    assert all(np.abs(gradient[key]).max() > 1e-3 for key in gradient if key[0] == "W")


def test_pytorch_agrees():
    net, x = conv()
    tensors = {key: torch.tensor(param, requires_grad=True) for key, param in net.params.items()}
    W1, b1, W2, b2, W3, b3 = tensors.values()
    seen = functional.max_pool2d(torch.relu(functional.conv2d(torch.tensor(x), W1, b1)), 2)
    scores = torch.relu(seen.flatten(1) @ W2 + b2) @ W3 + b3
    loss = functional.cross_entropy(scores, torch.tensor(LABELS))
    loss.backward()
    np.testing.assert_allclose(net.loss(x, LABELS), loss.item(), rtol=1e-13)
    for key, gradient in net.gradient(x, LABELS).items():
        np.testing.assert_allclose(gradient, tensors[key].grad.numpy(), rtol=1e-11, atol=1e-15)


def test_an_update_in_place_reaches_predict(made):
    net, x = made
    for key, param in net.params.items():
        before = net.predict(x)
        param += 0.1 * drawn(*param.shape, seed=1)
        assert not np.allclose(net.predict(x), before), key


def test_training_lowers_the_loss(made):
    net, x = made
    before = net.loss(x, LABELS, train=False)
    for _ in range(100):
        for key, gradient in net.gradient(x, LABELS).items():
            net.params[key] -= 0.1 * gradient
    assert net.loss(x, LABELS, train=False) < 0.5 * before


def test_gradient_leaves_params_as_they_were(made):
    net, x = made
    before = {key: param.copy() for key, param in net.params.items()}
    x.flags.writeable = False
    net.gradient(x, LABELS)
    assert all(np.array_equal(net.params[key], before[key]) for key in before)


def test_used_it_gives_the_same_every_time(made):
    net, x = made
    np.testing.assert_array_equal(net.predict(x), net.predict(x))
    np.testing.assert_allclose(net.predict(x[:1]), net.predict(x)[:1], rtol=1e-12)


@pytest.mark.parametrize("settings", [{"batch_normalization": True}, {"dropout_ratio": 0.3}])
def test_in_training_it_gives_something_else(settings):
    net, x = multi(**settings)
    assert not np.allclose(net.predict(x, train=True), net.predict(x))
    assert net.loss(x, LABELS) != net.loss(x, LABELS, train=False)


@pytest.mark.parametrize("t", [LABELS, ONE_HOT], ids=["labels", "one-hot"])
def test_accuracy(made, t):
    net, x = made
    right = np.mean(net.predict(x).argmax(axis=1) == LABELS)
    accuracy = net.accuracy(x, t)
    assert accuracy == right
    assert type(accuracy) is float


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(dtype):
    multi_layer = MultiLayerNet(6, [5], 3, True, 0.5, dtype=dtype)
    simple = SimpleConvNet((1, 6, 6), 2, 3, 4, 3, dtype=dtype)
    for net, x in ((multi_layer, drawn(4, 6)), (simple, drawn(4, 1, 6, 6))):
        x = x.astype(dtype)
        gradients = net.gradient(x, LABELS).values()
        due = {np.dtype(dtype)}
        assert {a.dtype for a in (*net.params.values(), *gradients)} == due
        assert net.predict(x).dtype == dtype
