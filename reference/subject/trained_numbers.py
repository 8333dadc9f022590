"""Numbers that a layer trains: what its constructor takes and its backward gives a gradient of.

Such as the slope of a PReLU, `alpha=0.25` with `self.dalpha`. They are given like settings; that
`backward` computes a gradient of one, by a name or a key, says that it is a weight.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from typing import TypeGuard

from trigrad.contracts.declaration import Declaration, Field
from trigrad.subject.dialects.argument_roles import arguments_of, auxiliary_role, is_rate
from trigrad.subject.dialects.bytecode import (
    keys_of_gradients,
    named_values,
    numbers_set,
    stored_names,
    uses_gradients,
)
from trigrad.subject.dialects.declared_gradients import Source
from trigrad.subject.dialects.named_gradients import (
    holds_gradients,
    is_gradient_name,
    means_gradient,
)


def kind_of(number: float) -> str:
    """The kind as which a number is declared, so that what is drawn is like it.

    A slope of 2 may make another function of the layer than one below 1.
    """
    if 0 < number < 1:
        return "unit"
    return "positive" if number > 0 else ""


def trained_numbers(cls: type) -> frozenset[str]:
    """The arguments of a constructor that are numbers, and of which it names a gradient.

    That is an attribute or a local name such as `dalpha`, or a key of a dict of gradients.
    """
    numbers = [a.name for a in arguments_of(cls) if _is_number(a.default)]
    return frozenset(name for name in numbers if _names_gradient_of(cls, name))


def own_numbers(cls: type) -> dict[str, float]:
    """The numbers that a constructor sets by itself, and that the class may train.

    It names a gradient of such a number, or another method than the constructor sets it, too.
    """
    init = getattr(cls, "__init__", None)
    others = [each for each in _methods_of(cls) if each is not init]
    changed = set().union(*map(stored_names, others))
    return {
        name: number
        for name, number in numbers_set(init).items()
        if not is_rate(name) and (name in changed or _names_gradient_of(cls, name))
    }


def _names_gradient_of(cls: type, number: str) -> bool:
    methods = _methods_of(cls)
    named = set().union(*map(named_values, methods))
    kept = set().union(*map(keys_of_gradients, methods))
    return any(is_gradient_name(name, number) for name in named) or any(
        means_gradient(key, number) for key in kept
    )


def trains(cls: type) -> bool:
    """Whether a constructor takes something of which the class may keep a gradient, by its names.

    What it needs may be an array, such as a slope for each column.
    """
    needed = [a for a in arguments_of(cls) if a.needed and not auxiliary_role(a)]
    methods = _methods_of(cls)
    named = set().union(*map(named_values, methods)) if needed else set()
    of_needed = any(is_gradient_name(name, a.name) for a in needed for name in named)
    in_list = bool(needed) and any(map(uses_gradients, methods))
    return of_needed or in_list or bool(trained_numbers(cls) or own_numbers(cls))


def maybe_trained(cls: type, declaration: Declaration) -> dict[str, float]:
    """The numbers that are not declared, as the object is made with them, by their names.

    Where gradients are kept in a list, any of them may be trained.
    """
    given = _given(declaration)
    named = trained_numbers(cls)
    in_list = any(map(uses_gradients, _methods_of(cls)))
    own = {n: v for n, v in own_numbers(cls).items() if n not in declaration.names}
    return own | {
        argument.name: float(number)
        for argument in arguments_of(cls)
        if argument.name not in declaration.names
        and _is_number(number := given.get(argument.name, argument.default))
        and (argument.name in named or (in_list and not auxiliary_role(argument)))
    }


def is_gradient_of(source: Source, name: str) -> bool:
    """Whether what is taken for the gradient of a number is one by where it is."""
    if source.returned or source.step:
        return True
    key = source.path.steps[-1].key
    if isinstance(key, int):
        return holds_gradients(source.path.name)
    return means_gradient(str(key), name)


def with_trained(
    declaration: Declaration, numbers: Mapping[str, float], given: Collection[str]
) -> str:
    """The text of a declaration to which numbers are added as weights, before its expressions.

    Those that are `given` are arguments of the constructor; the others an object has by itself.
    """
    text = declaration.text
    if build := declaration.expression(Field.BUILD):
        call = _call(build)
        passed = [name for name in numbers if name in given]
        others = [each for each in call.keywords if each.arg not in passed]
        call.keywords = [*others, *(ast.keyword(arg=n, value=ast.Name(id=n)) for n in passed)]
        text = text.replace(f"{Field.BUILD}: {build}", f"{Field.BUILD}: {ast.unparse(call)}")
    added = "".join(f"; {name}: {kind_of(number)}".rstrip() for name, number in numbers.items())
    end = min([text.index(f"; {field}: ") for field in declaration.expressions], default=len(text))
    return f"{text[:end]}{added}{text[end:]}"


def with_numbers(declaration: Declaration, cls: str, numbers: Mapping[str, float]) -> str:
    """The text of a declaration in which the object of a class is made with these numbers."""
    build = declaration.expression(Field.BUILD)
    call = _call(build or f"{cls}()")
    others = [each for each in call.keywords if each.arg not in numbers]
    call.keywords = [*others, *(ast.keyword(n, ast.Constant(v)) for n, v in numbers.items())]
    made = f"{Field.BUILD}: {ast.unparse(call)}"
    if build:
        return declaration.text.replace(f"{Field.BUILD}: {build}", made)
    return f"{declaration.text}; {made}"


def _given(declaration: Declaration) -> dict[str, object]:
    """The constants that the constructor is given by their names."""
    build = declaration.expression(Field.BUILD)
    return {
        str(each.arg): each.value.value
        for each in (_call(build).keywords if build else ())
        if isinstance(each.value, ast.Constant)
    }


def _methods_of(cls: type) -> list[object]:
    return [each for base in cls.__mro__[:-1] for each in vars(base).values()]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _call(build: str) -> ast.Call:
    node = ast.parse(build, mode="eval").body
    assert isinstance(node, ast.Call), "a guess makes the object by its class"
    return node
