"""Right code that once failed and wrong code that once passed, as newcomers wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import impl
from reference import check
from reference.report import LayerReport, Verdict
from reference.subject.magics import without_magics
from reference.subject.sources import UnreadableError, read


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


def test_predict_that_gives_probabilities_is_advice() -> None:
    class Probabilities(impl.TwoLayerNet):
        def predict(self, x: Any) -> Any:
            return impl.softmax(super().predict(x))

        def loss(self, x: Any, t: Any) -> Any:
            return self.lastLayer.forward(super().predict(x), t)

    layer = judged(Probabilities, "TwoLayerNet")
    assert layer.verdict is Verdict.PASS
    assert "predict" in {j.claim.name for j in layer.advice}


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
    with pytest.raises(UnreadableError, match=r"no ordinary file|none of what can be read"):
        read(Path("/dev/null"))
