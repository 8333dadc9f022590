"""Dropout and the normalisations: PyTorch's values and gradients, in training and in use."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from trigrad.impl import BatchNormalization, Dropout, LayerNormalization
from trigrad.impl.normalization import through_normalization

FLOATS = [np.float32, np.float64]
SHAPES = st.one_of(
    st.tuples(st.integers(2, 6), st.integers(1, 5)),
    st.tuples(*(st.integers(lowest, 4) for lowest in (2, 1, 1, 1))),
)
few = settings(max_examples=40, deadline=None)


def drawn(*shape, dtype=np.float64, seed=0):
    """Normally distributed numbers, away from mean 0 and variance 1."""
    return (3 + 2 * np.random.default_rng(seed).normal(size=shape)).astype(dtype)


def normalizing(kind, x, dtype=np.float64, **settings):
    """A layer for x with a scale and a shift that are not 1 and 0."""
    D = x.shape[1 if kind is BatchNormalization else -1]
    return kind(drawn(D, dtype=dtype, seed=1), drawn(D, dtype=dtype, seed=2), **settings)


def agrees_with_pytorch(layer, x, out, twin):
    """Compare a forward that was just computed, and backward, with a function of tensors."""
    tensors = [torch.tensor(a, requires_grad=True) for a in (x, layer.gamma, layer.beta)]
    expected = twin(*tensors)
    np.testing.assert_allclose(out, expected.detach().numpy(), rtol=1e-11, atol=1e-11)
    dout = drawn(*x.shape, seed=3)
    expected.backward(torch.tensor(dout))
    gradients = [layer.backward(dout), layer.dgamma, layer.dbeta]
    # Where the spread of two numbers is small, 1 / std is large: a rounding of x, times that.
    allowed = 1e-11 * (1 + 1 / np.min(layer.std) ** 2)
    for gradient, tensor in zip(gradients, tensors, strict=True):
        assert gradient.shape == tuple(tensor.shape)
        np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-9, atol=allowed)


class TestBatchNormalization:
    def test_by_hand(self):
        layer = BatchNormalization(np.array([2.0]), np.array([10.0]), eps=0)
        assert layer.forward(np.array([[1.0], [3.0]])).tolist() == [[8], [12]]
        layer.backward(np.array([[1.0], [5.0]]))
        assert (layer.dgamma.tolist(), layer.dbeta.tolist()) == ([4], [6])

    def test_every_column_has_mean_0_and_variance_1(self):
        layer = BatchNormalization(np.ones(3), np.zeros(3))
        out = layer.forward(drawn(50, 3))
        np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(out.var(axis=0), 1, rtol=1e-4)

    @given(SHAPES)
    @few
    def test_pytorch_agrees_in_training(self, shape):
        x = drawn(*shape)
        layer = normalizing(BatchNormalization, x)

        def twin(x, gamma, beta):
            return functional.batch_norm(x, None, None, gamma, beta, training=True)

        agrees_with_pytorch(layer, x, layer.forward(x), twin)

    @given(SHAPES)
    @few
    def test_pytorch_agrees_in_use(self, shape):
        x = drawn(*shape)
        layer = normalizing(BatchNormalization, x)
        layer.forward(drawn(*shape, seed=4))
        mean, var = torch.tensor(layer.running_mean), torch.tensor(layer.running_var)

        def twin(x, gamma, beta):
            return functional.batch_norm(x, mean, var, gamma, beta, training=False)

        agrees_with_pytorch(layer, x, layer.forward(x, train=False), twin)

    @pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4, 5)])
    def test_running_statistics_are_pytorch_s(self, shape):
        layer = normalizing(BatchNormalization, drawn(*shape), momentum=0.7)
        twin = (torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d)(
            3, momentum=0.3, dtype=torch.float64
        )
        values = np.prod(shape) // 3  # of each channel
        for seed in range(3):
            x = drawn(*shape, seed=seed)
            layer.forward(x)
            twin(torch.tensor(x))
        np.testing.assert_allclose(layer.running_mean, twin.running_mean.numpy(), rtol=1e-12)
        # PyTorch divides the running variance, and only that, by one less than there are values.
        began = 0.7**3  # what is left of the 1 that both begin with
        share = (values - 1) / values
        due = began + (twin.running_var.numpy() - began) * share
        np.testing.assert_allclose(layer.running_var, due, rtol=1e-12)

    def test_running_statistics_by_hand(self):
        layer = BatchNormalization(np.ones(1), np.zeros(1), momentum=0.75)
        layer.forward(np.array([[2.0], [6.0]]))  # mean 4, variance 4
        assert (layer.running_mean.tolist(), layer.running_var.tolist()) == ([1], [1.75])

    def test_use_leaves_the_running_statistics(self):
        layer = BatchNormalization(np.ones(2), np.zeros(2))
        layer.forward(drawn(4, 2))
        before = layer.running_mean.copy(), layer.running_var.copy()
        layer.forward(drawn(4, 2, seed=1), train=False)
        np.testing.assert_array_equal((layer.running_mean, layer.running_var), before)

    def test_in_use_no_sample_depends_on_another(self):
        layer, x = BatchNormalization(np.ones(2), np.zeros(2)), drawn(4, 2)
        layer.forward(x)
        together = layer.forward(x, train=False)
        np.testing.assert_allclose(layer.forward(x[:1], train=False), together[:1], rtol=1e-14)

    def test_in_the_end_use_is_like_training(self):
        layer, x = BatchNormalization(np.ones(2), np.zeros(2)), drawn(4, 2)
        for _ in range(400):
            trained = layer.forward(x)
        np.testing.assert_allclose(layer.forward(x, train=False), trained, rtol=1e-10, atol=1e-12)

    def test_a_batch_of_equal_samples_is_finite(self):
        layer = BatchNormalization(np.ones(2), np.array([3.0, 4.0]))
        assert layer.forward(np.ones((3, 2))).tolist() == 3 * [[3, 4]]
        assert np.isfinite(layer.backward(drawn(3, 2))).all()


class TestLayerNormalization:
    def test_by_hand(self):
        layer = LayerNormalization(np.array([2.0, 3.0]), np.array([10.0, 20.0]), eps=0)
        assert layer.forward(np.array([[1.0, 3.0], [9.0, 5.0]])).tolist() == [[8, 23], [12, 17]]

    @given(st.lists(st.integers(1, 4), max_size=2), st.integers(2, 6))
    @few
    def test_pytorch_agrees(self, before, D):
        x = drawn(*before, D)
        layer = normalizing(LayerNormalization, x)

        def twin(x, gamma, beta):
            return functional.layer_norm(x, (D,), gamma, beta)

        agrees_with_pytorch(layer, x, layer.forward(x), twin)

    def test_no_row_depends_on_another(self):
        x = drawn(3, 5)
        layer = normalizing(LayerNormalization, x)
        np.testing.assert_allclose(layer.forward(x[:1]), layer.forward(x)[:1], rtol=1e-14)


def test_normalised_numbers_do_not_see_a_shift_or_a_stretch():
    """So their gradient has no part along ones, and none along x_hat."""
    x = drawn(6, 1)
    x_hat = (x - x.mean()) / x.std()
    dx = through_normalization(drawn(6, 1, seed=1), x_hat, x.std(), axes=(0,))
    np.testing.assert_allclose([dx.sum(), np.sum(dx * x_hat)], 0, atol=1e-14)


class TestDropout:
    @pytest.mark.parametrize("ratio", [0.0, 0.25, 0.75])
    def test_the_share_and_the_mean(self, ratio):
        np.random.seed(0)
        out = Dropout(ratio).forward(np.ones((200, 300)))
        assert set(np.unique(out)) <= {0, 1 / (1 - ratio)}
        assert np.mean(out == 0) == pytest.approx(ratio, abs=0.01)
        assert out.mean() == pytest.approx(1, abs=0.02)

    def test_the_gradient_passes_where_x_passed(self):
        layer, x, dout = Dropout(0.5), drawn(20, 30), drawn(20, 30, seed=1)
        out = layer.forward(x)
        np.testing.assert_array_equal(out, np.where(out == 0, 0, 2 * x))
        np.testing.assert_array_equal(layer.backward(dout), np.where(out == 0, 0, 2 * dout))

    def test_others_are_dropped_every_time(self):
        layer, x = Dropout(0.5), np.ones((20, 30))
        assert not np.array_equal(layer.forward(x), layer.forward(x))

    def test_numpys_seed_makes_it_repeatable(self):
        layer, x = Dropout(0.5), np.ones((20, 30))
        np.random.seed(3)
        first = layer.forward(x)
        np.random.seed(3)
        np.testing.assert_array_equal(layer.forward(x), first)

    def test_nothing_is_dropped_in_use(self):
        layer, x = Dropout(0.9), drawn(4, 5)
        layer.forward(drawn(4, 5, seed=1))
        np.testing.assert_array_equal(layer.forward(x, train=False), x)
        np.testing.assert_array_equal(layer.backward(x), x)

    @pytest.mark.parametrize("ratio", [1, 1.5, -0.1, np.nan])
    def test_no_ratio(self, ratio):
        with pytest.raises(ValueError, match="dropout_ratio is"):
            Dropout(ratio)


LAYERS = {
    "Dropout": lambda *_: Dropout(0.5),
    "BatchNormalization": lambda x, dtype: normalizing(BatchNormalization, x, dtype),
    "LayerNormalization": lambda x, dtype: normalizing(LayerNormalization, x, dtype),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


class TestManners:
    @every_layer
    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("shape", [(4, 3), (2, 3, 4, 3)])
    def test_dtype_is_kept(self, make, shape, dtype):
        x = drawn(*shape, dtype=dtype)
        layer = make(x, dtype)
        assert layer.forward(x).dtype == layer.backward(x).dtype == dtype
        kept = [a for a in vars(layer).values() if isinstance(a, np.ndarray)]
        assert {a.dtype for a in kept} == {np.dtype(dtype)}

    @pytest.mark.parametrize("make", [LAYERS["Dropout"], LAYERS["BatchNormalization"]])
    def test_dtype_is_kept_in_use(self, make):
        x = drawn(4, 3, dtype=np.float32)
        layer = make(x, np.float32)
        layer.forward(x)
        assert layer.forward(x, train=False).dtype == layer.backward(x).dtype == np.float32

    @every_layer
    @pytest.mark.parametrize("shape", [(4, 3), (2, 3, 4, 3)])
    def test_no_argument_is_overwritten_and_dx_is_new(self, make, shape):
        x, dout = drawn(*shape), drawn(*shape, seed=1)
        layer = make(x, np.float64)
        x.flags.writeable = dout.flags.writeable = False
        out = layer.forward(x)
        dx = layer.backward(dout)
        assert dx.flags.writeable
        assert not any(np.shares_memory(dx, other) for other in (x, dout, out))

    @every_layer
    def test_backward_belongs_to_the_latest_forward(self, make):
        x = drawn(4, 3)
        layer, fresh = make(x, np.float64), make(x, np.float64)
        layer.forward(drawn(2, 3, seed=5))
        np.random.seed(0)
        layer.forward(x)
        np.random.seed(0)
        fresh.forward(x)
        np.testing.assert_array_equal(layer.backward(x), fresh.backward(x))
