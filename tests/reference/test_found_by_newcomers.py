"""Right code that once failed and wrong code that once passed, as newcomers wrote it."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigrad import check, impl
from trigrad.subject.source.magics import without_magics
from trigrad.subject.source.sources import UnreadableError, read
from trigrad.verdict.results import LayerReport, Results, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")  # its words are tested elsewhere


def judged(cls: type, contract: str) -> LayerReport:
    return check(cls, contract=contract, examples=8).layers[0]


def refuted(layer: LayerReport) -> set[str]:
    return {j.claim.name for j in layer.failures}


class OnTheClass:
    """Two of these in one graph, and the first one's gradients are the second one's."""

    def forward(self, x: Any, y: Any) -> Any:
        OnTheClass.x, OnTheClass.y = x, y
        return x * y

    def backward(self, dout: Any) -> Any:
        return dout * self.y, dout * self.x


def test_state_on_the_class_is_refuted() -> None:
    assert refuted(judged(OnTheClass, "MulLayer")) == {"objects share nothing"}


def test_half_precision_hides_no_mistake() -> None:
    class Half:
        def forward(self, x: Any) -> Any:
            self.y = 1 / (1 + np.exp(-x))
            return self.y

        def backward(self, dout: Any) -> Any:
            return (dout * self.y * (1 + self.y)).astype(np.float16)

    assert "gradient of x" in refuted(judged(Half, "Sigmoid"))


def test_right_layer_in_single_precision_passes() -> None:
    class Single:
        def forward(self, x: Any) -> Any:
            self.y = (1 / (1 + np.exp(-x))).astype(np.float32)
            return self.y

        def backward(self, dout: Any) -> Any:
            return dout * self.y * (1 - self.y)

    assert judged(Single, "Sigmoid").verdict is Verdict.PASS


def test_forward_that_rounds_has_no_invented_derivative() -> None:
    class Rounds:
        def forward(self, x: Any) -> Any:
            self.y = 1 / (1 + np.exp(-x))
            return self.y.round(6)

        def backward(self, dout: Any) -> Any:
            return dout * self.y * (1 - self.y)

    layer = check(Rounds, contract="Sigmoid").layers[0]
    witnesses = {j.claim.witness.value for j in layer.failures if j.claim.name == "gradient of x"}
    assert witnesses == set()


def test_network_with_bias_rows_passes() -> None:
    class Rows(impl.TwoLayerNet):
        """As chapter 4 writes it: one function, and b of shape (1, H)."""

        def __init__(self, *sizes: int) -> None:
            super().__init__(*sizes)
            self.params = {
                n: p.reshape(1, -1) if n[0] == "b" else p for n, p in self.params.items()
            }

        def predict(self, x: Any) -> Any:
            p = self.params
            return np.maximum(x @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]

        def loss(self, x: Any, t: Any) -> Any:
            return impl.SoftmaxWithLoss().forward(self.predict(x), t)

        def gradient(self, x: Any, t: Any) -> Any:
            p = self.params
            hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
            back = (impl.softmax(hidden @ p["W2"] + p["b2"]) - t) / len(x)
            inner = (back @ p["W2"].T) * (hidden > 0)
            sums = {"b1": inner.sum(0, keepdims=True), "b2": back.sum(0, keepdims=True)}
            return {"W1": x.T @ inner, "W2": hidden.T @ back, **sums}

    assert judged(Rows, "TwoLayerNet").verdict is Verdict.PASS


@pytest.mark.parametrize(("factor", "advised"), [(1, False), (2, True)])
def test_predict_may_give_probabilities_and_nothing_else(factor: int, advised: bool) -> None:
    class Probabilities(impl.TwoLayerNet):
        def predict(self, x: Any) -> Any:
            return factor * impl.softmax(super().predict(x))

        def loss(self, x: Any, t: Any) -> Any:
            return self.lastLayer.forward(super().predict(x), t)

    layer = judged(Probabilities, "TwoLayerNet")
    assert layer.verdict is Verdict.PASS
    assert ("predict" in {j.claim.name for j in layer.advice}) is advised


@pytest.mark.parametrize("limit", [5.0, 6.0])
def test_clip_far_out_is_refuted(limit: float) -> None:
    class Clipped:
        def forward(self, x: Any) -> Any:
            self.mask = (x > 0) & (x < limit)
            return np.clip(x, 0, limit)

        def backward(self, dout: Any) -> Any:
            return dout * self.mask

    assert "value" in refuted(check(Clipped, contract="Relu").layers[0])


def test_recognised_and_not_judged_is_no_clean_pass(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(
        "class AddLayer:\n"
        "    def forward(self, x, y): return x + y\n"
        "    def backward(self, dout): return dout * 1, dout * 1\n"
        "class Affine:\n"
        "    def forward(self, x): return x\n",
        "utf-8",
    )
    report = check(path, examples=2)
    assert report.exit_status == 3
    assert "Affine" not in {r.layer for r in report.layers if r.verdict is Verdict.MISSING}


def test_help_on_a_call_costs_no_cell() -> None:
    assert without_magics("import os\nos.path.join('a', 'b')?\nx = 1") == "import os\n\nx = 1"


def test_what_is_no_ordinary_file_is_not_read() -> None:
    with pytest.raises(UnreadableError, match=r"not a regular file|not a file that can be read"):
        read(Path("/dev/null"))


class TestStrangersFiles:
    """What a second newcomer found, with files in all the spellings of the web."""

    def judged(self, folder: Path, text: str, name: str = "a.py", **options: Any) -> Results:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return check(path, **{"examples": 4, **options})

    def test_a_layer_that_makes_labels_itself(self, tmp_path: Path) -> None:
        report = self.judged(
            tmp_path,
            "import numpy as np\n"
            "from common.functions import softmax, cross_entropy_error\n"
            "class SoftmaxWithLoss:\n"
            "    def forward(self, x, t):\n"
            "        self.t = t\n"
            "        self.y = softmax(x)\n"
            "        if self.t.size == self.y.size:\n"
            "            self.t = self.t.argmax(axis=1)\n"
            "        return cross_entropy_error(self.y, self.t)\n"
            "    def backward(self, dout=1):\n"
            "        dx = self.y.copy()\n"
            "        dx[np.arange(len(dx)), self.t] -= 1\n"
            "        return dx * dout / len(dx)\n",
        )
        assert report.exit_status == 0
        assert ("it does not take: class labels") in str(
            report
        )  # which would be the helper's, not the file's

    @pytest.mark.parametrize("threshold", [0.1, 0.25, -0.2])
    def test_a_threshold_close_to_0(self, tmp_path: Path, threshold: float) -> None:
        report = self.judged(
            tmp_path,
            "import numpy as np\nclass Relu:\n"
            "    def forward(self, x):\n        self.x = x\n        return np.maximum(0, x)\n"
            f"    def backward(self, dout):\n        return dout * (self.x > {threshold})\n",
        )
        assert report.exit_status == 1

    def test_what_a_missing_base_has(self, tmp_path: Path) -> None:
        report = self.judged(
            tmp_path,
            "import numpy as np\nfrom dezero import Function\n"
            "class Sigmoid(Function):\n"
            "    def forward(self, x):\n        return 1 / (1 + np.exp(-x))\n"
            "    def backward(self, gy):\n        y = self.outputs[0]\n"
            "        return gy * y * (1 - y)\n",
        )
        (unjudged,) = report.unjudged
        assert "it needs what was not found: Function" in unjudged.why

    def test_another_s_layer_blocks_no_network(self, tmp_path: Path) -> None:
        net = (Path(__file__).parents[1] / "learners" / "right" / "book_style.py").read_text(
            "utf-8"
        )
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "layers.py").write_text(net, "utf-8")
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "layers.py").write_text(
            "class Relu:\n    def forward(self, x): return x * (x > 0)\n"
            "    def backward(self, dout): return dout\n",
            "utf-8",
        )
        report = check(tmp_path, examples=4)
        verdicts = {(r.name, r.where.file): r.verdict.value for r in report.layers if r.where}
        assert verdicts["Relu", "b/layers.py"] == "fail"
        assert verdicts["TwoLayerNet", "a/layers.py"] == "pass"
        whose = r"^✓ TwoLayerNet .*checks +a/layers\.py$"
        assert re.search(whose, str(report), re.M)

    def test_shell_and_magics_in_the_middle_of_a_cell(self) -> None:
        text = "files = !ls\nt = %time 1\nfor i in t:\n    %time i\nclass A:\n    pass\n"
        assert ast.parse(without_magics(text))

    def test_a_layer_in_a_cell_that_cannot_be_read(self, tmp_path: Path) -> None:
        text = "class Relu:\n    def forward(self, x):\n        return x +\n"
        right = "class AddLayer:\n def forward(s, x, y): return x + y\n def backward(s, d): "
        cells = [right + "return d, d * 1.0", text]
        notebook = {
            "nbformat": 4,
            "nbformat_minor": 4,
            "metadata": {},
            "cells": [
                {"cell_type": "code", "source": c, "metadata": {}, "outputs": []} for c in cells
            ],
        }
        report = self.judged(tmp_path, json.dumps(notebook), "a.ipynb")
        assert report.exit_status == 3
        (unjudged,) = report.unjudged
        assert unjudged.name == "Relu"
        assert "it cannot be read" in unjudged.why

    def test_a_helper_within_the_method_is_its_own(self, tmp_path: Path) -> None:
        report = self.judged(
            tmp_path,
            "import numpy as np\nclass Sigmoid:\n    def forward(self, x):\n"
            "        def sigmoid(z):\n            return 1 / (1 + np.exp(-z))\n"
            "        self.y = sigmoid(x)\n        return self.y\n"
            "    def backward(self, dout):\n        return dout * self.y * (1 - self.y)\n",
        )
        assert "chapter's" not in str(report)

    def test_a_fence_that_names_no_language(self, tmp_path: Path) -> None:
        page = "```\n$ ls\n```\n\n```\ndef sigmoid(x):\n    return x\n```\n"
        report = self.judged(tmp_path, page, "a.md")
        assert report.exit_status == 1

    def test_the_way_to_run_it_again_is_whole(self, tmp_path: Path) -> None:
        text = (
            "import torch\nclass Relu:\n    def forward(self, x):\n        self.x = x\n"
            "        return torch.relu(torch.tensor(x)).numpy()\n"
            "    def backward(self, dout):\n        return dout * (self.x > 0)\n"
        )
        report = self.judged(tmp_path, text, numpy_only=True, timeout=2.5)
        assert report.exit_status == 1
        assert str(report).endswith("--layer Relu --seed 0 --examples 4 --numpy-only --timeout 2.5")
        assert "so:" not in str(report)
