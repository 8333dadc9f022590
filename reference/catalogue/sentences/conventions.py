"""The sentences in English: how a layer is read: notes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

CONVENTIONS: dict[str, Template] = {
    # Notes on what is not as in the book
    "note.called_as": "called as ({arguments})",
    "note.tuple": "it returns a tuple: the first value is judged, the others are taken as a cache",
    "note.labels": "{name} is passed as class labels",
    "note.from_object": "the output and dx are read from the object",
    "note.columns": "read with samples as columns (below, samples are rows)",
    "note.transposed": {
        "one": "{names} are stored transposed",
        "other": "{names} are stored transposed",
    },
    "note.gradient_path": "the gradient of {name} is read from {path}",
    "note.given": {
        "one": "the gradient of {names} is read from what backward gives to its optimiser",
        "other": "the gradients of {names} are read from what backward gives to its optimiser",
    },
    "note.updated": {
        "one": "the gradient of {names} is read from what backward subtracts",
        "other": "the gradients of {names} are read from what backward subtracts",
    },
    "note.features_first": "read as features-first; below, rows are samples",
    "note.features_first_mean": (
        "read as features-first, {names} divided by m as in deeplearning.ai's course; below, rows "
        "are samples and nothing is divided by m"
    ),
    "note.stored": "{name} is stored as (M, D)",
    "note.passed": "{name} is passed as {shape}",
    "note.in_one_list": "{names} are passed in one list",
    "note.in_one_tuple": "{names} are passed in one tuple",
    "note.upstream": "{name} is read as the upstream gradient",
    "note.beside": "forward also returns something beside its output",
    "note.order": "backward returns {names}, in this order",
    "note.returned_at": "{name} at {place}",
    "note.returned": "read from what backward returns: {places}",
    "note.adds_up": "{names} add up from call to call until {method}() is called",
    "note.cleared": (
        "{names} add up from call to call and are set to zero at {place}: judged by what one call "
        "adds"
    ),
    "note.one_sample.column": "right for one sample at a time, passed as a column",
    "note.one_sample.column.not_summed": {
        "one": (
            "right for one sample at a time, passed as a column: {names} is not summed over a batch"
        ),
        "other": (
            "right for one sample at a time, passed as a column: {names} is not summed over a batch"
        ),
    },
    "note.one_sample.row": "right for one sample at a time, passed as a row",
    "note.one_sample.row.not_summed": {
        "one": (
            "right for one sample at a time, passed as a row: {names} is not summed over a batch"
        ),
        "other": (
            "right for one sample at a time, passed as a row: {names} is not summed over a batch"
        ),
    },
    "note.one_sample.vector": "right for one sample at a time, passed as a 1-D array",
    "note.one_sample.vector.not_summed": {
        "one": (
            "right for one sample at a time, passed as a 1-D array: {names} is not summed over a "
            "batch"
        ),
        "other": (
            "right for one sample at a time, passed as a 1-D array: {names} is not summed over a "
            "batch"
        ),
    },
    # Why it cannot be read
    "unread.or_step": (
        "backward changes {names} by a step of unknown size, and {path} may be the gradient of "
        "{name} or the step"
    ),
    "unread.several": "more than one of its arrays may be the gradient of {name}: {names}",
    "unread.step_no_gradient": {
        "one": "backward changes {names} by a step of unknown size and stores no gradient of it",
        "other": (
            "backward changes {names} by a step of unknown size and stores no gradient of them"
        ),
    },
    "unread.momentum": {
        "one": (
            "backward changes {names} by more than the gradient of one call, as momentum does, "
            "and stores no gradient of it"
        ),
        "other": (
            "backward changes {names} by more than the gradient of one call, as momentum does, "
            "and stores no gradient of them"
        ),
    },
    "unread.adaptive": (
        "backward changes {name} by a step that is no multiple of its gradient, as with Adam or "
        "with a gradient that is clipped, and stores no gradient of it"
    ),
    "unread.takes": "{what} takes ({arguments}), {why}",
    "unread.count": {
        "one": "{what} takes {count} argument, not ({names})",
        "other": "{what} takes {count} arguments, not ({names})",
    },
    "unread.counts": "{what} takes {least} to {most} arguments, not ({names})",
    "unread.only": "only {name}({arguments}) is supported so far",
    "unread.meaning": "and the meaning of {name} is unknown",
    "unread.constructor": "its constructor",
    "unread.base_sets": (
        "it needs {names}, which its base class sets when it is called with variables of a graph; "
        "trigrad passes arrays"
    ),
    "unread.more_arrays": "{name} takes more than one array",
    "unread.weights": "the arrays that hold its weights are not known",
    "unread.sizes": "its constructor is not called with the sizes ({sizes})",
    "unread.outputs": "the number of its outputs is fixed: {name} is {shape}",
    "unread.more_params": "params has {names} too: it is another network",
    "unread.no_weight": "params has no {name}",
    "unread.weight": "params[{name}] has shape {found}, should be {should_be}",
    "unread.returned": (
        "more than one of the arrays that backward returns may be the gradient of {names}: {places}"
    ),
    "unread.no_method": "it has no {method}",
    "unread.no_methods": "it has no {method} and no {other}",
    "unread.activation": "it applies an activation of its own ({name})",
    "unread.slope": (
        "it has a slope of its own ({name} = {default}): with it, it is another function"
    ),
    "unread.no_backward": "it has no backward",
    "unread.attributes": "the attributes that hold {names} are not found",
    "unread.attributes_why": "the attributes that hold {names} are not found: {why}",
}
