"""Recognise what a user has declared: a class, a pair of functions, or one function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from trigrad.contracts.declaration import (
    Declaration,
    DeclarationError,
    contract_of,
    declared,
    unknown,
)
from trigrad.contracts.own import OwnContract
from trigrad.contracts.schema import Contract, Kind
from trigrad.messages import Message
from trigrad.subject.candidate import UNIMPLEMENTED, Candidate, Unjudged
from trigrad.subject.definition_facts import (
    has_stub,
    label_of,
    lines_of_methods,
    names_used_by,
    places_of,
    where_of,
)
from trigrad.subject.dialects.declared_calls import Passes, parameters_of, passes_of
from trigrad.subject.dialects.declared_dialect import DeclaredDialect, globals_of
from trigrad.subject.dialects.guessing_dialect import GuessingDialect
from trigrad.subject.dialects.signatures import UnknownDialectError, methods_of
from trigrad.subject.guesses import Shown, guesses
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.declaration_comments import declarations_in
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.modes import Mode
from trigrad.subject.source.passes import passes_among
from trigrad.subject.source.stored_attributes import stored_attributes
from trigrad.subject.source.text import Chunk


@dataclass(frozen=True)
class Declarations:
    """The declarations of a user: by name, and in the comments of the text itself."""

    own: tuple[OwnContract, ...] = ()
    build: Callable[..., Any] | None = None
    """Makes an object from weights, of the only layer there is."""
    guess: bool = False
    """Whether what is not known is tried on inputs that are guessed."""
    guessed: bool = False
    """Whether what is declared is itself a guess."""

    def own_for(self, *names: str) -> OwnContract | None:
        """What is declared of a layer that has one of these names."""
        return next((own for own in self.own if own.is_of(names)), None)

    def own_named(self, name: str, declaration: str) -> OwnContract | None:
        """The one of that very name and declaration."""
        return next((o for o in self.own if (o.name, o.declaration) == (name, declaration)), None)

    def text_for(self, definitions: Sequence[Definition], stem: str = "") -> str:
        """The declaration of a class or function, or of a pair of functions with that stem."""
        own = self.own_for(*(d.name for d in definitions), stem)
        if own is not None:
            return own.declaration
        for definition in definitions:
            chunk, node = definition.chunk, definition.node
            if chunk is not None and node is not None:
                found = declarations_in(chunk.text).get(node.lineno)
                if found is not None:
                    return found
        return ""

    def allowed(self, chunks: Sequence[Chunk]) -> frozenset[str]:
        """All declarations that there are for these texts."""
        comments = (text for chunk in chunks for text in declarations_in(chunk.text).values())
        return frozenset([*(own.declaration for own in self.own), *comments])


NOT_DECLARED = Declarations()
"""Only what the comments of a text declare."""

GUESSED = Declarations(guessed=True)
"""For what is declared as a guess says."""


def names_used_in(text: str) -> frozenset[str]:
    """The names that the expressions of a declaration use; none if it cannot be understood."""
    try:
        return declared(text).names_used
    except DeclarationError:
        return frozenset()


def recognise_declared(
    declarations: Declarations,
    text: str,
    definitions: Sequence[Definition],
    tracer: Tracer,
    frameworks: Callable[[], tuple[str, ...]] = tuple,
    stem: str = "",
) -> Candidate | Unjudged:
    """The layer that a declaration makes of a class, or of one or two functions."""
    first = definitions[0]
    where = where_of(first)
    name = "/".join(d.name for d in definitions)
    try:
        declaration = declared(text)
        passes = passes_of(first.value, _backward(definitions), declaration, declarations.build)
    except DeclarationError as error:
        return Unjudged(name, where, str(error.in_one_line))
    except UnknownDialectError as error:
        return Unjudged(name, where, str(error))
    if declaration.is_too_large:
        return Unjudged(name, where, str(Message("declaration.large")))
    parameters = parameters_of(declaration, first.value, passes)
    own = declarations.own_for(*(d.name for d in definitions), stem)
    contract = contract_of(declaration, own.name if own else first.name, Kind.LAYER, parameters)
    contract = own.completed(contract) if own else contract
    empty = any(map(has_stub, definitions))
    face = (
        UNIMPLEMENTED
        if empty
        else face_of(declarations, contract, definitions, tracer, frameworks())
    )
    return Candidate(
        contract=contract,
        name=name,
        face=face,
        where=where,
        notes=(str(Message("declared.note", declaration=text)),),
        unimplemented=empty,
        lines=_lines_of(definitions, passes),
        uses=frozenset().union(*map(names_used_by, definitions)),
        label=label_of(first),
        places=places_of(*definitions),
        stored=stored_attributes(first.node),
        completes=not empty
        and passes.made is not None
        and passes.build is None
        and (own is None or own.like is None)
        and (not parameters or passes.of_loss),
    )


def face_of(
    declarations: Declarations,
    contract: Contract,
    definitions: Sequence[Definition],
    tracer: Tracer,
    frameworks: tuple[str, ...],
) -> InProcessFace:
    """The face of a declared layer.

    Raises:
        UnknownDialectError: it has no backward.
    """
    value = definitions[0].value
    declaration = declared(contract.declaration)
    passes = passes_of(value, _backward(definitions), declaration, declarations.build)
    dialect = DeclaredDialect(contract, declaration, passes, value, guessed=declarations.guessed)
    return InProcessFace(contract, dialect, tracer, frameworks)


def _backward(definitions: Sequence[Definition]) -> object:
    return definitions[1].value if len(definitions) > 1 else None


def _methods(definition: Definition) -> list[str]:
    return methods_of(definition.value) if isinstance(definition.value, type) else []


def _lines_of(definitions: Sequence[Definition], passes: Passes) -> dict[str, tuple[int, int]]:
    """The lines of each method, or of each function."""
    lines = lines_of_methods(definitions[0].node, _methods(definitions[0]))
    if passes.functions is not None:
        sides = zip(("forward", "backward"), definitions, strict=False)
        lines |= {k: _span(d.node) for side, d in sides for k in (side, d.name) if d.node}
    return lines


def _span(node: ClassOrFunction) -> tuple[int, int]:
    return node.lineno, node.end_lineno or node.lineno


def made_of_layers(definition: Definition) -> bool:
    """Whether it is a class with a loss and its gradients that uses layers: classes with passes."""
    cls, node = definition.value, definition.node
    if not isinstance(cls, type) or node is None:
        return False
    try:
        if not passes_of(cls, None, Declaration("", ())).of_loss:
            return False
    except UnknownDialectError:
        return False
    names = globals_of(cls)  # with those that its file imports
    used = (names.get(n.id) for n in ast.walk(node) if isinstance(n, ast.Name))
    layers = (each for each in used if isinstance(each, type) and each is not cls)
    return any(passes_among(methods_of(each)) for each in layers)


def recognise_unknown(
    definitions: Sequence[Definition],
    otherwise: Unjudged,
    tracer: Tracer,
    declare: Callable[[Sequence[str]], Candidate | Unjudged | None],
    mode: Mode,
    shown: Shown,
    most: int | None = None,
) -> Candidate | None:
    """A layer of which nothing is known, to be guessed; None if a class has no two passes.

    `otherwise` is what is said of it if no guess fits; `declare` recognises it as a guess says.
    `mode` has the string for an argument that chooses what it does, `shown` what the text shows. At
    `most` so many guesses are tried.
    """
    first = definitions[0]
    try:
        passes = passes_of(first.value, _backward(definitions), Declaration("", ()))
    except UnknownDialectError:
        return None
    if (not passes.backward and passes.made) or any(map(has_stub, definitions)):
        return None
    tried = partial(guesses, first.value, passes, mode, shown)
    dialect = GuessingDialect(first.name, first.value, passes, tried, most=most)
    contract = unknown(first.name)
    return Candidate(
        contract=contract,
        name=otherwise.name,
        face=InProcessFace(contract, dialect, tracer),
        where=otherwise.where,
        lines=_lines_of(definitions, passes),
        uses=frozenset().union(*map(names_used_by, definitions)),
        label=label_of(first),
        places=places_of(*definitions),
        stored=stored_attributes(first.node),
        otherwise=otherwise,
        declare=declare,
    )
