"""The face of what runs in a worker: the same as in this process, and what happens at its end."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from tests.reference.sandbox.conftest import Opened
from trigrad import check
from trigrad.api import open_target
from trigrad.cases.drawing import draw_cases
from trigrad.claim.answers import Answers
from trigrad.sandbox.host import fork_server
from trigrad.sandbox.limits import MIB, Limits
from trigrad.subject.face import Build, Face, Forward, Raised, Returned

LEARNERS = Path(__file__).parents[2] / "learners"
X = {"x": np.array([[1.0, -2.0]])}


def outcome(face: Face) -> Raised:
    """What forward comes to, where it does not come back."""
    made, result = face.run([Build(), Forward(X)])
    assert isinstance(made, Returned), made
    assert isinstance(result, Raised), result
    assert result.ended
    assert face.over
    return result


def ours() -> set[int]:
    """The processes that this one has started, and those that they have, still alive."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(after_name[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


GUESSED = """\
import numpy as np


class Dropout:
    \"\"\"What it keeps has the wrong sign.\"\"\"

    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio

    def forward(self, x):
        self.mask = (np.random.rand(*x.shape) > self.dropout_ratio) / (self.dropout_ratio - 1)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class Square:
    \"\"\"Its gradient is half of what it should be.\"\"\"

    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        return dout * self.x
"""


class TestSameAsInProcess:
    @pytest.mark.parametrize(
        "name",
        [
            "right/book_style.py",
            "right/net_in_folders",
            "spellings/network_with_tanh.py",
            "wrong/mul_backward_adds.ipynb",
            "wrong/net_reversed_in_place.md",
            "wrong/sigmoid_derivative_of_input.py",
            "spellings/pairs_with_cache.py",
            "spellings/weights_out_by_in_with_zero_grad.py",
        ],
    )
    def test_the_same_screen(self, name: str) -> None:
        path = LEARNERS / name
        if not path.exists():
            pytest.fail(f"{name} is gone")
        fork_server()
        fork_server(tracing=True)  # what has no contract is guessed there
        before = ours()
        apart = str(check(path, examples=2))
        assert len(ours() - before) == 0  # every worker has ended
        assert apart == str(check(path, examples=2, in_process=True))

    def test_the_same_screen_of_what_is_guessed(self, tmp_path: Path) -> None:
        path = tmp_path / "layers.py"
        path.write_text(GUESSED, "utf-8")
        apart = str(check(path, examples=2, repair_seconds=0))
        assert apart == str(check(path, examples=2, repair_seconds=0, in_process=True))
        assert "lines 10-12" in apart  # forward of the one, backward of the other
        assert "lines 25-26" in apart

    def test_the_same_numbers_to_the_last_bit(self) -> None:
        apart = open_target(LEARNERS / "right" / "book_style.py", limits=Limits())
        here = open_target(LEARNERS / "right" / "book_style.py")
        for one, other in zip(apart.candidates, here.candidates, strict=True):
            assert (one.name, one.where, one.notes) == (other.name, other.where, other.notes)
            assert (one.lines, one.uses) == (other.lines, other.uses)
            for case, _ in draw_cases(one.contract, 1, 3):
                commands = Answers(one.contract, one.face, case).whole()
                assert str(one.face.run(commands)) == str(other.face.run(commands))
            one.face.close()


class TestEnds:
    def test_a_hang_is_placed(self, relu: Opened) -> None:
        began = time.monotonic()
        raised = outcome(relu("y = 1\nwhile True:\n    y = y + 1", 0.5))
        assert time.monotonic() - began < 5
        assert raised.sentence == "forward did not return within 0.5 s"
        assert raised.where is not None
        assert raised.where.text in ("while True:", "y = y + 1")

    @pytest.mark.parametrize(
        ("method", "words"),
        [("forward", "forward did not return"), ("__init__", "the constructor did not return")],
    )
    def test_a_hang_is_in_the_method_that_hangs(
        self, tmp_path: Path, method: str, words: str
    ) -> None:
        """Though an object with weights is tried as soon as it is made."""
        text = (LEARNERS / "right" / "book_style.py").read_text("utf-8")
        start = text.index(f"    def {method}(", text.index("class Affine"))
        end = text.index("\n", start)
        path = tmp_path / "layers.py"
        path.write_text(f"{text[:end]}\n        while True: pass{text[end:]}", "utf-8")
        report = check(path, layer="Affine", timeout=0.5, examples=2, repair_seconds=0)
        (affine,) = report.layers
        assert words in str(report)
        evidence = affine.failures[0].finding.evidence
        assert evidence is not None
        assert evidence.raised is not None
        assert evidence.raised.sentence.startswith(words)

    def test_a_slow_layer_is_not_said_to_hang(self, relu: Opened) -> None:
        face = relu("time.sleep(0.2)\nreturn x", 1.0)
        results = face.run([Build(), *[Forward(X)] * 10])
        assert isinstance(results[2], Returned)
        assert isinstance(results[-1], Raised)
        assert results[-1].sentence == (
            "forward is too slow: the calls for one claim took over 1 s"
        )

    def test_the_clock_starts_again(self, relu: Opened) -> None:
        face = relu("time.sleep(0.7)\nreturn x", 1.2)
        for _ in range(3):
            face.start_clock(1.0)
            assert isinstance(face.run([Build(), Forward(X)])[1], Returned)
        assert isinstance(face.run([Build(), Forward(X)])[1], Raised)  # without it

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            ("os._exit(0)", "forward ended its process, with status 0"),
            ("os._exit(7)", "forward ended its process, with status 7"),
            (
                "import ctypes\nctypes.string_at(0)",
                "forward crashed Python (segmentation fault)",
            ),
            ("os.kill(os.getpid(), 9)\nos.abort()", "forward crashed Python (abort)"),
        ],
    )
    def test_the_process_is_gone(self, relu: Opened, body: str, sentence: str) -> None:
        raised = outcome(relu(body))
        assert raised.sentence == sentence or "crashed Python" in raised.sentence

    def test_what_came_before_is_kept(self, relu: Opened) -> None:
        face = relu("if x.size == 1:\n    os._exit(1)\nreturn x * 3")
        results = face.run([Build(), Forward(X), Forward({"x": np.ones((1, 1))}), Forward(X)])
        assert isinstance(results[1], Returned)
        assert np.array_equal(results[1].values["output"], 3 * X["x"])  # type: ignore[arg-type]
        assert [isinstance(r, Raised) and r.ended for r in results] == [False, False, True, True]
        assert face.run([Build()]) == [results[-1]]

    def test_nothing_is_left_of_it(self, relu: Opened) -> None:
        fork_server()
        before = ours()
        face = relu("if os.fork() == 0:\n    os.setsid()\n    time.sleep(30)\nreturn x")
        face.run([Build(), Forward(X)])
        assert ours() - before
        face.close()
        time.sleep(0.1)
        assert len(ours()) <= max(len(before), 1)

    def test_a_fork_server_that_is_gone_is_replaced(self, relu: Opened) -> None:
        first = fork_server()
        os.kill(first._process.pid, signal.SIGKILL)
        first._process.wait()
        assert isinstance(relu("return x").run([Build(), Forward(X)])[1], Returned)
        assert fork_server() is not first


class TestWalls:
    """What forward may not do, asked from within; `out` of the answer is 1 where it could."""

    def value(self, face: Face) -> float:
        result = face.run([Build(), Forward(X)])[1]
        assert isinstance(result, Returned), result
        return float(np.asarray(result.values["output"]).reshape(-1)[0])

    @pytest.mark.parametrize(
        "attempt",
        [
            "open({canary!r}, 'a')",
            "os.remove({canary!r})",
            "os.chmod({canary!r}, 0)",
            "os.rename({canary!r}, {canary!r} + 'x')",
            "os.mkdir({canary!r} + 'x')",
            "import socket; socket.socket()",
            "import subprocess; subprocess.run(['true'])",
            "os.kill(1, 0) if os.getpid() != 1 else os.kill(2, 0)",
            "np.ones(10**11)",
            "open('big', 'wb').write(bytes(64 * 2**20))",
            "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
            "os.setuid(0) if os.getuid() else open('/', 'w')",
        ],
    )
    def test_refused(self, relu: Opened, tmp_path: Path, attempt: str) -> None:
        canary = tmp_path / "canary"
        canary.write_text("as it was", "utf-8")
        lines = attempt.format(canary=str(canary))
        face = relu(
            f"try:\n    {lines}\n    return np.ones(1)\n"
            "except (OSError, MemoryError, ValueError):\n    return np.zeros(1)"
        )
        assert self.value(face) == 0.0
        assert canary.read_text("utf-8") == "as it was"
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.py", "canary"]

    def test_allowed(self, relu: Opened) -> None:
        """An empty folder of its own, the libraries, a little memory and a thread."""
        face = relu(
            """
            import threading
            import fractions, ctypes.util, numpy.polynomial
            assert os.listdir(".") == [], os.listdir(".")
            with open("note.txt", "w") as file:
                file.write("one")
            thread = threading.Thread(target=print)
            thread.start()
            thread.join()
            return np.ones(10**6)[:1]
            """
        )
        assert self.value(face) == 1.0

    def test_what_is_printed_goes_nowhere(
        self, relu: Opened, capfd: pytest.CaptureFixture[str]
    ) -> None:
        face = relu("print('x' * 10**7)\nos.write(1, b'y' * 10**5)\nreturn np.ones(1)")
        assert self.value(face) == 1.0
        assert capfd.readouterr() == ("", "")

    def test_nothing_of_the_environment_is_told(
        self, relu: Opened, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TOKEN", "secret")
        assert self.value(relu("return np.array([float('TOKEN' in os.environ)])")) == 0.0

    def test_memory_is_limited(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text(
            "class AddLayer:\n def forward(s, x, y): return x + y + 0 * len(bytes(900 * 2**20))\n"
            " def backward(s, d): return d, d * 1.0\n",
            "utf-8",
        )
        (candidate,) = open_target(path, limits=Limits(memory=800 * MIB)).candidates
        made, result = candidate.face.run([Build(), Forward({"x": X["x"], "y": X["x"]})])
        assert isinstance(made, Returned)
        assert isinstance(result, Raised)
        assert result.error == "MemoryError"
        candidate.face.close()


def test_what_a_layer_sees_of_its_process_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import os, sys\n"
        "class Relu:\n"
        "    def forward(self, x):\n"
        "        seen = sys.argv, sys.orig_argv, os.getcwd(), dict(os.environ), sys.path[0]\n"
        "        raise ValueError('trigrad' in str(seen))\n"
        "    def backward(self, dout):\n        return dout\n"
    )
    assert "ValueError: False" in str(check(path, examples=1, repair_seconds=0))


def test_garbage_is_collected_in_a_worker(relu: Opened) -> None:
    """The fork server does not look for it while it imports what its workers need."""
    results = relu("import gc\nreturn x * gc.isenabled()").run([Build(), Forward(X)])
    assert isinstance(results[1], Returned)
    assert np.array_equal(results[1].values["output"], X["x"])  # type: ignore[arg-type]
