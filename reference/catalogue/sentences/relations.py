"""The sentences in English: how a wrong array is related to the right one, and the causes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

RELATIONS: dict[str, Template] = {
    # How a wrong quantity is related to the right one; each goes on from "the gradient of x: ".
    "transposed": "the transpose of what it should be",
    "transposed.reshaped": "the transpose of what it should be, forced into the shape by a reshape",
    "reshaped.flat": "what it should be, flattened to one axis",
    "reshaped.first_axis": (
        "what it should be, with an extra axis of length 1: shape {found} instead of {should_be} "
        "(keepdims)"
    ),
    "reshaped.last_axis": (
        "what it should be, with an extra axis of length 1: shape {found} instead of {should_be}"
    ),
    "reshaped.other": (
        "the right numbers in the wrong shape, by a reshape: {found} instead of {should_be}"
    ),
    "summed.batch": "summed over the batch (axis 0), but should not be",
    "summed.batch_mean": "the mean over the batch (axis 0), but should not be",
    "summed.axis_1": "summed over axis 1, but should not be",
    "summed.all": "summed to a single number, but should not be",
    "summed.mean": "the mean of what it should be, a single number",
    "dout.not_summed": "dout itself: the sum over the batch (axis 0) is missing",
    "dout.axis_1": "dout summed over axis 1 instead of the batch (axis 0)",
    "dout.all": "dout summed to a single number instead of over the batch (axis 0) only",
    "dout.largest": "the maximum of dout over the batch instead of the sum",
    "row.first_alone": "computed from the first row of the batch only",
    "row.last_alone": "computed from the last row of the batch only",
    "row.first_among": "right in the first row of the batch, and 0 in the others",
    "row.last_among": "right in the last row of the batch, and 0 in the others",
    "constant.ones": "all ones",
    "constant.zeros": "all zeros",
    "constant.nan": "not a number (NaN)",
    "constant.infinite": "infinite",
    "kink.swapped": (
        "the two sides of {name} = {at:g} are swapped: 0 where it should not be, and not 0 where "
        "it should be"
    ),
    "kink.let_through": "{term} where it should be 0, and right elsewhere",
    "kink.threshold": (
        "0 up to {name} = {low:.3g} at least, and right from {name} = {high:.3g} on: the "
        "threshold should be {at:g}"
    ),
    "upstream.ignored": "what it should be for a dout of all ones: dout is ignored",
    "upstream.added": "dout is added to the local derivative; it should multiply it",
    "upstream.alone": "dout itself: the local derivative is missing",
    "mixup.gradients": "what the {quantity} should be: are the two mixed up?",
    "mixup.exchanged": "each is what the other should be: the two are exchanged",
    "argument.negative": "what it should be for -{name}: {name} has the opposite sign",
    "argument.other": "what it should be for {value}",
    "argument.zero": "what it should be for {name} = 0: {name} is left out",
    "argument.dout": "what it should be with dout instead of {name}",
    "stepped": (
        "what it should be for {name} after its update: {name} is changed before this gradient is"
        " computed"
    ),
    "axes.columns": "computed down the batch (axis 0) instead of along each row",
    "axes.column_sums": (
        "normalised down the batch (axis 0): each column sums to {total:g}, but each row should"
    ),
    "axes.whole_batch": (
        "computed over the whole batch, as if it were one row, instead of along each row"
    ),
    "axes.maximum": (
        "the maximum of {name} is taken down the batch (axis 0) instead of along each row, so it "
        "does not cancel"
    ),
    "operation.itself": "{name} itself",
    "operation.of_two": "{one} {operator} {other}",
    "polynomial.of_input": "dout * ({polynomial}), with the input {name} instead of the output",
    "polynomial.other": (
        "dout * ({polynomial}), should be dout * ({should_be}), where y is the output"
    ),
    "ignores": "does not depend on {names}",
    "across.grows": "grows from call to call: the second is added to the first",
    "across.earlier": "computed for the {names} of an earlier forward, not of the last one",
    "across.other_object": "computed for the {names} of another object of the same class",
    "relation.opposite_sign": "the sign is the opposite of what it should be",
    "relation.times": "{factor} times what it should be",
    "relation.share": "{factor} of what it should be",
    "relation.inverse": "1 divided by what it should be",
    "relation.too_small": "{size} too small, everywhere",
    "relation.too_large": "{size} too large, everywhere",
    "relation.missing": "{term} is missing",
    "relation.too_much": "{term} too much",
    "relation.sizes": "{relation} ({meaning})",
    "relation.because": "{relation}: {why}",
    "why.logarithm": "the logarithm to base {base} instead of the natural one",
    "why.not_divided": "the division by {size} is missing",
    "why.divided": "it is divided by {size}",
    "why.also_divided": "it is also divided by {size}",
    "why.divided_twice": "it is divided by {size} twice",
    "why.divided_by_other": "it is divided by {other} instead of {size}",
    "why.mean": "the mean over the batch instead of the sum",
    "why.not_added": "it is not added",
    "why.added": "is {name} added instead of subtracted?",
    "why.subtracted": "is {name} subtracted instead of added?",
    "why.not_subtracted": "is {name} not subtracted?",
    "mistake": "{quantities}: {relation}",
    "so": "so: {sentence}",
    "sides.forward": "forward is wrong",
    "sides.consistent": "forward is wrong; backward is the right derivative of that forward",
    "sides.of_correct_forward": "forward is wrong; backward fits the correct forward, not yours",
    "sides.both": "forward is wrong, and backward is not its derivative either",
    "sides.backward": "forward is right; the mistake is in backward",
    "sides.across_calls": "a single call is right; the mistake shows across calls or batches",
    "sides.never_stored": (
        "forward gives the right output, but never stores what backward reads: {names}"
    ),
    "sides.kept_wrong": "forward gives the right output, but what it keeps for backward is wrong",
    "misreading.one_hot": (
        "one-hot targets are read as class labels: for y = [0.1, 0.2, 0.7] and the one-hot "
        "t = [0, 0, 1], the classes 0, 0 and 1 were read, so the result is "
        "-(log 0.1 + log 0.1 + log 0.2) = 6.2146 instead of -log 0.7 = 0.3567"
    ),
    # How a message on a learner's error goes on if the fix is known; hints decide who sees it.
    "fix.meant": "; did you mean {name}?",
    "fix.write": ": write {instead}",
    "fix.python_2": "; this is Python 2: write {instead}",
}
