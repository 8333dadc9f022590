"""Numbers that a constructor takes and backward gives a gradient of are weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.contracts.declaration import declared
from trigrad.subject.trained_numbers import kind_of, maybe_trained, trained_numbers, with_trained
from trigrad.verdict.results import LayerReport, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")

PRELU = """
class PReLU:
    def __init__(self, alpha=0.25):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, dout):
        self.dalpha = np.sum(dout * np.minimum(self.x, 0))
        return np.where(self.x > 0, dout, self.alpha * dout)
"""

IN_AN_ARRAY = """
class PReLU:
    def __init__(self, alpha=0.25):
        self.alpha = np.array([alpha])

    def forward(self, x):
        self.x = x
        return np.maximum(x, self.alpha * x)

    def backward(self, dout):
        self.dalpha = np.array([np.sum(dout * np.minimum(self.x, 0))])
        return np.where(self.x > 0, dout, self.alpha * dout)
"""

NEEDED = PRELU.replace("alpha=0.25", "alpha").replace("dalpha", "grad_alpha")

SWISH = """
class Swish:
    def __init__(self, beta=1.0):
        self.beta = beta

    def forward(self, x):
        self.x = x
        self.s = 1 / (1 + np.exp(-self.beta * x))
        return x * self.s

    def backward(self, dout):
        self.dbeta = np.sum(dout * self.x**2 * self.s * (1 - self.s))
        return dout * (self.s + self.beta * self.x * self.s * (1 - self.s))
"""

HELD = PRELU.replace("self.alpha = alpha", "self.params = {'alpha': alpha}; self.grads = {}")
IN_A_DICT = HELD.replace("self.alpha", "self.params['alpha']").replace(
    "self.dalpha", "self.grads['alpha']"
)
IN_A_LIST = IN_A_DICT.replace("{'alpha': alpha}", "[alpha]").replace("['alpha']", "[0]")
IN_A_LIST = IN_A_LIST.replace("self.grads[0] =", "self.grads =").replace(
    "np.sum(dout * np.minimum(self.x, 0))", "[np.sum(dout * np.minimum(self.x, 0))]"
)
RETURNED = PRELU.replace("self.dalpha", "dalpha").replace(
    "self.alpha * dout)", "self.alpha * dout), dalpha"
)
MADE_BEFORE = IN_AN_ARRAY.replace(
    "np.array([alpha])", "np.array([alpha]); self.dalpha = np.zeros(1)"
)
AT_ONCE = """
class PReLU:
    def __init__(self, alpha=0.25, lr=0.05):
        self.alpha = alpha
        self.lr = lr

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, dout):
        dalpha = np.sum(dout * np.minimum(self.x, 0))
        dx = np.where(self.x > 0, dout, self.alpha * dout)
        self.alpha -= self.lr * dalpha
        return dx
"""
AT_A_RATE_IN_THE_TEXT = AT_ONCE.replace("self.lr * dalpha", "0.02 * dalpha")
AT_A_RATE_IN_THE_TEXT = AT_A_RATE_IN_THE_TEXT.replace("        self.lr = lr\n", "")

OWN = PRELU.replace(", alpha=0.25", "").replace("= alpha", "= 0.25")
OWN_AT_ONCE = AT_ONCE.replace(", alpha=0.25", "").replace("= alpha", "= 0.25")

LAYERS = {
    "default": PRELU,
    "array": IN_AN_ARRAY,
    "needed": NEEDED,
    "contract": SWISH,
    "dict": IN_A_DICT,
    "list": IN_A_LIST,
    "returned": RETURNED,
    "made before": MADE_BEFORE,
    "at once": AT_ONCE,
    "at a rate": AT_A_RATE_IN_THE_TEXT,
    "its own": OWN,
    "its own, at once": OWN_AT_ONCE,
}

MISTAKES = dict.fromkeys(LAYERS, ("dout * np.minimum(self.x, 0)", "dout * self.x")) | {
    "contract": ("self.x**2", "self.x"),
}


def judged(folder: Path, text: str, *, in_process: bool = True) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(f"import numpy as np\n\n{text}", "utf-8")
    (layer,) = check(path, examples=5, in_process=in_process).layers
    return layer


@pytest.mark.parametrize("name", LAYERS)
def test_right_ones_pass(tmp_path: Path, name: str) -> None:
    assert judged(tmp_path, LAYERS[name]).verdict is Verdict.PASS


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("in_process", [True, False])
def test_a_wrong_gradient_of_the_number_does_not_pass(
    tmp_path: Path, name: str, in_process: bool
) -> None:
    wrong = LAYERS[name].replace(*MISTAKES[name])
    assert wrong != LAYERS[name]
    layer = judged(tmp_path, wrong, in_process=in_process)
    assert layer.verdict is Verdict.INCONCLUSIVE
    number = "beta" if name == "contract" else "alpha"
    assert f"gradient of {number}" in str(layer.undecided)


def test_a_number_that_forward_does_not_use_is_not_trained(tmp_path: Path) -> None:
    counts = PRELU.replace("self.dalpha = ", "self.calls += 1.0; self.dalpha = ")
    counts = counts.replace("self.alpha = alpha", "self.alpha = alpha; self.calls = 0.0")
    assert judged(tmp_path, counts).verdict is Verdict.PASS


def test_a_contract_that_trains_a_number_of_its_own(tmp_path: Path) -> None:
    """That backward changes it is no state that stays by mistake."""
    own = SWISH.replace(", beta=1.0", "").replace("= beta", "= 1.0")
    text = own.replace("self.dbeta = ", "self.beta -= 0.1 * ")
    assert judged(tmp_path, text).verdict is Verdict.FAIL  # dx uses the changed beta
    in_order = own.replace("self.dbeta =", "dbeta =").replace("return dout *", "dx = dout *")
    in_order += "        self.beta -= 0.1 * dbeta\n        return dx\n"
    assert judged(tmp_path, in_order).verdict is Verdict.PASS


def test_a_required_layer_keeps_the_name_of_its_contract(tmp_path: Path) -> None:
    wrong = SWISH.replace(*MISTAKES["contract"]).replace("Swish", "SwishLayer")
    layer = judged(tmp_path, wrong)
    assert (layer.layer, layer.name) == ("Swish", "SwishLayer")


@pytest.mark.parametrize("name", ["default", "contract"])
def test_a_backward_that_trains_the_number_at_once_passes(tmp_path: Path, name: str) -> None:
    """For a contract without the number, its second call would give another result."""
    number = "beta" if name == "contract" else "alpha"
    text = LAYERS[name].replace(
        "        return dout * (self.s +"
        if name == "contract"
        else "        return np.where(self.x",
        f"        old = self.{number}\n        self.{number} = old - 0.01 * self.d{number}\n"
        + (
            "        return dout * (self.s +"
            if name == "contract"
            else "        return np.where(self.x"
        ),
    )
    text = text.replace("self.beta * self.x * self.s", "old * self.x * self.s")
    text = text.replace("dout, self.alpha * dout", "dout, old * dout")
    assert "old *" in text
    assert judged(tmp_path, text).verdict is Verdict.PASS


class Trains:
    def __init__(self, D: int, alpha: float = 0.5, eps: float = 1e-5, beta: int = 2) -> None:
        self.sizes = (D, alpha, eps, beta)

    def backward(self) -> None:
        self.dalpha = self.d_beta = 0.0


def test_which_they_are() -> None:
    assert trained_numbers(Trains) == {"alpha", "beta"}
    assert maybe_trained(Trains, declared("x: N D")) == {"alpha": 0.5, "beta": 2.0}
    as_made = declared("x: N D; build: Trains(3, alpha=2.0)")
    assert maybe_trained(Trains, as_made) == {"alpha": 2.0, "beta": 2.0}
    assert maybe_trained(Trains, declared("x: N D; alpha:; beta:")) == {}


class KeepsThemInAList:
    def __init__(self, slope: float = 0.5, lr: float = 0.1) -> None:
        self.params, self.lr = [slope], lr

    def backward(self) -> None:
        self.grads = [0.0]


def test_of_a_list_any_may_be_trained_but_no_learning_rate() -> None:
    assert trained_numbers(KeepsThemInAList) == frozenset()
    assert maybe_trained(KeepsThemInAList, declared("x: N D")) == {"slope": 0.5}


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("x: N D", "x: N D; alpha: unit"),
        (
            "x: N D; build: Trains(D=D); forward: layer(x)",
            "x: N D; alpha: unit; build: Trains(D=D, alpha=alpha); forward: layer(x)",
        ),
        (
            "x: N D; build: Trains(D=D, alpha=0.1)",
            "x: N D; alpha: unit; build: Trains(D=D, alpha=alpha)",
        ),
    ],
)
def test_what_is_declared(text: str, more: str) -> None:
    assert with_trained(declared(text), {"alpha": 0.5}, ["alpha"]) == more
    assert declared(more).names == ("x", "alpha")


@pytest.mark.parametrize(
    ("number", "kind"), [(0.01, "unit"), (1.0, "positive"), (0.0, ""), (-2.0, "")]
)
def test_what_is_drawn_is_like_the_default(number: float, kind: str) -> None:
    assert kind_of(number) == kind
