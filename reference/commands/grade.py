"""`trigrad grade`: a class, from a folder of submissions to tables and pages."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from trigrad.commands.ending import INTERRUPTED, interrupts_raised
from trigrad.commands.fix import itself_failed
from trigrad.commands.options import Contracts, Seed, Timeout
from trigrad.contracts.own import ContractsError, read_contracts
from trigrad.contracts.registry import names_in
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS, TIMEOUT
from trigrad.hints import Hints
from trigrad.messages import Message

if TYPE_CHECKING:
    from trigrad.grade.planning import Asked, Plan


def grade(
    submissions: Annotated[
        Path | None,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="A folder with a folder, file or archive for each student, as Moodle, Canvas, "
            "nbgrader or git give it; or a list (.csv) with the columns id and path.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for records, tables and pages.")] = Path(
        "graded"
    ),
    require: Annotated[str, typer.Option(help="Layers to be handed in, separated by commas.")] = "",
    rubric: Annotated[
        Path | None,
        typer.Option(help="A TOML file that says what gives how many points.", show_default=False),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="A CSV file with the IDs and names of all students.", show_default=False),
    ] = None,
    assignment: Annotated[
        str | None, typer.Option(help="Of a tree of nbgrader's: which one.", show_default=False)
    ] = None,
    hints: Annotated[
        Hints,
        typer.Option(help="How much students are told: law; line adds the lines; fix the fix."),
    ] = Hints.LAW,
    seed: Seed = 0,
    examples: Annotated[
        int, typer.Option(min=1, max=10_000, help="Cases drawn for each layer.")
    ] = EXAMPLES,
    timeout: Timeout = TIMEOUT,
    numpy_only: Annotated[
        bool, typer.Option("--numpy-only", help="Gradients from a library are a mistake.")
    ] = False,
    contracts: Contracts = None,
    map_: Annotated[
        Path | None,
        typer.Option(
            "--anonymous",
            metavar="FOLDER",
            help="Pseudonyms instead of names; this folder keeps who is who.",
            show_default=False,
        ),
    ] = None,
    again: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Grade this one again.", show_default=False),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1024,
            help="Processes on this machine; 1 needs no Dask. Without it, one for each core.",
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler: tcp://HOST:PORT or tls://….", show_default=False),
    ] = None,
    tls_ca: Annotated[
        str | None, typer.Option(help="For tls://: the authority.", show_default=False)
    ] = None,
    tls_cert: Annotated[
        str | None, typer.Option(help="For tls://: the certificate.", show_default=False)
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(help="For tls://: its key.", show_default=False)
    ] = None,
    shard: Annotated[
        str,
        typer.Option(metavar="K/N", help="Only the Kth of N parts, for job arrays; no tables."),
    ] = "1/1",
    views: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Grade nothing; make the tables of this graded class again.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Grade the submissions of a class.

    Only what has changed since the last time is graded.

    Exit status:
    0 all are graded, whatever the grades;
    1 some could not be graded;
    2 none could be.
    """
    from trigrad.grade.planning import plan
    from trigrad.grade.record import RecordError
    from trigrad.grade.rubric import RubricError
    from trigrad.grade.store import StoreError
    from trigrad.grade.submissions import SubmissionsError

    try:
        if views is not None:
            _finish(views)
        if submissions is None:
            _end(str(Message("grading.which")))
        tls = {"tls_ca_file": tls_ca, "tls_client_cert": tls_cert, "tls_client_key": tls_key}
        asked = _asked(
            submissions=submissions,
            out=out,
            required=names_in(require),
            rubric=rubric,
            contracts=contracts,
            shard=shard,
            options={
                "seed": seed,
                "examples": examples,
                "timeout": timeout,
                "hints": hints,
                "numpy_only": numpy_only,
                "repair_seconds": REPAIR_SECONDS if hints.names_lines else 0.0,
                "contracts": contracts and os.path.abspath(contracts),
            },
            roster=roster,
            assignment=assignment,
            map=map_,
            again=tuple(again or ()),
        )
        planned = plan(asked)
        given = {name: value for name, value in tls.items() if value is not None}
        start = _workers(workers, scheduler, given, out, len(planned.tasks))
        _finish(out, planned, trouble=_work(planned, out, start))
    except (SubmissionsError, RubricError, ContractsError, StoreError, RecordError) as error:
        _end(str(error))
    except KeyboardInterrupt:
        _say(str(Message("grading.stopped", folder=str(out))))
        raise typer.Exit(INTERRUPTED) from None
    except typer.Exit:
        raise
    except Exception as error:
        if os.environ.get("TRIGRAD_DEBUG"):
            raise
        _end(itself_failed(error))


def _asked(
    *,
    required: list[str],
    rubric: Path | None,
    contracts: str | None,
    shard: str,
    options: dict[str, Any],
    **rest: Any,
) -> Asked:
    from trigrad.grade.judging import Options
    from trigrad.grade.planning import Asked
    from trigrad.grade.rubric import read_rubric

    own = read_contracts(contracts) if contracts else ()
    read = read_rubric(rubric, required, own)
    return Asked(rubric=read, options=Options(**options), shard=_shard(shard), **rest)


def _shard(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        _end(str(Message("grading.shard", given=repr(text))))
    return int(part), int(parts)


def _workers(
    count: int | None, scheduler: str | None, tls: dict[str, str], out: Path, tasks: int
) -> Callable[[], AbstractContextManager[Any]] | None:
    """What starts the workers; None where this process does the work itself."""
    from trigrad.grade.dask_workers import (
        WITHOUT_DASK,
        dask_is_there,
        local_workers,
        workers_of,
    )

    if not dask_is_there():
        if scheduler is not None or (count or 1) > 1:
            _end(str(WITHOUT_DASK))
        if count is None and tasks > 1:
            _say(str(Message("grading.one_at_a_time", why=WITHOUT_DASK)))
        return None
    if scheduler is not None:
        folder = out.resolve()
        return lambda: workers_of(scheduler, folder, tls)
    number = min(count or _cores(), tasks)
    return None if number <= 1 else lambda: local_workers(number)


def _cores() -> int:
    """The cores that this process may use; not every system can say which."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _work(planned: Plan, out: Path, workers: Callable[[], Any] | None) -> str:
    """Do what is to be done, with a bar on the terminal; why it has stopped, "" at the end."""
    from trigrad.commands.grade_screen import progress
    from trigrad.grade.dask_workers import WorkersError
    from trigrad.grade.grading import carried_out
    from trigrad.grade.store import StoreError

    kept = len(planned.mine) - len(planned.tasks)
    if kept:
        _say(str(Message("grading.kept", kept=kept, all=len(planned.mine))))
    try:
        with interrupts_raised(), progress(len(planned.tasks)) as advance:
            for done in carried_out(planned, out, workers):
                if done.trouble:
                    return done.trouble
                advance()
    except (StoreError, WorkersError) as error:
        return str(error)
    return ""


def _finish(folder: Path, planned: Plan | None = None, *, trouble: str = "") -> NoReturn:
    """Make the views, unless only a part is graded, and show what the class came to."""
    from trigrad.commands.grade_screen import show
    from trigrad.grade.grading import make_views
    from trigrad.grade.store import Store
    from trigrad.grade.summary import summary_of

    store = Store(folder)
    if trouble:
        graded = planned is not None and any(True for _ in store.records(planned.mine))
        _say(str(Message("grading.trouble", trouble=trouble)))
        raise typer.Exit(1 if graded else 2)
    run = store.read_run()
    whole = planned is None or planned.mine == run.ids
    if whole:
        make_views(folder)
    ids = run.ids if planned is None else planned.mine
    found = summary_of(run, store.records(ids))
    show(found, run, len(ids), folder, whole=whole)
    raise typer.Exit(found.exit_status)


def _say(words: str) -> None:
    typer.echo(f"trigrad: {words}", err=True)


def _end(words: str) -> NoReturn:
    _say(words)
    raise typer.Exit(2)
