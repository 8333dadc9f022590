"""How a declared layer is made and its passes are called: by its declaration, else by signatures.

Where the declaration has no expression for a call, arguments are told by the names of the declared
arrays, and the others by their order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trigrad.contracts.declaration import CACHE, CLASS, DOUT, LAYER, OUT, Declaration, Field
from trigrad.messages import Message
from trigrad.subject.dialects.argument_roles import (
    AUXILIARY_VALUES,
    VARARGS,
    Argument,
    arguments_of,
    auxiliary_role,
    gradients_of_outputs,
    is_upstream,
    method_arguments,
    parameter_named,
)
from trigrad.subject.dialects.backward_matching import CACHE_WORDS
from trigrad.subject.dialects.bytecode import stored_names
from trigrad.subject.dialects.conventions import SETUP_METHODS
from trigrad.subject.dialects.expression import Expression
from trigrad.subject.dialects.several_outputs import are_several, places_by_name
from trigrad.subject.dialects.signatures import UnknownDialectError, methods_of
from trigrad.subject.source.passes import Passes as ClassPasses
from trigrad.subject.source.passes import passes_among

LOSSES = ("loss", "compute_loss", "cost", "loss_function")
GRADIENTS = ("gradient", "gradients", "grad", "grads", "compute_gradient", "compute_gradients")
"""Names of a network's two methods, each of which takes inputs and targets."""

FEWEST_OF_LOSS = 2
"""A loss takes inputs and targets."""


@dataclass(frozen=True)
class Passes:
    """What is called: methods of a class, or functions."""

    forward: str
    backward: str
    made: Callable[..., Any] | None
    """The class; None for functions."""
    functions: tuple[Callable[..., Any], Callable[..., Any] | None] | None = None
    build: Callable[..., Any] | None = None
    """Makes an object, where a caller gives it."""
    of_loss: bool = False
    """Whether they are a network's loss(x, t) and gradient(x, t), which need not give that of x."""
    _known: dict[str, list[Argument]] = field(default_factory=dict, compare=False, repr=False)
    """Arguments that were asked for: to read a signature takes longer than most calls."""

    def arguments(self, side: str) -> list[Argument]:
        """The arguments of a pass, or those with which an object is made ("build")."""
        if side not in self._known:
            self._known[side] = self._arguments(side)
        return self._known[side]

    def _arguments(self, side: str) -> list[Argument]:
        if side == "build":
            factory = self.build or self.made
            return arguments_of(factory) if factory is not None else []
        if self.functions is not None:
            function = self.functions[0 if side == "forward" else 1]
            return arguments_of(function) if function is not None else []
        assert isinstance(self.made, type), "without functions it is a class"
        return method_arguments(self.made, getattr(self, side))

    def function(self, side: str) -> Callable[..., Any] | None:
        """The function of a pass, as it is written; None if there is none."""
        if self.functions is not None:
            return self.functions[0 if side == "forward" else 1]
        found: Callable[..., Any] | None = getattr(self.made, getattr(self, side), None)
        return found

    def bound(self, layer: Any, side: str) -> Callable[..., Any]:
        """What is called for a pass."""
        if self.functions is not None:
            function = self.functions[0 if side == "forward" else 1]
            assert function is not None, "asked of pairs only"
            return function
        found: Callable[..., Any] = getattr(layer, getattr(self, side))
        return found


def passes_of(
    value: Any, backward: Any, declaration: Declaration, build: Callable[..., Any] | None = None
) -> Passes:
    """The passes of a class, or of one or two functions.

    Raises:
        UnknownDialectError: there is no backward, and the declaration does not say what it is.
    """
    if not isinstance(value, type):
        other = getattr(backward, "__name__", "")
        return Passes(value.__name__, other, None, (value, backward))
    found = passes_among(methods_of(value))
    network = loss_and_gradient(value)
    if network is not None and (found is None or (declaration.fixed and _takes_more(value, found))):
        return Passes(*network, value, build=build, of_loss=True)
    if found is not None:
        return Passes(found.forward, found.backward, value, build=build)
    if not declaration.expression(Field.FORWARD):
        raise UnknownDialectError(str(Message("declared.no_passes")))
    has_backward = declaration.expression(Field.BACKWARD)
    return Passes("forward", "backward" if has_backward else "", value, build=build)


def loss_and_gradient(cls: type) -> tuple[str, str] | None:
    """A network's loss(x, t) and gradient(x, t), by their names; None if it has no such methods."""
    names = methods_of(cls)
    loss = next((n for n in LOSSES if n in names), "")
    gradient = next((n for n in GRADIENTS if n in names), "")
    return (loss, gradient) if loss and gradient else None


def _takes_more(cls: type, passes: ClassPasses) -> bool:
    """Whether forward takes no targets: then it is not that of the loss."""
    needed = [
        a for a in method_arguments(cls, passes.forward) if a.needed and not auxiliary_role(a)
    ]
    return len(needed) < FEWEST_OF_LOSS


def parameters_of(declaration: Declaration, value: Any, passes: Passes) -> frozenset[str]:
    """The declared arrays that are weights: given when the object is made, or held by it."""
    if passes.functions is not None:
        return frozenset()
    names = list(declaration.names)
    found = set(declaration.names_in(Field.BUILD))
    if passes.build is not None:
        found |= {parameter_named(a.key, names) for a in arguments_of(passes.build)} - {""}
    elif not declaration.expression(Field.BUILD):
        found |= {parameter_named(a.key, names) for a in arguments_of(value)} - {""}
    if declaration.expression(Field.FORWARD):
        passed = set(declaration.names_in(Field.FORWARD) | declaration.names_in(Field.RETURNS))
    else:
        passed = _passed(passes.arguments("forward"), names, found)
    setup = [getattr(value, name, None) for name in ("__init__", *SETUP_METHODS)]
    found |= set().union(*map(stored_names, filter(callable, setup))) & set(names)
    # What no pass is given is a weight, however the object holds it.
    found |= set(names) - declaration.fixed - declaration.names_in(Field.BACKWARD)
    return frozenset(found - passed)


def _passed(
    arguments: Sequence[Argument], names: Sequence[str], built: Collection[str]
) -> set[str]:
    """The declared arrays that forward takes: by its arguments' names, and then in their order."""
    if any(a.key == VARARGS.key for a in arguments):
        return set(names) - set(built)
    called = {a.name: parameter_named(a.key, list(names)) for a in arguments}
    others = [a for a in arguments if not called[a.name] and not auxiliary_role(a)]
    left = [n for n in names if n not in called.values() and n not in built]
    return {n for n in called.values() if n} | set(left[: len(others)])


def made(
    declaration: Declaration,
    passes: Passes,
    namespace: Mapping[str, Any],
    parameters: Mapping[str, Any],
    sizes: Mapping[str, int],
) -> tuple[Any, frozenset[str]]:
    """A new object, and the weights that were given to its constructor; None for functions.

    Raises:
        UnknownDialectError: the constructor needs something that is not declared.
    """
    text = declaration.expression(Field.BUILD)
    if text:
        # A class without methods of its own: the names are those of its base's file.
        own = {passes.made.__name__: passes.made} if isinstance(passes.made, type) else {}
        layer = Expression(text, Field.BUILD).value(
            {**own, **namespace},
            {**sizes, **parameters, **declaration.grouped(parameters), CLASS: passes.made},
        )
        return layer, declaration.names_in(Field.BUILD)
    if passes.made is None:
        return None, frozenset()
    args: dict[str, Any] = {}
    given = set()
    factory = passes.build or passes.made
    for argument in passes.arguments("build"):
        name = parameter_named(argument.key, list(parameters))
        if name:
            args[argument.name] = parameters[name]
            given.add(name)
        elif argument.name in sizes:
            args[argument.name] = sizes[argument.name]
        elif argument.needed:
            role = auxiliary_role(argument)
            if not role:
                names = ", ".join(a.name for a in arguments_of(passes.made))
                words = Message("declared.build", name=passes.made.__name__, arguments=names)
                raise UnknownDialectError(str(words))
            args[argument.name] = AUXILIARY_VALUES[role]
    return factory(**args), frozenset(given)


def forward_values(
    arguments: Sequence[Argument], operands: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments of forward.

    Raises:
        UnknownDialectError: it takes other arguments than the declared arrays.
    """
    names = list(operands)
    roles = {a.name: parameter_named(a.key, names) for a in arguments}
    left = [n for n in names if n not in roles.values()]
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for argument in arguments:
        name = roles[argument.name]
        if argument.key == VARARGS.key:
            args += [operands[n] for n in left]
            left = []
        elif name:
            kwargs[argument.name] = operands[name]
        elif role := auxiliary_role(argument):
            if argument.needed:
                kwargs[argument.name] = AUXILIARY_VALUES[role]
        elif left:
            kwargs[argument.name] = operands[left.pop(0)]
        elif argument.needed:
            left = [argument.name]
            break
    if left:
        words = Message(
            "declared.forward",
            arguments=", ".join(a.name for a in arguments),
            names=tuple(names),
            field=Field.FORWARD,
        )
        raise UnknownDialectError(str(words))
    return _positional(arguments, args, kwargs)


def backward_values(
    arguments: Sequence[Argument],
    operands: Mapping[str, Any],
    parameters: Mapping[str, Any],
    caches: Sequence[Any],
    dout: Any,
    outputs: Sequence[str] = (),
) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments of backward; a loss has no `dout`.

    Of several outputs, `dout` is a tuple with the gradient of each; `outputs` are their names.

    Raises:
        UnknownDialectError: an argument is nothing of these.
    """
    kwargs: dict[str, Any] = {}
    waiting = list(caches)
    known = {**parameters, **operands}
    upstream = _upstream(arguments, list(known))
    args: list[Any] = []
    needed = [a for a in arguments if a.needed and not auxiliary_role(a)]
    gradients = gradients_of_outputs(needed)
    douts: dict[str, Any] = {}
    if isinstance(dout, tuple):
        free = [a for a in gradients if not parameter_named(a.key, list(known))]
        if len(free) == len(dout):
            places = places_by_name([a.name for a in free], outputs) or range(len(dout))
            douts = {a.name: dout[place] for a, place in zip(free, places, strict=True)}
    if dout is None and len(needed) == len(operands) > 1 and not any(map(is_upstream, needed)):
        # A loss that stores nothing, and takes its operands again.
        return list(operands.values()), {}
    for argument in arguments:
        name = parameter_named(argument.key, list(known))
        if argument.key == VARARGS.key:
            args += dout if isinstance(dout, tuple) else [dout]
        elif argument.name in douts:
            kwargs[argument.name] = douts[argument.name]
        elif argument is upstream:
            kwargs[argument.name] = 1.0 if dout is None else dout
        elif role := auxiliary_role(argument):
            if argument.needed:
                kwargs[argument.name] = AUXILIARY_VALUES[role]
        elif name:
            kwargs[argument.name] = known[name]
        elif argument.needed and waiting and argument not in gradients:
            rest = [a for a in needed if a.name not in {*kwargs, *douts} and a is not upstream]
            whole = argument.key in CACHE_WORDS and len(rest) == 1 and len(waiting) > 1
            kwargs[argument.name] = _cache_in(waiting) if whole else waiting.pop(0)
        elif argument.needed:
            words = Message(
                "declared.outputs" if argument in gradients else "declared.backward",
                arguments=", ".join(a.name for a in arguments),
                name=argument.name,
                field=Field.RETURNS if argument in gradients else Field.BACKWARD,
            )
            raise UnknownDialectError(str(words))
    return _positional(arguments, args, kwargs)


def _cache_in(waiting: Sequence[Any]) -> Any:
    """What forward returns for backward: all of it, or a dict or tuple beside further outputs."""
    packed = [each for each in waiting if isinstance(each, dict | tuple | list)]
    arrays = all(map(_is_numbers, waiting[: len(waiting) - 1]))
    return packed[0] if len(packed) == 1 and packed[0] is waiting[-1] and arrays else tuple(waiting)


def _upstream(arguments: Sequence[Argument], names: list[str]) -> Argument | None:
    """The argument that takes the upstream gradient."""
    free = [
        a
        for a in arguments
        if not auxiliary_role(a) and a.key not in CACHE_WORDS and a.key != VARARGS.key
    ]
    called = [a for a in free if is_upstream(a) and not parameter_named(a.key, names)]
    others = [a for a in free if a.needed and not parameter_named(a.key, names)]
    return next(iter([*called, *others, *(a for a in free if a.needed)]), None)


def takes_dout(declaration: Declaration, passes: Passes) -> bool:
    """Whether backward is given an upstream gradient."""
    text = declaration.expression(Field.BACKWARD)
    if text:
        return DOUT in Expression(text, Field.BACKWARD).names
    if passes.of_loss:
        return False
    arguments = passes.arguments("backward") if passes.backward else []
    return any(a.key == VARARGS.key for a in arguments) or (
        _upstream(arguments, list(declaration.names)) is not None
    )


def _positional(
    arguments: Sequence[Argument], args: list[Any], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The same call, with everything positional that can be."""
    before: list[Any] = []
    for argument in arguments:
        if argument.keyword or argument.name not in kwargs or argument.key == VARARGS.key:
            break
        before.append(kwargs.pop(argument.name))
    return before + args, kwargs


def split(
    returned: Any, text: str, namespace: Mapping[str, Any], names: Mapping[str, Any]
) -> tuple[Any, tuple[Any, ...]]:
    """The output, or a tuple of several, and what forward returned beside it.

    `text` is the expression of the output, in the names of the learner's file and these `names`.
    """
    if text:
        output = Expression(text, Field.RETURNS).value(namespace, {**names, OUT: returned})
        rest = returned if isinstance(returned, tuple | list) else ()
        outputs = output if are_several(output) else (output,)
        return output, tuple(e for e in rest if not any(e is each for each in outputs))
    if isinstance(returned, tuple | list) and len(returned) > 1:
        first = next((i for i, each in enumerate(returned) if _is_numbers(each)), 0)
        return returned[first], (*returned[:first], *returned[first + 1 :])
    return returned, ()


def _is_numbers(value: Any) -> bool:
    return isinstance(value, int | float | np.number) or hasattr(value, "dtype")


def names_of_call(layer: Any, out: Any, caches: tuple[Any, ...]) -> dict[str, Any]:
    """The names of an expression beside the declared ones."""
    cache = caches[0] if len(caches) == 1 else caches
    return {LAYER: layer, OUT: out, CACHE: cache}
