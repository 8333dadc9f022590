"""Grade a class, from the plan to the views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from trigrad.catalogue.in_force import language
from trigrad.grade.dask_workers import on_workers
from trigrad.grade.planning import Plan
from trigrad.grade.store import Store, StoreError
from trigrad.grade.views import write
from trigrad.grade.working import Done, here
from trigrad.messages import Message

if TYPE_CHECKING:
    from distributed import Client

Workers = Callable[[], AbstractContextManager["Client"]]
"""Starts workers, or connects to them; called only if there is something to do."""


def carried_out(plan: Plan, folder: Path, workers: Workers | None = None) -> Iterator[Done]:
    """Write `run.json` and do what is to be done; yield each submission as it is graded.

    Without workers, this process does it.

    Raises:
        StoreError: `run.json` cannot be written.
        WorkersError: the workers cannot be used, or are gone.
    """
    Store(folder).write_run(plan.run)
    if not plan.tasks:
        return
    if workers is None:
        yield from here(plan.tasks)
    else:
        with workers() as client:
            yield from on_workers(client, plan.tasks)


def make_views(folder: Path) -> None:
    """Make all tables and pages from the records that there are.

    Raises:
        StoreError: the folder is not that of a graded class, or cannot be written to.
        RecordError: a record is damaged.
    """
    store = Store(folder)
    run = store.read_run()
    try:
        with language(run.language):
            write(run, store.records(run.ids), folder)
    except OSError as error:
        what = error.filename or folder
        raise StoreError(
            str(Message("file.not_written", file=str(what), why=str(error.strerror or error)))
        ) from error
