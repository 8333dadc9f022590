"""The sentences in English: why something is not judged."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

UNJUDGED: dict[str, Template] = {
    "not_judged": "not judged, {why}",
    "misspelt": "is a misspelled name",
    "unjudged.version": (
        "by its name it may be another version of {contract}, but its output is not that of "
        "{contract}: a mistake in its forward, or another function"
    ),
    "another.loss": (
        "its loss is not softmax cross-entropy, and its text does not show that it is meant to be; "
        "nor is it the mean squared error or binary cross-entropy"
    ),
    "another.penalty": (
        "its loss is softmax cross-entropy and a term of the weights, such as weight decay"
    ),
    "another.raises": (
        "{raised}, and its text does not show that its loss is meant as softmax cross-entropy"
    ),
    "unjudged.tensors": "it works on PyTorch's tensors; trigrad gives NumPy arrays",
    "unjudged.wrapped": "it gives a {kind}, which wraps an array; trigrad reads NumPy arrays",
    "unjudged.variables": "it takes objects that hold an array (x.data); trigrad passes arrays",
    "unjudged.lists": "it takes Python lists and gives lists; trigrad passes NumPy arrays",
    "unjudged.attributes": (
        "it keeps gradients in attributes of the arrays (x.{name}); trigrad passes plain arrays, "
        "which have none"
    ),
    "unjudged.layer": "trigrad has no contract of this name",
    "unjudged.network": "trigrad does not know this network",
    "unjudged.engine": "it records operations to go back through them",
    "function.no_weights": "a function has no weights",
    "unjudged.closure": "it returns its backward as a function, which trigrad does not read",
    "unjudged.flag": "it returns its own derivative on demand, which trigrad does not read",
    "unjudged.derivative": (
        "it looks like the derivative of {name}, for which trigrad has no contract"
    ),
    "unjudged.both": "it returns a value and gradients, and trigrad has no contract of this name",
    "unjudged.backward": "it looks like a backward pass, without a forward that trigrad knows",
    "unjudged.inline": "{name} computes gradients beside what else it does",
    "unjudged.script": "gradients are computed outside of functions and classes",
    "unjudged.script.name": "code outside of definitions",
    "unjudged.todo": "gradcheck checks it: {call}",
    "unjudged.todo.derivative": (
        "if it is the derivative by the output of {name}, pass it that; gradcheck checks it: {call}"
    ),
    "unjudged.todo.engine": (
        "gradcheck compares the gradients of a loss that is computed with it with differences"
    ),
    "unjudged.todo.apart": (
        "put the gradients into a function of their own: gradcheck then compares them with "
        "differences of the loss"
    ),
    "unjudged.read_as": "read as {contract}, but {why}",
    "unjudged.needs": "it needs {absent}, which is not here ({message})",
}
