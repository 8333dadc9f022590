"""How an optimiser is called, read from the names of its arguments alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import CodeType
from typing import Any

from trigrad.contracts.naming import undecorated
from trigrad.contracts.optimisers import Optimiser
from trigrad.messages import Message
from trigrad.subject.dialects.setting_names import LR_DECAY, NAMES
from trigrad.subject.dialects.signatures import UnknownDialectError


class Part(Enum):
    """What an argument is, if it is no setting."""

    PARAMS = "weights"
    GRADS = "gradients"
    HOLDER = "an object with weights and gradients"
    HOLDERS = "several of these"
    ZIPPED = "pairs of a weight and its gradient, or the other way round"
    KEY = "the name of a weight"
    STATE = "what is remembered, of a function"
    CONFIG = "a dict with the settings and what is remembered, of a function"
    TIME = "the number of the step"
    PAIRED = "one of several weights, or its gradient"
    SETTING = "a setting, or something that may stay as it is"


_ONE = (
    *("param", "parameter", "w", "p", "x", "weight", "theta", "var", "variable", "value"),
    *("oldw", "current", "weightmatrix", "wt", "matrix", "arr", "array"),
)
"""Names of one weight."""

_NAMES = {
    Part.PARAMS: (
        *("params", "parameters", "weights", "variables", "thetas", "ws", "modelparams"),
        *("modelparameters", "parameterlist", "paramlist", *_ONE),
    ),
    Part.GRADS: (
        *("grads", "gradients", "dparams", "derivatives", "grad", "gradient", "g", "dw", "dx"),
        *("dp", "dtheta", "gradwrtw", "gradw", "dweight", "dweights", "wgrad", "gt", "gw", "gx"),
        *("deltaw", "gradwrtparam", "dparam", "paramgrad", "delta", "gradlist", "gs"),
    ),
    Part.HOLDER: ("layer", "module", "unit", "l", "linear", "denselayer"),
    Part.HOLDERS: ("layers", "model", "net", "network", "nn", "modules", "target"),
    Part.ZIPPED: (
        *("gradsandvars", "gradsandparams", "paramsandgrads", "varsandgrads", "gradsandvariables"),
        *("gradvars", "parametersandgradients", "weightsandgrads", "paramsgrads"),
    ),
    Part.KEY: ("key", "name", "id", "paramname", "layername", "index", "idx", "layerid", "paramid"),
    Part.CONFIG: ("config", "cfg", "optimconfig"),
    Part.STATE: (
        *("v", "s", "m", "h", "cache", "state", "velocity", "velocities", "vel", "memory", "sdw"),
        *("vdw", "u", "moments", "gsq", "accumulator", "gradsquared"),
    ),
    Part.TIME: ("t", "timestep", "iteration", "iter", "iterations", "step", "n", "epoch", "i"),
}

STEPS = (
    *("updateparams", "update", "step", "applygradients", "apply", "updateparameters"),
    *("updateweights", "optimize", "optimise", "applygrads", "updateparam", "call", "updatelayer"),
    *("applygradient", "updaterule", "adjust", "updateone"),
)
"""Names of the method that takes a step."""


@dataclass(frozen=True)
class Argument:
    """An argument of the constructor or of the step."""

    name: str
    part: Part
    needed: bool
    default: Any = None


@dataclass(frozen=True)
class Form:
    """The arguments of both calls; of a function, there is no constructor."""

    step: str
    """The name of the method; "" for a function."""
    made_with: tuple[Argument, ...]
    stepped_with: tuple[Argument, ...]
    sets_up: bool = False
    """Whether a method `setup` is given what holds the weights, as DeZero has it."""
    loops: str = ""
    """How its text goes through weights and gradients, where that is certain: `weight_loops`."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Where each weight and each gradient is an argument of its own, these, a weight first."""

    def has(self, part: Part) -> bool:
        """Whether a step is given that."""
        return any(a.part is part for a in self.stepped_with)

    def holds(self, part: Part) -> bool:
        """Whether the constructor is given that."""
        return any(a.part is part for a in self.made_with)

    def named(self, part: Part) -> str:
        """The name of the argument of a step that is that; "" if there is none."""
        return next((a.name for a in self.stepped_with if a.part is part), "")

    @property
    def settings(self) -> list[Argument]:
        """What may be a setting, of both calls; each name once."""
        found = {a.name: a for a in (*self.made_with, *self.stepped_with)}
        return [a for a in found.values() if a.part is Part.SETTING]

    @property
    def one(self) -> bool:
        """Whether a step is given a single weight, by its name."""
        names = [a.name for a in self.stepped_with if a.part is Part.PARAMS]
        return any(undecorated(name) in _ONE for name in names)


def form_of(row: Optimiser, value: Any) -> Form | None:
    """How a class or function is called; None if it takes no steps.

    Raises:
        UnknownDialectError: it does, and an argument that it needs is not known.
    """
    if isinstance(value, type):
        step = step_of(value)
        if not step:
            return None
        made = _arguments(row, value, function=False)
        stepped = _paired(_arguments(row, _with_names(value, step), function=False)[1:])
        sets_up = callable(getattr(value, "setup", None))
        form = Form(step, tuple(made), tuple(_by_place(stepped)), sets_up, pairs=_pairs_in(stepped))
        parts = (Part.GRADS, Part.HOLDER, Part.HOLDERS, Part.ZIPPED)
        given = any(form.has(p) for p in parts)
        held = any(form.holds(p) for p in (Part.PARAMS, Part.HOLDER, Part.HOLDERS))
        alone = [a for a in form.stepped_with if a.part is Part.PARAMS]
        if not (given or held or alone or sets_up or form.pairs):
            return None
    else:
        stepped = _paired(_arguments(row, value, function=True))
        form = Form("", (), tuple(stepped), pairs=_pairs_in(stepped))
        if not (form.has(Part.PARAMS) and form.has(Part.GRADS)) and not form.pairs:
            return None
    unknown = [a.name for a in (*form.made_with, *form.stepped_with) if _is_unknown(row, a)]
    if unknown:
        raise UnknownDialectError(str(Message("optimiser.argument", name=unknown[0])))
    return form


def _with_names(value: type, step: str) -> Any:
    """The method, or that of a base class where it only passes `*args` on to it."""
    own = (vars(cls)[step] for cls in value.__mro__ if step in vars(cls))
    for method in own:
        kinds = [p.kind for p in inspect.signature(method).parameters.values()]
        if inspect.Parameter.VAR_POSITIONAL not in kinds:
            return method
    return getattr(value, step)


def _paired(arguments: Sequence[Argument]) -> list[Argument]:
    """The same, where several weights and their gradients are arguments: `W1, b1, dW1, db1`."""
    pairs = [name for pair in _pairs_among(arguments) for name in pair]
    return [replace(a, part=Part.PAIRED) if a.name in pairs else a for a in arguments]


def _pairs_among(arguments: Sequence[Argument]) -> list[tuple[str, str]]:
    names = [a.name for a in arguments if a.needed]
    found = []
    for name in names:
        for gradient in (f"d{name}", f"d_{name}", f"grad_{name}", f"{name}_grad"):
            if gradient in names:
                found.append((name, gradient))
    return found if len(found) > 1 else []


def _pairs_in(arguments: Sequence[Argument]) -> tuple[tuple[str, str], ...]:
    return tuple(_pairs_among([a for a in arguments if a.part is Part.PAIRED]))


def step_of(value: type) -> str:
    """The method that takes a step; "" if there is none."""
    own = {
        undecorated(name): name
        for cls in reversed(value.__mro__)
        if cls is not object
        for name, method in vars(cls).items()
        if callable(method) and (not name.startswith("_") or name == "__call__")
    }
    return next((own[name] for name in STEPS if name in own), "")


def _is_unknown(row: Optimiser, argument: Argument) -> bool:
    """Whether a call needs it and nothing is known to pass."""
    if argument.part is not Part.SETTING or not argument.needed:
        return False
    return not any(undecorated(argument.name) in NAMES[s] for s in (*_with_betas(row), LR_DECAY))


def _with_betas(row: Optimiser) -> Iterator[str]:
    yield from row.settings_of
    if "beta1" in row.settings_of:
        yield "betas"


def _arguments(row: Optimiser, call: Callable[..., Any], *, function: bool) -> list[Argument]:
    try:
        parameters = list(inspect.signature(call).parameters.values())
    except (TypeError, ValueError) as error:
        raise UnknownDialectError(str(Message("optimiser.signature"))) from error
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    found: list[Argument] = []
    for p in parameters:
        if p.kind not in plain:
            continue
        part = _part(row, p.name, found, function=function, makes=isinstance(call, type))
        needed = p.default is p.empty
        found.append(Argument(p.name, part, needed, None if needed else p.default))
    return found


def _part(
    row: Optimiser, name: str, before: Sequence[Argument], *, function: bool, makes: bool
) -> Part:
    plain = undecorated(name)
    taken = {a.part for a in before}
    for part, names in _NAMES.items():
        if plain not in names or (part in taken and part is not Part.STATE):
            continue
        if part in (Part.STATE, Part.CONFIG) and not function:
            continue
        if part in (Part.KEY, Part.TIME) and makes:
            continue
        if makes and part is Part.PARAMS and plain in _ONE:
            continue
        if part is Part.STATE and plain == "m" and "momentum" in row.settings_of:
            continue
        return part
    return Part.SETTING


def _by_place(arguments: Sequence[Argument]) -> Iterator[Argument]:
    """Where no name says what they are, two arguments are the weights and their gradients."""
    needed = [a for a in arguments if a.needed]
    named = any(a.part is not Part.SETTING for a in needed)
    known = any(undecorated(a.name) in NAMES["lr"] for a in needed)
    if len(needed) == 2 and not named and not known:
        parts = {needed[0].name: Part.PARAMS, needed[1].name: Part.GRADS}
        for a in arguments:
            yield Argument(a.name, parts.get(a.name, a.part), a.needed, a.default)
    else:
        yield from arguments


def codes_of(value: Any) -> Iterator[CodeType]:
    """The code of a function, or of all methods of a class, with what is inside of it."""
    if isinstance(value, type):
        members = [m for cls in value.__mro__ if cls is not object for m in vars(cls).values()]
        members = [m.fget if isinstance(m, property) else m for m in members]
    else:
        members = [value]
    waiting = [getattr(inspect.unwrap(m), "__code__", None) for m in members if callable(m)]
    while waiting:
        code = waiting.pop()
        if code is not None:
            yield code
            waiting += [c for c in code.co_consts if isinstance(c, CodeType)]
