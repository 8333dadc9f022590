"""The sentences in English: what does not hold: structure, values, laws."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

FINDINGS: dict[str, Template] = {
    "raised": "{claim}: {raised}",
    "absent": "the {quantity} is {found}, should be {should_be}",
    "blocked": "not checked, because this already fails: {names}",
    "contradiction": (
        "finite differences, PyTorch and the laws contradict each other here ({claim}). This is a "
        "mistake of trigrad: please report it"
    ),
    # Structure
    "structure.not_built": "an object of the class cannot be made",
    "structure.no_output": "{call} gives no output that can be used",
    "structure.backward_fails": "backward does not run",
    "structure.not_in_dict": "there is no {quantity}: the dict that gradient returns has no {key}",
    "structure.not_kept": (
        "there is no {quantity}: backward does not return it and does not store it in {attribute}"
    ),
    "structure.not_returned": "there is no {quantity}: backward does not return it",
    "structure.other_shape": "the {quantity} does not have the shape of {name}",
    # Values
    "value.not_pytorch": "the {quantity} is wrong: PyTorch computes another one",
    "value.neither": (
        "the {quantity} is wrong: it is not the derivative of forward, and PyTorch computes "
        "another one"
    ),
    "value.near_kink": "near x = {at:g} {finding}",
    "numbers.fail": "plain Python numbers do not work",
    "numbers.wrong": "with plain Python numbers {finding}",
    "method.none": "has no {method}",
    "method.absent": "{method} needs {name}, which is not there",
    "method.gradient": "gradient of {name} by {method}",
    "own.not_followed": "PyTorch cannot follow forward: {why}",
    "own.too_slow": "PyTorch takes too long to run this forward",
    "own.disagree": (
        "finite differences and PyTorch do not agree on this forward ({claim}), so nobody knows "
        "which is right"
    ),
    "own.hidden": (
        "what the {quantity} should be is not known here: it depends on a small constant in "
        "forward, as in log(y + 1e-7)"
    ),
    "own.not_confirmed": (
        "PyTorch computes another number, but the two are too close for finite differences to "
        "decide ({claim})"
    ),
    "derivative.other": "the {quantity} is not the derivative of forward",
    "derivative.other_large": (
        "the {quantity} is not the derivative of forward when arrays are large"
    ),
    "derivative.not_between": (
        "at {name} = {at:g} the {quantity} should lie between the slopes of forward to the left "
        "and to the right"
    ),
    "derivative.convention": (
        "at {name} = {at:g} exactly, the {quantity} is not 0 as in the book and PyTorch; this is "
        "allowed, and training works with it too"
    ),
    "forward.not_finite": "forward gives inf or nan, which has no derivative",
    "forward.too_coarse": (
        "forward computes in {dtype}, which has too few digits for finite differences"
    ),
    "forward.kinks": (
        "forward has a corner or a jump at each of the {points} points that were tried"
    ),
    "forward.not_differentiable": (
        "the derivative of forward cannot be measured to three digits at any of the {points} "
        "points that were tried"
    ),
    "forward.not_smooth": (
        "forward is not smooth in any of the {directions} directions that were tried"
    ),
    "projection.is": "wrong along a random direction",
    "projection.should_be": "the slope of forward",
    # Laws
    "law.broken": "{law}",
    "law.added": (
        "the gradient of the bias should be dout summed over axis 0 (the batch), but is not"
    ),
    "law.mean": (
        "with every sample twice, the loss should stay the same and dx should halve, but this is "
        "not so"
    ),
    "law.gradient_row_sums": (
        "every row of the gradient should sum to 0, but does not: adding a constant to a row "
        "changes no output"
    ),
    "law.row_sums": "every row of the output should sum to 1, but does not",
    "law.shift": "adding a constant to a row should not change the output, but does",
    "law.linear": "the gradients should be proportional to dout, but are not",
    "law.rows_independent": (
        "each row of a batch should give the same result as that row alone, but does not"
    ),
    "law.rows_permute": (
        "samples in another order should give the same results in that order, but do not"
    ),
    "law.weights_add_up": (
        "the weight gradients of a batch should be the sum of those of its samples (for a mean "
        "loss, the mean). They are not"
    ),
    "law.repeatable": "a second call should give the same result as the first, but does not",
    "law.last_forward": (
        "after two calls of forward, backward should belong to the second, but does not"
    ),
    "law.objects_separate": (
        "two objects of the class should not share anything, but one changes the results of the "
        "other"
    ),
    "law.weights_used": (
        "when its weights are changed in place, as in training, the layer should use the new "
        "weights, but does not"
    ),
    "law.params_left": (
        "gradient should only compute the gradients, but it also changes the weights"
    ),
    "weights.unreachable": "the arrays in which it keeps its weights were not found",
    "law.read_only": "read-only arrays give other results: copy an array before you change it",
    "law.strided": (
        "slices of larger arrays, or arrays in Fortran order, give other results: do not rely on "
        "the order of the numbers in memory"
    ),
    "integers.refused": "arrays of integers are refused",
    "law.integers": (
        "integers give other results than the same numbers as floats: convert them with "
        ".astype(float)"
    ),
    "remark.added": "'should be' is dout summed over axis 0",
    "remark.twice": (
        "'is' comes from the batch with every sample twice, 'should be' from the batch itself"
    ),
    "remark.row_sums": "the sum of every row",
    "remark.shift": "'is' comes from x + 1.5, 'should be' from x",
    "remark.double": "'is' comes from 2 * dout, 'should be' is twice the result for dout",
    "remark.sum": (
        "'is' comes from the sum of two douts, 'should be' is the sum of the results for each"
    ),
    "remark.rows": "'is' comes from the batch, 'should be' from its rows, each computed alone",
    "remark.rows_added": (
        "'is' comes from the batch, 'should be' is the sum over its rows, each computed alone"
    ),
    "remark.reversed": (
        "'is' comes from the batch in reverse order, 'should be' is the result for the batch, "
        "reversed"
    ),
    "remark.second_call": (
        "'is' comes from the second call on one object, 'should be' from the first"
    ),
    "remark.third_call": "'is' comes from the third call on one object, 'should be' from the first",
    "remark.trained": (
        "'is' comes from an object whose weights were changed in place, 'should be' from a new "
        "object with these weights"
    ),
    "remark.two_forwards": (
        "'is' comes from forward(A), forward(B), backward; 'should be' from forward(B), backward"
    ),
    "remark.other_object": (
        "'is' comes after another object did the same in between, 'should be' without it"
    ),
    "remark.dout_2": "for dout = 2 instead of 1",
    "remark.own_shape": (
        "{name} is stored in shape {shape}; an update with a gradient of another shape raises an "
        "error, or makes {name} larger"
    ),
    "remark.integers": (
        "'is' comes from arrays of integers, 'should be' from the same numbers as floats"
    ),
    "remark.form": "'is' comes from {form} arrays, 'should be' from ordinary ones",
}
