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
from gradcheck_inputs import INPUTS, USUAL, R

from trigrad import gradcheck
from trigrad.opening import open_subject

LEARNERS = Path(__file__).parents[2] / "learners"
FOLDERS = ("right", "spellings", "guessed", "networks", "declared", "shelf/right")
OFFER = "check it with gradcheck: "
MARK = "  # WRONG"


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
    "a loss of a course, whose backward is given the predictions": """
class Cost:
    def forward(self, p, t): return np.sum((p - t) ** 2, axis=1)
    def backward(self, dvalues, t): self.dinputs = 2 * (dvalues - t)
""",
    "gradients that another function returns": """
def part_forward(x, W):
    return x @ W, (x, W)
def both_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout
def part_backward(dout, cache):
    return both_backward(dout, cache)
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


@pytest.mark.parametrize("tiny", ["1e-7", "10 ** -7", "self.eps", "eps"])
def test_a_stabiliser_is_allowed_for(tmp_path: Path, tiny: str) -> None:
    """Its gradient is not quite the derivative: the line says so, or what is right would fail."""
    text = f"""
import numpy as np
eps = 1e-7
class Cost:
    eps = 1e-7
    def forward(self, p, t):
        self.p, self.t = p, t
        return -np.sum(t * np.log(p + {tiny}))
    def backward(self):
        return -self.t / self.p
"""
    path = tmp_path / "layers.py"
    path.write_text(text, "utf-8")
    (unjudged,) = open_subject(path).unjudged
    line = unjudged.todo.partition(OFFER)[2]
    given = {"p": np.full((3, 4), 0.25), "t": np.eye(4)[:3]}
    assert "rtol=1e-6" in line
    assert run(text, line, given)
    assert not run(text.replace("-self.t /", "-1.001 * self.t /"), line, given)
    path.write_text(text.replace(f" + {tiny}", ""), "utf-8")
    assert "rtol" not in open_subject(path).unjudged[0].todo


@pytest.mark.parametrize("text", NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_nothing_is_offered_that_might_not_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "layers.py"
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    unjudged = open_subject(path).unjudged
    assert unjudged
    assert not [each.todo for each in unjudged if "gradcheck(" in each.todo]
