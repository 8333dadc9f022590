"""What a worker is told to load: the text of a subject, or the name of an importable module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from trigrad.sandbox.limits import Limits
from trigrad.sandbox.validation import text
from trigrad.sandbox.worker_process import WorkerProcess, start_worker
from trigrad.subject.declared import Declarations
from trigrad.subject.face import Where
from trigrad.subject.loading.statement_runner import SkipReason
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.text import Source

Place = tuple[str, int]
"""A chunk's label and a line."""


class LoadRequest(Protocol):
    """How a worker loads the subject; all workers of a subject load it in the same way."""

    limits: Limits
    skip: dict[Place, SkipReason]
    """Statements that are not run, with the reason."""
    declarations: Declarations
    """What the user says of layers, by their names."""

    @property
    def declared(self) -> frozenset[str]:
        """All declarations of the user, those in comments too."""
        ...

    @property
    def shown(self) -> str:
        """The subject's name for messages."""
        ...

    def start_worker(self, *, tracing: bool = False) -> WorkerProcess:
        """A new worker, which has loaded nothing yet."""
        ...

    def message(self, module: str | None) -> dict[str, Any]:
        """The message that tells it what to load; with `module`, the layers of that one only."""
        ...

    def where(self, places: Sequence[Place]) -> Where | None:
        """The innermost of these places that is in the learner's own text."""
        ...


@dataclass
class TextRequest:
    """Loads a text that was read already. The worker gets the text, and no access to its folder."""

    source: Source
    limits: Limits
    skip: dict[Place, SkipReason] = field(default_factory=dict)
    """Statements that are not run, with the reason."""
    declarations: Declarations = field(default_factory=Declarations)

    @cached_property
    def declared(self) -> frozenset[str]:
        """All declarations of the user, those in comments too."""
        return self.declarations.allowed([c for m in self.source.modules for c in m.chunks])

    @property
    def shown(self) -> str:
        """The path."""
        return self.source.path

    def start_worker(self, *, tracing: bool = False) -> WorkerProcess:
        """A new worker, which has loaded nothing yet."""
        return start_worker(self.limits, tracing=tracing)

    def message(self, module: str | None) -> dict[str, Any]:
        """The text, and the statements that are not run."""
        modules = self.source.modules
        if module is not None:
            modules = tuple(replace(m, listed=m.key == module) for m in modules)
        skip = [[*place, reason.words, reason.own_fault] for place, reason in self.skip.items()]
        return {
            "do": "load",
            "source": asdict(replace(self.source, modules=modules)),
            "skip": skip,
            "declarations": _packed(self.declarations),
        }

    @cached_property
    def _tracer(self) -> Tracer:
        return Tracer({c.label: c for m in self.source.modules for c in m.chunks})

    def where(self, places: Sequence[Place]) -> Where | None:
        """The innermost of these places that is in the learner's own text."""
        # In its stack traces, Python writes other characters than ASCII as escapes.
        labels = {
            c.label.encode("ascii", "backslashreplace").decode(): c.label
            for m in self.source.modules
            for c in m.chunks
        }
        found = ((labels[label], line) for label, line in places if label in labels)
        return next((self._tracer.where(*place) for place in found), None)


@dataclass
class ModuleRequest:
    """Loads an importable module: the worker imports it by its name, as its users do."""

    name: str
    folders: list[str]
    """Folders that are searched last for it; the worker may read them."""
    limits: Limits
    skip: dict[Place, SkipReason] = field(default_factory=dict)
    """Always empty: Python imports a module as a whole."""
    declarations: Declarations = field(default_factory=Declarations)

    @property
    def declared(self) -> frozenset[str]:
        """The declarations by name: the text of a module is not read here."""
        return self.declarations.allowed([])

    @property
    def shown(self) -> str:
        """The name."""
        return self.name

    def start_worker(self, *, tracing: bool = False) -> WorkerProcess:
        """A new worker, which may read the folders."""
        return start_worker(self.limits, self.folders, tracing=tracing)

    def message(self, module: str | None) -> dict[str, Any]:
        """The name and the folders; all layers are loaded every time."""
        return {
            "do": "import",
            "name": self.name,
            "folders": self.folders,
            "declarations": _packed(self.declarations),
        }

    def where(self, places: Sequence[Place]) -> Where | None:
        """The innermost of these places, which may be in a library."""
        return Where(text(places[0][0]), None, places[0][1]) if places else None


def _packed(declarations: Declarations) -> dict[str, Any]:
    own = [[o.name, o.declaration, list(o.names), o.spelled] for o in declarations.own]
    return {"own": own, "guess": declarations.guess}
