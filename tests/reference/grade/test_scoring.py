"""Points, with their reasons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trigrad.api import check
from trigrad.grade.mistakes import mistakes_of
from trigrad.grade.record import Grade, Item
from trigrad.grade.rubric import LayerRubric, Partial, Rubric
from trigrad.grade.scoring import Judged, grade, nothing
from trigrad.messages import Message
from trigrad.verdict.results import Verdict

LEARNERS = Path(__file__).parents[2] / "learners"

AFFINE = """\
import numpy as np
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


def judged(tmp_path: Path, text: str, name: str = "layers.py") -> Judged:
    path = tmp_path / name
    path.write_text(text)
    return Judged(name, check(path, in_process=True, examples=5, hints="law"))


def item(file: Judged, layer: LayerRubric, **rubric: object) -> Item:
    found = grade(Rubric((layer,), **rubric), [file])  # type: ignore[arg-type]
    assert found.points == found.items[0].points
    return found.items[0]


FOUR = LayerRubric("Affine", 4.0)


def test_a_right_layer_has_all_points(tmp_path: Path) -> None:
    found = item(judged(tmp_path, AFFINE), FOUR)
    assert found == Item("Affine", 4.0, 4.0, "everything is right", "layers.py", None, 2)


@pytest.mark.parametrize(
    ("right", "wrong", "points", "why"),
    [
        ("dout.sum(axis=0)", "dout", 3, "2 of 3 gradients are right: the gradient of b is not"),
        (
            "dout.sum(axis=0)",
            "dout.mean(axis=0)",
            3,
            "2 of 3 gradients are right: the gradient of b",
        ),
        ("self.dW = self.x.T @ dout", "self.dW = -self.x.T @ dout", 3, "the gradient of W is no"),
        ("+ self.b", "- self.b", 3, "the output is wrong; all gradients are right"),
        (
            "return dout @ self.W.T",
            "return undefined",
            1,
            "the output is right, none of the 3 grad",
        ),
        ("return x @ self.W + self.b", "return undefined", 0, "no points can be given"),
        ("return x @ self.W + self.b", "pass", 0, "no points can be given"),
    ],
)
def test_a_wrong_layer_keeps_the_points_of_what_holds(
    tmp_path: Path, right: str, wrong: str, points: float, why: str
) -> None:
    assert AFFINE.count(right) == 1
    file = judged(tmp_path, AFFINE.replace(right, wrong))
    found = item(file, FOUR)
    assert found.points == points
    assert why in found.why
    whole = item(file, LayerRubric("Affine", 4.0, partial=False))
    assert whole.points == 0


def test_a_broken_law_costs_one_part(tmp_path: Path) -> None:
    text = AFFINE.replace("self.db = dout", "self.db = getattr(self, 'db', 0) + dout")
    file = judged(tmp_path, text)
    found = item(file, FOUR)
    assert found.points == 3
    assert found.why.startswith(
        "output and gradients are right; another check fails: a second call gives"
    )
    assert item(file, FOUR, partial=Partial(law=0)).points == 4


def test_a_wrong_output_is_not_counted_again_in_its_right_derivative(tmp_path: Path) -> None:
    text = """\
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return 2 * x * y
    def backward(self, dout):
        return 2 * dout * self.y, 2 * dout * self.x
"""
    found = item(judged(tmp_path, text), LayerRubric("MulLayer", 3.0))
    assert (found.points, found.why) == (2.0, "the output is wrong; all gradients are right")


def test_the_weights_of_the_parts(tmp_path: Path) -> None:
    file = judged(tmp_path, AFFINE.replace("dout.sum(axis=0)", "dout"))
    assert item(file, FOUR, partial=Partial(output=3, gradient=1)).points == pytest.approx(20 / 6)
    assert item(file, FOUR, partial=Partial(output=0, gradient=0)).points == 0


def test_points_of_single_claims(tmp_path: Path) -> None:
    file = judged(tmp_path, AFFINE.replace("dout.sum(axis=0)", "dout.mean(axis=0)"))
    claims = (("value", 1.0), ("gradient of b", 1.0))
    found = item(file, LayerRubric("Affine", 4.0, claims=claims))
    assert found.points == 1
    assert found.why == "1 of 2 checks that give points pass: the gradient of b does not"
    found = item(file, LayerRubric("Affine", 4.0, claims=claims[:1]))
    assert found.points == 1
    assert found.why.startswith("all checks that give points pass; others fail: the gradient of b")
    right = judged(tmp_path, AFFINE)
    assert item(right, LayerRubric("Affine", 4.0, claims=claims)).points == 4


def test_what_is_not_there(tmp_path: Path) -> None:
    file = judged(tmp_path, AFFINE)
    assert item(file, LayerRubric("Relu", 2.0)) == Item("Relu", 0.0, 2.0, "missing")
    broken = Judged("b.py", judged(tmp_path, "def f(:\n", "b.py").results)
    found = grade(Rubric((LayerRubric("Relu", 2.0),)), [file, broken]).items[0]
    assert found.why.startswith("missing; what could not be read: b.py: syntax error in b.py")


def test_a_layer_without_backward_has_no_points(tmp_path: Path) -> None:
    text = AFFINE[: AFFINE.index("    def backward")]
    found = item(judged(tmp_path, text), FOUR)
    assert found.points == 0
    assert "cannot be judged" in found.why


def test_an_exercise_that_is_not_written(tmp_path: Path) -> None:
    text = "class Relu:\n    def forward(self, x):\n        pass\n    def backward(self, dout):\n"
    found = item(judged(tmp_path, f"{text}        pass\n"), LayerRubric("Relu", 2.0))
    assert (found.points, found.why) == (0.0, "not written yet")


def test_which_names_count(tmp_path: Path) -> None:
    file = judged(tmp_path, AFFINE.replace("class Affine", "class Dense"))
    assert item(file, FOUR).points == 4
    assert item(file, LayerRubric("Affine", 4.0, names=("Dense", "Linear"))).points == 4
    found = item(file, LayerRubric("Affine", 4.0, names=("Affine", "Linear")))
    assert found.points == 0
    assert found.why == "there is Dense, but only these names count: Affine and Linear"


def test_the_best_of_several_counts(tmp_path: Path) -> None:
    old = judged(tmp_path, AFFINE.replace("dout.sum(axis=0)", "dout"), "old.py")
    new = judged(tmp_path, AFFINE, "new.py")
    for files in ([old, new], [new, old]):
        found = grade(Rubric((FOUR,)), files).items[0]
        assert (found.points, found.file) == (4.0, "new.py")
        assert found.why == "everything is right (Affine in new.py, the best of 2)"


def test_advice_gives_points_only_if_it_is_asked_for(tmp_path: Path) -> None:
    overwrites = (LEARNERS / "right" / "lower_case_names.py").read_text()
    advice = (("backward keeps its arguments", 1.0), ("float32 stays float32", 0.5))
    rubric = Rubric((LayerRubric("Relu", 2.0),), advice=advice)
    found = grade(rubric, [judged(tmp_path, overwrites)])
    assert (found.points, found.of) == (2.5, 3.5)
    _, kept, floats = found.items
    assert (kept.name, kept.points) == ("advice: backward keeps its arguments", 0.0)
    assert kept.why == "relu does not keep it"
    assert (floats.points, floats.why) == (0.5, "everything is right")
    nobody = grade(rubric, [])
    assert nobody.items[1].why == "no layer that could keep it"


def test_what_is_undecided_loses_no_points_unless_the_teacher_says_so(tmp_path: Path) -> None:
    right = judged(tmp_path, AFFINE)
    (layer,) = right.results.layers
    layer = replace(layer, verdict=Verdict.INCONCLUSIVE, undecided=Message("apart.unsettled"))
    file = Judged(right.path, replace(right.results, layers=(layer,)))
    found = item(file, FOUR)
    assert found.points == 4
    assert found.why == (
        "not decided, so all points until somebody looks: "
        "finite differences and PyTorch do not agree, or PyTorch cannot follow it"
    )
    found = item(file, FOUR, undecided="none")
    assert found.points == 0
    assert found.why.startswith("not decided, so no points until somebody looks: ")


def test_nothing() -> None:
    rubric = Rubric((FOUR,))
    assert nothing(rubric, "it is empty") == Grade(
        0.0, 4.0, (Item("Affine", 0.0, 4.0, "it is empty"),)
    )
    assert nothing(rubric, "it died", points=None) == Grade(None, 4.0)


def test_mistakes_are_told_without_numbers_and_without_names(tmp_path: Path) -> None:
    def told(text: str) -> list[str]:
        return [mistake.what for mistake in mistakes_of(judged(tmp_path, text))]

    mean = told(AFFINE.replace("dout.sum(axis=0)", "dout.mean(axis=0)"))
    renamed = AFFINE.replace("dout.sum(axis=0)", "grad.mean(axis=0)").replace("dout", "grad")
    assert told(renamed) == mean
    assert mean[0].startswith("the gradient of b: 1/N of what it should be")
    doubled = told(AFFINE.replace("return x @ self.W + self.b", "return 2 * (x @ self.W + self.b)"))
    tripled = told(AFFINE.replace("return x @ self.W + self.b", "return 3 * (x @ self.W + self.b)"))
    assert doubled[0] == tripled[0] == "the output: a multiple of what it should be"
    assert told(AFFINE.replace("return dout @", "return undefined @")) == [
        "backward raises NameError"
    ]
    assert told(AFFINE.replace("self.dW = ", "dW = ")) == ["the gradient of W is not there"]
    never = told(AFFINE.replace("        self.x = x\n", ""))
    assert never == ["forward does not store what backward reads"]


def test_a_mistake_has_the_line_of_the_method(tmp_path: Path) -> None:
    file = judged(tmp_path, AFFINE.replace("dout.sum(axis=0)", "dout"))
    (found,) = mistakes_of(file)
    assert (found.layer, found.file, found.line) == ("Affine", "layers.py", 8)
