"""The sentences in English."""

from __future__ import annotations

from collections.abc import Sequence

from trigrad.catalogue.catalogue import Catalogue, Template
from trigrad.catalogue.grading import GRADING
from trigrad.catalogue.views import VIEWS


def _plural_form(count: int) -> str:
    return "one" if count == 1 else "other"


def _join(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


_APART: dict[str, Template] = {
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
}

_PARTS: dict[str, Template] = {
    "names": "{names}",
    "nothing": "nothing",
    "object": "object",
    "gradients": "gradients",
    "method": "{method}",
    "method.result": "result of {method}",
    "pass.forward": "forward",
    "pass.backward": "backward",
    "pass.gradient": "gradient",
    "pass.function": "it",
    "quantity.output": "output",
    "quantity.gradient": "gradient of {name}",
    "quantity.the": "the {quantity}",
    "quantity.the_gradients": "the gradients of {names}",
    "row_sums": "row sums of the {quantity}",
    "shape": "shape {shape}",
    "shape.array": "an array of shape {shape}",
    "shape.number": "a single number",
    "size.is": "{symbol} is {meaning}",
    "size.batch": "the batch size",
    "size.classes": "the number of classes",
    "size.columns": "the number of columns",
    "size.hidden": "the number of hidden units",
    "size.inputs": "the number of inputs",
    "size.outputs": "the number of outputs",
    "witness.finite_differences": "finite differences",
    "witness.autograd": "PyTorch",
    "witness.laws": "the laws",
    "witness.agree": "{names} agree",
}

_FINDINGS: dict[str, Template] = {
    "raised": "{claim}: {raised}",
    "absent": "the {quantity} is {found}, should be {should_be}",
    "blocked": "blocked by: {names}",
    "contradiction": (
        "the witnesses contradict each other here ({claim}): this is trigrad's mistake, please "
        "report it"
    ),
    # Structure
    "structure.not_built": "the object cannot be made",
    "structure.no_output": "{call} gives no usable output",
    "structure.backward_fails": "backward does not run",
    "structure.not_in_dict": (
        "there is no {quantity}: the dict that gradient returns has no {key}"
    ),
    "structure.not_kept": (
        "there is no {quantity}: backward neither returns it nor leaves it in {attribute}"
    ),
    "structure.not_returned": "there is no {quantity}: backward does not return it",
    "structure.other_shape": "the {quantity} does not have {name}'s shape",
    # Values
    "value.not_pytorch": "the {quantity} is not the one PyTorch finds",
    "value.neither": (
        "the {quantity} is neither the derivative of forward nor the one PyTorch finds"
    ),
    "value.near_kink": "near x = {at:g} {finding}",
    "numbers.fail": "plain Python numbers do not work",
    "numbers.wrong": "with plain Python numbers {finding}",
    "method.none": "has no {method}",
    "method.absent": "{method} needs {name}, which is not there",
    "method.gradient": "gradient of {name} by {method}",
    "own.not_followed": "PyTorch cannot follow forward: {why}",
    "own.too_slow": "PyTorch takes too long to follow it",
    "own.disagree": (
        "the witnesses do not agree on this forward ({claim}), so it is not known which is right"
    ),
    "own.hidden": (
        "the {quantity} is not known here: a small constant in forward, as in log(y + 1e-7), "
        "decides what it is"
    ),
    "own.not_confirmed": (
        "PyTorch finds another number, by less than the differences can see ({claim})"
    ),
    "derivative.other": "the {quantity} is not the derivative of forward",
    "derivative.other_large": (
        "the {quantity} is not the derivative of forward where arrays are large"
    ),
    "derivative.not_between": (
        "the {quantity} at {name} = {at:g} is not between the slopes on its two sides"
    ),
    "derivative.convention": (
        "at {name} = {at:g} exactly, the {quantity} is not 0 as in the book and PyTorch; this is "
        "allowed and does not affect training"
    ),
    "forward.not_finite": "forward gives no finite number to differentiate",
    "forward.too_coarse": "forward computes in {dtype}, too coarse for differences",
    "forward.kinks": "forward has a kink or a jump wherever it was tried ({points} points)",
    "forward.not_differentiable": (
        "forward cannot be differentiated to three digits wherever it was tried ({points} points)"
    ),
    "forward.not_smooth": "forward is not smooth in any of {directions} directions",
    "projection.is": "wrong along a random direction",
    "projection.should_be": "the slope of forward",
    # Laws
    "law.broken": "broken law: {law}",
    "law.added": "the gradient of what is added to every row is dout summed over axis 0",
    "law.mean": (
        "the loss is a mean over the batch: every sample twice gives the same loss, half the dx"
    ),
    "law.gradient_row_sums": (
        "adding a constant to a row changes nothing, so the row's gradient sums to 0"
    ),
    "law.row_sums": "every row of the output sums to 1",
    "law.shift": "adding a constant to a row does not change the output",
    "law.linear": (
        "backward is linear in dout: twice the upstream gradient gives twice the gradients"
    ),
    "law.rows_independent": (
        "rows of a batch do not influence each other: a row alone gives the same"
    ),
    "law.rows_permute": "samples in another order give the same results in that order",
    "law.weights_add_up": (
        "the weight gradients of a batch are the sum (for a mean loss the mean) of its rows'"
    ),
    "law.repeatable": "calling twice gives the same; nothing adds up from call to call",
    "law.last_forward": (
        "after forward(A) and forward(B), backward belongs to B, whatever A's shape and values"
    ),
    "law.objects_separate": (
        "two objects of one class share nothing: each keeps its weights, inputs and results"
    ),
    "law.weights_used": (
        "after its weights are changed in place, as training does, a layer computes with the new"
    ),
    "law.params_left": "gradient computes the gradients, and leaves the step to the optimizer",
    "weights.unreachable": "the arrays that hold its weights are not known",
    "law.read_only": "read-only arguments are accepted and give the same",
    "law.strided": "arguments that are slices of larger arrays, or in Fortran order, give the same",
    "integers.refused": "arrays of integers are refused",
    "law.integers": (
        "inputs that are integers give what the same numbers give as floats, if they are accepted"
    ),
    "remark.added": "should be: dout summed over axis 0",
    "remark.twice": "is: for the batch with every sample twice; should be: from the batch itself",
    "remark.row_sums": "the sum of every row",
    "remark.shift": "is: for x + 1.5; should be: for x",
    "remark.double": "is: for 2 * dout; should be: twice that for dout",
    "remark.sum": (
        "is: for the sum of two upstream gradients; should be: the sum of their gradients"
    ),
    "remark.rows": "is: of the batch; should be: put together from its rows, each computed alone",
    "remark.rows_added": "is: of the batch; should be: added up from its rows, each computed alone",
    "remark.reversed": (
        "is: for the batch in reverse order; should be: that of the batch, reversed"
    ),
    "remark.second_call": "is: at the second call on one object; should be: as at the first",
    "remark.third_call": "is: at the third call on one object; should be: as at the first",
    "remark.trained": (
        "is: of an object whose weights were changed to these; should be: of a new object with them"
    ),
    "remark.two_forwards": (
        "is: after forward(A), forward(B), backward; should be: after forward(B), backward"
    ),
    "remark.other_object": (
        "is: after another object did the same in between; should be: as without it"
    ),
    "remark.dout_2": "for dout = 2 instead of 1",
    "remark.own_shape": (
        "{name} is stored in shape {shape}: a step with a gradient of another one raises, or makes "
        "it larger"
    ),
    "remark.integers": "is: for arrays of integers; should be: for the same numbers as floats",
    "remark.form": "is: for {form} arrays; should be: as for others",
    # Suggestions
    "overwrites.arguments": {
        "one": "{call} overwrites its argument {names}",
        "other": "{call} overwrites its arguments {names}",
    },
    "overwrites.weights": {
        "one": "{call} overwrites its weight {names}",
        "other": "{call} overwrites its weights {names}",
    },
    "changed.is": "changed by {call}",
    "changed.should_be": "left as it was",
    "not_restored": "{names} is not restored",
    "not_restored.is": "changed by the call",
    "not_restored.should_be": "restored",
    "starting.equal": (
        "{names} start with equal numbers in each: then all hidden units get equal gradients, and "
        "stay equal"
    ),
    "starting.is": "equal numbers",
    "starting.should_be": "random ones",
    "dout.not_taken": "backward takes no dout",
    "dout.ignored": "backward ignores dout: harmless as long as the loss is the last layer",
    "dtype.is": "{quantity} is {dtype}",
    "dtype.wider": "float32 does not stay float32: {each}",
    "dtype.single": "computes in single precision: {quantities} lost digits",
    "dtype.single_inside": "computes in single precision inside, although its results are float64",
    "extreme.not_finite": {
        "one": "{quantities} is not finite for inputs of ±1000",
        "other": "{quantities} are not finite for inputs of ±1000",
    },
    "extreme.should_be": "finite numbers",
    "extreme.warning": "NumPy warns for inputs of ±1000: {warning}",
    "no_warning": "no warning",
    "certain.not_finite": (
        "the output is not finite if the right class has probability 1 and the others have 0"
    ),
    "certain.warning": (
        "NumPy warns if the right class has probability 1 and the others have 0: {warning}"
    ),
    "form.read_only": "read-only arrays are refused",
    "form.strided": "non-contiguous arrays are refused",
    "frameworks": ("uses {names}: gradients that come from a library are not written by hand"),
    "frameworks.what": "text",
    "frameworks.should_be": "NumPy only",
    "shared.gradients": "the {quantity} and that of {other} are one array",
    "shared.weight": "the {quantity} and {other} are one array",
    "shared.is": "one array",
    "shared.should_be": "two arrays",
    # Capabilities
    "input.tensor": "a 4-D x",
    "input.sample": "a single 1-D sample",
    "input.matrix": "a 2-D x",
    "input.broadcast": "a y with fewer axes than x (NumPy broadcasts it)",
    "input.labels": "class labels as the target",
    "input.labels_square": ("class labels as the target (with as many samples as classes)"),
    "input.refused": "{name}",
    "input.not_refused": "{call} neither handles nor refuses {input}: {raised}",
    "input.output_wrong": (
        "{call} accepts {input}, but the output is then wrong; no error is raised"
    ),
    "input.backward_raises": "{call} accepts {input}, but {backward} then raises {error}",
    "input.backward_ended": "{call} accepts {input}, but then {raised}",
    "input.gradient_wrong": (
        "{call} accepts {input}, but the {quantity} is then wrong; no error is raised"
    ),
    "input.gradient_shape": (
        "{call} accepts {input}, but the {quantity} then has shape {found} instead of "
        "{should_be}; no error is raised"
    ),
    "input.gradient_absent": (
        "{call} accepts {input}, but the {quantity} is then {found}; no error is raised"
    ),
}

_RELATIONS: dict[str, Template] = {
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
}

_DIAGNOSES: dict[str, Template] = {
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
}

_FIXES: dict[str, Template] = {
    # How a message on a learner's error goes on if the fix is known; hints decide who sees it.
    "fix.meant": "; did you mean {name}?",
    "fix.write": ": write {instead}",
    "fix.python_2": "; this is Python 2: write {instead}",
}

_TRACING: dict[str, Template] = {
    "draw.not": "only layers, functions and networks are drawn",
    "draw.no_case": "no case of it was drawn",
    "draw.reading": "its results are changed before they are judged, so that it would be another "
    "picture",
    "draw.not_followed": "its forward cannot be followed: {why}",
    "draw.unknown": "its case has no {names}, but {known}",
    "draw.none": "no picture of {name}: {why}",
    "draw.title": "The computational graph of {name}",
    "draw.described": "From the operands {operands}: {steps}.",
    "draw.wrong": "The {about} is wrong: {what}.",
    "tracing.lost": "{construct} would lose the gradient",
    "tracing.raised": "on stand-ins for arrays it raises {kind}: {words}",
    "tracing.other": (
        "on stand-ins for arrays it gives other values than on arrays, or it gives others each time"
    ),
    "tracing.at": "{what} ({name}, line {line})",
    "tracing.unseen": "its output is not one array that depends on its inputs",
    "tracing.too_much": "it does too much to be drawn",
    "tracing.neither": "autograd: {one}; complex step: {other}",
}

_REPORT: dict[str, Template] = {
    "repair.verified": "fix, verified by all three witnesses:",
    "repair.verified_steps": "fix, verified by PyTorch and the laws:",
    "repair.side_effect": "side effect: {drawback}",
    "repair.more_indented": "{label}   {line}   (indented more)",
    "repair.less_indented": "{label}   {line}   (indented less)",
    "repair.new": {
        "one": "{label} + {line}   (a new line, to insert before line {number})",
        "other": "{label} + {line}   (new lines, to insert before line {number})",
    },
    "repair.removed": "{label} - {line}   (removed)",
    "repair.mistake": "the mistake is in {places}",
    "repair.gap": "something is missing before {places}",
    "repair.mistake_and_gap": "{mistake}, and {gap}",
    "repair.none": "no fix found",
    "repair.overdue": (
        "the time limit ended this search before it was complete; --repair-seconds raises it"
    ),
    "repair.suspected": {
        "one": "no fix found; the mistake may be in {place} (suspected, not verified):",
        "other": (
            "no fix found; the mistake may be in one of these lines (suspected, not verified):"
        ),
    },
    "required.missing": "required, but not in {path}",
    "required.not_judged": "required, but cannot be judged",
    "not_judged": "not judged, {why}",
    "case.same": "the same",
    "case.large": "random numbers in the shapes {shapes}",
    "raised.while": "checking: {claim}",
    "place.lines": {"one": "line {numbers}", "other": "lines {numbers}"},
    "run_again": "Run this case again: {command}",
    "read_as_derivative": "read as the derivative of {function}",
    "derivative.at_x": "judged as dx = dout * {derivative}(x), beside out = {function}(x)",
    "derivative.at_output": (
        "judged as dx = dout * {derivative}(out), beside out = {function}(x): it is right for the "
        "output of {function}, not for x"
    ),
    "derivative.supplied": "{function} is not in this file: the chapter's is used",
    "read_as": "read as {contract}",
    "also_refuted": "also fails: {claims}",
    "suggestion": "suggestion: {words}{place}",
    "reading": "read with {words}",
    "reading.hidden": "{activation} in the hidden layer",
    "reading.output": "{activation} in the output layer",
    "reading.single": "one output, targets of shape (N, 1)",
    "reading.single_each": "one output, targets of shape (N,)",
    "reading.loss": "{formula} as its loss",
    "reading.targets_first": "the targets as the first argument",
    "reading.columns": "samples as columns (below, samples are rows)",
    "reading.labels": "class labels as the targets",
    "reading.numbers": "plain numbers, one at a time (it takes no arrays)",
    "reading.setting": "{name} = {value}",
    "reading.one_sided": (
        "one-sided differences (off by about h / 2 times the second derivative; the central ones, "
        "(f(x + h) - f(x - h)) / 2h, are much more exact)"
    ),
    "reading.gelu_tanh": "the approximation of GELU with tanh",
    "reading.gelu_sigmoid": "the approximation of GELU with sigmoid",
    "reading.hard_fifth": "a slope of 1/5 (as Keras has it; PyTorch's is 1/6)",
    "reading.hard_quarter": "a slope of 1/4 (PyTorch's is 1/6)",
    "reading.sum_by_batch": "the sum over all entries divided by the batch size",
    "reading.sum": "the sum over all entries",
    "reading.half_mean": "half of the mean over all entries",
    "reading.half_by_batch": "half of the sum over all entries, divided by the batch size",
    "reading.half_sum": "half of the sum over all entries",
    "reading.half_each": "half of one loss for each sample, instead of their mean",
    "reading.flat_binary": "one number for each sample, both arguments of shape (N,)",
    "reading.column": "one output for each sample: y of shape (N, 1), t of shape (N,)",
    "reading.flat": "one number for each sample, y and t of shape (N,)",
    "reading.each": "one loss for each sample instead of their mean",
    "reading.softmax_inside": "softmax inside (its argument holds scores, not probabilities)",
    "reading.sigmoid_inside": (
        "sigmoid inside, as binary cross-entropy (every entry is a score of its own)"
    ),
    "reading.binary": (
        "every entry as a probability of its own (binary cross-entropy, the mean over all entries)"
    ),
    "reading.binary_each": "one loss for each entry (binary cross-entropy)",
    "reading.each_of_mean": ("one loss for each sample; backward gives the gradient of their mean"),
    "reading.each_of_sum": "one loss for each sample; backward gives the gradient of their sum",
    "reading.summed": "the sum over the batch instead of the mean",
    "reading.sum_or_mean": (
        "right if the sum over the batch is meant, wrong if the mean is: loss and gradient are N "
        "times those of the mean (N is the batch size); they belong to each other, so training "
        "works with a learning rate that is smaller by that factor. A step that divides by the "
        "batch size, or the word sum in the docstring, decides it"
    ),
    "reading.mean_of_all": "the mean over all N * C entries instead of that over the batch",
    "reading.all_or_rows": (
        "right if the mean over all N * C entries is meant, wrong if cross-entropy is: it is the "
        "sum over the classes, averaged over the batch only. Loss and gradient are divided by the "
        "number of classes as well; they belong to each other, so that training works with a "
        'learning rate that is larger by that factor. A docstring that says "over all entries" '
        "decides it"
    ),
    "reading.sample": (
        "one sample at a time, a 1-D array (a batch would need a division by its size)"
    ),
    "reading.label": "a class label as the target",
    "reading.sample_or_batch": (
        "right if one sample is passed at a time, as a 1-D array; wrong for a batch, by whose size "
        "nothing is divided. Other code in this file works along an axis, as it does for batches"
    ),
    "reading.not_divided": (
        "gradients that are not divided by the batch size (that is done behind the loss)"
    ),
    "reading.divided": (
        "{names} divided by the batch size (as is right where the loss does not divide)"
    ),
    "reading.opposite": (
        "gradients of the opposite sign, as target - output has it (the step adds them)"
    ),
    "reading.error_added": (
        "an error that has the opposite sign of the gradient, as target - output has it: what "
        "backward computes from it is added to {names}"
    ),
    "reading.turned": "{names} of the opposite sign (the step adds them)",
    "reading.steps_both_ways": (
        "right if the step adds these gradients, wrong if it subtracts them; in this file one step "
        "adds and another one subtracts"
    ),
    "reading.either_sign": (
        "right if backward is given target - output, or another error with the opposite sign of "
        "the gradient; wrong if it is given the gradient, since its step adds; put the layer and "
        "its loss into one file, and trigrad sees which it is"
    ),
    "reading.either_divides": (
        "right if the gradient of its loss is not divided by the batch size, wrong if it is: then "
        "it is divided twice; put both into one file, and trigrad sees which it is"
    ),
    "reading.one_output": "one probability for each sample (binary cross-entropy)",
    "reading.one_sample": (
        "one sample at a time, an array of shape (C,): a batch of shape (N, C) would be divided "
        "by the sum over all its samples"
    ),
    "reading.one_row": (
        "right if one sample is passed at a time, as an array of shape (1, D), wrong for a batch, "
        "over which the gradient of the bias is not summed; nothing else in this file is for "
        "batches, and a sum over axis 0 is right for both"
    ),
    "reading.uncleared": (
        "its gradients add up from call to call (+=): right if what trains with them sets them to "
        "zero before every batch, wrong if nothing does, and nothing here shows which; put the "
        "training step beside it, or give it a method that sets them to zero"
    ),
    "reading.either_axis": (
        "right if samples are columns, wrong if they are rows, and the rest of this file does not "
        "decide it; say it with --samples columns or --samples rows"
    ),
    "reading.names": (
        "its results are right only if the targets are the argument that is named as the "
        "predictions; rename the arguments, or exchange them in the formula"
    ),
    "reading.both_axes": (
        "in this file samples are rows for {rows} and columns for {columns}: they cannot work "
        "together"
    ),
    "decay": "read with weight decay in the gradient ({terms}); below, it is taken off",
    "decay.in_loss": (
        "read with weight decay in the loss ({terms} in the gradient); below, both are taken off"
    ),
    "decay.or_name": (
        "right if {terms} in the gradient is meant as weight decay, wrong if it is not; say it by "
        "giving the number a name such as weight_decay, or leave the decay to the optimiser"
    ),
    "decay.or_loss": (
        "the gradient has weight decay in it ({terms}) and the loss has not: add its term to the "
        "loss if it is meant, or leave the decay to the optimiser"
    ),
    "handles.all": "also handles: {able}",
    "handles.none": "does not take: {unable}",
    "handles.some": "also handles: {able}; does not take: {unable}",
    "blocked.network": {
        "one": "not judged: it is built from {names}, which is wrong; fix that first",
        "other": "not judged: it is built from {names}, which are wrong; fix those first",
    },
    "assigned": "{name} is the function that is assigned to it ({place})",
    "misspelt": "is a misspelled name",
    "unjudged.version": (
        "by its name it may be another version of {contract}, but its output is not that of "
        "{contract}: a mistake in its forward, or another function"
    ),
    "another.loss": (
        "its loss is not softmax cross-entropy, and its text does not show that it is meant to be; "
        "nor is it the mean squared error or binary cross-entropy"
    ),
    "another.penalty": (
        "its loss is softmax cross-entropy and a term of the weights, such as weight decay"
    ),
    "another.raises": (
        "{raised}, and its text does not show that its loss is meant as softmax cross-entropy"
    ),
    "unjudged.tensors": "it works on PyTorch's tensors; trigrad gives NumPy arrays",
    "unjudged.wrapped": "it gives a {kind}, which wraps an array; trigrad reads NumPy arrays",
    "unjudged.variables": "it takes objects that hold an array (x.data); trigrad passes arrays",
    "unjudged.lists": "it takes Python lists and gives lists; trigrad passes NumPy arrays",
    "unjudged.attributes": (
        "it keeps gradients in attributes of the arrays (x.{name}); trigrad passes plain arrays, "
        "which have none"
    ),
    "unjudged.layer": "trigrad has no contract of this name",
    "unjudged.network": "trigrad does not know this network",
    "unjudged.engine": "it records operations to go back through them",
    "engine.not_made": "its constructor takes neither a number nor an array alone",
    "engine.no_value": "its objects hold no value that is found (as `data`, `value`)",
    "engine.no_gradient": "its objects hold no gradient that is found (as `grad`)",
    "engine.gives": "{what} gives a {kind}",
    "engine.no_operation": "none of the operations that were tried works with it",
    "engine.no_add": "it cannot add",
    "engine.raises": "{raised}",
    "engine.wrong": "{name} is wrong",
    "engine.of": "{operation}: {words}",
    "engine.derived": "{words} (and so are, as they use it: {names})",
    "engine.together": "each operation is right on its own, but together: {words}",
    "engine.again": "the first time all is right, but with fresh leaves a second time: {words}",
    "engine.cleared": (
        "the first time all is right, but after the gradients are cleared, with the same leaves "
        "again: {words}"
    ),
    "engine.everything": (
        "no operation is right, so look at {backward} first, which all of them need: {words}"
    ),
    "engine.adding": (
        "what comes back to a value that is used twice is not added up, whatever the operation; "
        "look at {backward} first: {words}"
    ),
    "engine.also": "also: {wrong}",
    "engine.doubt": "PyTorch and the differences do not agree on the derivative of {what}",
    "engine.undecided": (
        "PyTorch says that {name} is wrong, and the differences do not confirm it"
    ),
    "engine.broadcast": (
        "operands of different shapes are accepted (NumPy broadcasts them), but then {what}; no "
        "error is raised"
    ),
    "engine.long": (
        "with {steps} operations in a chain, backward raises {raised}: it calls itself once for "
        "each of them"
    ),
    "engine.numbers": "numbers",
    "engine.arrays": "arrays",
    "engine.broadcasting": "broadcasting",
    "engine.plain": "plain numbers",
    "engine.plain_but": "plain numbers (not {refused})",
    "engine.handles": "an engine of {kind}: handles {able}",
    "engine.programs": {"one": "{count} program", "other": "{count} programs"},
    "engine.untried": (
        "no program runs through it: trigrad does not know its name, or it needs more arguments"
    ),
    "optimiser.argument": "what its argument {name} is, its name does not say",
    "optimiser.signature": "its arguments are not known",
    "optimiser.held": (
        "how it wants the weights is not found: dicts, lists, arrays, layers and objects were tried"
    ),
    "optimiser.still": "it moves no weight that it is given: it may be something else",
    "optimiser.no_layer": "an optimiser takes steps",
    "optimiser.no_rate": "none of its arguments is a learning rate (as `lr`, `learning_rate`)",
    "optimiser.unwritten": "not written yet: the body of {step} is empty",
    "optimiser.averaged": (
        "the velocity is an average: v = momentum * v + (1 - momentum) * g, a convention whose "
        "steps are shorter"
    ),
    "optimiser.unbiased": (
        "the velocity is an average, divided by 1 - momentum**t so that it is not too small in "
        "the first steps"
    ),
    "optimiser.from_first": "the velocity is an average that begins with the first gradient",
    "optimiser.rms_unbiased": (
        "h is divided by 1 - rho**t, as Adam does it, so that it is not too small in the first "
        "steps"
    ),
    "optimiser.moved_first": "Nesterov's method as early printings of the book have it",
    "optimiser.moved_first.advice": (
        "in Nesterov's formula the step uses v as it was before: v changes after the weight, or "
        "the step is momentum * v - lr * g with the new v"
    ),
    "optimiser.decay.coupled": "weight decay is added to the gradient (an L2 penalty)",
    "optimiser.decay.before": "weight decay is taken from the weights before the step",
    "optimiser.decay.after": "weight decay is taken from the weights after the step",
    "optimiser.decay.unscaled": (
        "weight decay is taken from the weights without the learning rate, as in the paper"
    ),
    "optimiser.unread": "{names}: kept, and nothing uses it",
    "optimiser.read": "{setting} = {value} is read from its text, since no argument sets it",
    "optimiser.called": "{call} with {settings}",
    "optimiser.case": "{entry} = {start}, with the gradients {gradients}",
    "optimiser.after": "after step {step}",
    "optimiser.step": "{weight} after each step",
    "optimiser.odd": "after the step {weight} is {found}, should be an array",
    "optimiser.shape": "after the step {weight} has shape {found}, should have {should_be}",
    "optimiser.wrong": "step {step} is not that of {row}: wrong numbers for {weights}",
    "optimiser.not_finite": (
        "step {step} gives no number for {weight}: something is divided by zero, or the root of "
        "a negative number is taken"
    ),
    "optimiser.unknown": (
        "no argument for {settings} is found, and no number of its text fits: give it an argument "
        "with that name"
    ),
    "optimiser.coarse": (
        "its numbers are right as far as float32 goes: it computes in float32, or what it "
        "remembers is float32"
    ),
    "optimiser.paced": (
        "all is right but the length of the steps, which changes: the learning rate seems to "
        "decay, in a way that no argument switches off"
    ),
    "optimiser.others": (
        "it has also {names}, which trigrad does not know: switched off by default (0 or None), "
        "the steps could be compared"
    ),
    "optimiser.raises": (
        "{raised}: perhaps it wants weights and gradients in another form than those that trigrad "
        "tries"
    ),
    "optimiser.contradiction": "PyTorch and the formula of {row} do not agree with each other",
    "optimiser.kept": "{names}: the gradients are changed, and whoever uses them later gets others",
    "optimiser.apart": (
        "the step of a weight depends on the other weights: what is remembered, or the count of "
        "steps, is not its own"
    ),
    "optimiser.beside": (
        "two optimisers of this class disturb each other: what is remembered belongs to the class, "
        "not to the object"
    ),
    "optimiser.order": "the steps depend on the order in which the weights are passed",
    "optimiser.slip.sign": "the steps go up the gradient, not down: their sign is wrong",
    "optimiser.slip.nothing": (
        "the weights stay as they are: a new array is made that nobody keeps (w = w - …), where "
        "w -= … or params[key] = … is needed"
    ),
    "optimiser.slip.lr_twice": "the learning rate is used twice",
    "optimiser.slip.lr_missing": "the learning rate is not used",
    "optimiser.slip.twice": "each step is taken twice",
    "optimiser.slip.reset": (
        "nothing is remembered from step to step: what is kept begins anew each time, or is not "
        "used"
    ),
    "optimiser.slip.shared": (
        "what is remembered is one array for all weights, should be one for each: it only works "
        "where all weights have one shape, and then they disturb each other"
    ),
    "optimiser.slip.nesterov": "this is Nesterov's step, which looks ahead; here it is w = w + v",
    "optimiser.slip.velocity_sign": "the sign of the old velocity is wrong",
    "optimiser.slip.no_momentum": (
        "the old velocity is not multiplied by momentum, so that it grows without end"
    ),
    "optimiser.slip.late": "the weight moves by the velocity of the step before",
    "optimiser.slip.swapped_momentum": "momentum and 1 - momentum are swapped",
    "optimiser.slip.lr_as_momentum": "the old velocity is multiplied by lr, not by momentum",
    "optimiser.slip.only_momentum": "this is Momentum: it does not look ahead",
    "optimiser.slip.look_ahead": "the look-ahead is wrong: the step is momentum * v - lr * g",
    "optimiser.slip.no_root": "the root of the mean square is missing",
    "optimiser.slip.no_square": "the gradient is not squared in what is summed up for the root",
    "optimiser.slip.no_eps": (
        "eps is missing: where all gradients were 0, 0 / 0 gives nan, which then spreads"
    ),
    "optimiser.slip.not_divided": (
        "the gradient is not divided by the root: this is plain gradient descent"
    ),
    "optimiser.slip.is_adagrad": (
        "nothing is forgotten: h is the sum of all squares, as AdaGrad has it"
    ),
    "optimiser.slip.no_gain": "1 - beta is missing before the gradient, or before its square",
    "optimiser.slip.swapped_rho": "rho and 1 - rho are swapped",
    "optimiser.slip.no_bias": (
        "the bias is not corrected: m and v begin at 0, and Adam divides them by 1 - beta1**t and "
        "1 - beta2**t"
    ),
    "optimiser.slip.no_m_bias": "the bias of m is not corrected: Adam divides m by 1 - beta1**t",
    "optimiser.slip.no_v_bias": "the bias of v is not corrected: Adam divides v by 1 - beta2**t",
    "optimiser.slip.t_stuck": "t does not grow: it is 1 in every step",
    "optimiser.slip.t_late": "t is 0 in the first step, should be 1: 1 - beta**0 is 0",
    "optimiser.slip.t_early": "t is 2 in the first step, should be 1",
    "optimiser.slip.t_each": "t grows for every weight, should grow once for each step",
    "optimiser.slip.t_product": "the bias is corrected with beta * t, should be beta**t",
    "optimiser.slip.kept": (
        "the corrected m and v are kept for the next step, should be kept uncorrected"
    ),
    "optimiser.slip.swapped_betas": "beta1 and beta2 are swapped: m needs beta1, v needs beta2",
    "optimiser.slip.one_beta": "v uses beta1, should use beta2",
    "optimiser.slip.l2": (
        "weight decay is added to the gradient: that is Adam with an L2 penalty; AdamW takes it "
        "from the weights themselves"
    ),
    "engine.unwritten": "not written yet: the body of {backward} is empty",
    "engine.no_layer": "an engine runs programs",
    "function.no_weights": "a function has no weights",
    "apart.no_update": "the weights of a layer in a network are not updated",
    "unjudged.closure": "it returns its backward as a function, which trigrad does not read",
    "unjudged.flag": "it returns its own derivative on demand, which trigrad does not read",
    "unjudged.derivative": (
        "it looks like the derivative of {name}, for which trigrad has no contract"
    ),
    "unjudged.both": "it returns a value and gradients, and trigrad has no contract of this name",
    "unjudged.backward": "it looks like a backward pass, without a forward that trigrad knows",
    "unjudged.inline": "{name} computes gradients beside what else it does",
    "unjudged.script": "gradients are computed outside of functions and classes",
    "unjudged.script.name": "code outside of definitions",
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
    "shelf.note": "forward is right: it is that of {name} ({formula})",
    "shelf.alike": "forward computes the same as {name} ({formula})",
    "shelf.unlike": (
        "by its name it may be meant as {name} ({formula}), which forward is not, and no small "
        "change makes it that; if it is meant as something else, all is well"
    ),
    "shelf.nearly": (
        "by its name it is {name} ({formula}), and forward is that with this change of line "
        "{line}: `{before}` → `{after}`. Backward fits forward as it is: if {name} is meant, both "
        "have to change; if something else is meant, another name says so"
    ),
    "shelf.mask": "the mask that it draws",
    "mode.test": "output in test mode",
    "mode.running": (
        "in test mode, after training {runs} times on one batch, it should give what it gave in "
        "training: the running mean and variance are not those of the batch"
    ),
    "mode.mean": (
        "in test mode ones become {is_}, and in training {due} on average; both should be the same"
    ),
    "mode.share": "of the entries a share of {is_} is kept, should be {due}",
    "mode.factor": (
        "what is kept is multiplied by {is_}, should be by {due}: 1 / (the share that is kept)"
    ),
    "shelf.varied": "{name} = {values}",
    "shelf.at_odds": ("the name {name} says {word}, and forward is not: one of the two is wrong"),
    "shelf.another": "its name says {meant}, and forward is {name}: one of the two is wrong",
    "mode.kept": (
        "made with {name}={share}, it keeps {share} of the entries: {name} usually says how many "
        "are dropped, `keep_prob` how many are kept"
    ),
    "mode.own_statistics": (
        "in test mode it uses the mean of the batch itself: a number that is added to all entries "
        "changes nothing"
    ),
    "shelf.only_as_made": (
        "with another {setting} forward is not {name}: only the one that it has by itself was "
        "judged"
    ),
    "shelf.not_with": (
        "with {name} = {value} its gradients are not right, so it is judged without that: "
        "`[{name}:-{name}]` takes nothing where {name} is 0"
    ),
    "shelf.channels_last": "channels last",
    "shelf.one_image": "one image at a time",
    "shelf.stride": "stride {stride}",
    "shelf.pad": "padding {pad}",
    "shelf.turned": "the kernel turned by 180 degrees, as in signal processing",
    "shelf.max_window": "the largest entry of each window of {height} by {width}",
    "shelf.mean_window": "the mean of each window of {height} by {width}",
    "shelf.constant": "eps = {constant}",
    "shelf.unbiased": "the variance divided by N - 1",
    "shelf.outside": "eps added to the standard deviation, outside of the root",
    "shelf.gates": "the gates in the order {order}",
    "shelf.keeps": "z as the share of the last state that is kept",
    "shelf.reset_after": "the reset gate applied after the product with the weights",
    "shelf.not_scaled": "scores that are not divided by sqrt(d)",
    "shelf.causal": "no look at later steps",
    "shelf.heads": "{heads} heads",
    "shelf.penalty": "a penalty of {factor} * sum(W**2)",
    "shelf.then": "{activation} as its activation",
    "guess.none": "with none of the inputs that were tried both passes run",
    "ties.none": "no entries are compared there",
    "ties.shared": (
        "where several entries are the largest (a tie), their gradients add up to {is_}, "
        "not to {due}: one of them should get all, or each its share"
    ),
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
    "unjudged.todo": "gradcheck checks it: {call}",
    "unjudged.todo.derivative": (
        "if it is the derivative by the output of {name}, pass it that; gradcheck checks it: {call}"
    ),
    "unjudged.todo.engine": (
        "gradcheck compares the gradients of a loss that is computed with it with differences"
    ),
    "unjudged.todo.apart": (
        "put the gradients into a function of their own: gradcheck then compares them with "
        "differences of the loss"
    ),
    "unjudged.read_as": "read as {contract}, but {why}",
    "unjudged.needs": "it needs {absent}, which is not here ({message})",
    "found.nothing": "no layer found that can be judged",
    "nothing.named": "{path} has no {layer}; it has {names}",
    "nothing.judged": "{path} has no layer that can be judged ({reasons})",
    "nothing.found": (
        "{path} has no layer in it: no class with forward and backward, no two functions that are "
        "such a pair, and no function that trigrad knows, such as softmax"
    ),
    "html.rows": "… {count} more rows; print(report) shows all",
    "html.lines": "… {count} more lines; print(report) shows all",
    "summary": "{counts}.",
    "summary.layers": "{layers}",
    "summary.both": "{layers}; {suggestions}",
    "summary.suggestions": {"one": "{count} suggestion", "other": "{count} suggestions"},
    "summary.folded": "{suggestions} (see {where})",
    "summary.first.fail": {"one": "{count} layer fails", "other": "{count} layers fail"},
    "summary.first.pass": {"one": "{count} layer passes", "other": "{count} layers pass"},
    "summary.first.undecided": {
        "one": "{count} layer is undecided",
        "other": "{count} layers are undecided",
    },
    "summary.first.unwritten": {
        "one": "{count} layer is not written yet",
        "other": "{count} layers are not written yet",
    },
    "summary.first.required": {
        "one": "{count} layer is required and missing",
        "other": "{count} layers are required and missing",
    },
    "summary.first.not_judged": {
        "one": "{count} layer is not judged",
        "other": "{count} layers are not judged",
    },
    "summary.fail": {"one": "{count} fails", "other": "{count} fail"},
    "summary.pass": {"one": "{count} passes", "other": "{count} pass"},
    "summary.undecided": {"one": "{count} is undecided", "other": "{count} are undecided"},
    "summary.unwritten": {
        "one": "{count} is not written yet",
        "other": "{count} are not written yet",
    },
    "summary.required": {
        "one": "{count} is required and missing",
        "other": "{count} are required and missing",
    },
    "summary.not_judged": {"one": "{count} is not judged", "other": "{count} are not judged"},
}

ENGLISH = Catalogue(
    language="en",
    templates={
        **_APART,
        **_PARTS,
        **_FINDINGS,
        **_RELATIONS,
        **_DIAGNOSES,
        **_FIXES,
        **_TRACING,
        **_REPORT,
        **GRADING,
        **VIEWS,
    },
    plural_form=_plural_form,
    join=_join,
)
