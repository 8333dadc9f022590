"""Tasks that ask one face, as coroutines: what all of them wait for goes out as one message.

A message to a worker and back costs more than most of what is asked in it. So a claim is put to
many cases at once: each goes on until it asks for something, and then they are all answered.
"""

from __future__ import annotations

import contextvars
import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np
from greenlet import getcurrent, greenlet

from trigrad.subject.face import Command, Face, Raised, Result
from trigrad.subject.face_around import FaceAround

T = TypeVar("T")


class _Task(Generic[T]):
    """A function that runs until it asks for results, and goes on when it gets them."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._found: T
        self._error: Exception | None = None
        self._begun = False
        self.commands: Sequence[Command] = ()
        """What it waits for."""
        self.ending: Raised | None = None
        """How a call for it ended its process, if one did."""
        self.coroutine = greenlet(self._run)
        # It would begin with nothing of what is set here, such as how NumPy takes errors.
        self.coroutine.gr_context = contextvars.copy_context()

    def _run(self) -> None:
        try:
            self._found = self._work()
        except Exception as error:  # noqa: BLE001 - raised where the result is asked for
            self._error = error

    @property
    def done(self) -> bool:
        """Whether it has its result."""
        return bool(self.coroutine.dead)

    def begin(self) -> None:
        """Let it run until it asks for something, or is done, if it has not begun."""
        if not self._begun:
            self._begun = True
            self._switch()

    def go_on(self, results: list[Result]) -> None:
        """Let it run with what it has asked for until it asks again, or is done."""
        self._switch(results)

    def _switch(self, *results: list[Result]) -> None:
        # Before NumPy 2 this setting is not its own. It must be what the task has left it at.
        with np.errstate(all="ignore"):
            self.commands = self.coroutine.switch(*results)

    def close(self) -> None:
        """End it, wherever it waits."""
        if not self.done:
            with np.errstate(all="ignore"):
                self.coroutine.throw()

    def result(self) -> T:
        """What the function gave; what it raised is raised here."""
        if self._error is not None:
            raise self._error
        return self._found


class JoinedFace(FaceAround):
    """A face of which several tasks ask at once."""

    def __init__(self, face: Face) -> None:
        super().__init__(face)
        self._tasks: set[greenlet] = set()
        self._clock = (1.0, math.inf)
        """The share of the time limit that was last set, and when it is over at the latest."""

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands: those of a task together with what other tasks wait for."""
        task = getcurrent()
        if task not in self._tasks:
            return self._face.run(commands)
        assert task.parent is not None, "a task is begun by another coroutine"
        results: list[Result] = task.parent.switch(commands)
        return results

    def run_some(self, runs: Sequence[Sequence[Command]]) -> list[list[Result]]:
        """Carry out the first of several runs."""
        return self._face.run_some(runs)

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Restart the time limit."""
        self._clock = share, time.monotonic() + at_most
        self._face.start_clock(share, at_most)

    def together(self, works: Sequence[Callable[[], T]]) -> Iterator[T]:
        """The results of functions that ask this face, as if they were called one by one.

        Where a call for one of them ends its process, those before it do not notice, and those
        after it are called when that has happened. If no more results are taken before, it has not.
        """
        tasks = [_Task(work) for work in works]
        self._tasks |= {task.coroutine for task in tasks}
        number = 0
        try:
            while number < len(tasks) and not self._face.over:
                task = tasks[number]
                if not task.done:
                    self._further(tasks[number:])
                    continue
                number += 1
                if task.ending is not None:
                    self._face.stop(task.ending)
                yield task.result()
        finally:
            for task in tasks:
                task.close()
                self._tasks.remove(task.coroutine)
        yield from (work() for work in works[number:])

    def _further(self, tasks: Sequence[_Task[T]]) -> None:
        """Let the tasks go on that wait, as far as what they wait for is answered at once."""
        asking = []
        for task in tasks:
            task.begin()
            while task.ending is not None and not task.done:
                task.go_on([task.ending] * len(task.commands))
            if task.ending is not None:
                break  # those after it are called later
            if not task.done:
                asking.append(task)
        if not asking:
            return
        found = self._face.run_some([task.commands for task in asking])
        if self._face.over:
            again = any(task.ending is not None for task in tasks)
            ended = next(n for n, results in enumerate(found) if _ending(results) is not None)
            asking[ended].ending = _ending(found[ended])
            del found[ended + 1 :]
            self._resume(again=again)
        for task, results in zip(asking, found, strict=False):
            task.go_on(results)

    def _resume(self, *, again: bool) -> None:
        """Take back that a call did not return, for what is asked before it.

        The time for that is given once.
        """
        self._face.revive()
        if not again:
            share, until = self._clock
            self._face.start_clock(share, until - time.monotonic())


def _ending(results: Sequence[Result]) -> Raised | None:
    """How a call ended its process; None if none did."""
    return next((r for r in results if isinstance(r, Raised) and r.ended), None)
