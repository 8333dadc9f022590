"""The sentences in English: declarations and guesses of what a layer takes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

DECLARED: dict[str, Template] = {
    "declaration.in": "{why} (at `{at}` in `{declaration}`)",
    "declaration.no_colon": "there is no : after the name; write it as in `x: N D`",
    "declaration.name": "{name!r} cannot be the name of an array",
    "declaration.twice": "{name} is declared twice",
    "declaration.empty": "it declares no array; write it as in `x: N D; W: D M`",
    "declaration.no_gradient": "none of these arrays has a gradient",
    "declaration.open": "a bracket or a quotation mark is not closed",
    "declaration.expression": "this is not an expression in Python",
    "declaration.size": (
        "{size!r} is neither a letter nor a number; kinds are real, unit, prob, positive, binary, "
        "onehot, labels<C, whole<1..2> and fixed"
    ),
    "declaration.large": (
        "the declared arrays are too large for a check; use letters, or smaller sizes"
    ),
    "declaration.axes": "an array has at most {axes} axes",
    "declaration.no_axis": "{kind} needs a last size of 2 or more, because one class is no choice",
    "declaration.classes": "no array has the size {size}",
    "declare.whose": (
        "--declare needs --layer, the name of the class or function that it is about"
    ),
    "contracts.no_file": "there is no file {path} with contracts: check the spelling",
    "contracts.empty": "{path} has no contract: it should call contract(…) at least once",
    "contracts.twice": "{path} has two contracts for {name}",
    "guess.likeliest": (
        "trigrad tried many inputs, and it runs with none of them: with the likeliest, {raised}"
    ),
    "guess.none": "trigrad tried many inputs, and forward and backward run with none of them",
    "guess.even": "backward raises an error when {name} is odd: only even {name} is checked",
    "guess.note": "trigrad guessed what it takes: {declaration}",
    "guess.loss": (
        "no loss was found for it, so its gradients are compared with those of {loss}, which is a "
        "guess, too"
    ),
    "guess.differs": (
        "for the inputs that trigrad guessed, this is wrong: {names}. If it really takes these "
        "inputs, write this line above it to have it judged: # trigrad: {declaration}"
    ),
    "guess.raises": (
        "for the inputs that trigrad guessed, {raised}. If it really takes these inputs, write "
        "this line above it to have it judged: # trigrad: {declaration}"
    ),
    "guess.order": (
        "backward returns the gradients of {names} in this order, but forward takes them in "
        "another: they are swapped, unless the code that uses them knows it. If it does, write "
        "this line above it: # trigrad: {declaration}"
    ),
    "declared.note": "declared: {declaration}",
    "declared.held": "with the weights that the object holds: {names}",
    "declared.no_passes": (
        "trigrad does not find its forward and backward; declare them as in `forward: "
        "layer.call(x); backward: layer.grad(dout)`"
    ),
    "declared.build": (
        "its constructor takes ({arguments}); declare how to make an object, as in `build: "
        "{name}(W, b)`"
    ),
    "declared.forward": (
        "forward takes ({arguments}), but {names} are declared; declare how to call it, as in "
        "`{field}: layer.forward(x)`"
    ),
    "declared.backward": (
        "backward takes ({arguments}), and trigrad does not know what {name} is; declare how to "
        "call it, as in `{field}: layer.backward(dout)`"
    ),
    "declared.outputs": (
        "backward takes ({arguments}), and trigrad does not know what {name} is; if forward "
        "returns several outputs and backward takes the gradient of each, declare which, as in "
        "`{field}: out[:2]`"
    ),
    "outputs.several": (
        "it has several outputs, which are checked together: dout contains the gradients of "
        "{names}, one after the other"
    ),
    "outputs.place": "output {place}",
    "outputs.unjudged": "not checked, because backward takes no gradient for it: {names}",
    "declared.own_shape": (
        "{name} is declared as a weight, but the object has no such array of this shape (it has: "
        "{own}); pass it in `build:`, or declare the sizes that the object has"
    ),
    "declared.shape": "the gradient of {name} has the shape {found}, but {name} itself has {own}",
    "declared.no_places": "the arrays in which it keeps its weights were not found",
    "declared.stepped": (
        "the gradient of {name} is read from what backward subtracts, at a learning rate of {rate}"
    ),
    "declared.order": "backward returns the gradients of {names} in this order",
    "declared.differences_alone": (
        "PyTorch cannot follow this forward ({why}): backward is compared with finite differences "
        "only"
    ),
    "declared.forward_as_written": "forward is taken as you wrote it: only backward is checked",
    "declared.raises": "{raised} with each of the sizes that were tried (first with {shapes})",
    "declared.like_raises": (
        "the function given as like= raises {kind} ({words}); it is called with the inputs and "
        "then the weights, as tensors, in the order in which they are declared"
    ),
    "declared.like_shape": (
        "the function given as like= gives the shape {found}, but forward gives {own}"
    ),
    "declared.no_numbers": "forward gives {found} (with {shapes}), not numbers",
}
