"""Operations that are drawn as one node: those of one line, of one call, or of one layer."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.subject.drawn import Call, Drawn, DrawnOperation
from trigrad.subject.face import Where

MOST = 12
"""A graph of more nodes is not read at a glance."""

TOGETHER = 4
"""No more lines are one box, but the whole of it."""

LABEL = 24
"""Of a line, so many characters are written in a box."""

_MAY_KEEP = (
    *("array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "copy", "astype"),
    *("reshape", "ravel", "flatten", "squeeze", "expand_dims", "atleast_1d", "atleast_2d"),
    *("broadcast_to", "transpose", "view"),
)
"""Operations that are not drawn where what they give is what they got."""


@dataclass(frozen=True)
class Use:
    """A value that goes into a group, and the gradient that comes back from there."""

    value: int
    gradient: Array | None = None


@dataclass(frozen=True)
class Group:
    """Operations that are one node; with a label where these are several."""

    operations: tuple[DrawnOperation, ...]
    inputs: tuple[Use, ...]
    outputs: tuple[int, ...]
    label: str = ""
    title: str = ""
    """The learner's line."""


@dataclass(frozen=True)
class _Step:
    """An operation that is drawn, with what goes into it where what is not drawn is left out."""

    operation: DrawnOperation
    uses: tuple[Use, ...]


Key = Callable[[int, DrawnOperation], Hashable]
"""What operations have in common that are drawn as one: these follow each other."""


def folded(drawn: Drawn, *, by_layers: bool = False) -> tuple[list[Group], Mapping[str, int]]:
    """The operations in groups, no more than are read; and which values are the outputs.

    `by_layers`: of a network, each of its layers is a group.
    """
    steps, outputs = _steps(drawn)
    deepest = max((len(step.operation.calls) for step in steps), default=0)
    keys: list[Key] = [_layer] if by_layers else [lambda place, _: place, _line]
    keys += [_at_depth(depth) for depth in range(deepest - 1, 0, -1)]
    for key in keys:
        numbered = list(enumerate(steps))
        alike = ((key(place, step.operation), step) for place, step in numbered)
        parts = [[step for _, step in run] for _, run in groupby(alike, itemgetter(0))]
        if len(parts) <= MOST:
            break
    if len(parts) > MOST:
        parts = _neighbours_joined(parts)
    ends = frozenset(outputs.values())
    return [_group(part, steps, ends, by_layers=by_layers) for part in parts], outputs


def _neighbours_joined(parts: Sequence[list[_Step]]) -> list[list[_Step]]:
    """So many parts that follow each other as one that there are no more than are read.

    All of them, where each of these would still be long: then it is one call.
    """
    size = -(-len(parts) // MOST)
    if size > TOGETHER:
        return [[step for part in parts for step in part]]
    runs = (parts[start : start + size] for start in range(0, len(parts), size))
    return [[step for part in run for step in part] for run in runs]


def _steps(drawn: Drawn) -> tuple[list[_Step], Mapping[str, int]]:
    """What is drawn: without what gives what it got, and what does not lead to an output."""
    same: dict[int, int] = {}
    """What stands for a value that an operation only passed on."""
    steps: list[_Step] = []
    for place, operation in enumerate(drawn.operations):
        uses = tuple(
            Use(same.get(value, value), drawn.arriving.get((place, at)))
            for at, value in enumerate(operation.inputs)
            if not (at == 0 and operation.name == "__setitem__" and value not in drawn.gradients)
        )
        if _is_passed_on(drawn, operation, uses):
            same[operation.outputs[0]] = uses[0].value
        else:
            steps.append(_Step(operation, uses))
    outputs = {name: same.get(value, value) for name, value in drawn.outputs.items()}
    needed, kept = set(outputs.values()), []
    for step in reversed(steps):
        if needed & set(step.operation.outputs):
            needed |= {use.value for use in step.uses}
            kept.append(step)
    return kept[::-1], outputs


def _is_passed_on(drawn: Drawn, operation: DrawnOperation, uses: Sequence[Use]) -> bool:
    """Whether an operation gives the values that it got; where trigrad did it, in other rows."""
    ours = not operation.calls
    if len(uses) != 1 or len(operation.outputs) != 1:
        return False
    if operation.name not in _MAY_KEEP and not (ours and operation.name == "__setitem__"):
        return False
    before, after = uses[0].value, operation.outputs[0]
    one, other = drawn.values.get(before), drawn.values.get(after)
    if one is None or other is None:
        return operation.name != "transpose" and drawn.shapes[before] == drawn.shapes[after]
    if not ours and one.shape != other.shape:
        return False
    return bool(np.array_equal(one.ravel(), other.ravel(), equal_nan=True))


def _line(place: int, operation: DrawnOperation) -> Hashable:
    if not operation.calls:
        return place
    call = operation.calls[-1]
    return call.number, call.where and call.where.line


def _at_depth(depth: int) -> Key:
    """All that is done in one call at that depth; above it, what one line does."""

    def key(place: int, operation: DrawnOperation) -> Hashable:
        calls = operation.calls
        return calls[depth].number if len(calls) > depth else _line(place, operation)

    return key


def _layer(place: int, operation: DrawnOperation) -> Hashable:
    call = _layer_call(operation)
    return _line(place, operation) if call is None else call.number


def _layer_call(operation: DrawnOperation) -> Call | None:
    """The first call of something else than a method of the network itself."""
    network = _owner(operation.calls[0]) if operation.calls else ""
    return next((call for call in operation.calls if _owner(call) != network), None)


def _owner(call: Call) -> str:
    return call.function.rpartition(".")[0]


def _group(
    steps: Sequence[_Step], every: Sequence[_Step], ends: frozenset[int], *, by_layers: bool
) -> Group:
    operations = tuple(step.operation for step in steps)
    inside = {value for operation in operations for value in operation.outputs}
    inputs: dict[int, Use] = {}
    single: list[Use] = []
    for use in (use for step in steps for use in step.uses):
        if len(steps) == 1:
            single.append(use)
        elif use.value not in inside:
            known = inputs.get(use.value)
            inputs[use.value] = use if known is None else _both(known, use)
    mine = {id(step) for step in steps}
    used = {use.value for step in every if id(step) not in mine for use in step.uses} | ends
    outputs = [v for operation in operations for v in operation.outputs if v in used]
    where = operations[0].calls[-1].where if operations[0].calls else None
    title = _titled(where) if where else ""
    layer = _layer_call(operations[0]) if by_layers else None
    if len(steps) == 1:
        label = "" if layer is None else _name_of(layer)
        return Group(operations, tuple(single), tuple(outputs), label, title)
    label, call = _label(operations, layer)
    if call is not None and call.where is not None:
        title = _titled(call.where)
    return Group(operations, tuple(inputs.values()), tuple(dict.fromkeys(outputs)), label, title)


def _titled(where: Where) -> str:
    return str(Message("picture.line", line=where.line, text=where.text))


def _both(one: Use, other: Use) -> Use:
    """Two uses of a value in one group as one."""
    if one.gradient is None or other.gradient is None:
        return replace(one, gradient=None)
    return replace(one, gradient=one.gradient + other.gradient)


def _label(operations: Sequence[DrawnOperation], layer: Call | None) -> tuple[str, Call | None]:
    """The name of the call that operations have in common, or their line; and where that is."""
    common: list[Call] = []
    for calls in zip(*(operation.calls for operation in operations), strict=False):
        if len({call.number for call in calls}) > 1:
            break
        common.append(calls[0])
    if not common:
        return str(Message("picture.operations", count=len(operations))), None
    if layer in common and layer is not None:
        return _name_of(layer), None
    last = common[-1]
    lines = {o.calls[len(common) - 1].where for o in operations}
    if len(common) == len(operations[0].calls) and last.where is not None:
        if len(lines) == 1:
            return _line_label(last.where.text, operations), last
        numbers = [where.line for where in lines if where is not None]
        if len(numbers) <= TOGETHER and len({w.file for w in lines if w is not None}) == 1:
            return f"lines {min(numbers)}–{max(numbers)}", last
    return _name_of(last), common[-2] if len(common) > 1 else None


def _name_of(call: Call) -> str:
    """The class of a layer whose forward is called; else the function."""
    owner, _, function = call.function.rpartition(".")
    return owner if owner and function in ("forward", "__call__") else function


def _line_label(line: str, operations: Sequence[DrawnOperation]) -> str:
    """A line, with how often it was run where that is more than once."""
    names = [operation.name for operation in operations]
    once = _operations_in(line)
    if once and len(names) > once:
        for length in range(1, once + 1):
            times, rest = divmod(len(names), length)
            if not rest and names == names[:length] * times:
                return f"{times} × ({_shortened(line)})"
    return _shortened(line)


def _operations_in(line: str) -> int:
    """At most so many operations are in a line; 0 if it is a part of one."""
    try:
        tree = ast.parse(line.strip())
    except (SyntaxError, ValueError):
        return 0
    return sum(isinstance(node, _MAY_COMPUTE) for node in ast.walk(tree))


_MAY_COMPUTE = (
    *(ast.BinOp, ast.UnaryOp, ast.AugAssign, ast.Compare),
    *(ast.Call, ast.Subscript, ast.Attribute),
)


def _shortened(line: str) -> str:
    """What a line computes, as far as there is room for it."""
    text = line.removeprefix("return ").split(" = ", 1)[-1]
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}…"
