"""What a worker finds in a subject, as plain values, and what the judge makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from trigrad.contracts.registry import contract_named
from trigrad.sandbox.codec import pack_raised, pack_where, unpack_raised, unpack_where
from trigrad.sandbox.loading import Opening
from trigrad.sandbox.plain import WireError, mapping, number, sequence, shortened, text, texts
from trigrad.sandbox.worker_face import Described, WorkerFace
from trigrad.subject.broken import BrokenFace
from trigrad.subject.face import Face
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.recognition import NOTHING, Candidate, Unjudged
from trigrad.subject.source.stored_attributes import Stored
from trigrad.subject.subject import Subject


def pack_subject(subject: Subject, labels: Mapping[str, str]) -> dict[str, Any]:
    """A subject as plain values; `labels` gives the module of every chunk."""
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
        "unjudged": [
            [unjudged.name, pack_where(unjudged.where), unjudged.why, unjudged.layer]
            for unjudged in subject.unjudged
        ],
    }


def _pack_candidate(candidate: Candidate, module: str, number: int) -> dict[str, Any]:
    face = candidate.face
    return {
        "contract": candidate.contract.name,
        "name": candidate.name,
        "where": pack_where(candidate.where),
        "notes": list(candidate.notes),
        "lines": {name: list(span) for name, span in candidate.lines.items()},
        "uses": sorted(candidate.uses),
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
            for name in candidate.contract.methods
            if not candidate.unimplemented and face.has(name)
        ],
    }


def unpack_subject(value: Mapping[str, Any], opening: Opening) -> Subject:
    """The subject that a worker describes, its layers behind walls.

    Raises:
        WireError: it is described otherwise than was due.
    """
    try:
        return Subject(
            text(value["path"]),
            text(value["sha256"]),
            list(texts(value["notes"])),
            [_unpack_candidate(mapping(c), opening) for c in sequence(value["candidates"])],
            [_unpack_unjudged(item) for item in sequence(value["unjudged"])],
        )
    except KeyError as error:
        raise WireError(f"no {error}") from error


def _unpack_candidate(value: Mapping[str, Any], opening: Opening) -> Candidate:
    contract = contract_named(text(value["contract"]))
    if contract is None:
        raise WireError("no contract of that name")
    uses = frozenset(texts(value["uses"]))
    design = contract.design_named_in(uses)
    contract = design.contract if design else contract
    worker = WorkerFace(
        contract,
        opening,
        Described(
            module=str(value["module"]),
            number=number(value["number"]),
            name=text(value["name"]),
            calls=_PLAIN | {text(k): text(v) for k, v in mapping(value["calls"]).items()},
            takes_dout=bool(value["takes_dout"]),
            methods=frozenset(texts(value["methods"])),
            frameworks=texts(value["frameworks"]),
        ),
    )
    face: Face = worker
    places = tuple(_place(place) for place in sequence(value["places"]))
    if value["unimplemented"]:
        face = NOTHING
    elif value["broken"] is not None:
        face = BrokenFace(unpack_raised(value["broken"]))
    return Candidate(
        contract=contract,
        name=text(value["name"]),
        face=face,
        where=unpack_where(value["where"]),
        notes=texts(value["notes"]),
        unimplemented=bool(value["unimplemented"]),
        lines={text(name): _span(span) for name, span in mapping(value["lines"]).items()},
        uses=uses,
        label=text(value["label"]),
        places=places,
        rebuild=worker.rebuilt if places and face is not NOTHING else None,
        stored=Stored(frozenset(texts(value["unset"])), frozenset(texts(value["reshaped"]))),
    )


_PLAIN = {"forward": "forward", "backward": "backward"}


def _span(value: Any) -> tuple[int, int]:
    match sequence(value):
        case [first, last]:
            return number(first), number(last)
        case _:
            raise WireError("no lines")


def _place(value: Any) -> tuple[str, int]:
    match sequence(value):
        case [label, line]:
            return text(label), number(line)
        case _:
            raise WireError("no place")


def _unpack_unjudged(value: Any) -> Unjudged:
    match sequence(value):
        case [name, where, why, layer]:
            return Unjudged(text(name), unpack_where(where), text(why), text(layer))
        case _:
            raise WireError("nothing unjudged")
