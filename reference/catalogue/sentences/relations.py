"""The sentences in English: how a wrong array is related to the right one, and the causes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

RELATIONS: dict[str, Template] = {
    # How a wrong quantity is related to the right one; each goes on from "the gradient of x: ".
    "transposed": "the transpose of what it should be",
    "transposed.reshaped": (
        "the transpose of what it should be, brought into this shape by a reshape"
    ),
    "reshaped.flat": "the right numbers, but flattened to one axis",
    "reshaped.first_axis": (
        "the right numbers, but with an extra axis of length 1: shape {found} instead of "
        "{should_be} (keepdims)"
    ),
    "reshaped.last_axis": (
        "the right numbers, but with an extra axis of length 1: shape {found} instead of "
        "{should_be}"
    ),
    "reshaped.other": "the right numbers, but in the wrong shape: {found} instead of {should_be}",
    "summed.batch": "summed over the batch (axis 0), which is wrong here",
    "summed.batch_mean": "the mean over the batch (axis 0), which is wrong here",
    "summed.axis_1": "summed over axis 1, which is wrong here",
    "summed.all": "summed to a single number, which is wrong here",
    "summed.mean": "a single number, the mean of what it should be",
    "dout.not_summed": "dout itself: the sum over the batch (axis 0) is missing",
    "dout.axis_1": "dout is summed over axis 1, and should be over the batch (axis 0)",
    "dout.all": (
        "dout is summed to a single number, and should be summed over the batch (axis 0) only"
    ),
    "dout.largest": "the maximum of dout over the batch, not the sum",
    "row.first_alone": "computed from the first row of the batch only",
    "row.last_alone": "computed from the last row of the batch only",
    "row.first_among": "right in the first row of the batch, and 0 in the others",
    "row.last_among": "right in the last row of the batch, and 0 in the others",
    "constant.ones": "all numbers are 1",
    "constant.zeros": "all numbers are 0",
    "constant.nan": "not a number (NaN)",
    "constant.infinite": "infinite (inf)",
    "kink.swapped": "0 on the wrong side of {name} = {at:g}: the two sides are swapped",
    "kink.let_through": "{term} where it should be 0, and right elsewhere",
    "kink.threshold": (
        "0 up to {name} = {low:.3g} at least, and right from {name} = {high:.3g} on: the "
        "threshold should be {at:g}"
    ),
    "upstream.ignored": "dout is ignored: this is only right where dout is all ones",
    "upstream.added": "dout is added to the local derivative; it should multiply it",
    "upstream.alone": "dout itself: the multiplication by the local derivative is missing",
    "mixup.gradients": "the value of the {quantity}: are the two swapped?",
    "mixup.exchanged": "each has the value of the other: they are swapped",
    "argument.negative": "computed as if for -{name}: the sign of {name} is wrong",
    "argument.other": "computed as if for {value}",
    "argument.zero": "computed as if {name} were 0: {name} is left out",
    "argument.dout": "computed with dout instead of {name}",
    "stepped": "{name} is updated before this gradient is computed, and should be updated after it",
    "axes.columns": "computed down the batch (axis 0), not along each row",
    "axes.column_sums": (
        "normalised down the batch (axis 0): each column sums to {total:g}, but each row should"
    ),
    "axes.whole_batch": "computed over the whole batch at once, not along each row",
    "axes.maximum": (
        "the maximum of {name} is taken down the batch (axis 0), not along each row: it does not "
        "cancel"
    ),
    "operation.itself": "{name} itself",
    "operation.of_two": "{one} {operator} {other}",
    "polynomial.of_input": (
        "computed from the input {name}, not from the output: dout * ({polynomial})"
    ),
    "polynomial.other": (
        "dout * ({polynomial}), should be dout * ({should_be}), where y is the output"
    ),
    "ignores": "a change of {names} has no effect, and should have one",
    "across.grows": "the new gradient is added to that of the call before",
    "across.earlier": "computed from the {names} of an earlier forward, not of the last one",
    "across.other_object": "computed from the {names} of another object of the same class",
    "relation.opposite_sign": "the sign is wrong",
    "relation.times": "{factor} times what it should be",
    "relation.share": "{factor} of what it should be",
    "relation.inverse": "1 divided by what it should be",
    "relation.too_small": "every number is {size} too small",
    "relation.too_large": "every number is {size} too large",
    "relation.missing": "the term {term} is missing",
    "relation.too_much": "the term {term} is too much",
    "relation.sizes": "{relation} ({meaning})",
    "relation.because": "{relation}: {why}",
    "why.logarithm": "the logarithm to base {base} is used, not the natural one",
    "why.not_divided": "the division by {size} is missing",
    "why.divided": "it is divided by {size}, and should not be",
    "why.also_divided": "it is also divided by {size}, and should not be",
    "why.divided_twice": "it is divided by {size} twice",
    "why.divided_by_other": "it is divided by {other}, not by {size}",
    "why.mean": "the mean over the batch is taken, not the sum",
    "why.not_added": "it is not added",
    "why.added": "is {name} added instead of subtracted?",
    "why.subtracted": "is {name} subtracted instead of added?",
    "why.not_subtracted": "is the subtraction of {name} missing?",
    "mistake": "{quantities}: {relation}",
    "so": "so: {sentence}",
    "sides.forward": "forward is wrong",
    "sides.consistent": "forward is wrong; backward is right for this wrong forward",
    "sides.of_correct_forward": (
        "forward is wrong; backward is right for the correct forward already"
    ),
    "sides.both": "forward is wrong, and backward is not its derivative either",
    "sides.backward": "forward is right; the mistake is in backward",
    "sides.across_calls": (
        "the values of one call are right; the mistake is in what stays or changes between calls"
    ),
    "sides.never_stored": (
        "forward gives the right output, but does not store what backward reads: {names}"
    ),
    "sides.kept_wrong": "forward gives the right output, but what it stores for backward is wrong",
    "misreading.one_hot": (
        "one-hot targets are read as class labels. For y = [0.1, 0.2, 0.7] and the one-hot t = "
        "[0, 0, 1], the classes 0, 0 and 1 were read. So the result is -(log 0.1 + log 0.1 + log "
        "0.2) = 6.2146 instead of -log 0.7 = 0.3567"
    ),
    # How a message on a learner's error goes on if the fix is known; hints decide who sees it.
    "fix.meant": "; did you mean {name}?",
    "fix.write": ": write {instead}",
    "fix.python_2": "; this is Python 2: write {instead}",
}
