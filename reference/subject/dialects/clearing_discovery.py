"""Find what sets gradients to zero that backward adds to: `self.dW += …`.

Such a layer is right if something clears them before the next batch. What a method does decides,
not its name: it is called after backward, and the gradients must be zero then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from types import CodeType
from typing import Any

import numpy as np

from trigrad.subject.dialects.argument_roles import method_arguments
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.bytecode import stored_names
from trigrad.subject.dialects.conventions import SETUP_METHODS, Conventions
from trigrad.subject.dialects.experiments import (
    ERRORS,
    BackwardRun,
    Experiments,
    TrialCaller,
)
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.signatures import methods_of
from trigrad.subject.source.gradient_names import means_clearing

_ALL = ("vars", "__dict__", "setattr")
"""Names in the code of a method that sets attributes without naming them."""


class ClearingFinder:
    """Finds out whether backward adds to the stored gradients, and what sets these to zero."""

    def __init__(self, experiments: Experiments) -> None:
        self._experiments = experiments

    def that_lets_backward_run(self, conventions: Conventions) -> Conventions:
        """The conventions with the method before which backward raises, if there is one."""
        started = self._experiments.forward(conventions)
        for method in self._candidates(started[1], frozenset()) if started else ():
            cleared = replace(conventions, clearing_method=method)
            if self._experiments.run(cleared) is not None:
                return cleared
        return conventions

    def with_clearing(
        self,
        conventions: Conventions,
        cleared_elsewhere: Callable[[Collection[str], Collection[str]], str],
        trained_with: Callable[[Collection[str]], bool],
    ) -> Conventions:
        """The conventions with what sets the gradients to zero, if backward adds to them.

        Where nothing does and something trains with them, they stay as they are: that they add up
        is then a mistake. Where nothing trains with them either, it cannot be known.
        """
        run = self._experiments.run(conventions)
        if run is None:
            return conventions
        stored = self._stored(run)
        without = replace(conventions, clearing_method="")
        adding = self._adding(without, stored) if stored else set()
        if not adding:
            return conventions
        names = self._attributes(run, stored)
        for method in self._candidates(run.instance, names):
            cleared = replace(conventions, clearing_method=method, adds_up=True)
            if self._clears_what_is_set(method, without, set(stored) - adding):
                continue
            if self._is_cleared_by(method, without, stored):
                return cleared
        if adding != set(stored):
            return conventions
        place = cleared_elsewhere(names, self._holders(run, stored))
        if place:
            return replace(without, cleared_elsewhere=place)
        mistaken = self._has_mistaken_clearing(run.instance, names, without, stored)
        uncleared = not (mistaken or trained_with(names))
        return replace(without, uncleared=True) if uncleared else conventions

    def _stored(self, run: BackwardRun) -> list[str]:
        """The parameters whose gradients the object holds."""
        found = []
        for name in self._experiments.parameters:
            held = run.caller.stored_gradient(run.instance, name)
            if isinstance(held, np.ndarray) and run.gradients.get(name) is not None:
                found.append(name)
        return found

    def _adding(self, conventions: Conventions, stored: list[str]) -> set[str]:
        """The parameters whose gradient is twice as large after a second forward and backward."""
        started = self._twice(conventions, stored)
        if started is None:
            return set()
        _, _, once, twice = started
        return {n for n in stored if np.any(once[n]) and _alike(twice[n], 2 * once[n])}

    def _twice(
        self, conventions: Conventions, stored: list[str], between: str = ""
    ) -> tuple[TrialCaller, Instance, dict[str, Any], dict[str, Any]] | None:
        """An object after two calls of each pass, and the stored gradients after each of them."""
        started = self._experiments.forward(conventions)
        if started is None:
            return None
        caller, instance, _ = started
        caller.restores = True
        try:
            caller.backward(instance, self._experiments.dout)
            once = {n: np.array(caller.stored_gradient(instance, n)) for n in stored}
            if between:
                weights = caller.snapshot(instance)
                getattr(instance.subject, between)()
                if weights.changed():
                    return None
            caller.forward(instance, [x.copy() for x in self._experiments.operands])
            caller.backward(instance, self._experiments.dout)
        except ERRORS:
            return None
        twice = {n: np.array(caller.stored_gradient(instance, n)) for n in stored}
        return caller, instance, once, twice

    def _is_cleared_by(self, method: str, conventions: Conventions, stored: list[str]) -> bool:
        """Whether after this method backward gives what it gave the first time."""
        started = self._twice(conventions, stored, between=method)
        if started is None:
            return False
        _, _, once, twice = started
        return all(_alike(twice[n], once[n]) for n in stored)

    def _clears_what_is_set(self, method: str, conventions: Conventions, others: set[str]) -> bool:
        """Whether a method clears one of these gradients too, which backward does not add to.

        Then backward treats alike gradients differently: one of them is a mistake.
        """
        if not others:
            return False
        run = self._experiments.run(conventions)
        if run is None:
            return False
        held = [n for n in others if np.any(run.caller.stored_gradient(run.instance, n))]
        try:
            getattr(run.instance.subject, method)()
        except ERRORS:
            return False
        left = (run.caller.stored_gradient(run.instance, n) for n in held)
        return not all(isinstance(v, np.ndarray) and np.any(v) for v in left)

    def _has_mistaken_clearing(
        self, instance: Instance, names: frozenset[str], conventions: Conventions, stored: list[str]
    ) -> bool:
        """Whether a method is there to set the gradients to zero, and leaves one as it is.

        It is meant so if it sets another one of them to zero, is named so, or starts them in the
        constructor.
        """
        cls = type(instance.subject)
        making = getattr(getattr(cls, "__init__", None), "__code__", None)
        started = set(_names_used(cls, making, set())) if making is not None else set()
        for method in self._candidates(instance, names):
            if not names & stored_names(getattr(cls, method)):
                continue
            run = self._experiments.run(conventions)
            if run is None:
                return False
            before = [np.array(run.caller.stored_gradient(run.instance, n)) for n in stored]
            try:
                getattr(run.instance.subject, method)()
            except ERRORS:
                continue
            after = [run.caller.stored_gradient(run.instance, n) for n in stored]
            kept = [_alike(*pair) for pair in zip(before, after, strict=True)]
            zero = [isinstance(each, np.ndarray) and not np.any(each) for each in after]
            if any(kept) and (any(zero) or means_clearing(method) or method in started):
                return True
        return False

    def _attributes(self, run: BackwardRun, stored: list[str]) -> frozenset[str]:
        """The names of the attributes that hold these gradients."""
        paths = self._paths(run, stored)
        attributes = ([str(s.key) for s in path.steps if s.attribute] for path in paths)
        return frozenset(names[-1] for names in attributes if names)

    def _holders(self, run: BackwardRun, stored: list[str]) -> frozenset[str]:
        """The classes of the objects within the layer that hold these gradients."""
        held = [
            ArrayPath(p.steps[:-1]).read(run.instance.subject) for p in self._paths(run, stored)
        ]
        return frozenset(cls.__name__ for each in held for cls in type(each).__mro__)

    def _paths(self, run: BackwardRun, stored: list[str]) -> list[ArrayPath]:
        held = [run.caller.stored_gradient(run.instance, n) for n in stored]
        return [p for p, a in arrays_in(run.instance.subject) if any(a is h for h in held)]

    def _candidates(self, instance: Instance, names: frozenset[str]) -> Iterator[str]:
        """The methods that need no argument and whose code uses one of these names.

        Without names, those that set an attribute at all.
        """
        cls = type(instance.subject)
        calls = set(self._experiments.adapter.calls.values())
        for method in methods_of(cls):
            if method.startswith("__") or method in calls or method in SETUP_METHODS:
                continue
            code = getattr(getattr(cls, method), "__code__", None)
            if code is None or any(a.needed for a in method_arguments(cls, method)):
                continue
            used = set(_names_used(cls, code, {method}))
            if used & {*names, *_ALL} if names else stored_names(getattr(cls, method)):
                yield method


def _names_used(cls: type, code: CodeType, seen: set[str]) -> Iterator[str]:
    """The names and strings in a method's code, and in that of the methods that it calls."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_used(cls, constant, seen)
        elif isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple):
            yield from (c for c in constant if isinstance(c, str))
    for name in code.co_names:
        yield name
        inner = getattr(getattr(cls, name, None), "__code__", None)
        if inner is not None and name not in seen:
            seen.add(name)
            yield from _names_used(cls, inner, seen)


def _alike(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other))
