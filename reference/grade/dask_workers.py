"""Work through the tasks of a run on the workers of Dask, on this machine or on many.

Whatever happens to a worker, no other task is lost, and none is graded twice: a task writes its
record before it returns.
"""

from __future__ import annotations

import logging
import queue
import signal
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trigrad.grade.judging import Task, write_death
from trigrad.grade.planning import versions
from trigrad.grade.record import Outcome
from trigrad.grade.store import Store, StoreError
from trigrad.grade.working import Done, attempt
from trigrad.messages import Message

if TYPE_CHECKING:
    from distributed import Client, Future

WITHOUT_DASK = Message("dask.none")

_DIED = Message("dask.died")

_SECONDS_WITHOUT_WORKERS = 60.0
_SECONDS_TO_CONNECT = 10.0


class WorkersError(Exception):
    """The workers cannot be used; the message says why, in one line."""


def _on_worker(task: Task) -> Done:
    """One task, in a thread of a worker, beside that of Dask.

    Dask forgets what a worker has done that then dies, and has it done again: it is left as it is.

    Dask's thread uses Python's `random`; Hypothesis sees that and blames what it runs. It draws
    with a generator of its own, so that nothing else comes of it.
    """
    from hypothesis.errors import HypothesisDeprecationWarning

    there = Store(task.folder).graded(task.submission.id, task.key)
    if there is not None and there.started != task.before:
        return Done(there.id, there.outcome)
    warnings.filterwarnings("ignore", "Do not use the `random`", HypothesisDeprecationWarning)
    return attempt(task)


def dask_is_there() -> bool:
    """Whether Dask is installed."""
    return find_spec("distributed") is not None


def dask_setup(_: object) -> None:
    """Called by Dask in a new worker on this machine: Ctrl-C is for the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def local_workers(count: int) -> Iterator[Client]:
    """Workers on this machine, of one thread each; nobody else can reach them."""
    with _settings():
        from distributed import Client, LocalCluster

        with (
            LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # of its HTTP server, which is always there
                scheduler_kwargs={"dashboard": False},
                memory_limit=0,  # the sandbox has limits of its own
                silence_logs=logging.CRITICAL,
                preload=__name__,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client


@contextmanager
def workers_of(scheduler: str, folder: Path, tls: dict[str, str]) -> Iterator[Client]:
    """The workers of a scheduler that runs already. They must be as this trigrad is.

    Raises:
        WorkersError: it is not there, has no workers, or they have other versions or do not see
            the folder.
    """
    with _settings():
        from distributed import Client, Security

        security = Security(require_encryption=True, **tls) if tls else None
        try:
            client = Client(scheduler, security=security, timeout=_SECONDS_TO_CONNECT)
        except (OSError, ValueError) as error:  # a time-out is an OSError
            raise WorkersError(
                str(Message("dask.no_scheduler", scheduler=scheduler, error=str(error)))
            ) from error
        with client:
            _check(client, scheduler, folder)
            client.run_on_scheduler(_have_settings)
            yield client


@contextmanager
def _settings() -> Iterator[None]:
    """A task that ends its worker is not given to the next one, and no worker has two of them."""
    import dask
    import distributed  # its defaults are there first, and stay when the settings go

    assert distributed
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(
        {
            "distributed.scheduler.allowed-failures": 0,
            "distributed.scheduler.worker-saturation": 1.0,
        }
    ):
        yield


def _have_settings(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0
    dask_scheduler.WORKER_SATURATION = 1.0


def _check(client: Client, scheduler: str, folder: Path) -> None:
    try:
        client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
    except TimeoutError as error:
        raise WorkersError(str(Message("dask.no_workers", scheduler=scheduler))) from error
    try:
        theirs: dict[str, dict[str, str]] = client.run(versions)
        sees: dict[str, bool] = client.run(_sees, str(folder / "run.json"))
    except Exception as error:  # whatever a worker without trigrad raises
        raise WorkersError(
            str(Message("dask.cannot", scheduler=scheduler, error=str(error)))
        ) from error
    mine = versions()
    for worker, its in theirs.items():
        other = [
            str(Message("dask.version", name=name, its=its[name], mine=mine[name]))
            for name in mine
            if its[name] != mine[name]
        ]
        if other:
            raise WorkersError(
                str(Message("dask.versions", worker=worker, versions="; ".join(other)))
            )
    blind = [worker for worker, seen in sees.items() if not seen]
    if blind:
        raise WorkersError(str(Message("dask.blind", worker=blind[0], folder=str(folder))))


def _sees(path: str) -> bool:
    return Path(path).is_file()


def on_workers(client: Client, tasks: Sequence[Task]) -> Iterator[Done]:
    """On all workers at once, each result as it comes.

    What ends a worker is tried once more when all others are done, and alone, so that nothing else
    can be to blame.

    Raises:
        WorkersError: the scheduler is gone, or all workers for a minute.
    """
    futures = client.map(_on_worker, tasks, pure=False, retries=0)
    killed = []
    for number, result in _as_they_come(client, futures):
        if result is None:
            killed.append(tasks[number])
        else:
            yield result
    for task in killed:
        future = client.submit(_on_worker, task, pure=False, retries=0)
        ((_, result),) = _as_they_come(client, [future])
        yield _dead(task) if result is None else result


def _dead(task: Task) -> Done:
    try:
        write_death(task, str(_DIED))
    except StoreError as error:
        return Done(task.submission.id, Outcome.GRADER_DIED, str(error))
    return Done(task.submission.id, Outcome.GRADER_DIED)


def _as_they_come(client: Client, futures: list[Future]) -> Iterator[tuple[int, Done | None]]:
    """The number of each future and its result, None if it has ended its worker."""
    from distributed import KilledWorker

    ended: queue.SimpleQueue[int] = queue.SimpleQueue()

    def tell(number: int) -> Callable[[Future], None]:
        return lambda _: ended.put(number)

    for number, future in enumerate(futures):
        future.add_done_callback(tell(number))
    left: dict[int, Future] = dict(enumerate(futures))
    futures.clear()  # a future that nobody holds any more is forgotten, with its result
    alone_since = None
    while left:
        try:
            number = ended.get(timeout=1.0)
        except queue.Empty:
            alone_since = _without_workers(client, alone_since)
            continue
        alone_since = None
        future = left.pop(number)
        try:
            result: Done = future.result()  # if its worker has died since, it waits for another
        except KilledWorker:
            yield number, None
        except Exception as error:  # the task itself raises nothing
            raise WorkersError(str(Message("dask.gone_why", error=repr(error)))) from error
        else:
            yield number, result


def _without_workers(client: Client, since: float | None) -> float | None:
    """Since when there are no workers; None if there are some.

    Raises:
        WorkersError: they are gone for long, or the scheduler is.
    """
    if client.status != "running":
        raise WorkersError(str(Message("dask.gone")))
    if client.scheduler_info()["workers"]:
        return None
    since = since or time.monotonic()
    if time.monotonic() - since > _SECONDS_WITHOUT_WORKERS:
        raise WorkersError(str(Message("dask.all_gone")))
    return since
