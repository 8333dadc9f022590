"""sigmoid, softmax, cross_entropy_error, and how targets are read."""

import numpy as np
import pytest
import torch

from trigrad.impl import cross_entropy_error, sigmoid, softmax
from trigrad.impl.functions import log_softmax, one_hot

FLOATS = [np.float32, np.float64]


def read_only(values, dtype=np.float64):
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


class TestSigmoid:
    def test_values(self):
        # 1 / (1 + 1/3) and 1 / (1 + 3)
        x = np.array([[0.0, np.log(3)], [-np.log(3), 0.0]])
        np.testing.assert_allclose(sigmoid(x), [[0.5, 0.75], [0.25, 0.5]], rtol=1e-15)

    def test_pytorch_agrees(self):
        x = np.linspace(-30, 30, 201)
        np.testing.assert_allclose(sigmoid(x), torch.sigmoid(torch.tensor(x)).numpy(), rtol=1e-14)

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_a_thousand_either_way_warns_nothing(self, dtype):
        y = sigmoid(np.array([-1000, 1000], dtype=dtype))
        assert y.dtype == dtype
        assert y.tolist() == [0, 1]

    def test_a_small_value_keeps_its_digits(self):
        np.testing.assert_allclose(sigmoid(np.array([-700.0])), [np.exp(-700.0)], rtol=1e-12)

    @pytest.mark.parametrize("dtype", FLOATS)
    def test_dtype_is_kept(self, dtype):
        assert sigmoid(np.zeros((2, 3), dtype)).dtype == dtype

    @pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8])
    def test_integers_become_float64(self, dtype):
        y = sigmoid(np.array([0, 100], dtype=dtype))
        assert y.dtype == np.float64
        np.testing.assert_allclose(y, [0.5, 1])

    def test_argument_is_not_overwritten(self):
        sigmoid(read_only([1.0, -2.0]))
        x = np.array([1.0, -2.0])
        sigmoid(x)
        assert x.tolist() == [1, -2]

    def test_nan_stays_nan(self):
        assert np.isnan(sigmoid(np.array([np.nan]))).all()


class TestSoftmax:
    def test_values_over_the_last_axis(self):
        x = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 4.0]])
        np.testing.assert_allclose(softmax(x), [[0.125, 0.25, 0.625], [0.3, 0.3, 0.4]], rtol=1e-14)
        np.testing.assert_allclose(softmax(x[0]), [0.125, 0.25, 0.625], rtol=1e-14)

    def test_the_maximum_is_each_rows_own(self):
        # With one maximum for the whole array, the first row would be 0 / 0.
        np.testing.assert_allclose(
            softmax(np.array([[-1000.0, -1000], [1000, 1000]])), [[0.5, 0.5], [0.5, 0.5]]
        )

    @pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
    def test_pytorch_agrees(self, shape):
        x = np.random.default_rng(0).normal(size=shape)
        expected = torch.softmax(torch.tensor(x), dim=-1).numpy()
        np.testing.assert_allclose(softmax(x), expected, rtol=1e-13)

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_a_thousand_either_way_warns_nothing(self, dtype):
        y = softmax(np.array([[1000, -1000, 0], [-1000, -1000, -2000]], dtype=dtype))
        assert y.dtype == dtype
        assert y.tolist() == [[1, 0, 0], [0.5, 0.5, 0]]

    def test_small_unsigned_integers_do_not_wrap_around(self):
        # 0 - 200 would be 56 in uint8, and 56 more than the true maximum's 0.
        assert softmax(np.array([0, 200], dtype=np.uint8)).argmax() == 1

    def test_argument_is_not_overwritten(self):
        softmax(read_only([[1.0, 2.0]]))
        x = np.array([[1.0, 2.0]])
        softmax(x)
        assert x.tolist() == [[1, 2]]

    def test_non_contiguous(self):
        x = np.log([[1.0, 3.0], [3.0, 7.0]]).T
        np.testing.assert_allclose(softmax(x), [[0.25, 0.75], [0.3, 0.7]], rtol=1e-14)


class TestLogSoftmax:
    def test_values(self):
        x = np.log([[1.0, 3.0]])
        np.testing.assert_allclose(log_softmax(x), np.log([[0.25, 0.75]]), rtol=1e-14)

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_finite_where_softmax_is_zero(self, dtype):
        log_y = log_softmax(np.array([1000, -1000], dtype=dtype))
        assert log_y.dtype == dtype
        assert log_y.tolist() == [0, -2000]


class TestCrossEntropyError:
    def test_the_books_one_sample(self):
        y = np.array([0.1, 0.2, 0.7])
        for t in (np.array([0, 0, 1]), np.array([2]), 2):
            np.testing.assert_allclose(cross_entropy_error(y, t), 0.356675, atol=1e-6)

    def test_the_books_two_samples(self):
        y = np.array([[0.1, 0.2, 0.7], [0.8, 0.1, 0.1]])
        for t in (np.array([[0, 0, 1], [1, 0, 0]]), np.array([2, 0])):
            np.testing.assert_allclose(cross_entropy_error(y, t), 0.289909, atol=1e-6)

    def test_the_books_6_2146_is_a_one_hot_target_read_as_labels(self):
        # The labels-only version picks y[0], y[0], y[1] for t = [0, 0, 1]: three labels, of one
        # sample, and adds up -log .1 - log .1 - log .2.
        y = np.array([0.1, 0.2, 0.7])
        as_labels = cross_entropy_error(np.array([y, y, y]), np.array([0, 0, 1]))
        np.testing.assert_allclose(3 * as_labels, 6.2146, atol=1e-4)
        np.testing.assert_allclose(cross_entropy_error(y, np.array([0, 0, 1])), -np.log(0.7))

    def test_nothing_is_added_inside_the_logarithm(self):
        y = np.array([[1e-9, 1 - 1e-9]])
        loss = cross_entropy_error(y, np.array([[1, 0]]))
        np.testing.assert_allclose(loss, 9 * np.log(10), rtol=1e-14)

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize(("dtype", "limit"), [(np.float64, 708.3964), (np.float32, 87.33654)])
    def test_a_probability_of_zero_is_finite(self, dtype, limit):
        y = np.array([[0, 1]], dtype=dtype)
        loss = cross_entropy_error(y, np.array([0]))
        assert loss.dtype == dtype
        np.testing.assert_allclose(loss, limit, rtol=1e-6)
        assert cross_entropy_error(y, np.array([[0, 1]])) == 0  # where t is 0, y may be 0

    def test_soft_targets(self):
        y = np.array([[0.25, 0.75]])
        expected = -0.5 * np.log(0.25) - 0.5 * np.log(0.75)
        np.testing.assert_allclose(cross_entropy_error(y, np.array([[0.5, 0.5]])), expected)

    @pytest.mark.parametrize("t", [np.array([2, 0, 1]), np.eye(3)[[2, 0, 1]]])
    def test_as_many_samples_as_classes(self, t):
        y = np.array([[0.1, 0.2, 0.7], [0.8, 0.1, 0.1], [0.3, 0.6, 0.1]])
        expected = -np.log(0.7 * 0.8 * 0.6) / 3
        np.testing.assert_allclose(cross_entropy_error(y, t), expected, rtol=1e-14)

    def test_pytorch_agrees(self):
        y = np.random.default_rng(0).dirichlet(np.ones(4), size=6)
        t = np.array([0, 1, 2, 3, 3, 0])
        expected = torch.nn.functional.nll_loss(torch.tensor(y).log(), torch.tensor(t)).item()
        np.testing.assert_allclose(cross_entropy_error(y, t), expected, rtol=1e-14)

    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("t", [np.array([[0.0, 1.0]]), np.array([[0, 1]]), np.array([1])])
    def test_dtype_is_ys(self, dtype, t):
        assert cross_entropy_error(np.array([[0.5, 0.5]], dtype), t).dtype == dtype

    def test_arguments_are_not_overwritten(self):
        cross_entropy_error(read_only([[0.0, 1.0]]), read_only([[1.0, 0.0]]))
        y, t = np.array([[0.0, 1.0]]), np.array([0])
        cross_entropy_error(y, t)
        assert (y.tolist(), t.tolist()) == ([[0, 1]], [0])


class TestOneHot:
    @pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.uint64])
    def test_labels(self, dtype):
        rows = one_hot(np.array([2, 0], dtype=dtype), np.zeros((2, 3), np.float32))
        assert rows.dtype == np.float32
        assert rows.tolist() == [[0, 0, 1], [1, 0, 0]]

    @pytest.mark.parametrize("t", [1, np.int64(1), np.array(1), np.array([1]), [0, 1, 0]])
    def test_one_sample(self, t):
        assert one_hot(t, np.zeros(3)).tolist() == [0, 1, 0]

    def test_one_sample_in_a_batch(self):
        assert one_hot(np.array([1]), np.zeros((1, 3))).tolist() == [[0, 1, 0]]

    def test_one_sample_of_one_class(self):
        assert one_hot(np.array([1.0]), np.zeros(1)).tolist() == [1]
        assert one_hot(np.array([0]), np.zeros((1, 1))).tolist() == [[1]]

    def test_booleans_are_one_hot(self):
        assert one_hot(np.array([[False, True]]), np.zeros((1, 2))).tolist() == [[0, 1]]

    def test_the_result_is_a_copy(self):
        t = np.array([[0.0, 1.0]])
        assert not np.shares_memory(one_hot(t, np.zeros((1, 2))), t)

    @pytest.mark.parametrize(
        ("t", "y_shape"),
        [
            (np.array([0, 1, 2]), (2, 3)),  # three labels for two samples, as many as classes
            (np.eye(3)[:2], (2, 4)),  # three classes, not four
            (np.array([[0], [1]]), (2, 3)),  # a column of labels
            (np.array([0, 1]), (3,)),  # two labels for one sample
            (1, (1, 3)),
        ],
    )
    def test_a_shape_that_fits_neither_way(self, t, y_shape):
        with pytest.raises(ValueError, match="does not fit") as error:
            one_hot(t, np.zeros(y_shape))
        assert f"t of shape {np.shape(t)} does not fit scores of shape {y_shape}" in str(
            error.value
        )
        assert f"should be {y_shape} for one-hot targets, {y_shape[:-1]}" in str(error.value)

    @pytest.mark.parametrize("y_shape", [(), (2, 3, 4)])
    def test_scores_that_are_no_batch(self, y_shape):
        with pytest.raises(ValueError, match=r"should be \(N, C\), or \(C,\)"):
            one_hot(np.zeros(y_shape), np.zeros(y_shape))

    @pytest.mark.parametrize("t", [[0, 3], [0, -1]])
    def test_a_label_that_is_no_class(self, t):
        with pytest.raises(
            ValueError, match=r"labels run from -?\d to \d, should be in 0 \.\.\. 2"
        ):
            one_hot(np.array(t), np.zeros((2, 3)))

    @pytest.mark.parametrize("dtype", [np.float64, np.bool_])
    def test_labels_that_are_no_integers(self, dtype):
        with pytest.raises(TypeError, match="should be integers"):
            one_hot(np.array([0, 1], dtype=dtype), np.zeros((2, 3)))
