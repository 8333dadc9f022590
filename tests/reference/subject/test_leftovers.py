"""What looks like gradient code and is not judged is listed once, with a call that checks it."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from trigrad import check, gradcheck
from trigrad.opening import open_subject
from trigrad.subject.candidate import Unjudged

RELU = """
class Relu:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask
    def backward(self, dout):
        return dout * self.mask
"""


def listed(folder: Path, text: str) -> list[Unjudged]:
    """What is not judged of a file with this text."""
    path = folder / "layers.py"
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    return open_subject(path).unjudged


CHECKED = {
    "a layer": """
class Soft:
    def __init__(self): pass
    def forward(self, x):
        self.x = x
        return np.log1p(np.exp(x))
    def backward(self, dout):
        return dout / (1 + np.exp(-self.x))
""",
    "a layer that returns nothing": """
class Square:
    def forward(self, x):
        self.inputs = x
        self.output = x ** 2
    def backward(self, dvalues):
        self.dinputs = dvalues * 2 * self.inputs
""",
    "a layer whose base class has the passes": """
class Base:
    def run(self, x): return self.forward(x)
    def backward(self, dout): return dout * self.slope(self.x)
class Square(Base):
    def forward(self, x):
        self.x = x
        return x ** 2
    def slope(self, x): return 2 * x
""",
    "a method for the function and one for its derivative": """
class Swish:
    def activate(self, x): return x / (1 + np.exp(-x))
    def derivative(self, x):
        s = 1 / (1 + np.exp(-x))
        return s + x * s * (1 - s)
""",
    "a loss": """
class MSE:
    def loss(self, y_true, y_pred): return np.mean((y_true - y_pred) ** 2)
    def grad(self, y_true, y_pred): return 2 * (y_pred - y_true) / y_true.size
""",
    "a pair": """
def square_forward(x):
    return x ** 2, x
def square_backward(dout, cache):
    return dout * 2 * cache
""",
    "a derivative": """
def cube(x): return x ** 3
def d_cube(x): return 3 * x ** 2
""",
    "a function with a flag": """
def flat(x, deriv=False):
    if deriv:
        return 1 / (1 + abs(x)) ** 2
    return x / (1 + abs(x))
""",
    "a closure": """
def square(x):
    def backward(dout):
        return dout * 2 * x
    return x ** 2, backward
""",
    "a closure without a name": """
def square(x):
    return x ** 2, lambda dout: dout * 2 * x
""",
    "a value and its gradient": """
def half_square(x):
    dx = np.zeros_like(x)
    dx[:] = x
    return 0.5 * np.sum(x ** 2), dx
""",
}


@pytest.mark.parametrize("text", CHECKED.values(), ids=CHECKED)
@pytest.mark.parametrize("right", [True, False])
def test_the_call_that_is_shown_checks_it(tmp_path: Path, text: str, right: bool) -> None:
    """It is run as it is printed, on the code as it stands and on the same with a mistake."""
    (unjudged,) = listed(tmp_path, text)
    _, call_as_printed = unjudged.todo.split("check it with gradcheck: ")
    if not right:
        changed = text.replace("2 *", "3 *").replace("1 + np.exp(-self", "2 + np.exp(-self")
        changed = changed.replace("3 * x ** 2", "3 * x ** 4").replace("[:] = x", "[:] = 2 * x")
        text = changed.replace("1 / (1 + abs(x)) ** 2", "2 / (1 + abs(x)) ** 2")
        text = text.replace("s + x * s", "s - x * s")
    names = {
        "np": np,
        "gradcheck": gradcheck,
        **{n: np.random.RandomState(k).rand(3, 2) for k, n in enumerate(NAMES)},
    }
    exec(text, names)
    *before, call = call_as_printed.split("; ")
    for statement in before:
        exec(statement, names)
    with contextlib.redirect_stderr(io.StringIO()):
        assert bool(eval(call, names)) is right


NAMES = ("x", "dout", "y_true", "y_pred")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "class Net:\n    def __init__(self): self.params = {}\n"
            "    def loss(self, x, t): return 0\n"
            "    def gradient(self, x, t): return {'W': x.T @ t}",
            "Net",
        ),
        ("def backward_propagation(X, Y, cache):\n    return X.T @ Y", "backward_propagation"),
        ("def compute_gradients(X, Y):\n    return X.T @ Y", "compute_gradients"),
        ("def fit(X, y, w):\n    dw = X.T @ (X @ w - y)\n    return w - 0.1 * dw", "fit"),
        (
            "class Perceptron:\n    def train(self, x, y):\n        self.w += 0.1 * x.T @ (y - x)",
            "Perceptron",
        ),
        (
            "class Value:\n    def __add__(self, other):\n        def _backward():\n"
            "            self.grad += 1\n        return Value()",
            "Value",
        ),
        (
            "def softmax_loss(W, X, y):\n    dW = np.zeros_like(W)\n    for i in range(3):\n"
            "        dW[:, 0] += X[i] * 2\n    return 0.0, dW",
            "softmax_loss",
        ),
        (
            "class Net:\n    def loss(self, X, y):\n        grads = {}\n"
            "        dx, grads['W'] = affine_backward(X, y)\n        return 0.0, grads",
            "Net",
        ),
        (
            "for i in range(9):\n    delta = y - t\n    dW = x.T @ delta\n    W -= dW",
            "code outside of functions and classes",
        ),
        ("dW1 = x.T @ d\ndW2 = y.T @ d", "code outside of functions and classes"),
    ],
)
def test_other_gradient_code_is_listed(tmp_path: Path, text: str, name: str) -> None:
    (unjudged,) = listed(tmp_path, text)
    assert unjudged.name == name
    assert ("gradcheck" in unjudged.todo) is (name not in OPEN and "affine_backward" not in text)


OPEN = ("backward_propagation", "compute_gradients")
"""What it needs, and whose gradients it gives, no text shows: so no call is shown."""


@pytest.mark.parametrize(
    "text",
    [
        "class Dataset:\n    def batch(self, n): return self.x[:n]",
        "class SGD:\n    def update(self, params, grads):\n        params['W'] -= 0.1 * grads['W']",
        "class Trainer:\n    def step(self, x, t):\n        grads = self.net.gradient(x, t)",
        "class Layer:\n    def forward(self, x): raise NotImplementedError\n"
        "    def backward(self, dout): raise NotImplementedError",
        "def load_gradients(path): return np.load(path)",
        "def numerical_diff(f, x): return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4",
        "def is_prime(n): return all(n % i for i in range(2, n))",
        "def clip_grads(grads, most):\n    norm = np.sqrt(sum(np.sum(g * g) for g in grads))",
        "dW = np.dot(x.T, dout)",
        "for i in range(9):\n    grads = net.gradient(x, t)\n    W -= 0.1 * grads['W']",
        f"class Layer:\n    def backward(self, dout): return dout * 2\n{RELU}".replace(
            "class Relu:", "class Relu(Layer):"
        ),
    ],
)
def test_other_code_is_not_listed(tmp_path: Path, text: str) -> None:
    assert listed(tmp_path, text) == []


def test_a_function_that_a_judged_layer_calls_is_judged_with_it(tmp_path: Path) -> None:
    helper = "def relu_slope_grad(x): return 1.0 * (x > 0)\n"
    text = helper + RELU.replace("dout * self.mask", "dout * relu_slope_grad(self.mask)")
    assert listed(tmp_path, text) == []
    assert [u.name for u in listed(tmp_path, helper)] == ["relu_slope_grad"]


def test_what_fails_when_it_is_defined_is_listed(tmp_path: Path) -> None:
    text = "def d_cube(x, by=undefined): return 3 * x ** 2\n"
    (unjudged,) = listed(tmp_path, text)
    assert "NameError" in unjudged.why


def test_they_decide_the_exit_status(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(f"{RELU}def f(x): return x ** 2\ndef df(x): return x\n", "utf-8")
    report = check(path, examples=1)
    assert (report.exit_status, [u.name for u in report.unjudged]) == (3, ["df"])
    assert "1 layer passes, 1 is not judged." in str(report)
    known = check(path, examples=1, known=True)
    assert (known.exit_status, known.unjudged) == (0, ())


def test_nothing_but_that_is_not_nothing(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text("def f(x): return x ** 2\ndef df(x): return x\n", "utf-8")
    assert check(path).exit_status == 3
    assert check(path, known=True).exit_status == 2


class TestOtherArrays:
    """Code that works on other arrays than NumPy's is listed with the reason, and never fails."""

    VARIABLE = (
        "class Variable:\n    def __init__(self, data): self.data = data\n"
        "def sigmoid(x): return Variable(1 / (1 + np.exp(-x)))\n"
    )
    TENSORS = (
        "import torch\nclass ReLU:\n    def forward(self, x):\n        self.x = x\n"
        "        return {}\n    def backward(self, dout):\n        return dout * (self.x > 0)\n"
    )

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (
                VARIABLE,
                ("it returns a Variable, which contains an array; trigrad reads only NumPy arrays"),
            ),
            (
                "class Variable:\n    def __init__(self, data): self.data = data\n"
                "def sigmoid(v): return Variable(1 / (1 + np.exp(-v.data)))\n",
                "it takes objects that contain an array (x.data); trigrad passes NumPy arrays",
            ),
            (
                "def relu(v):\n    x = v.data\n    return x.clip(0)\n",
                "it takes objects that contain an array (x.data); trigrad passes NumPy arrays",
            ),
            (TENSORS.format("x.clamp(min=0)"), "it works on PyTorch tensors"),
            (TENSORS.format("torch.relu(x)"), "it works on PyTorch tensors"),
        ],
    )
    def test_it_is_not_judged(self, tmp_path: Path, text: str, why: str) -> None:
        path = tmp_path / "layers.py"
        path.write_text(f"import numpy as np\n{text}", "utf-8")
        report = check(path, in_process=True, examples=2, repair_seconds=0)
        assert (report.layers, report.exit_status) == ((), 3)
        assert why in report.unjudged[0].why

    def test_a_mistake_beside_an_import_of_torch_is_one(self, tmp_path: Path) -> None:
        path = tmp_path / "layers.py"
        path.write_text(self.TENSORS.format("x.clmap(min=0)"), "utf-8")
        assert check(path, in_process=True, examples=2, repair_seconds=0).exit_status == 1

    @pytest.mark.parametrize(("made", "status"), [("np.asarray(x)", 0), ("x", 1)])
    def test_a_base_that_makes_arrays_of_numbers(
        self, tmp_path: Path, made: str, status: int
    ) -> None:
        path = tmp_path / "layers.py"
        path.write_text(
            "import numpy as np\nclass Function:\n    def __call__(self, *xs):\n"
            f"        return self.forward(*[{made} for x in xs])\n"
            "class Add(Function):\n    def forward(self, x0, x1):\n"
            "        self.shape = x0.shape\n        return x0 + x1\n"
            "    def backward(self, gy): return gy, gy * 1\n",
            "utf-8",
        )
        assert check(path, in_process=True, examples=2, repair_seconds=0).exit_status == status
