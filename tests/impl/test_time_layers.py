"""Layers that treat every time alike: PyTorch's values and gradients, and what does not count."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from tests.impl.sequences import assert_same, drawn, torch_gradients
from trigrad.impl import SoftmaxWithLoss, TimeAffine, TimeEmbedding, TimeSoftmaxWithLoss

sizes = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)


class TestTimeEmbedding:
    @given(sizes, sizes, sizes, sizes, seeds)
    def test_pytorch_agrees(self, N, T, V, D, seed):
        W, dout = drawn(seed, V, D), drawn(seed + 1, N, T, D)
        ids = np.random.default_rng(seed).integers(V, size=(N, T))
        (out,), due = torch_gradients(
            lambda W: functional.embedding(torch.tensor(ids), W), dout, {"W": W}
        )
        layer = TimeEmbedding(W)
        assert_same(layer.forward(ids), out)
        layer.backward(dout)
        assert_same(layer.dW, due["W"])


class TestTimeAffine:
    @given(sizes, sizes, sizes, sizes, seeds)
    def test_pytorch_agrees(self, N, T, D, M, seed):
        W, b, x = drawn(seed, D, M), drawn(seed + 1, M), drawn(seed + 2, N, T, D)
        dout = drawn(seed + 3, N, T, M)
        (out,), due = torch_gradients(
            lambda x, W, b: functional.linear(x, W.T, b), dout, {"x": x, "W": W, "b": b}
        )
        layer = TimeAffine(W, b)
        assert_same(layer.forward(x), out)
        assert_same(layer.backward(dout), due["x"])
        assert_same(layer.dW, due["W"])
        assert_same(layer.db, due["b"])


class TestTimeSoftmaxWithLoss:
    @given(sizes, sizes, sizes, st.integers(-3, -1), seeds)
    def test_pytorch_agrees(self, N, T, V, ignored, seed):
        random = np.random.default_rng(seed)
        t = np.where(random.random((N, T)) < 0.3, ignored, random.integers(V, size=(N, T)))
        t[random.integers(N), random.integers(T)] = 0  # one counts
        x = drawn(seed, N, T, V)
        (loss,), due = torch_gradients(
            lambda x: functional.cross_entropy(
                x.reshape(N * T, V), torch.tensor(t.ravel()), ignore_index=ignored
            ),
            np.float64(-1.5),
            {"x": x},
        )
        layer = TimeSoftmaxWithLoss(ignored)
        assert_same(layer.forward(x, t), loss)
        assert layer.loss == layer.forward(x, t)
        assert_same(layer.backward(-1.5), due["x"])

    def test_times_that_do_not_count_may_hold_anything(self):
        x, t = drawn(0, 2, 3, 4).copy(), np.array([[1, 2, -1], [3, -1, -1]])
        layer = TimeSoftmaxWithLoss()
        loss, dx = layer.forward(x, t), layer.backward()
        x[t == -1] = np.nan
        assert layer.forward(x, t) == loss
        np.testing.assert_array_equal(layer.backward(), dx)
        assert not dx[t == -1].any()

    def test_a_class_may_be_what_does_not_count(self):
        layer = TimeSoftmaxWithLoss(ignored=0)  # such as the word that fills up
        x = drawn(0, 1, 3, 4)
        loss = layer.forward(x, np.array([[2, 0, 1]]))
        due = SoftmaxWithLoss().forward(x[0, [0, 2]], np.array([2, 1]))
        assert_same(loss, due)

    def test_a_list_of_labels(self):
        x = drawn(0, 1, 2, 4)
        layer = TimeSoftmaxWithLoss()
        assert layer.forward(x, [[3, -1]]) == layer.forward(x, np.array([[3, -1]]))

    def test_nothing_counts(self):
        with pytest.raises(ValueError, match=r"^all targets are -1, which does not count$"):
            TimeSoftmaxWithLoss().forward(drawn(0, 1, 2, 4), np.array([[-1, -1]]))

    @pytest.mark.parametrize("shape", [(2,), (1, 3), (1, 2, 4)])
    def test_targets_of_other_shapes(self, shape):
        with pytest.raises(ValueError, match="does not fit scores of shape"):
            TimeSoftmaxWithLoss().forward(drawn(0, 1, 2, 4), np.zeros(shape, int))

    def test_float32_stays_float32(self):
        layer = TimeSoftmaxWithLoss()
        loss = layer.forward(drawn(0, 2, 3, 4, dtype=np.float32), np.zeros((2, 3), int))
        assert loss.dtype == layer.backward().dtype == np.float32
