"""How functions are spoken to: a pair with a cache, or one that gives a loss and its gradient."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.arguments import CACHE, DOUT, Call, arguments_of, method_arguments
from trigrad.subject.dialects.reading import CACHE_WORDS, Weights, read_backward, read_forward
from trigrad.subject.dialects.speakers import Values
from trigrad.subject.face import FUNCTION
from trigrad.subject.source.passes import Passes


@dataclass
class PairSpeaker:
    """Two functions: what forward returns beside its output is handed to backward."""

    first_function: Callable[..., Any]
    second_function: Callable[..., Any]
    first: Call
    second: Call
    calls: dict[str, str]
    weights: Weights = Weights.PASSED
    silent: bool = False
    sized: bool = False
    labels: bool = True

    def takes(self, role: str) -> bool:  # noqa: ARG002 - functions have no weights to change
        """Functions keep nothing that could be updated."""
        return False

    @property
    def spellings(self) -> dict[str, str]:
        """What forward calls the parameters."""
        return {g.role: g.name for g in self.first.given if g.name}

    def __post_init__(self) -> None:
        self.takes_dout = self.second.takes(DOUT)
        self.needs_dout = self.second.needs(DOUT)

    def make(self, values: Values) -> Any:  # noqa: ARG002 - the weights are given to forward
        """What is remembered between the two."""
        return SimpleNamespace()

    def forward(self, subject: Any, values: Values) -> Any:
        """The output, without the cache."""
        places, names = self.first.on(values)
        returned = self.first_function(*places, **names)
        rest: tuple[Any, ...] = ()
        if isinstance(returned, tuple | list) and len(returned) > 1:
            returned, *others = returned
            rest = tuple(others)
        subject.trigrad_cache = rest
        return returned

    def backward(self, subject: Any, values: Values) -> Any:
        """What backward returns, given the cache."""
        caches = iter(subject.trigrad_cache)
        places, names = self.second.on({**values, CACHE: None})
        roles = [g.role for g in self.second.given]
        for index, role in enumerate(roles[: len(places)]):
            if role == CACHE:
                places[index] = next(caches, None)
        return self.second_function(*places, **names)


def are_functions(cls: type, passes: Passes) -> bool:
    """Whether a class only holds two functions together: static, and with a cache in between."""
    both = [inspect.getattr_static(cls, name) for name in (passes.forward, passes.backward)]
    caches = [a.bare in CACHE_WORDS for a in method_arguments(cls, passes.backward)]
    return all(isinstance(m, staticmethod | classmethod) for m in both) and any(caches)


def speaker_of_pair(
    contract: Contract, forward: Callable[..., Any], backward: Callable[..., Any]
) -> PairSpeaker:
    """How to speak to a pair of functions.

    Raises:
        UnknownDialectError: an argument of one of them is not known.
    """
    calls = {"forward": forward.__name__, "backward": backward.__name__}
    first = read_forward(contract, arguments_of(forward), forward.__name__)
    second = read_backward(contract, arguments_of(backward), backward.__name__, caches=True)
    return PairSpeaker(forward, backward, first, second, calls)


@dataclass
class SingleSpeaker:
    """One function that returns a loss and the gradient of its first operand."""

    function: Callable[..., Any]
    first: Call
    calls: dict[str, str]
    weights: Weights = Weights.PASSED
    takes_dout: bool = False
    needs_dout: bool = False
    silent: bool = False
    sized: bool = False
    labels: bool = True

    def takes(self, role: str) -> bool:  # noqa: ARG002 - functions have no weights to change
        """Functions keep nothing that could be updated."""
        return False

    @property
    def spellings(self) -> dict[str, str]:
        """It has no parameters."""
        return {}

    def make(self, values: Values) -> Any:  # noqa: ARG002 - the weights are given to forward
        """What is remembered of the call."""
        return SimpleNamespace(gradient=None)

    def forward(self, subject: Any, values: Values) -> Any:
        """The first of the two values."""
        places, names = self.first.on(values)
        returned = self.function(*places, **names)
        subject.gradient = None
        if isinstance(returned, tuple | list) and len(returned) == 2:
            returned, subject.gradient = returned
        return returned

    def backward(self, subject: Any, values: Values) -> Any:  # noqa: ARG002 - it is there already
        """The second of the two values."""
        return subject.gradient


def speaker_of_single(contract: Contract, function: Callable[..., Any]) -> SingleSpeaker:
    """How to speak to a function that returns a value and its gradient.

    Raises:
        UnknownDialectError: it takes something else than the operands.
    """
    first = read_forward(contract, arguments_of(function), "it")
    return SingleSpeaker(function, first, {"forward": FUNCTION, "backward": FUNCTION})
