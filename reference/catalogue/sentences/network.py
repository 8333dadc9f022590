"""The sentences in English: what is wrong in which layer of a network."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

NETWORK: dict[str, Template] = {
    # Why a layer in a network cannot be judged
    "apart.no_copy": "it cannot be copied",
    "apart.no_array": "its forward is given no array",
    "apart.no_output": "its forward returns no array of numbers",
    "apart.several": "it has several outputs",
    "apart.no_dout": "its backward is given nothing",
    "apart.dout_shape": "its backward is given another shape than that of its output",
    "apart.raises": "called alone it raises {error}",
    "apart.raised": "its backward raises {error}",
    "apart.too_many": "it calls its layers too often to be taken apart",
    "apart.not_called": "its backward is not called",
    "apart.unsettled": "the witnesses do not agree, or one cannot follow it",
    # Where a layer is
    "apart.line": "line {line}",
    "apart.cell": "cell {cell}, line {line}",
    "apart.place": "layer {number} of {count}, {name} ({cls}, {at})",
    "apart.short": "layer {number} ({name})",
    "apart.around": "{name} ({cls}, {at})",
    # What is wrong
    "apart.layer": {
        "one": "{place}: its {quantities} is not the derivative of its forward",
        "other": "{place}: its {quantities} are not the derivatives of its forward",
    },
    "apart.also": "{sentence}; the same in {names}",
    "apart.gradients": "gradients of {names}",
    "apart.own": "{place}: the layers in it are right, the mistake is in its own backward",
    "apart.missing": "{place}: its backward gives no {quantities}",
    "apart.layer_raises": "{place}: its backward raises {error}, though what it is given is right",
    "apart.stale": (
        "{place} is called several times, and its backward uses what the last call kept: each "
        "place in the network needs an object of its own"
    ),
    "apart.end": "{place}: {by} gives it the wrong gradient, although it is the first to go back",
    "apart.joint": (
        "{place}: {by} gives it the wrong gradient, although the one that {before} returns is right"
    ),
    "apart.left_out": "{place}: {by} does not call its backward",
    "apart.key": "what the network gives as the gradient of {name} is that of {other} ({place})",
    "apart.collected": "the network does not hand back the gradient of {name} that {place} finds",
    "apart.copy": (
        "{place}: it holds a copy of {name}, and not the network's own array, so that a step on "
        "{name} does not reach it"
    ),
    "apart.code": (
        "all {count} layers are right, and each is given the right gradient: the mistake is in the "
        "network's own code"
    ),
    "apart.code_at": (
        "all {count} layers are right, and each is given the right gradient: the mistake is in the "
        "network's own code (lines {first}-{last})"
    ),
    "apart.network": "the network",
    "apart.dout": "upstream gradient",
    # What is said of the others
    "apart.rest_right": "the rest is right",
    "apart.others_right": "the other layers are right for what they are given",
    "apart.not_judged": "not judged: {reasons}",
    "apart.lacking": "no gradient of {names} can be told",
    "apart.why": "{places} ({why})",
    "apart.inside": "in the network: {sentence}",
    "apart.no_update": "the weights of a layer in a network are not updated",
}
