"""The sentences in English: parts of sentences: names, quantities, shapes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

PARTS: dict[str, Template] = {
    # Several words as one list: "a", then "a, b", and at its end "a, b and c"
    "list.more": "{before}, {next}",
    "list.last": "{before} and {last}",
    # Between two sentences in one line, and between two counts
    "list.sentences": "{before}; {next}",
    "list.counts": "{before}, {next}",
    # Names and parts of sentences
    "names": "{names}",
    "nothing": "nothing",
    "object": "object",
    "gradients": "gradients",
    "method": "{method}",
    "method.result": "result of {method}",
    "pass.forward": "forward",
    "pass.backward": "backward",
    "pass.gradient": "gradient",
    "pass.function": "it",
    "quantity.output": "output",
    "quantity.gradient": "gradient of {name}",
    "quantity.the": "the {quantity}",
    "quantity.the_gradients": "the gradients of {names}",
    "row_sums": "row sums of the {quantity}",
    "shape": "shape {shape}",
    "shape.array": "an array of shape {shape}",
    "shape.number": "a single number",
    # What is returned instead of an array
    "returned.string": "a string",
    "returned.several": "a {kind} of {size}",
    "returned.a": "a {kind}",
    "returned.an": "an {kind}",
    "returned.large": "an array of shape {shape}, too large to check",
    "size.is": "{symbol} is {meaning}",
    "size.batch": "the batch size",
    "size.classes": "the number of classes",
    "size.columns": "the number of columns",
    "size.hidden": "the number of hidden units",
    "size.inputs": "the number of inputs",
    "size.outputs": "the number of outputs",
    "witness.finite_differences": "finite differences",
    "witness.autograd": "PyTorch",
    "witness.laws": "the laws",
    "witness.agree": "{names} agree",
}
