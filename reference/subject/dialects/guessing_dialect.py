"""The dialect of what nobody has declared: it finds the declaration that fits best."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from trigrad.contracts.declaration import DOUT, DeclarationError, contract_of, declared
from trigrad.contracts.schema import Kind
from trigrad.contracts.shelf.registry import known_as
from trigrad.messages import Message
from trigrad.subject.argument_kinds import is_target
from trigrad.subject.dialects.argument_roles import arguments_of
from trigrad.subject.dialects.declared_calls import Passes, parameters_of, takes_dout
from trigrad.subject.dialects.declared_dialect import DeclaredDialect, Fit
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.held_weights import LEARNED
from trigrad.subject.dialects.plain_dialect import PlainDialect
from trigrad.subject.trained_numbers import is_gradient_of, maybe_trained, with_trained

SECONDS = 6.0
"""An outer limit, of processor time, so that a busy machine guesses the same: all guesses of one
layer usually take less than one."""

WAITED = 10 * SECONDS
"""The same by the clock, for a layer that sleeps."""


@dataclass(frozen=True)
class Guess:
    """A declaration, and how well it fits."""

    text: str
    fit: Fit

    @property
    def rank(self) -> tuple[object, ...]:
        """The larger, the better: with none right, one column, where more is right than with two.

        Once the mistake is mended, the line that is shown must not refute what is right. Where one
        gradient is a mean and another a sum, means are meant: nobody divides by accident.
        """
        if self.fit.rank[0]:
            return (*self.fit.rank, 0, False, False)
        narrow = self.text.split("; ")[0].endswith(" 1")
        x = self.text.partition(":")[0]
        means = "N * d" in self.text and bool(self.fit.right - {x})
        return (*self.fit.rank, -len(self.fit.misshapen), narrow, means)


class GuessingDialect(PlainDialect):
    """A class or a pair of functions of which nothing is known: it is guessed before it is run."""

    refusal = Message("guess.none")

    def __init__(
        self,
        name: str,
        value: Any,
        passes: Passes,
        guesses: Callable[[], Iterable[Iterable[str]]],
        *,
        as_made: bool = False,
        most: int | None = None,
    ) -> None:
        """`guesses` are tiers: a less likely one is tried where nothing runs of those before.

        With `as_made`, a guess with which only forward runs is taken where there is no other. At
        `most` so many are tried.
        """
        self._most = most
        self._as_made = as_made
        self._name = name
        self._value = value
        self._passes = passes
        self._name_error: NameError | AttributeError | None = None
        self._likely_error: BaseException | None = None
        self._guesses = guesses
        self.unordered: tuple[str, ...] = ()
        """Of the guess: what backward returns gradients of in another order than forward's."""
        self.calls: Mapping[str, str] = {
            "forward": passes.forward,
            "backward": passes.backward or passes.forward,
        }

    def guess(self) -> tuple[str, ...]:
        """The declaration that fits best: the first with which every gradient fits, if any does.

        If backward raises with all, the first with which forward runs. After it "dout" if backward
        takes it, else ""; then the names of the weights.

        Raises:
            UnknownDialectError: forward runs with none of them, or backward cannot be called.
            Exception: the same, because of a name that forward itself uses; or what forward raises
                with the likeliest guess, where the name says which function it should be.
        """
        best: Guess | None = None
        self._only_forward = self._raising = ""
        self._name_error = self._likely_error = None
        self.unordered = ()
        until, latest = time.thread_time() + SECONDS, time.monotonic() + WAITED
        several = self._guesses()
        if self._most is not None:
            several = [islice(chain.from_iterable(several), self._most)]
        for tier in several:
            for text in tier:
                if best is not None and best.fit.misshapen and _axes(text) < _axes(best.text):
                    continue  # a shape that is wrong may be right there by chance: Flatten of rows
                fit = self._fit(text)
                if fit is not None and (best is None or Guess(text, fit).rank > best.rank):
                    best = Guess(text, fit)
                over = time.thread_time() > until or time.monotonic() > latest
                if over or (best is not None and best.fit.whole):
                    break
            # Where sizes have to be equal, or gradients have others, another guess may fit better.
            if best is not None and best.fit.apart and not best.fit.misshapen:
                break
        only_forward = self._only_forward if self._as_made else self._raising
        if best is None and not only_forward:
            known = bool(known_as(self._name.split("/")))
            raise self._name_error or (self._likely_error if known else None) or self._refused()
        self.unordered = best.fit.unordered if best is not None else ()
        try:
            text = self._with_trained(_without_lacking(best)) if best is not None else only_forward
            declaration = declared(text)
        except DeclarationError:  # nothing is left that has a gradient
            raise self._refused() from None
        parameters = parameters_of(declaration, self._value, self._passes)
        takes = DOUT if takes_dout(declaration, self._passes) else ""
        return (declaration.text, takes, *(n for n in declaration.names if n in parameters))

    def _with_trained(self, text: str) -> str:
        """The declaration with the numbers that the layer trains, if it gives their gradients.

        Whether they are right is not asked: it is the layer's own text that calls them gradients.
        """
        if not isinstance(self._value, type):
            return text
        found = declared(text)
        numbers = maybe_trained(self._value, found)
        if not numbers:
            return text
        given = [argument.name for argument in arguments_of(self._value)]
        fit = self._fit(with_trained(found, numbers, given))
        if fit is not None and numbers.keys() & fit.misshapen:  # those are none
            numbers = {n: v for n, v in numbers.items() if n not in fit.misshapen}
            fit = self._fit(with_trained(found, numbers, given)) if numbers else None
        if fit is None or numbers.keys() & fit.misshapen:
            return text
        there = {n for n in numbers if n in fit.sources and is_gradient_of(fit.sources[n], n)}
        there -= fit.unused  # such as the number of its calls
        return with_trained(found, {n: numbers[n] for n in there}, given) if there else text

    def _fit(self, text: str) -> Fit | None:
        try:
            declaration = declared(text)
            if declaration.is_too_large:
                return None
            parameters = parameters_of(declaration, self._value, self._passes)
            contract = contract_of(declaration, self._name, Kind.LAYER, parameters)
            dialect = DeclaredDialect(
                contract, declaration, self._passes, self._value, guessed=True
            )
            found = dialect.fit(few=True)
            self._name_error = self._name_error or dialect.name_error
            # What an operand lacks says nothing: it may be meant as another kind of object.
            if not isinstance(dialect.forward_error, AttributeError):
                self._likely_error = self._likely_error or dialect.forward_error
            if found is not None and (found.unread or _is_of_target(declaration.names, found)):
                return None  # what is taken for a target has a gradient
            if found is None and dialect.forward_runs:
                self._only_forward = self._only_forward or text
                if dialect.backward_raises:
                    self._raising = self._raising or text
            return found
        except (*ERRORS, DeclarationError):
            return None


def _axes(text: str) -> int:
    """How many axes the first argument of a guess has."""
    shape = text.partition(":")[2].partition(";")[0]
    return sum(not each[:1].islower() for each in shape.split())


def _is_of_target(names: Sequence[str], fit: Fit) -> bool:
    """Whether what backward gives is taken for the gradient of a target, and of no prediction.

    With the wrong sign, the gradient of the one is often that of the other.
    """
    return names[0] in fit.lacking and not is_target(names[0]) and any(map(is_target, fit.sources))


def _without_lacking(guess: Guess) -> str:
    """The declaration in which what has no gradient is fixed, if nothing stands in its place.

    What is called like a weight should have one.
    """
    text, fit = guess.text, guess.fit
    due = {name for name in fit.weights if LEARNED.search(name)}
    for name in () if fit.instead else fit.lacking - due:
        field = rf"(?<![\w.]){re.escape(name)}: (?!fixed|labels|onehot|binary|whole)"
        text = re.sub(field, f"{name}: fixed ", text)
    return text
