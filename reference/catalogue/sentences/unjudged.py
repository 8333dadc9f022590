"""The sentences in English: why something is not judged."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

UNJUDGED: dict[str, Template] = {
    "not_judged": "not judged, {why}",
    "misspelt": "is a misspelled name",
    "unjudged.version": (
        "by its name it may be another version of {contract}, but its output is not that of "
        "{contract}: either forward is wrong, or it is another function"
    ),
    "settings.behind": (
        "what is wrong here for {layer} changes with {names}, a setting that {layer} does not "
        "have. If another function is meant, all may be well: give it another name, or write above "
        "it what it takes, as in `# trigrad: x: N D`"
    ),
    "numbers.other": "with its default numbers it passes; this is wrong with {numbers}",
    "numbers.backward_only": (
        "with its default numbers it passes. With {numbers}, backward gives another gradient, and "
        "forward gives the same output: that is a mistake, unless backward is meant to scale the "
        "gradient"
    ),
    "another.loss": (
        "its loss is not softmax cross-entropy, mean squared error or binary cross-entropy; its "
        "code does not show which one is meant"
    ),
    "another.penalty": (
        "its loss is softmax cross-entropy plus a term of the weights, such as weight decay"
    ),
    "another.raises": "{raised}; its code does not show that its loss is softmax cross-entropy",
    "unjudged.tensors": "it works on PyTorch tensors; trigrad passes NumPy arrays",
    "unjudged.wrapped": (
        "it returns a {kind}, which contains an array; trigrad reads only NumPy arrays"
    ),
    "unjudged.variables": (
        "it takes objects that contain an array (x.data); trigrad passes NumPy arrays"
    ),
    "unjudged.lists": "it works on Python lists; trigrad passes NumPy arrays",
    "unjudged.attributes": (
        "it stores gradients in attributes of the arrays (x.{name}); NumPy arrays have no such "
        "attributes"
    ),
    "unjudged.layer": "trigrad knows no layer of this name",
    "unjudged.network": "trigrad does not know this network",
    "unjudged.engine": "it is an engine that records operations",
    "function.no_weights": "a function has no weights",
    "unjudged.closure": (
        "its backward is a function that forward returns, which trigrad cannot read"
    ),
    "unjudged.flag": (
        "one argument decides whether it returns its value or its derivative, which trigrad "
        "cannot read"
    ),
    "unjudged.derivative": "it looks like the derivative of {name}, which trigrad does not know",
    "unjudged.both": "it returns a value and gradients, but trigrad knows no function of this name",
    "unjudged.backward": (
        "it looks like a backward, but there is no forward for it that trigrad knows"
    ),
    "unjudged.inline": "{name} computes gradients among other things",
    "unjudged.script": "gradients are computed outside of functions and classes",
    "unjudged.script.name": "code outside of functions and classes",
    "unjudged.todo": "check it with gradcheck: {call}",
    "unjudged.todo.derivative": (
        "if it is the derivative at the output of {name}, pass it that output; check it with "
        "gradcheck: {call}"
    ),
    "unjudged.todo.engine": "gradcheck can check the gradients of a loss that is computed with it",
    "unjudged.todo.apart": (
        "put the code for the gradients into a function; then gradcheck can check it"
    ),
    "unjudged.read_as": "read as {contract}, but {why}",
    "unjudged.needs": "it needs what was not found: {absent} ({message})",
}
