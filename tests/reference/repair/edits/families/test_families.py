"""Every family of edits, by its own examples; and that the table of costs has the kinds of all."""

from __future__ import annotations

import ast
import textwrap

import pytest

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.costs import COSTS
from trigrad.repair.edits.edit import Edit, applied
from trigrad.repair.edits.families import FAMILIES, Family

KNOWN = frozenset({"np", "Affine", "Loss", "OrderedDict", "Relu"})
USUAL = ("dout * out * (1 - out)", "1 / (1 + np.exp(-x))")

EXAMPLES = [(family, *example) for family in FAMILIES for example in family.examples()]


def whole(text: str) -> str:
    """The definition that an example is, or is the body of."""
    if text.startswith(("class ", "def ")):
        return text.rstrip("\n") + "\n"
    body = textwrap.indent(text.rstrip("\n"), "        ")
    return f"class Layer:\n    def backward(self, dout):\n{body}\n"


def offered(family: Family, text: str) -> list[Edit]:
    definition = ast.parse(text).body[-1]
    assert isinstance(definition, ast.ClassDef | ast.FunctionDef)
    return list(family.edits(Context(text, definition, KNOWN, USUAL)))


@pytest.mark.parametrize(("family", "before", "after"), EXAMPLES)
def test_an_edit_makes_the_one_text_of_the_other(family: Family, before: str, after: str) -> None:
    text = whole(before)
    assert whole(after) in {applied(text, [edit]) for edit in offered(family, text)}


def test_every_kind_has_a_cost_and_every_cost_a_kind() -> None:
    texts = [(family, whole(text)) for _, *pair in EXAMPLES for text in pair for family in FAMILIES]
    kinds = {edit.kind for family, text in texts for edit in offered(family, text)}
    assert kinds == set(COSTS)
