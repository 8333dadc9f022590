"""What every family of edits works on: a definition, its layout, its names, and its expressions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.editable import expressions_of, is_talk
from trigrad.repair.edits.expression import ATOM, Fragment, demanded, rank_of
from trigrad.repair.edits.numpy_forms import as_operator, of_numpy
from trigrad.repair.edits.positions import Definition, Positions
from trigrad.repair.edits.scope import BUILTINS, NameKind, Scope, Scopes, scopes_of


@dataclass(frozen=True)
class Place:
    """An expression and the function it is in."""

    node: ast.expr
    scope: Scope
    statement: ast.stmt


class Context:
    """A definition, ready to be edited."""

    def __init__(
        self,
        text: str,
        definition: Definition,
        known: frozenset[str],
        usual: Sequence[str] = (),
    ) -> None:
        self.usual = usual
        """Expressions of such a layer, in the contract's names."""
        self.text = text
        self.definition = definition
        self.known = known
        self.layout = Positions(text, definition)
        self._statements: dict[ast.FunctionDef, list[ast.stmt]] = {}
        self.shared: Scopes = scopes_of(definition)

    @cached_property
    def places(self) -> list[Place]:
        """The expressions that may be edited, in the order of the text."""
        found = [
            Place(node, scope, statement)
            for scope in self.shared.scopes
            for statement in self.statements(scope)
            for node in expressions_of(statement)
        ]
        return sorted(found, key=lambda place: self.layout.span(place.node))

    @cached_property
    def class_values(self) -> list[ast.expr]:
        """The expressions to which names are set in the body of a class."""
        return [
            node
            for each in self.class_statements
            for node in ast.walk(each.value)
            if isinstance(node, ast.expr)
        ]

    @property
    def class_statements(self) -> list[ast.Assign]:
        """The assignments in the body of a class."""
        return [each for each in self.definition.body if isinstance(each, ast.Assign)] * isinstance(
            self.definition, ast.ClassDef
        )

    def statements(self, scope: Scope) -> list[ast.stmt]:
        """The statements of a function that may be edited."""
        if scope.function not in self._statements:
            self._statements[scope.function] = self._statements_of(scope)
        return self._statements[scope.function]

    @staticmethod
    def _statements_of(scope: Scope) -> list[ast.stmt]:
        body = [each for each in ast.walk(scope.function) if isinstance(each, ast.stmt)]
        kept = [
            each
            for each in body
            if each is not scope.function and not isinstance(each, ast.Raise | ast.Assert)
            if not is_talk(each)
        ]
        return sorted(kept, key=lambda each: (each.lineno, each.col_offset))

    def piece(self, node: ast.expr) -> Fragment:
        """An expression's own text, to be put elsewhere; its brackets stay with it."""
        if self.layout.brackets(node) and rank_of(node) < ATOM:
            return Fragment(self.layout.whole(node))
        if isinstance(node, ast.Tuple) and not self.layout.source(node).startswith("("):
            return Fragment(self.layout.source(node), 0)
        return Fragment(self.layout.source(node), rank_of(node))

    def bare(self, node: ast.expr) -> Fragment:
        """An expression's text without its brackets."""
        return Fragment(self.layout.source(node), rank_of(node))

    def replaced(self, node: ast.expr, piece: Fragment, kind: str, cost: float) -> Edit:
        """The edit that puts a piece in the place of an expression."""
        start, end = self.layout.span(node)
        text = piece.text
        if self.layout.brackets(node):
            if piece.rank >= ATOM:
                start, end = self.layout.outer(node)
        else:
            text = piece.at_least(demanded(self.layout.parent(node), node))
        return Edit(start, end, text, kind, cost + 0.004 * max(0, len(text) - (end - start)))

    @cached_property
    def one(self) -> str:
        """How the number one is written here."""
        return "1.0" if "1.0" in self.layout.source(self.definition) else "1"

    @property
    def functions(self) -> list[str]:
        """The user's own functions of one array, as far as their names tell."""
        usual = ("sigmoid", "softmax", "relu", "identity_function", "tanh")
        there = [name for name in usual if name in self.known]
        # Their derivatives, too: `sigmoid_grad`.
        return there + [
            name for name in sorted(self.known) for each in there if name.startswith(f"{each}_")
        ]

    def readable(self, place: Place) -> list[str]:
        """The values at a place, without gradients that the class itself computes."""
        return [
            name
            for name in self.value_names(place)
            if name.removeprefix(f"{place.scope.me}.") == name
            or name.removeprefix(f"{place.scope.me}.") not in self._gradients
        ]

    def calculable(self, place: Place) -> list[str]:
        """The values that may be factors and terms at a place.

        Where matrices are multiplied, the parameters that a constructor is given are none.
        """
        if not self.multiplies_matrices:
            return self.readable(place)
        left_out = {f"{place.scope.me}.{name}" for name in self._given}
        return [name for name in self.readable(place) if name not in left_out]

    @cached_property
    def _given(self) -> set[str]:
        """Attributes that the constructor sets to what it is given."""
        return {
            name
            for scope in self.shared.scopes
            if scope.function.name == "__init__"
            for name in scope.stored
            if name in scope.arguments or name in {"W", "b", "B"}
        }

    @cached_property
    def _gradients(self) -> set[str]:
        return {
            name for name in self.shared.attributes if name[:1] == "d" and name[1:] in self._given
        }

    @cached_property
    def composes(self) -> bool:
        """Whether others calculate for it: it calls their passes, and nothing else."""
        return any(
            isinstance(place.node, ast.Call)
            and isinstance(place.node.func, ast.Attribute)
            and place.node.func.attr in {"forward", "backward"}
            and not (
                isinstance(place.node.func.value, ast.Name)
                and place.node.func.value.id == place.scope.me
            )
            for place in self.places
        )

    @cached_property
    def has_masks(self) -> bool:
        """Whether it is about what is above and below 0."""
        text = self.layout.source(self.definition)
        return any(
            word in text for word in ("mask", "maximum", "where", "> 0", ">0", "< 0", "<= 0")
        )

    @cached_property
    def multiplies_matrices(self) -> bool:
        """Whether products of matrices are among what it calculates."""
        return any(
            isinstance(form := as_operator(place.node), ast.BinOp)
            and isinstance(form.op, ast.MatMult)
            for place in self.places
        )

    def constructs(self, place: Place) -> bool:
        """Whether a place is in a constructor, where nothing is calculated."""
        return place.scope.function.name == "__init__"

    def spaced(self, node: ast.AST) -> bool:
        """Whether the lines around a node have blanks around operators."""
        statement = self.layout.statement(node)
        for at in ast.walk(statement):
            if isinstance(at, ast.BinOp) and hasattr(at, "lineno"):
                before = self.text[self.layout.outer(at.left)[1] :][:1]
                return before.isspace()
        if isinstance(statement, ast.Assign):
            return self.text[self.layout.outer(statement.targets[-1])[1] :][:1].isspace()
        return True

    def value_names(self, place: Place, *kinds: NameKind) -> list[str]:
        """What there is at a place to calculate with: arguments, locals, attributes."""
        wanted = set(kinds) or {NameKind.VALUE}
        names = [
            name for name, kind in place.scope.at(place.statement.lineno).items() if kind in wanted
        ]
        me = place.scope.me
        if me:
            names += [
                f"{me}.{name}" for name, kind in self.shared.attributes.items() if kind in wanted
            ]
        return names

    def undefined(self, name: str, place: Place) -> bool:
        """Whether a name is nowhere set, as far as the text tells."""
        scope = place.scope
        return not (
            name in scope.arguments
            or name in scope.locals
            or name == scope.me
            or name in self.known
            or name in BUILTINS
            or name in self.bound
        )

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names that the definition binds somewhere, in a comprehension, an import, a `lambda`."""
        found = {self.definition.name}
        for node in ast.walk(self.definition):
            match node:
                case ast.comprehension(target=target):
                    found |= {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
                case ast.arg(arg=name) if not self._is_own_argument(node):
                    found.add(name)
                case ast.alias(name=name, asname=other):
                    found.add(other or name.split(".")[0])
                case ast.ExceptHandler(name=str() as name):
                    found.add(name)
        return frozenset(found)

    def _is_own_argument(self, node: ast.AST) -> bool:
        arguments = self.layout.parent(node)
        owner = self.layout.parent(arguments) if arguments else None
        return owner in {id_.function for id_ in self.shared.scopes}

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that a node is part of."""
        return self.layout.parent(node)

    def indexes(self, node: ast.expr) -> bool:
        """Whether an expression is what stands in square brackets."""
        parent = self.parent(node)
        return isinstance(parent, ast.Subscript) and parent.slice is node

    def is_operand(self, place: Place) -> bool:
        """Whether an expression is a value to calculate with: no function, index or axis."""
        node = place.node
        if isinstance(node, ast.Starred | ast.keyword | ast.Slice | ast.Lambda):
            return False
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return False
        child: ast.AST = node
        for at in self.layout.ancestors(node):
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
