"""The networks of a subject that are made of functions, each to be guessed or as declared."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from trigrad.contracts.declaration import Declaration, DeclarationError, Field, declared, unknown
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.composing.compositions import (
    Composition,
    class_composition,
    compositions,
)
from trigrad.subject.composing.lines import MOST, declarations, declarations_of_class
from trigrad.subject.definition_facts import label_of, names_used_by, places_of, where_of
from trigrad.subject.dialects.declared_calls import passes_of
from trigrad.subject.dialects.declared_dialect import globals_of
from trigrad.subject.dialects.guessing_dialect import GuessingDialect
from trigrad.subject.dialects.signatures import methods_of
from trigrad.subject.guesses import Shown, guesses
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.loaded import Definition, Loaded
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.contract_names import match_name
from trigrad.subject.source.gradient_code import methods_with_bases
from trigrad.subject.source.passes import passes_among

Functions = Mapping[str, Definition]
"""The functions, or all definitions, of one file by their names."""


@dataclass(frozen=True, eq=False)
class FunctionNetwork:
    """A network made of functions, with their definitions."""

    composition: Composition
    halves: tuple[Definition, ...]
    """The function that is called first, and the one with the gradients, if they are two."""
    others: tuple[Definition, ...]
    """The other functions of the file that belong to it."""


def networks_among(functions: Functions, top: Sequence[ast.stmt]) -> Iterator[FunctionNetwork]:
    """The networks among the functions of one file; `top` are the statements outside of them."""
    nodes = [d.node for d in functions.values() if isinstance(d.node, ast.FunctionDef)]
    known = {name for name in functions if match_name(name, function=True) is not None}
    for composition in compositions(nodes, known, top):
        names = composition.names
        more = (*composition.losses, *composition.initial)
        yield FunctionNetwork(
            composition,
            tuple(functions[name] for name in names),
            tuple(functions[f.name] for f in more if f.name not in names),
        )


def partner(declaration: str, functions: Functions) -> Definition | None:
    """The function that a declaration calls for the gradients; None if there is none."""
    try:
        text = declared(declaration).expression(Field.BACKWARD)
    except DeclarationError:
        return None
    calls = [n for n in ast.walk(ast.parse(text or "0", mode="eval")) if isinstance(n, ast.Call)]
    names = [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    return next((functions[name] for name in names if name in functions), None)


def recognise_network(
    network: FunctionNetwork,
    tracer: Tracer,
    otherwise: Unjudged,
    declare: Callable[[Sequence[str]], Candidate | Unjudged | None],
    shown: Shown,
) -> Candidate:
    """A network of which only the text is known, to be guessed.

    `otherwise` is what is said of it if no guess fits; `declare` recognises it as a guess says.
    `shown` is what the text shows, for a class that is a layer after all.
    """
    first, *more = network.halves
    value = first.value
    calls = {Field.FORWARD: "layer", Field.BACKWARD: "layer"}
    passes = passes_of(
        value, more[0].value if more else None, Declaration("", (), frozenset(), calls)
    )

    def tiers() -> Iterator[Iterator[str]]:
        if isinstance(value, type):
            yield islice(declarations_of_class(network.composition, value), MOST)
            yield from guesses(value, passes, {}, shown) if passes_among(methods_of(value)) else ()
        else:
            yield islice(declarations(network.composition, globals_of(value)), MOST)

    dialect = GuessingDialect(first.name, first.value, passes, tiers, as_made=True)
    contract = unknown(first.name)
    return Candidate(
        contract=contract,
        name="/".join(d.name for d in network.halves),
        face=InProcessFace(contract, dialect, tracer),
        where=where_of(first),
        uses=frozenset().union(*map(names_used_by, network.halves)),
        label=label_of(first),
        places=places_of(*network.halves),
        otherwise=otherwise,
        declare=declare,
    )


class Networks:
    """The networks of all files of a subject that are made of functions, or are classes."""

    def __init__(self, files: Mapping[str, Functions], top: Mapping[str, list[ast.stmt]]) -> None:
        """`files` have the definitions by their names, `top` the other statements."""
        self._of: dict[int, FunctionNetwork] = {}
        for label, file in files.items():
            functions = {n: d for n, d in file.items() if not isinstance(d.value, type)}
            for network in networks_among(functions, top.get(label, [])):
                self._of[id(network.halves[-1])] = network
            nodes = {name: d.node for name, d in file.items() if d.node is not None}
            for name, definition in file.items():
                node = nodes[name]
                if isinstance(node, ast.ClassDef):
                    methods = list(methods_with_bases(node, nodes).values())
                    composition = class_composition(methods)
                    if composition is not None:
                        found = FunctionNetwork(composition, (definition,), ())
                        self._of[id(definition)] = found

    def ending_in(self, definition: Definition) -> FunctionNetwork | None:
        """The network whose gradients a function gives; None if it gives none."""
        return self._of.get(id(definition))

    def halves(self) -> set[int]:
        """The ids of the functions that are called: no two of them are a layer by themselves."""
        return {id(half) for network in self._of.values() for half in network.halves}


def networks_of(loaded: Loaded) -> Networks:
    """The networks of what was loaded."""
    files: dict[str, dict[str, Definition]] = {}
    for definition in loaded.definitions:
        if definition.node is not None:
            file = definition.chunk.file if definition.chunk else ""
            files.setdefault(file, {})[definition.name] = definition
    top: dict[str, list[ast.stmt]] = {}
    for chunk, statements in loaded.top:
        top.setdefault(chunk.file, []).extend(statements)
    return Networks(files, top)
