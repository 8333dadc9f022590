"""What two witnesses say together: forward right or not × backward its derivative or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from trigrad import Report
from trigrad.claim.quantity import Quantity, gradient
from trigrad.contracts.schema import Contract
from trigrad.diagnosis.diagnose import diagnose
from trigrad.diagnosis.diagnosis import Diagnosis, Mistake, Side, merged
from trigrad.messages import Message
from trigrad.trial.own_forward import OwnForward
from trigrad.verdict import layer_verdict

Judge = Callable[..., Report]

LAYER = """
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return {output}

    def backward(self, dout):
        return {gradient}
"""

RIGHT_GRADIENT = "dout * self.y * (1 - self.y)"

BACKWARD = "forward is right; the mistake is in backward"
FORWARD = "forward is wrong; backward is right for this wrong forward"
FORWARD_ALONE = "forward is wrong; backward is right for the correct forward already"
BOTH = "forward is wrong, and backward is not its derivative either"
CALLS = "the values of one call are right; the mistake is in what stays or changes between calls"


def sentence(found: Diagnosis | None) -> str:
    """What the witnesses say together; empty where they say nothing."""
    return str(found.sentence) if found and found.sentence else ""


def mistakes(found: Diagnosis) -> list[str]:
    """The mistakes that are named, in words."""
    return [str(mistake.sentence) for mistake in found.mistakes]


def diagnosis(judge: Judge, output: str, gradient: str) -> str:
    """The one sentence on the layer with these two expressions."""
    layer = judge(LAYER.format(output=output, gradient=gradient)).layers[0]
    assert layer.name == "Sigmoid"
    return sentence(layer.diagnosis)


@pytest.mark.parametrize(
    ("output", "gradient", "due"),
    [
        ("self.y", RIGHT_GRADIENT, ""),
        ("self.y", "dout * self.y", BACKWARD),
        ("self.y", "-" + RIGHT_GRADIENT, BACKWARD),
        ("self.y", "self.y * (1 - self.y)", BACKWARD),
        ("2 * self.y", "2 * " + RIGHT_GRADIENT, FORWARD),
        ("self.y + 1", RIGHT_GRADIENT, FORWARD),
        ("2 * self.y", RIGHT_GRADIENT, FORWARD_ALONE),
        ("-self.y", RIGHT_GRADIENT, FORWARD_ALONE),
        ("2 * self.y", "3 * " + RIGHT_GRADIENT, BOTH),
        ("x * self.y", "dout", BOTH),
    ],
)
def test_the_four_quadrants(judge: Judge, output: str, gradient: str, due: str) -> None:
    assert diagnosis(judge, output, gradient) == due


def test_it_stands_on_the_screen_behind_so(judge: Judge) -> None:
    told = str(judge(LAYER.format(output="self.y", gradient="dout"))).splitlines()
    assert f"    so: {BACKWARD}" in told


def test_what_shows_only_across_calls(judge: Judge) -> None:
    text = """
        class MulLayer:
            def __init__(self):
                self.x = None

            def forward(self, x, y):
                if self.x is None:
                    self.x, self.y = x, y
                return x * y

            def backward(self, dout):
                return dout * self.y, dout * self.x
    """
    layer = judge(text).layers[0]
    assert layer.diagnosis
    assert sentence(layer.diagnosis) == CALLS
    assert {j.claim.witness.value for j in layer.failures} == {"laws"}


@pytest.mark.parametrize(
    ("output", "gradient"),
    [
        ("None", RIGHT_GRADIENT),
        ("1 / 0", RIGHT_GRADIENT),
        ("self.y", "None"),
        ("self.y", "1 / 0"),
        ("self.y", "dout.sum()"),
    ],
)
def test_where_something_is_absent_nothing_is_guessed(
    judge: Judge, output: str, gradient: str
) -> None:
    assert diagnosis(judge, output, gradient) == ""


def test_a_function_has_no_two_sides(judge: Judge) -> None:
    layer = judge("import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(x))").layers[0]
    assert layer.verdict.value == "fail"
    assert layer.diagnosis
    assert sentence(layer.diagnosis) == ""


CROSS_ENTROPY = """
import numpy as np


def cross_entropy_error(y, t):
    if y.ndim == 1:
        y, t = y.reshape(1, -1), t.reshape(1, -1)
    return {value}


cross_entropy_error(np.array([0.1, 0.2, 0.7]), np.array([0, 0, 1]))
"""


@pytest.mark.parametrize(
    ("value", "reads_labels"),
    [
        ("-np.sum(np.log(y[np.arange(len(y)), t])) / len(y)", True),
        ("-np.sum(np.log(y[np.arange(len(y)), t] + 1e-7)) / len(y)", True),
        ("-np.sum(np.log(y[np.arange(len(y)), t])) / len(y) + 0.01", False),
        ("-np.sum(t * np.log(y)) / len(y) * 2", False),
        ("-np.sum(t * np.log(y)) / len(y)", False),
    ],
)
def test_a_misreading_is_named_only_where_its_figure_is_reproduced(
    judge: Judge, value: str, reads_labels: bool
) -> None:
    layer = judge(CROSS_ENTROPY.format(value=value)).layers[0]
    told = sentence(layer.diagnosis)
    assert ("the classes 0, 0 and 1 were read" in told) is reads_labels
    assert ("6.2146" in told) is reads_labels


AFFINE = """
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = 0
        self.x = None

    def forward(self, x):
        {stores}
        return {output}

    def backward(self, dout):
        self.dW = {dW}
        self.db = {db}
        return dout @ self.W.T
"""
FINE = {
    "stores": "self.x = x",
    "output": "x @ self.W + self.b",
    "dW": "self.x.T @ dout",
    "db": "dout.sum(axis=0)",
}


def diagnosed(judge: Judge, text: str) -> Diagnosis:
    found = judge(text).layers[0].diagnosis
    assert found is not None
    return found


def affine(judge: Judge, **changes: str) -> Diagnosis:
    return diagnosed(judge, AFFINE.format(**{**FINE, **changes}))


def test_a_passing_layer_has_none(judge: Judge) -> None:
    assert judge(AFFINE.format(**FINE)).layers[0].diagnosis is None


def test_mistakes_stand_on_the_screen_and_in_json_before_the_side(judge: Judge) -> None:
    report = judge(AFFINE.format(**{**FINE, "db": "dout.mean(axis=0)"}))
    words = (
        "the gradient of b: 1/N of what it should be (N is the batch size): the mean over the "
        "batch is taken, not the sum"
    )
    told = " ".join(line.strip() for line in str(report).splitlines())
    assert f"{words} so: {BACKWARD}" in told
    assert report.to_dict()["layers"][0]["diagnosis"] == f"{words}. {BACKWARD}"


def test_two_mistakes_of_the_same_words_are_said_together(judge: Judge) -> None:
    found = affine(judge, dW="2 * self.x.T @ dout", db="2 * dout.sum(axis=0)")
    assert mistakes(found) == ["the gradients of W and b: 2 times what it should be"]
    found = affine(judge, dW="2 * self.x.T @ dout", db="3 * dout.sum(axis=0)")
    assert mistakes(found) == [
        "the gradient of W: 2 times what it should be",
        "the gradient of b: 3 times what it should be",
    ]


@pytest.mark.parametrize(
    ("mixed", "said"),
    [
        ({"x": "y", "y": "x"}, ["x and y: exchanged"]),
        ({"x": "y", "y": "z", "z": "y"}, ["x: y", "y and z: exchanged"]),
        ({"x": "y", "y": "z", "z": "x"}, ["x: y", "y: z", "z: x"]),
        ({"x": "y"}, ["x: y"]),
    ],
)
def test_two_gradients_in_each_others_place_are_one_mistake(
    mixed: dict[str, str], said: list[str]
) -> None:
    found = merged(
        [
            Mistake((gradient(one),), Message("mixup.gradients", quantity=gradient(other)))
            for one, other in mixed.items()
        ]
    )
    told = []
    for mistake in found:
        names = " and ".join(q.gradient_of for q in mistake.about)
        other = mistake.words.value("quantity")
        told.append(f"{names}: {other.gradient_of if isinstance(other, Quantity) else 'exchanged'}")
    assert told == said


def test_what_follows_from_a_wrong_forward_is_not_said_again(judge: Judge) -> None:
    text = LAYER.format(output="2 * self.y", gradient="2 * " + RIGHT_GRADIENT)
    assert mistakes(diagnosed(judge, text)) == ["the output: 2 times what it should be"]


def test_what_is_not_recognised_is_not_named(judge: Judge) -> None:
    found = affine(judge, dW="np.sin(self.x.T @ dout)")
    assert found.mistakes == ()
    assert sentence(found) == BACKWARD


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        (
            {"db": "self.db + dout.sum(axis=0)"},
            "the gradient of b: the new gradient is added to that of the call before",
        ),
        (
            {"stores": "self.x = x if self.x is None else self.x"},
            "the gradient of W: computed from the x of an earlier forward, not of the last one",
        ),
        (
            {"stores": "Affine.last = x", "dW": "Affine.last.T @ dout"},
            "the gradient of W: computed from the x of another object of the same class",
        ),
    ],
)
def test_what_is_kept_across_calls(judge: Judge, changes: dict[str, str], mistake: str) -> None:
    found = affine(judge, **changes)
    assert mistakes(found) == [mistake]
    assert sentence(found) == CALLS


def test_what_is_kept_otherwise_is_not_named(judge: Judge) -> None:
    found = affine(judge, db="dout.sum(axis=0) + (0 if self.db is 0 else 0.5)")
    assert sentence(found) == CALLS
    assert found.mistakes == ()


@pytest.mark.parametrize(
    ("output", "gradient", "words"),
    [
        ("self.y", "0.2 * dout", "a change of x has no effect, and should have one"),
        ("self.y", "self.y ** 3", "a change of dout has no effect, and should have one"),
        (
            "self.y",
            "0.2 * np.ones_like(x)",
            "a change of x and dout has no effect, and should have one",
        ),
        ("self.y", "dout * self.y ** 3", ""),
    ],
)
def test_what_a_result_does_not_depend_on(
    judge: Judge, output: str, gradient: str, words: str
) -> None:
    gradient = gradient.replace("(x)", "(self.y)")
    found = diagnosed(judge, LAYER.format(output=output, gradient=gradient))
    assert mistakes(found) == ([f"the gradient of x: {words}"] if words else [])


# --- the side ---


@pytest.mark.parametrize(
    ("output", "gradient", "side"),
    [
        ("self.y", "dout * self.y", Side.BACKWARD),
        ("self.y", "dout.sum()", Side.BACKWARD),
        ("self.y", "None", Side.BACKWARD),
        ("self.y", "1 / 0", Side.BACKWARD),
        ("None", RIGHT_GRADIENT, Side.FORWARD),
        ("1 / 0", RIGHT_GRADIENT, Side.FORWARD),
        ("self.y + 1", RIGHT_GRADIENT, Side.FORWARD),
        ("2 * self.y", RIGHT_GRADIENT, Side.FORWARD),
        ("2 * self.y", "2 * " + RIGHT_GRADIENT, Side.BOTH),
        ("x * self.y", "dout", Side.BOTH),
    ],
)
def test_the_side(judge: Judge, output: str, gradient: str, side: Side) -> None:
    assert diagnosed(judge, LAYER.format(output=output, gradient=gradient)).side is side


@pytest.mark.parametrize(
    ("changes", "side"),
    [
        ({"db": "self.db + dout.sum(axis=0)"}, Side.BACKWARD),
        ({"stores": "self.x = x if self.x is None else self.x"}, Side.FORWARD),
        ({"stores": "Affine.last = x", "dW": "Affine.last.T @ dout"}, Side.FORWARD),
        ({"output": "x @ self.W"}, Side.FORWARD),
        ({"output": "x @ self.W", "db": "np.zeros_like(self.b)"}, Side.BOTH),
    ],
)
def test_the_side_of_an_affine(judge: Judge, changes: dict[str, str], side: Side) -> None:
    assert affine(judge, **changes).side is side


@pytest.mark.parametrize("stores", ["pass", "y = x"])
def test_what_forward_never_stores_is_its_own_mistake(judge: Judge, stores: str) -> None:
    found = affine(judge, stores=stores)
    assert found.side is Side.FORWARD
    assert sentence(found) == (
        "forward gives the right output, but does not store what backward reads: self.x"
    )


def test_an_error_about_something_else_stays_backwards(judge: Judge) -> None:
    found = affine(judge, stores="pass", dW="np.zeros_like(self.W) * dout.nothing + self.x")
    assert found.side is Side.BACKWARD
    assert "stores" not in sentence(found)


def test_the_side_of_a_call_that_does_not_come_back_is_not_guessed(judge: Judge) -> None:
    text = "import os\n" + AFFINE.format(**{**FINE, "db": "os._exit(1)"})
    assert diagnosed(judge, text) == Diagnosis()


def test_a_function_has_one_side(judge: Judge) -> None:
    text = "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(x))"
    found = diagnosed(judge, text)
    assert (found.side, found.sentence) == (Side.FORWARD, None)
    assert mistakes(found) == ["the output: computed as if for -x: the sign of x is wrong"]


def test_where_pytorch_follows_forward_no_longer_nothing_is_named(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time for which it does is over on a slow machine, where the witnesses were in time."""

    def late(contract: Contract, *rest: Any) -> Diagnosis | None:
        assert isinstance(contract.own, OwnForward)
        monkeypatch.setattr(contract.own, "_left", 0.0)
        monkeypatch.setattr(contract.own, "_results", {})
        return diagnose(contract, *rest)

    text = """
    # trigrad: x: N D
    class Twice:
        def forward(self, x):
            return 2 * x

        def backward(self, dout):
            return {slope} * dout
    """
    assert mistakes(diagnosed(judge, text.format(slope=3)))
    monkeypatch.setattr(layer_verdict, "diagnose", late)
    found = diagnosed(judge, text.format(slope=3))
    assert (found.side, found.mistakes) == (Side.BACKWARD, ())
