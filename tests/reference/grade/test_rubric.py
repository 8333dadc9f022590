"""Rubrics that are read, and what is said of those that are not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trigrad.contracts.own import OwnContract
from trigrad.grade.rubric import LayerRubric, Partial, Rubric, RubricError, read_rubric


def read(tmp_path: Path, text: str, required: tuple[str, ...] = ()) -> Rubric:
    path = tmp_path / "rubric.toml"
    path.write_text(text, "utf-8")
    return read_rubric(path, required)


def test_the_default_is_a_point_for_the_output_and_one_for_each_gradient() -> None:
    rubric = read_rubric(None, ["Affine", "Relu", "softmax", "affine", "lstm"])
    assert [(item.name, item.of) for item in rubric.items] == [
        ("Affine", 4.0),
        ("Relu", 2.0),
        ("softmax", 1.0),
        ("LSTM", 2.0),
    ]
    assert (rubric.of, rubric.undecided, rubric.due) == (9.0, "full", None)


def test_everything_that_a_rubric_may_say(tmp_path: Path) -> None:
    rubric = read(
        tmp_path,
        """
        due = 2026-11-02T23:59:00+01:00
        undecided = "none"
        [layers]
        affine = 5
        Relu = { points = 2, partial = false, names = ["Relu", "ReLU"] }
        Sigmoid = { partial = false }
        [layers.SoftmaxWithLoss]
        points = 3
        claims = { "value" = 1, "gradient of x" = 1 }
        [partial]
        output = 2
        law = 0.5
        [advice]
        "float32 stays float32" = 0.5
        """,
        required=("AddLayer", "Affine"),
    )
    assert rubric == Rubric(
        layers=(
            LayerRubric("Affine", 5.0),
            LayerRubric("Relu", 2.0, partial=False, names=("Relu", "ReLU")),
            LayerRubric("Sigmoid", 2.0, partial=False),
            LayerRubric("SoftmaxWithLoss", 3.0, claims=(("value", 1.0), ("gradient of x", 1.0))),
            LayerRubric("AddLayer", 3.0),
        ),
        partial=Partial(2.0, 1.0, 0.5),
        advice=(("float32 stays float32", 0.5),),
        undecided="none",
        due=datetime(2026, 11, 2, 22, 59, tzinfo=UTC),
    )
    assert rubric.of == 15.5
    assert rubric.items[-1].name == "advice: float32 stays float32"
    assert rubric.as_dict()["due"] == "2026-11-02T23:59:00+01:00"


def test_the_example_of_the_page_is_a_rubric(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "class.md"
    text = page.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    assert read(tmp_path, text).of == 11.5


def test_a_day_ends_at_midnight(tmp_path: Path) -> None:
    rubric = read(tmp_path, "due = 2026-11-02\n[layers]\nRelu = 1\n")
    assert rubric.due == datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[layers]\nAfine = 1", "no layer is named 'Afine'; is one of these meant: Affine"),
        ("[layers]\nAffine = 1\naffine = 2", r"\[layers\] names Affine twice"),
        ("[layers]\nAffine = -1", r"\[layers\] Affine is -1, should be a number of points"),
        ("[layers]\nAffine = true", r"\[layers\] Affine is True, should be a number"),
        ("[layers]\nAffine = nan", r"\[layers\] Affine is nan, should be a number"),
        ("[layers]\nAffine = { point = 1 }", "has no 'point'; is one of these meant: points"),
        ('[layers]\nAffine = { names = "Affine" }', "names is 'Affine', should be a list"),
        ("[layers]\nAffine = { partial = 1 }", "partial is 1, should be true or false"),
        ('[layers]\nAffine = { claims = { "gradient of w" = 1 } }', "meant: gradient of W"),
        ('[layers]\nAffine = { points = 1, claims = { "value" = 2 } }', "give 2 points, but it ha"),
        ("[layer]\nAffine = 1", "the rubric has no 'layer'; is one of these meant: layers"),
        ("[x]\nAffine = 1", "the rubric has no 'x': there are layers, partial"),
        ("layers = 1", "layers is 1, should be a table"),
        ("[layers]\nRelu = 1\n[partial]\ngradients = 1", "no 'gradients'; .* meant: gradient"),
        ('[layers]\nRelu = 1\n[advice]\n"float32 stay float32" = 1', "meant: float32 stays"),
        ('undecided = "half"', 'undecided is \'half\', should be "full" or "none"'),
        ("due = 5", "due is 5, should be a time"),
        ("[layers", "is not TOML in UTF-8: "),
        ("", r"has no \[layers\]"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RubricError, match=words) as caught:
        read(tmp_path, text)
    assert "rubric.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_a_rubric_and_without_names() -> None:
    with pytest.raises(RubricError, match="what is to be handed in"):
        read_rubric(None)
    with pytest.raises(RubricError, match=r"--require: no layer is named 'Afine'; .*Affine"):
        read_rubric(None, ["Afine"])


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="cannot be read: No such file"):
        read_rubric(tmp_path / "none.toml")


def test_contracts_of_ones_own() -> None:
    own = OwnContract("Swish", "x: N D; a: fixed", names=("SiLU",))
    assert read_rubric(None, ["silu"], [own]).layers == (LayerRubric("Swish", 2.0),)
