"""The rubric: what gives how many points. Read from TOML, or the default.

    due = 2026-11-02T23:59:00+01:00

    [layers]
    Affine = 4
    Relu = { points = 2, partial = false, names = ["Relu", "ReLU"] }
    SoftmaxWithLoss = { points = 3, claims = { "value" = 1, "gradient of x" = 1 } }

    [partial]
    output = 1
    gradient = 1
    law = 1

    [advice]
    "float32 stays float32" = 0.5

Without a file, a layer gives a point for its output and one for each of its gradients; one of the
shelf, whose gradients depend on how it is written, a point for all of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from trigrad.contracts.declaration import declared
from trigrad.contracts.optimisers import OPTIMISERS
from trigrad.contracts.own import OwnContract
from trigrad.contracts.registry import CONTRACTS, contract_named
from trigrad.contracts.schema import Contract
from trigrad.contracts.shelf.registry import SHELF
from trigrad.grade.record import RubricItem
from trigrad.messages import Message
from trigrad.trial.plan import plan

ADVICE = "advice: "
"""Before the name of a should-claim, where it is an item of a grade."""


class RubricError(ValueError):
    """A rubric that cannot be used; the message says where and why, in one line."""


@dataclass(frozen=True)
class Partial:
    """What a failing layer keeps: the points are shared by its parts in these weights."""

    output: float = 1.0
    gradient: float = 1.0
    """Of each gradient."""
    law: float = 1.0
    """So much is lost where output and gradients hold, and another must-claim does not."""


@dataclass(frozen=True)
class LayerRubric:
    """The points of one layer."""

    name: str
    """The contract's."""
    points: float
    partial: bool = True
    """Whether a failing one keeps the points of the parts that hold."""
    names: tuple[str, ...] = ()
    """The only names that count, in the student's text; () for whatever is read as the layer."""
    claims: tuple[tuple[str, float], ...] = ()
    """Points of single must-claims; what remains is for the layer as a whole."""


@dataclass(frozen=True)
class Rubric:
    """All that gives points."""

    layers: tuple[LayerRubric, ...]
    partial: Partial = Partial()
    advice: tuple[tuple[str, float], ...] = ()
    """Points for should-claims that no layer refutes."""
    undecided: str = "full"
    """Of a layer that is not decided: "full" points, so that no right one loses any, or "none"."""
    due: datetime | None = None

    @property
    def items(self) -> tuple[RubricItem, ...]:
        """The lines of a grade."""
        layers = [RubricItem(layer.name, layer.points) for layer in self.layers]
        return (*layers, *(RubricItem(f"{ADVICE}{name}", of) for name, of in self.advice))

    @property
    def of(self) -> float:
        """The most points."""
        return sum(item.of for item in self.items)

    def as_dict(self) -> dict[str, Any]:
        """For run.json and for the key."""
        return {**asdict(self), "due": self.due.isoformat() if self.due else None}


def read_rubric(
    path: Path | None, required: Sequence[str] = (), own: Sequence[OwnContract] = ()
) -> Rubric:
    """The rubric of a file, and the default for the required layers that it does not name.

    Raises:
        RubricError: it cannot be read or understood, names no layer, or one that is not known.
    """
    known = _Known(own)
    given: Mapping[str, Any] = {}
    where = "--require"
    if path is not None:
        where = str(path)
        given = _toml(path)
    reader = _Reader(where, known)
    rubric = reader.rubric(given)
    named = {layer.name for layer in rubric.layers}
    extra = dict.fromkeys(_Reader("--require", known).contract(name) for name in required)
    defaults = [LayerRubric(n, known.points(n)) for n in extra if n not in named]
    rubric = replace(rubric, layers=(*rubric.layers, *defaults))
    if not rubric.layers:
        raise RubricError(
            str(Message("rubric.no_layers", file=str(path)))
            if path
            else str(Message("rubric.nothing"))
        )
    return rubric


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise RubricError(
            str(Message("file.not_read", file=str(path), why=str(error.strerror or error)))
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RubricError(
            str(Message("rubric.no_toml", file=str(path), error=str(error)))
        ) from error


class _Known:
    """The layers that a rubric may name."""

    def __init__(self, own: Sequence[OwnContract]) -> None:
        self._own = own
        table = [row.name for row in (*CONTRACTS, *OPTIMISERS)]
        self.names = [*table, *(known.name for known in SHELF), *(each.name for each in own)]

    def name(self, given: str) -> str | None:
        """The layer's name in reports; None if there is none. The same case goes first."""
        own = next((each.name for each in self._own if each.is_of([given])), None)
        alike = [name for name in self.names if name.lower() == given.lower()]
        return own or next((n for n in alike if n == given), next(iter(alike), None))

    def row(self, name: str) -> Contract | None:
        """The row of the table; None for a layer of the shelf or of the user's own contracts."""
        row = contract_named(name)
        return row if row and row.name == name and not self._own_named(name) else None

    def points(self, name: str) -> float:
        """The default: one for the output, and one for each gradient; on the shelf, for all."""
        own = self._own_named(name)
        if own is not None:
            declaration = declared(own.declaration)
            return 1.0 + len(declaration.variables) - len(declaration.fixed)
        row = self.row(name)
        return 1.0 + len(row.gradients) if row else 2.0

    def _own_named(self, name: str) -> OwnContract | None:
        return next((each for each in self._own if each.name == name), None)


class _Reader:
    """Reads a rubric; every error names the table and the key that it is about."""

    def __init__(self, where: str, known: _Known) -> None:
        self._where = where
        self._known = known

    def rubric(self, given: Mapping[str, Any]) -> Rubric:
        self._keys(
            given, ("layers", "partial", "advice", "undecided", "due"), str(Message("rubric.the"))
        )
        undecided = given.get("undecided", "full")
        if undecided not in ("full", "none"):
            raise self._error(str(Message("rubric.undecided", undecided=repr(undecided))))
        layers = [self._layer(name, value) for name, value in self._table(given, "layers").items()]
        names = [layer.name for layer in layers]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise self._error(str(Message("rubric.twice", twice=twice)))
        shares = self._table(given, "partial")
        self._keys(shares, ("output", "gradient", "law"), "[partial]")
        weights = {key: self._number(value, f"[partial] {key}") for key, value in shares.items()}
        return Rubric(
            tuple(layers),
            Partial(**weights),
            tuple(self._advice(self._table(given, "advice"))),
            undecided,
            self._due(given.get("due")),
        )

    def contract(self, given: str) -> str:
        """The name of a contract.

        Raises:
            RubricError: there is none of that name; those that are like it are said.
        """
        name = self._known.name(given)
        if name is None:
            near = _alike(given, self._known.names)
            said = (
                Message("rubric.no_layer.near", name=repr(given), near=", ".join(near))
                if near
                else Message("rubric.no_layer", name=repr(given))
            )
            raise self._error(str(said))
        return name

    def _layer(self, given: str, value: Any) -> LayerRubric:
        name = self.contract(given)
        what = f"[layers] {given}"
        if not isinstance(value, Mapping):
            return LayerRubric(name, self._number(value, what))
        self._keys(value, ("points", "partial", "names", "claims"), what)
        partial = value.get("partial", True)
        if not isinstance(partial, bool):
            raise self._error(str(Message("rubric.partial", what=what, partial=repr(partial))))
        names = value.get("names", [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise self._error(str(Message("rubric.names", what=what, names=repr(names))))
        claims = self._claims(name, self._table(value, "claims"), what)
        total = sum(points for _, points in claims)
        points = value.get("points", total or self._known.points(name))
        points = self._number(points, f"{what}: points")
        if total > points:
            raise self._error(
                str(Message("rubric.claims", what=what, total=f"{total:g}", points=f"{points:g}"))
            )
        return LayerRubric(name, points, partial, tuple(names), claims)

    def _claims(
        self, name: str, given: Mapping[str, Any], what: str
    ) -> tuple[tuple[str, float], ...]:
        row = self._known.row(name)
        known = {claim.name for claim in plan(row) if claim.severity == "must"} if row else None
        for claim in given:
            if known is not None and claim not in known:
                near = _alike(claim, sorted(known))
                name = repr(claim)
                said = (
                    Message("rubric.no_claim.near", what=what, name=name, near=", ".join(near))
                    if near
                    else Message("rubric.no_claim", what=what, name=name)
                )
                raise self._error(str(said))
        return tuple((c, self._number(p, f"{what}: claims: {c}")) for c, p in given.items())

    def _advice(self, given: Mapping[str, Any]) -> list[tuple[str, float]]:
        known = {c.name for row in CONTRACTS for c in plan(row) if c.severity == "should"}
        for name in given:
            if name not in known:
                near = _alike(name, sorted(known))
                said = (
                    Message("rubric.no_advice.near", name=repr(name), near=", ".join(near))
                    if near
                    else Message("rubric.no_advice", name=repr(name))
                )
                raise self._error(str(said))
        return [(name, self._number(value, f"[advice] {name}")) for name, value in given.items()]

    def _due(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time(23, 59, 59))
        if not isinstance(value, datetime):
            raise self._error(str(Message("rubric.due", value=repr(value))))
        return value if value.tzinfo else value.replace(tzinfo=UTC)

    def _table(self, given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = given.get(key, {})
        if not isinstance(value, Mapping):
            raise self._error(str(Message("rubric.table", key=key, value=repr(value))))
        return value

    def _number(self, value: Any, what: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            raise self._error(str(Message("rubric.points", what=what, value=repr(value))))
        return float(value)

    def _keys(self, given: Mapping[str, Any], known: Sequence[str], what: str) -> None:
        for key in given:
            if key not in known:
                near = _alike(key, known)
                said = (
                    Message("rubric.no_key.near", what=what, key=repr(key), near=", ".join(near))
                    if near
                    else Message("rubric.no_key", what=what, key=repr(key), known=", ".join(known))
                )
                raise self._error(str(said))

    def _error(self, words: str) -> RubricError:
        return RubricError(f"{self._where}: {words}")


def _alike(name: str, known: Sequence[str]) -> list[str]:
    spelled = {each.lower(): each for each in known}
    return [spelled[each] for each in get_close_matches(name.lower(), spelled)]
