"""What is not here is stood in for: base classes, decorators, helpers, whole frameworks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigrad import check
from trigrad.subject.loading import helpers
from trigrad.subject.loading.loader import Loaded
from trigrad.verdict.results import Results, Verdict

Load = Callable[..., Loaded]

PASSES = """
    def __init__(self):
        super().__init__()
        self.mask = None
    def forward(self, x):
        return x
    def backward(self, dout):
        return dout
"""


def value(loaded: Loaded, name: str) -> Any:
    """What is defined under a name."""
    return next(d.value for d in loaded.definitions if d.name == name)


class TestBases:
    @pytest.mark.parametrize(
        ("start", "base", "notes"),
        [
            ("from dezero import Layer", "Layer", ["not found: dezero"]),
            ("from .base import Layer, Mixin", "Layer, Mixin", ["not found: .base"]),
            ("import keras", "keras.layers.Layer", ["not found: keras"]),
            ("import keras.layers as L", "L.Layer", ["not found: keras.layers"]),
            ("import chainer", "chainer", ["not found: chainer"]),
            ("from abc import ABC", "ABC", []),
            ("import abc\nfrom keras import Layer", "Layer, abc.ABC", ["not found: keras"]),
            ("class Layer:\n    pass", "Layer", []),
            (
                "",
                "Layer",
                ["a.py, line 1: Layer, the base of Relu, is not defined; an empty class stands in "
                 "for it"],
            ),
            ("from common.layers import *", "Layer", ["not found: common.layers"]),
        ],
    )  # fmt: skip
    def test_a_layer_stands_on_its_own_passes(
        self, load_files: Load, start: str, base: str, notes: list[str]
    ) -> None:
        loaded = load_files({"a.py": f"{start}\nclass Relu({base}):{PASSES}"})
        assert value(loaded, "Relu")().forward(3) == 3
        assert loaded.notes == notes
        assert loaded.broken == []

    @pytest.mark.parametrize("arguments", ["", "3", "'relu', trainable=False", "self"])
    @pytest.mark.parametrize("call", ["super().__init__({})", "Layer.__init__(self, {})"])
    def test_a_stub_takes_any_arguments(self, load_files: Load, call: str, arguments: str) -> None:
        text = "class Relu(Layer):\n    def __init__(self):\n        " + call.format(arguments)
        assert value(load_files({"a.py": text.replace("(self, )", "(self)")}), "Relu")() is not None

    def test_a_stub_has_no_passes_of_its_own(self, load_files: Load) -> None:
        relu = value(load_files({"a.py": "class Relu(Layer, register=True): pass"}), "Relu")
        assert not hasattr(relu, "forward")
        assert not hasattr(relu(), "mask")

    def test_an_abstract_base_of_their_own(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "from abc import ABC, abstractmethod\nclass Layer(ABC):\n"
                f"    @abstractmethod\n    def forward(self, x): pass\nclass Relu(Layer):{PASSES}"
            }
        )
        assert value(loaded, "Relu")().forward(3) == 3
        with pytest.raises(TypeError):
            value(loaded, "Layer")()


class TestPlaceholders:
    @pytest.mark.parametrize(
        "decorator",
        ["@numba.jit", "@numba.jit(nopython=True)", "@numba.vectorize(['f8(f8)'], target='cpu')"],
    )
    def test_a_decorator_leaves_what_it_decorates(self, load_files: Load, decorator: str) -> None:
        loaded = load_files({"a.py": f"import numba\n{decorator}\ndef f(x): return x + 1"})
        assert value(loaded, "f")(3) == 4
        assert loaded.notes == ["not found: numba"]

    def test_so_with_a_class(self, load_files: Load) -> None:
        loaded = load_files(
            {"a.py": "from keras.utils import register\n@register('own')\nclass A:\n    x = 3"}
        )
        assert value(loaded, "A").x == 3

    @pytest.mark.parametrize("start", ["from tqdm import tqdm", "from tqdm.notebook import tqdm"])
    def test_progress_is_not_shown(self, load_files: Load, start: str) -> None:
        loaded = load_files(
            {"a.py": f"{start}\ndef f(): return sum(i for i in tqdm(range(3), desc='x'))"}
        )
        assert value(loaded, "f")() == 3

    def test_defaults_and_class_attributes(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "import matplotlib.pyplot as plt\nclass A:\n    font = plt.Font(size=3)\n"
                "    def f(self, cmap=plt.get_cmap('x')): return 3"
            }
        )
        assert value(loaded, "A")().f() == 3

    def test_nothing_is_of_a_class_that_is_not_here(self, load_files: Load) -> None:
        loaded = load_files(
            {"a.py": "import cupy\ndef f(x): return isinstance(x, (cupy.ndarray, list))"}
        )
        assert value(loaded, "f")(3) is False
        assert value(loaded, "f")([]) is True

    def test_a_framework_s_softmax_is_another(self, load_files: Load) -> None:
        loaded = load_files(
            {"a.py": "from keras.activations import softmax\nf = lambda: softmax(3)"}
        )
        with pytest.raises(ImportError, match=r"^softmax comes from keras\.activations, which is"):
            value(loaded, "f")()


class TestTwoPythons:
    @pytest.mark.parametrize(
        "start",
        [
            "from past.builtins import xrange",
            "from six.moves import xrange",
            "from six.moves import range as xrange",
            "from builtins import range as xrange",
            "import six\nxrange = six.moves.range",
            "from __future__ import print_function, division\nfrom future.builtins import range\n",
            "",
        ],
    )
    def test_xrange(self, load_files: Load, start: str) -> None:
        loaded = load_files({"a.py": f"{start}\ndef f(): return list(xrange(3))"})
        assert value(loaded, "f")() == [0, 1, 2]

    def test_their_own_is_never_replaced(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "def xrange(n): return [n]\ndef f(): return xrange(3)"})
        assert value(loaded, "f")() == [3]


class TestHelpers:
    X = np.arange(2 * 3 * 5 * 4, dtype=float).reshape(2, 3, 5, 4)

    @pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (1, 2), (3, 0)])
    def test_im2col_against_the_definition(self, stride: int, pad: int) -> None:
        height, width = 2, 3
        col = helpers.im2col(self.X, height, width, stride, pad)
        padded = np.pad(self.X, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
        rows = [
            padded[n, :, i : i + height, j : j + width].ravel()
            for n in range(2)
            for i in range(0, padded.shape[2] - height + 1, stride)
            for j in range(0, padded.shape[3] - width + 1, stride)
        ]
        assert np.array_equal(col, np.array(rows))

    @pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (1, 2), (3, 0)])
    def test_col2im_is_its_transpose(self, stride: int, pad: int) -> None:
        """⟨im2col(x), y⟩ = ⟨x, col2im(y)⟩ for every y."""
        col = helpers.im2col(self.X, 2, 3, stride, pad)
        y = np.sin(np.arange(col.size)).reshape(col.shape)
        back = helpers.col2im(y, (2, 3, 5, 4), 2, 3, stride, pad)
        assert np.isclose((col * y).sum(), (self.X * back).sum())

    def test_relu(self) -> None:
        assert helpers.relu(np.array([-1.0, 0.0, 2.0])).tolist() == [0.0, 0.0, 2.0]

    def test_a_layer_may_use_them(self, load_files: Load) -> None:
        loaded = load_files(
            {"a.py": "from common.util import im2col\ndef f(x): return relu(im2col(x, 1, 1))"}
        )
        assert value(loaded, "f")(np.ones((1, 1, 2, 2))).tolist() == [[1.0]] * 4


TORCH = """
import sys
from pathlib import Path
from trigrad.subject.loading.loader import load
from trigrad.subject.source.sources import read
loaded = load(read(Path({path!r})))
before = "torch" in sys.modules
result = [d.value() for d in loaded.definitions if d.name == "f"]
print(before, "torch" in sys.modules, *result)
"""


class TestTorch:
    """In an interpreter of its own: this one has imported torch long ago."""

    def run(self, path: Path, text: str) -> str:
        path.write_text(text)
        done = subprocess.run(
            [sys.executable, "-c", TORCH.format(path=str(path))],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def test_an_import_alone_costs_nothing(self, tmp_path: Path) -> None:
        text = (
            "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
            "from torch import nn, optim, tensor\nfrom torch.autograd import Variable\n"
            "from torch.utils.data import DataLoader\n"
            "try:\n    import torch\nexcept ImportError:\n    torch = None\n"
            "def f(): return 3"
        )
        assert self.run(tmp_path / "a.py", text) == "False False 3"

    def test_it_is_imported_where_it_is_used(self, tmp_path: Path) -> None:
        text = (
            "import torch\nfrom torch import tensor, float64\nimport torch.nn.functional as F\n"
            "def f(): return F.relu(tensor([-1.0, 2.0], dtype=float64)).sum().item(), "
            "isinstance(3, torch.Tensor)"
        )
        assert self.run(tmp_path / "a.py", text) == "True True (2.0, False)"

    @pytest.mark.parametrize(
        ("text", "result"),
        [
            ("import torch.nn as nn\nclass A(nn.Module): pass\ndef f(): return A()", "A()"),
            ("from torch.nn import Module\nclass A(Module): pass\ndef f(): return A()", "A()"),
            ("from torch import *\ndef f(): return tensor(3).item()", "3"),
            ("import torch\ndef f(): return torch.pi > 3", "True"),
            ("def f():\n    from torch import tensor\n    return tensor(3).item()", "3"),
            ("from torch import tensor as t\nf = lambda: t(3).item()", "3"),
        ],
    )
    def test_then_it_is_the_real_one(self, load_files: Load, text: str, result: str) -> None:
        assert str(value(load_files({"a.py": text}), "f")()) == result


NEWER = "type Vector[T] = list[T]\n"


class TestOfAFileThatCannotBeParsed:
    """A sibling in a newer Python's syntax: what it would define is missing, and that is said."""

    @pytest.mark.parametrize(
        "line", ["from types_ import {}", "from types_ import *", "import types_"]
    )
    @pytest.mark.parametrize(
        "use", ["{}", "{}[float]", "{}(x)", "{} * x", "x * {}", "np.exp({})", "x if {} else x"]
    )
    def test_a_layer_that_uses_it_is_undecided(self, tmp_path: Path, line: str, use: str) -> None:
        name = "types_.Vector" if line.startswith("import") else "Vector"
        (tmp_path / "types_.py").write_text(NEWER)
        used = use.format(name)
        (tmp_path / "a.py").write_text(
            f"import numpy as np\n{line.format('Vector')}\nclass Relu:\n"
            f"    def forward(self, x):\n        self.x = x\n        self.of = {used}\n"
            "        return np.maximum(x, 0) + 0 * self.of\n"
            "    def backward(self, dout):\n        return dout * (self.x > 0)\n"
        )
        report = check(tmp_path / "a.py", examples=1, in_process=True, repair_seconds=0)
        assert [layer.name for layer in report.layers] == []
        assert [u.why[:35] for u in report.unjudged] == ["it needs what was not found: types_"]


class TestHelpersOfOtherModules:
    """A name that the chapter has too means the chapter's, unless something says otherwise."""

    LOSS = """
import numpy as np
{line}
class SoftmaxWithLoss:
    def forward(self, x, t):
        self.y, self.t = {call}, t
        return -np.sum(t * np.log(self.y + 1e-7)) / len(t)
    def backward(self, dout=1):
        return dout * (self.y - self.t){wrong} / len(self.t)
"""

    def judged(self, tmp_path: Path, line: str, call: str, wrong: str = "") -> Results:
        (tmp_path / "a.py").write_text(self.LOSS.format(line=line, call=call, wrong=wrong))
        return check(tmp_path / "a.py", examples=2, in_process=True, repair_seconds=0)

    @pytest.mark.parametrize(
        ("line", "call", "why"),
        [
            ("from sklearn.utils.extmath import softmax", "softmax(x, copy=True)", "sklearn"),
            ("from sklearn.utils.extmath import softmax", "softmax(x)", "sklearn"),
            ("import tensorflow as tf", "tf.nn.softmax(x)", "tensorflow"),
            ("from my_tools import softmax", "softmax(x, axis=-1)", "softmax"),
            ("from my_tools import softmax as sm", "sm(x, axis=-1)", "sm"),
        ],
    )
    def test_another_function_is_not_judged(
        self, tmp_path: Path, line: str, call: str, why: str
    ) -> None:
        report = self.judged(tmp_path, line, call)
        assert not report.layers
        assert report.unjudged[0].why.startswith(f"it needs what was not found: {why}")

    @pytest.mark.parametrize(
        "line", ["from common.functions import *", "from my_tools import softmax"]
    )
    def test_the_chapter_s_is_supplied_and_mistakes_are_seen(
        self, tmp_path: Path, line: str
    ) -> None:
        right = self.judged(tmp_path, line, "softmax(x)")
        wrong = self.judged(tmp_path, line, "softmax(x)", " * 2")
        assert [r.layers[0].verdict for r in (right, wrong)] == [Verdict.PASS, Verdict.FAIL]

    def test_a_misspelt_argument_of_its_own_function_is_a_mistake(self, tmp_path: Path) -> None:
        own = "def softmax(x): return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)"
        report = self.judged(tmp_path, own, "softmax(x, axes=1)")
        verdicts = {layer.name: layer.verdict for layer in report.layers}
        assert verdicts["SoftmaxWithLoss"] is Verdict.FAIL
