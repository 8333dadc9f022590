"""Small inputs for which there is no contract: with one line of declaration each, they fail.

They are not part of this repository: see test_cases.py.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trigrad import check
from trigrad.trial import layer_trial

BESIDE = Path(__file__).parents[2].parent / "shared" / "cases"
FOLDER = Path(os.environ.get("TRIGRAD_CASES", BESIDE))

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the small inputs are not here: set TRIGRAD_CASES to the folder that has them",
)

WEIGHTS = "dict(W1=W1, b1=b1, W2=W2, b2=b2)"
ALL = f"forward_propagation(X, {WEIGHTS})"

# A file, the layer in it, its declaration, and a must-claim that is refuted.
BEYOND = [
    ("batch_norm_mean_path", "BatchNormalization", "x: N D; gamma: D; beta: D", "gradient of x"),
    ("dropout_new_mask", "Dropout", "x: N D", "gradient of x"),
    (
        "embedding_overwrites",
        "Embedding",
        "W: V D; idx: labels<V N; build: Embedding(W)",
        "gradient of W",
    ),
    ("log_softmax", "LogSoftmax", "x: N C", "gradient of x"),
    ("max_pooling_returns_early", "MaxPooling", "x: N C H W", "gradient of x"),
    ("mse_factor", "MSELoss", "y: N D; t: fixed N D", "gradient of y"),
    (
        "net_loss_and_grads",
        "TwoLayerNet",
        "X: fixed N D; y: labels<C N; W1: D H; b1: H; W2: H C; b2: C; "
        "build: TwoLayerNet(D, H, C); forward: layer.loss(X, y, reg=0.1)",
        "gradient of W",
    ),
    (
        "planar_tanh",
        "backward_propagation",
        "X: fixed D N; Y: binary 1 N; W1: H D; b1: H 1; W2: 1 H; b2: 1 1; "
        f"forward: compute_cost({ALL}[0], Y); "
        f"backward: backward_propagation({WEIGHTS}, {ALL}[1], X, Y)",
        "gradient of",
    ),
    ("softmax_backward_jacobian", "softmax_backward", "z: C", "gradient of z"),
    ("softmax_diagonal_only", "Softmax", "x: N C", "gradient of x"),
    (
        "softmax_loss_combined",
        "Activation_Softmax_Loss_CategoricalCrossentropy",
        "inputs: N C; y_true: labels<C N; backward: layer.backward(layer.output, y_true)",
        "gradient of inputs",
    ),
    (
        "softmax_loss_naive",
        "softmax_loss_naive",
        "W: D C; X: fixed N D; y: labels<C N; forward: softmax_loss_naive(W, X, y, 0.1)",
        "gradient of W",
    ),
    ("tanh_plus", "Tanh", "x: N D", "gradient of x"),
]


@pytest.mark.parametrize(
    ("file", "layer", "declaration", "quantity"), BEYOND, ids=[each[0] for each in BEYOND]
)
def test_what_is_wrong_fails_by_its_declaration(
    monkeypatch: pytest.MonkeyPatch, file: str, layer: str, declaration: str, quantity: str
) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)
    path = FOLDER / "beyond" / f"{file}.py"
    report = check(path, declaration, layer=layer, in_process=True, examples=4, repair_seconds=0)
    assert report.exit_status == 1, str(report)
    refuted = [j.claim.name for each in report.layers for j in each.judgements if j.fails]
    assert any(name.startswith(quantity) for name in refuted), refuted
