"""Statements removed and moved, conditions made unconditional, a missing `return`."""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families.steps import is_step
from trigrad.repair.edits.families.usual import readings
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import Scope
from trigrad.repair.edits.statements import blocks, calculates_nothing
from trigrad.subject.source.passes import side_of
from trigrad.subject.source.walking import walk


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("dout = dout[0]\nreturn dout", "return dout"),
        ("a = b\nb = dout\nreturn a", "b = dout\na = b\nreturn a"),
        ("if dout:\n    self.x = dout\nreturn dout", "self.x = dout\nreturn dout"),
        ("return dy, dx", "return dx, dy"),
        ("return dy, dx", "return dy"),
        ("dx = dout * 2", "dx = dout * 2\nreturn dx"),
        ("dout * self.y", "return dout * self.y"),
        ("dx += dout\nif dx:\n    dx += dout\nreturn dx", "dx += dout\nreturn dx"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern whole statements."""
    for scope in context.scopes:
        for body in blocks(scope.function):
            real = [each for each in body if not _is_docstring(each)]
            for statement in real if len(real) > 1 else ():
                if context.owns_lines(statement):
                    yield from _removed(context, statement)
            if all(map(context.owns_lines, real)):
                yield from _moved(context, scope, real)
        for statement in context.statements(scope):
            if isinstance(statement, ast.If):
                yield from _unconditional(context, statement)
            elif isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
                yield from _returned(context, statement.value)
        yield from _repeated(context, scope)
        yield from _missing_return(context, scope)


def _repeated(context: Context, scope: Scope) -> Iterator[Edit]:
    """`dx += dout` a second time, with the `if` that holds nothing else."""
    seen: set[str] = set()
    for statement in context.statements(scope):
        text = ast.unparse(statement)
        if isinstance(statement, ast.AugAssign) and text in seen:
            around = context.parent(statement)
            alone = isinstance(around, ast.If) and len(around.body) == 1 and not around.orelse
            whole = around if alone and isinstance(around, ast.If) else statement
            if context.owns_lines(whole):
                yield Edit(*context.lines(whole, whole), "", "repeat removed")
        seen.add(text)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _removed(context: Context, statement: ast.stmt) -> Iterator[Edit]:
    if isinstance(statement, ast.Assert | ast.Raise) or calculates_nothing(statement):
        return
    kind = "statement removed"
    match statement:
        case ast.Assign(targets=[ast.Subscript()], value=ast.Call(args=[], keywords=[])):
            kind = "layer removed"  # `self.layers['Relu1'] = Relu()`
        case ast.For(body=[ast.AugAssign(), *_]):
            kind = "block removed"  # a loop that adds something up, or takes a step
        case ast.Expr() | ast.If():
            kind = "block removed"
    yield Edit(*context.lines(statement, statement), "", kind)


def _moved(context: Context, scope: Scope, real: list[ast.stmt]) -> Iterator[Edit]:
    """A statement moved within its block, past another with which it has something to do."""
    returns = bool(real) and isinstance(real[-1], ast.Return)
    last = len(real) - 1 if returns else len(real)
    lines = [context.text[slice(*context.lines(each, each))] for each in real]
    flows = [(_sets(each), _reads(each)) for each in real]
    for source, target in itertools.permutations(range(last), 2):
        if target == source + 1:
            continue  # the neighbour moved up does the same
        if is_step(context, scope, real[source]):
            continue  # see `steps`
        if abs(target - source) > 1 and not _touch(real[source], real[target]):
            continue  # the way up to that one does the same
        later = [each for each in context.statements(scope) if each.lineno > real[target].lineno]
        if target > source and _is_lost(real[source], later):
            continue
        low, high = min(source, target), max(source, target)
        start, end = context.lines(real[low], real[high])
        gaps = [
            context.text[context.lines(one, one)[1] : context.lines(other, other)[0]]
            for one, other in itertools.pairwise(real[low : high + 1])
        ]
        order = [number for number in range(low, high + 1) if number != source]
        order.insert(target - low, source)
        ended = [lines[i] if lines[i].endswith("\n") else lines[i] + "\n" for i in order]
        pairs = itertools.zip_longest(ended, gaps, fillvalue="")
        text = "".join(line + gap for line, gap in pairs)
        if not context.text[start:end].endswith("\n"):
            text = text.rstrip("\n")
        flow = [flows[number] for number in order]
        in_order = _read_too_early(flow) < _read_too_early(flows[low : high + 1])
        kind = "order restored" if in_order else "statement moved"
        yield Edit(start, end, text, kind)


def _read_too_early(flows: list[tuple[set[str], set[str]]]) -> int:
    """How many of some statements, with what they set and read, read what only a later one sets."""
    found, set_before = 0, set[str]()
    for number, (is_set, read) in enumerate(flows):
        later = set[str]().union(*(each for each, _ in flows[number:]))
        if read & (later - set_before):
            found += 1
        set_before |= is_set
    return found


def _sets(statement: ast.stmt) -> set[str]:
    """The names, attributes and entries that a statement sets, and the passes that it calls."""
    nodes = list(walk(statement))
    names = {ast.unparse(n) for n in nodes if isinstance(getattr(n, "ctx", None), ast.Store)}
    return names | {f"{side}()" for side in map(_pass_called, nodes) if side}


def _reads(statement: ast.stmt) -> set[str]:
    """What a statement reads; backward needs forward, and other layers' gradients need backward."""
    nodes = list(walk(statement))
    names = {ast.unparse(n) for n in nodes if isinstance(getattr(n, "ctx", None), ast.Load)}
    names |= {"forward()" for node in nodes if _pass_called(node) == "backward"}
    gradients = [n for n in nodes if isinstance(n, ast.Attribute) and n.attr in ("dW", "db")]
    return names | {"backward()" for node in gradients if ast.unparse(node.value) != "self"}


def _pass_called(node: ast.AST) -> str:
    """The pass that a node calls, "forward" or "backward"; empty for anything else."""
    match node:
        case ast.Call(func=ast.Attribute(attr="loss" | "predict")):
            return "forward"
        case ast.Call(func=ast.Attribute(attr=name)):
            return side_of(name)
    return ""


def _touch(one: ast.stmt, other: ast.stmt) -> bool:
    """Whether two statements may have to do with each other: a name in common, or any call."""
    names: list[set[str]] = []
    for statement in (one, other):
        nodes = list(walk(statement))
        if any(isinstance(node, ast.Call) and not of_numpy(node.func) for node in nodes):
            return True
        read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        names.append(read | {node.id for node in nodes if isinstance(node, ast.Name)})
    return bool((names[0] & names[1]) - {"self", "np", "numpy", "T", "shape"})


def _is_lost(statement: ast.stmt, later: list[ast.stmt]) -> bool:
    """Whether all that a statement does is to set locals that nothing behind it reads."""
    stored: set[str] = set()
    for each in walk(statement):
        if isinstance(each, ast.Attribute | ast.Subscript) and not isinstance(each.ctx, ast.Load):
            return False
        if isinstance(each, ast.Expr | ast.Return | ast.Raise):
            return False
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            stored.add(each.id)
    nodes = [node for other in later for node in walk(other) if isinstance(node, ast.Name)]
    return not stored & {node.id for node in nodes if isinstance(node.ctx, ast.Load)}


def _unconditional(context: Context, statement: ast.If) -> Iterator[Edit]:
    """`if c: A else: B` → A, or B."""
    if not context.owns_lines(statement) or isinstance(statement.body[-1], ast.Raise):
        return
    start, end = context.lines(statement, statement)
    indent = context.indentation(statement) or ""
    for body in filter(None, (statement.body, statement.orelse)):
        if all(map(context.owns_lines, body)):
            text = textwrap.dedent(context.text[slice(*context.lines(body[0], body[-1]))])
        elif len(body) == 1 and context.span(body[0])[1] == context.span(statement)[1]:
            text = context.source(body[0]) + "\n"
        else:
            continue
        yield Edit(start, end, textwrap.indent(text, indent), "unconditional")


def _returned(context: Context, node: ast.Tuple) -> Iterator[Edit]:
    """The elements of a returned tuple swapped, or one of them alone."""
    for one, other in itertools.pairwise(node.elts):
        # `return dy, dx`: by their names, they are in the other order.
        unordered = isinstance(one, ast.Name) and isinstance(other, ast.Name) and one.id > other.id
        kind = "order restored" if unordered else "results swapped"
        yield context.swapped(one, other, kind)
    for each in node.elts if len(node.elts) > 1 else ():
        yield context.replaced(node, context.whole(each), "result dropped")


def _missing_return(context: Context, scope: Scope) -> Iterator[Edit]:
    """A `return` of what a function computed, where it has none."""
    function, text = scope.function, context.text
    returns = any(isinstance(each, ast.Return) and each.value for each in walk(function))
    if returns or scope.constructs:
        return
    last = function.body[-1]
    first = next(each for each in function.body if each.lineno == last.lineno)
    indent = context.indentation(first)
    rest = text[context.span(last)[1] : context.lines(last, last)[1]].strip(" ;\n")
    if indent is None or (rest and not rest.startswith("#")):
        return
    if isinstance(last, ast.Expr):
        start = context.span(last)[0]
        yield Edit(start, start, "return ", "return added")
    end = context.lines(last, last)[1]
    ended = text[:end].endswith("\n")
    for offer in dict.fromkeys(_results(context, scope)):
        line = f"return {offer}"
        yield Edit(end, end, f"{indent}{line}\n" if ended else f"\n{indent}{line}", "return added")
        if isinstance(last, ast.Return):
            yield Edit(*context.span(last), line, "return added")


def _results(context: Context, scope: Scope) -> Iterator[str]:
    """What a function may return, the likeliest first: what it computes last."""
    computed = [name for name in scope.locals if name not in scope.arguments]
    kept = [
        context.source(target)
        for each in scope.function.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Attribute)
    ]
    if len(computed) > 1:
        yield ", ".join(computed)
    yield from computed[::-1]
    yield from kept[::-1]
    if scope.arguments:
        yield ", ".join(scope.arguments)
    place = Place(ast.Name("_"), scope, scope.function.body[-1])
    for usual in context.usual:
        yield from readings(context, place, usual)
