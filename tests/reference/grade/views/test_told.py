"""Students are told what the hints allow, and nothing else, in every view that they may see."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pages.sample_class import record, report, run_of
from trigrad import check
from trigrad.grade.record import Item, Outcome, Record, Run
from trigrad.grade.views.feedback import feedback_html, feedback_md
from trigrad.grade.views.gradescope import gradescope
from trigrad.grade.views.junit import junit
from trigrad.grade.views.layer_text import text_of
from trigrad.grade.views.marks import Mark, mark_of
from trigrad.grade.views.prairielearn import prairielearn
from trigrad.grade.views.told import late, remarks, told
from trigrad.hints import Hints

WRONG = Path(__file__).parents[3] / "learners" / "wrong"

FILES = {
    "affine_db_mean.py": {
        "should be": "[-2.5]",
        "line": "line 19",
        "side": "the mistake is in backward",
        "mistake": "the mean over the batch",
        "fix": "dout.sum(axis=0)",
    },
    "mul_backward_adds.ipynb": {
        "should be": "[[6.]]",
        "line": "line 12",
        "side": "the mistake is in backward",
        "mistake": "it should multiply it",
        "fix": "dx = dout * self.y",
    },
    "net_relu_left_out_of_backward.ipynb": {
        "should be": "-0.060136",
        "line": "line 35",
        "side": "the mistake is in backward",
        "fix": "self.relu.backward",
    },
}
SHOWN = {
    Hints.LAW: set(),
    Hints.LINE: {"should be", "line", "side"},
    Hints.FIX: {"should be", "side", "mistake", "line", "fix"},
}

VIEWS: dict[str, Callable[[Run, Record], str | None]] = {
    "feedback.md": feedback_md,
    "feedback.html": feedback_html,
    "gradescope": gradescope,
    "prairielearn": prairielearn,
    "junit": lambda run, record: "".join(junit(run, [record])),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, dict[str, Any]]:
    """The reports on the files with everything in them, as the most generous hints give it."""
    return {name: check(WRONG / name, examples=5).to_dict() for name in FILES}


def of(found: dict[str, Any]) -> Record:
    """A record with this report, in which each layer is an item without points."""
    layers = found["layers"]
    items = [Item(layer["layer"], 0.0, 1.0, "it fails") for layer in layers]
    base = record("anna", "Anna", {})
    return replace(base, reports=(found,), grade=replace(base.grade, items=tuple(items)))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("hints", Hints)
@pytest.mark.parametrize("name", FILES)
def test_nothing_is_given_away(reports: dict[str, Any], name: str, hints: Hints, view: str) -> None:
    """A report that was made with more generous hints gives nothing away, either."""
    text = VIEWS[view](run_of(("anna",), {}, hints=hints.value), of(reports[name])) or ""
    text = text.replace("&#34;", '"').replace("&#39;", "'").replace("\\_", "_")
    assert "is not the derivative of forward" in text, "the law is always told"
    assert "dout" in text or "W1" in text, "and the case"
    there = {what for what, words in FILES[name].items() if words in text}
    assert there == SHOWN[hints] & FILES[name].keys()


@pytest.mark.parametrize("hints", [Hints.LAW, Hints.LINE])
@pytest.mark.parametrize("name", FILES)
def test_what_was_withheld_makes_the_same_text(
    reports: dict[str, Any], name: str, hints: Hints
) -> None:
    narrow = check(WRONG / name, examples=5, hints=hints).to_dict()
    for told_with, layer in zip(reports[name]["layers"], narrow["layers"], strict=True):
        assert list(text_of(told_with, hints)) == list(text_of(layer, hints))


def raises(message: str) -> dict[str, Any]:
    found = report(copy.deepcopy(record("a", "a", {"Relu": "fail"}).reports[0]["layers"][0]))
    claim = found["layers"][0]["claims"][0]
    claim["message"] = message
    claim["evidence"] |= {
        "is": None,
        "should_be": None,
        "raised": {
            "call": "backward",
            "error": "NameError",
            "message": "undefined name totl; did you mean total?",
            "where": {"file": "layers.py", "cell": None, "line": 77},
            "hints": ["x is a tuple there; did you mean shape?"],
        },
    }
    return found


@pytest.mark.parametrize("hints", Hints)
def test_errors_do_not_reveal_their_fix(hints: Hints) -> None:
    message = "backward raises NameError: undefined name totl; did you mean total?"
    text = "\n".join(text_of(raises(message)["layers"][0], hints))
    assert "backward raises NameError: undefined name totl" in text
    assert ("total" in text) == hints.shows_fix
    assert ("did you mean shape" in text) == hints.shows_fix
    assert ("line 77" in text) == hints.names_lines


def test_a_mistake_is_not_taken_for_a_side() -> None:
    """At `line` only the sentence about the side is told."""
    found = copy.deepcopy(record("a", "a", {"Relu": "fail"}).reports[0]["layers"][0])
    found["diagnosis"] = "the gradient of b: 2 times what it should be"
    assert not any("2 times" in line for line in text_of(found, Hints.LINE))
    found["side"] = "forward is right; the mistake is in backward"
    found["diagnosis"] += f". {found['side']}"
    assert "forward is right; the mistake is in backward" in list(text_of(found, Hints.LINE))
    assert not any("2 times" in line for line in text_of(found, Hints.LINE))


@pytest.mark.parametrize("view", VIEWS)
def test_the_mistakes_of_the_class_page_are_not_for_students(view: str) -> None:
    one = record("anna", "Anna", {"Affine": "fail"})
    (mistake,) = one.mistakes
    text = VIEWS[view](run_of(("anna",), {}, hints="fix"), one) or ""
    assert mistake.what not in text
    assert f"line {mistake.line}" not in text


def test_the_line_of_an_item_is_told_if_it_is_where_the_layer_begins() -> None:
    one = record("anna", "Anna", {"Affine": "fail"})
    affine = next(each for each in told(one, Hints.LAW) if each.name == "Affine")
    assert affine.place == "layers.py, line 30"
    moved = tuple(replace(i, line=34) if i.name == "Affine" else i for i in one.grade.items)
    other = replace(one, grade=replace(one.grade, items=moved))
    affine = next(each for each in told(other, Hints.LAW) if each.name == "Affine")
    assert affine.place == "layers.py"
    affine = next(each for each in told(other, Hints.LINE) if each.name == "Affine")
    assert affine.place == "layers.py, line 34"


def test_of_two_files_only_the_one_with_the_points_is_explained() -> None:
    one = record("anna", "Anna", {"Affine": "pass"})
    wrong = copy.deepcopy(record("anna", "Anna", {"Affine": "fail"}).reports[0])
    wrong["subject"]["path"] = "draft/layers.py"  # in which it begins in the same line
    two = replace(one, reports=(wrong, *one.reports))
    affine = next(each for each in told(two, Hints.LAW) if each.name == "Affine")
    assert (affine.mark, affine.lines) == (Mark.PASS, ())

    wrong["layers"][0]["verdict"] = "inconclusive"  # and has no points
    item = next(item for item in two.grade.items if item.name == "Affine")
    assert mark_of(two, item) is Mark.PASS


@pytest.mark.parametrize(
    ("verdict", "mark"),
    [
        ("pass", Mark.PASS),
        ("fail", Mark.FAIL),
        ("inconclusive", Mark.UNDECIDED),
        ("unimplemented", Mark.ABSENT),
        ("missing", Mark.ABSENT),
    ],
)
def test_marks(verdict: str, mark: Mark) -> None:
    one = record("a", "a", {"Affine": verdict})
    item = next(item for item in one.grade.items if item.name == "Affine")
    assert mark_of(one, item) is mark
    assert str(mark.words)


def test_a_layer_under_a_name_that_does_not_count_is_wrong() -> None:
    one = record("a", "a", {"Affine": "pass"})
    item = next(item for item in one.grade.items if item.name == "Affine")
    assert mark_of(one, replace(item, points=0.0)) is Mark.FAIL


def test_what_is_there_and_cannot_be_judged_is_undecided() -> None:
    one = record("a", "a", {})
    affine = Item("Affine", 0.0, 4.0, "Affine cannot be judged")
    assert mark_of(one, affine) is Mark.ABSENT
    there = report() | {"unjudged": [{"name": "affine", "why": "?", "todo": ""}]}
    assert mark_of(replace(one, reports=(there,)), affine) is Mark.UNDECIDED
    assert mark_of(replace(one, reports=(there,)), replace(affine, name="Relu")) is Mark.ABSENT


def test_what_was_not_graded_has_no_marks() -> None:
    one = replace(record("a", "a", {"Affine": "pass"}), outcome=Outcome.NOT_GRADABLE)
    assert {mark_of(one, item) for item in one.grade.items} == {Mark.ABSENT}


def test_an_item_that_is_no_layer_goes_by_its_points() -> None:
    one = record("a", "a", {})
    for points, mark in ((1.0, Mark.PASS), (0.5, Mark.FAIL), (0.0, Mark.ABSENT)):
        assert mark_of(one, Item("advice: float32 stays float32", points, 1.0, "")) is mark


def test_a_layer_that_is_right_in_one_file_and_missing_in_another_is_right() -> None:
    one = record("a", "a", {"Affine": "pass"})
    absent = copy.deepcopy(one.reports[0]["layers"][0]) | {"verdict": "missing", "where": None}
    two = replace(one, reports=(report(absent), *one.reports))
    item = next(item for item in one.grade.items if item.name == "Affine")
    assert mark_of(two, item) is Mark.PASS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 hour late"),
        (3601, "2 hours late"),
        (48 * 3600, "48 hours late"),
        (48 * 3600 + 1, "3 days late"),
        (30 * 86_400, "30 days late"),
    ],
)
def test_how_late_it_is(seconds: float, words: str) -> None:
    assert str(late(seconds)) == words


def test_what_is_said_of_the_whole() -> None:
    found = report()
    found["error"] = "layers.py has no layer in it"
    found["unjudged"] = [
        {"name": "Odd", "where": None, "why": "x; did you mean y?", "todo": "gradcheck checks it"}
    ]
    one = replace(record("a", "a", {}, late=7200), reports=(found,))
    one = replace(one, submission=replace(one.submission, notes=("left out: a.pdf",)))
    assert list(remarks(one, Hints.LAW)) == [
        "2 hours late; this does not change the points",
        "left out: a.pdf",
        "layers.py has no layer in it",
        "Odd: x; gradcheck checks it",
    ]


def test_a_large_case_is_told_by_its_shapes_and_numbers_that_json_has_not() -> None:
    found = copy.deepcopy(record("a", "a", {"Relu": "fail"}).reports[0]["layers"][0])
    evidence = found["claims"][0]["evidence"]
    evidence["case"] = {"x": [[1.0] * 20] * 20, "t": [0, 1]}
    evidence["is"] = ["nan", "inf"]
    text = "\n".join(text_of(json.loads(json.dumps(found)), Hints.LAW))
    assert "random numbers in the shapes x (20, 20), t (2,)" in text
    assert "[nan, inf]" in text
