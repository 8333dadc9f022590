"""Little repositories as learners have them: the layers in them are found, and judged right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from trigrad import check
from trigrad.verdict.results import Verdict

Write = Callable[[str, str], Path]

FUNCTIONS = """
import numpy as np
def softmax(x):
    x = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)
def cross_entropy_error(y, t):
    return -np.sum(t * np.log(y + 1e-7)) / y.shape[0]
"""
LOSS = """
class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        return cross_entropy_error(self.y, t)
    def backward(self, dout=1):
        return dout * (self.y - self.t) / self.t.shape[0]
"""
LAYERS = """
class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out
    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
"""
NET = """
import numpy as np
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {
            "W1": weight_init_std * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": weight_init_std * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }
        p = self.params
        self.layers = [Affine(p["W1"], p["b1"]), Relu(), Affine(p["W2"], p["b2"])]
        self.last = SoftmaxWithLoss()
    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x
    def loss(self, x, t):
        return self.last.forward(self.predict(x), t)
    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last.backward(1)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        first, _, second = self.layers
        return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}
"""
DERIVED = (
    LAYERS.replace("class Relu", "class Relu(Layer)")
    .replace("class Affine", "class Affine(Layer)")
    .replace("        self.W,", "        super().__init__(W)\n        self.W,")
)
USES = "from common.functions import *"
PARDIR = "import sys, os\nsys.path.append(os.pardir)  # as the book does\n"


def page(*cells: str) -> str:
    """A notebook of these cells."""
    made = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": c}
        for c in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


ALL = {"Relu", "Affine", "SoftmaxWithLoss", "TwoLayerNet"}

REPOSITORIES: dict[str, tuple[dict[str, str], str, set[str]]] = {
    "the book's: common beside the chapter": (
        {
            "ch05/two_layer_net.py": PARDIR + "from common.layers import *\n" + NET,
            "common/__init__.py": "",
            "common/functions.py": FUNCTIONS,
            "common/layers.py": f"{USES}\nimport numpy as np\n{LAYERS}{LOSS}",
        },
        "ch05/two_layer_net.py",
        {"TwoLayerNet"},
    ),
    "the whole of it": (
        {
            "ch05/two_layer_net.py": PARDIR + "from common.layers import *\n" + NET,
            "ch05/train.py": "from two_layer_net import TwoLayerNet\nnet = TwoLayerNet(9, 5, 2)",
            "common/functions.py": FUNCTIONS,
            "common/layers.py": f"{USES}\nimport numpy as np\n{LAYERS}{LOSS}",
        },
        ".",
        {*ALL, "softmax", "cross_entropy_error"},
    ),
    "a notebook two levels below": (
        {
            "notes/week5/backprop.ipynb": page(
                "%matplotlib inline\nimport matplotlib.pyplot as plt",
                PARDIR + USES,
                LOSS,
                "SoftmaxWithLoss().forward(x, t)",
            ),
            "common/functions.py": FUNCTIONS,
        },
        "notes/week5/backprop.ipynb",
        {"SoftmaxWithLoss"},
    ),
    "common somewhere else in a repository": (
        {
            ".git/HEAD": "ref: refs/heads/main",
            "study/05/loss.py": USES + LOSS,
            "deep-learning-from-scratch/common/functions.py": FUNCTIONS,
        },
        "study/05/loss.py",
        {"SoftmaxWithLoss"},
    ),
    "one copy of common in each chapter": (
        {
            "ch04/common/functions.py": "def softmax(x): return 0",
            "ch05/common/functions.py": FUNCTIONS,
            "ch05/loss.py": USES + LOSS,
        },
        "ch05/loss.py",
        {"SoftmaxWithLoss"},
    ),
    "a package with relative imports": (
        {
            "nn/__init__.py": "from .layers import Relu, Affine\nfrom .losses import *",
            "nn/layers.py": LAYERS,
            "nn/losses.py": f"from ._functional import softmax, cross_entropy_error{LOSS}",
            "nn/_functional.py": FUNCTIONS,
            "nn/models/net.py": f"from .. import Relu, Affine\nfrom ..losses import *{NET}",
        },
        "nn",
        {*ALL, "softmax", "cross_entropy_error"},
    ),
    "one module of such a package": (
        {
            "nn/__init__.py": "from .layers import Relu, Affine\nfrom .losses import *",
            "nn/layers.py": LAYERS,
            "nn/losses.py": f"from ._functional import softmax, cross_entropy_error{LOSS}",
            "nn/_functional.py": FUNCTIONS,
            "nn/models/net.py": f"from .. import Relu, Affine\nfrom ..losses import *{NET}",
        },
        "nn/models/net.py",
        {"TwoLayerNet"},
    ),
    "a package that names itself": (
        {
            "src/mynn/__init__.py": "",
            "src/mynn/functions.py": FUNCTIONS,
            "src/mynn/losses.py": f"from mynn.functions import *{LOSS}",
            "setup.py": "from setuptools import setup\nsetup()",
        },
        "src/mynn/losses.py",
        {"SoftmaxWithLoss"},
    ),
    "a src layout seen from its tests": (
        {
            "tests/layers_again.py": f"from mynn.functions import *{LOSS}",
            "src/mynn/functions.py": FUNCTIONS,
            "pyproject.toml": "",
        },
        "tests/layers_again.py",
        {"SoftmaxWithLoss"},
    ),
    "modules that import each other": (
        {
            "layers.py": f"import net\nfrom functions import *{LAYERS}{LOSS}",
            "net.py": f"from layers import *{NET}",
            "functions.py": f"import layers\n{FUNCTIONS}",
        },
        "net.py",
        {"TwoLayerNet"},
    ),
    "a module named like a library": (
        {
            "operator.py": f"from functions import *{LOSS}",
            "functions.py": FUNCTIONS,
            "random.py": "raise SystemExit",
            "numpy.py": "raise SystemExit",
        },
        "operator.py",
        {"SoftmaxWithLoss"},
    ),
    "what only their module of a library's name has": (
        {"loss.py": f"from code import softmax, cross_entropy_error{LOSS}", "code.py": FUNCTIONS},
        "loss.py",
        {"SoftmaxWithLoss"},
    ),
    "a path that is added by name": (
        {
            "ch05/loss.py": f"import sys\nsys.path.append('../lib')\nfrom mathlib import *{LOSS}",
            "lib/mathlib.py": FUNCTIONS,
        },
        "ch05/loss.py",
        {"SoftmaxWithLoss"},
    ),
    "a path that is joined": (
        {
            "ch05/loss.py": "import sys\nfrom pathlib import Path\n"
            "sys.path.insert(0, str(Path(__file__).parent.parent / 'lib'))\n"
            f"from mathlib import *{LOSS}",
            "lib/mathlib.py": FUNCTIONS,
        },
        "ch05/loss.py",
        {"SoftmaxWithLoss"},
    ),
    "bases in a neighbour": (
        {
            "layers.py": "from base import Layer\n"
            + LAYERS.replace("class Relu", "class Relu(Layer)")
            .replace("class Affine", "class Affine(Layer)")
            .replace(
                "        self.W, self.b", "        super().__init__(W)\n        self.W, self.b"
            ),
            "base.py": "class Layer:\n    def __init__(self, W=None): self.params = [W]\n"
            "    def forward(self, x): raise NotImplementedError",
        },
        "layers.py",
        {"Relu", "Affine"},
    ),
    "bases that were never uploaded": (
        {
            "layers.py": "from core.base import Layer\n"
            + LAYERS.replace("class Relu", "class Relu(Layer)")
            .replace("class Affine", "class Affine(Layer)")
            .replace(
                "        self.W, self.b", "        super().__init__(W)\n        self.W, self.b"
            ),
        },
        "layers.py",
        {"Relu", "Affine"},
    ),
    "CuPy where there is one": (
        {
            "layers.py": "try:\n    import cupy as np\nexcept ImportError:\n"
            f"    import numpy as np\nfrom functions import *{LAYERS}{LOSS}",
            "functions.py": "try:\n    import cupy as np\nexcept ModuleNotFoundError:\n"
            "    import numpy as np\n" + FUNCTIONS.replace("import numpy as np", ""),
        },
        "layers.py",
        {"Relu", "Affine", "SoftmaxWithLoss"},
    ),
    "a script with everything in it": (
        {
            "main.py": "from past.builtins import xrange\nimport tensorflow as tf\n"
            "from tqdm import tqdm\nimport pandas as pd\n"
            f"{FUNCTIONS}{LAYERS}{LOSS}{NET}\n"
            "data = pd.read_csv('train.csv')\nnet = TwoLayerNet(784, 50, 10)\n"
            "for i in tqdm(xrange(1000)):\n    net.gradient(data, data)\n"
            "if __name__ == '__main__':\n    main()\n",
        },
        "main.py",
        {*ALL, "softmax", "cross_entropy_error"},
    ),
    "one file of several that Python cannot read": (
        {
            "loss.py": f"from functions import *\nfrom plots import *{LOSS}",
            "functions.py": FUNCTIONS,
            "plots.py": "print 'loss'",
        },
        "loss.py",
        {"SoftmaxWithLoss"},
    ),
    "a page about files": (
        {
            "memo.md": f"# layers.py\n```python:common/layers.py\n{LAYERS}{LOSS}```\n"
            f"# two_layer_net.py\n```python\nfrom common.layers import *\n{NET}```\n"
            "# Use\n```python\nfrom two_layer_net import TwoLayerNet\nTwoLayerNet(2, 3, 2)\n```",
        },
        "memo.md",
        ALL,
    ),
    "functions in a class's folder, classes in functions' files": (
        {
            "layer/relu.py": "import numpy as np\nfrom layer.util.tools import *"
            + LAYERS.split("class Affine")[0],
            "layer/util/tools/__init__.py": "from layer.util.tools.inner import *",
            "layer/util/tools/inner.py": FUNCTIONS,
            "layer/loss.py": f"from layer.util.tools import softmax, cross_entropy_error{LOSS}",
        },
        "layer",
        {"Relu", "SoftmaxWithLoss", "softmax", "cross_entropy_error"},
    ),
    "a link to a folder": (
        {"ch05/loss.py": USES + LOSS, "lib/functions.py": FUNCTIONS, "ch05/common": "-> ../lib"},
        "ch05/loss.py",
        {"SoftmaxWithLoss"},
    ),
}


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_what_is_found_passes(tmp_path: Path, write: Write, kind: str) -> None:
    files, target, expected = REPOSITORIES[kind]
    for name, text in files.items():
        if text.startswith("-> "):
            (tmp_path / "repo" / name).symlink_to(text.removeprefix("-> "))
        else:
            write(f"repo/{name}", dedent(text))
    report = check(tmp_path / "repo" / target, examples=1)
    assert report.error is None
    found = {layer.name: layer.verdict for layer in report.layers}
    passed = {name for name, verdict in found.items() if verdict is Verdict.PASS}
    failed = [str(j.finding.message) for layer in report.layers for j in layer.failures]
    assert failed == []
    assert (passed, [u.why for u in report.unjudged]) == (expected, [])
    helped = [note for layer in report.layers for note in layer.notes if "not in this file" in note]
    assert helped == [] or kind == "a page about files"
