"""Loading behind the walls: which layers there are, told by a worker, statement after statement.

A statement during which the worker hangs or ends is left out when the next worker loads the text
again, so that one bad class body does not cost the other layers their verdicts.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from trigrad.sandbox.host import Worker, nursery
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.validation import WireError, mapping, number, raise_ours, sequence, text
from trigrad.sandbox.worker_exit import FAILED, TIMEOUT, Ending
from trigrad.subject.face import Where
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.text import Source, UnreadableError

RELOADS = 8
"""So many statements of a text may hang or crash before it is given up."""

WHOLE = 6
"""So many times as long as one statement may a whole text take."""

STEPS = 100_000
"""So many statements and layers may a text have."""

Place = tuple[str, int]
"""A chunk's label and a line."""


class Opening(Protocol):
    """How a worker gets at the subject; every worker of a trial is opened in the same way."""

    limits: Limits
    skip: dict[Place, str]
    """Statements that are left out, with the reason."""

    @property
    def shown(self) -> str:
        """What the user has named."""
        ...

    def bear(self) -> Worker:
        """A new worker, with nothing loaded."""
        ...

    def message(self, module: str | None) -> dict[str, Any]:
        """What it is told to load; with `module`, only the layers of that one are wanted."""
        ...

    def where(self, places: Sequence[Place]) -> Where | None:
        """The innermost of these that is in the learner's own text."""
        ...


@dataclass
class OpeningOfText:
    """The text is read already: the worker gets it whole and sees no folder of the learner's."""

    source: Source
    limits: Limits
    skip: dict[Place, str] = field(default_factory=dict)
    """Statements that are left out, with the reason."""

    @property
    def shown(self) -> str:
        """The path."""
        return self.source.path

    def bear(self) -> Worker:
        """A new worker, with nothing loaded."""
        return nursery().bear(self.limits)

    def message(self, module: str | None) -> dict[str, Any]:
        """The text and what of it is left out."""
        modules = self.source.modules
        if module is not None:
            modules = tuple(replace(m, listed=m.key == module) for m in modules)
        skip = [[label, line, reason] for (label, line), reason in self.skip.items()]
        return {"do": "load", "source": asdict(replace(self.source, modules=modules)), "skip": skip}

    @cached_property
    def _tracer(self) -> Tracer:
        return Tracer({c.label: c for m in self.source.modules for c in m.chunks})

    def where(self, places: Sequence[Place]) -> Where | None:
        """The innermost of these that is in the learner's own text."""
        # Python writes what is not ASCII as escapes there.
        labels = {
            c.label.encode("ascii", "backslashreplace").decode(): c.label
            for m in self.source.modules
            for c in m.chunks
        }
        found = ((labels[label], line) for label, line in places if label in labels)
        return next((self._tracer.where(*place) for place in found), None)


@dataclass
class OpeningOfModule:
    """An importable module: the worker imports it by its name, as its users do."""

    name: str
    folders: list[str]
    """Where it is looked for last; the worker may read them."""
    limits: Limits
    skip: dict[Place, str] = field(default_factory=dict)
    """Nothing: what Python imports is imported whole."""

    @property
    def shown(self) -> str:
        """The name."""
        return self.name

    def bear(self) -> Worker:
        """A new worker that may read the folders."""
        return nursery().bear(self.limits, self.folders)

    def message(self, module: str | None) -> dict[str, Any]:
        """The name and the folders; all its modules are wanted every time."""
        return {"do": "import", "name": self.name, "folders": self.folders}

    def where(self, places: Sequence[Place]) -> Where | None:
        """The innermost place, which may be a library's."""
        return Where(text(places[0][0]), None, places[0][1]) if places else None


def until_loaded(
    worker: Worker, opening: Opening, passed: Callable[[Place], None]
) -> Mapping[str, Any]:
    """What the worker says it has loaded; it is given the time limit for every single statement.

    That it gets on is its own word, so that there is a limit for the whole too, which is all
    there is where Python itself imports.

    Raises:
        WireError: it hangs, ends or talks nonsense.
        UnreadableError: there is nothing to be judged.
    """
    whole = WHOLE * opening.limits.timeout
    patience = opening.limits.timeout if isinstance(opening, OpeningOfText) else whole
    until = time.monotonic() + whole
    for _ in range(STEPS):
        said = mapping(worker.receive(min(until, time.monotonic() + patience)))
        raise_ours(said)
        match said:
            case {"at": at}:
                label, line = sequence(at)
                passed((text(label), number(line)))
            case {"unreadable": why}:
                raise UnreadableError(text(why))
            case {"loaded": loaded}:
                return mapping(loaded)
            case _:
                raise WireError("something else than what was asked")
    raise WireError("more steps than any text has")


def load_apart(opening: OpeningOfText | OpeningOfModule) -> tuple[Mapping[str, Any], list[str]]:
    """What a worker finds in the subject, and what its walls lack.

    Raises:
        UnreadableError: nothing can be judged, or nothing survives the loading.
        SandboxError: there are no workers here.
    """
    until = time.monotonic() + (WHOLE + RELOADS) * opening.limits.timeout
    at: deque[Place] = deque(maxlen=1)
    for _ in range(RELOADS):
        if time.monotonic() > until:
            break
        worker = opening.bear()
        at.clear()
        try:
            worker.send(opening.message(None), time.monotonic() + opening.limits.timeout)
            loaded = until_loaded(worker, opening, at.append)
        except WireError as error:
            ending = worker.autopsy(error)
            reason = reason_of(ending, opening.limits)
            if not at or isinstance(opening, OpeningOfModule) or at[-1] in opening.skip:
                what = f"a statement of it {reason.removeprefix('it ')}"
                raise UnreadableError(f"{opening.shown} cannot be loaded: {what}") from error
            opening.skip[at[-1]] = reason
            continue
        finally:
            worker.end()
        return loaded, list(worker.lacking)
    last = _in_words(opening, at[-1])
    raise UnreadableError(
        f"{opening.shown} cannot be loaded: {len(opening.skip)} of its statements hang or end the "
        f"process, the last one at {last}"
    )


def reason_of(ending: Ending, limits: Limits) -> str:
    """Why a statement was left out."""
    if ending.error == FAILED:
        return ending.message
    if ending.error == TIMEOUT:
        return f"it did not return within {limits.timeout:g} s"
    return f"it {ending.message}"


def _in_words(opening: Opening, place: Place) -> str:
    where = opening.where([place])
    return f"{where.file}, line {where.line}" if where else f"line {place[1]}"
