"""Numbers that a layer trains: what its constructor takes and its backward gives a gradient of.

Such as the slope of a PReLU, `alpha=0.25` with `self.dalpha`. They are given like settings; that
`backward` stores a gradient of one says that it is a weight.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from trigrad.contracts.declaration import Declaration, Field
from trigrad.subject.dialects.argument_roles import arguments_of
from trigrad.subject.dialects.bytecode import stored_names
from trigrad.subject.dialects.named_gradients import is_gradient_name


def kind_of(number: float) -> str:
    """The kind as which a number is declared, so that what is drawn is like it.

    A slope of 2 may make another function of the layer than one below 1.
    """
    if 0 < number < 1:
        return "unit"
    return "positive" if number > 0 else ""


def trained_numbers(cls: type, declaration: Declaration | None = None) -> dict[str, float]:
    """The numbers that are not declared, as the object is made with them, by their names."""
    methods = (each for base in cls.__mro__[:-1] for each in vars(base).values())
    stored = set().union(*map(stored_names, methods))
    given = {} if declaration is None else _given(declaration)
    return {
        argument.name: number
        for argument in arguments_of(cls)
        if (declaration is None or argument.name not in declaration.names)
        and isinstance(number := given.get(argument.name, argument.default), float)
        and any(is_gradient_name(name, argument.name) for name in stored)
    }


def with_trained(declaration: Declaration, numbers: Mapping[str, float]) -> str:
    """The text of a declaration to which numbers are added as weights, before its expressions."""
    text = declaration.text
    if build := declaration.expression(Field.BUILD):
        call = _call(build)
        others = [each for each in call.keywords if each.arg not in numbers]
        call.keywords = [*others, *(ast.keyword(arg=n, value=ast.Name(id=n)) for n in numbers)]
        text = text.replace(f"{Field.BUILD}: {build}", f"{Field.BUILD}: {ast.unparse(call)}")
    added = "".join(f"; {name}: {kind_of(number)}".rstrip() for name, number in numbers.items())
    end = min([text.index(f"; {field}: ") for field in declaration.expressions], default=len(text))
    return f"{text[:end]}{added}{text[end:]}"


def _given(declaration: Declaration) -> dict[str, object]:
    """The constants that the constructor is given by their names."""
    build = declaration.expression(Field.BUILD)
    return {
        str(each.arg): each.value.value
        for each in (_call(build).keywords if build else ())
        if isinstance(each.value, ast.Constant)
    }


def _call(build: str) -> ast.Call:
    node = ast.parse(build, mode="eval").body
    assert isinstance(node, ast.Call), "a guess makes the object by its class"
    return node
