"""What a function does, operation by operation, with the gradient of every value in between.

The stand-ins do all through one table. For the time of a run its functions note what they are given
and what they give. A value that is used several times has a gradient for each use: each gets a view
of it, on which PyTorch leaves the gradient that comes back from there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np
import torch

from trigrad.messages import Message
from trigrad.tracing.array import StandIn
from trigrad.tracing.autograd import trace
from trigrad.tracing.conversion import is_stand_in
from trigrad.tracing.operands import named, operands, stand_ins, with_views, written_to
from trigrad.tracing.running import Namespaces, Run
from trigrad.tracing.session import lose
from trigrad.tracing.traced import Array, Untraceable

MOST = 2000
"""A function of more operations is not followed: nobody reads its picture."""

WHOLE = 400
"""Arrays of more numbers are not kept: nobody reads them."""


@dataclass(frozen=True)
class Step:
    """A call of the learner's that is going on: which one, of what function, at which line."""

    call: int
    function: str
    """Its qualified name: `Affine.forward`."""
    file: str
    line: int


@dataclass(frozen=True)
class Operation:
    """A function of NumPy's that was run on values, all by their numbers."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    steps: tuple[Step, ...] = ()
    """The learner's calls in which it was run, the outermost first; () for none of them."""


@dataclass(frozen=True)
class Recording:
    """The operations of one run in their order, and the values by their numbers.

    A value that is too large is not there, only its shape is. `arriving` has the gradients that
    come back from single uses: of the input at a place of an operation, where these can be told.
    """

    leaves: Mapping[str, int]
    """The numbers of the leaves, and of what was named beside them, where it was used."""
    operations: tuple[Operation, ...]
    outputs: tuple[int, ...]
    shapes: Mapping[int, tuple[int, ...]]
    values: Mapping[int, Array]
    gradients: Mapping[int, Array]
    arriving: Mapping[tuple[int, int], Array]
    douts: Mapping[int, Array]
    """What comes back to each output from outside; not there for one that is given twice."""


def record(
    run: Run,
    leaves: Mapping[str, Array],
    namespaces: Namespaces,
    dout: Any = None,
    *,
    named: Mapping[str, Array] | None = None,
    seed: int = 0,
) -> Recording:
    """Run a function on stand-ins for its leaves, as `trace` does, and note all that it does.

    Args:
        run, leaves, namespaces, seed: as those of `trace`.
        dout: the upstream gradient in the form of the output; of several outputs, all numbers in
            one flat array. None: of a number, 1; of arrays, none, so that there are no gradients.
        named: what else the function is given, by names.

    Raises:
        Untraceable: a gradient would be lost, it does too much, or it does something that is not
            seen.
        ValueError: dout has another shape than the output.
        Exception: what the function itself raises on NumPy's arrays.
    """
    recorder = _Recorder({id(each) for each in namespaces}, named or {})
    traced = trace(lambda given: recorder.run(run, given), leaves, namespaces, seed=seed)
    if not recorder.outputs:
        raise Untraceable(Message("tracing.unseen"))
    several = isinstance(traced.output, tuple | list)
    if dout is None and not several and not np.ndim(traced.output):
        dout = np.ones(())
    if dout is None:
        return recorder.recording(())
    parts = _parted(dout, traced.output) if several else [np.asarray(dout)]
    traced.gradients(parts if several else parts[0])
    return recorder.recording(parts)


def _parted(flat: Array, outputs: Sequence[Array]) -> list[Array]:
    """What a flat array has for each output.

    Raises:
        ValueError: it has another number of entries than they have together.
    """
    ends = np.cumsum([np.size(each) for each in outputs])
    parts = np.split(np.ravel(flat), ends)
    if parts.pop().size or parts[-1].size != np.size(outputs[-1]):
        raise ValueError(f"dout has {np.size(flat)} entries, the outputs {ends[-1]}")
    return [part.reshape(np.shape(out)) for part, out in zip(parts, outputs, strict=True)]


class _Recorder:
    """Notes what is done to stand-ins."""

    def __init__(self, files: set[int], named: Mapping[str, Array]) -> None:
        """`files` are ids of the learner's global names, `named` has arrays beside the leaves."""
        self._files = files
        self._named = named
        self._begin()

    def _begin(self) -> None:
        self.outputs: tuple[int, ...] = ()
        self._leaves: dict[str, int] = {}
        self._operations: list[Operation] = []
        self._shapes: dict[int, tuple[int, ...]] = {}
        self._values: dict[int, Array] = {}
        self._gradients: dict[int, Array] = {}
        self._arriving: dict[tuple[int, int], Array] = {}
        self._numbers: dict[int, tuple[int, int]] = {}
        """Of each stand-in, by its id: the number of its value, and its version at that time."""
        self._kept: list[Any] = []
        """All objects whose ids are noted, so that none is used again."""
        self._calls: dict[int, int] = {}
        self._count = 0
        self._depth = 0

    def run(self, run: Run, given: dict[str, Any]) -> Any:
        """What the function gives; nothing is noted where it is run on NumPy's arrays."""
        self._begin()
        if not any(map(is_stand_in, given.values())):
            return run(given)
        self._around = sys._getframe()
        self._leaves = {name: self._new(leaf) for name, leaf in given.items()}
        with self._noting():
            output = run(given)
        parts = output if isinstance(output, tuple | list) else (output,)
        if all(is_stand_in(each) and each.traced for each in parts):
            self.outputs = tuple(map(self._number, parts))
        return output

    def recording(self, douts: Sequence[Array]) -> Recording:
        """What was noted."""
        alone = [n for n in self.outputs if self.outputs.count(n) == 1]
        back = dict(zip(self.outputs, douts, strict=True)) if douts else {}
        return Recording(
            self._leaves,
            tuple(self._operations),
            self.outputs,
            self._shapes,
            self._values,
            self._gradients,
            self._arriving,
            {n: back[n] for n in alone if n in back and back[n].size <= WHOLE},
        )

    @contextmanager
    def _noting(self) -> Iterator[None]:
        table = StandIn._table
        StandIn._table = {key: self._noted(key, function) for key, function in table.items()}
        try:
            yield
        finally:
            StandIn._table = table

    def _noted(self, key: str, function: Any) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if self._depth:  # a part of another operation
                return function(*args, **kwargs)
            self._depth += 1
            try:
                return self._noted_call(key, function, args, kwargs)
            finally:
                self._depth -= 1

        return call

    def _noted_call(
        self, key: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        name = named(key, args)
        targets = list(stand_ins(written_to(key, name, args, kwargs)))
        found = list(operands(key, name, args, kwargs))
        if not any(is_stand_in(each) and each.traced for each in found):
            return function(*args, **kwargs)
        place = len(self._operations)
        if place >= MOST:
            raise Untraceable(Message("tracing.too_much"))
        inputs = tuple(map(self._number, found))
        views: dict[int, list[Any]] = {}
        for at, each in enumerate(found):
            if is_stand_in(each) and each.traced and not any(each is one for one in targets):
                views.setdefault(id(each), []).append(self._view(each, place, at))
        before = [each.tensor._version for each in targets]
        result = function(*with_views(args, views), **with_views(kwargs, views))
        written = [
            each
            for each, version in zip(targets, before, strict=True)
            if each.tensor._version != version
        ]
        outputs = tuple(self._new(each) for each in written or stand_ins(result) if each.traced)
        if outputs:
            self._operations.append(Operation(name, inputs, outputs, self._steps()))
        return result

    # --- values -----------------------------------------------------------------------------

    def _new(self, value: Any) -> int:
        """The number of a value that was not there before."""
        number, self._count = self._count, self._count + 1
        if is_stand_in(value):
            self._kept.append(value)
            self._numbers[id(value)] = number, value.tensor._version
            if value.traced:
                self._keep(self._gradients, number, value.tensor)
            value = value.tensor.detach().numpy()
        array = np.asarray(value)
        self._shapes[number] = array.shape
        if array.size <= WHOLE:
            self._values[number] = np.array(array, dtype=np.float64)
        return number

    def _number(self, value: Any) -> int:
        """The number of a value that is used.

        Raises:
            Untraceable: it depends on the leaves, and it was not seen how.
        """
        number, version = self._numbers.get(id(value), (-1, -1))
        if number < 0:
            if is_stand_in(value) and value.traced:
                lose(Message("lost.unseen"))
            number = self._new(value)
            for name, array in self._named.items():
                if isinstance(value, np.ndarray) and np.shares_memory(value, array):
                    self._leaves.setdefault(name, number)
            return number
        if value.tensor._version == version:
            return number
        # It was written to through another view of it.
        last = self._operations[-1]
        again = self._new(value)
        self._operations[-1] = Operation(last.name, last.inputs, (*last.outputs, again), last.steps)
        return again

    def _keep(self, into: dict[Any, Array], key: Any, tensor: torch.Tensor) -> None:
        if tensor.numel() <= WHOLE:
            tensor.register_hook(  # type: ignore[no-untyped-call]
                lambda gradient: into.__setitem__(key, gradient.detach().numpy().copy())
            )

    def _view(self, value: StandIn, place: int, at: int) -> StandIn:
        """A stand-in for one use of another: the gradient that comes back from there is kept."""
        tensor = value.tensor.view_as(value.tensor)
        self._keep(self._arriving, (place, at), tensor)
        return type(value)(tensor, value.dtype)

    # --- places -----------------------------------------------------------------------------

    def _steps(self) -> tuple[Step, ...]:
        frame: FrameType | None = sys._getframe(1)
        steps: list[Step] = []
        while frame is not None and frame is not self._around:
            if id(frame.f_globals) in self._files:
                if id(frame) not in self._calls:
                    self._calls[id(frame)] = len(self._calls)
                    self._kept.append(frame)
                name = frame.f_code.co_qualname.rpartition("<locals>.")[2]
                file = frame.f_code.co_filename
                steps.append(Step(self._calls[id(frame)], name, file, frame.f_lineno))
            frame = frame.f_back
        return tuple(reversed(steps))
