"""Record the calls of the layers in a network while it runs.

For the time of a run, the two passes of each class are replaced by ones that note what they are
given and what they give back. The classes are changed, not the objects: so it does not matter how a
network holds its layers, or whether it makes them while it runs.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.array_paths import arrays_in
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.signatures import methods_of
from trigrad.subject.source.passes import Style, passes_among

MOST = 400
"""More calls than these are not recorded: a network that loops over time steps, say."""


class TooManyCallsError(Exception):
    """A network calls its layers too often to be taken apart."""


@dataclass(eq=False)
class Call:
    """One call of a pass of a layer."""

    layer: Any
    number: int
    """Its place among the calls of the same pass, in the order in which they begin."""
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    around: Call | None = None
    """The call within which it is made."""
    before: Any = None
    """A copy of the layer before the call; None if it cannot be copied."""
    after: Any = None
    """The same after it."""
    returned: Any = None
    ended: int = -1
    """Its place among the calls of the same pass that have ended."""
    raised: str = ""
    """What it raised, if it did; then it has ended, too."""
    leaf: bool = True
    """Whether no further layer is called within it."""
    random: Any = None
    """The state of NumPy's generator before the call."""
    shared: dict[str, str] = field(default_factory=dict)
    """By their paths, the layer's arrays that are weights of the network; those by their names."""


@dataclass
class Phase:
    """The calls of one run of the network's forward or backward."""

    forward: list[Call] = field(default_factory=list)
    backward: list[Call] = field(default_factory=list)


class Recorder:
    """Notes the calls of layers; `added` is added to the outputs of the forward calls."""

    def __init__(
        self,
        root: Any,
        weights: Mapping[str, Array],
        *,
        copies: bool = True,
        added: Mapping[int, Any] | None = None,
    ) -> None:
        """`root` is the network, which is no layer itself; `weights` are its arrays."""
        self._root = root
        self._weights = weights
        self._copies = copies
        self._added = added or {}
        self._open: list[tuple[str, Call]] = []
        self._ended = {"forward": 0, "backward": 0}
        self.phase = Phase()

    def begin(self) -> Phase:
        """Begin a new phase, whose calls are counted anew."""
        self.phase, self._open = Phase(), []
        self._ended = {"forward": 0, "backward": 0}
        return self.phase

    def called(
        self,
        function: Callable[..., Any],
        side: str,
        layer: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Call a pass of a layer, and note it.

        Raises:
            TooManyCallsError: there are more calls than can be judged.
        """
        around = self._open[-1] if self._open else None
        # A pass of a base class, or one that is called by another name, is a part of the same call.
        if layer is self._root or (around and around[1].layer is layer and around[0] == side):
            return function(layer, *args, **kwargs)
        calls = self.phase.forward if side == "forward" else self.phase.backward
        call = Call(layer, len(calls), copied(args), copied(kwargs), around and around[1])
        calls.append(call)
        if len(calls) > MOST:
            raise TooManyCallsError
        if around is not None:
            around[1].leaf = False
        if self._copies:
            call.before = copy_of(layer)
            call.random = np.random.get_state()
            call.shared = self._shared(layer)
        self._open.append((side, call))
        try:
            returned = function(layer, *args, **kwargs)
        except ERRORS as error:
            call.raised = type(error).__name__
            raise
        finally:
            self._open.pop()
            call.ended = self._ended[side]
            self._ended[side] += 1
        call.returned = copied(returned)
        if self._copies:
            call.after = copy_of(layer)
        if side == "forward" and call.number in self._added:
            return returned + self._added[call.number]
        return returned

    def _shared(self, layer: Any) -> dict[str, str]:
        return {
            str(path): name
            for path, array in arrays_in(layer)
            for name, own in self._weights.items()
            if array.shape == own.shape and np.shares_memory(array, own)
        }


@contextmanager
def recorded(recorder: Recorder, classes: Iterable[type]) -> Iterator[None]:
    """Have a recorder note the passes of these classes."""
    replaced: list[tuple[type, str, Any]] = []
    try:
        for owner, name, side in _passes(classes):
            function = vars(owner)[name]
            replaced.append((owner, name, function))
            setattr(owner, name, _noting(recorder, function, side))
        yield
    finally:
        for owner, name, function in reversed(replaced):
            setattr(owner, name, function)


def is_layer(cls: type) -> bool:
    """Whether a class has a forward and a backward."""
    passes = passes_among(methods_of(cls))
    return passes is not None and passes.style is Style.PLAIN


def _passes(classes: Iterable[type]) -> list[tuple[type, str, str]]:
    """The classes that define the passes of these ones, with the methods' names and sides."""
    found: dict[tuple[type, str], str] = {}
    for cls in classes:
        passes = passes_among(methods_of(cls))
        if passes is None:
            continue
        for side, name in (("forward", passes.forward), ("backward", passes.backward)):
            owner = next(base for base in cls.__mro__ if name in vars(base))
            function = vars(owner)[name]
            for other, value in vars(owner).items():  # `__call__ = forward`
                if value is function and isinstance(function, FunctionType):
                    found[owner, other] = side
    return [(owner, name, side) for (owner, name), side in found.items()]


def _noting(recorder: Recorder, function: Callable[..., Any], side: str) -> Callable[..., Any]:
    @wraps(function)
    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        return recorder.called(function, side, layer, args, kwargs)

    return call


def copied(value: Any) -> Any:
    """A copy of the arrays in a value; other objects as they are."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (tuple, list):
        return type(value)(map(copied, value))
    if type(value) is dict:
        return {key: copied(each) for key, each in value.items()}
    return value


def copy_of(layer: Any) -> Any:
    """A copy of an object with all that it holds; None if there can be none."""
    try:
        return copy.deepcopy(layer)
    except ERRORS:
        return None
