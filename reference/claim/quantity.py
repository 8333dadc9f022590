"""What a claim is about: the output of a layer, or one of its gradients."""

from __future__ import annotations

from dataclasses import dataclass

from trigrad.catalogue.catalogue import Catalogue
from trigrad.messages import Message


@dataclass(frozen=True)
class Quantity:
    """The output, or the gradient of the operand or parameter `gradient_of`.

    `str(quantity)` is its name in English.
    """

    gradient_of: str = ""

    @property
    def key(self) -> str:
        """Under which name a result holds it: "output", or the operand's or parameter's name."""
        return self.gradient_of or "output"

    @property
    def id(self) -> str:
        """Its part of the names of claims, "gradient of W": never translated or reworded."""
        return f"gradient of {self.gradient_of}" if self.gradient_of else "output"

    def text(self, catalogue: Catalogue | None = None) -> str:
        """Its name in the catalogue's language; without one, in the language in force."""
        if not self.gradient_of:
            return Message("quantity.output").text(catalogue)
        return Message("quantity.gradient", name=self.gradient_of).text(catalogue)

    def __str__(self) -> str:
        return self.text()


OUTPUT = Quantity()


def gradient(name: str) -> Quantity:
    """The gradient with respect to an operand or parameter."""
    return Quantity(name)
