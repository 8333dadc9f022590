"""The sentences in English: layers known by what their forward computes, and their modes."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

SHELF: dict[str, Template] = {
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
    "shelf.at_odds": (
        "the name {name} says {word}, of which scores are divided by sqrt(d), and here they are "
        "not: one of the two is wrong"
    ),
    "shelf.other": (
        "by its name it is {name} ({formula}), and forward is not: one of the two is wrong"
    ),
    "shelf.constant_more": (
        "by its name it is {name} ({formula}), and forward is always {constant} more than that"
    ),
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
    "ties.none": "no entries are compared there",
    "ties.shared": (
        "where several entries are the largest (a tie), their gradients add up to {is_}, "
        "not to {due}: one of them should get all, or each its share"
    ),
}
