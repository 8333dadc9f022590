"""The sentences in English: layers known by what their forward computes, and their modes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

SHELF: dict[str, Template] = {
    "shelf.note": "forward is right: it computes {name} ({formula})",
    "shelf.alike": "forward computes the same as {name} ({formula})",
    "shelf.unlike": (
        "its name says {name} ({formula}), but forward computes something else, and no small "
        "change makes it that; if something else is meant, all is well"
    ),
    "shelf.nearly": (
        "its name says {name} ({formula}), and forward is that with this change of line {line}: "
        "`{before}` → `{after}`. Backward fits forward as it is: if {name} is meant, change both; "
        "if something else is meant, give it another name"
    ),
    "shelf.mended": (
        "its name says {name} ({formula}), and forward is that with this change of line {line}: "
        "`{before}` → `{after}`. If it is right without it, write above it what it takes, as in "
        "`# trigrad: x: N D`. As it is: {why}"
    ),
    "shelf.mask": "the mask that it draws",
    "mode.test": "output in test mode",
    "mode.raises": (
        "in test mode: {raised}. It may need something that trigrad has not done before"
    ),
    "mode.running": (
        "in test mode, after training {runs} times on one batch, it should give the same as in "
        "training. But the running mean and variance are not those of the batch"
    ),
    "mode.mean": (
        "in test mode an input of ones becomes {is_}, and in training {due} on average; both "
        "should be the same"
    ),
    "mode.drops": "in test mode it still drops entries; there all should be kept",
    "mode.all_or_none": (
        "each time all entries are dropped, or none: draw a number for each entry, and not one "
        "for all"
    ),
    "mode.share": "of the entries a share of {is_} is kept, should be {due}",
    "mode.factor": (
        "the entries that are kept are multiplied by {is_}, should be by {due}: 1 / (the share "
        "that is kept)"
    ),
    "shelf.varied": "{name} = {values}",
    "shelf.at_odds": (
        "its name, {name}, says {word}, whose scores are divided by sqrt(d), but here they are "
        "not: one of the two is wrong"
    ),
    "shelf.other": (
        "its name says {name} ({formula}), but forward computes something else: one of the two is "
        "wrong"
    ),
    "shelf.constant_more": (
        "its name says {name} ({formula}), but forward always gives {constant} more than that"
    ),
    "shelf.another": "its name says {meant}, but forward computes {name}: one of the two is wrong",
    "mode.kept": (
        "made with {name}={share}, it keeps {share} of the entries: usually {name} says how many "
        "are dropped, and `keep_prob` how many are kept"
    ),
    "mode.own_statistics": (
        "in test mode it uses the mean of the batch itself: use the running mean that it stored "
        "in training"
    ),
    "shelf.only_as_made": (
        "with another {setting} forward does not compute {name}: only its default was checked"
    ),
    "shelf.not_with": (
        "with {name} = {value} its gradients are wrong, so it was checked without that: "
        "`[{name}:-{name}]` is empty where {name} is 0"
    ),
    "shelf.channels_last": "channels last",
    "shelf.one_image": "one image at a time",
    "shelf.one_array": "one sample at a time: all axes become one",
    "shelf.stride": "stride {stride}",
    "shelf.pad": "padding {pad}",
    "shelf.dilation": "dilation {dilation}",
    "shelf.turned": "the kernel is turned by 180 degrees, as in signal processing",
    "shelf.max_window": "the largest entry of each window of {height} by {width}",
    "shelf.mean_window": "the mean of each window of {height} by {width}",
    "shelf.constant": "eps = {constant}",
    "shelf.unbiased": "the variance is divided by N - 1",
    "shelf.outside": "eps is added to the standard deviation, after the root",
    "shelf.gates": "the gates are in the order {order}",
    "shelf.keeps": "z is the share of the last state that is kept",
    "shelf.reset_after": "the reset gate is applied after the product with the weights",
    "shelf.not_scaled": "the scores are not divided by sqrt(d)",
    "shelf.causal": "no step looks at later steps",
    "shelf.heads": "{heads} heads",
    "shelf.penalty": "a penalty of {factor} * sum(W**2)",
    "shelf.then": "{activation} as its activation",
    "ties.none": "there are no ties to compare",
    "ties.shared": (
        "where several entries are the largest (a tie), their gradients add up to {is_}, not to "
        "{due}: give all of it to one of them, or a share to each"
    ),
}
