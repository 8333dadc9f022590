"""Every line that is offered to check gradients runs as it is printed, and finds the right right.

It is offered for what is not judged; so nothing is guessed here, and declarations are left out.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigrad import gradcheck
from trigrad.opening import open_subject

LEARNERS = Path(__file__).parents[2] / "learners"
FOLDERS = ("right", "spellings", "guessed", "networks", "declared")
OFFER = "gradcheck checks it: "
MARK = "  # WRONG"

R = np.random.RandomState(0).randn


def one_hot(rows: int, classes: int) -> Any:
    return np.eye(classes)[np.arange(rows) % classes]


# What a learner has under these names; the names of a file below come before these.
USUAL: dict[str, Any] = {
    **{name: R(3, 4) for name in ("x", "inputs", "X", "Z", "scores", "mu", "q", "logvar")},
    **{name: R(2, 3, 4) for name in ("xs", "hs", "k", "v")},
    **dict.fromkeys(("d", "width", "n_in"), 4),
    **dict.fromkeys(("h", "n_out", "H", "input_size", "hidden_size", "output_size"), 3),
    **{name: R(4) for name in ("gamma", "beta")},
    **{name: np.array([0, 2, 1]) for name in ("y", "t")},
    **{"W": R(4, 3), "b": R(3), "reg": 0.1, "activation": "relu", "seed": 0},
}

IMAGES = {"x": R(2, 3, 6, 6), "W": R(2, 3, 3, 3), "b": R(2)}
INPUTS: dict[str, dict[str, Any]] = {
    "Conv2D": {"n_filters": 2, "size": 3, "depth": 2, "pad": 1, "image": R(2, 2, 5, 5)},
    "linear_activation_forward": {"A_prev": R(4, 5), "W": R(3, 4), "b": R(3, 1)},
    "rbf_forward": {"points": R(3, 4), "anchors": R(2, 4), "gain": R(2)},
    "bilinear_forward": {"left": R(6, 3), "right": R(6, 4), "M": R(3, 4)},
    "FullyConnectedNet": {"hidden_dims": [3], "X": R(3, 3, 32, 32)},
    "TwoLayerNet": {"input_size": 4, "output_size": 3},
    "loss_and_gradients": {
        "params": {"W1": R(4, 3), "b1": R(3), "W2": R(3, 2), "b2": R(2)},
        "Y": one_hot(3, 2),
    },
    "rnn_cell_forward": {
        "xt": R(4, 2),
        "a_prev": R(3, 2),
        "parameters": {
            **{"Wax": R(3, 4), "Waa": R(3, 3), "Wya": R(2, 3), "ba": R(3, 1), "by": R(2, 1)}
        },
    },
    **dict.fromkeys(("Convolution", "Conv", "AveragePool", "AvgPool", "MaxPool"), IMAGES),
    "declared/conv_im2col:Convolution": {**IMAGES, "W": R(2, 3, 3, 2)},
    "SimpleConvNet": {"x": R(2, 1, 5, 5), "t": one_hot(2, 3)},
    "CrossEntropy": {"t": one_hot(3, 4)},
    "Rnn": {"Wx": R(4, 3), "Wh": R(3, 3), "h_prev": R(3, 3)},
    "TimeRnn": {"Wx": R(4, 3), "Wh": R(3, 3)},
    "FullyConnected": {"rng": np.random.default_rng(0)},
    "MultiLayerNet": {"input_size": 4, "hidden_size_list": [3, 3], "t": one_hot(3, 3)},
    "Bias": {"b": R(4)},
    "networks/params_lists:Net": {"I": 4, "O": 3},
    "Fc": {"m": 3},
    "Loss": {"t": one_hot(3, 4)},
    "depthwise_forward": {"x": R(2, 3, 5, 5), "w": R(3, 2, 2)},
    "GRUCell": {"Wx": R(4, 9), "Wh": R(3, 9), "h": R(3, 3)},
    "Attention": {"q": R(2, 3, 4), "k": R(2, 5, 4), "v": R(2, 5, 3)},
    "SelfAttention": {
        **{name: R(4, 4) for name in ("wq", "wk", "wv", "wo")},
        **{"x": R(2, 3, 4), "heads": 2},
    },
    "ResidualBlock": {"W1": R(4, 3), "b1": R(3), "W2": R(3, 4), "b2": R(4)},
    "rnn_step_forward": {
        **{"x": R(4, 2), "prev_h": R(3, 2), "Wx": R(3, 4), "Wh": R(3, 3), "b": R(3, 1)}
    },
    "TimeRNN": {"U": R(4, 3), "V": R(3, 3), "h0": R(2, 3)},
    "AvgPool": {**IMAGES, "kernel": 3, "stride": 1},
    "MaxPool": {**IMAGES, "size": 2},
    "Mlp": {"x": R(3, 3)},
    "Model": {"x": R(3, 3)},
}
"""By the name of a class or forward function, or by its file and that."""


def offered() -> Iterator[tuple[str, str, str]]:
    """The file, the name and the line of each offer, with the right text of the file."""
    for folder in FOLDERS:
        for path in sorted((LEARNERS / folder).glob("*.py")):
            yield f"{folder}/{path.stem}", path.name, text_of(path)


def text_of(path: Path) -> str:
    lines = path.read_text("utf-8").splitlines()
    kept = (line.split(MARK)[0] for line in lines if not line.lstrip().startswith("# trigrad:"))
    return "\n".join(kept) + "\n"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[str, str]]:
    """The text and the line of each offer, by its file and name."""
    folder = tmp_path_factory.mktemp("learners")
    lines = {}
    for file, name, text in offered():
        path = folder / name
        path.write_text(text, "utf-8")
        for unjudged in open_subject(path).unjudged:
            if OFFER in unjudged.todo:
                which = unjudged.name.partition("/")[0]
                lines[file, which] = text, unjudged.todo.partition(OFFER)[2]
    return lines


def test_every_offered_line_runs_and_holds(
    found: dict[tuple[str, str], tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(LEARNERS)
    assert len(found) > 50
    wrong = {}
    for (file, name), (text, line) in found.items():
        given = INPUTS.get(f"{file}:{name}", INPUTS.get(name, {}))
        try:
            held = run(text, line, USUAL | given)
        except Exception as error:  # noqa: BLE001 - all are listed together
            wrong[f"{file}:{name}"] = f"{type(error).__name__}: {error}: {line}"
            continue
        if not held:
            wrong[f"{file}:{name}"] = f"does not hold: {line}"
    assert not wrong, "\n".join(f"{name}: {why}" for name, why in wrong.items())


def run(text: str, line: str, given: dict[str, Any]) -> bool:
    """Whether a line holds, with these values of its names."""
    np.random.seed(0)
    names: dict[str, Any] = {"np": np, "gradcheck": gradcheck, "__name__": "notes"}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(text, names)
        own = set(names)
        names |= {
            n: v.copy() if hasattr(v, "copy") else v for n, v in given.items() if n not in own
        }
        names |= {n: v for n, v in given.items() if not callable(names.get(n))}
        *before, call = re.split(r"; ", line)
        for statement in before:
            exec(statement, names)
        value = re.search(r"np\.sum\((.+) \* dout\)", call)
        if value is not None:
            names["dout"] = R(*np.shape(eval(value[1], names)))
        return bool(eval(call, names))


# Of these nobody can know from the text what a call needs, or which gradient belongs to what.
NOT_OFFERED = {
    "an LSTM, whose backward takes two gradients": """
class Cell:
    def forward(self, x, c):
        self.x, self.c = x, c
        return x * c, c
    def backward(self, dh, dc):
        return dh * self.c, dh * self.x + dc
""",
    "the same by functions": """
def cell_forward(x, c):
    return x * c, c, (x, c)
def cell_backward(dh, dc, cache):
    x, c = cache
    return dh * c, dh * x + dc
""",
    "one that draws numbers": """
class Drop:
    def forward(self, x):
        self.mask = np.random.rand(*x.shape) > 0.5
        return x * self.mask
    def backward(self, dout):
        return dout * self.mask
""",
    "one that takes indices": """
class Table:
    def __init__(self, table): self.table = table
    def forward(self, ids):
        self.ids = ids
        return self.table[ids]
    def backward(self, dout):
        self.dtable = np.zeros_like(self.table)
        np.add.at(self.dtable, self.ids, dout)
        return None
""",
    "one whose backward takes what nobody knows": """
class Net:
    def forward(self, x): return x * 2
    def backward(self, x, y): return (x * 2 - y) * 2
""",
    "gradients of weights by another method": """
class Regression:
    def __init__(self, n): self.w = np.zeros(n)
    def cost(self, X, y): return np.mean((X @ self.w - y) ** 2)
    def compute_gradients(self, X, y): return 2 * X.T @ (X @ self.w - y) / len(y)
""",
    "a backward pass without its forward pass": """
def model_backward(AL, Y, caches):
    grads = {}
    dAL = AL - Y
    grads["dW"] = dAL @ caches.T
    return grads
""",
    "gradients in a dict with others beside them": """
def back_forward(x, W):
    return x @ W, (x, W)
def back_backward(dout, cache):
    x, W = cache
    return {"one": dout @ W.T, "two": x.T @ dout}
""",
    "a Jacobian": """
def soft(x):
    e = np.exp(x - x.max())
    return e / e.sum()
def d_soft(x):
    s = soft(x)
    return np.diag(s) - np.outer(s, s)
""",
    "a network with weights in groups": """
class Net:
    def __init__(self, d, h, k):
        self.params = {"in": (np.zeros((d, h)), np.zeros(h)), "out": (np.zeros((h, k)), 0)}
    def loss(self, x, t): return 0.5 * np.sum((x - t) ** 2)
    def gradient(self, x, t):
        grads = {}
        grads["W_in"] = x.T @ t
        return grads
""",
    "a network of layers that draw numbers": """
class Drop:
    def forward(self, x):
        self.mask = np.random.rand(*x.shape) > 0.5
        return x * self.mask
    def backward(self, dout):
        return dout * self.mask
class Net:
    def __init__(self, d, k):
        self.params = {"W": np.random.randn(d, k)}
        self.drop = Drop()
    def loss(self, x, t): return np.sum((self.drop.forward(x @ self.params["W"]) - t) ** 2)
    def gradient(self, x, t):
        return {"W": x.T @ t}
""",
    "gradients that have no names": """
def both(w, X, y):
    dw = X.T @ (X @ w - y)
    dX = np.outer(X @ w - y, w)
    return 0.5 * np.sum((X @ w - y) ** 2), (dX, dw)
""",
}


@pytest.mark.parametrize("text", NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_nothing_is_offered_that_might_not_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "layers.py"
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    unjudged = open_subject(path).unjudged
    assert unjudged
    assert not [each.todo for each in unjudged if "gradcheck(" in each.todo]
