"""A verdict that is kept, for a text that is the same and stands in other lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.claim import Claim
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import Where
from trigrad.subject.source.reaching import Piece
from trigrad.verdict.results import LayerReport

_PLACE = re.compile(r"\b(lines?|cell) \d")


class CannotMoveError(Exception):
    """A verdict names a place in words, or one that is not in a known statement."""


def moved(
    result: LayerReport | Unjudged,
    candidate: Candidate,
    old: Sequence[Piece],
    new: Sequence[Piece],
) -> LayerReport | Unjudged:
    """The verdict, with the places that the same statements have now.

    Raises:
        CannotMoveError: it has others, or says them in words.
    """
    if tuple(old) == tuple(new):
        return result
    again: LayerReport | Unjudged = _moved(result, list(zip(old, new, strict=True)))
    if isinstance(again, LayerReport):
        return replace(again, lines=candidate.lines, where=candidate.where)
    return again


def _moved(value: Any, pairs: Sequence[tuple[Piece, Piece]]) -> Any:
    if isinstance(value, Where):
        return _at(value, pairs)
    if isinstance(value, str):
        if _PLACE.search(value):
            raise CannotMoveError
        return value
    if isinstance(value, Message):
        for _, each in value.values:
            _moved(each, pairs)
        if _PLACE.search(str(value)):
            raise CannotMoveError
        return value
    if isinstance(value, tuple | list):
        return type(value)(_moved(each, pairs) for each in value)
    if isinstance(value, dict):
        return {key: _moved(each, pairs) for key, each in value.items()}
    if not is_dataclass(value) or isinstance(value, Claim | Case | type | np.ndarray):
        return value
    changed = {f.name: _moved(getattr(value, f.name), pairs) for f in fields(value) if f.init}
    if all(changed[name] is getattr(value, name) for name in changed):
        return value
    return replace(value, **changed)


def _at(where: Where, pairs: Sequence[tuple[Piece, Piece]]) -> Where:
    for before, now in pairs:
        here = (before.file, before.cell) == (where.file, where.cell)
        if here and before.first <= where.line <= before.last:
            line = where.line + now.first - before.first
            return replace(where, file=now.file, cell=now.cell, line=line)
    raise CannotMoveError
