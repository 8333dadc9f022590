"""The sentences of grades in English: why a layer has its points, and what a class does wrong."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

GRADING: dict[str, Template] = {
    # Why a layer has these points
    "grade.holds": "everything holds",
    "grade.not_in_time": "not judged: the time limit was over before",
    "grade.gradients": {
        "one": "{holding} of {all} gradients hold: {lost} does not",
        "other": "{holding} of {all} gradients hold: {lost} do not",
    },
    "grade.output": "the output is wrong; all gradients hold",
    "grade.no_gradient": {
        "one": "the output holds, the gradient does not",
        "other": "the output holds, none of the {count} gradients does",
    },
    "grade.laws": {
        "one": "output and gradients hold; another claim does not: {claims}",
        "other": "output and gradients hold; other claims do not: {claims}",
    },
    "grade.fails": {
        "one": "nothing of it can be counted; this claim does not hold: {claims}",
        "other": "nothing of it can be counted; these claims do not hold: {claims}",
    },
    "grade.claims": {
        "one": "{holding} of {all} claims that give points hold: {lost} does not",
        "other": "{holding} of {all} claims that give points hold: {lost} do not",
    },
    "grade.only_claims": {
        "one": "all claims that give points hold; another does not: {claims}",
        "other": "all claims that give points hold; others do not: {claims}",
    },
    "grade.missing": "missing",
    "grade.missing_unread": "missing; what could not be read: {unread}",
    "grade.other_name": "there is {name}, but only these names count: {names}",
    "grade.not_judged": "{name} cannot be judged, {why}",
    "grade.unimplemented": "not written yet",
    "grade.undecided_full": "not decided, so all points until somebody looks: {why}",
    "grade.undecided_none": "not decided, so no points until somebody looks: {why}",
    "grade.no_reason": "the witnesses could not decide",
    "grade.forward_unknown": (
        "forward was compared with nothing: it is not the function that this name stands for, as "
        "far as trigrad knows it; its gradients are right for it as it is"
    ),
    "grade.best": "{why} ({place}, the best of {count})",
    "grade.place": "{name} in {file}",
    "grade.advice": {
        "one": "{names} does not keep it",
        "other": "{names} do not keep it",
    },
    "grade.no_layer": "no layer that could keep it",
    # What is wrong, without numbers: the same sentence for all who made this mistake
    "class.extra_axis": "what it should be, with an extra axis (keepdims)",
    "class.reshaped": "what it should be, in another shape",
    "class.kink.swapped": "the two sides of the kink are swapped",
    "class.kink.let_through": "not 0 where it should be, and right elsewhere",
    "class.kink.threshold": "the threshold is not where it should be",
    "class.argument": "what it should be for a multiple of the input",
    "class.polynomial_of_input": "the derivative is computed with the input, not the output",
    "class.polynomial": "dout times another derivative than it should be",
    "class.multiple": "a multiple of what it should be",
    "class.offset": "off by one number everywhere",
    "class.missing": "a term is missing",
    "class.too_much": "a term too much",
    "class.never_stored": "forward never stores what backward reads",
    "class.one_hot": "one-hot targets are read as class labels",
    "class.raises": "{call} raises {error}",
    "class.raises_own": "{call} raises an error of its own",
    "class.ended": "{call} does not return",
    "class.method": "a method",
    "class.absent": "{quantity} is not there",
    "class.shape": "{quantity} has the wrong shape",
    "class.wrong": "{quantity} is wrong, in another way than those that trigrad can name",
    "class.refuted": "this claim does not hold: {claim}",
}
