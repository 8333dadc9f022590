"""What a constructor left out: a dictionary that is filled, an object that is used, a bias."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.scope import Scope, is_attribute_of
from trigrad.subject.source.walking import walk


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    frame = "class N:\n    def __init__(self, n):\n{}        self.p['b'] = {}"
    loss = (
        "class Loss:\n    pass\n\n\nclass N:\n    def __init__(self, n):\n        self.n = n\n{}\n"
        "    def loss(self, x):\n        return self.last.forward(x)"
    )
    zeros = (
        "class N:\n    def __init__(self, n):\n        self.a = np.zeros(n)\n        self.b = {}"
    )
    of_class = (
        "class N:\n    p = {{}}\n\n    def __init__(self, n):\n{}        self.p['b'] = np.ones(n)"
    )
    return (
        (frame.format("", "n"), frame.format("        self.p = {}\n", "n")),
        (loss.format(""), loss.format("        self.last = Loss()\n")),
        (zeros.format("n"), zeros.format("np.zeros(n)")),
        (of_class.format(""), of_class.format("        self.p = {}\n")),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits of constructors."""
    for scope in context.scopes:
        if scope.constructs:
            yield from _dictionaries(context, scope)
            yield from _objects(context, scope)
            yield from _of_the_class(context, scope)
    for place in context.places:
        node, scope = place.node, place.scope
        given = isinstance(node, ast.Name) and node.id in scope.arguments
        if given and place.is_value and scope.constructs and "np.zeros(" in context.text:
            zeros = f"np.zeros({context.source(node)})"
            yield context.replaced(node, zeros, "function added")


def _dictionaries(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.params = {}` in front of the lines that fill it."""
    filled = {
        target.value.attr: statement.value
        for statement in context.statements(scope)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Subscript) and is_attribute_of(target.value, scope.me)
    }
    for name in sorted(filled.keys() - context.stored - context.class_names):
        # What is gone through in order holds objects, and numbers are looked up.
        ordered = ast.unparse(filled[name])[:1].isupper() and "OrderedDict" in context.known
        first = next(each for each in scope.function.body if _says(each, scope.me, name))
        for value in ("OrderedDict()", "{}") if ordered else ("{}", "OrderedDict()"):
            if value == "{}" or "OrderedDict" in context.known:
                yield from context.line_before(first, f"{scope.me}.{name} = {value}", "made")


def _of_the_class(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.params = {}` where the class has one, which all its objects share."""
    for statement in context.class_statements:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Dict() | ast.List() | ast.Set() | ast.Call() as value,
            ) if name not in scope.stored:
                line = f"{scope.me}.{name} = {context.source(value)}"
                yield from context.line_before(_first_of(scope.function), line, "made")


def _first_of(function: ast.FunctionDef) -> ast.stmt:
    """The first statement that does something."""
    documented = ast.get_docstring(function) is not None and len(function.body) > 1
    return function.body[1 if documented else 0]


def _says(statement: ast.stmt, me: str, name: str) -> bool:
    return any(is_attribute_of(at, me) and at.attr == name for at in walk(statement))


def _objects(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.loss_layer = SoftmaxWithLoss()` at the end, where methods of it are called."""
    used = {
        owner.attr
        for each in context.scopes
        for node in walk(each.function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and is_attribute_of(owner := node.func.value, each.me)
    }
    for name in sorted(used - context.stored - context.class_names - context.methods):
        for made in context.unknown_classes:
            line = f"{scope.me}.{name} = {made}()"
            yield from context.line_after(scope.function.body[-1], line, "made")
