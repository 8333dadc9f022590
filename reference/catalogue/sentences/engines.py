"""The sentences in English: automatic differentiation engines."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

ENGINES: dict[str, Template] = {
    "engine.not_made": "its constructor takes neither a number nor an array alone",
    "engine.no_value": "its objects hold no value that is found (as `data`, `value`)",
    "engine.no_gradient": "its objects hold no gradient that is found (as `grad`)",
    "engine.gives": "{what} gives a {kind}",
    "engine.no_operation": "none of the operations that were tried works with it",
    "engine.no_add": "it cannot add",
    "engine.raises": "{raised}",
    "engine.wrong": "{name} is wrong",
    "engine.of": "{operation}: {words}",
    "engine.derived": "{words} (and so are, as they use it: {names})",
    "engine.together": "each operation is right on its own, but together: {words}",
    "engine.again": "the first time all is right, but with fresh leaves a second time: {words}",
    "engine.cleared": (
        "the first time all is right, but after the gradients are cleared, with the same leaves "
        "again: {words}"
    ),
    "engine.everything": (
        "no operation is right, so look at {backward} first, which all of them need: {words}"
    ),
    "engine.adding": (
        "what comes back to a value that is used twice is not added up, whatever the operation; "
        "look at {backward} first: {words}"
    ),
    "engine.also": "also: {wrong}",
    "engine.doubt": "PyTorch and the differences do not agree on the derivative of {what}",
    "engine.undecided": (
        "PyTorch says that {name} is wrong, and the differences do not confirm it"
    ),
    "engine.broadcast": (
        "operands of different shapes are accepted (NumPy broadcasts them), but then {what}; no "
        "error is raised"
    ),
    "engine.long": (
        "with {steps} operations in a chain, backward raises {raised}: it calls itself once for "
        "each of them"
    ),
    "engine.numbers": "numbers",
    "engine.arrays": "arrays",
    "engine.broadcasting": "broadcasting",
    "engine.plain": "plain numbers",
    "engine.plain_but": "plain numbers (not {refused})",
    "engine.handles": "an engine of {kind}: handles {able}",
    "engine.programs": {"one": "{count} program", "other": "{count} programs"},
    "engine.untried": (
        "no program runs through it: trigrad does not know its name, or it needs more arguments"
    ),
    "engine.unwritten": "not written yet: the body of {backward} is empty",
    "engine.no_layer": "an engine runs programs",
}
