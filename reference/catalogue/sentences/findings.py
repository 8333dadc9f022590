"""The sentences in English: what does not hold: structure, values, laws."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

FINDINGS: dict[str, Template] = {
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
}
