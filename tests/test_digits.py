"""All of MNIST, where it is at hand: it is the original, and it is learnt."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from trigrad.digits.fetching import MD5
from trigrad.impl import TwoLayerNet
from trigrad.impl.mnist import load_mnist, read_idx
from trigrad.impl.train import accuracy, new_network, train

WHOLE = Path(__file__).parents[2] / "shared" / "data" / "mnist"

pytestmark = pytest.mark.skipif(not WHOLE.is_dir(), reason="no MNIST in ../shared/data/mnist")


@pytest.mark.parametrize("name", MD5)
def test_files_have_the_hashes_of_the_originals(name: str) -> None:
    array = read_idx(WHOLE / f"{name}.gz")
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    content = bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()
    assert hashlib.md5(content).hexdigest() == MD5[name]


def test_two_epochs_are_enough_for_nine_in_ten() -> None:
    (x, t), (x_test, t_test) = load_mnist(normalize=False, folder=WHOLE)
    assert (x.shape, x_test.shape) == ((60_000, 784), (10_000, 784))
    np.random.seed(0)
    network = TwoLayerNet(784, 50, 10)
    train(network, x, t, steps=1200)
    assert accuracy(network, x_test, t_test) > 0.91


@pytest.mark.whole
def test_half_an_epoch_of_a_cnn_is_enough_for_more() -> None:
    (x, t), (x_test, t_test) = load_mnist(normalize=False, flatten=False, folder=WHOLE)
    network = new_network("cnn", x.shape[1:], hidden=100, seed=0)
    train(network, x, t, steps=600, batch_size=50)
    assert accuracy(network, x_test[:3000], t_test[:3000]) > 0.94
