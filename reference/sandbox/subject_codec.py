"""Convert a subject that a worker has loaded to plain values, and back outside of the worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from trigrad.contracts.declaration import DOUT, contract_of, declared, unknown
from trigrad.contracts.engine import engine
from trigrad.contracts.registry import contract_named
from trigrad.contracts.schema import Contract, Kind
from trigrad.sandbox.codec import pack_raised, pack_where, unpack_raised, unpack_where
from trigrad.sandbox.load_requests import LoadRequest
from trigrad.sandbox.validation import WireError, mapping, number, sequence, shortened, text, texts
from trigrad.sandbox.worker_face import LayerDescription, WorkerFace
from trigrad.subject.broken import BrokenFace
from trigrad.subject.candidate import UNIMPLEMENTED, Candidate, Unjudged
from trigrad.subject.face import Face
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.source.stored_attributes import StoredAttributes
from trigrad.subject.subject import Subject


def pack_subject(subject: Subject, labels: Mapping[str, str]) -> dict[str, Any]:
    """A subject as plain values; `labels` has the module's key for every chunk's label."""
    seen: Counter[str] = Counter()
    candidates = []
    for candidate in subject.candidates:
        module = labels.get(candidate.label, "")
        candidates.append(_pack_candidate(candidate, module, seen[module]))
        seen[module] += 1
    return {
        "path": subject.path,
        "sha256": subject.sha256,
        "notes": [shortened(note) for note in subject.notes],
        "candidates": candidates,
        "unjudged": [_pack_unjudged(unjudged) for unjudged in subject.unjudged],
    }


def _pack_unjudged(unjudged: Unjudged) -> list[Any]:
    where = pack_where(unjudged.where)
    return [unjudged.name, where, unjudged.why, unjudged.layer, unjudged.todo]


def _pack_candidate(candidate: Candidate, module: str, number: int) -> dict[str, Any]:
    face = candidate.face
    return {
        "contract": candidate.contract.name,
        "engine": candidate.contract.kind is Kind.ENGINE,
        "declaration": candidate.contract.declaration,
        "parameters": [v.name for v in candidate.contract.parameters],
        "otherwise": None if candidate.otherwise is None else _pack_unjudged(candidate.otherwise),
        "completes": candidate.completes,
        "unnamed": candidate.unnamed is not None,
        "name": candidate.name,
        "where": pack_where(candidate.where),
        "notes": list(candidate.notes),
        "lines": {name: list(span) for name, span in candidate.lines.items()},
        "uses": sorted(candidate.uses),
        "parts": list(candidate.parts),
        "derivative_of": candidate.derivative_of,
        "version": candidate.version,
        "trained": candidate.trained,
        "todo": candidate.todo,
        "unset": sorted(candidate.stored.unset),
        "reshaped": sorted(candidate.stored.reshaped),
        "module": module,
        "number": number,
        "label": candidate.label,
        "places": [list(place) for place in candidate.places],
        "unimplemented": candidate.unimplemented,
        "broken": pack_raised(face.raised) if isinstance(face, BrokenFace) else None,
        "frameworks": [] if candidate.unimplemented else list(face.frameworks),
        "calls": face.calls if isinstance(face, InProcessFace) else {},
        "takes_dout": not candidate.unimplemented and face.takes_dout,
        "methods": [
            name
            for name in (*candidate.contract.methods, candidate.contract.numerical_method)
            if name and not candidate.unimplemented and face.has(name)
        ],
    }


def unpack_subject(value: Mapping[str, Any], request: LoadRequest) -> Subject:
    """The subject that a worker describes; its layers are run in workers.

    Raises:
        WireError: the description is not valid.
    """
    try:
        return Subject(
            text(value["path"]),
            text(value["sha256"]),
            list(texts(value["notes"])),
            [_unpack_candidate(mapping(c), request) for c in sequence(value["candidates"])],
            [_unpack_unjudged(item) for item in sequence(value["unjudged"])],
        )
    except KeyError as error:
        raise WireError(f"a description without {error}") from error


def _unpack_candidate(value: Mapping[str, Any], request: LoadRequest) -> Candidate:
    uses = frozenset(texts(value["uses"]))
    contract = _unpack_contract(value, request, uses)
    worker = WorkerFace(
        contract,
        request,
        LayerDescription(
            module=str(value["module"]),
            number=number(value["number"]),
            name=text(value["name"]),
            calls=_DEFAULT_CALLS | {text(k): text(v) for k, v in mapping(value["calls"]).items()},
            takes_dout=bool(value["takes_dout"]),
            methods=frozenset(texts(value["methods"])),
            frameworks=texts(value["frameworks"]),
        ),
    )
    face: Face = worker
    places = tuple(_place(place) for place in sequence(value["places"]))
    if value["unimplemented"]:
        face = UNIMPLEMENTED
    elif value["broken"] is not None:
        face = BrokenFace(unpack_raised(value["broken"]))
    found = Candidate(
        contract=contract,
        name=text(value["name"]),
        face=face,
        where=unpack_where(value["where"]),
        notes=texts(value["notes"]),
        unimplemented=bool(value["unimplemented"]),
        lines={text(name): _span(span) for name, span in mapping(value["lines"]).items()},
        uses=uses,
        parts=texts(value["parts"]),
        derivative_of=text(value["derivative_of"]),
        version=bool(value["version"]),
        trained=bool(value["trained"]),
        todo=text(value["todo"]),
        label=text(value["label"]),
        places=places,
        rebuild=worker.rebuilt if places and face is not UNIMPLEMENTED else None,
        stored=StoredAttributes(
            frozenset(texts(value["unset"])), frozenset(texts(value["reshaped"]))
        ),
    )
    if value["unnamed"] is True:
        found = replace(found, unnamed=partial(_unnamed, found, worker))
    if value["completes"] is True:
        return replace(found, completes=True, declare=partial(_declared_as, found, worker))
    if value["otherwise"] is None:
        return found
    otherwise = _unpack_unjudged(value["otherwise"])
    return replace(found, otherwise=otherwise, declare=partial(_declared_as, found, worker))


def _unnamed(found: Candidate, worker: WorkerFace) -> Candidate:
    """What is recognised by its name, as if that said nothing."""
    contract = unknown(found.name)
    face = worker.unnamed(contract)
    layer = Candidate(
        contract=contract,
        name=found.name,
        face=face,
        where=found.where,
        lines=found.lines,
        uses=found.uses,
        label=found.label,
        places=found.places,
        stored=found.stored,
        rebuild=face.rebuilt if found.places else None,
        otherwise=Unjudged(found.name, found.where, ""),
    )
    return replace(layer, declare=partial(_declared_as, layer, face))


def _declared_as(found: Candidate, worker: WorkerFace, guess: Sequence[str]) -> Candidate:
    """What nobody has declared as a guess says: its text, whether it takes dout, its weights."""
    line, takes_dout, *weights = guess
    contract = contract_of(declared(line), found.contract.name, Kind.LAYER, weights)
    face = worker.declared_as(contract, takes_dout == DOUT)
    rebuild = face.rebuilt if found.places else None
    return replace(found, contract=contract, face=face, rebuild=rebuild)


def _unpack_contract(
    value: Mapping[str, Any], request: LoadRequest, uses: frozenset[str]
) -> Contract:
    """The row of a candidate: of the table, or of a declaration that the user has made."""
    name = text(value["contract"])
    if value["otherwise"] is not None:
        return unknown(name)
    if value["engine"] is True:
        return engine(name)
    if value["declaration"]:
        if value["declaration"] not in request.declared:
            raise WireError("a declaration that nobody has made")
        parameters = texts(value["parameters"])
        row = contract_of(declared(value["declaration"]), name, Kind.LAYER, parameters)
        own = request.declarations.own_named(name, row.declaration)
        return own.completed(row) if own is not None else row
    contract = contract_named(name)
    if contract is None:
        raise WireError("the name of no contract")
    reading = contract.reading_named_in(uses)
    return reading.contract if reading else contract


_DEFAULT_CALLS = {"forward": "forward", "backward": "backward"}


def _span(value: Any) -> tuple[int, int]:
    match sequence(value):
        case [first, last]:
            return number(first), number(last)
        case _:
            raise WireError("something that is not a range of lines")


def _place(value: Any) -> tuple[str, int]:
    match sequence(value):
        case [label, line]:
            return text(label), number(line)
        case _:
            raise WireError("something that is not a place in a text")


def _unpack_unjudged(value: Any) -> Unjudged:
    match sequence(value):
        case [name, where, why, layer, todo]:
            return Unjudged(
                text(name), unpack_where(where), text(why), text(layer), todo=text(todo)
            )
        case _:
            raise WireError("something that is not an unjudged layer")
