"""The sentences in English: how code was read that can be read in several ways."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

READINGS: dict[str, Template] = {
    "read_as_derivative": "read as the derivative of {function}",
    "derivative.at_x": "checked as dx = dout * {derivative}(x), together with out = {function}(x)",
    "derivative.at_output": (
        "checked as dx = dout * {derivative}(out), together with out = {function}(x): it is right "
        "for the output of {function}, not for x"
    ),
    "derivative.supplied": "{function} is not in this file: the book's is used",
    "read_as": "read as {contract}",
    "reading": "understood as: {words}",
    "reading.hidden": "{activation} in the hidden layer",
    "reading.output": "{activation} in the output layer",
    "reading.single": "one output, targets of shape (N, 1)",
    "reading.single_each": "one output, targets of shape (N,)",
    "reading.loss": "{formula} as its loss",
    "reading.targets_first": "the targets are the first argument",
    "reading.columns": "samples are columns (below, they are shown as rows)",
    "reading.labels": "the targets are class labels",
    "reading.numbers": "plain numbers, one at a time (it takes no arrays)",
    "reading.setting": "{name} = {value}",
    "reading.one_sided": (
        "one-sided differences, off by about h / 2 times the second derivative (central ones, "
        "(f(x + h) - f(x - h)) / 2h, are much more exact)"
    ),
    "reading.gelu_tanh": "the approximation of GELU with tanh",
    "reading.gelu_sigmoid": "the approximation of GELU with sigmoid",
    "reading.hard_fifth": "a slope of 1/5, as in Keras (PyTorch has 1/6)",
    "reading.hard_quarter": "a slope of 1/4 (PyTorch has 1/6)",
    "reading.sum_by_batch": "the sum over all entries divided by the batch size",
    "reading.sum": "the sum over all entries",
    "reading.half_mean": "half of the mean over all entries",
    "reading.half_by_batch": "half of the sum over all entries, divided by the batch size",
    "reading.half_sum": "half of the sum over all entries",
    "reading.half_each": "half of one loss for each sample, not of their mean",
    "reading.flat_binary": "one number for each sample; both arguments have the shape (N,)",
    "reading.column": "one output for each sample: y has the shape (N, 1), t the shape (N,)",
    "reading.flat": "one number for each sample; y and t have the shape (N,)",
    "reading.each": "one loss for each sample, not their mean",
    "reading.softmax_inside": "softmax is part of it (its argument is scores, not probabilities)",
    "reading.sigmoid_inside": (
        "sigmoid is part of it, with binary cross-entropy (every entry is a score of its own)"
    ),
    "reading.binary": (
        "every entry is a probability of its own (binary cross-entropy, the mean over all entries)"
    ),
    "reading.binary_each": "one loss for each entry (binary cross-entropy)",
    "reading.each_of_mean": ("one loss for each sample; backward gives the gradient of their mean"),
    "reading.each_of_sum": "one loss for each sample; backward gives the gradient of their sum",
    "reading.summed": "the sum over the batch, not the mean",
    "reading.sum_or_mean": (
        "right if the sum over the batch is meant, wrong if the mean is meant. Loss and gradient "
        "are N times those of the mean (N is the batch size). They fit each other, so training "
        "works with a learning rate that is N times smaller. To decide it, divide by the batch "
        "size, or write the word sum in the docstring"
    ),
    "reading.mean_of_all": "the mean over all N * C entries, not over the batch",
    "reading.all_or_rows": (
        "right if the mean over all N * C entries is meant, wrong if cross-entropy is meant. "
        "Cross-entropy is the sum over the classes, averaged over the batch only. Here loss and "
        "gradient are also divided by the number of classes. They fit each other, so training "
        'works with a larger learning rate. To decide it, write "over all entries" in the '
        "docstring"
    ),
    "reading.sample": (
        "one sample at a time, a 1-D array (for a batch, it would have to divide by the batch size)"
    ),
    "reading.label": "the target is a class label",
    "reading.sample_or_batch": (
        "right for one sample at a time, as a 1-D array; wrong for a batch. Nothing is divided by "
        "the batch size. Other code in this file works along an axis, as for batches"
    ),
    "reading.not_divided": (
        "the gradients are not divided by the batch size (the code that uses them does it)"
    ),
    "reading.divided": (
        "{names} divided by the batch size (this is right if the loss does not divide)"
    ),
    "reading.opposite": (
        "the gradients have the opposite sign, as in target - output (the update adds them)"
    ),
    "reading.error_added": (
        "backward is given target - output, which has the opposite sign of the gradient; what it "
        "computes from that is added to {names}"
    ),
    "reading.turned": "{names} have the opposite sign (the update adds them)",
    "reading.steps_both_ways": (
        "right if the update adds these gradients, wrong if it subtracts them. In this file one "
        "update adds and another subtracts"
    ),
    "reading.either_sign": (
        "right if backward is given target - output (its update adds), wrong if it is given the "
        "gradient itself. Put the layer and its loss into one file, so that trigrad can see which "
        "it is"
    ),
    "reading.either_divides": (
        "right if the loss does not divide its gradient by the batch size. If it does, the "
        "gradient is divided twice, which is wrong. Put both into one file, so that trigrad can "
        "see which it is"
    ),
    "reading.one_output": "one probability for each sample (binary cross-entropy)",
    "reading.one_sample": (
        "one sample at a time, an array of shape (C,): a batch of shape (N, C) would be divided "
        "by the sum over all samples"
    ),
    "reading.one_row": (
        "right for one sample at a time, as an array of shape (1, D); wrong for a batch. The "
        "gradient of the bias is not summed over the batch. A sum over axis 0 is right for both"
    ),
    "reading.uncleared": (
        "its gradients add up from call to call (+=). Right if the training sets them to zero "
        "before every batch, wrong if not; this file does not show it. Put the training step into "
        "this file, or add a method that sets them to zero"
    ),
    "reading.either_axis": (
        "right if samples are columns, wrong if they are rows. This file does not show which: say "
        "it with --samples columns or --samples rows"
    ),
    "reading.names": (
        "its results are right only if the argument that is named like the predictions is the "
        "target. Rename the arguments, or swap them in the formula"
    ),
    "reading.both_axes": (
        "samples are rows for {rows}, but columns for {columns}: these cannot work together"
    ),
    "decay": "the gradient contains weight decay ({terms}); the numbers here are without it",
    "decay.in_loss": (
        "the loss contains weight decay ({terms} in the gradient); the numbers here are without it"
    ),
    "decay.or_name": (
        "right if {terms} in the gradient is meant as weight decay, wrong if not. Give the number "
        "a name such as weight_decay, or leave the decay to the optimiser"
    ),
    "decay.or_loss": (
        "the gradient contains weight decay ({terms}), but the loss does not. Add its term to the "
        "loss, or leave the decay to the optimiser"
    ),
    "handles.all": "it also works for: {able}",
    "handles.none": "it does not take: {unable} (that is no mistake)",
    "handles.some": "it also works for: {able}; it does not take: {unable} (that is no mistake)",
    "assigned": "{name} is the function that is assigned to it ({place})",
}
