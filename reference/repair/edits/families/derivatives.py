"""The derivative of the activation that forward uses, where backward has none or another's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, SUM, TERM, Fragment, binary
from trigrad.repair.edits.normal_form import simplified
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import Scope
from trigrad.subject.source.passes import side_of
from trigrad.subject.source.walking import walk

_RELU, _SIGMOID, _TANH = "relu", "sigmoid", "tanh"

_DERIVATIVES = {
    _RELU: ("{} > 0", COMPARE),
    _SIGMOID: ("{0} * (1 - {0})", TERM),
    _TANH: ("1 - {} ** 2", SUM),
}
"""By the activation's output; how strongly its outermost operator binds."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    frame = (
        "class N:\n    def predict(self, x):\n        self.z = x @ self.W\n"
        "        self.a = {}\n        return self.a @ self.V\n\n"
        "    def gradient(self, x):\n        d1 = d2 @ self.V.T\n{}        return x.T @ d1"
    )
    relu, sigmoid = "np.maximum(0, self.z)", "1 / (1 + np.exp(-self.z))"
    line = "        d1 = d1 * {}\n"
    apart = "        s = 1 / (1 + np.exp(-self.z))\n" + line.format("s * (1 - s)")
    pair = "def sigmoid_backward(dA, z):\n    {}return dA * {} * (1 - {})"
    layer = (
        "class Sigmoid:\n    def forward(self, z):\n        self.z = z\n"
        "        return 1 / (1 + np.exp(-z))\n\n"
        "    def backward(self, dA):\n        {}return dA * {} * (1 - {})"
    )
    return (
        (
            layer.format("", "self.z", "self.z"),
            layer.format("s = 1 / (1 + np.exp(-self.z))\n        ", "s", "s"),
        ),
        (
            pair.format("", "z", "z"),
            pair.format("s = 1 / (1 + np.exp(-z))\n    ", "s", "s"),
        ),
        (frame.format(relu, apart), frame.format(relu, line.format("(self.a > 0)"))),
        (
            frame.format("np.tanh(self.z)", line.format("(self.z > 0)")),
            frame.format("np.tanh(self.z)", line.format("(1 - self.a ** 2)")),
        ),
        (
            frame.format(sigmoid, ""),
            frame.format(sigmoid, "").replace(
                "d2 @ self.V.T", "d2 @ self.V.T * self.a * (1 - self.a)"
            ),
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that write the derivative of an activation."""
    activations = _activations(context)
    for place in context.places:
        if not goes_back(place.scope):
            continue
        yield from _of_input(context, place)
        for name in context.value_names(place):
            activation = activations.get(name.split(".")[-1])
            if activation is not None:
                yield from _missing(context, place, name, activation)
                yield from _another(context, place, name, activation)


def goes_back(scope: Scope) -> bool:
    """Whether a function computes gradients, by its name or what it is given."""
    name = scope.function.name
    return scope.takes_gradient or side_of(name) == "backward" or "grad" in name


def _activations(context: Context) -> dict[str, str]:
    """The names that are set to the output of an activation, without `self.`, each with it."""
    found: dict[str, str] = {}
    for scope in context.scopes:
        for statement in context.statements(scope):
            match statement:
                case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value):
                    name = target.id if isinstance(target, ast.Name) else target.attr
                    if activation := _activation(value):
                        found[name] = activation
    return found


def _activation(node: ast.expr) -> str:
    """Which activation an expression is; empty for none."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[_]) if (
            name.lower() in _DERIVATIVES
        ):
            return name.lower()
        case ast.Call(func=function, args=[one, other]) if of_numpy(function) == "maximum":
            return _RELU if "0" in (simplified(one), simplified(other)) else ""
        case ast.Call(func=function, args=[ast.Compare(left=left), one, other]) if (
            of_numpy(function) == "where"
        ):
            chosen = {simplified(one), simplified(other)}
            return _RELU if chosen == {"0", simplified(left)} else ""
        case ast.BinOp(op=ast.Mult(), left=left, right=ast.Compare(left=inner)):
            return _RELU if simplified(left) == simplified(inner) else ""
        case ast.BinOp(op=ast.Div(), left=ast.Constant(value=1 | 1.0), right=right):
            return _SIGMOID if "np.exp(-" in ast.unparse(right) else ""
    return ""


def _derivative(name: str, activation: str) -> Fragment:
    template, rank = _DERIVATIVES[activation]
    return Fragment(template.format(name), rank)


def _missing(context: Context, place: Place, name: str, activation: str) -> Iterator[Edit]:
    """`d2 @ W2.T` → `d2 @ W2.T * (a1 > 0)`."""
    node = place.node
    product = isinstance(node, ast.BinOp | ast.Call) and context.is_side(place)
    if product and not context.reads(place.scope, name, place.statement):
        # `x * a * (1 - a)` needs no brackets.
        derivative = _derivative(name, activation)
        factor = Fragment(derivative.text) if derivative.rank == TERM else derivative
        grown = binary(context.fragment(node), "*", factor, spaced=context.spaced(node))
        yield context.replaced(node, grown, "derivative added")


def _another(context: Context, place: Place, name: str, activation: str) -> Iterator[Edit]:
    """`d1 * s * (1 - s)` → `d1 * (a1 > 0)`; a line that sets `s` for it goes as well."""
    node = place.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    factors = _factors(node)
    for count in (1, 2):
        head, tail = factors[:-count], factors[-count:]
        if not head or not _is_derivative(tail):
            continue
        derivative = _derivative(name, activation)
        factor = Fragment(derivative.text) if derivative.rank == TERM else derivative
        start, end = context.span(node)[0], context.outer(head[-1])[1]
        new = binary(Fragment(context.text[start:end]), "*", factor, spaced=context.spaced(node))
        yield context.replaced(node, Fragment(new.text, TERM), "derivative")
        yield from _without_helper(context, place, tail, new.text)


def _of_input(context: Context, place: Place) -> Iterator[Edit]:
    """`dA * z * (1 - z)` with forward's input: what forward makes of it comes first."""
    indent = context.indentation(place.statement)
    if indent is None or not isinstance(place.node, ast.BinOp):
        return
    head, tail = _factors(place.node)[:-2], _factors(place.node)[-2:]
    if not head or not _is_derivative(tail) or not _holds_input(context, place, tail[0]):
        return
    name = context.source(tail[0])
    usual = [each for each in context.usual if _activation(ast.parse(each, mode="eval").body)]
    new = next(each for each in ("s", "y", "out_") if each not in place.scope.at(10**9))
    values = [re.sub(r"\bx\b", name, each) for each in usual]
    if usual and _SIGMOID in context.known:
        values.insert(0, f"{_SIGMOID}({name})")
    for value in values:
        line = f"{indent}{new} = {value}\n"
        start = context.lines(place.statement, place.statement)[0]
        low, high = context.outer(tail[0])[0], context.outer(tail[1])[1]
        after = re.sub(rf"(?<![\w.]){re.escape(name)}\b", new, context.text[low:high])
        yield Edit(start, high, line + context.text[start:low] + after, "activation inserted")


def _holds_input(context: Context, place: Place, node: ast.expr) -> bool:
    """Whether it is what a function is given for it, or an attribute that keeps an argument."""
    if not place.scope.me:
        return isinstance(node, ast.Name)
    name = context.source(node)
    return name.startswith(f"{place.scope.me}.") and any(
        context.source(target) == name and other.is_kept_argument
        for other in context.places
        if isinstance(other.statement, ast.Assign)
        for target in other.statement.targets
    )


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), node.right]
    return [node]


def _is_derivative(factors: list[ast.expr]) -> bool:
    """Whether they are `s` and `1 - s`, or `1 - s ** 2`, or `s > 0`."""
    match factors:
        case [one, ast.BinOp(left=ast.Constant(value=1 | 1.0), op=ast.Sub(), right=other)]:
            return simplified(one) == simplified(other)
        case [ast.BinOp(left=ast.Constant(value=1 | 1.0), op=ast.Sub(), right=square)]:
            return isinstance(square, ast.BinOp) and isinstance(square.op, ast.Pow | ast.Mult)
        case [ast.Compare(ops=[ast.Gt() | ast.GtE()], comparators=[ast.Constant(value=0)])]:
            return True
    return False


def _without_helper(
    context: Context, place: Place, tail: list[ast.expr], new: str
) -> Iterator[Edit]:
    """The same, without the line before that sets what is read only there."""
    names = {n.id for each in tail for n in walk(each) if isinstance(n, ast.Name)}
    body = context.statements(place.scope)
    before = body[body.index(place.statement) - 1]
    match before:
        case ast.Assign(targets=[ast.Name(id=name)]) if name in names:
            pass
        case _:
            return
    elsewhere = [
        node
        for node in walk(place.scope.function)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        if context.statement(node) is not place.statement
    ]
    if elsewhere or not context.owns_lines(before):
        return
    start, end = context.lines(before, before)
    low, high = context.outer(place.node)
    yield Edit(start, high, context.text[end:low] + new, "derivative")
