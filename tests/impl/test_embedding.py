"""Word vectors: PyTorch's values and gradients, and what is drawn for negative sampling."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from tests.impl.sequences import assert_same, drawn, torch_gradients
from trigrad.impl import Embedding, EmbeddingDot, NegativeSamplingLoss, UnigramSampler

sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)


def some_ids(seed, V, *shape):
    """Word ids, many of them twice."""
    return np.random.default_rng(seed).integers(V, size=shape)


class TestEmbedding:
    def test_by_hand(self):
        layer = Embedding(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
        assert layer.forward(np.array([2, 0, 2])).tolist() == [[5, 6], [1, 2], [5, 6]]
        assert layer.backward(np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])) is None
        assert layer.dW.tolist() == [[2, 20], [0, 0], [5, 50]]

    @given(sizes, sizes, st.lists(sizes, max_size=3), seeds)
    def test_pytorch_agrees(self, V, D, shape, seed):
        W, ids = drawn(seed, V, D), some_ids(seed, V, *shape)
        dout = drawn(seed + 1, *shape, D)
        (out,), due = torch_gradients(
            lambda W: functional.embedding(torch.tensor(ids), W), dout, {"W": W}
        )
        layer = Embedding(W)
        assert_same(layer.forward(ids), out)
        layer.backward(dout)
        assert_same(layer.dW, due["W"])

    def test_a_second_backward_starts_from_zero(self):
        layer = Embedding(drawn(0, 3, 2))
        for _ in range(2):
            layer.forward(np.array([1]))
            layer.backward(np.ones((1, 2)))
        assert layer.dW.tolist() == [[0, 0], [1, 1], [0, 0]]

    def test_out_is_no_view_of_the_weights(self):
        W = np.zeros((3, 2))
        Embedding(W).forward(np.array([1]))[...] = 7
        assert not W.any()

    @pytest.mark.parametrize("wrong", [[-1], [3], [[0, 5]]])
    def test_ids_that_are_no_word_are_refused(self, wrong):
        with pytest.raises(ValueError, match=r"^word ids run from .*, should be in 0 ... 2$"):
            Embedding(drawn(0, 3, 2)).forward(np.array(wrong))

    def test_numbers_that_are_no_integers_are_refused(self):
        with pytest.raises(TypeError, match="word ids are float64, should be integers"):
            Embedding(drawn(0, 3, 2)).forward(np.array([1.0]))


class TestEmbeddingDot:
    @given(sizes, sizes, sizes, seeds)
    def test_pytorch_agrees(self, N, V, D, seed):
        W, h, ids = drawn(seed, V, D), drawn(seed + 1, N, D), some_ids(seed, V, N)
        dout = drawn(seed + 2, N)
        (out,), due = torch_gradients(
            lambda h, W: (h * W[torch.tensor(ids)]).sum(1), dout, {"h": h, "W": W}
        )
        layer = EmbeddingDot(W)
        assert_same(layer.forward(h, ids), out)
        assert_same(layer.backward(dout), due["h"])
        assert_same(layer.dW, due["W"])

    def test_float32_stays_float32(self):
        layer = EmbeddingDot(drawn(0, 4, 2, dtype=np.float32))
        out = layer.forward(drawn(1, 3, 2, dtype=np.float32), np.array([0, 1, 1]))
        dh = layer.backward(drawn(2, 3, dtype=np.float32))
        assert out.dtype == dh.dtype == layer.dW.dtype == np.float32


class TestNegativeSamplingLoss:
    def test_by_hand(self):
        # The scores are 0: each of the three words is as probable as not.
        layer = NegativeSamplingLoss(np.zeros((4, 2)))
        loss = layer.forward(np.array([[2.0, 4.0]]), np.array([3]), np.array([[0, 1]]))
        np.testing.assert_allclose(loss, 3 * np.log(2))
        layer.backward()
        assert layer.dW.tolist() == [[1, 2], [1, 2], [0, 0], [-1, -2]]

    @given(sizes, sizes, sizes, sizes, seeds)
    def test_pytorch_agrees(self, N, V, D, K, seed):
        W, h = drawn(seed, V, D), drawn(seed + 1, N, D)
        right, wrong = some_ids(seed, V, N), some_ids(seed + 1, V, N, K)

        def loss_of(h, W):
            ids = torch.tensor(np.column_stack([right, wrong]))
            targets = torch.zeros(N, 1 + K, dtype=torch.float64)
            targets[:, 0] = 1
            scores = torch.einsum("nd,nkd->nk", h, W[ids])
            every = functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
            return every.sum() / N

        (loss,), due = torch_gradients(loss_of, np.float64(2.5), {"h": h, "W": W})
        layer = NegativeSamplingLoss(W)
        assert_same(layer.forward(h, right, wrong), loss)
        assert_same(layer.backward(2.5), due["h"])
        assert_same(layer.dW, due["W"])

    def test_scores_of_thousands_stay_finite_and_warn_nothing(self):
        layer = NegativeSamplingLoss(np.array([[1000.0], [-1000.0]]))
        assert layer.forward(np.ones((1, 1)), np.array([1]), np.array([[0]])) == 2000
        assert layer.backward().tolist() == [[2000]]

    def test_float32_stays_float32(self):
        layer = NegativeSamplingLoss(drawn(0, 4, 2, dtype=np.float32))
        h = drawn(1, 3, 2, dtype=np.float32)
        loss = layer.forward(h, np.array([0, 1, 2]), np.array([[3], [3], [3]]))
        assert loss.dtype == layer.backward().dtype == layer.dW.dtype == np.float32


class TestUnigramSampler:
    def test_never_the_right_word(self):
        sampler = UnigramSampler([5, 1, 3], np.random.default_rng(0))
        right = np.repeat([0, 1, 2], 100)
        wrong = sampler.sample(right, 4)
        assert wrong.shape == (300, 4)
        assert not (wrong == right[:, np.newaxis]).any()
        assert set(wrong.ravel()) == {0, 1, 2}

    def test_frequencies(self):
        # Words 1 and 2 are drawn in the proportion 16 ** 0.75 : 1 = 8 : 1.
        sampler = UnigramSampler([7, 16, 1], np.random.default_rng(0))
        wrong = sampler.sample(np.zeros(9000, int), 1)
        expected, deviation = 8000, (9000 * 8 / 81) ** 0.5
        assert abs(np.sum(wrong == 1) - expected) < 5 * deviation

    def test_the_generator_is_all_randomness(self):
        one, same, other = (
            UnigramSampler(np.arange(1, 9), np.random.default_rng(seed)).sample(
                np.array([0, 3]), 10
            )
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(one, same)
        assert (one != other).any()

    def test_no_right_words_no_wrong_ones(self):
        sampler = UnigramSampler([1, 1], np.random.default_rng(0))
        assert sampler.sample(np.zeros(0, int), 3).shape == (0, 3)
