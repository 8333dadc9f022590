"""The sentences in English: automatic differentiation engines."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

ENGINES: dict[str, Template] = {
    "engine.not_made": "its constructor takes neither a number nor an array as its only argument",
    "engine.no_value": (
        "trigrad does not find where its objects store their value (such as `data`, `value`)"
    ),
    "engine.no_gradient": (
        "trigrad does not find where its objects store their gradient (such as `grad`)"
    ),
    "engine.gives": "{what} gives a {kind}",
    "engine.no_operation": "none of the operations that were tried works with it",
    "engine.no_add": "it cannot add",
    "engine.raises": "{raised}",
    "engine.wrong": "{name} is wrong",
    "engine.of": "{operation}: {words}",
    "engine.derived": "{words} (these use it, so they are wrong too: {names})",
    "engine.together": "each operation alone is right, but together: {words}",
    "engine.again": (
        "the first time everything is right, but not the second time, with new values: {words}"
    ),
    "engine.cleared": (
        "the first time everything is right, but not the second time, after the gradients are set "
        "to zero: {words}"
    ),
    "engine.everything": (
        "no operation is right, so look first at {backward}, which all of them use: {words}"
    ),
    "engine.adding": (
        "when a value is used twice, its gradients are not added up; look first at {backward}: "
        "{words}"
    ),
    "engine.also": "this is wrong too: {wrong}",
    "engine.doubt": "PyTorch and finite differences do not agree on the derivative of {what}",
    "engine.undecided": (
        "PyTorch says that {name} is wrong, but finite differences do not confirm it"
    ),
    "engine.broadcast": (
        "inputs of different shapes are accepted without an error (NumPy broadcasts them), but "
        "then {what}: sum the gradient over the axes that were added"
    ),
    "engine.long": (
        "with {steps} operations in a chain, backward raises {raised}, because it calls itself "
        "once for each: use a loop instead"
    ),
    "engine.numbers": "numbers",
    "engine.arrays": "arrays",
    "engine.broadcasting": "inputs of different shapes",
    "engine.plain": "plain numbers",
    "engine.plain_but": "plain numbers (not {refused})",
    "engine.handles": "an engine for {kind}: works for {able}",
    "engine.programs": {"one": "{count} program", "other": "{count} programs"},
    "engine.untried": (
        "it was not tried: trigrad does not know its name, or it needs more arguments"
    ),
    "engine.unwritten": "not written yet: the body of {backward} is empty",
    "engine.no_layer": "an engine runs programs",
}
