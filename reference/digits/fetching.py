"""Downloads MNIST to the user's cache; every file is verified before it is put there."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import requests
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from trigrad.messages import Message

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
"""Where the four gzipped files are published; they are tried in this order."""

MD5 = MappingProxyType(
    {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    }
)
"""Of the unpacked originals: how a mirror compressed them makes no difference."""

SECONDS = 10.0
"""Time limit for a mirror that sends nothing, in seconds."""


class FetchError(Exception):
    """No mirror delivered the files; the message says what went wrong with each."""


def fetch(
    folder: Path,
    console: Console,
    mirrors: Sequence[str] = MIRRORS,
    md5: MappingProxyType[str, str] = MD5,
) -> None:
    """Download those of the four files that a folder lacks, and unpack them.

    A file gets its name only when its hash is right, so that an interrupted transfer leaves
    nothing that could be mistaken for MNIST.

    Raises:
        FetchError: no mirror delivered all of them.
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        for name, expected in md5.items():
            if _is_there(folder / name, expected):
                continue
            wrong: list[str] = []
            for mirror in mirrors:
                try:
                    content = _downloaded(f"{mirror}/{name}.gz", progress, expected)
                except _BrokenError as error:
                    wrong.append(f"{mirror}/{name}.gz: {error}")
                    continue
                _put(folder / name, content)
                break
            else:
                raise FetchError("; ".join(wrong))


class _BrokenError(Exception):
    """A transfer that did not deliver the file."""


def _is_there(path: Path, expected: str) -> bool:
    return path.is_file() and hashlib.md5(path.read_bytes()).hexdigest() == expected


def _put(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it: it is there whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def _downloaded(url: str, progress: Progress, expected: str) -> bytes:
    """The unpacked content behind an address.

    Raises:
        _BrokenError: it could not be downloaded, or is not the right file.
    """
    import pooch

    pooch.get_logger().setLevel("WARNING")  # the bar shows progress, and failures are raised
    with tempfile.TemporaryDirectory() as folder:
        bar = _Bar(progress, url.rsplit("/", 1)[-1])
        downloader = pooch.HTTPDownloader(progressbar=bar, timeout=SECONDS)
        try:
            path = pooch.retrieve(
                url, known_hash=None, path=folder, fname="file.gz", downloader=downloader
            )
            content = gzip.decompress(Path(path).read_bytes())
        except requests.exceptions.RequestException as error:
            raise _BrokenError(_in_words(error)) from error
        except (OSError, EOFError, zlib.error) as error:
            raise _BrokenError(str(Message("digits.incomplete", error=str(error)))) from error
        finally:
            bar.close()
    found = hashlib.md5(content).hexdigest()
    if found != expected:
        raise _BrokenError(str(Message("digits.another_file", found=found, expected=expected)))
    return content


def _in_words(error: requests.exceptions.RequestException) -> str:
    if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
        return str(Message("digits.answered", status=error.response.status_code))
    if isinstance(error, requests.exceptions.Timeout):
        return str(Message("digits.no_answer", seconds=f"{SECONDS:g}"))
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return str(Message("digits.broken"))
    if isinstance(error, requests.exceptions.ConnectionError):
        return str(Message("digits.no_connection"))
    return type(error).__name__


class _Bar:
    """Shows the progress that pooch reports on a progress bar."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._task = progress.add_task(name, total=None)
        self._total = 0

    @property
    def total(self) -> int:
        """Bytes altogether, 0 where the server doesn't say."""
        return self._total

    @total.setter
    def total(self, total: int) -> None:
        self._total = total
        self._progress.update(self._task, total=total or None)

    def update(self, more: int) -> None:
        """Add this many bytes to those that were received."""
        self._progress.advance(self._task, more)

    def reset(self) -> None:
        """Start from 0, as pooch does when it counts all bytes once more at the end."""
        self._progress.update(self._task, completed=0)

    def close(self) -> None:
        """Remove the bar; pooch calls this too, but not after an interrupted transfer."""
        if self._task in self._progress.task_ids:
            self._progress.remove_task(self._task)
