"""Layers that are known by their forward: their settings, their test mode, a forward that is wrong.

Each is judged right, and with one mistake.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.trial import layer_trial
from trigrad.verdict.results import LayerReport, Verdict

CONVOLUTION = """
    class Convolution:
        def __init__(self, W, b, stride=1, pad=0):
            self.W, self.b, self.stride, self.pad = W, b, stride, pad

        def windows(self, i, j):
            s, (k, l) = self.stride, self.W.shape[2:]
            return (slice(None), slice(None), slice(i * s, i * s + k), slice(j * s, j * s + l))

        def forward(self, x):
            p = self.pad
            self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
            rows = (self.x.shape[2] - self.W.shape[2]) // self.stride + 1
            columns = (self.x.shape[3] - self.W.shape[3]) // self.stride + 1
            out = np.zeros((len(x), len(self.W), rows, columns))
            for i in range(rows):
                for j in range(columns):
                    part = self.x[self.windows(i, j)]
                    out[:, :, i, j] = np.tensordot(part, self.W, ((1, 2, 3), (1, 2, 3))) + self.b
            return out

        def backward(self, dout):
            dx, self.dW = np.zeros_like(self.x), np.zeros_like(self.W)
            self.db = dout.sum(axis=(0, 2, 3))
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    d = dout[:, :, i, j]
                    self.dW += np.tensordot(d, self.x[self.windows(i, j)], (0, 0))
                    dx[self.windows(i, j)] += np.tensordot(d, self.W, (1, 0))
            p, (h, w) = self.pad, self.x.shape[2:]
            return dx[:, :, p : h - p, p : w - p]
    """

NORMALIZATION = """
    class BatchNorm:
        def __init__(self, gamma, beta, momentum=0.9):
            self.gamma, self.beta, self.momentum = gamma, beta, momentum
            self.running_mean, self.running_var = 0.0, 1.0

        def forward(self, x, training=True):
            if not training:
                scale = np.sqrt(self.running_var + 1e-5)
                return self.gamma * (x - self.running_mean) / scale + self.beta
            mean, var = x.mean(axis=0), x.var(axis=0)
            m = self.momentum
            self.running_mean = m * self.running_mean + (1 - m) * mean
            self.running_var = m * self.running_var + (1 - m) * var
            self.std = np.sqrt(var + 1e-5)
            self.xn = (x - mean) / self.std
            return self.gamma * self.xn + self.beta

        def backward(self, dout):
            self.dbeta = dout.sum(axis=0)
            self.dgamma = (dout * self.xn).sum(axis=0)
            d = dout * self.gamma
            return (d - d.mean(axis=0) - self.xn * (d * self.xn).mean(axis=0)) / self.std
    """

DROPOUT = """
    class Dropout:
        def __init__(self, drop_prob=0.5):
            self.drop_prob = drop_prob

        def forward(self, x, train=True):
            if not train:
                return x
            keep = 1 - self.drop_prob
            self.mask = (np.random.rand(*x.shape) < keep) / keep
            return x * self.mask

        def backward(self, dout):
            return dout * self.mask
    """

OPTIONS = """
    def dropout_forward(x, dropout_param):
        p, mode = dropout_param["p"], dropout_param["mode"]
        mask = None
        if mode == "train":
            mask = (np.random.rand(*x.shape) < p) / p
            out = x * mask
        else:
            out = x
        return out, (dropout_param, mask)

    def dropout_backward(dout, cache):
        dropout_param, mask = cache
        if dropout_param["mode"] == "train":
            return dout * mask
        return dout
    """

RIGHT = [CONVOLUTION, NORMALIZATION, DROPOUT, OPTIONS]

WRONG = {
    "stride ignored on the way back": (
        CONVOLUTION,
        "dx[self.windows(i, j)] +=",
        "dx[:, :, i : i + self.W.shape[2], j : j + self.W.shape[3]] +=",
        "gradient of x",
    ),
    "padding left in dx": (
        CONVOLUTION,
        "return dx[:, :, p : h - p, p : w - p]",
        "return dx[:, :, : h - 2 * p, : w - 2 * p]",
        "gradient of x",
    ),
    "running mean never updated": (
        NORMALIZATION,
        "self.running_mean = m * self.running_mean + (1 - m) * mean",
        "m = self.momentum",
        "test mode",
    ),
    "running variance is a deviation": (
        NORMALIZATION,
        "(1 - m) * var",
        "(1 - m) * np.sqrt(var)",
        "test mode",
    ),
    "without the path through the mean": (
        NORMALIZATION,
        "(d - d.mean(axis=0) - ",
        "(d - ",
        "gradient of x",
    ),
    "keeps what it should drop": (DROPOUT, "= 1 - self.drop_prob", "= self.drop_prob", "test mode"),
    "divided by what is dropped": (DROPOUT, "/ keep", "/ self.drop_prob", "test mode"),
    "not scaled at all": (DROPOUT, ") / keep", ") * 1.0", "test mode"),
    "a new mask on the way back": (
        DROPOUT,
        "return dout * self.mask",
        "return dout * (np.random.rand(*dout.shape) < 0.5) * 2",
        "gradient of x",
    ),
    "options: scaled in test mode": (OPTIONS, "out = x\n", "out = x * p\n", "test mode"),
}


def judged(folder: Path, text: str, *, seconds: float = 0) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(f"import numpy as np\n\n\n{textwrap.dedent(text).strip()}\n", encoding="utf-8")
    (layer,) = check(path, guess=True, in_process=True, examples=6, repair_seconds=seconds).layers
    return layer


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refuted does not depend on how small the evidence gets."""
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@pytest.mark.parametrize("text", RIGHT, ids=["convolution", "normalisation", "dropout", "options"])
def test_what_is_right_passes(text: str, tmp_path: Path) -> None:
    layer = judged(tmp_path, text)
    assert layer.verdict is Verdict.PASS, layer
    assert any("forward is right" in note for note in layer.notes)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_fails(name: str, tmp_path: Path) -> None:
    text, right, wrong, claim = WRONG[name]
    assert right in text
    layer = judged(tmp_path, text.replace(right, wrong))
    assert layer.verdict is Verdict.FAIL, layer
    assert claim in str([j.claim.name for j in layer.judgements if j.fails])


def test_a_layer_that_is_wrong_without_padding_only_is_judged_with_it(tmp_path: Path) -> None:
    usual = "return dx[:, :, p:-p, p:-p]"
    layer = judged(tmp_path, CONVOLUTION.replace("return dx[:, :, p : h - p, p : w - p]", usual))
    assert layer.verdict is Verdict.PASS, layer
    assert any("with pad = 0" in note for note in layer.notes)


def test_a_running_mean_that_is_on_its_way_is_not_judged(tmp_path: Path) -> None:
    slow = NORMALIZATION.replace("momentum=0.9", "momentum=0.999")
    assert judged(tmp_path, slow).verdict is Verdict.PASS


AVERAGE = """
    class AveragePooling:
        def forward(self, x):
            self.shape = x.shape
            n, c, h, w = x.shape
            return x.reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))

        def backward(self, dout):
            return dout.repeat(2, axis=2).repeat(2, axis=3) / 4
    """


def test_a_forward_that_one_change_makes_its_function_is_wrong(tmp_path: Path) -> None:
    assert judged(tmp_path, AVERAGE).verdict is Verdict.PASS
    layer = judged(tmp_path, AVERAGE.replace(".mean(", ".sum("), seconds=60)
    assert layer.verdict is Verdict.FAIL, layer
    assert layer.repair is not None
    assert ".mean(" in layer.repair.changes[0].after


CORNERS = """
    class AveragePooling:
        def forward(self, x):
            self.corners = x[:, :, ::2, ::2]
            self.shape = x.shape
            return self.corners ** 2

        def backward(self, dout):
            dx = np.zeros(self.shape)
            dx[:, :, ::2, ::2] = 2 * dout * self.corners
            return dx
    """


def test_a_forward_that_is_meant_as_something_else_passes_with_a_note(tmp_path: Path) -> None:
    layer = judged(tmp_path, CORNERS, seconds=20)
    assert layer.verdict is Verdict.PASS, layer
    assert any("its name says AveragePooling" in note for note in layer.notes)


DEVIATION = """
    class BatchNorm:
        def __init__(self, gamma, beta):
            self.gamma, self.beta = gamma, beta

        def forward(self, x):
            mean = np.mean(x, axis=0)
            self.xc = x - mean
            var = np.mean(self.xc**2, axis=0)
            self.std = np.sqrt(var + 1e-5)
            self.xn = self.xc / self.std
            return self.gamma * self.xn + self.beta

        def backward(self, dout):
            self.dbeta = dout.sum(axis=0)
            self.dgamma = np.sum(dout * self.xn, axis=0)
            dxn = dout * self.gamma
            dstd = -np.sum(dxn * self.xc / self.std**2, axis=0)
            dvar = 0.5 * dstd / self.std
            dxc = dxn / self.std + 2 * self.xc * dvar / len(dout)
            return dxc - np.mean(dxc, axis=0)
    """

VARIANCE = DEVIATION.replace("np.sqrt(var + 1e-5)", "var + 1e-5").replace(
    "0.5 * dstd / self.std", "dstd"
)


def test_a_forward_that_is_nearly_that_of_its_name_is_undecided(tmp_path: Path) -> None:
    assert judged(tmp_path, DEVIATION).verdict is Verdict.PASS
    layer = judged(tmp_path, VARIANCE, seconds=60)
    assert layer.verdict is Verdict.INCONCLUSIVE, layer
    assert "BatchNormalization" in str(layer.undecided)
    assert "`self.std = np.sqrt(var" in str(layer.undecided)


SOFTMAX = """
    class Softmax:
        def forward(self, x):
            e = np.exp(x - x.max(axis=-1, keepdims=True))
            self.y = e / e.sum(axis=-1, keepdims=True)
            return self.y

        def backward(self, dout):
            return self.y * (dout - np.sum(dout * self.y, axis=-1, keepdims=True))
    """


def test_what_fails_is_not_repaired_to_be_what_its_name_denies(tmp_path: Path) -> None:
    assert judged(tmp_path, SOFTMAX).verdict is Verdict.PASS
    layer = judged(tmp_path, SOFTMAX.replace("return self.y\n", "return x\n"), seconds=60)
    changes = layer.repair.changes if layer.repair is not None else ()
    assert layer.verdict is Verdict.FAIL, layer
    assert not any("return dout" in change.after for change in changes)


OUTSIDE = """
    class LayerNorm:
        def __init__(self, gamma, beta):
            self.gamma, self.beta = gamma, beta

        def forward(self, x):
            self.apart = x - x.mean(axis=1, keepdims=True)
            self.deviation = x.std(axis=1, keepdims=True)
            self.y = self.apart / (self.deviation + 1e-6)
            return self.gamma * self.y + self.beta

        def backward(self, dout):
            self.dgamma, self.dbeta = (dout * self.y).sum(axis=0), dout.sum(axis=0)
            dy = dout * self.gamma
            scale = self.deviation + 1e-6
            ds = -(dy * self.apart).sum(axis=1, keepdims=True) / scale**2
            da = dy / scale + ds * self.apart / (dy.shape[1] * self.deviation)
            return da - da.mean(axis=1, keepdims=True)
"""


@pytest.mark.parametrize(
    ("mistake", "verdict"),
    [(("", ""), Verdict.PASS), (("dy.shape[1] * ", ""), Verdict.FAIL)],
)
def test_where_the_derivative_is_no_number_nobody_is_refuted(
    mistake: tuple[str, str], verdict: Verdict, tmp_path: Path
) -> None:
    """With one feature the deviation is 0, and the gradient of its root is no number."""
    assert judged(tmp_path, OUTSIDE.replace(*mistake)).verdict is verdict


def test_a_gradient_of_another_shape_does_not_make_its_weight_fixed(tmp_path: Path) -> None:
    text = """
        class OverTime:
            def __init__(self, W, b):
                self.W, self.b, self.grads = W, b, {}

            def forward(self, x):
                self.x = x
                return x @ self.W + self.b

            def backward(self, dout):
                self.grads["W"] = np.einsum("ntd,ntm->dm", self.x, dout)
                self.grads["b"] = dout.sum(axis=(0, 1))
                return dout @ self.W.T
    """
    assert judged(tmp_path, text).verdict is Verdict.PASS
    wrong = judged(tmp_path, text.replace("axis=(0, 1)", "axis=0"))
    assert wrong.verdict is not Verdict.PASS, wrong
