"""Which part an expression has in its statement: a side, a factor, an index, what is called."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.scope import Scope
from trigrad.repair.edits.text_edits import TextEdits


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


class Roles(TextEdits):
    """Says of the expressions of one definition what they are there for."""

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
