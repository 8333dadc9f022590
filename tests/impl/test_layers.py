"""The layers: the book's figures, PyTorch's gradients, and the manners promised in docstrings."""

import numpy as np
import pytest
import torch

from trigrad.impl import AddLayer, Affine, MulLayer, Relu, Sigmoid, SoftmaxWithLoss
from trigrad.impl.layers import sum_to_shape

FLOATS = [np.float32, np.float64]


def drawn(*shape, dtype=np.float64, seed=0):
    """Normally distributed numbers, none of them 0 or 1."""
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def locked(array):
    """A copy that raises when it is written to."""
    array = array.copy()
    array.flags.writeable = False
    return array


def scattered(array):
    """A copy that is not contiguous."""
    return np.repeat(array, 2, axis=-1)[..., ::2]


def torch_gradients(f, dout, *operands):
    """f's value, and the gradient of sum(dout * f) with respect to each operand."""
    tensors = [torch.tensor(operand, requires_grad=True) for operand in operands]
    out = f(*tensors)
    out.backward(torch.tensor(dout))
    return out.detach().numpy(), [tensor.grad.numpy() for tensor in tensors]


class TestTheShop:
    """Sections 5.1 and 5.4: plain numbers."""

    def test_two_apples(self):
        mul_apple, mul_tax = MulLayer(), MulLayer()
        apple_price = mul_apple.forward(100, 2)
        assert apple_price == 200
        assert type(apple_price) is int
        np.testing.assert_allclose(mul_tax.forward(apple_price, 1.1), 220)

        dapple_price, dtax = mul_tax.backward(1)
        dapple, dapple_num = mul_apple.backward(dapple_price)
        np.testing.assert_allclose([dapple, dapple_num, dtax], [2.2, 110, 200])
        assert [type(d) for d in (dapple, dapple_num, dtax)] == [float, float, int]

    def test_two_apples_and_three_oranges(self):
        mul_apple, mul_orange, add, mul_tax = MulLayer(), MulLayer(), AddLayer(), MulLayer()
        apples = mul_apple.forward(100, 2)
        oranges = mul_orange.forward(150, 3)
        together = add.forward(apples, oranges)
        assert together == 650
        assert type(together) is int
        np.testing.assert_allclose(mul_tax.forward(together, 1.1), 715)

        dtogether, dtax = mul_tax.backward(1)
        dapples, doranges = add.backward(dtogether)
        assert type(dapples) is type(doranges) is float
        dorange, dorange_num = mul_orange.backward(doranges)
        dapple, dapple_num = mul_apple.backward(dapples)
        gradients = [dapple, dapple_num, dorange, dorange_num, dtax]
        np.testing.assert_allclose(gradients, [2.2, 110, 3.3, 165, 650])


TWO_OPERANDS = [(MulLayer, torch.mul), (AddLayer, torch.add)]
BROADCASTS = [
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 3), (2, 1)),
    ((2, 1), (1, 3)),
    ((2, 3), (1, 3)),
    ((2, 3), ()),
    ((), (2, 3)),
    ((4, 2, 3), (2, 1)),
    ((1,), (1, 1)),
]


class TestMulAndAdd:
    def test_mul_by_hand(self):
        layer = MulLayer()
        out = layer.forward(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]))
        dx, dy = layer.backward(np.array([[10.0, 100.0]]))
        assert out.tolist() == [[3, 8]]
        assert (dx.tolist(), dy.tolist()) == ([[30, 400]], [[10, 200]])

    def test_add_by_hand(self):
        layer = AddLayer()
        out = layer.forward(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]))
        dx, dy = layer.backward(np.array([[10.0, 100.0]]))
        assert out.tolist() == [[4, 6]]
        assert dx.tolist() == dy.tolist() == [[10, 100]]

    def test_a_broadcast_operand_by_hand(self):
        layer = AddLayer()
        layer.forward(np.zeros((2, 3)), np.zeros(3))
        _, dy = layer.backward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
        assert dy.tolist() == [5, 7, 9]

    @pytest.mark.parametrize(("layer", "twin"), TWO_OPERANDS)
    @pytest.mark.parametrize(("x_shape", "y_shape"), BROADCASTS)
    def test_pytorch_agrees(self, layer, twin, x_shape, y_shape):
        x, y = drawn(*x_shape, seed=1), drawn(*y_shape, seed=2)
        dout = drawn(*np.broadcast_shapes(x_shape, y_shape), seed=3)
        layer = layer()
        out = layer.forward(x, y)
        gradients = layer.backward(dout)
        expected_out, expected_gradients = torch_gradients(twin, dout, x, y)
        np.testing.assert_allclose(out, expected_out, rtol=1e-14)
        for gradient, expected in zip(gradients, expected_gradients, strict=True):
            assert np.shape(gradient) == expected.shape
            np.testing.assert_allclose(gradient, expected, rtol=1e-13)

    @pytest.mark.parametrize("layer", [MulLayer, AddLayer])
    def test_a_plain_number_with_an_array(self, layer):
        layer = layer()
        layer.forward(np.array([1.0, 2.0]), 1)
        dx, dy = layer.backward(np.array([10.0, 100.0]))
        assert dx.tolist() == [10, 100]
        assert np.shape(dy) == ()
        assert dy == {MulLayer: 210, AddLayer: 110}[type(layer)]

    @pytest.mark.parametrize("layer", [MulLayer, AddLayer])
    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("y_shape", [(2, 3), (3,), (2, 1), ()])
    def test_dtype_is_kept(self, layer, dtype, y_shape):
        layer = layer()
        out = layer.forward(drawn(2, 3, dtype=dtype), np.ones(y_shape, dtype))
        dx, dy = layer.backward(drawn(2, 3, dtype=dtype))
        assert (out.dtype, dx.dtype, dy.dtype) == (dtype, dtype, dtype)

    @pytest.mark.parametrize("layer", [MulLayer, AddLayer])
    @pytest.mark.parametrize("y_shape", [(2, 3), (3,)])
    def test_gradients_are_arrays_of_their_own(self, layer, y_shape):
        x, y, dout = drawn(2, 3), drawn(*y_shape), drawn(2, 3)
        layer = layer()
        layer.forward(x, y)
        dx, dy = layer.backward(dout)
        for gradient, others in [(dx, (dy, dout, x, y)), (dy, (dx, dout, x, y))]:
            assert not any(np.shares_memory(gradient, other) for other in others)

    @pytest.mark.parametrize("layer", [MulLayer, AddLayer])
    def test_one_array_as_both_operands(self, layer):
        layer = layer()
        x = np.array([3.0])
        layer.forward(x, x)
        dx, dy = layer.backward(np.array([2.0]))
        assert dx.tolist() == dy.tolist() == [{MulLayer: 6, AddLayer: 2}[type(layer)]]
        assert not np.shares_memory(dx, dy)

    @pytest.mark.parametrize("layer", [MulLayer, AddLayer])
    def test_a_dout_that_does_not_fit_is_refused(self, layer):
        layer = layer()
        layer.forward(np.ones((2, 3)), np.ones(3))
        with pytest.raises(ValueError, match=r"reshape|axis"):
            layer.backward(1.0)


class TestSumToShape:
    GRAD = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    @pytest.mark.parametrize(
        ("shape", "expected"),
        [
            ((3,), [5, 7, 9]),
            ((1, 3), [[5, 7, 9]]),
            ((2, 1), [[6], [15]]),
            ((1,), [21]),
            ((), 21),
            ((2, 3), [[1, 2, 3], [4, 5, 6]]),
        ],
    )
    def test_by_hand(self, shape, expected):
        summed = sum_to_shape(self.GRAD, shape)
        assert np.shape(summed) == shape
        assert summed.tolist() == expected

    def test_a_shape_that_was_not_broadcast_is_refused(self):
        with pytest.raises(ValueError, match="reshape"):
            sum_to_shape(self.GRAD, (2,))


class TestRelu:
    def test_by_hand(self):
        layer = Relu()
        out = layer.forward(np.array([[1.0, -0.5], [-2.0, 3.0]]))
        dx = layer.backward(np.array([[10.0, 20.0], [30.0, -40.0]]))
        assert out.tolist() == [[1, 0], [0, 3]]
        assert dx.tolist() == [[10, 0], [0, -40]]

    def test_the_gradient_at_zero_is_zero(self):
        layer = Relu()
        assert layer.forward(np.array([0.0, -0.0])).tolist() == [0, 0]
        assert layer.backward(np.array([5.0, 5.0])).tolist() == [0, 0]

    @pytest.mark.filterwarnings("error")
    def test_nan_is_not_hidden(self):
        layer = Relu()
        assert np.isnan(layer.forward(np.array([np.nan, -1.0]))).tolist() == [True, False]
        assert layer.backward(np.array([7.0, np.inf])).tolist() == [7, 0]

    def test_the_mask_is_not_the_callers_array(self):
        layer = Relu()
        x = np.array([1.0, -1.0])
        layer.forward(x)
        x[:] = -1, 1
        assert layer.backward(np.array([2.0, 2.0])).tolist() == [2, 0]


class TestSigmoid:
    def test_by_hand(self):
        layer = Sigmoid()
        out = layer.forward(np.array([0.0, np.log(3)]))
        dx = layer.backward(np.array([4.0, -16.0]))
        np.testing.assert_allclose(out, [0.5, 0.75], rtol=1e-15)
        np.testing.assert_allclose(dx, [1, -3], rtol=1e-14)  # dout * 1/4, dout * 3/16

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_a_thousand_either_way(self, dtype):
        layer = Sigmoid()
        assert layer.forward(np.array([-1000, 1000], dtype=dtype)).tolist() == [0, 1]
        assert layer.backward(np.array([3, 3], dtype=dtype)).tolist() == [0, 0]


ELEMENTWISE = [(Relu, torch.relu), (Sigmoid, torch.sigmoid)]


class TestReluAndSigmoid:
    @pytest.mark.parametrize(("layer", "twin"), ELEMENTWISE)
    @pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 3, 4)])
    def test_pytorch_agrees(self, layer, twin, shape):
        x, dout = drawn(*shape, seed=1), drawn(*shape, seed=2)
        layer = layer()
        out, dx = layer.forward(x), layer.backward(dout)
        expected_out, (expected_dx,) = torch_gradients(twin, dout, x)
        np.testing.assert_allclose(out, expected_out, rtol=1e-14)
        np.testing.assert_allclose(dx, expected_dx, rtol=1e-13)

    @pytest.mark.parametrize("layer", [Relu, Sigmoid])
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_dtype_is_kept(self, layer, dtype):
        layer = layer()
        assert layer.forward(drawn(2, 3, dtype=dtype)).dtype == dtype
        assert layer.backward(drawn(2, 3, dtype=dtype)).dtype == dtype

    @pytest.mark.parametrize("layer", [Relu, Sigmoid])
    def test_results_are_arrays_of_their_own(self, layer):
        x, dout = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])  # Relu lets all of it pass
        layer = layer()
        out, dx = layer.forward(x), layer.backward(dout)
        assert not np.shares_memory(out, x)
        assert not np.shares_memory(dx, dout)


class TestAffine:
    def test_the_books_bias(self):
        W = np.array([[0.0, 0.0, 0.0], [10.0, 10.0, 10.0]])
        layer = Affine(W, np.array([1.0, 2.0, 3.0]))
        assert layer.forward(np.array([[0.0, 0.0], [0.0, 1.0]])).tolist() == [
            [1, 2, 3],
            [11, 12, 13],
        ]
        layer.backward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
        assert layer.db.tolist() == [5, 7, 9]

    def test_by_hand(self):
        layer = Affine(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([1.0, 0.0, -1.0]))
        assert layer.forward(np.array([[1.0, 10.0]])).tolist() == [[42, 52, 62]]
        assert layer.backward(np.array([[1.0, 0.0, 2.0]])).tolist() == [[7, 16]]
        assert layer.dW.tolist() == [[1, 0, 2], [10, 0, 20]]
        assert layer.db.tolist() == [1, 0, 2]

    @pytest.mark.parametrize("x_shape", [(5, 6), (1, 6), (5, 2, 3), (5, 1, 2, 3), (6, 6), (0, 6)])
    def test_pytorch_agrees(self, x_shape):
        x, W, b = drawn(*x_shape, seed=1), drawn(6, 4, seed=2), drawn(4, seed=3)
        dout = drawn(x_shape[0], 4, seed=4)
        layer = Affine(W, b)
        out, dx = layer.forward(x), layer.backward(dout)
        expected_out, (expected_dx, expected_dW, expected_db) = torch_gradients(
            lambda x, W, b: x.flatten(1) @ W + b, dout, x, W, b
        )
        assert dx.shape == x_shape
        assert (layer.dW.shape, layer.db.shape) == ((6, 4), (4,))
        np.testing.assert_allclose(out, expected_out, rtol=1e-12)
        np.testing.assert_allclose(dx, expected_dx, rtol=1e-12)
        np.testing.assert_allclose(layer.dW, expected_dW, rtol=1e-12)
        np.testing.assert_allclose(layer.db, expected_db, rtol=1e-12)

    @pytest.mark.parametrize("D", [1, 3])
    def test_a_single_sample_is_a_batch_of_one(self, D):
        x, W, b, dout = drawn(D, seed=1), drawn(D, 2, seed=2), drawn(2, seed=3), drawn(2, seed=4)
        single, batch = Affine(W, b), Affine(W, b)
        out, out_of_batch = single.forward(x), batch.forward(x[np.newaxis])
        dx, dx_of_batch = single.backward(dout), batch.backward(dout[np.newaxis])
        assert (out.shape, dx.shape) == ((2,), (D,))
        assert (single.dW.shape, single.db.shape) == ((D, 2), (2,))
        assert np.array_equal(out, out_of_batch[0])
        assert np.array_equal(dx, dx_of_batch[0])
        assert np.array_equal(single.dW, batch.dW)
        assert np.array_equal(single.db, batch.db)

    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("x_shape", [(2, 3), (2, 3, 1), (3,)])
    def test_dtype_is_kept(self, dtype, x_shape):
        layer = Affine(drawn(3, 4, dtype=dtype), drawn(4, dtype=dtype))
        out = layer.forward(drawn(*x_shape, dtype=dtype))
        dx = layer.backward(np.ones_like(out))
        assert {a.dtype for a in (out, dx, layer.dW, layer.db)} == {np.dtype(dtype)}

    def test_the_layer_uses_the_arrays_it_was_given(self):
        W, b = np.ones((2, 1)), np.zeros(1)
        layer = Affine(W, b)
        W += 1
        b -= 5
        assert layer.forward(np.array([[1.0, 10.0]])).tolist() == [[17]]

    @pytest.mark.parametrize("x_shape", [(2, 4), (4,), (2, 6), (3, 2), (2, 3, 3), (6,), ()])
    def test_an_x_that_does_not_fit_is_refused(self, x_shape):
        # (2, 6) and (6,) hold whole rows of 3, but not one for each sample.
        layer = Affine(np.ones((3, 2)), np.ones(2))
        with pytest.raises(ValueError, match="each sample should have 3 numbers") as error:
            layer.forward(np.ones(x_shape))
        assert f"x of shape {x_shape} does not fit W of shape (3, 2)" in str(error.value)

    @pytest.mark.parametrize(("W_shape", "b_shape"), [((3, 2), (3,)), ((3, 2), (1, 2)), ((3,), ())])
    def test_weights_that_do_not_fit_are_refused(self, W_shape, b_shape):
        with pytest.raises(ValueError, match=r"should be \(D, M\) and \(M,\)"):
            Affine(np.ones(W_shape), np.ones(b_shape))

    def test_a_dout_that_does_not_fit_is_refused(self):
        layer = Affine(np.ones((3, 2)), np.ones(2))
        layer.forward(np.ones((4, 3)))
        with pytest.raises(ValueError, match="mismatch"):
            layer.backward(np.ones((2, 4)))


class TestSoftmaxWithLoss:
    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize(
        ("scores", "expected_y", "expected_dx"),
        [
            (np.log([0.3, 0.2, 0.5]), [0.3, 0.2, 0.5], [0.3, -0.8, 0.5]),
            ([np.log(0.01), np.log(0.99), -1000], [0.01, 0.99, 0], [0.01, -0.01, 0]),
        ],
    )
    def test_the_books_figures(self, scores, expected_y, expected_dx):
        layer = SoftmaxWithLoss()
        loss = layer.forward(np.array([scores]), np.array([[0, 1, 0]]))
        np.testing.assert_allclose(loss, -np.log(expected_y[1]), rtol=1e-12)
        np.testing.assert_allclose(layer.y, [expected_y], rtol=1e-12)
        np.testing.assert_allclose(layer.backward(), [expected_dx], rtol=1e-12)

    def test_attributes(self):
        layer = SoftmaxWithLoss()
        loss = layer.forward(np.zeros((2, 2)), np.array([0, 1]))
        assert layer.loss == loss
        assert layer.y.tolist() == [[0.5, 0.5], [0.5, 0.5]]
        assert layer.t.tolist() == [[1, 0], [0, 1]]

    @pytest.mark.parametrize("shape", [(5, 3), (3, 3), (1, 3), (2, 1), (1, 1)])
    @pytest.mark.parametrize("dout", [1.0, -2.5])
    @pytest.mark.parametrize("spelling", ["labels", "one-hot"])
    def test_pytorch_agrees(self, shape, dout, spelling):
        x = drawn(*shape)
        labels = np.arange(shape[0])[::-1] % shape[1]
        t = labels if spelling == "labels" else np.eye(shape[1], dtype=int)[labels]
        layer = SoftmaxWithLoss()
        loss, dx = layer.forward(x, t), layer.backward(dout)
        expected_loss, (expected_dx,) = torch_gradients(
            lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(labels.copy())), dout, x
        )
        assert np.shape(loss) == ()
        np.testing.assert_allclose(loss, expected_loss, rtol=1e-13)
        np.testing.assert_allclose(dx, expected_dx, rtol=1e-12, atol=1e-16)

    def test_soft_targets(self):
        x, t = drawn(4, 3), np.random.default_rng(1).dirichlet(np.ones(3), size=4)
        layer = SoftmaxWithLoss()
        loss, dx = layer.forward(x, t), layer.backward()
        expected_loss, (expected_dx,) = torch_gradients(
            lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(t)), 1.0, x
        )
        np.testing.assert_allclose(loss, expected_loss, rtol=1e-13)
        np.testing.assert_allclose(dx, expected_dx, rtol=1e-12)

    @pytest.mark.parametrize("t", [np.array([0, 1, 0]), np.array([1]), 1])
    def test_a_single_sample_is_a_batch_of_one(self, t):
        layer = SoftmaxWithLoss()
        np.testing.assert_allclose(layer.forward(np.log([0.3, 0.2, 0.5]), t), -np.log(0.2))
        np.testing.assert_allclose(layer.backward(2), [0.6, -1.6, 1])

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("t", [np.array([1, 0]), np.array([[0, 1], [1, 0]])])
    def test_confidently_wrong_and_confidently_right(self, dtype, t):
        layer = SoftmaxWithLoss()
        loss = layer.forward(np.array([[1000, -1000], [1000, -1000]], dtype=dtype), t)
        assert loss == 1000  # (2000 + 0) / 2
        assert layer.backward().tolist() == [[0.5, -0.5], [0, 0]]

    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("t", [np.array([1, 0]), np.eye(2), np.eye(2, dtype=int)])
    def test_dtype_is_kept(self, dtype, t):
        layer = SoftmaxWithLoss()
        assert layer.forward(np.ones((2, 2), dtype), t).dtype == dtype
        assert layer.backward().dtype == dtype
        assert layer.backward(0.5).dtype == dtype
        assert layer.forward(np.ones(2, dtype), 1).dtype == dtype

    def test_the_targets_of_forward_count(self):
        t = np.array([[0.0, 1.0]])
        layer = SoftmaxWithLoss()
        layer.forward(np.zeros((1, 2)), t)
        t[:] = 1, 0
        assert layer.backward().tolist() == [[0.5, -0.5]]

    def test_gradients_are_arrays_of_their_own(self):
        layer = SoftmaxWithLoss()
        layer.forward(np.zeros((1, 2)), np.array([0]))
        layer.backward()[:] = 7
        assert layer.backward().tolist() == [[-0.5, 0.5]]

    def test_targets_that_fit_neither_way_are_refused(self):
        with pytest.raises(ValueError, match=r"t of shape \(3,\) does not fit scores of shape"):
            SoftmaxWithLoss().forward(np.zeros((2, 3)), np.array([0, 1, 2]))


def outcome(layer, operands, dout):
    """Everything that one forward and one backward yield, as a flat list of copies."""
    out = layer.forward(*operands)
    gradients = layer.backward(dout)
    if not isinstance(gradients, tuple):
        gradients = (gradients,)
    attributes = [getattr(layer, name) for name in ("dW", "db") if hasattr(layer, name)]
    return [np.array(result) for result in (out, *gradients, *attributes)]


# name: (a new layer, operands for a batch of n, dout for it)
LAYERS = {
    "MulLayer": (MulLayer, lambda n: (drawn(n, 3, seed=1), drawn(3, seed=2)), (3,)),
    "AddLayer": (AddLayer, lambda n: (drawn(n, 3, seed=1), drawn(3, seed=2)), (3,)),
    "Relu": (Relu, lambda n: (drawn(n, 3),), (3,)),
    "Sigmoid": (Sigmoid, lambda n: (drawn(n, 3),), (3,)),
    "Affine": (
        lambda: Affine(locked(drawn(6, 4, seed=5)), locked(drawn(4, seed=6))),
        lambda n: (drawn(n, 2, 3),),
        (4,),
    ),
    "SoftmaxWithLoss": (
        SoftmaxWithLoss,
        lambda n: (drawn(n, 3), np.eye(3)[np.arange(n) % 3]),
        None,
    ),
}


@pytest.mark.parametrize("name", LAYERS)
class TestEveryLayer:
    @staticmethod
    def case(name, n, seed=7):
        new, operands, width = LAYERS[name]
        return new, operands(n), np.array(1.5) if width is None else drawn(n, *width, seed=seed)

    def test_read_only_arguments_are_enough(self, name):
        new, operands, dout = self.case(name, 4)
        expected = outcome(new(), operands, dout)
        results = outcome(new(), [locked(operand) for operand in operands], locked(dout))
        for result, value in zip(results, expected, strict=True):
            assert np.array_equal(result, value)

    def test_arguments_are_not_overwritten(self, name):
        new, operands, dout = self.case(name, 4)
        arguments = [*operands, dout]
        before = [argument.copy() for argument in arguments]
        outcome(new(), operands, dout)
        for argument, value in zip(arguments, before, strict=True):
            assert np.array_equal(argument, value)

    def test_non_contiguous_arguments(self, name):
        new, operands, dout = self.case(name, 4)
        expected = outcome(new(), operands, dout)
        spread = [scattered(operand) for operand in operands]
        assert not all(operand.flags.c_contiguous for operand in spread)
        results = outcome(new(), spread, scattered(dout) if dout.ndim else dout)
        for result, value in zip(results, expected, strict=True):
            np.testing.assert_allclose(result, value, rtol=1e-13)

    def test_calling_twice_gives_the_same(self, name):
        new, operands, dout = self.case(name, 4)
        layer = new()
        first = outcome(layer, operands, dout)
        second = outcome(layer, operands, dout)
        for result, value in zip(second, first, strict=True):
            assert np.array_equal(result, value)

    def test_backward_twice_gives_the_same(self, name):
        new, operands, dout = self.case(name, 4)
        layer = new()
        first = outcome(layer, operands, dout)[1]
        again = layer.backward(dout)
        assert np.array_equal(again[0] if isinstance(again, tuple) else again, first)

    @pytest.mark.parametrize("n", [2, 5])
    def test_backward_belongs_to_the_latest_forward(self, name, n):
        new, operands, dout = self.case(name, n)
        expected = outcome(new(), operands, dout)
        layer = new()
        layer.forward(*self.case(name, 3)[1])
        results = outcome(layer, operands, dout)
        for result, value in zip(results, expected, strict=True):
            assert np.array_equal(result, value)
