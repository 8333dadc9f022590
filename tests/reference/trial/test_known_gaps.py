"""What is known of layers that raise, drop whole channels, or take the prediction for the target.

Each is judged right, and with one mistake.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.trial import layer_trial
from trigrad.verdict.results import LayerReport, Verdict

EXPONENTIAL = """
    class Exp:
        def forward(self, x):
            self.out = np.exp(x)
            return self.out

        def backward(self, dout):
            return dout * self.out
    """

CHANNELS = """
    class ChannelDropout:
        def __init__(self, rate=0.3):
            self.rate = rate
            self.training = True

        def forward(self, x):
            if not self.training:
                return x
            keep = np.random.rand(*x.shape[:2], 1, 1) >= self.rate
            self.noise = keep / (1 - self.rate)
            return x * self.noise

        def backward(self, dout):
            return dout * self.noise
    """

QUANTILE = """
    class QuantileLoss:
        def forward(self, pred, target):
            self.e = target - pred
            return np.mean(np.where(self.e >= 0, 0.3 * self.e, -0.7 * self.e))

        def backward(self):
            return np.where(self.e >= 0, -0.3, 0.7) / self.e.size
    """

POISSON = """
    class PoissonLoss:
        def loss(self, z, t):
            return np.mean(np.exp(z) - t * z)

        def gradient(self, z, t):
            return (np.exp(z) - t) / z.size
    """

BILINEAR = """
    class Bilinear:
        def __init__(self, M):
            self.M = M

        def forward(self, left, right):
            self.left, self.right = left, right
            return np.einsum("ni,ij,nj->n", left, self.M, right)

        def backward(self, dout):
            self.dM = np.einsum("n,ni,nj->ij", dout, self.left, self.right)
            return dout[:, None] * (self.right @ self.M.T), dout[:, None] * (self.left @ self.M)
    """

PEEPHOLES = """
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    class PeepholeLSTM:
        def __init__(self, Wx, Wh, b, pi, pf, po):
            self.Wx, self.Wh, self.b, self.pi, self.pf, self.po = Wx, Wh, b, pi, pf, po

        def forward(self, x, h_prev, c_prev):
            i, f, g, o = np.split(x @ self.Wx + h_prev @ self.Wh + self.b, 4, axis=1)
            i, f, g = sigmoid(i + self.pi * c_prev), sigmoid(f + self.pf * c_prev), np.tanh(g)
            c = f * c_prev + i * g
            o, t = sigmoid(o + self.po * c), np.tanh(c)
            self.cache = x, h_prev, c_prev, i, f, g, o, c, t
            return o * t, c

        def backward(self, dh, dc):
            x, h_prev, c_prev, i, f, g, o, c, t = self.cache
            do = dh * t * o * (1 - o)
            dc = dc + dh * o * (1 - t**2) + do * self.po
            di, df, dg = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2)
            d = np.hstack([di, df, dg, do])
            self.dWx, self.dWh, self.db = x.T @ d, h_prev.T @ d, d.sum(axis=0)
            self.dpi, self.dpf = (di * c_prev).sum(axis=0), (df * c_prev).sum(axis=0)
            self.dpo = (do * c).sum(axis=0)
            return d @ self.Wx.T, d @ self.Wh.T, dc * f + di * self.pi + df * self.pf
    """

WEIGHT_NORM = """
    class WeightNormDense:
        def __init__(self, v, g, c):
            self.v, self.g, self.c = v, g, c

        def forward(self, a):
            self.a, self.norm = a, np.sqrt((self.v**2).sum(axis=0))
            self.unit = self.v / self.norm
            return a @ (self.unit * self.g) + self.c

        def backward(self, da):
            dw = self.a.T @ da
            self.dc, self.dg = da.sum(axis=0), (dw * self.unit).sum(axis=0)
            self.dv = self.g / self.norm * (dw - self.unit * self.dg)
            return da @ (self.unit * self.g).T
    """

SWISH = """
    class TrainableSwish:
        def __init__(self, beta):
            self.beta = beta

        def forward(self, u):
            self.u, self.s = u, 1 / (1 + np.exp(-self.beta * u))
            return u * self.s

        def backward(self, delta):
            ds = self.s * (1 - self.s)
            self.dbeta = np.sum(delta * self.u**2 * ds)
            return delta * (self.s + self.beta * self.u * ds)
    """

OVER_TIME = """
    class TimeAffine:
        def __init__(self, W, b):
            self.W, self.b = W, b

        def forward(self, x):
            self.x = x
            return x @ self.W + self.b

        def backward(self, dout):
            n = len(self.x)
            self.dW = np.einsum("ntd,ntm->dm", self.x, dout) / n
            self.db = dout.sum(axis=(0, 1)) / n
            return dout @ self.W.T
    """

RIGHT = [EXPONENTIAL, CHANNELS, QUANTILE, POISSON, BILINEAR, PEEPHOLES, WEIGHT_NORM, SWISH]

WRONG = {
    "raises, and something may lack": (
        *(EXPONENTIAL, "return dout * self.out", "return dout * self.optimizer.rate"),
        Verdict.INCONCLUSIVE,
    ),
    "raises, whatever is there": (
        *(EXPONENTIAL, "return dout * self.out", "return np.split(dout * self.out, 7)[8]"),
        Verdict.FAIL,
    ),
    "raises, and is known by chance": (
        EXPONENTIAL.replace("class Exp", "class Growth"),
        *("return dout * self.out", "return np.split(dout * self.out, 7)[8]"),
        Verdict.INCONCLUSIVE,
    ),
    "raises, and forward is not known": (
        *(BILINEAR, "return dout[:, None]", "return np.split(dout, 7)[8]"),
        Verdict.INCONCLUSIVE,
    ),
    "the mask of channels without its factor": (
        *(CHANNELS, "return dout * self.noise", "return dout * (self.noise > 0)"),
        Verdict.FAIL,
    ),
    "the gradient of the target": (
        *(QUANTILE, "-0.3, 0.7", "0.3, -0.7"),
        Verdict.INCONCLUSIVE,
    ),
    "a gradient that is no mean": (
        *(POISSON, "(np.exp(z) - t) / z.size", "np.exp(z) - t"),
        Verdict.INCONCLUSIVE,
    ),
    "not transposed": (
        *(BILINEAR, "self.right @ self.M.T", "self.right @ self.M"),
        Verdict.INCONCLUSIVE,
    ),
    "the path through the norm": (
        WEIGHT_NORM,
        "(dw - self.unit * self.dg)",
        "dw",
        Verdict.INCONCLUSIVE,
    ),
    "the path through the slope": (SWISH, "self.u**2 * ds", "self.u * ds", Verdict.INCONCLUSIVE),
    "the path through the peephole": (PEEPHOLES, " + do * self.po", "", Verdict.INCONCLUSIVE),
}


def judged(folder: Path, text: str) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(f"import numpy as np\n\n\n{textwrap.dedent(text).strip()}\n", encoding="utf-8")
    layers = check(path, in_process=True, examples=6, repair_seconds=0).layers
    return layers[-1]


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refuted does not depend on how small the evidence gets."""
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@pytest.mark.parametrize(
    "text",
    RIGHT,
    ids=["exp", "channels", "quantile", "poisson", "bilinear", "peepholes", "norm", "swish"],
)
def test_what_is_right_passes(text: str, tmp_path: Path) -> None:
    layer = judged(tmp_path, text)
    assert layer.verdict is Verdict.PASS, layer


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_does_not_pass(name: str, tmp_path: Path) -> None:
    text, right, wrong, verdict = WRONG[name]
    assert right in text
    layer = judged(tmp_path, text.replace(right, wrong))
    assert layer.verdict is verdict, layer
    assert ("backward raises" in str(layer.undecided)) is ("raises, and" in name)


def test_a_channel_that_is_dropped_is_known_to_be_drawn(tmp_path: Path) -> None:
    layer = judged(tmp_path, CHANNELS)
    assert any("forward is right" in note for note in layer.notes)


def test_gradients_of_weights_that_are_all_means_are_read_as_such(tmp_path: Path) -> None:
    """Nothing raises, though a layer without a row does not say the shape of its output."""
    assert judged(tmp_path, OVER_TIME).verdict in (Verdict.PASS, Verdict.INCONCLUSIVE)


def test_a_simple_function_is_not_called_a_window_of_one_entry(tmp_path: Path) -> None:
    text = EXPONENTIAL.replace("class Exp", "class Straight").replace("np.exp(x)", "x")
    layer = judged(tmp_path, text.replace("dout * self.out", "dout"))
    assert any("the same as Identity" in note for note in layer.notes), layer.notes


HINGE = """
    def svm_loss(x, y):
        n = np.arange(len(x))
        margins = np.maximum(0, x - x[n, y][:, None] + 1.0)
        margins[n, y] = 0
        dx = (margins > 0) * 1.0
        dx[n, y] -= (margins > 0).sum(axis=1)
        return margins.sum() / len(x), dx / len(x)
    """


def test_a_loss_that_is_always_more_than_that_of_its_name_is_in_doubt(tmp_path: Path) -> None:
    assert judged(tmp_path, HINGE).verdict is Verdict.PASS
    layer = judged(tmp_path, HINGE.replace("margins[n, y] = 0\n        dx", "dx"))
    assert layer.verdict is Verdict.INCONCLUSIVE, layer
    assert layer.undecided is not None
    assert layer.undecided.key == "shelf.constant_more"


SOFTMAX = """
    class Softmax:
        def forward(self, x):
            e = np.exp(x)
            self.y = e / e.sum(axis=-1, keepdims=True)
            return self.y

        def backward(self, dout):
            return self.y * (dout - np.sum(dout * self.y, axis=-1, keepdims=True))
    """


def test_what_a_precise_name_denies_is_in_doubt(tmp_path: Path) -> None:
    assert judged(tmp_path, SOFTMAX).verdict is Verdict.PASS
    text = SOFTMAX.replace("e = np.exp(x)", "e = np.exp(2 * x)").replace(
        "return self.y * (dout", "return 2 * self.y * (dout"
    )
    layer = judged(tmp_path, text)
    assert layer.verdict is Verdict.INCONCLUSIVE, layer
    assert layer.undecided is not None
    assert layer.undecided.key == "shelf.other"
    assert judged(tmp_path, text.replace("Softmax", "Sharper")).verdict is Verdict.PASS


ONE_IMAGE = """
    class Convolution:
        def __init__(self, W, b):
            self.W, self.b = W, b

        def forward(self, x):
            self.x = x
            out = self.b + np.zeros((len(self.W), x.shape[1] - 2, x.shape[2] - 2))
            for i, j in np.ndindex(3, 3):
                part = x[:, i : i + out.shape[1], j : j + out.shape[2]]
                out += np.tensordot(self.W[:, :, i, j], part, (1, 0))
            return out

        def backward(self, dout):
            self.dW, dx, self.db = np.zeros_like(self.W), np.zeros_like(self.x), dout.copy()
            for i, j in np.ndindex(3, 3):
                place = (slice(None), slice(i, i + dout.shape[1]), slice(j, j + dout.shape[2]))
                self.dW[:, :, i, j] = np.tensordot(dout, self.x[place], ((1, 2), (1, 2)))
                dx[place] += np.tensordot(self.W[:, :, i, j], dout, (0, 0))
            return dx
    """


def test_gradients_of_one_image_are_divided_by_nothing(tmp_path: Path) -> None:
    assert judged(tmp_path, ONE_IMAGE).verdict is Verdict.PASS
    layer = judged(tmp_path, ONE_IMAGE.replace("dx[place] +=", "dx[place] ="))
    assert layer.verdict is Verdict.FAIL, layer
    assert layer.undecided is None
    assert {str(j.claim.about) for j in layer.failures} == {"gradient of x"}


WINDOWS = """
    def im2col(images, fh, fw, stride=1, pad=0):
        x = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        (n, c), h, w = x.shape[:2], (x.shape[2] - fh) // stride, (x.shape[3] - fw) // stride
        col = np.zeros((n, c, fh, fw, h + 1, w + 1))
        for a, b in np.ndindex(fh, fw):
            down, right = a + stride * h + 1, b + stride * w + 1
            col[:, :, a, b] = x[:, :, a:down:stride, b:right:stride]
        return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * (h + 1) * (w + 1), -1)

    def col2im(col, shape, fh, fw, stride=1, pad=0):
        (n, c), p, q = shape[:2], shape[2] + 2 * pad, shape[3] + 2 * pad
        h, w = (p - fh) // stride, (q - fw) // stride
        col = col.reshape(n, h + 1, w + 1, c, fh, fw).transpose(0, 3, 4, 5, 1, 2)
        x = np.zeros((n, c, p, q))
        for a, b in np.ndindex(fh, fw):
            down, right = a + stride * h + 1, b + stride * w + 1
            x[:, :, a:down:stride, b:right:stride] += col[:, :, a, b]
        return x[:, :, pad : p - pad, pad : q - pad]
    """


def test_windows_and_their_sum_are_backward_of_each_other(tmp_path: Path) -> None:
    layer = judged(tmp_path, WINDOWS)
    assert layer.name == "im2col/col2im"
    assert layer.verdict is Verdict.PASS, layer
    wrong = judged(tmp_path, WINDOWS.replace("] += col[", "] = col["))
    assert wrong.verdict is Verdict.INCONCLUSIVE, wrong


def test_windows_are_judged_with_the_layer_that_uses_them(tmp_path: Path) -> None:
    text = textwrap.dedent(WINDOWS) + textwrap.dedent(EXPONENTIAL).replace(
        "np.exp(x)", "np.exp(x) + 0 * im2col(np.ones((1, 1, 3, 3)), 3, 3).sum()"
    )
    assert judged(tmp_path, text).name == "Exp"
