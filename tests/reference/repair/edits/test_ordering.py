"""The order of statements: what nobody writes costs what it takes to mend it less."""

from __future__ import annotations

import ast
import itertools

import pytest

from trigrad.repair.edits.ordering import out_of_turn
from trigrad.repair.edits.scope import scopes_of

READ = """
self.a = {}
self.a['k'] = x
y = x + 1
self.z = y
return self.a['k'] + self.z
"""

BACK = """
self.loss(x, t)
dout = 1
dout = self.last.backward(dout)
layers = list(self.layers.values())
layers.reverse()
for layer in layers:
    dout = layer.backward(dout)
grads = {}
grads['W1'] = self.layers['Affine1'].dW
grads['b1'] = self.layers['Affine1'].db
grads['W2'] = self.layers['Affine2'].dW
grads['b2'] = self.layers['Affine2'].db
return grads
"""

UNNAMED = """
self.loss(x, t)
dout = self.last.backward(1)
for layer in reversed(self.layers):
    dout = layer.backward(dout)
return self.first.dW, self.first.db
"""

MADE = """
self.layers = OrderedDict()
self.layers['Affine1'] = Affine(x, t)
self.layers['Relu1'] = Relu()
self.layers['Affine2'] = Affine(x, t)
self.last = SoftmaxWithLoss()
"""


def oddness(body: str) -> float:
    """How odd a method is with these lines."""
    lines = "".join(f"        {line}\n" for line in body.strip().splitlines())
    (definition,) = ast.parse(f"class A:\n    def method(self, x, t):\n{lines}").body
    assert isinstance(definition, ast.ClassDef)
    (scope,) = scopes_of(definition).scopes
    return out_of_turn(list(ast.walk(definition)), scope)


def moved(body: str, line: str, behind: str) -> str:
    """The lines with one of them taken behind another; at the front where that is empty."""
    lines = body.strip().splitlines()
    (source,) = (each for each in lines if each.startswith(line))
    lines.remove(source)
    at = next((i + 1 for i, each in enumerate(lines) if behind and each.startswith(behind)), 0)
    return "\n".join([*lines[:at], source, *lines[at:]])


@pytest.mark.parametrize("body", [READ, BACK, UNNAMED, MADE])
def test_the_usual_order_is_not_odd(body: str) -> None:
    assert oddness(body) == 0


@pytest.mark.parametrize(
    ("body", "line", "behind"),
    [
        (READ, "self.a = {}", "self.a['k']"),
        (READ, "self.a['k']", ""),
        (READ, "y = x", "self.z"),
        (BACK, "self.loss", "dout = self.last"),
        (BACK, "dout = 1", "dout = self.last"),
        (BACK, "dout = self.last", "    dout"),
        (BACK, "layers = list", "layers.reverse"),
        (BACK, "grads = {}", "grads['W1']"),
        (BACK, "grads['b1']", "grads['W2']"),
        (BACK, "grads['W1']", "grads['b1']"),
        (UNNAMED, "return", "dout = self.last"),
        (MADE, "self.layers['Affine1']", "self.layers['Affine2']"),
        (MADE, "self.layers['Relu1']", "self.layers = "),
        (MADE, "self.layers['Relu1']", "self.layers['Affine2']"),
        (MADE, "self.last", "self.layers['Relu1']"),
    ],
)
def test_a_line_that_has_gone_astray_is(body: str, line: str, behind: str) -> None:
    assert oddness(moved(body, line, behind)) > 0


def test_the_order_of_lines_that_have_nothing_to_do_with_each_other_is_free() -> None:
    for order in itertools.permutations(("a = x", "b = t", "self.c = x + t")):
        assert oddness("\n".join(order)) == 0


def test_two_activations_side_by_side_and_a_key_set_twice_are_odd() -> None:
    two = MADE.replace("= Relu()\n", "= Relu()\nself.layers['Sigmoid1'] = Sigmoid()\n")
    assert oddness(two) > 0
    twice = MADE.replace("['Affine2']", "['Affine1']")
    assert oddness(twice) > 0


def test_what_a_comprehension_goes_through_is_set_where_it_stands() -> None:
    assert oddness("a = [\n    each * 2\n    for each in x\n]\nreturn a") == 0
