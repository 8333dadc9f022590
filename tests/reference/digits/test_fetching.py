"""Downloads from a server in this process: whole ones, and every way in which one breaks."""

import gzip
import hashlib
import http.server
import io
import socket
import threading
from types import MappingProxyType

import pytest
from rich.console import Console

from trigrad.digits import finding
from trigrad.digits.fetching import FetchError, fetch
from trigrad.digits.finding import find_digits
from trigrad.impl.mnist import NAMES, SAMPLE, MnistError

FILES = {"images": b"the images" * 500, "labels": b"the labels" * 50}
MD5 = MappingProxyType({name: hashlib.md5(data).hexdigest() for name, data in FILES.items()})
PACKED = {f"/{name}.gz": gzip.compress(data) for name, data in FILES.items()}


class Server:
    """A mirror: by path the status, the content, and the length that is promised."""

    def __init__(self):
        self.answers = {path: (200, data, len(data)) for path, data in PACKED.items()}
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                status, content, length = outer.answers[self.path]
                self.send_response(status)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server():
    running = Server()
    yield running
    running.close()


@pytest.fixture
def other():
    running = Server()
    yield running
    running.close()


@pytest.fixture
def closed():
    """An address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


QUIET = Console(quiet=True)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Whatever way out this machine has: these servers are on it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def there(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_put_there_unpacked(server, tmp_path):
    fetch(tmp_path / "new" / "folder", QUIET, [server.url], MD5)
    assert there(tmp_path / "new" / "folder") == FILES


def test_what_is_there_is_not_asked_for_again(server, tmp_path):
    (tmp_path / "images").write_bytes(FILES["images"])
    (tmp_path / "labels").write_bytes(b"damaged since")
    fetch(tmp_path, QUIET, [server.url], MD5)
    assert server.asked == ["/labels.gz"]
    assert there(tmp_path) == FILES


GOOD = PACKED["/labels.gz"]
BROKEN = {
    "not found": ((404, b"", 0), "the server answered 404"),
    "breaks off": ((200, GOOD[:30], len(GOOD)), "the transfer broke off"),
    "cut off": ((200, GOOD[:30], 30), "not a complete gzip file"),
    "no gzip": ((200, b"<html>", 6), "not a complete gzip file"),
    "another file": ((200, PACKED["/images.gz"], len(PACKED["/images.gz"])), "another file"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_transfer_leaves_nothing(server, tmp_path, kind):
    server.answers["/labels.gz"], words = BROKEN[kind]
    with pytest.raises(FetchError) as found:
        fetch(tmp_path, QUIET, [server.url], MD5)
    assert f"{server.url}/labels.gz: " in str(found.value)
    assert words in str(found.value)
    assert there(tmp_path) == {"images": FILES["images"]}  # that one had come


@pytest.mark.parametrize("kind", BROKEN)
def test_the_next_mirror_is_asked(server, other, tmp_path, kind):
    server.answers["/labels.gz"], _ = BROKEN[kind]
    fetch(tmp_path, QUIET, [server.url, other.url], MD5)
    assert there(tmp_path) == FILES
    assert other.asked == ["/labels.gz"]


def test_every_mirror_and_its_reason_is_named(server, closed, tmp_path):
    server.answers["/images.gz"] = (503, b"", 0)
    with pytest.raises(FetchError) as found:
        fetch(tmp_path, QUIET, [server.url, closed], MD5)
    assert str(found.value) == (
        f"{server.url}/images.gz: the server answered 503; {closed}/images.gz: no connection"
    )
    assert there(tmp_path) == {}


class TestDigits:
    @pytest.fixture(autouse=True)
    def nothing_set(self, monkeypatch, tmp_path):
        monkeypatch.delenv("TRIGRAD_MNIST", raising=False)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))

    def test_without_a_download_the_sample_is_taken_and_that_is_said(self, closed):
        digits = find_digits(None, QUIET, mirrors=[closed])
        assert len(digits.x_train) == 4000
        assert "the sample of MNIST that trigrad brings along" in digits.source
        assert "could not be downloaded" in digits.source
        assert "no connection" in digits.source

    def test_a_cache_that_cannot_be_written_is_said_too(self, tmp_path, closed):
        (tmp_path / "cache").write_text("a file")
        assert "cannot be kept in" in find_digits(None, QUIET, mirrors=[closed]).source

    def test_what_was_downloaded_is_read(self, monkeypatch):
        def download(folder, *_):
            folder.mkdir(parents=True)
            for path in SAMPLE.glob("*.gz"):
                (folder / path.name).write_bytes(path.read_bytes())

        monkeypatch.setattr(finding, "fetch", download)
        for _ in range(2):
            digits = find_digits(None, QUIET)
            assert digits.source.endswith(str(finding.cache_folder()))
            monkeypatch.setattr(finding, "fetch", None)  # not called the second time

    def test_a_sample_that_is_asked_for_needs_no_download(self, monkeypatch):
        monkeypatch.setattr(finding, "fetch", None)
        assert "(asked for)" in find_digits(None, QUIET, sample=True).source

    def test_a_named_folder_is_not_exchanged(self, monkeypatch):
        monkeypatch.setattr(finding, "fetch", None)
        assert find_digits(str(SAMPLE), QUIET).x_train.shape == (4000, 1, 28, 28)

    @pytest.fixture
    def damaged(self, tmp_path):
        """A folder in which one of the four files is cut off."""
        folder = tmp_path / "cache" / "trigrad" / "mnist"
        folder.mkdir(parents=True)
        for path in SAMPLE.glob("*.gz"):
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / f"{NAMES[0][0]}.gz").write_bytes(b"")
        return folder

    def test_what_is_damaged_in_the_cache_is_to_be_deleted(self, monkeypatch, damaged):
        monkeypatch.setattr(finding, "cache_folder", lambda: damaged)
        with pytest.raises(MnistError, match=r"empty\. Delete it, and it is downloaded again$"):
            find_digits(str(damaged), QUIET)

    def test_who_named_a_damaged_folder_is_said(self, monkeypatch, damaged):
        monkeypatch.setattr(finding, "cache_folder", lambda: damaged / "another")
        monkeypatch.setenv("TRIGRAD_MNIST", str(damaged))
        with pytest.raises(MnistError, match=r"empty \(\$TRIGRAD_MNIST names that folder\)$"):
            find_digits(None, QUIET)
        with pytest.raises(MnistError, match=r"empty$"):
            find_digits(str(damaged), QUIET)

    def test_files_that_may_be_exchanged_are_a_note(self, tmp_path):
        for name, other in zip(NAMES[0], NAMES[1], strict=True):
            for one, two in ((name, other), (other, name)):
                (tmp_path / f"{one}.gz").write_bytes((SAMPLE / f"{two}.gz").read_bytes())
        said = io.StringIO()
        find_digits(str(tmp_path), Console(file=said, width=200))
        assert "are the files exchanged?" in said.getvalue()
