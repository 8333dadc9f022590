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
    "apart.dout_shape": "its backward is given a dout of another shape than its output",
    "apart.raises": "called alone, it raises {error}",
    "apart.raised": "its backward raises {error}",
    "apart.too_many": "it calls its layers so often that they cannot be looked at one by one",
    "apart.not_called": "its backward is not called",
    "apart.unsettled": "finite differences and PyTorch do not agree, or PyTorch cannot follow it",
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
    "apart.own": "{place}: the layers in it are right; the mistake is in its own backward",
    "apart.missing": "{place}: its backward gives no {quantities}",
    "apart.layer_raises": (
        "{place}: its backward raises {error}, although it is given the right dout"
    ),
    "apart.stale": (
        "{place} is called several times, but remembers only its last call: use one object for "
        "each place in the network"
    ),
    "apart.end": "{place}: {by} gives it the wrong dout, although it is the first to go back",
    "apart.joint": (
        "{place}: {by} gives it the wrong dout, although {before} returns the right gradient"
    ),
    "apart.left_out": "{place}: {by} does not call its backward",
    "apart.key": "the network returns the gradient of {other} ({place}) as that of {name}",
    "apart.collected": "the network does not return the gradient of {name}, which {place} computes",
    "apart.copy": (
        "{place}: it holds a copy of {name}, not the array of the network. An update of {name} "
        "does not reach it"
    ),
    "apart.code": (
        "all {count} layers are right and get the right dout: the mistake is in the code of the "
        "network itself"
    ),
    "apart.code_at": (
        "all {count} layers are right and get the right dout: the mistake is in the code of the "
        "network itself (lines {first}-{last})"
    ),
    "apart.network": "the network",
    "apart.dout": "dout",
    # What is said of the others
    "apart.rest_right": "everything else is right",
    "apart.others_right": "the other layers are right for the dout that they get",
    "apart.not_judged": "not judged: {reasons}",
    "apart.lacking": "the gradients of {names} cannot be found",
    "apart.why": "{places} ({why})",
    "apart.inside": "in the network: {sentence}",
    "apart.no_update": "the weights of a layer in a network are not updated",
}
