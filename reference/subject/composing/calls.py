"""Calls of a network's functions, as text: each argument is told by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trigrad.subject.composing.function_text import FunctionText, Taken, same_name
from trigrad.subject.composing.roles import Role, plain
from trigrad.subject.composing.weights import Weights

DECAY = "0.1"
"""The strength of weight decay: not 0, so that its gradient is seen."""

_NUMBERS = (
    (re.compile(r"keepprob|keep|dropout|p?drop\w*"), "0.5"),
    (re.compile(r"eps(ilon)?"), "1e-8"),
    (re.compile(r"delta|margin"), "1.0"),
    (re.compile(r"numlayers|nlayers|l|layers?"), "{layers}"),
    (re.compile(r"m|n|batchsize|numexamples|nsamples|numsamples"), "N"),
)
_STATE = re.compile(r"h(prev|0|init|s0)?|prevh|a0")


@dataclass(frozen=True)
class Names:
    """What stands for the arguments of a call: names of the declaration."""

    weights: Weights
    inputs: str
    targets: str
    forward: FunctionText | None = None
    """The function whose results `out` has; None where there is none."""
    labels: bool = False
    """Whether the targets are class labels."""

    def of(self, function: FunctionText) -> str:
        """What is called: a function, or a method of the object that is made."""
        return f"layer.{function.name}" if function.method else function.name


def call(function: FunctionText, names: Names) -> str | None:
    """The call of a function; None if an argument is unknown."""
    if function.method and function is names.forward and function.takes_one:
        return f"{names.of(function)}({names.inputs})"  # `feedforward(self, a)`
    given: list[str] = []
    for taken in function.takes:
        value = _value(taken, names)
        if value is None and taken.default is None:
            return None
        if value is None or (taken.default is not None and not _is_wanted(taken)):
            continue
        given.append(
            value if len(given) == function.takes.index(taken) else f"{taken.name}={value}"
        )
    return f"{names.of(function)}({', '.join(given)})"


def _is_wanted(taken: Taken) -> bool:
    """Whether an argument is given although it has a default."""
    wanted = (Role.TARGET, Role.DECAY, Role.INPUT, Role.PARAMS, Role.RATE)
    return taken.role in wanted


def _value(taken: Taken, names: Names) -> str | None:
    found = next((n for n in names.weights.names if n == taken.name), None)
    if found is not None:
        return found
    if (
        names.weights.group
        and taken.role in (Role.PARAMS, Role.WEIGHT)
        and (same_name(taken.name, names.weights.group) or taken.role is Role.PARAMS)
    ):
        return names.weights.group
    if taken.role is Role.INPUT:
        return names.inputs
    if taken.role is Role.TARGET:
        return names.targets
    result = result_for(taken, names)
    if result is not None:
        return result
    if taken.role is Role.DECAY:
        return DECAY
    if taken.role is Role.RATE:
        return "1.0"  # the step is then the gradient
    layers = sum(len(axes.split()) == 2 for _, axes in names.weights.shapes)
    for pattern, value in _NUMBERS:
        if pattern.fullmatch(plain(taken.name)):
            return value.format(layers=layers)
    if len(names.weights.names) == 1 and taken.role is Role.PARAMS:
        return names.weights.names[0]
    return None


def result_for(taken: Taken, names: Names) -> str | None:
    """What forward has returned that an argument of this name means."""
    if names.forward is None:
        return None
    results = names.forward.results
    several = len(results) > 1
    for index, result in enumerate(results):
        own = f"out[{index}]" if several else "out"
        if result.name and same_name(result.name, taken.name):
            return own
        for key in result.keys:
            if same_name(key, taken.name):
                return f"{own}[{key!r}]"
    if taken.role is Role.OUTPUT:
        return output_of(names.forward)
    if taken.role is Role.CACHE:
        held = [i for i, r in enumerate(results) if r.role is Role.CACHE or r.keys]
        if not several:
            return "out"
        if held:
            return f"out[{held[0]}]"
        return "out[1]" if len(results) == 2 else "out"
    return None


def output_of(forward: FunctionText) -> str:
    """The output of a network among what its forward returns."""
    results = forward.results
    if len(results) > 1:
        plain_ones = [i for i, r in enumerate(results) if r.role is not Role.CACHE and not r.keys]
        outputs = [i for i in plain_ones if results[i].role is Role.OUTPUT or not results[i].name]
        named = [i for i in plain_ones if _named_output(results[i].name)]
        last = _last_numbered(results)
        index = (named or last or outputs or plain_ones or [0])[0]
        return f"out[{index}]"
    keys = results[0].keys if results else ()
    if results and results[0].grows:
        return "list(out.values())[-1]"
    if results and results[0].role is Role.CACHE and not keys:
        return "out[-1]"  # a list of all activations
    if keys:
        named_keys = [k for k in keys if _named_output(k)]
        numbered = sorted(
            (k for k in keys if re.fullmatch(r"[aA]\d+", k)), key=lambda k: int(k[1:])
        )
        return f"out[{[*named_keys, *numbered[::-1], *keys[::-1]][0]!r}]"
    return "out"


def _named_output(name: str) -> bool:
    return bool(re.search(r"hat|pred|prob|out|^al$", plain(name)))


def _last_numbered(results: Sequence[object]) -> list[int]:
    """The place of the activation with the highest number, among several (A1, A2)."""
    found = []
    for index, result in enumerate(results):
        match = re.fullmatch(r"[aA](\d+)", getattr(result, "name", ""))
        if match:
            found.append((int(match[1]), index))
    return [index for _, index in sorted(found, reverse=True)]
