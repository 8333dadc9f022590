"""The sentences in English: suggestions, and how far a layer goes beyond what it must do."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

SUGGESTIONS: dict[str, Template] = {
    # Suggestions
    "overwrites.arguments": {
        "one": (
            "{call} changes its argument {names} in place: work on a copy, because other code may "
            "still use it"
        ),
        "other": (
            "{call} changes its arguments {names} in place: work on copies, because other code "
            "may still use them"
        ),
    },
    "overwrites.weights": {
        "one": "{call} changes its weight {names}: leave that to the update of the weights",
        "other": "{call} changes its weights {names}: leave that to the update of the weights",
    },
    "changed.is": "changed by {call}",
    "changed.should_be": "unchanged",
    "not_restored": "the old values should be restored after the call, but are not: {names}",
    "not_restored.is": "changed by the call",
    "not_restored.should_be": "as before the call",
    "starting.equal": (
        "all numbers in {names} start equal, so that all hidden units learn the same: start with "
        "small random numbers"
    ),
    "starting.is": "equal numbers",
    "starting.should_be": "random numbers",
    "dout.not_taken": "backward takes no dout",
    "dout.ignored": (
        "backward ignores dout, which is harmless while the loss is the last layer: multiply the "
        "result by dout to be safe"
    ),
    "dtype.is": "{quantity} is {dtype}",
    "dtype.wider": (
        "float32 inputs do not give float32 results ({each}), which can slow down what follows: "
        "keep the dtype of the input"
    ),
    "dtype.single": "only the digits of float32 are left in the {quantities}: compute in float64",
    "dtype.single_inside": (
        "it computes in float32 inside, although its results are float64: compute in float64 "
        "throughout"
    ),
    "extreme.not_finite": {
        "one": (
            "for inputs of ±1000 {quantities} is inf or nan: use a form of the formula that stays "
            "finite"
        ),
        "other": (
            "for inputs of ±1000 {quantities} are inf or nan: use a form of the formula that stays"
            " finite"
        ),
    },
    "extreme.should_be": "finite numbers",
    "extreme.warning": (
        "for inputs of ±1000 NumPy warns ({warning}): use a form of the formula that avoids this"
    ),
    "no_warning": "no warning",
    "certain.not_finite": (
        "the output is inf or nan when the right class has probability 1 and the others 0: use "
        "log(y + 1e-7) instead of log(y)"
    ),
    "certain.warning": (
        "NumPy warns when the right class has probability 1 and the others 0 ({warning}): add a "
        "small number where this happens"
    ),
    "form.read_only": "read-only arrays raise an error: copy an array before you change it",
    "form.strided": (
        "slices of larger arrays raise an error: call np.ascontiguousarray on them first"
    ),
    "frameworks": "it uses {names}: compute the gradients by hand, in NumPy",
    "frameworks.what": "text",
    "frameworks.should_be": "NumPy only",
    "shared.gradients": (
        "the {quantity} and that of {other} are one array, so that changing one changes both: "
        "return a copy of one of them"
    ),
    "shared.weight": (
        "the {quantity} and {other} are one array, so that changing one changes both: return a copy"
    ),
    "shared.is": "one array",
    "shared.should_be": "two arrays",
    # Capabilities
    "input.tensor": "x with 4 axes",
    "input.sample": "a single sample (x with 1 axis)",
    "input.matrix": "x with 2 axes",
    "input.broadcast": "a y with fewer axes than x (NumPy broadcasts it)",
    "input.labels": "class labels as the target",
    "input.labels_square": "class labels as the target (as many samples as classes)",
    "input.refused": "{name}",
    "input.not_refused": "{call} should handle {input} or raise an error, but {raised}",
    "input.output_wrong": (
        "{call} accepts {input} without an error, but the output is wrong: handle it, or raise an "
        "error"
    ),
    "input.backward_raises": (
        "{call} accepts {input}, but then {backward} raises {error}: handle it in both, or raise "
        "an error at once"
    ),
    "input.backward_ended": (
        "{call} accepts {input}, but then {raised}: handle it in both, or raise an error at once"
    ),
    "input.gradient_wrong": (
        "{call} accepts {input} without an error, but the {quantity} is wrong: handle it in "
        "backward too, or raise an error"
    ),
    "input.gradient_shape": (
        "{call} accepts {input}, but the {quantity} has shape {found} instead of {should_be}: "
        "handle it in backward too, or raise an error"
    ),
    "input.gradient_absent": (
        "{call} accepts {input}, but the {quantity} is {found}: handle it in backward too, or "
        "raise an error"
    ),
}
