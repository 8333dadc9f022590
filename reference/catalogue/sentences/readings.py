"""The sentences in English: how code was read that can be read in several ways."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

READINGS: dict[str, Template] = {
    "read_as_derivative": "read as the derivative of {function}",
    "derivative.at_x": "judged as dx = dout * {derivative}(x), beside out = {function}(x)",
    "derivative.at_output": (
        "judged as dx = dout * {derivative}(out), beside out = {function}(x): it is right for the "
        "output of {function}, not for x"
    ),
    "derivative.supplied": "{function} is not in this file: the chapter's is used",
    "read_as": "read as {contract}",
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
    "assigned": "{name} is the function that is assigned to it ({place})",
}
