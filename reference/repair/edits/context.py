"""What every family of edits works on: a definition with its names and expressions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from trigrad.repair.edits.numpy_forms import is_product, of_numpy
from trigrad.repair.edits.positions import Definition
from trigrad.repair.edits.scope import BUILTINS, NameKind, Scope, attributes_of, scopes_of
from trigrad.repair.edits.text_edits import TextEdits

FUNCTIONS = ("sigmoid", "softmax", "relu", "identity_function", "tanh")
"""Functions of one array that the chapter's files define."""


@dataclass(frozen=True)
class Place:
    """An expression and the function it is in."""

    node: ast.expr
    scope: Scope
    statement: ast.stmt

    @property
    def is_value(self) -> bool:
        """Whether it is the whole right side of an assignment."""
        assigns = isinstance(self.statement, ast.Assign | ast.AugAssign)
        return assigns and getattr(self.statement, "value", None) is self.node

    @property
    def keeps_argument(self) -> bool:
        """Whether its statement sets something to an argument as it is."""
        match self.statement:
            case ast.Assign(value=ast.Name(id=name)):
                return name in self.scope.arguments
        return False

    @property
    def is_kept_argument(self) -> bool:
        """Whether it is the `x` of `self.x = x` where x is an argument."""
        return self.keeps_argument and isinstance(self.node, ast.Name) and self.is_value


class Context(TextEdits):
    """A definition, ready to be edited.

    text: a whole cell or file. known: the names that are global there. usual: expressions that
    such a layer consists of, in its contract's names.
    """

    def __init__(
        self,
        text: str,
        definition: Definition,
        known: frozenset[str] = frozenset(),
        usual: Sequence[str] = (),
    ) -> None:
        super().__init__(text, definition)
        self.known = known
        self.usual = usual
        self.scopes: list[Scope] = scopes_of(definition)
        functions = {scope.function.name for scope in self.scopes}
        self.methods = functions if isinstance(definition, ast.ClassDef) else set()
        self.class_names, self.attributes = attributes_of(definition, self.scopes, self.methods)
        self.loaded = {name for scope in self.scopes for name in scope.loaded}
        self.stored = {name for scope in self.scopes for name in scope.stored}
        self._statements: dict[ast.FunctionDef, list[ast.stmt]] = {}

    @cached_property
    def own_text(self) -> str:
        """The definition's text."""
        return self.source(self.definition)

    @cached_property
    def places(self) -> list[Place]:
        """The expressions that may be edited, in the order of the text."""
        found = [
            Place(node, scope, statement)
            for scope in self.scopes
            for statement in self.statements(scope)
            for node in _expressions_of(statement)
        ]
        return sorted(found, key=lambda place: self.span(place.node))

    @cached_property
    def class_statements(self) -> list[ast.Assign]:
        """The assignments in the body of a class."""
        body = self.definition.body if isinstance(self.definition, ast.ClassDef) else []
        return [each for each in body if isinstance(each, ast.Assign)]

    def statements(self, scope: Scope) -> list[ast.stmt]:
        """The statements of a function that may be edited, in the order of the text."""
        if scope.function not in self._statements:
            kept = [
                each
                for each in ast.walk(scope.function)
                if isinstance(each, ast.stmt)
                if each is not scope.function and not isinstance(each, ast.Raise | ast.Assert)
                if not calculates_nothing(each)
            ]
            in_order = sorted(kept, key=lambda each: (each.lineno, each.col_offset))
            self._statements[scope.function] = in_order
        return self._statements[scope.function]

    def readable(self, place: Place) -> list[str]:
        """The values at a place, without the gradients that the class itself computes."""
        own = {f"{place.scope.me}.d{name}" for name in self.given}
        return [name for name in self.value_names(place) if name not in own]

    def calculable(self, place: Place) -> list[str]:
        """The values that may be factors and terms at a place.

        Where matrices are multiplied, the parameters that a constructor is given are left out.
        """
        given = {f"{place.scope.me}.{name}" for name in self.given if self.multiplies_matrices}
        return [name for name in self.readable(place) if name not in given]

    @cached_property
    def given(self) -> set[str]:
        """Attributes that the constructor sets to what it is given."""
        return {
            name
            for scope in self.scopes
            if scope.constructs
            for name in scope.stored
            if name in scope.arguments or name in {"W", "b", "B"}
        }

    def value_names(self, place: Place, *kinds: NameKind) -> list[str]:
        """The arguments, locals and attributes at a place that stand for one of the kinds."""
        wanted = kinds or (NameKind.VALUE,)
        there = place.scope.at(place.statement.lineno)
        names = [name for name, kind in there.items() if kind in wanted]
        if me := place.scope.me:
            names += [f"{me}.{n}" for n, kind in self.attributes.items() if kind in wanted]
        return names

    @cached_property
    def functions(self) -> list[str]:
        """The user's own functions of one array, and their derivatives (`sigmoid_grad`)."""
        there = [name for name in FUNCTIONS if name in self.known]
        return there + [n for n in sorted(self.known) for each in there if n.startswith(f"{each}_")]

    @cached_property
    def unknown_classes(self) -> list[str]:
        """Classes of the file that the definition does not mention."""
        mentioned = {node.id for node in ast.walk(self.definition) if isinstance(node, ast.Name)}
        return sorted(name for name in self.known - mentioned if name[:1].isupper())

    def undefined(self, name: str, scope: Scope) -> bool:
        """Whether a name is nowhere set, as far as the text tells."""
        there = {*scope.arguments, *scope.locals, scope.me} | self.known | BUILTINS | self.bound
        return name not in there

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names that the definition binds somewhere, in a comprehension, an import, a `lambda`."""
        functions = [scope.function for scope in self.scopes]
        found = {self.definition.name}
        for node in ast.walk(self.definition):
            match node:
                case ast.comprehension(target=target):
                    found |= {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
                case ast.arguments() if self.parent(node) not in functions:
                    found |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
                case ast.alias(name=name, asname=other):
                    found.add(other or name.split(".")[0])
                case ast.ExceptHandler(name=str() as name):
                    found.add(name)
        return frozenset(found)

    def missing(self, scope: Scope) -> list[str]:
        """Names that a function reads and that nothing sets."""
        nodes = list(ast.walk(scope.function))
        calls = [node.func for node in nodes if isinstance(node, ast.Call)]
        names = [node for node in nodes if isinstance(node, ast.Name) and node not in calls]
        return sorted({node.id for node in names if self.undefined(node.id, scope)})

    def reads(self, scope: Scope, name: str, within: ast.AST | None = None) -> bool:
        """Whether a function (or a part of it) calculates with a name; its size does not count."""
        return any(
            isinstance(node, ast.Name | ast.Attribute)
            and isinstance(node.ctx, ast.Load)
            and ast.unparse(node) == name
            and not self._is_measured(node)
            for statement in ([within] if within else scope.function.body)
            for node in ast.walk(statement)
        )

    def _is_measured(self, node: ast.AST) -> bool:
        match self.parent(node):
            case ast.Attribute(attr="shape" | "size" | "ndim") | ast.Call(func=ast.Name(id="len")):
                return True
        return False

    def shape_of(self, array: str) -> str:
        """The shape of an array, written as the definition does."""
        return f"np.shape({array})" if "np.shape(" in self.own_text else f"{array}.shape"

    @cached_property
    def composes(self) -> bool:
        """Whether it calls the passes of other layers instead of calculating by itself."""
        return any(
            isinstance(function := place.node.func, ast.Attribute)
            and function.attr in {"forward", "backward"}
            and not (isinstance(function.value, ast.Name) and function.value.id == place.scope.me)
            for place in self.places
            if isinstance(place.node, ast.Call)
        )

    @cached_property
    def multiplies_matrices(self) -> bool:
        """Whether products of matrices are among what it calculates."""
        return any(is_product(place.node) for place in self.places)

    @cached_property
    def one(self) -> str:
        """How the number one is written here."""
        return "1.0" if "1.0" in self.own_text else "1"

    @cached_property
    def prefix(self) -> str:
        """How NumPy's functions begin here."""
        return "numpy." if "numpy." in self.text and "np." not in self.text else "np."

    def is_outermost(self, place: Place) -> bool:
        """Whether an expression is all that is assigned or returned, or one of several."""
        parent = self.parent(place.node)
        listed = isinstance(parent, ast.Tuple) and isinstance(self.parent(parent), ast.stmt)
        return isinstance(parent, ast.stmt) or listed

    def is_main(self, place: Place) -> bool:
        """Whether a factor or term would be missing there rather than inside or elsewhere.

        What is returned by name was calculated in a line above, and is repaired there.
        """
        local = isinstance(place.node, ast.Name) and place.node.id in place.scope.locals
        return self.is_outermost(place) and not (local and isinstance(place.statement, ast.Return))

    def is_side(self, place: Place) -> bool:
        """Whether an expression is all that is assigned, or one thing that is returned."""
        parent = self.parent(place.node)
        if isinstance(parent, ast.Tuple) and isinstance(self.parent(parent), ast.Return):
            return True
        if isinstance(place.node, ast.Constant | ast.Dict | ast.Tuple | ast.List | ast.Lambda):
            return False
        if place.scope.constructs:
            return False
        return isinstance(parent, ast.Return) or (place.is_value and parent is place.statement)

    def is_index(self, node: ast.expr) -> bool:
        """Whether an expression is what stands in square brackets."""
        parent = self.parent(node)
        return isinstance(parent, ast.Subscript) and parent.slice is node

    def is_called(self, node: ast.expr) -> bool:
        """Whether an expression is the function of a call."""
        parent = self.parent(node)
        return isinstance(parent, ast.Call) and parent.func is node

    def is_operand(self, place: Place) -> bool:
        """Whether an expression is a value to calculate with: no function, index or axis."""
        node = place.node
        if isinstance(node, ast.Starred | ast.keyword | ast.Slice | ast.Lambda):
            return False
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return False
        child: ast.AST = node
        for at in self.ancestors(node):
            match at:
                case ast.Call(func=function) if function is child:
                    return False
                case ast.Attribute(value=ast.Name()) if of_numpy(at):
                    return False
                case ast.Subscript(slice=index) if index is child:
                    return False
                case ast.keyword() | ast.comprehension() | ast.Lambda() | ast.Dict():
                    return False
                case ast.Call(func=ast.Attribute(attr="reshape"), args=arguments) if (
                    child in arguments and not of_numpy(at.func)
                ):
                    return False
                case ast.stmt():
                    return True
            if isinstance(at, ast.Attribute) and child is at.value and child is node:
                return at.attr == "T" or isinstance(self.parent(at), ast.Call)
            child = at
        return True


def calculates_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is a text, a `print` or an import."""
    match statement:
        case ast.Expr(value=ast.Constant() | ast.Call(func=ast.Name(id="print"))):
            return True
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _expressions_of(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, not those of statements within it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for name, value in ast.iter_fields(statement):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.expr) and name != "annotation":
                yield from (node for node in ast.walk(each) if isinstance(node, ast.expr))


def blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a function: its body, and the bodies inside it."""
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def body_of(scope: Scope) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    first, *rest = scope.function.body
    documents = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return rest if documents else [first, *rest]
