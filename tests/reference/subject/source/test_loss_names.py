"""Whether a text shows that the loss of a network is meant as softmax cross-entropy."""

from __future__ import annotations

import pytest

from trigrad.subject.source.loss_names import means_softmax


def net(body: str) -> str:
    return f"class Net:\n    def loss(self, x, t):\n        return {body}\n"


MEANT = {
    "named": net("cross_entropy_error(softmax(x), t)"),
    "a layer": net("SoftmaxWithLoss().forward(x, t)"),
    "cross-entropy alone": net("self.cross_entropy(x, t)"),
    "in what it uses": net("criterion(x, t)")
    + "def criterion(x, t):\n    return nll(softmax(x), t)\n",
    "without a name": net("normed(x)")
    + "def normed(x):\n    return np.exp(x) / np.exp(x).sum(axis=1)\n",
    "by the name of its sum": net("normed(x)")
    + "def normed(x):\n    e = np.exp(x)\n    s = np.sum(e, axis=1)\n    return e / s\n",
}
NOT_MEANT = {
    "squares": net("np.sum((x - t) ** 2) / len(x)"),
    "a sigmoid": net("1 / (1 + np.exp(-x))"),
    "binary": net("binary_cross_entropy(x, t)"),
    "of a sigmoid": net("cross_entropy(sigmoid(x), t)"),
    "softmax elsewhere": net("np.mean(x)") + "def softmax(x):\n    return x\n",
}


@pytest.mark.parametrize("name", MEANT)
def test_softmax_is_meant(name: str) -> None:
    assert means_softmax([MEANT[name]], "Net")


@pytest.mark.parametrize("name", NOT_MEANT)
def test_softmax_is_not_meant(name: str) -> None:
    assert not means_softmax([NOT_MEANT[name]], "Net")


def test_it_may_be_in_another_cell_and_some_may_be_unreadable() -> None:
    cells = ["%matplotlib (", MEANT["in what it uses"]]
    assert means_softmax(cells, "Net")
