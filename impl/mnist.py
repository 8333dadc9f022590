"""MNIST, the handwritten digits of section 3.6: from the four IDX files to arrays.

Nothing is downloaded here. Where no folder holds the files, a sample of real digits is read that
ships beside this module.
"""

import gzip
import os
import zlib
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Split: TypeAlias = tuple[NDArray[Any], NDArray[Any]]
"""Images and their labels, in the same order."""

NAMES = (
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
)
"""The four files, images and labels: first those to train on, then those to test with."""

SAMPLE = Path(__file__).parent / "sample"
SIDE = 28  # an image has 28 × 28 pixels
CLASSES = 10


class MnistError(ValueError):
    """Files that are missing, damaged, or do not belong together; the message names them."""


def load_mnist(
    normalize: bool = True,
    flatten: bool = True,
    one_hot_label: bool = False,
    folder: str | os.PathLike[str] | None = None,
) -> tuple[Split, Split]:
    """((x_train, t_train), (x_test, t_test)): 60,000 and 10,000 digits, fewer in the sample.

    normalize: pixels as float32 from 0 to 1, as in the book; otherwise as bytes, 0 to 255, in a
        quarter of the memory.
    flatten: x is (N, 784); otherwise (N, 1, 28, 28).
    one_hot_label: t is (N, 10), bytes 0 and 1; otherwise the labels (N,), bytes 0 to 9.
    folder: holds the four files, gzipped or not; where None is given, see `find_mnist`.

    Raises MnistError if a file is missing, damaged, or does not fit the others.
    """
    where = find_mnist(folder)
    train, test = (_read_split(where, images, labels) for images, labels in NAMES)

    def prepared(images: Bytes, labels: Bytes) -> Split:
        x = images.reshape(len(images), -1) if flatten else images[:, np.newaxis]
        t = np.eye(CLASSES, dtype=np.uint8)[labels] if one_hot_label else labels
        return (normalized(x), t) if normalize else (x, t)

    return prepared(*train), prepared(*test)


def normalized(images: Bytes, dtype: Any = np.float32) -> NDArray[Any]:
    """Bytes from 0 to 255 as floats from 0 to 1, in the same shape."""
    pixels: NDArray[Any] = images.astype(dtype)
    pixels /= 255
    return pixels


def find_mnist(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder to read: the given one, else $TRIGRAD_MNIST, else the cache, else the sample.

    A folder that is named is taken, whether the files are there or not: nothing else is read in
    its stead without a word.
    """
    named = folder if folder is not None else os.environ.get("TRIGRAD_MNIST")
    if named:
        return Path(named).expanduser()
    cache = cache_folder()
    return cache if all(_path(cache, name) for pair in NAMES for name in pair) else SAMPLE


def cache_folder() -> Path:
    """Where downloaded files are kept for this user; it need not exist."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "trigrad" / "mnist"


def _read_split(folder: Path, images_name: str, labels_name: str) -> tuple[Bytes, Bytes]:
    """Images (N, 28, 28) and labels (N,), bytes."""
    images_path, labels_path = _existing(folder, images_name), _existing(folder, labels_name)
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise MnistError(f"{images_path}: shape {images.shape}, should be (N, {SIDE}, {SIDE})")
    if labels.ndim != 1:
        raise MnistError(f"{labels_path}: shape {labels.shape}, should be (N,)")
    if len(images) != len(labels):
        raise MnistError(
            f"{images_path} has {len(images)} images, {labels_path} has {len(labels)} labels: "
            "they do not belong together"
        )
    if not len(images):
        raise MnistError(f"{images_path}: no images in it")
    if labels.max() >= CLASSES:
        raise MnistError(f"{labels_path}: a label of {labels.max()}, should be 0 to 9")
    return images, labels


def _path(folder: Path, name: str) -> Path | None:
    """The file of that name, gzipped or not, also where a copy writes `.idx` for `-idx`."""
    spelt = (name, name.replace("-idx", ".idx"))
    paths = [folder / f"{each}{end}" for end in ("", ".gz") for each in spelt]
    return next((path for path in paths if path.is_file()), None)


def _existing(folder: Path, name: str) -> Path:
    if not folder.is_dir():
        what = "a file, no folder" if folder.exists() else "no such folder"
        raise MnistError(f"{folder}: {what}; it should hold the four files of MNIST")
    path = _path(folder, name)
    if path is None:
        missing = [each for pair in NAMES for each in pair if _path(folder, each) is None]
        names = ", ".join(missing)
        raise MnistError(f"{folder}: not there, neither as they are nor with .gz: {names}")
    return path


def read_idx(path: str | os.PathLike[str]) -> Bytes:
    """The array of bytes in an IDX file, gzipped or not.

    IDX: two zeros, the type (8: bytes) and the number of axes, one byte each; the length of every
    axis, four bytes, the most significant first; then the entries, the last axis fastest.

    Raises MnistError, which names the file and says what is wrong with it.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":  # what every gzip file begins with, whatever its name
            content = gzip.decompress(content)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise MnistError(f"{path}: damaged, {error}") from error
    except EOFError as error:
        raise MnistError(f"{path}: cut off, the gzipped content ends too early") from error
    except OSError as error:
        raise MnistError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not content:
        raise MnistError(f"{path}: empty")
    if content[:3] != b"\x00\x00\x08" or len(content) < 4:
        begins = content[:4].hex(" ")
        raise MnistError(f"{path}: no IDX file of bytes, which begins 00 00 08; it begins {begins}")
    axes = content[3]
    header = 4 + 4 * axes
    if len(content) < header:
        raise MnistError(f"{path}: cut off in its header")
    shape = tuple(int(length) for length in np.frombuffer(content, ">u4", axes, offset=4))
    if len(content) - header != prod(shape):
        raise MnistError(
            f"{path}: {len(content) - header:,} bytes after its header, "
            f"should be {prod(shape):,} for shape {shape}"
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
