"""Recognise one definition of a subject, as it stands and after it was edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from trigrad.contracts.schema import Contract
from trigrad.subject.broken import BrokenFace
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.declared import NOT_DECLARED, Declarations, face_of, recognise_declared
from trigrad.subject.definition_facts import text_beside
from trigrad.subject.derivatives import Derivative, recognise_derivative
from trigrad.subject.dialects import Dialects, UnknownDialectError, dialect_of, dialect_of_pair
from trigrad.subject.face import DEFINITION, Face, Raised
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.pairing import Pair
from trigrad.subject.rebuilding import Rebuilder
from trigrad.subject.recognition import misspelling, recognise, recognise_pair


@dataclass
class Recogniser:
    """Recognises one definition as a layer, or two as a pair of functions."""

    tracer: Tracer
    pair: Pair | None
    contract: Contract | None
    build: Callable[..., Any] | None
    frameworks: Callable[[], tuple[str, ...]]
    derivative: Derivative | None = None
    declaration: str = ""
    declarations: Declarations = NOT_DECLARED
    original: Face | None = None
    """The face of the layer as it was before it was edited."""

    def recognise(self, definitions: Sequence[Definition]) -> Candidate | Unjudged | None:
        """The layer that these definitions are."""
        if self.declaration:
            return recognise_declared(
                *(self.declarations, self.declaration, definitions, self.tracer, self.frameworks),
                stem=self.pair.stem if self.pair is not None else "",
            )
        if self.pair is not None:
            return recognise_pair(self.pair.with_halves(definitions), self.tracer, self.frameworks)
        (one,) = definitions
        if self.derivative is not None:
            return recognise_derivative(self.derivative, one, self.tracer, self.frameworks)
        return recognise(one, self.tracer, self.contract, self.build, self.frameworks)

    def rebuildable(self, candidate: Candidate, rebuilder: Rebuilder) -> Candidate:
        """The layer, with a function that builds it from edited text if its own text is known.

        What is to be guessed has one of its own.
        """
        if candidate.unimplemented or not candidate.places or candidate.rebuild is not None:
            return candidate
        chosen = replace(self, contract=candidate.contract, original=candidate.face)
        rebuild = partial(rebuilder.face, chosen.face, candidate.places)
        return replace(candidate, rebuild=rebuild)

    def face(self, definitions: Sequence[Definition]) -> Face:
        """The face of the layer that the edited definitions are.

        Only its dialect is found anew: an edit changes neither its name nor its libraries.
        """
        assert self.contract is not None, "the original definitions were recognised"
        if self.declaration:
            return self._declared(definitions)
        misspelt = misspelling(definitions[0], self.contract)
        if misspelt is not None:
            return BrokenFace(misspelt)
        values = [definition.value for definition in definitions]
        try:
            dialect: Dialects
            if self.derivative is not None:
                dialect = self.derivative.dialect(values[0])
            elif self.pair is not None:
                dialect = dialect_of_pair(self.contract, *values)
            else:
                beside = text_beside(definitions[0], self.tracer)
                dialect = dialect_of(self.contract, values[0], self.build, beside)
        except UnknownDialectError as error:
            return BrokenFace(Raised(DEFINITION, "", str(error), unjudged=str(error)))
        return InProcessFace(self.contract, dialect, self.tracer, self._used)

    def _declared(self, definitions: Sequence[Definition]) -> Face:
        assert self.contract is not None, "the original definitions were recognised"
        try:
            face = face_of(
                *(self.declarations, self.contract, definitions, self.tracer, self._used)
            )
        except UnknownDialectError as error:
            return BrokenFace(Raised(DEFINITION, "", str(error), unjudged=str(error)))
        if isinstance(self.original, InProcessFace):
            face.found_as(self.original)
        return face

    @cached_property
    def _used(self) -> tuple[str, ...]:
        return self.frameworks()
