"""The sentences of grades in English: why a layer has its points, and what a class does wrong."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

GRADING: dict[str, Template] = {
    # Why a layer has these points
    "grade.holds": "everything is right",
    "grade.not_in_time": "not judged: the time was over before its turn",
    "grade.gradients": {
        "one": "{holding} of {all} gradients are right: {lost} is not",
        "other": "{holding} of {all} gradients are right: {lost} are not",
    },
    "grade.output": "the output is wrong; all gradients are right",
    "grade.no_gradient": {
        "one": "the output is right, the gradient is not",
        "other": "the output is right, none of the {count} gradients is",
    },
    "grade.laws": {
        "one": "output and gradients are right; another check fails: {claims}",
        "other": "output and gradients are right; other checks fail: {claims}",
    },
    "grade.fails": {
        "one": "no points can be given, because this check fails: {claims}",
        "other": "no points can be given, because these checks fail: {claims}",
    },
    "grade.claims": {
        "one": "{holding} of {all} checks that give points pass: {lost} does not",
        "other": "{holding} of {all} checks that give points pass: {lost} do not",
    },
    "grade.only_claims": {
        "one": "all checks that give points pass; another one fails: {claims}",
        "other": "all checks that give points pass; others fail: {claims}",
    },
    "grade.missing": "missing",
    "grade.missing_unread": "missing; what could not be read: {unread}",
    "grade.other_name": "there is {name}, but only these names count: {names}",
    "grade.not_judged": "{name} cannot be judged, {why}",
    "grade.unimplemented": "not written yet",
    "grade.undecided_full": "not decided, so all points until somebody looks: {why}",
    "grade.undecided_none": "not decided, so no points until somebody looks: {why}",
    "grade.no_reason": "the checks could not decide",
    "grade.forward_unknown": (
        "its gradients are right for its forward. But that forward is not the function that "
        "trigrad knows by this name"
    ),
    "grade.best": "{why} ({place}, the best of {count})",
    "grade.place": "{name} in {file}",
    "grade.advice": {
        "one": "{names} does not keep it",
        "other": "{names} do not keep it",
    },
    "grade.no_layer": "no layer that could keep it",
    # What is wrong, without numbers: the same sentence for all who made this mistake
    "class.extra_axis": "the right numbers, but with an extra axis (keepdims)",
    "class.reshaped": "the right numbers, but in another shape",
    "class.kink.swapped": "0 on the wrong side of the threshold",
    "class.kink.let_through": "not 0 where it should be, and right elsewhere",
    "class.kink.threshold": "the threshold is at the wrong place",
    "class.argument": "computed for a multiple of the input",
    "class.polynomial_of_input": "the derivative is computed from the input, not from the output",
    "class.polynomial": "dout is multiplied by the wrong derivative",
    "class.multiple": "a multiple of what it should be",
    "class.offset": "every number is too large or too small by the same amount",
    "class.missing": "a term is missing",
    "class.too_much": "there is a term too much",
    "class.never_stored": "forward does not store what backward reads",
    "class.one_hot": "one-hot targets are read as class labels",
    "class.raises": "{call} raises {error}",
    "class.raises_own": "{call} raises an error of its own",
    "class.ended": "{call} does not return",
    "class.method": "a method",
    "class.absent": "{quantity} is not there",
    "class.shape": "{quantity} has the wrong shape",
    "class.wrong": "{quantity} is wrong, in a way that trigrad has no words for",
    "class.refuted": "this check fails: {claim}",
}
