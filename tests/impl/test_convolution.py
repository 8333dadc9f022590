"""Convolution and pooling: PyTorch's values and gradients over drawn shapes, strides and pads."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from trigrad.impl import AveragePooling, Convolution, Flatten, MaxPooling, col2im, im2col
from trigrad.impl.convolution import output_size

FLOATS = [np.float32, np.float64]
POOLINGS = [(MaxPooling, functional.max_pool2d), (AveragePooling, functional.avg_pool2d)]
four_ways = settings(max_examples=60, deadline=None)


def drawn(*shape, dtype=np.float64, seed=0):
    """Normally distributed numbers, none of them 0 or 1."""
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


@dataclass(frozen=True)
class Windows:
    """Images, and windows that fit."""

    x_shape: tuple[int, int, int, int]
    window: tuple[int, int]
    stride: int
    pad: int

    @property
    def of_a_row(self):
        """How im2col and col2im are told."""
        return (*self.window, self.stride, self.pad)


@st.composite
def windows(draw, for_pooling=False):
    FH, FW = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pad = draw(st.integers(0, min(FH, FW) // 2 if for_pooling else 3))
    H = draw(st.integers(max(1, FH - 2 * pad), 8))
    W = draw(st.integers(max(1, FW - 2 * pad), 8))
    N, C = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return Windows((N, C, H, W), (FH, FW), draw(st.integers(1, 4)), pad)


def agrees_with_pytorch(layer, twin, *operands):
    """Compare out, dx and the gradients of weights."""
    tensors = [torch.tensor(operand, requires_grad=True) for operand in operands]
    expected = twin(*tensors)
    out = layer.forward(operands[0])
    assert out.shape == tuple(expected.shape)
    np.testing.assert_allclose(out, expected.detach().numpy(), rtol=1e-12, atol=1e-13)
    dout = drawn(*out.shape, seed=9)
    expected.backward(torch.tensor(dout))
    dx = layer.backward(dout)
    due = [tensor.grad.numpy() for tensor in tensors]
    for gradient, grad in zip([dx, *of_weights(layer)], due, strict=True):
        assert gradient.shape == grad.shape
        np.testing.assert_allclose(gradient, grad, rtol=1e-12, atol=1e-12)


def of_weights(layer):
    return [layer.dW, layer.db] if isinstance(layer, Convolution) else []


class TestIm2col:
    def test_by_hand(self):
        x = np.arange(12).reshape(1, 1, 3, 4)
        assert im2col(x, 2, 2, stride=2).tolist() == [[0, 1, 4, 5], [2, 3, 6, 7]]
        assert im2col(x, 3, 1, stride=3).tolist() == [[0, 4, 8], [3, 7, 11]]

    def test_a_row_is_channel_by_channel(self):
        x = np.arange(8).reshape(1, 2, 2, 2)
        assert im2col(x, 2, 2).tolist() == [[0, 1, 2, 3, 4, 5, 6, 7]]

    def test_a_border(self):
        x = np.array([[[[7.0]]]])
        assert im2col(x, 2, 2, pad=1, border=5)[0].tolist() == [5, 5, 5, 7]

    def test_images_one_after_the_other(self):
        x = np.arange(4).reshape(2, 1, 1, 2)
        assert im2col(x, 1, 1).tolist() == [[0], [1], [2], [3]]

    @given(windows())
    @four_ways
    def test_pytorch_s_unfold(self, case):
        x = drawn(*case.x_shape)
        unfolded = functional.unfold(
            torch.tensor(x), case.window, padding=case.pad, stride=case.stride
        )
        due = unfolded.numpy().transpose(0, 2, 1)  # (N, OH * OW, C * FH * FW)
        rows = im2col(x, *case.of_a_row)
        np.testing.assert_array_equal(rows, due.reshape(rows.shape))

    @given(windows())
    @four_ways
    def test_col2im_is_its_gradient(self, case):
        """<rows, im2col(x)> = <col2im(rows), x>, which defines it."""
        x = drawn(*case.x_shape)
        of_x = im2col(x, *case.of_a_row)
        rows = drawn(*of_x.shape, seed=1)
        back = col2im(rows, case.x_shape, *case.of_a_row)
        assert back.shape == case.x_shape
        np.testing.assert_allclose(np.sum(rows * of_x), np.sum(back * x), rtol=1e-10, atol=1e-12)

    def test_col2im_adds_up_by_hand(self):
        ones = np.ones((1, 1, 1, 3))
        assert col2im(im2col(ones, 1, 2), ones.shape, 1, 2).tolist() == [[[[1, 2, 1]]]]

    @pytest.mark.parametrize(
        ("arguments", "due"),
        [((7, 3), 5), ((7, 3, 2), 3), ((8, 3, 2), 3), ((7, 3, 1, 1), 7), ((3, 3), 1)],
    )
    def test_how_many_windows(self, arguments, due):
        assert output_size(*arguments) == due

    def test_a_window_that_does_not_fit_is_refused(self):
        with pytest.raises(ValueError, match="a window of 5 does not fit into 2 pixels with pad 1"):
            im2col(np.zeros((1, 1, 9, 2)), 5, 5, pad=1)

    def test_x_is_not_shared(self):
        x = drawn(2, 1, 3, 3)
        assert not np.shares_memory(im2col(x, 1, 1), x)


class TestConvolution:
    def test_by_hand(self):
        W = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
        layer = Convolution(W, np.array([10.0]))
        out = layer.forward(np.array([[[[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]]]))
        assert out.tolist() == [[[[15, 17]]]]  # 1 + 4 + 10, 2 * 2 + 3 + 10: the filter isn't turned
        dx = layer.backward(np.array([[[[1.0, 10.0]]]]))
        assert dx.tolist() == [[[[1, 12, 20], [3, 34, 40]]]]
        assert layer.dW.tolist() == [[[[1, 20], [10, 1]]]]
        assert layer.db.tolist() == [11]

    @given(windows(), st.integers(1, 4))
    @four_ways
    def test_pytorch_agrees(self, case, F):
        x = drawn(*case.x_shape)
        W, b = drawn(F, case.x_shape[1], *case.window, seed=1), drawn(F, seed=2)
        layer = Convolution(W, b, case.stride, case.pad)

        def twin(*tensors):
            return functional.conv2d(*tensors, stride=case.stride, padding=case.pad)

        agrees_with_pytorch(layer, twin, x, W, b)

    def test_an_update_in_place_reaches_forward(self):
        W, b, x = drawn(2, 1, 2, 2), drawn(2), drawn(1, 1, 3, 3)
        layer = Convolution(W, b)
        W *= 2
        b += 1
        np.testing.assert_array_equal(layer.forward(x), Convolution(W, b).forward(x))

    @pytest.mark.parametrize(
        ("W_shape", "b_shape"), [((2, 3, 3), (2,)), ((2, 1, 3, 3), (1,)), ((2, 1, 3, 3), (2, 1))]
    )
    def test_weights_that_do_not_fit_are_refused(self, W_shape, b_shape):
        with pytest.raises(ValueError, match=r"should be \(F, C, FH, FW\) and \(F,\)"):
            Convolution(np.zeros(W_shape), np.zeros(b_shape))

    @pytest.mark.parametrize("x_shape", [(1, 3, 4, 4), (2, 4, 4), (1, 32)])
    def test_images_that_do_not_fit_are_refused(self, x_shape):
        layer = Convolution(np.zeros((1, 2, 3, 3)), np.zeros(1))
        with pytest.raises(ValueError, match=r"should be \(N, 2, H, W\)"):
            layer.forward(np.zeros(x_shape))


class TestPooling:
    def test_max_by_hand(self):
        layer = MaxPooling(2, 2, stride=2)
        out = layer.forward(np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 1.0, 9.0]]]]))
        assert out.tolist() == [[[[5, 9]]]]
        dx = layer.backward(np.array([[[[10.0, 20.0]]]]))
        assert dx.tolist() == [[[[0, 10, 0, 0], [0, 0, 0, 20]]]]

    def test_a_maximum_of_two_windows(self):
        layer = MaxPooling(1, 2)
        layer.forward(np.array([[[[1.0, 5.0, 2.0]]]]))
        assert layer.backward(np.array([[[[10.0, 20.0]]]])).tolist() == [[[[0, 30, 0]]]]

    def test_of_equal_numbers_the_first_has_the_gradient(self):
        layer = MaxPooling(2, 2)
        layer.forward(np.zeros((1, 1, 2, 2)))
        assert layer.backward(np.array([[[[7.0]]]])).tolist() == [[[[7, 0], [0, 0]]]]

    def test_the_border_is_never_the_maximum(self):
        layer = MaxPooling(2, 2, stride=2, pad=1)
        x = np.array([[[[-1.0, -2.0], [-3.0, -4.0]]]])
        np.testing.assert_array_equal(layer.forward(x), x)
        np.testing.assert_array_equal(layer.backward(x), x)

    def test_average_by_hand(self):
        layer = AveragePooling(2, 2, stride=2)
        out = layer.forward(np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 1.0, 9.0]]]]))
        assert out.tolist() == [[[[3.25, 3]]]]
        dx = layer.backward(np.array([[[[4.0, 8.0]]]]))
        assert dx.tolist() == [[[[1, 1, 2, 2], [1, 1, 2, 2]]]]

    def test_the_border_counts_in_the_average(self):
        layer = AveragePooling(2, 2, pad=1)
        assert layer.forward(np.array([[[[8.0]]]])).tolist() == [[[[2, 2], [2, 2]]]]

    @pytest.mark.parametrize(("layer", "twin"), POOLINGS)
    @given(case=windows(for_pooling=True))
    @four_ways
    def test_pytorch_agrees(self, layer, twin, case):
        pooling = layer(*case.window, case.stride, case.pad)

        def pooled(x):
            return twin(x, case.window, stride=case.stride, padding=case.pad)

        agrees_with_pytorch(pooling, pooled, drawn(*case.x_shape))

    def test_a_window_of_nothing_but_border_is_refused(self):
        with pytest.raises(ValueError, match="pad 2 is more than half of a window of 3 x 4"):
            MaxPooling(3, 4, pad=2)

    @pytest.mark.parametrize(("layer", "twin"), POOLINGS)
    def test_integers_are_numbers(self, layer, twin):
        x = np.arange(16).reshape(1, 1, 4, 4)
        due = twin(torch.tensor(x.astype(np.float64)), 2, stride=2).numpy()
        np.testing.assert_array_equal(layer(2, 2, stride=2).forward(x), due)


class TestFlatten:
    def test_there_and_back(self):
        layer, x = Flatten(), drawn(2, 3, 4, 5)
        out = layer.forward(x)
        assert out.shape == (2, 60)
        assert out[1].tolist() == x[1].ravel().tolist()
        np.testing.assert_array_equal(layer.backward(out), x)

    def test_rows_stay_rows(self):
        assert Flatten().forward(np.zeros((2, 3))).shape == (2, 3)


MADE = {
    "Convolution": lambda dtype: Convolution(
        drawn(2, 3, 3, 3, dtype=dtype), drawn(2, dtype=dtype), pad=1
    ),
    "MaxPooling": lambda _: MaxPooling(2, 2, stride=2),
    "AveragePooling": lambda _: AveragePooling(2, 2, stride=2, pad=1),
    "Flatten": lambda _: Flatten(),
}
every_layer = pytest.mark.parametrize("make", MADE.values(), ids=MADE)


class TestManners:
    @every_layer
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_dtype_is_kept(self, make, dtype):
        layer = make(dtype)
        out = layer.forward(drawn(2, 3, 4, 4, dtype=dtype))
        dx = layer.backward(drawn(*out.shape, dtype=dtype))
        assert {a.dtype for a in (out, dx, *of_weights(layer))} == {np.dtype(dtype)}

    @every_layer
    def test_no_argument_is_overwritten_and_dx_is_new(self, make):
        layer, x = make(np.float64), drawn(2, 3, 4, 4)
        x.flags.writeable = False
        dout = drawn(*layer.forward(x).shape)
        dout.flags.writeable = False
        dx = layer.backward(dout)
        assert dx.flags.writeable
        assert not any(np.shares_memory(dx, other) for other in (x, dout))

    @every_layer
    def test_images_in_any_memory_layout(self, make):
        x = drawn(2, 3, 4, 4)
        turned = np.ascontiguousarray(x.transpose(2, 3, 1, 0)).transpose(3, 2, 0, 1)
        layer, other = make(np.float64), make(np.float64)
        out = layer.forward(x)
        np.testing.assert_array_equal(other.forward(turned), out)
        np.testing.assert_array_equal(other.backward(out), layer.backward(out))

    @every_layer
    def test_backward_belongs_to_the_latest_forward(self, make):
        layer, fresh, x = make(np.float64), make(np.float64), drawn(1, 3, 6, 4)
        layer.forward(drawn(2, 3, 4, 4))
        out = layer.forward(x)
        fresh.forward(x)
        np.testing.assert_array_equal(layer.backward(out), fresh.backward(out))
