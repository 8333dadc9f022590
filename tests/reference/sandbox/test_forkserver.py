"""The fork server: threads, interrupts and its end change no verdict."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from trigrad import Report, check
from trigrad.api import open_target
from trigrad.sandbox import host
from trigrad.sandbox.host import SandboxError, fork_server
from trigrad.sandbox.limits import LONGEST, Limits
from trigrad.subject.face import Build, Returned
from trigrad.verdict.results import Verdict

RIGHT = Path(__file__).parents[2] / "learners" / "right" / "book_style.py"


def names(report: Report, verdict: Verdict) -> list[str]:
    return [r.name for r in report.layers if r.verdict is verdict]


def test_it_outlives_the_thread_that_started_it() -> None:
    fork_server().close()
    started: list[host.ForkServer] = []

    def start() -> None:
        check(RIGHT, examples=1)
        started.append(fork_server())

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    time.sleep(0.1)
    assert started[0].alive()
    assert fork_server() is started[0]
    assert check(RIGHT, examples=1).exit_status == 0


def test_several_threads_at_once() -> None:
    statuses: list[int] = []

    def judge() -> None:
        statuses.append(check(RIGHT, examples=1, layer="Relu").exit_status)

    threads = [threading.Thread(target=judge) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [0, 0, 0]


def test_its_end_is_not_the_layer_s_fault() -> None:
    subject = open_target(RIGHT, limits=Limits())
    face = subject.candidates[0].face
    face.start_clock(1.0)
    assert isinstance(face.run([Build()])[0], Returned)
    first = fork_server()
    os.kill(first._process.pid, signal.SIGKILL)
    first._process.wait()
    results = face.run([Build()])
    assert isinstance(results[0], Returned) or "trigrad itself failed" in results[0].unjudged
    face.close()
    assert check(RIGHT, examples=1).exit_status == 0


def test_an_interrupt_between_question_and_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    check(RIGHT, examples=1, layer="Relu")
    send = socket.send_fds

    def interrupted(*arguments: object) -> None:
        send(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(host.socket, "send_fds", interrupted)
        with pytest.raises(KeyboardInterrupt):
            check(RIGHT, examples=1)
    assert check(RIGHT, examples=1).exit_status == 0


def test_no_descriptor_is_left_of_one_that_is_gone() -> None:
    def dead() -> int:
        first = fork_server()
        check(RIGHT, examples=1, layer="Relu")
        os.kill(first._process.pid, signal.SIGKILL)
        first._process.wait()
        check(RIGHT, examples=1, layer="Relu")
        return len(os.listdir("/proc/self/fd"))

    first = dead()
    assert dead() == first


def test_one_that_cannot_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    fork_server().close()
    monkeypatch.setattr(host, "_START", "raise SystemExit('no such luck')")
    report = check(RIGHT, examples=1)
    assert report.exit_status == 2
    assert "the sandbox does not work: no such luck; --in-process" in str(report.error)
    monkeypatch.undo()
    assert check(RIGHT, examples=1).exit_status == 0


_WITHOUT_NAMESPACES = """
import sys
from trigrad.sandbox import confine
from trigrad.sandbox.gaps import Gap
confine.enter_namespaces = lambda *_: [Gap.NETWORK, Gap.PROCESSES, Gap.FILES]
confine._change_user = lambda *_: False  # as where trigrad itself is no root
"""

_ORPHAN = """
import os, time

class Relu:
    started = False

    def forward(self, x):
        if not Relu.started:
            Relu.started = True
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.closerange(0, 64)
                    time.sleep(60)
                os._exit(0)
            os.wait()
        return x.clip(0)

    def backward(self, dout):
        %s
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no subreaper")
@pytest.mark.parametrize("backward", ["return dout", "os._exit(3)"])
def test_without_namespaces_what_a_worker_started_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backward: str
) -> None:
    fork_server().close()
    start = host._START.replace("from trigrad", _WITHOUT_NAMESPACES + "from trigrad")
    monkeypatch.setattr(host, "_START", start)
    (tmp_path / "a.py").write_text(_ORPHAN % backward)
    report = check(tmp_path / "a.py", examples=1, timeout=1, repair_seconds=0)
    assert report.layers[0].verdict is Verdict.FAIL
    assert any("can outlive" in note for note in report.notes)
    folder = str(fork_server()._folder).encode()  # in the command line of all that is forked
    fork_server().close()
    assert not any(folder in line for line in _command_lines())


def _command_lines() -> Iterator[bytes]:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended
            yield file.read_bytes()


def test_a_closed_one_forks_no_worker() -> None:
    first = fork_server()
    first.close()
    with pytest.raises(SandboxError):
        first.fork(Limits())


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), 10 * LONGEST])
def test_a_time_limit_that_is_none(timeout: float) -> None:
    with pytest.raises(ValueError, match="time limit"):
        check(RIGHT, timeout=timeout)
