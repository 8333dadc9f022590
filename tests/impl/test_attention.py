"""Attention: PyTorch's values and gradients, masks, and what may not look at what."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from tests.impl.sequences import assert_same, drawn, torch_gradients
from trigrad.impl import (
    Attention,
    AttentionWeight,
    HeadProjection,
    MultiHeadAttention,
    ScaledDotProductAttention,
    Softmax,
    WeightSum,
)

sizes = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)


def weights_in_torch(hs, h):
    return torch.softmax(torch.bmm(hs, h[:, :, None])[:, :, 0], dim=1)


def sum_in_torch(hs, a):
    return torch.bmm(a[:, None, :], hs)[:, 0, :]


class TestSoftmax:
    @given(st.lists(sizes, min_size=1, max_size=4), seeds)
    def test_pytorch_agrees(self, shape, seed):
        x, dout = drawn(seed, *shape), drawn(seed + 1, *shape)
        (y,), due = torch_gradients(lambda x: torch.softmax(x, -1), dout, {"x": x})
        layer = Softmax()
        assert_same(layer.forward(x), y)
        # Where dout is nearly the same for all, little is left of the difference.
        np.testing.assert_allclose(layer.backward(dout), due["x"], rtol=1e-10, atol=1e-14)


class TestBook:
    """The second volume's layers: one state h looks at T states hs."""

    @pytest.mark.parametrize(
        ("layer", "twin"),
        [
            (AttentionWeight, weights_in_torch),
            (Attention, lambda hs, h: sum_in_torch(hs, weights_in_torch(hs, h))),
        ],
    )
    @given(N=sizes, T=sizes, H=sizes, seed=seeds)
    def test_pytorch_agrees(self, layer, twin, N, T, H, seed):
        hs, h = drawn(seed, N, T, H), drawn(seed + 1, N, H)
        dout = drawn(seed + 2, N, T if layer is AttentionWeight else H)
        (out,), due = torch_gradients(twin, dout, {"hs": hs, "h": h})
        layer = layer()
        assert_same(layer.forward(hs, h), out)
        for found, name in zip(layer.backward(dout), ("hs", "h"), strict=True):
            np.testing.assert_allclose(found, due[name], rtol=1e-10, atol=1e-13)

    @given(N=sizes, T=sizes, H=sizes, seed=seeds)
    def test_weight_sum(self, N, T, H, seed):
        hs, a, dc = drawn(seed, N, T, H), drawn(seed + 1, N, T), drawn(seed + 2, N, H)
        (c,), due = torch_gradients(sum_in_torch, dc, {"hs": hs, "a": a})
        layer = WeightSum()
        assert_same(layer.forward(hs, a), c)
        for found, name in zip(layer.backward(dc), ("hs", "a"), strict=True):
            assert_same(found, due[name])


def some_mask(seed, *shape):
    """True and False, and in each row at least one True."""
    random = np.random.default_rng(seed)
    mask = random.random(shape) < 0.5
    mask[..., random.integers(shape[-1])] = True
    return mask


class TestScaledDotProductAttention:
    @given(st.lists(sizes, max_size=2), sizes, sizes, sizes, sizes, seeds, st.booleans())
    def test_pytorch_agrees(self, front, T, S, D, E, seed, masked):
        q, k = drawn(seed, *front, T, D), drawn(seed + 1, *front, S, D)
        v, dout = drawn(seed + 2, *front, S, E), drawn(seed + 3, *front, T, E)
        mask = some_mask(seed, T, S) if masked else None
        their_mask = None if mask is None else torch.tensor(mask)
        (out,), due = torch_gradients(
            lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, attn_mask=their_mask),
            dout,
            {"q": q, "k": k, "v": v},
        )
        layer = ScaledDotProductAttention()
        assert_same(layer.forward(q, k, v, mask), out)
        for found, name in zip(layer.backward(dout), ("q", "k", "v"), strict=True):
            np.testing.assert_allclose(found, due[name], rtol=1e-10, atol=1e-13)

    def test_a_mask_for_each_sample(self):
        q, k, v = drawn(0, 2, 3, 4), drawn(1, 2, 5, 4), drawn(2, 2, 5, 6)
        mask = some_mask(3, 2, 1, 5)
        layer = ScaledDotProductAttention()
        out = layer.forward(q, k, v, mask)
        for n in range(2):
            alone = ScaledDotProductAttention().forward(q[n], k[n], v[n], mask[n])
            assert_same(out[n], alone)
        assert not (layer.a * ~mask).any()

    def test_no_time_looks_at_a_later_one(self):
        x = drawn(0, 1, 5, 3)
        mask = np.tri(5, dtype=bool)
        before = ScaledDotProductAttention().forward(x, x, x, mask)
        later = x.copy()
        later[:, 3:] = 9
        after = ScaledDotProductAttention().forward(later, later, later, mask)
        assert_same(after[:, :3], before[:, :3])
        assert np.abs(after[:, 3:] - before[:, 3:]).min() > 1e-3

    def test_a_query_that_may_look_at_nothing(self):
        mask = np.array([[True, False], [False, False]])
        x = drawn(0, 1, 2, 3)
        with pytest.raises(ValueError, match=r"^the mask leaves a query without any key"):
            ScaledDotProductAttention().forward(x, x, x, mask)

    def test_large_scores_stay_finite_and_warn_nothing(self):
        q = np.array([[[1000.0], [-1000.0]]])
        layer = ScaledDotProductAttention()
        assert layer.forward(q, q, q).tolist() == q.tolist()
        assert all(np.isfinite(d).all() for d in layer.backward(np.ones((1, 2, 1))))


def side_by_side(W):
    """(H, D, E) as one matrix (D, H*E), as PyTorch has it, but for its transposition."""
    return np.concatenate(list(W), axis=1)


class TestHeadProjection:
    @given(sizes, sizes, sizes, sizes, sizes, seeds)
    def test_pytorch_agrees(self, N, T, D, E, H, seed):
        x, W, dout = drawn(seed, N, T, D), drawn(seed + 1, H, D, E), drawn(seed + 2, N, H, T, E)
        (out,), due = torch_gradients(
            lambda x, W: torch.stack([x @ each for each in W], dim=1), dout, {"x": x, "W": W}
        )
        layer = HeadProjection(W)
        assert_same(layer.forward(x), out)
        assert_same(layer.backward(dout), due["x"])
        assert_same(layer.dW, due["W"])


class TestMultiHeadAttention:
    @given(sizes, sizes, sizes, sizes, sizes, seeds, st.booleans())
    def test_pytorch_agrees(self, N, T, S, E, H, seed, masked):
        D = H * E  # PyTorch's heads share the D numbers
        Wq, Wk, Wv = (drawn(seed + i, H, D, E) for i in range(3))
        Wo = drawn(seed + 3, H, E, D)
        q, k, v = drawn(seed + 4, N, T, D), drawn(seed + 5, N, S, D), drawn(seed + 6, N, S, D)
        dout = drawn(seed + 7, N, T, D)
        mask = some_mask(seed, T, S) if masked else None
        theirs = torch.nn.MultiheadAttention(D, H, bias=False, batch_first=True).double()
        with torch.no_grad():
            projections = np.concatenate([side_by_side(W).T for W in (Wq, Wk, Wv)])
            theirs.in_proj_weight.copy_(torch.tensor(projections))
            theirs.out_proj.weight.copy_(torch.tensor(Wo.reshape(D, D).T.copy()))
        # There True is where a query may not look.
        their_mask = None if mask is None else torch.tensor(~mask)
        (out,), due = torch_gradients(
            lambda q, k, v: theirs(q, k, v, attn_mask=their_mask, need_weights=False)[0],
            dout,
            {"q": q, "k": k, "v": v},
        )
        layer = MultiHeadAttention(Wq, Wk, Wv, Wo)

        def same(found, expected):
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)

        same(layer.forward(q, k, v, mask), out)
        for found, name in zip(layer.backward(dout), ("q", "k", "v"), strict=True):
            same(found, due[name])
        projected = theirs.in_proj_weight.grad.numpy().reshape(3, D, D)
        for found, expected in zip((layer.dWq, layer.dWk, layer.dWv), projected, strict=True):
            same(side_by_side(found), expected.T)
        same(layer.dWo.reshape(D, D), theirs.out_proj.weight.grad.numpy().T)

    def test_heads_of_any_width(self):
        """D need not be H * E; for self-attention the three gradients add up."""
        Wq, Wk, Wv = (drawn(i, 2, 3, 5) for i in range(3))
        Wo, x, dout = drawn(3, 2, 5, 3), drawn(4, 1, 4, 3), drawn(5, 1, 4, 3)

        def twin(x):
            heads = [
                functional.scaled_dot_product_attention(
                    *(x @ torch.tensor(W[h]) for W in (Wq, Wk, Wv))
                )
                @ torch.tensor(Wo[h])
                for h in range(2)
            ]
            return heads[0] + heads[1]

        (out,), due = torch_gradients(twin, dout, {"x": x})
        layer = MultiHeadAttention(Wq, Wk, Wv, Wo)
        assert_same(layer.forward(x, x, x), out)
        assert_same(sum(layer.backward(dout)), due["x"])


def single(seed, *shape):
    return drawn(seed, *shape, dtype=np.float32)


@pytest.mark.parametrize(
    ("layer", "arrays"),
    [
        (Softmax(), [single(0, 2, 3)]),
        (AttentionWeight(), [single(0, 2, 3, 4), single(1, 2, 4)]),
        (WeightSum(), [single(0, 2, 3, 4), single(1, 2, 3)]),
        (Attention(), [single(0, 2, 3, 4), single(1, 2, 4)]),
        (
            ScaledDotProductAttention(),
            [*(single(i, 1, 3, 4) for i in range(3)), np.tri(3, dtype=bool)],
        ),
        (HeadProjection(single(3, 2, 4, 5)), [single(0, 1, 3, 4)]),
        (
            MultiHeadAttention(*(single(3 + i, 2, 4, 5) for i in range(3)), single(6, 2, 5, 4)),
            [single(i, 1, 3, 4) for i in range(3)],
        ),
    ],
    ids=lambda each: type(each).__name__,
)
def test_float32_stays_float32(layer, arrays):
    out = layer.forward(*arrays)
    gradients = layer.backward(single(9, *out.shape))
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    held = [value for name, value in vars(layer).items() if name.startswith("dW")]
    assert {each.dtype for each in (out, *gradients, *held)} == {np.dtype(np.float32)}
