"""The sentences in English: gradcheck."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

GRADCHECK: dict[str, Template] = {
    # What was given cannot be checked
    "gc.directions": "directions is {directions}, should be at least 1",
    "gc.rtol": "rtol is {rtol}, should be a share from 0 to 1",
    "gc.both": (
        "grads has both {name} and {behind_d}: either may be the gradient of {name}, leave one out"
    ),
    "gc.missing": "grads has no {missing}: every parameter needs its gradient",
    "gc.extra": "grads has {extra}, which params has not",
    "gc.loss_needs": (
        "loss needs {needed}, should be a function without arguments that computes the loss anew: "
        "lambda: net.loss(x, t)"
    ),
    "gc.loss_kind": (
        "loss is {kind}, should be a function without arguments that computes the loss anew: "
        "lambda: net.loss(x, t)"
    ),
    "gc.dict": (
        "{what} is {kind}, should be a dict from names to arrays, such as {{'W1': {first}, …}}, "
        "or a list of arrays"
    ),
    "gc.two_kinds": (
        "params is {kind} and grads {other}: both should be dicts with the same names, or lists in "
        "the same order"
    ),
    "gc.empty": "params is empty: there is nothing to check",
    "gc.counts": (
        "params has {params} arrays and grads {grads}: every parameter needs its gradient, in the "
        "same order"
    ),
    "gc.array_of": "an array of {dtype}",
    "gc.of_arrays": (
        "{what} is {kind} of arrays, should be one array: give each of them a name of its own"
    ),
    "gc.numpy": (
        "{what} is {kind}, should be a NumPy array: it is changed in place, and the loss must see "
        "the change"
    ),
    "gc.integers": (
        "{what} is an array of {dtype}, should be of floats: a small step is cut off in integers. "
        "Make it one with .astype(float), before the network takes it"
    ),
    "gc.not_finite": "{what} holds {number} at {place}: there is no gradient to check there",
    "gc.view": (
        "{what} is a view whose entries share memory (from np.broadcast_to or as_strided): one "
        "cannot be moved without the others. Pass the array behind it"
    ),
    "gc.share": (
        "{one} and {other} share memory: neither can be moved alone, so their gradients cannot be "
        "told apart. Pass one of them"
    ),
    "gc.none": "{what} is None: backward has not computed it",
    "gc.rows": "{what} is a {kind} that is no array: its rows differ in length",
    "gc.float_array": "{what} is {kind}, should be an array of floats",
    "gc.shape": "{what} has shape {found}, should have {parameter}'s, {shape}",
    "gc.not_floats": "{what} is an array of {dtype}, should be of floats",
    "gc.read_only": (
        "params[{name}] is read-only and belongs to something that cannot be written: it cannot "
        "be moved. Pass a copy, and let the loss read that copy"
    ),
    "gc.loss_not_finite": (
        "loss() is {value}: there is no gradient to check where the loss is not a finite number"
    ),
    "gc.loss_none": "loss() is None, should be a number: is a return missing in it?",
    "gc.loss_several": (
        "loss() is a {kind} of {count}, should be a single number: one of them, for example "
        "lambda: net.loss(x, t)[0]"
    ),
    "gc.loss_no_number": "loss() is a {kind}, should be a number",
    "gc.loss_shape": (
        "loss() has shape {shape}, should be a single number: the mean over the batch, for example"
    ),
    "gc.coarse": (
        "the loss is too coarse to tell this gradient from zeros: it changes by less than its own "
        "rounding or noise. Compute it in float64, and without what is large and constant in it "
        "(is it rounded, or an accuracy?)"
    ),
    "gc.changes": (
        "the loss changed while its parameters should have stayed: something changes {names}. Is "
        "there a learning step in loss(), or another thread at work?"
    ),
    "gc.not_deterministic": (
        "loss() gave {one}, then {other} with the same parameters: it is not deterministic. "
        "Switch dropout off, or fix its mask; use the same batch each time; take no learning step "
        "in it"
    ),
    "gc.changes_grads": (
        "loss() changes the arrays in grads while it computes ({changed}): pass copies of them"
    ),
    "gc.a_kind": "a {kind}",
    # The report
    "gc.wrong_of": {
        "one": "{wrong} of {count} gradients wrong",
        "other": "{wrong} of {count} gradients wrong",
    },
    "gc.undecided": "{count} undecided",
    "gc.head": {
        "one": "gradcheck: {verdict} ({evaluations} evaluation of the loss)",
        "other": "gradcheck: {verdict} ({evaluations} evaluations of the loss)",
    },
    "gc.more": "{names}; print it for more",
    "gc.is": "{place} is {is_}, should be {should_be} (± {error})",
    "gc.no_entry": "no entry is off by more than {size} (the largest entry is {largest})",
    "gc.would_show": "an entry off by more than {size} would show (the largest entry is {largest})",
    "gc.only_would_show": (
        "only an entry off by more than {size} would show (the largest entry is {largest})"
    ),
    "gc.no_entries": "has no entries",
    "gc.more_wrong": "and {number} more in report.wrong",
    "gc.tried_all": "{place}: all {tried} entries that were tried are wrong",
    "gc.tried_some": "{place}: {wrong} of {tried} entries that were tried are wrong",
    "gc.some": "{place}: these are some of the wrong entries",
    "gc.count": {
        "one": "{count} entry is wrong",
        "other": "{count} entries are wrong",
    },
    "gc.count_at": {
        "one": "{place}: {count} entry is wrong",
        "other": "{place}: {count} entries are wrong",
    },
    "gc.all_over": "all over",
    "gc.in_many_places": "in many places",
    "gc.transpose": "the transpose of what it should be",
    "gc.transpose_reshaped": (
        "the transpose of what it should be, forced into the shape by a reshape"
    ),
    "gc.times": "{factor} times what it should be",
    "gc.row": {
        "one": "row {numbers}",
        "other": "rows {numbers}",
    },
    "gc.column": {
        "one": "column {numbers}",
        "other": "columns {numbers}",
    },
    "gc.axis": {
        "one": "along axis {axis}, index {numbers}",
        "other": "along axis {axis}, indices {numbers}",
    },
    "gc.entries_wrong": {
        "one": "{wrong} of {all} entries is wrong",
        "other": "{wrong} of {all} entries are wrong",
    },
    "gc.entries_wrong_as": {
        "one": "{wrong} of {all} entries is wrong: {words}",
        "other": "{wrong} of {all} entries are wrong: {words}",
    },
    # How a gradient is wrong, or why it is undecided
    "gc.flat": (
        "the loss does not change with {name} at all, so its gradient should be 0: does the loss "
        "read this array, or a copy of it? Or is it flat here (Relu units that are all 0, log(y + "
        "1e-7) where y is 0)?"
    ),
    "gc.zeros": "all zeros, though the loss changes with it",
    "gc.mixed_up": "the gradient of {other}: are the two mixed up?",
    "gc.sign": "the sign is the opposite of what it should be",
    "gc.multiple": (
        "{whole} times what it should be: is a division by {whole} missing (is that the batch "
        "size?), or is it added up from several calls?"
    ),
    "gc.share_of": (
        "1/{inverse} of what it should be: is there one division by {inverse} too many (is that "
        "the batch size?), or a factor missing?"
    ),
    "gc.step": "{factor} times what it should be: is it an optimizer's step, -lr * gradient?",
    "gc.decay_missing": (
        "{share} * {name} is missing: a weight decay of the loss is not in the gradient"
    ),
    "gc.decay_too_much": (
        "{share} * {name} too much: a weight decay of the gradient is not in the loss"
    ),
    "gc.beside": "the loss is not a finite number beside this point",
    "gc.disagreeing": "slopes measured with different steps or directions do not agree",
    "gc.too_little": "off by too little in each entry to say in which",
    "gc.kink": (
        "the loss has a kink here, or nearer than a small step: its slopes on the two sides "
        "differ. An input of Relu or abs is 0, or two of max are equal. This happens where a row "
        "of zeros meets biases of 0. Try other weights or inputs"
    ),
    "gc.slight": (
        "{pattern}. That is {share} of the gradient, as log(y + 1e-7) in the loss would make it, "
        "or float32 somewhere; rtol={rtol} accepts it"
    ),
    "gc.looking": "gradcheck: looking for what is wrong, {evaluations} evaluations of the loss",
    "gc.entries_open": (
        "{open} of {all} entries, the first at {first}: the loss has a kink or jump there, or is "
        "not finite; try other weights or inputs"
    ),
    "gc.bar": "gradcheck, entry by entry",
    "gc.all_wrong": (
        "All of them are wrong: look first where backward begins, at the loss. Or are these the "
        "gradients of another batch, or of the weights before a learning step?"
    ),
    "gc.along": "{place} along a random direction",
    "gc.ok": "no gradient is wrong",
    "gc.no_numbers": {
        "one": "{number} entry is no number; the others were not looked at",
        "other": "{number} entries are no numbers; the others were not looked at",
    },
}
