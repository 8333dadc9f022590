"""Statements removed, moved, repeated; conditions made unconditional; a missing `return`."""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import MOVED, Edit
from trigrad.repair.edits.editable import is_talk
from trigrad.repair.edits.expression import Fragment
from trigrad.repair.edits.families.usual import readings
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.positions import COMPOUND
from trigrad.repair.edits.scope import Scope


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern whole statements."""
    for scope in context.shared.scopes:
        dear = 1.0 if scope.function.name == "__init__" else 0.0
        for body in _bodies(scope.function):
            yield from _removed(context, body, dear)
            yield from _moved(context, scope, body, 0.3 * dear)
        for statement in context.statements(scope):
            if isinstance(statement, ast.If):
                yield from _unconditional(context, statement)
            elif isinstance(statement, ast.Return):
                yield from _returned(context, statement)
        yield from _missing_return(context, scope)


def _bodies(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _removed(context: Context, body: list[ast.stmt], dear: float) -> Iterator[Edit]:
    real = [each for each in body if not _is_docstring(each)]
    for statement in real:
        if len(real) < 2 or not context.layout.owns_lines(statement):
            continue
        if isinstance(statement, ast.Assert | ast.Raise) or is_talk(statement):
            continue
        cost = 1.7 if _is_activation(statement) else 2.0 + dear
        if isinstance(statement, COMPOUND):
            cost += -0.4 if isinstance(statement, ast.If) else 0.8
            if isinstance(statement, ast.For) and isinstance(statement.body[0], ast.AugAssign):
                cost -= 0.9  # a loop that adds something up, or takes a step
        if isinstance(statement, ast.Return):
            cost += 1.0
        if isinstance(statement, ast.Expr):
            cost -= 0.4
        yield Edit(*context.layout.lines(statement, statement), "", "statement removed", cost)


def _is_activation(statement: ast.stmt) -> bool:
    """`self.layers['Relu1'] = Relu()`: a layer without parameters among others."""
    match statement:
        case ast.Assign(targets=[ast.Subscript()], value=ast.Call(args=[], keywords=[])):
            return True
        case _:
            return False


def _moved(context: Context, scope: Scope, body: list[ast.stmt], dear: float) -> Iterator[Edit]:
    """A statement moved within its block, past another with which it has something to do."""
    layout = context.layout
    real = [each for each in body if not _is_docstring(each)]
    if not all(map(layout.owns_lines, real)):
        return
    last = len(real) - (1 if real and isinstance(real[-1], ast.Return) else 0)
    for source, target in itertools.permutations(range(last), 2):
        if target == source + 1:
            continue  # the neighbour moved up does the same
        if abs(target - source) > 1 and not _touch(real[source], real[target]):
            continue  # the way up to that one does the same
        later = [each for each in context.statements(scope) if each.lineno > real[target].lineno]
        if target > source and _is_lost(real[source], later):
            continue
        low, high = min(source, target), max(source, target)
        lines = [context.text[slice(*layout.lines(each, each))] for each in real]
        gaps_start = layout.lines(real[low], real[low])[0]
        start, end = gaps_start, layout.lines(real[high], real[high])[1]
        between = [
            context.text[layout.lines(one, one)[1] : layout.lines(other, other)[0]]
            for one, other in itertools.pairwise(real[low : high + 1])
        ]
        order = list(range(low, high + 1))
        order.remove(source)
        order.insert(target - low, source)
        ended = [line if line.endswith("\n") else line + "\n" for line in (lines[i] for i in order)]
        text = "".join(
            line + gap for line, gap in itertools.zip_longest(ended, between, fillvalue="")
        )
        if not context.text[start:end].endswith("\n"):
            text = text.rstrip("\n")
        cost = 1.2 + dear + 0.15 * (high - low)
        yield Edit(start, end, text, MOVED, cost)


def _touch(one: ast.stmt, other: ast.stmt) -> bool:
    """Whether two statements may have to do with each other: a name in common, or any call."""
    names: list[set[str]] = []
    for statement in (one, other):
        nodes = list(ast.walk(statement))
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        if any(not of_numpy(call.func) for call in calls):
            return True
        read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        names.append(read | {node.id for node in nodes if isinstance(node, ast.Name)})
    return bool((names[0] & names[1]) - {"self", "np", "numpy", "T", "shape"})


def _is_lost(statement: ast.stmt, later: list[ast.stmt]) -> bool:
    """Whether all that a statement does is to set locals that nothing behind it reads."""
    stored, read = set(), set()
    for each in ast.walk(statement):
        if isinstance(each, ast.Attribute | ast.Subscript) and not isinstance(each.ctx, ast.Load):
            return False
        if isinstance(each, ast.Expr | ast.Return | ast.Raise):
            return False
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            stored.add(each.id)
    for each in (node for other in later for node in ast.walk(other)):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            read.add(each.id)
    return not stored & read


def _unconditional(context: Context, statement: ast.If) -> Iterator[Edit]:
    """`if c: A else: B` → A, or B."""
    layout = context.layout
    if not layout.owns_lines(statement) or isinstance(statement.body[-1], ast.Raise):
        return
    start, end = layout.lines(statement, statement)
    indent = layout.indentation(statement) or ""
    for body, cost in ((statement.body, 1.4), (statement.orelse, 1.7)):
        if not body or not all(map(layout.owns_lines, body)):
            if body and len(body) == 1 and layout.span(body[0])[1] == layout.span(statement)[1]:
                text = indent + layout.source(body[0]) + "\n"
                yield Edit(start, end, text, "condition dropped", cost)
            continue
        text = context.text[slice(*layout.lines(body[0], body[-1]))]
        yield Edit(start, end, _shifted(text, indent), "condition dropped", cost)


def _shifted(text: str, indent: str) -> str:
    return textwrap.indent(textwrap.dedent(text), indent)


def _returned(context: Context, statement: ast.Return) -> Iterator[Edit]:
    """The elements of a returned tuple swapped, or one of them alone."""
    node = statement.value
    if not isinstance(node, ast.Tuple) or len(node.elts) < 2:
        return
    layout = context.layout
    for one, other in itertools.pairwise(node.elts):
        (start, middle), (after, end) = layout.outer(one), layout.outer(other)
        text = context.text
        swapped = text[after:end] + text[middle:after] + text[start:middle]
        in_order = isinstance(one, ast.Name) and isinstance(other, ast.Name) and one.id < other.id
        # `dx, dy`: the names say that the order is meant.
        cost = 1.9 if in_order else 0.9
        yield Edit(start, end, swapped, "results swapped", cost)
    for each in node.elts:
        yield context.replaced(node, Fragment(layout.whole(each)), "result dropped", 2.2)


def _missing_return(context: Context, scope: Scope) -> Iterator[Edit]:
    """A `return` of what a function computed, where it has none."""
    function, layout = scope.function, context.layout
    returns = any(isinstance(each, ast.Return) and each.value for each in ast.walk(function))
    if returns or function.name == "__init__":
        return
    last = function.body[-1]
    on_its_line = [each for each in function.body if each.lineno == last.lineno]
    indent = layout.indentation(on_its_line[0])
    rest = context.text[layout.span(last)[1] : layout.lines(last, last)[1]].strip(" ;\n")
    if indent is None or (rest and not rest.startswith("#")):
        return
    names = list(scope.locals)
    attributes = [
        layout.source(target)
        for each in function.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Attribute)
    ]
    computed = [name for name in names if not _is_argument_like(name, scope)]
    offers: list[tuple[str, float]] = []
    place = Place(ast.Name("_"), scope, last)
    offers += [(text, 1.6) for usual in context.usual for text in readings(context, place, usual)]
    if len(computed) > 1:
        offers.append((", ".join(computed), 0.6))
    offers += [(name, 0.8 - 0.1 * (name == computed[-1])) for name in computed]
    offers += [(name, 0.8 - 0.1 * (name == attributes[-1])) for name in attributes]
    if len(scope.arguments) == 1:
        offers.append((scope.arguments[0], 1.2))
    elif scope.arguments:
        offers.append((", ".join(scope.arguments), 1.5))
    end = layout.lines(last, last)[1]
    before = "" if context.text[:end].endswith("\n") else "\n"
    after = "\n" if not before else ""
    for offer, cost in offers:
        text = f"{before}{indent}return {offer}{after}"
        yield Edit(end, end, text, "return added", cost)
    if isinstance(last, ast.Expr):
        start = layout.span(last)[0]
        yield Edit(start, start, "return ", "return added", 0.4)
    if isinstance(last, ast.Return):
        for offer, cost in offers:
            span = layout.span(last)
            yield Edit(*span, f"return {offer}", "return added", cost)


def _is_argument_like(name: str, scope: Scope) -> bool:
    return name in scope.arguments
