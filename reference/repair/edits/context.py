"""What every family of edits works on: a definition with its names and expressions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from trigrad.repair.edits.numpy_forms import is_product, with_operators
from trigrad.repair.edits.positions import Definition
from trigrad.repair.edits.roles import Place, Roles
from trigrad.repair.edits.scope import BUILTINS, NameKind, Scope, attributes_of, scopes_of
from trigrad.repair.edits.statements import calculates_nothing, expressions_of
from trigrad.subject.source.walking import walk

FUNCTIONS = ("sigmoid", "softmax", "relu", "identity_function", "tanh")
"""Functions of one array that the chapter's files define."""


class Context(Roles):
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
        self._read: dict[ast.AST, frozenset[str]] = {}

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
            for node in expressions_of(statement)
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
                for each in walk(scope.function)
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

    @cached_property
    def settings(self) -> dict[float, list[str]]:
        """Numbers that a constructor has as defaults, with the attributes that it sets to them."""
        found: dict[float, list[str]] = {}
        for scope in self.scopes:
            arguments = scope.function.args
            pairs = zip(reversed(arguments.args), reversed(arguments.defaults), strict=False)
            for argument, default in pairs if scope.constructs else ():
                match default:
                    case ast.Constant(value=int() | float() as value) if (
                        argument.arg in self.given and not isinstance(value, bool)
                    ):
                        found.setdefault(value, []).append(argument.arg)
        return found

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
        mentioned = {node.id for node in walk(self.definition) if isinstance(node, ast.Name)}
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
        for node in walk(self.definition):
            match node:
                case ast.comprehension(target=target):
                    found |= {each.id for each in walk(target) if isinstance(each, ast.Name)}
                case ast.arguments() if self.parent(node) not in functions:
                    found |= {each.arg for each in walk(node) if isinstance(each, ast.arg)}
                case ast.alias(name=name, asname=other):
                    found.add(other or name.split(".")[0])
                case ast.ExceptHandler(name=str() as name):
                    found.add(name)
        return frozenset(found)

    def missing(self, scope: Scope) -> list[str]:
        """Names that a function reads and that nothing sets."""
        nodes = list(walk(scope.function))
        calls = [node.func for node in nodes if isinstance(node, ast.Call)]
        names = [node for node in nodes if isinstance(node, ast.Name) and node not in calls]
        return sorted({node.id for node in names if self.undefined(node.id, scope)})

    def reads(self, scope: Scope, name: str, within: ast.AST | None = None) -> bool:
        """Whether a function (or a part of it) calculates with a name; its size does not count."""
        return name in self._read_in(scope.function if within is None else within)

    def _read_in(self, part: ast.AST) -> frozenset[str]:
        """What a function's body, or a part of it, calculates with: names and attributes."""
        if part not in self._read:
            body = part.body if isinstance(part, ast.FunctionDef) else [part]
            self._read[part] = frozenset(
                ast.unparse(node)
                for statement in body
                for node in walk(statement)
                if isinstance(node, ast.Name | ast.Attribute)
                and isinstance(node.ctx, ast.Load)
                and not self._is_measured(node)
            )
        return self._read[part]

    def _is_measured(self, node: ast.AST) -> bool:
        match self.parent(node):
            case ast.Attribute(attr="shape" | "size" | "ndim") | ast.Call(func=ast.Name(id="len")):
                return True
        return False

    def spelt(self, expression: str) -> str:
        """An expression of ours, with `@` for products where the text has that alone."""
        if "@" not in self.own_text or "dot(" in self.own_text or "dot(" not in expression:
            return expression
        return with_operators(expression)

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
