"""What has no contract and no declaration, to be tried on inputs that are guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from trigrad.contracts.schema import Kind
from trigrad.messages import Message
from trigrad.subject.broken import BrokenFace
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.composing.networks import FunctionNetwork, recognise_network
from trigrad.subject.declared import GUESSED, NOT_DECLARED, Declarations, recognise_unknown
from trigrad.subject.definition_facts import has_stub, where_of
from trigrad.subject.face import DEFINITION, Face, Raised
from trigrad.subject.guesses import Shown
from trigrad.subject.leftovers import as_leftover, with_todo
from trigrad.subject.loading.loaded import Definition, Loaded
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.rebuilding import Rebuilder
from trigrad.subject.recogniser import Recogniser
from trigrad.subject.shown import shown_of
from trigrad.subject.source.gradient_code import gives_value_and_gradients
from trigrad.subject.source.modes import Mode, modes_of

OF_EDITED = 16
"""So many guesses are tried of an edited text: half of all right layers are among the first two."""


def declaring(
    halves: Sequence[Definition], recogniser: Recogniser, rebuilder: Rebuilder, name: str = ""
) -> Callable[[Sequence[str]], Candidate | Unjudged | None]:
    """Recognises a definition by a declaration that was found; `name` is that of the layer."""
    declarations = NOT_DECLARED if recogniser.declaration else GUESSED  # or completed

    def declare(guess: Sequence[str]) -> Candidate | Unjudged | None:
        as_guessed = replace(recogniser, declaration=guess[0], declarations=declarations)
        layer = as_guessed.recognise(halves)
        if not isinstance(layer, Candidate):
            return layer
        # What was found is complete.
        found = as_guessed.rebuildable(replace(layer, completes=False), rebuilder)
        return replace(found, name=name or found.name)

    return declare


def unknown_layers(
    halves: Sequence[Definition],
    found: Unjudged | None,
    recogniser: Recogniser,
    rebuilder: Rebuilder,
    loaded: Loaded,
) -> list[Candidate]:
    """What has two passes and no contract, to be tried on guessed inputs: in each of its modes."""
    first = halves[0]
    alone = isinstance(first.value, type) or gives_value_and_gradients(first.node)
    # A class with an activation that is chosen is no layer of the table, whatever its name.
    by_string = found is not None and modes_of(first.node) != [{}]
    if found.layer and not by_string if found is not None else not alone:
        return []
    if len(halves) == 1 and not alone:
        return []  # a forward without its backward: what it gives beside its value is a cache
    otherwise = found or Unjudged(first.name, where_of(first), str(Message("guess.none")))
    otherwise = with_todo(otherwise, first, loaded)
    several = []
    for mode in modes_of(first.node):
        chosen = "".join(f" with {name}={value!r}" for name, value in mode.items())
        named = replace(otherwise, name=otherwise.name + chosen)
        to_declare = declaring(halves, recogniser, rebuilder, named.name)
        shown = shown_of(halves, loaded)
        recognised = partial(
            _recognised, named, recogniser.tracer, to_declare=to_declare, mode=mode, shown=shown
        )
        layer = recognised(halves)
        if layer is not None and layer.places:
            edited = partial(_face_of_edited, recognised)
            layer = replace(layer, rebuild=partial(rebuilder.face, edited, layer.places))
        several.append(layer)
    return [each for each in several if each is not None]


def _recognised(
    otherwise: Unjudged,
    tracer: Tracer,
    halves: Sequence[Definition],
    *,
    to_declare: Callable[[Sequence[str]], Candidate | Unjudged | None],
    mode: Mode,
    shown: Shown,
    most: int | None = None,
) -> Candidate | None:
    return recognise_unknown(halves, otherwise, tracer, to_declare, mode, shown, most)


def _face_of_edited(
    recognised: Callable[..., Candidate | None], halves: Sequence[Definition]
) -> Face:
    """The face of an edited text, of which few guesses are tried."""
    layer = recognised(halves, most=OF_EDITED)
    if layer is not None:
        return layer.face
    why = str(Message("guess.none"))
    return BrokenFace(Raised(DEFINITION, "", why, unjudged=why))


def only_named(found: Candidate) -> bool:
    """Whether its name alone says which layer it is."""
    row = found.contract
    of_the_table = row.kind is Kind.LAYER and not row.declaration and found.otherwise is None
    return of_the_table and not (found.chosen or found.unimplemented)


def unnamed(
    halves: Sequence[Definition],
    found: Candidate,
    recogniser: Recogniser,
    rebuilder: Rebuilder,
    loaded: Loaded,
) -> Candidate | None:
    """What has a contract by its name, as if the name said nothing; None if it cannot be guessed.

    It has the same name and place, also when no guess fits.
    """
    otherwise = Unjudged(found.name, found.where, "")
    several = unknown_layers(halves, otherwise, recogniser, rebuilder, loaded)
    return several[0] if len(several) == 1 else None


def unknown_network(
    network: FunctionNetwork,
    declarations: Declarations,
    recogniser: Recogniser,
    rebuilder: Rebuilder,
    loaded: Loaded,
) -> Candidate | None:
    """A network made of functions, to be tried on guessed inputs."""
    otherwise = as_leftover(network.halves[-1], loaded)
    if otherwise is None or not declarations.guess or any(map(has_stub, network.halves)):
        return None

    declare = declaring(network.halves, recogniser, rebuilder)
    shown = shown_of(network.halves, loaded)
    return recognise_network(network, recogniser.tracer, otherwise, declare, shown)
