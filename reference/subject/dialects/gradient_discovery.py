"""Find gradients that backward neither returns nor stores under a telling name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.subject.dialects.argument_roles import (
    OPTIMISER,
    OPTIONAL_RATE,
    RATE,
    arguments_of,
    is_rate,
)
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.experiments import ERRORS, BackwardRun, Experiments
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.optimiser_calls import (
    GivenGradient,
    gradients_given,
    optimisers_in,
)
from trigrad.subject.dialects.signatures import UnknownDialectError, UnknownStepError

LARGE = 256.0
"""By this dout is multiplied, so that what is clipped shows."""


class GradientFinder:
    """Finds gradients among an object's arrays, or in how backward updates the weights."""

    def __init__(self, experiments: Experiments) -> None:
        self._experiments = experiments

    def with_gradients(self, conventions: Conventions, run: BackwardRun) -> Conventions:
        """The conventions, with the gradients that backward neither returns nor stores by name."""
        gradients: dict[str, ArrayPath] = {}
        given: dict[str, GivenGradient] = {}
        updated: set[str] = set()
        for name in self._experiments.parameters:
            if name in run.gradients or name in conventions.returned:
                continue
            if run.caller.named_gradient_of(run.instance, name).declared:
                continue
            if where := self._given(conventions, run, name):
                given[name] = where
                continue
            # The change of a weight shows its gradient more reliably than an array stored beside
            # it, which may be the step, or an average of the last steps.
            if run.caller.subtracted(name) is not None and conventions.weight_paths.get(name):
                updated.add(name)
            elif paths := self._by_value(conventions, run, name):
                gradients[name] = paths[0]
        conventions = replace(conventions, gradient_paths=gradients, given=given)
        return self._with_updates(conventions, run, updated) if updated else conventions

    def _given(self, conventions: Conventions, run: BackwardRun, name: str) -> GivenGradient | None:
        """Where backward gives the gradient to an optimiser; None if it gives none or several."""
        if not run.instance.optimiser_calls:
            return None
        twice = self._experiments.run(conventions, factor=2.0)
        again = twice.instance.optimiser_calls if twice is not None else ()
        paths = (p for held in conventions.weight_paths.values() for p in held)
        weights = [*run.instance.weights.values(), *(p.read(run.instance.subject) for p in paths)]
        shape = run.caller.own_shape(run.instance, name)
        found = gradients_given(run.instance.optimiser_calls, again, weights, shape)
        return found[0] if len(found) == 1 else None

    def _beside_updates(
        self, conventions: Conventions, run: BackwardRun, updated: set[str]
    ) -> Conventions:
        """The gradients stored beside weights that backward updates by a step of unknown size.

        Raises:
            UnknownDialectError: there are none, or they may be the steps themselves.
        """
        names = tuple(n for n in self._experiments.parameters if n in updated)
        gradients = dict(conventions.gradient_paths)
        for name in sorted(updated):
            paths = self._by_value(conventions, run, name)
            if not paths:
                words = Message("unread.step_no_gradient", names=names, count=len(updated))
                raise UnknownStepError(str(words))
            if _in_proportion(paths[0].read(run.instance.subject), run.caller.subtracted(name)):
                raise UnknownDialectError(
                    str(Message("unread.or_step", names=names, path=str(paths[0]), name=name))
                )
            gradients[name] = paths[0]
        return replace(conventions, gradient_paths=gradients)

    def _by_value(self, conventions: Conventions, run: BackwardRun, name: str) -> list[ArrayPath]:
        """The arrays that backward creates with the parameter's shape, and that scale with dout."""
        weight_paths = set(conventions.weight_paths.get(name, ()))
        shape = run.caller.own_shape(run.instance, name)
        passed = [*run.instance.operands.values(), *run.instance.weights.values()]
        passed += [v for v in run.gradients.values() if isinstance(v, np.ndarray)]
        found = []
        # What an optimiser holds is its own: the averages that it keeps, for example.
        optimisers = [path.steps for path, _ in optimisers_in(run.instance.subject)]
        for path, array in arrays_in(run.instance.subject):
            if any(path.steps[: len(steps)] == steps for steps in optimisers):
                continue
            known = run.before.get(path)
            changed = known is None or known[0] != id(array) or not np.array_equal(known[1], array)
            is_passed = any(
                isinstance(h, np.ndarray) and np.shares_memory(h, array) for h in passed
            )
            # A copy of the input that forward has stored is no gradient.
            is_operand = known is not None and any(
                np.array_equal(known[1], operand) for operand in run.instance.operands.values()
            )
            if (
                path not in weight_paths
                and array.shape == shape
                and changed
                and not (is_passed or is_operand)
            ):
                found.append((path, array))
        if len(found) > 1:
            twice = self._experiments.run(conventions, factor=2.0)
            held = dict(arrays_in(twice.instance.subject)) if twice is not None else {}
            found = [(p, a) for p, a in found if p in held and np.allclose(held[p], 2 * a)]
        if len(found) > 1 and not all(np.array_equal(a, found[0][1]) for _, a in found):
            names = tuple(str(p) for p, _ in found)
            raise UnknownDialectError(str(Message("unread.several", name=name, names=names)))
        return [path for path, _ in found]

    def _with_updates(
        self, conventions: Conventions, run: BackwardRun, updated: set[str]
    ) -> Conventions:
        """The conventions in which gradients are what backward subtracts from the weights.

        Raises:
            UnknownDialectError: the step cannot be made to be the gradient times 1.
        """
        result = replace(conventions, updated=frozenset(updated))
        if self._experiments.adapter.takes(RATE) or self._uses_our_optimiser(
            conventions, run.instance
        ):
            return self._if_repeatable(result)
        if self._experiments.adapter.takes(OPTIONAL_RATE):
            return self._if_repeatable(replace(result, rate_passed=True))
        rates = [
            name
            for name, value in getattr(run.instance.subject, "__dict__", {}).items()
            if is_rate(name) and isinstance(value, float | int)
        ]
        if rates:
            return self._if_repeatable(replace(result, rate_attribute=rates[0]))
        return self._beside_updates(conventions, run, updated)

    def _if_repeatable(self, conventions: Conventions) -> Conventions:
        """These conventions, if a second backward subtracts the same as the first.

        Raises:
            UnknownDialectError: the updates differ, as with momentum, or do not grow with dout.
        """
        run = self._experiments.forward(conventions)
        if run is None:
            return conventions
        caller, instance, _ = run
        caller.restores = True
        try:
            first = caller.backward(instance, self._experiments.dout)
            caller.forward(instance, [x.copy() for x in self._experiments.operands])
            second = caller.backward(instance, self._experiments.dout)
        except ERRORS:
            return conventions
        differing = {n for n in first if not _alike(first[n], second.get(n))}
        if not differing or not differing <= conventions.updated:
            self._refuse_what_does_not_grow(conventions)
            return conventions  # a gradient that is no update differs: a mistake for the claims
        names = tuple(n for n in self._experiments.parameters if n in differing)
        words = Message("unread.momentum", names=names, count=len(names))
        raise UnknownDialectError(str(words))

    def _refuse_what_does_not_grow(self, conventions: Conventions) -> None:
        """A step that Adam takes, or one with a clipped gradient, is no multiple of the gradient.

        What is there without dout, too, is weight decay.

        Raises:
            UnknownDialectError: there is such a step.
        """
        runs = [self._experiments.run(conventions, factor) for factor in (0.0, 1.0, LARGE)]
        for name in self._experiments.parameters:
            if name not in conventions.updated:
                continue
            found = [r.gradients.get(name) for r in runs if r is not None]
            steps = [np.asarray(s, dtype=np.float64) for s in found if s is not None]
            if len(steps) < len(runs) or len({step.shape for step in steps}) > 1:
                continue
            decay, one, large = steps
            if np.any(one != decay) and not np.allclose(large - decay, LARGE * (one - decay)):
                raise UnknownDialectError(str(Message("unread.adaptive", name=name)))

    def _uses_our_optimiser(self, conventions: Conventions, instance: Instance) -> bool:
        """Whether the object updates its weights by the optimiser that trigrad passed to it."""
        method = (
            getattr(instance.subject, conventions.setup_method, None)
            if conventions.setup_method
            else None
        )
        asked = arguments_of(method) if method is not None else []
        return self._experiments.adapter.takes(OPTIMISER) or any(
            a.key.startswith("opt") for a in asked
        )

    def is_mean(self, conventions: Conventions) -> bool:
        """Whether the gradients are means over the batch: the same with every sample twice.

        Weight decay, which is there without dout, too, need not be the same.
        """
        first = next(iter(self._experiments.parameters))
        pairs = []
        for experiments in (self._experiments, self._experiments.doubled()):
            found = [experiments.run(conventions, factor) for factor in (1.0, 0.0)]
            there = [r.gradients[first] for r in found if r is not None and first in r.gradients]
            if len(there) < len(found):
                return False
            pairs.append(there)
        (one, decay), (two, other_decay) = pairs
        if not np.shape(one) == np.shape(two) == np.shape(decay) == np.shape(other_decay):
            return False
        if np.allclose(one, two):
            return True
        decayed = np.any(decay) and not np.allclose(one, decay)
        return bool(decayed and np.allclose(one - decay, two - other_decay))


def _alike(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other))


def _in_proportion(array: Array, difference: Array | None) -> bool:
    """Whether an array is a multiple of the difference of a weight."""
    if difference is None or array.shape != difference.shape:
        return False
    one, other = array.reshape(-1), difference.reshape(-1)
    return bool(np.allclose((one @ other) ** 2, (one @ one) * (other @ other)))
