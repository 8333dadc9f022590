"""What the arguments and functions of a network are, told by their names."""

from __future__ import annotations

import re
from enum import StrEnum

from trigrad.subject.source.gradient_names import means_backward, means_gradient


class Role(StrEnum):
    """What an argument, or one of several results, is."""

    INPUT = "input"
    TARGET = "target"
    PARAMS = "params"
    """All weights, in a dict or a list."""
    OUTPUT = "output"
    CACHE = "cache"
    DECAY = "decay"
    RATE = "learning rate"
    UPSTREAM = "upstream"
    LOSS = "loss"
    WEIGHT = "weight"
    OTHER = ""


_PATTERNS = (
    (Role.LOSS, r"loss|cost|j|l|totalloss|totalcost|error|nll|ce|dataloss|avgloss|c"),
    (
        Role.UPSTREAM,
        r"dout|dal|da|dz|dy|dl|delta|upstream|grad|gradout|gradoutput|dvalues|da\d|dnext|dh|dscores",
    ),
    (
        Role.INPUT,
        r"x|xs|inputs?|data|features|a0|x(batch|train|b|data)|batchx|images?|inp|samples",
    ),
    (
        Role.TARGET,
        r"y|t|ys|targets?|labels?|y(true|batch|train|b|onehot|enc|target|label|labels|oh|actual)"
        r"|truth|gt|actual|onehoty|onehotlabels|groundtruth|batchy|expected",
    ),
    (
        Role.PARAMS,
        r"params?|parameters?|param[eè]tres|parametros|thetas?|model|p|net|network|weights|wts|ws|mlp|paramdict|wb|bs|biases",
    ),
    (
        Role.OUTPUT,
        r"a\d+|al|yhat|yp|y(pred|hat|predicted|out|prob|probs)|out|outputs?|preds?|predictions?"
        r"|probs?|probabilities|a|o|scores?|logits|h|hypothesis|zl|z\d*|predicted|activation|f|s",
    ),
    (
        Role.CACHE,
        r"caches?|memory|memo|store|forwardcache|intermediates?|ctx|saved|fwd|cached|tape"
        r"|activations|hidden|layers|state|values",
    ),
    (Role.RATE, r"lr|learningrate|eta|rate|stepsize|learnrate"),
    (Role.DECAY, r"reg|lambd|lambda|lam|lmbda|l2|l2reg|regstrength|regularization|weightdecay|wd"),
    (Role.WEIGHT, r"[wbuv]\d*|w[a-z]{1,2}|b[a-z]|theta\d|bias\d?|weights?\d|gamma\d?|beta\d?"),
)
_ROLES = tuple((role, re.compile(pattern)) for role, pattern in _PATTERNS)

_FORWARD = re.compile(
    r"forward|feedforward|fprop|forwardprop|forwardpropagation|predictproba|predict|fwd|model"
    r"|hypothesis|activate|net|network|infer|compute_output"
)
_COST = re.compile(r"cost|loss|entropy|mse|error|objective|nll|crossentropy|squared")


def plain(name: str) -> str:
    """A name in lower case without underscores."""
    return name.lower().replace("_", "")


def role_of(name: str, *, result: bool = False) -> Role:
    """What an argument of this name is; of a `result`, a loss comes first."""
    key = plain(name)
    for role, pattern in _ROLES:
        if role is Role.LOSS and not result:
            continue
        if pattern.fullmatch(key):
            return role
    return Role.OTHER


def names_forward(name: str) -> bool:
    """Whether a function of this name computes the outputs of a network."""
    return bool(_FORWARD.search(plain(name)))


def names_cost(name: str) -> bool:
    """Whether a function of this name computes a loss."""
    return bool(_COST.search(plain(name)))


def names_backward(name: str) -> bool:
    """Whether a function of this name computes gradients."""
    joined = re.search(r"back_?(prop|pass|ward)", plain(name))  # back_propagation: in two words
    return bool(joined) or means_backward(name) or means_gradient(name)
