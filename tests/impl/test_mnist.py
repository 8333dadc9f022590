"""IDX files, right and damaged; which folder is read; the sample that ships."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from trigrad.impl import mnist
from trigrad.impl.mnist import NAMES, SAMPLE, MnistError, find_mnist, load_mnist, read_idx

(TRAIN_IMAGES, TRAIN_LABELS), (TEST_IMAGES, TEST_LABELS) = NAMES


def idx(array: np.ndarray) -> bytes:
    """An array of bytes as an IDX file."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


def images(count: int = 3) -> np.ndarray:
    return np.arange(count * 28 * 28, dtype=np.uint8).reshape(count, 28, 28)


LABELS = np.array([7, 0, 9], dtype=np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The four files: three digits to train on, two to test with; one of them gzipped."""
    (tmp_path / TRAIN_IMAGES).write_bytes(idx(images()))
    (tmp_path / f"{TRAIN_LABELS}.gz").write_bytes(gzip.compress(idx(LABELS)))
    (tmp_path / TEST_IMAGES).write_bytes(idx(images(2)))
    (tmp_path / TEST_LABELS).write_bytes(idx(LABELS[:2]))
    return tmp_path


class TestRight:
    @pytest.mark.parametrize("array", [images(), LABELS, np.zeros((2, 0), np.uint8)])
    @pytest.mark.parametrize("packed", [bytes, gzip.compress])
    def test_arrays_come_back(self, tmp_path, array, packed):
        path = tmp_path / "file"  # gzipped or not: what is in it counts, not what it is called
        path.write_bytes(packed(idx(array)))
        np.testing.assert_array_equal(read_idx(path), array)

    def test_as_in_the_book(self, folder):
        (x, t), (x_test, t_test) = load_mnist(folder=folder)
        assert x.dtype == np.float32
        np.testing.assert_array_equal(x, images().reshape(3, 784).astype(np.float32) / 255)
        np.testing.assert_array_equal(t, LABELS)
        assert (x_test.shape, t_test.shape) == ((2, 784), (2,))

    def test_bytes_images_and_one_hot_targets(self, folder):
        (x, t), _ = load_mnist(normalize=False, flatten=False, one_hot_label=True, folder=folder)
        assert (x.dtype, x.shape) == (np.uint8, (3, 1, 28, 28))
        np.testing.assert_array_equal(t, np.eye(10)[LABELS])

    def test_other_spelling_of_the_names(self, folder):
        path = folder / TRAIN_IMAGES
        path.rename(folder / TRAIN_IMAGES.replace("-idx3", ".idx3"))
        assert len(load_mnist(folder=folder)[0][0]) == 3


WHOLE = idx(images())
PACKED = gzip.compress(WHOLE)
DAMAGED = {
    "empty": (b"", ": empty"),
    "text": (b"<html>not found</html>", "no IDX file of bytes, which begins 00 00 08"),
    "floats": (b"\x00\x00\x0d\x01" + WHOLE[4:], "no IDX file of bytes"),
    "header cut off": (WHOLE[:9], "cut off in its header"),
    "cut off": (WHOLE[:-1], "2,351 bytes after its header, should be 2,352"),
    "too long": (WHOLE + b"\x00", "2,353 bytes after its header, should be 2,352"),
    "gzip cut off": (gzip.compress(WHOLE)[:-20], "cut off, the gzipped content ends too early"),
    "gzip damaged": (PACKED[:-8] + b"\xff" * 4 + PACKED[-4:], "damaged"),
    "no gzip after all": (b"\x1f\x8bno gzip at all, but long enough", "damaged"),
    "another size": (idx(np.zeros((3, 27, 28), np.uint8)), "shape (3, 27, 28), should be (N, 28"),
    "labels": (idx(LABELS), "shape (3,), should be (N, 28, 28)"),
    "another number": (idx(images(2)), "2 images, "),
    "none": (idx(images(0)), "0 images, "),
}


class TestWrong:
    @pytest.mark.parametrize("kind", DAMAGED)
    def test_images_are_named_and_what_is_wrong_with_them(self, folder, kind):
        content, words = DAMAGED[kind]
        path = folder / TRAIN_IMAGES
        path.write_bytes(content)
        with pytest.raises(MnistError) as found:
            load_mnist(folder=folder)
        assert str(path) in str(found.value)
        assert words in str(found.value)
        assert "\n" not in str(found.value)

    @pytest.mark.parametrize(
        ("labels", "words"),
        [
            (np.array([7, 0, 10], np.uint8), "a label of 10, should be 0 to 9"),
            (LABELS[:, np.newaxis], "shape (3, 1), should be (N,)"),
            (LABELS[:2], "do not belong together"),
        ],
    )
    def test_labels_too(self, folder, labels, words):
        (folder / f"{TRAIN_LABELS}.gz").write_bytes(gzip.compress(idx(labels)))
        with pytest.raises(MnistError, match=TRAIN_LABELS) as found:
            load_mnist(folder=folder)
        assert words in str(found.value)

    def test_missing_file(self, folder):
        (folder / TEST_LABELS).unlink()
        with pytest.raises(MnistError, match=f"not there, .*with .gz: {TEST_LABELS}$"):
            load_mnist(folder=folder)

    def test_empty_folder(self, tmp_path):
        with pytest.raises(
            MnistError, match=r"train-images.*train-labels.*t10k-images.*t10k-labels"
        ):
            load_mnist(folder=tmp_path)

    def test_a_file_is_no_folder(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(MnistError, match="file: a file, no folder"):
            load_mnist(folder=tmp_path / "file")

    def test_missing_folder(self, tmp_path):
        with pytest.raises(MnistError, match="no such folder"):
            load_mnist(folder=tmp_path / "nowhere")

    def test_file_that_cannot_be_read(self, folder):
        with pytest.raises(MnistError, match="cannot be read"):
            read_idx(folder)


class TestWhichFolder:
    @pytest.fixture(autouse=True)
    def nothing_set(self, tmp_path, monkeypatch):
        monkeypatch.delenv("TRIGRAD_MNIST", raising=False)
        monkeypatch.setattr(mnist, "cache_folder", lambda: tmp_path / "cache")

    def test_the_one_that_is_given_before_all_others(self, folder, monkeypatch):
        monkeypatch.setenv("TRIGRAD_MNIST", "/elsewhere")
        assert find_mnist(folder) == folder

    def test_the_one_that_is_named_is_not_exchanged_for_another(self, monkeypatch):
        monkeypatch.setenv("TRIGRAD_MNIST", "/elsewhere")
        assert find_mnist() == Path("/elsewhere")
        with pytest.raises(MnistError, match="/elsewhere: no such folder"):
            load_mnist()

    def test_the_cache_if_it_is_complete(self, folder, monkeypatch):
        monkeypatch.setattr(mnist, "cache_folder", lambda: folder)
        assert find_mnist() == folder
        (folder / TEST_LABELS).unlink()
        assert find_mnist() == SAMPLE

    def test_otherwise_the_sample(self):
        assert find_mnist() == SAMPLE


def test_cache_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setattr(mnist.os, "name", "posix")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert mnist.cache_folder() == tmp_path / "trigrad" / "mnist"


class TestSample:
    def test_is_balanced(self):
        (x, t), (x_test, t_test) = load_mnist(normalize=False, folder=SAMPLE)
        np.testing.assert_array_equal(np.bincount(t), [400] * 10)
        np.testing.assert_array_equal(np.bincount(t_test), [100] * 10)
        assert (x.shape, x_test.shape) == ((4000, 784), (1000, 784))

    def test_is_small_and_says_whose_it_is(self):
        assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 1_000_000
        words = (SAMPLE / "README.txt").read_text("utf-8")
        assert "Attribution-Share Alike" in words
        assert "LeCun" in words

    def test_is_of_the_real_mnist(self):
        whole = Path(__file__).parents[3] / "shared" / "data" / "mnist"
        if not whole.is_dir():
            pytest.skip("no MNIST in ../shared/data/mnist")
        for sample, original in zip(
            load_mnist(normalize=False, folder=SAMPLE),
            load_mnist(normalize=False, folder=whole),
            strict=True,
        ):
            x, t = original
            count = len(sample[0]) // 10
            kept = np.sort(np.concatenate([np.flatnonzero(t == c)[:count] for c in range(10)]))
            np.testing.assert_array_equal(sample[0], x[kept])
            np.testing.assert_array_equal(sample[1], t[kept])
