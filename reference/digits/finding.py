"""Where the digits come from: the user's folder, the cache, a download, or the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from trigrad.digits.fetching import MIRRORS, FetchError, fetch
from trigrad.impl.mnist import SAMPLE, MnistError, cache_folder, find_mnist, load_mnist

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Digits:
    """Images (N, 1, 28, 28) and labels (N,), as bytes, for training and for testing."""

    x_train: Bytes
    t_train: Bytes
    x_test: Bytes
    t_test: Bytes
    source: str
    """How many there are and where they come from, in words."""


def find_digits(
    folder: str | None,
    console: Console,
    *,
    sample: bool = False,
    mirrors: Sequence[str] = MIRRORS,
) -> Digits:
    """The digits in a folder; without one, $TRIGRAD_MNIST, the cache, a download or the sample.

    Raises:
        MnistError: a named folder does not have the four files, or one of them is damaged.
    """
    where = SAMPLE if sample else find_mnist(folder)
    why = "asked for"
    if where == SAMPLE and not sample and folder is None:
        try:
            fetch(cache_folder(), console, mirrors)
            where = cache_folder()
        except FetchError as error:
            why = f"MNIST could not be downloaded: {error}; --data DIR reads a folder of yours"
        except OSError as error:
            why = f"MNIST cannot be kept in {cache_folder()}: {error.strerror or error}"
    try:
        (x_train, t_train), (x_test, t_test) = load_mnist(
            normalize=False, flatten=False, folder=where
        )
    except MnistError as error:
        if where == cache_folder():
            raise MnistError(f"{error}. Delete it, and it is downloaded again") from error
        if folder is None:
            raise MnistError(f"{error} ($TRIGRAD_MNIST names that folder)") from error
        raise
    if len(x_train) < len(x_test):
        why = "more to test with than to train on: are the files exchanged?"
        console.print(f"note: {why}", highlight=False)
    count = f"{len(x_train):,} digits to train on, {len(x_test):,} to test with"
    source = f"{count}, from {where}"
    if where == SAMPLE:
        source = f"{count}: the sample of MNIST that trigrad brings along ({why})"
    return Digits(x_train, t_train, x_test, t_test, source)
