"""Workers that are killed, schedulers that are not there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reference.grade.test_judging import RELU
from trigrad.grade import dask_workers, planning
from trigrad.grade.dask_workers import (
    WorkersError,
    dask_is_there,
    local_workers,
    on_workers,
    workers_of,
)
from trigrad.grade.judging import Options
from trigrad.grade.planning import Asked, Plan, plan
from trigrad.grade.record import Outcome
from trigrad.grade.rubric import LayerRubric, Rubric
from trigrad.grade.store import Store

pytestmark = [
    pytest.mark.skipif(not dask_is_there(), reason="Dask is not installed"),
    # Dask's own, when a worker is killed or a cluster is closed.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

KILLER = """\
import os

from trigrad.contracts import contract

contract("Bomb", "x: N D", like=lambda x: os._exit(1))
"""
"""A contract whose twin ends the process that judges; nothing that a student writes can do so."""


def planned(tmp_path: Path, files: dict[str, str], options: Options) -> Plan:
    folder = tmp_path / "submissions"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    rubric = Rubric((LayerRubric("Relu", 2.0),))
    found = plan(Asked(folder, tmp_path / "graded", rubric, options))
    Store(tmp_path / "graded").write_run(found.run)
    return found


def listening() -> set[str]:
    """The addresses at which this process and those that it has started can be reached."""
    import psutil  # which Dask needs

    mine = psutil.Process()
    sockets = [each.net_connections("tcp") for each in (mine, *mine.children(recursive=True))]
    return {s.laddr.ip for found in sockets for s in found if s.status == psutil.CONN_LISTEN}


@pytest.mark.whole
def test_what_kills_its_worker_is_tried_again_alone_and_the_others_are_graded(
    tmp_path: Path,
) -> None:
    contracts = tmp_path / "contracts.py"
    contracts.write_text(KILLER)
    files = {f"s{number}": RELU for number in range(6)}
    files["s3"] = RELU.replace("Relu", "Bomb")
    found = planned(tmp_path, files, Options(examples=2, contracts=str(contracts)))
    with local_workers(2) as client:
        hosts = listening()
        done = list(on_workers(client, found.tasks))
    assert hosts == {"127.0.0.1"}
    assert Counter(each.id for each in done) == Counter(list(files))
    dead = {each.id for each in done if each.outcome is Outcome.GRADER_DIED}
    assert dead == {"s3"}
    records = {record.id: record for record in Store(tmp_path / "graded").records(found.run.ids)}
    assert set(records) == set(files)
    assert records["s3"].why == (
        "it ended the process that graded it, twice; the second time it was graded alone"
    )
    assert records["s3"].grade.points is None
    assert {record.grade.points for record in records.values()} == {2.0, None}


@contextmanager
def processes(tmp_path: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers on the loopback interface, each a process with a group of its own."""
    from distributed import Client

    place = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(place)]
    commands = [
        [sys.executable, "-m", "distributed.cli.dask_scheduler", *common, "--host", "127.0.0.1",
         "--port", "0", "--no-dashboard"],
        *(
            [sys.executable, "-m", "distributed.cli.dask_worker", *common, "--host", "127.0.0.1",
             "--nthreads", "1", "--no-dashboard", "--memory-limit", "0",
             "--local-directory", str(tmp_path)]
            for _ in range(workers)
        ),
    ]  # fmt: skip
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            started.append(
                subprocess.Popen(
                    command,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
            until = time.monotonic() + 60
            while not place.exists() and time.monotonic() < until:
                time.sleep(0.05)
        address = json.loads(place.read_text())["address"]
        with Client(address) as client:
            if workers:
                client.wait_for_workers(workers, timeout=60)
        yield address, started[1:]
    finally:
        for process in started:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and everything that it has started, at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_machine_that_dies_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    files = {f"s{number:02}": f"{RELU}\nNUMBER = {number}\n" for number in range(12)}
    found = planned(tmp_path, files, Options(examples=5))
    done = []
    with (
        processes(tmp_path, 2) as (address, workers),
        workers_of(address, tmp_path / "graded", {}) as client,
    ):
        for each in on_workers(client, found.tasks):
            done.append(each)
            if len(done) == 3:
                kill(workers[0])
    assert Counter(each.id for each in done) == Counter(list(files))
    assert {each.outcome for each in done} == {Outcome.GRADED}
    records = list(Store(tmp_path / "graded").records(found.run.ids))
    assert [record.grade.points for record in records] == [2.0] * 12
    assert not list((tmp_path / "graded" / "records").glob(".*.tmp"))


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_workers, "_SECONDS_TO_CONNECT", 1.0)
    with (
        pytest.raises(WorkersError, match=r"there is no scheduler at tcp://127\.0\.0\.1:9"),
        workers_of("tcp://127.0.0.1:9", tmp_path, {}),
    ):
        pass


def test_a_scheduler_without_workers_and_a_folder_that_they_do_not_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_workers, "_SECONDS_TO_CONNECT", 2.0)
    with (
        processes(tmp_path, 0) as (address, _),
        pytest.raises(WorkersError, match="has no workers"),
        workers_of(address, tmp_path, {}),
    ):
        pass
    (tmp_path / "scheduler.json").unlink()
    with processes(tmp_path, 1) as (address, _):
        with (
            pytest.raises(WorkersError, match=r"does not see .*: it must be shared"),
            workers_of(address, tmp_path / "elsewhere", {}),
        ):
            pass
        monkeypatch.setattr(planning.platform, "python_version", lambda: "3.99")
        with (
            pytest.raises(WorkersError, match=r"has other versions: python .*, not 3\.99"),
            workers_of(address, tmp_path, {}),
        ):
            pass
