"""The sentences in English: trigrad digits."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

DIGITS: dict[str, Template] = {
    # What the commands on real digits say, and their pictures
    "digits.incomplete": "the download is not a complete gzip file ({error})",
    "digits.another_file": "the download is another file: its MD5 is {found}, not {expected}",
    "digits.answered": "the server answered {status}",
    "digits.no_answer": "no answer within {seconds} s",
    "digits.broken": "the transfer broke off",
    "digits.no_connection": "no connection",
    "digits.asked": "asked for",
    "digits.not_downloaded": (
        "MNIST could not be downloaded: {error}; --data DIR reads a folder of yours"
    ),
    "digits.not_kept": "MNIST cannot be kept in {folder}: {why}",
    "digits.delete": "{error}. Delete it, and it is downloaded again",
    "digits.named": "{error} ($TRIGRAD_MNIST names that folder)",
    "digits.exchanged": "more to test with than to train on: are the files exchanged?",
    "digits.count": "{train} digits to train on, {test} to test with",
    "digits.from": "{count}, from {folder}",
    "digits.sample": "{count}: the sample of MNIST that trigrad brings along ({why})",
    "digits.needs": "it needs what is not here: {absent}",
    "digits.gradient": "the gradient of {name}",
    "digits.loss": "the loss",
    "digits.no_gradient": "there is no gradient of {name}",
    "digits.shape": "{what} has shape {found}, should be {should_be}",
    "digits.is": "{what} is {words}",
    "digits.no_pictures": "no pictures without Matplotlib; to get it: pip install matplotlib",
    "digits.each_batch": "of each batch",
    "digits.mean_batches": "mean of {batches} batches",
    "digits.loss_is": "the loss is {loss}, should be {should_be}",
    "digits.loss_or": "{exact} (or {book}, the book's)",
    "digits.differs": (
        "the gradient of {name} differs from PyTorch's: it is off by up to {off}, where rounding "
        "explains {rounding}"
    ),
    "digits.differences": "Absolute differences of the entries: mean (largest)",
    "digits.predicted": "predicted from\n{logarithm}",
    "digits.gradcheck": "gradcheck\nwould see",
    "digits.numerical": "numerical −\nbackprop",
    "digits.backprop": "backprop −\nPyTorch",
    "digits.entries": "entries",
    "digits.time": "Time for all four gradients",
    "digits.wrong": "wrong",
    "digits.undecided": "undecided",
    "digits.mistake_in_loss": (
        "Back-propagation gives what PyTorch finds: the mistake is in the loss."
    ),
    "digits.exact": (
        "The loss is exact, and b2 is off by {mean} on average. With 1e-7 inside the logarithm, "
        "as in the book, it is about 1e-7: see --book-loss."
    ),
    "digits.diverged_loss": "the loss of step {step} is {loss}",
    "digits.rate": "{speed} steps/s",
    "digits.training": "training",
    "digits.book_loss": "--book-loss is for trigrad's own network; --impl brings its own loss",
    "digits.which_layer": "Which layer it is, and which line: trigrad check {path}",
    "digits.nothing": "nothing that trigrad knows",
    "digits.no_network": "{path}: no TwoLayerNet in it; found: {names}",
    "digits.another_network": (
        "{path}: its network is {formula}; digits are compared with Relu between the layers"
    ),
    "digits.one_source": "give --sample or --data, not both",
    "digits.not_above": "{value} is not a number above 0",
    "digits.batch": "--batch {batch}: there are {images} images to draw from",
    "digits.stopped": "stopped after step {step}: the gradients are wrong",
    "digits.smaller": "{error}; a smaller --lr may help",
    "digits.interrupted": "interrupted after step {step}",
    "digits.grown": "the loss has grown: --lr is too large",
    "digits.accuracy": "test accuracy {accuracy}",
    "digits.not_written": "{path}: cannot be written to: {why}",
    "digits.written": "in {folder}: {files}",
    "digits.gradients_confirmed": {
        "one": "gradients confirmed once",
        "other": "gradients confirmed {count} times",
    },
    "digits.gradients_undecided": {
        "one": "gradients undecided once",
        "other": "gradients undecided {count} times",
    },
    "digits.head": {
        "one": "TwoLayerNet 784-{hidden}-10, the first digit of:",
        "other": "TwoLayerNet 784-{hidden}-10, the first {count} digits of:",
    },
    "digits.head_book": {
        "one": "TwoLayerNet 784-{hidden}-10, with the book's loss, the first digit of:",
        "other": "TwoLayerNet 784-{hidden}-10, with the book's loss, the first {count} digits of:",
    },
    "digits.float_gradients": (
        "its gradients are {dtype}; differences this small can only be measured in float64"
    ),
    "digits.float_weights": (
        "its weights are kept in float32; differences this small can only be measured in float64"
    ),
    "digits.way.book": "the book's numerical gradient",
    "digits.way.backprop": "back-propagation",
    "digits.way.pytorch": "PyTorch",
    "digits.way.gradcheck": "gradcheck",
    "digits.losses": "{way}: {name}, {losses} losses",
    "digits.agree": "back-propagation, PyTorch and gradcheck agree",
    "digits.inside": (
        "The loss is -{logarithm}. Its numerical gradient of b2 is off by {off} on average, of "
        "which {predicted} follow from that {number} alone: each sample's (y - t) is multiplied "
        "by {number} / (y + {number}), where y is the probability of its correct class. It is no "
        "sign of a mistake in b2."
    ),
    "digits.inside_book": (
        "The loss is -{logarithm}, as in the book. Its numerical gradient of b2 is off by {off} "
        "on average, of which {predicted} follow from that {number} alone: each sample's (y - t) "
        "is multiplied by {number} / (y + {number}), where y is the probability of its correct "
        "class. It is no sign of a mistake in b2."
    ),
    "digits.wrong_first": (
        "{wrong} of {all} are read wrong; the first {shown}: what it is → what was read"
    ),
    "digits.axis.step": "step",
    "digits.axis.loss": "loss",
    "digits.axis.epoch": "epoch",
    "digits.axis.accuracy": "accuracy",
    "digits.axis.train": "train",
    "digits.axis.test": "test",
    "digits.loss_now": "loss {loss}",
    "digits.after_step": "after step {step}: {what}",
}
