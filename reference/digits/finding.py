"""Where the digits come from: the user's folder, the cache, a download, or the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from trigrad.digits.fetching import MIRRORS, FetchError, fetch
from trigrad.impl.mnist import SAMPLE, MnistError, cache_folder, find_mnist, load_mnist
from trigrad.messages import Message

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
    why = str(Message("digits.asked"))
    if where == SAMPLE and not sample and folder is None:
        try:
            fetch(cache_folder(), console, mirrors)
            where = cache_folder()
        except FetchError as error:
            why = str(Message("digits.not_downloaded", error=str(error)))
        except OSError as error:
            why = str(
                Message(
                    "digits.not_kept", folder=str(cache_folder()), why=str(error.strerror or error)
                )
            )
    try:
        (x_train, t_train), (x_test, t_test) = load_mnist(
            normalize=False, flatten=False, folder=where
        )
    except MnistError as error:
        if where == cache_folder():
            raise MnistError(str(Message("digits.delete", error=str(error)))) from error
        if folder is None:
            raise MnistError(str(Message("digits.named", error=str(error)))) from error
        raise
    if len(x_train) < len(x_test):
        why = str(Message("digits.exchanged"))
        console.print(str(Message("note", note=why)), highlight=False)
    count = str(Message("digits.count", train=f"{len(x_train):,}", test=f"{len(x_test):,}"))
    source = str(Message("digits.from", count=count, folder=str(where)))
    if where == SAMPLE:
        source = str(Message("digits.sample", count=count, why=why))
    return Digits(x_train, t_train, x_test, t_test, source)
