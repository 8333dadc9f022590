"""Names that mean a gradient: of functions and methods that compute one, and of variables."""

from __future__ import annotations

import re
from collections.abc import Collection

from trigrad.subject.source.spelling_distance import spelling_distance

_DERIVATIVE = frozenset(
    ("grad", "gradient", "derivative", "derivate", "derivation", "deriv", "der", "prime")
)
"""Words for a derivative, before or after the name of its function."""

_GRADIENT = frozenset(
    (*_DERIVATIVE, "grads", "gradients", "derivatives", "jacobian", "dloss", "dcost")
)
_BACKWARD = frozenset(
    (
        *("backward", "backwards", "backprop", "backpropagate", "backpropagation", "bprop", "bwd"),
        *("backpass", "backwardpass", "backpropogation"),
    )
)
_NO_GRADIENT = frozenset(
    (
        *("numerical", "numeric", "num", "estimate", "check", "gradcheck", "checker", "checking"),
        *("test", "verify", "compare", "clip", "clipping", "norm", "norms", "find", "nth", "next"),
        *("zero", "zeros", "reset", "clear", "flush", "init", "set", "add", "is", "has", "no"),
        *("descent", "ascent", "step", "update", "apply", "optimize", "optimizer", "requires"),
        *("plot", "show", "print", "draw", "visualize", "load", "save", "log", "enable", "disable"),
    )
)
"""Words for what is done with a gradient, for one that is not derived by hand, or for a prime."""

_CLEARING = frozenset(("zero", "zeros", "reset", "clear", "flush", "init"))
"""Of these, what sets a gradient to zero."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ENDS = re.compile(r"(?P<of>\w{3,}?)(prime|derivative|gradient|deriv|backward|backprop)")

_VARIABLE = re.compile(
    r"_?(d_?[WwBbXxYyZzAaHhUuVvSsOoLlPpCcMm]\d*(_(next|prev|out|in|h|x|y|t))?|d[hc](next|prev|raw)"
    r"|[Dd]_[A-Za-z]\w*"
    r"|d(out|scores|logits|hidden|weights?|bias(es)?|inputs?|theta|beta|gamma|prev|next|loss)\d*"
    r"|dL?_d\w+|dL?d[A-Za-z]\d*"
    r"|grads?|gradients?|grad_\w+|gradient_\w+|\w+_grads?|\w+_gradients?"
    r"|nabla\w*|\w*_?deltas?_?\w*|(hidden|output)_?errors?)"
)


def words_of(name: str) -> list[str]:
    """The words of a name in lower case: `sigmoidPrime` and `sigmoid_prime` have two."""
    return [word.lower() for word in _WORDS.findall(name)]


def means_backward(name: str) -> bool:
    """Whether a function or method of this name is a backward pass, perhaps misspelled."""
    words = words_of(name)
    if set(words) & _NO_GRADIENT:
        return False
    near = (spelling_distance(word, "backward") <= 1 for word in words)
    return bool(set(words) & _BACKWARD) or any(near)


def means_gradient(name: str) -> bool:
    """Whether a function or method of this name computes a gradient by hand."""
    words = words_of(name)
    if not words or set(words) & _NO_GRADIENT:
        return False
    if means_backward(name) or set(words) & _GRADIENT:
        return True
    return (words[0] == "d" and len(words) > 1) or bool(_ENDS.fullmatch(name.lower()))


def means_clearing(name: str) -> bool:
    """Whether a function or method of this name sets gradients to zero: zero_grad, cleargrads."""
    words = set(words_of(name))
    glued = any(w.startswith(tuple(_CLEARING)) and w.endswith(("grad", "grads")) for w in words)
    return glued or bool(words & _CLEARING and words & _GRADIENT)


def function_of_derivative(name: str, functions: Collection[str] = ()) -> str:
    """`sigmoid` for sigmoid_prime, dsigmoid, d_sigmoid, gradSigmoid…; "" for another name.

    `functions` are names in the same file: `df` is the derivative of `f` if there is an `f`. The
    function's name is given as it is spelled there, else in lower case.
    """
    words = words_of(name)
    if set(words) & _NO_GRADIENT or means_backward(name):
        return ""
    named = {"".join(words_of(function)): function for function in functions}
    rest = [word for word in words if word not in _DERIVATIVE and word != "of"]
    if len(rest) == len(words):
        if len(words) > 1 and words[0] in ("d", "dx"):
            rest = words[1:]
        elif name[:1] in "dD" and (bare := "".join(words)[1:]) in named:
            rest = [bare]
        elif found := _ENDS.fullmatch("".join(words)):
            rest = [found["of"]]
        else:
            return ""
    bare = "".join(rest)
    return named.get(bare, "_".join(rest))


def is_gradient_variable(name: str, known: Collection[str] = ()) -> bool:
    """Whether a variable of this name holds a gradient.

    `known` are other names of the same function: `dhidden` is a gradient beside `hidden`.
    """
    if _VARIABLE.fullmatch(name):
        return True
    return name.startswith("d") and len(name) > 2 and name[1:].lstrip("_") in known
