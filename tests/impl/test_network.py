"""TwoLayerNet: its gradients two ways, its accuracy, and training in place."""

import numpy as np
import pytest
import torch

from trigrad import impl
from trigrad.impl import TwoLayerNet

LABELS = np.array([2, 0, 1, 2])
ONE_HOT = np.eye(3, dtype=int)[LABELS]


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.fixture
def net():
    np.random.seed(0)
    return TwoLayerNet(5, 4, 3, weight_init_std=1.0)


@pytest.fixture
def identity():
    """A network whose scores are its input's positive part."""
    net = TwoLayerNet(3, 3, 3)
    net.params["W1"][:] = net.params["W2"][:] = np.eye(3)
    return net


def test_params():
    params = TwoLayerNet(7, 4, 3).params
    shapes = {key: param.shape for key, param in params.items()}
    assert shapes == {"W1": (7, 4), "b1": (4,), "W2": (4, 3), "b2": (3,)}
    assert not params["b1"].any()
    assert not params["b2"].any()


@pytest.mark.parametrize(("arguments", "std"), [((), 0.01), ((0.5,), 0.5)])
def test_the_weights_are_random_with_the_given_deviation(arguments, std):
    np.random.seed(0)
    params = TwoLayerNet(100, 80, 90, *arguments).params
    for key in ("W1", "W2"):
        np.testing.assert_allclose(params[key].std(), std, rtol=0.03)
        assert abs(params[key].mean()) < 0.05 * std


def test_numpys_seed_makes_the_weights_repeatable():
    np.random.seed(3)
    first = TwoLayerNet(2, 2, 2).params["W1"]
    np.random.seed(3)
    assert np.array_equal(TwoLayerNet(2, 2, 2).params["W1"], first)


def test_layers_in_the_order_of_forward(net):
    assert [(key, type(layer).__name__) for key, layer in net.layers.items()] == [
        ("Affine1", "Affine"),
        ("Relu1", "Relu"),
        ("Affine2", "Affine"),
    ]
    assert type(net.lastLayer) is impl.SoftmaxWithLoss


def test_predict_by_hand(identity):
    identity.params["b2"][:] = 10, 20, 30
    assert identity.predict(np.array([[1.0, -2.0, 3.0]])).tolist() == [[11, 20, 33]]


def test_loss_by_hand(identity):
    x = np.log([[1.0, 2.0, 5.0], [6.0, 3.0, 3.0]])  # softmax: eighths, twelfths
    np.testing.assert_allclose(identity.loss(x, np.array([2, 1])), -np.log(5 / 8 * 3 / 12) / 2)


@pytest.mark.parametrize("t", [LABELS, ONE_HOT], ids=["labels", "one-hot"])
@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1)])
def test_back_propagation_agrees_with_central_differences(net, t, shape):
    x = drawn(*shape)
    gradient, numerical = net.gradient(x, t), net.numerical_gradient(x, t)
    assert list(gradient) == list(numerical) == ["W1", "b1", "W2", "b2"]
    for key, param in net.params.items():
        assert gradient[key].shape == numerical[key].shape == param.shape
        assert np.abs(gradient[key]).max() > 0.01  # zeros would agree, too
        np.testing.assert_allclose(gradient[key], numerical[key], atol=1e-7)


def test_pytorch_agrees(net):
    x = drawn(4, 5)
    W1, b1, W2, b2 = (torch.tensor(param, requires_grad=True) for param in net.params.values())
    hidden = torch.relu(torch.tensor(x) @ W1 + b1)
    loss = torch.nn.functional.cross_entropy(hidden @ W2 + b2, torch.tensor(LABELS))
    loss.backward()
    np.testing.assert_allclose(net.loss(x, LABELS), loss.item(), rtol=1e-13)
    for gradient, twin in zip(net.gradient(x, LABELS).values(), (W1, b1, W2, b2), strict=True):
        np.testing.assert_allclose(gradient, twin.grad.numpy(), rtol=1e-11, atol=1e-15)


def test_gradient_does_not_depend_on_an_earlier_batch(net):
    fresh = net.gradient(drawn(4, 5), LABELS)
    net.loss(drawn(2, 5, seed=1), LABELS[:2])
    again = net.gradient(drawn(4, 5), LABELS)
    assert all(np.array_equal(fresh[key], again[key]) for key in fresh)


def test_a_gradient_is_not_changed_by_the_next(net):
    gradient = net.gradient(drawn(4, 5), LABELS)
    before = {key: value.copy() for key, value in gradient.items()}
    net.gradient(drawn(4, 5, seed=1), LABELS)
    assert all(np.array_equal(gradient[key], before[key]) for key in before)


@pytest.mark.parametrize("method", ["gradient", "numerical_gradient"])
def test_gradients_leave_params_and_arguments_as_they_were(net, method):
    x, t = drawn(4, 5), ONE_HOT.copy()
    before = {key: param.copy() for key, param in net.params.items()}
    x.flags.writeable = t.flags.writeable = False
    getattr(net, method)(x, t)
    assert all(np.array_equal(net.params[key], before[key]) for key in before)


@pytest.mark.parametrize("key", ["W1", "b1", "W2", "b2"])
def test_an_update_in_place_reaches_predict(net, key):
    x = drawn(4, 5)
    before = net.predict(x)
    net.params[key] -= 0.5
    assert not np.allclose(net.predict(x), before)


def test_training_lowers_the_loss(net):
    x = drawn(4, 5)
    before = net.loss(x, LABELS)
    for _ in range(50):
        for key, gradient in net.gradient(x, LABELS).items():
            net.params[key] -= 0.1 * gradient
    assert net.loss(x, LABELS) < 0.5 * before


class TestAccuracy:
    X = np.array([[9.0, 1, 1], [1, 9, 1], [1, 9, 1], [1, 1, 9]])  # highest: 0, 1, 1, 2

    @pytest.mark.parametrize("t", [[0, 1, 2, 1], np.eye(3)[[0, 1, 2, 1]]])
    def test_both_spellings(self, identity, t):
        accuracy = identity.accuracy(self.X, np.array(t))
        assert accuracy == 0.5
        assert type(accuracy) is float

    @pytest.mark.parametrize("t", [[0, 0, 1], np.eye(3)[[0, 0, 1]]])
    def test_as_many_samples_as_classes(self, identity, t):
        assert identity.accuracy(self.X[:3], np.array(t)) == pytest.approx(2 / 3)

    def test_a_batch_of_one(self, identity):
        assert identity.accuracy(self.X[:1], np.array([0])) == 1
        assert identity.accuracy(self.X[:1], np.array([1])) == 0

    @pytest.mark.parametrize(("t", "expected"), [(0, 1), (1, 0), ([1, 0, 0], 1), ([0, 1, 0], 0)])
    def test_a_single_sample(self, identity, t, expected):
        assert identity.accuracy(self.X[0], np.array(t)) == expected


def test_a_single_sample_is_a_batch_of_one(net):
    x = drawn(5)
    assert net.predict(x).shape == (3,)
    assert net.loss(x, 2) == net.loss(x[np.newaxis], LABELS[:1])
    single, batch = net.gradient(x, 2), net.gradient(x[np.newaxis], LABELS[:1])
    assert all(np.array_equal(single[key], batch[key]) for key in batch)


@pytest.mark.filterwarnings("error")
def test_enormous_scores_warn_nothing(identity):
    x = np.array([[1000.0, 0, 0]])
    assert identity.loss(x, np.array([1])) == 1000
    assert all(np.isfinite(g).all() for g in identity.gradient(x, np.array([1])).values())


def test_an_input_that_does_not_fit_is_refused(net):
    with pytest.raises(ValueError, match=r"x of shape \(4, 6\) does not fit W of shape \(5, 4\)"):
        net.predict(np.zeros((4, 6)))


def test_everything_that_is_exported_is_there():
    assert len(set(impl.__all__)) == len(impl.__all__)
    assert all(hasattr(impl, name) for name in impl.__all__)
    assert {"MulLayer", "AddLayer", "Relu", "Sigmoid", "Affine", "SoftmaxWithLoss"} < {
        *impl.__all__
    }
