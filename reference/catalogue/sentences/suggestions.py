"""The sentences in English: suggestions, and how far a layer goes beyond what it must do."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

SUGGESTIONS: dict[str, Template] = {
    # Suggestions
    "overwrites.arguments": {
        "one": "{call} overwrites its argument {names}",
        "other": "{call} overwrites its arguments {names}",
    },
    "overwrites.weights": {
        "one": "{call} overwrites its weight {names}",
        "other": "{call} overwrites its weights {names}",
    },
    "changed.is": "changed by {call}",
    "changed.should_be": "left as it was",
    "not_restored": "{names} is not restored",
    "not_restored.is": "changed by the call",
    "not_restored.should_be": "restored",
    "starting.equal": (
        "{names} start with equal numbers in each: then all hidden units get equal gradients, and "
        "stay equal"
    ),
    "starting.is": "equal numbers",
    "starting.should_be": "random ones",
    "dout.not_taken": "backward takes no dout",
    "dout.ignored": "backward ignores dout: harmless as long as the loss is the last layer",
    "dtype.is": "{quantity} is {dtype}",
    "dtype.wider": "float32 does not stay float32: {each}",
    "dtype.single": "computes in single precision: {quantities} lost digits",
    "dtype.single_inside": "computes in single precision inside, although its results are float64",
    "extreme.not_finite": {
        "one": "{quantities} is not finite for inputs of ±1000",
        "other": "{quantities} are not finite for inputs of ±1000",
    },
    "extreme.should_be": "finite numbers",
    "extreme.warning": "NumPy warns for inputs of ±1000: {warning}",
    "no_warning": "no warning",
    "certain.not_finite": (
        "the output is not finite if the right class has probability 1 and the others have 0"
    ),
    "certain.warning": (
        "NumPy warns if the right class has probability 1 and the others have 0: {warning}"
    ),
    "form.read_only": "read-only arrays are refused",
    "form.strided": "non-contiguous arrays are refused",
    "frameworks": ("uses {names}: gradients that come from a library are not written by hand"),
    "frameworks.what": "text",
    "frameworks.should_be": "NumPy only",
    "shared.gradients": "the {quantity} and that of {other} are one array",
    "shared.weight": "the {quantity} and {other} are one array",
    "shared.is": "one array",
    "shared.should_be": "two arrays",
    # Capabilities
    "input.tensor": "a 4-D x",
    "input.sample": "a single 1-D sample",
    "input.matrix": "a 2-D x",
    "input.broadcast": "a y with fewer axes than x (NumPy broadcasts it)",
    "input.labels": "class labels as the target",
    "input.labels_square": ("class labels as the target (with as many samples as classes)"),
    "input.refused": "{name}",
    "input.not_refused": "{call} neither handles nor refuses {input}: {raised}",
    "input.output_wrong": (
        "{call} accepts {input}, but the output is then wrong; no error is raised"
    ),
    "input.backward_raises": "{call} accepts {input}, but {backward} then raises {error}",
    "input.backward_ended": "{call} accepts {input}, but then {raised}",
    "input.gradient_wrong": (
        "{call} accepts {input}, but the {quantity} is then wrong; no error is raised"
    ),
    "input.gradient_shape": (
        "{call} accepts {input}, but the {quantity} then has shape {found} instead of "
        "{should_be}; no error is raised"
    ),
    "input.gradient_absent": (
        "{call} accepts {input}, but the {quantity} is then {found}; no error is raised"
    ),
}
