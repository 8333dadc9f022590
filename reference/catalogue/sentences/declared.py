"""The sentences in English: declarations and guesses of what a layer takes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

DECLARED: dict[str, Template] = {
    "declaration.in": "{why} (at `{at}` in `{declaration}`)",
    "declaration.no_colon": "there is no : after the name; write it as in `x: N D`",
    "declaration.name": "{name!r} is no name for an array",
    "declaration.twice": "{name} is declared twice",
    "declaration.empty": "it declares no array; write it as in `x: N D; W: D M`",
    "declaration.no_gradient": "none of these arrays has a gradient",
    "declaration.open": "a bracket or a quotation mark is not closed",
    "declaration.expression": "this is no expression in Python",
    "declaration.size": (
        "{size!r} is neither a letter nor a number; kinds are real, unit, prob, positive, binary, "
        "onehot, labels<C, whole<1..2> and fixed"
    ),
    "declaration.large": (
        "the arrays that are declared have too many numbers for a case; declare letters, or "
        "smaller sizes"
    ),
    "declaration.axes": "an array has at most {axes} axes",
    "declaration.no_axis": "{kind} needs a last size of 2 or more: one class is no choice",
    "declaration.classes": "no array has the size {size}",
    "declare.whose": (
        "--declare needs --layer, the name of the class or function that it is about"
    ),
    "contracts.no_file": "there is no file of contracts {path}: check the spelling",
    "contracts.empty": "{path} enters no contract: it should call contract(…) at least once",
    "contracts.twice": "{path} enters {name} twice, by its name or another spelling of it",
    "guess.none": "with none of the inputs that were tried both passes run",
    "guess.even": "backward raises where {name} is odd: it is judged with even {name}",
    "guess.note": "on inputs that were guessed: {declaration}",
    "guess.loss": (
        "no loss was found for it: its gradients are compared with those of {loss}, which was "
        "guessed too"
    ),
    "guess.differs": (
        "on inputs that were guessed it does not hold: {names}. If these are its inputs, write "
        "this above it, and it is judged: # trigrad: {declaration}"
    ),
    "guess.raises": (
        "on inputs that were guessed {raised}. If these are its inputs, write this above it, and "
        "it is judged: # trigrad: {declaration}"
    ),
    "guess.order": (
        "backward returns the gradients of {names} in this order, which is not that of forward: "
        "they are exchanged, unless what calls it knows that. If it does, write this above it: "
        "# trigrad: {declaration}"
    ),
    "declared.note": "declared: {declaration}",
    "declared.held": "with the weights that it holds: {names}",
    "declared.no_passes": (
        "it has no forward and backward that trigrad finds; declare them as in "
        "`forward: layer.call(x); backward: layer.grad(dout)`"
    ),
    "declared.build": (
        "its constructor takes ({arguments}); declare how an object is made, as in "
        "`build: {name}(W, b)`"
    ),
    "declared.forward": (
        "forward takes ({arguments}), and {names} are declared; say how it is called, as in "
        "`{field}: layer.forward(x)`"
    ),
    "declared.backward": (
        "backward takes ({arguments}), and the meaning of {name} is unknown; say how it is "
        "called, as in `{field}: layer.backward(dout)`"
    ),
    "declared.outputs": (
        "backward takes ({arguments}), and the meaning of {name} is unknown; if forward returns "
        "several outputs and backward takes the gradient of each, say which they are, as in "
        "`{field}: out[:2]`"
    ),
    "outputs.several": (
        "several outputs, judged together: dout has the gradients of {names}, one after the other"
    ),
    "outputs.place": "output {place}",
    "outputs.unjudged": "not judged, since backward is given no gradient for it: {names}",
    "declared.own_shape": (
        "{name} is declared as a weight, but the object holds none of that name and shape (its "
        "own: {own}); pass it in `build:`, or declare its sizes as the object has them"
    ),
    "declared.shape": "the gradient of {name} has the shape {found}, and {name} itself {own}",
    "declared.no_places": "the arrays that hold its weights are not known",
    "declared.order": "backward returns the gradients of {names} in this order",
    "declared.differences_alone": (
        "PyTorch cannot follow this forward ({why}): backward is compared with differences alone"
    ),
    "declared.forward_as_written": "forward is taken as you wrote it: only backward is judged",
    "declared.raises": "{raised} with each of the sizes that were tried (first with {shapes})",
    "declared.like_raises": (
        "the function that it should be like raises {kind} ({words}); it is given the operands and "
        "then the weights, as tensors, in the order in which they are declared"
    ),
    "declared.like_shape": (
        "the function that it should be like gives the shape {found}, and forward {own}"
    ),
    "declared.no_numbers": "forward gives {found} (with {shapes}), and not numbers",
}
