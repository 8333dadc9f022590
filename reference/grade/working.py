"""Work through the tasks of a run in this process; what a worker does with one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigrad.catalogue.in_force import language
from trigrad.grade.judging import Task, grade_one, write_death
from trigrad.grade.record import Outcome
from trigrad.grade.store import StoreError
from trigrad.messages import Message


@dataclass(frozen=True)
class Done:
    """What became of a task."""

    id: str
    outcome: Outcome
    trouble: str = ""
    """Why the whole run has to stop: its folder cannot be written to."""


def attempt(task: Task) -> Done:
    """Grade a submission; nothing is raised, whatever it is.

    An error here is trigrad's or the machine's, not the student's: so there are no points, and it
    is tried again in the next run.
    """
    one = task.submission.id
    try:
        try:
            with language(task.options.language):
                return Done(one, grade_one(task))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the others of the class are still graded
            why = str(Message("grade.failed", kind=type(error).__name__, error=str(error)))
            write_death(task, why)
            return Done(one, Outcome.GRADER_DIED)
    except StoreError as error:
        return Done(one, Outcome.GRADER_DIED, str(error))


def here(tasks: Sequence[Task]) -> Iterator[Done]:
    """One after the other in this process."""
    return map(attempt, tasks)
