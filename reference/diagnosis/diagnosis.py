"""What is said of a failing layer: on which side the mistake is, and what the mistake is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from trigrad.claim.quantity import OUTPUT, Quantity
from trigrad.diagnosis.apart import TakenApart
from trigrad.messages import Message


class Side(StrEnum):
    """In which pass a mistake is written."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Mistake:
    """How wrong quantities are related to the correct ones; it reproduces all that was seen."""

    about: tuple[Quantity, ...]
    """The quantities of which this is true; () where the words say it themselves."""
    words: Message
    """The relation: `the transpose of what it should be`."""

    @property
    def sentence(self) -> Message:
        """`the gradient of b: 2 times what it should be`."""
        if not self.about:
            return self.words
        return Message("mistake", quantities=_listed(self.about), relation=self.words)


@dataclass(frozen=True)
class Diagnosis:
    """The side of a mistake, a sentence on it, and the mistakes that could be named."""

    side: Side = Side.UNKNOWN
    sentence: Message | None = None
    """What the witnesses say together, if they say anything."""
    mistakes: tuple[Mistake, ...] = ()
    apart: TakenApart | None = None
    """Which layer or joint is wrong, of a network that was taken apart."""

    @property
    def lines(self) -> list[Message]:
        """What a reader is shown, a sentence a line."""
        found = [mistake.sentence for mistake in self.mistakes]
        return [*found, Message("so", sentence=self.sentence)] if self.sentence else found

    @property
    def on_side(self) -> Message | None:
        """The sentence, if it says on which side the mistake is; not if it says what it is."""
        sentence = self.sentence
        return sentence if sentence is not None and sentence.key.startswith("sides.") else None

    @property
    def words(self) -> str:
        """All sentences as one English text; empty where nothing is said."""
        found = [mistake.sentence for mistake in self.mistakes]
        return ". ".join(map(str, [*found, self.sentence] if self.sentence else found))


def merged(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    """The mistakes, where those of the same relation are put together."""
    about: dict[Message, tuple[Quantity, ...]] = {}
    for mistake in _exchanges(mistakes):
        about[mistake.words] = (*about.get(mistake.words, ()), *mistake.about)
    return tuple(Mistake(quantities, words) for words, quantities in about.items())


def _exchanges(mistakes: list[Mistake]) -> Iterator[Mistake]:
    """The mistakes, where two gradients that have changed places are one."""
    mixed = {
        mistake.about[0]: mistake.words.value("quantity")
        for mistake in mistakes
        if mistake.words.key == "mixup.gradients" and len(mistake.about) == 1
    }
    done: set[Quantity] = set()
    for mistake in mistakes:
        one = mistake.about[0]
        other = mixed.get(one)
        if one in done:
            continue
        if not isinstance(other, Quantity) or mixed.get(other) != one:
            yield mistake
            continue
        done.add(other)
        yield Mistake((one, other), Message("mixup.exchanged"))


def _listed(quantities: tuple[Quantity, ...]) -> tuple[Message, ...]:
    """`the output and the gradients of x and y`, `the gradients of W1, b1 and W2`."""
    gradients = tuple(q.gradient_of for q in quantities if q != OUTPUT)
    if len(gradients) < 2:
        return tuple(Message("quantity.the", quantity=quantity) for quantity in quantities)
    several = Message("quantity.the_gradients", names=gradients)
    output = [Message("quantity.the", quantity=OUTPUT)] if OUTPUT in quantities else []
    return (*output, several)
