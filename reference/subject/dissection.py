"""A network taken apart: what each layer in it meets in one run, and each layer as a subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract
from trigrad.messages import Message
from trigrad.subject.dialects.array_paths import ArrayPath, PathStep, entries_of
from trigrad.subject.dialects.declared_dialect import SEED, DeclaredDialect
from trigrad.subject.dialects.dialect import Dialect
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.met_layer_dialect import MetLayerDialect, UnjudgeableError
from trigrad.subject.dialects.network_dialect import NetworkDialect
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.dialects.upstream_dialect import Run, UpstreamDialect
from trigrad.subject.face import LAYER, UPSTREAM, Build, Dissect, Returned
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.met import NOT_CALLED, OUTSIDE, Met
from trigrad.subject.own_gradients import namespaces_of
from trigrad.subject.recording import Call, Phase, Recorder, TooManyCallsError, is_layer, recorded

DEPTH = 5
"""How deep the objects within a network are searched for its layers."""

Layers = dict[int, tuple[Contract, Dialect]]
"""The layers of a network as subjects of their own, by what is added to `which`."""


@dataclass(frozen=True)
class _Matched:
    """A forward call of a run, the same call as backward saw it, and its backward."""

    call: Call
    seen: Call
    back: Call | None


def dissected(dialect: Dialect, command: Dissect, tracer: Tracer) -> tuple[Returned, Layers]:
    """What the layers of a network meet, and these as subjects.

    Raises:
        UnknownDialectError: the network has no layers that can be told.
    """
    if not isinstance(dialect, NetworkDialect | DeclaredDialect):
        raise UnknownDialectError("only a network is taken apart")
    network = _Network(dialect, command)
    try:
        run = network.run({}, backward=True, copies=True)
    except TooManyCallsError as error:
        raise UnknownDialectError(str(Message("apart.too_many"))) from error
    names = _names_in(network.root)
    numbers = {id(c): c.number for c in run.phases[0].forward}
    values: dict[str, Any] = {f"net.g.{n}": g for n, g in network.gradients.items()}
    layers: Layers = {}
    notes = []
    objects: dict[int, int] = {}
    shapes: dict[int, tuple[int, ...]] = {}
    for each in _matched(run.phases):
        call = each.call
        met = Met(
            number=call.number,
            name=names.get(id(call.layer), ""),
            cls=type(call.layer).__name__,
            **_place(type(call.layer), tracer),
            around=OUTSIDE if call.around is None else numbers[id(call.around)],
            leaf=call.leaf,
            layer=objects.setdefault(id(call.layer), len(objects)),
            back=NOT_CALLED if each.back is None else each.back.ended,
        )
        shape = _shape_of(call.returned)
        if shape is not None:
            shapes[call.number] = shape
        if each.back is not None and each.back.raised:
            met = replace(met, raised=each.back.raised, why=_raises(each.back))
        elif each.back is not None:
            met, found = _as_subject(met, each.seen, each.back, values)
            if found is not None:
                layers[(call.number + 1) * LAYER] = found.contract, found
        notes.append(met.packed())
    upstream = UpstreamDialect(
        dialect.defined,
        dialect.calls,
        shapes,
        lambda added, backward: network.run(added, backward=backward, copies=False),
        _douts,
        is_number=command.dout is None,
    )
    layers[UPSTREAM * LAYER] = upstream.contract, upstream
    arrays = {n: np.array(v) for n, v in values.items() if isinstance(v, np.ndarray | np.number)}
    arrays |= {f"net.shape.{n}": np.asarray(s, dtype=np.int64) for n, s in shapes.items()}
    return Returned(arrays, notes=tuple(notes)), layers


class _Network:
    """A network on one case, run as often as needed, each time a new one."""

    def __init__(self, dialect: NetworkDialect | DeclaredDialect, command: Dissect) -> None:
        self._dialect = dialect
        self._command = replace(  # what is sent lies in a buffer that is used again
            command,
            parameters={name: array.copy() for name, array in command.parameters.items()},
            operands={name: array.copy() for name, array in command.operands.items()},
            dout=None if command.dout is None else command.dout.copy(),
        )
        built = self._build()
        self.root = dialect.root(built)
        self._classes = list(dict.fromkeys(_classes(dialect.defined, self.root)))
        self.gradients: Mapping[str, Any] = {}

    def _build(self) -> Any:
        np.random.seed(SEED)
        given = {name: array.copy() for name, array in self._command.parameters.items()}
        return self._dialect.build(Build(given, self._command.sizes))

    def run(self, added: Mapping[int, Any], *, backward: bool, copies: bool) -> Run:
        """Its output, and the calls of its layers."""
        dialect, command = self._dialect, self._command
        built = self._build()
        self.root = dialect.root(built)
        weights = dialect.own_weights(built)
        recorder = Recorder(self.root, weights, copies=copies, added=added)
        operands = [array.copy() for array in command.operands.values()]
        with recorded(recorder, self._classes):
            np.random.seed(SEED)
            phases = [recorder.begin()]
            output = dialect.forward(built, operands)
            if backward:
                if dialect.repeats_forward:
                    np.random.seed(SEED)
                phases.append(recorder.begin())
                dout = None if command.dout is None else command.dout.copy()
                try:
                    self.gradients = dict(dialect.backward(built, dout, operands))
                except ERRORS:
                    if not any(call.raised for call in phases[-1].backward):
                        raise  # not in a layer
        return Run(output, tuple(phases))


def _classes(defined: Any, root: Any) -> Iterator[type]:
    """The learner's classes with two passes: those of its modules, and of what it holds."""
    namespaces = list(namespaces_of(defined))
    own = {id(names) for names in namespaces}
    found = [v for names in namespaces for v in names.values() if isinstance(v, type)]
    found += [type(value) for _, value in _held_in(root)]
    for cls in found:
        functions = [f for base in cls.__mro__ for f in vars(base).values()]
        mine = any(isinstance(f, FunctionType) and id(f.__globals__) in own for f in functions)
        if mine and is_layer(cls):
            yield cls


def _held_in(root: Any) -> Iterator[tuple[ArrayPath, Any]]:
    """The objects that an object holds, through attributes, dicts and lists; the nearest first."""
    seen, level = {id(root)}, [(ArrayPath(()), root)]
    for _ in range(DEPTH):
        inner = []
        for path, holder in level:
            for step, value in entries_of(holder):
                if isinstance(value, np.ndarray | type | FunctionType) or id(value) in seen:
                    continue
                if isinstance(value, list | tuple | dict) or hasattr(value, "__dict__"):
                    seen.add(id(value))
                    inner.append((ArrayPath((*path.steps, step)), value))
                    yield inner[-1]
        level = inner


def _names_in(root: Any) -> dict[int, str]:
    """What the objects in a network are called: `conv1`, `layers[0]`, `blocks[1].conv`."""
    return {id(value): _named(path.steps) for path, value in _held_in(root)}


def _named(steps: Sequence[PathStep]) -> str:
    """A path without `self`; of a dict of layers, the key alone."""
    *_, last = steps
    if not last.attribute and isinstance(last.key, str):
        return last.key
    return str(ArrayPath(tuple(steps))).removeprefix("self.").removeprefix("self")


def _place(cls: type, tracer: Tracer) -> dict[str, Any]:
    from trigrad.subject.dialects.signatures import methods_of
    from trigrad.subject.source.passes import passes_among

    passes = passes_among(methods_of(cls))
    function = getattr(cls, passes.backward, None) if passes is not None else None
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    if code is None:
        return {"where": None, "last": 0}
    lines = [line for _, _, line in code.co_lines() if line]
    where = tracer.where(code.co_filename, code.co_firstlineno)
    return {"where": where, "last": max(lines, default=code.co_firstlineno)}


def _matched(phases: Sequence[Phase]) -> Iterator[_Matched]:
    """Each forward call with its backward: the last call of a layer is the first to go back."""
    first, second = phases
    for call in first.forward:
        mine = [c for c in first.forward if c.layer is call.layer]
        again = [c for c in second.forward if c.layer is call.layer] or mine
        backs = [c for c in second.backward if c.layer is call.layer and c.ended >= 0]
        place = mine.index(call)
        if len(again) != len(mine):
            yield _Matched(call, call, None)
            continue
        from_last = len(mine) - 1 - place
        back = backs[from_last] if from_last < len(backs) else None
        yield _Matched(call, again[place], back)


def _douts(run: Run) -> dict[int, Any]:
    """What backward of each call was given."""
    found: dict[int, Any] = {}
    for each in _matched(run.phases):
        if each.back is None:
            continue
        given = next((a for a in (*each.back.args, *each.back.kwargs.values())), None)
        if given is None:
            if np.size(each.call.returned) == 1:
                found[each.call.number] = np.ones(())
        elif isinstance(given, np.ndarray | np.number | float | int):
            found[each.call.number] = given
    return found


def _shape_of(returned: Any) -> tuple[int, ...] | None:
    """The shape of an output to which something can be added."""
    if isinstance(returned, bool) or not isinstance(returned, np.ndarray | np.number | float):
        return None
    array = np.asarray(returned)
    return array.shape if array.dtype.kind == "f" and array.size else None


def _raises(back: Call) -> str:
    return str(Message("apart.raised", error=back.raised))


def _as_subject(
    met: Met, seen: Call, back: Call, values: dict[str, Array]
) -> tuple[Met, MetLayerDialect | None]:
    """The call with what is known of its layer, and that as a subject; its arrays are added."""
    try:
        found = MetLayerDialect(seen, back)
        contract = found.contract
        replayed = found.build(Build({}))
        found.forward(replayed, [a.copy() for a in found.operands.values()])
        alone = found.backward(replayed, found.dout.copy(), [])
        given = found.read(back.returned, back.after)
    except UnjudgeableError as error:
        return replace(met, why=str(Message(str(error)))), None
    except ERRORS as error:
        return replace(met, why=str(Message("apart.raises", error=type(error).__name__))), None
    n = met.number
    values |= {f"{n}.o.{name}": array for name, array in found.operands.items()}
    values |= {f"{n}.w.{name}": array for name, array in found.weights.items()}
    values |= {f"{n}.g.{name}": array for name, array in given.items()}
    values[f"{n}.dout"] = found.dout
    shared = {
        name: seen.shared[str(path)]
        for name, paths in found.places.items()
        for path in paths
        if str(path) in seen.shared
    }
    stale = any(
        not _same(alone.get(name), given.get(name))
        for name in found.operands
        if name in found.sources and found.sources[name].returned
    )
    return (
        replace(
            met, weights=tuple(found.weights), found=contract.gradients, shared=shared, stale=stale
        ),
        found,
    )


ALIKE, NOTHING = 1e-9, 1e-12
"""Two runs of one backward on the same numbers give the same up to the order of their sums, some
1e-13 of them; what was computed from something else differs in its first digits."""


def _same(one: Any, other: Any) -> bool:
    if np.shape(one) != np.shape(other):
        return False
    return bool(np.allclose(one, other, rtol=ALIKE, atol=NOTHING, equal_nan=True))
