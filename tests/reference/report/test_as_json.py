"""The JSON object, held against the schema that other programs may rely on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import pytest

from trigrad import Report, check
from trigrad.hints import Hints
from trigrad.repair.result import Change, Repair
from trigrad.subject.face import Where

Judge = Callable[..., Report]


def _object(**properties: Any) -> dict[str, Any]:
    """An object with exactly these keys."""
    required = list(properties)
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
WORDS = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"anyOf": [{"type": "number"}, {"enum": ["nan", "inf", "-inf"]}]}
VALUE = {"anyOf": [{"type": "null"}, TEXT, {"$ref": "#/$defs/array"}]}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "null"}, schema]}


WHERE = _nullable(
    _object(file=WORDS, cell=_nullable({"type": "integer", "minimum": 1}), line={"minimum": 1})
)
RAISED = _object(
    call=WORDS, error=WORDS, message=TEXT, where=WHERE, hints={"type": "array", "items": WORDS}
)
EVIDENCE = _object(
    what=WORDS,
    case={"type": "object", "additionalProperties": {"$ref": "#/$defs/array"}},
    **{"is": VALUE},
    should_be=VALUE,
    error=_nullable(NUMBER),
    tolerance=_nullable(NUMBER),
    remark=TEXT,
    raised=_nullable(RAISED),
)
EVIDENCE["properties"]["program"] = {"type": "array", "items": WORDS, "minItems": 1}
"""Of an engine only."""
CLAIM = _object(
    claim=WORDS,
    witness={"enum": ["finite differences", "autograd", "laws"]},
    severity={"enum": ["must", "should"]},
    outcome={"enum": ["pass", "fail", "blocked", "inconclusive", "not applicable"]},
    message=TEXT,
    evidence=_nullable(EVIDENCE),
)
PLACE = {"file": WORDS, "cell": _nullable(COUNT), "line": {"type": "integer", "minimum": 1}}
EDIT = _object(**PLACE, before=_nullable(TEXT), after=_nullable(TEXT))
REPAIR = _object(
    verified={"type": "boolean"},
    edits={"type": "array", "items": EDIT},
    suspects={"type": "array", "items": _object(**PLACE)},
    drawbacks={"type": "array", "items": WORDS},
    overdue={"type": "boolean"},
)
INSIDE = _object(
    name=WORDS,
    **{"class": WORDS},
    where=WHERE,
    state={"enum": ["right", "wrong", "undecided"]},
    wrong={"type": "array", "items": WORDS},
    why=TEXT,
)
NETWORK = _object(
    layers={"type": "array", "items": INSIDE},
    faults={"type": "array", "items": _object(message=WORDS, evidence=_nullable(EVIDENCE))},
    rest=_nullable(WORDS),
)
LAYER = _object(
    layer=WORDS,
    name=WORDS,
    where=WHERE,
    verdict={"enum": ["pass", "fail", "inconclusive", "missing", "unimplemented"]},
    declaration=_nullable(WORDS),
    notes={"type": "array", "items": WORDS},
    claims={"type": "array", "items": CLAIM},
    undecided=_nullable(WORDS),
    diagnosis=_nullable(WORDS),
    side=_nullable(WORDS),
    network=_nullable(NETWORK),
    repair=_nullable(REPAIR),
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"array": {"anyOf": [NUMBER, {"type": "array", "items": {"$ref": "#/$defs/array"}}]}},
    **_object(
        version=WORDS,
        language=WORDS,
        seed=COUNT,
        error=_nullable(WORDS),
        subject=_object(path=TEXT, sha256=TEXT, notes={"type": "array", "items": WORDS}),
        unjudged={"type": "array", "items": _object(name=WORDS, where=WHERE, why=WORDS, todo=TEXT)},
        layers={"type": "array", "items": LAYER},
        summary=_object(
            **dict.fromkeys(
                ["pass", "fail", "inconclusive", "missing", "unimplemented", "advice"], COUNT
            )
        ),
        seconds={"type": "number", "minimum": 0},
    ),
}


def parsed(report: Report) -> dict[str, Any]:
    """The report as another program reads it: strict JSON that keeps to the schema."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is not JSON")

    found = json.loads(json.dumps(report.to_dict()), parse_constant=refuse)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert isinstance(found, dict)
    return found


def claims(found: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The claims of one layer."""
    (layer,) = (each for each in found["layers"] if each["name"] == name)
    yield from layer["claims"]


RELU = """
    import numpy as np

    class ReLU:
        def forward(self, x):
            self.mask = x > 0
            return {output}

        def backward(self, dout):
            return {gradient}
"""
FINE = {"output": "np.where(self.mask, x, 0)", "gradient": "np.where(self.mask, dout, 0)"}


def test_the_schema_refuses_something() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    good = parsed(Report("a.py", "", 0, 1, error="nothing"))
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "extra": 1})
    assert not validator.is_valid({**good, "seed": "0"})
    assert not validator.is_valid({k: v for k, v in good.items() if k != "seconds"})
    assert not validator.is_valid({**good, "layers": [{"layer": "Relu"}]})


def test_a_layer_that_passes(judge: Judge) -> None:
    found = parsed(judge(RELU.format(**FINE)))
    assert found["error"] is None
    assert found["seed"] == 0
    assert found["subject"]["path"] == "layers.py"
    assert len(found["subject"]["sha256"]) == 64
    relu = found["layers"][0]
    assert (relu["layer"], relu["name"], relu["verdict"]) == ("Relu", "ReLU", "pass")
    assert relu["where"] == {"file": "layers.py", "cell": None, "line": 3}
    assert relu["notes"] == ["read as Relu"]
    assert relu["diagnosis"] is None
    assert relu["side"] is None
    assert {c["outcome"] for c in relu["claims"]} <= {"pass", "not applicable"}
    assert all(c["evidence"] is None for c in relu["claims"])


@pytest.mark.parametrize("hints", list(Hints))
@pytest.mark.parametrize(
    "repair",
    [
        Repair((Change(Where("layers.py", None, 8), "a", "b", "/layers.py"),)),
        Repair((Change(Where("n.ipynb", 3, 8), "", "b", "/n.ipynb"),)),
        Repair(suspects=(Where("layers.py", None, 8, "a"), Where("n.ipynb", 3, 9, "b"))),
        Repair(),
        None,
    ],
)
def test_every_repair_keeps_to_the_schema(
    judge: Judge, hints: Hints, repair: Repair | None
) -> None:
    report = judge(RELU.format(**{**FINE, "gradient": "dout"}))
    first, *rest = report.layers
    mended = replace(report, layers=(replace(first, repair=repair), *rest), hints=hints)
    found = parsed(mended)["layers"][0]["repair"]
    assert (found is None) is (repair is None or hints is Hints.LAW)


def test_why_a_reading_is_undecided(judge: Judge) -> None:
    alone = """
        import numpy as np

        def softmax(x):
            return np.exp(x) / np.exp(x).sum(axis=0)
    """
    (layer,) = parsed(judge(alone))["layers"]
    assert layer["verdict"] == "inconclusive"
    assert "--samples rows" in layer["undecided"]
    assert parsed(judge(RELU.format(**FINE)))["layers"][0]["undecided"] is None


def test_what_is_missing_comes_last(judge: Judge) -> None:
    judge(RELU.format(**FINE))
    found = parsed(check("layers.py", require=["MulLayer", "Affine"], examples=1))
    assert [(each["layer"], each["verdict"]) for each in found["layers"]] == [
        ("Relu", "pass"),
        ("MulLayer", "missing"),
        ("Affine", "missing"),
    ]
    assert found["layers"][1]["where"] is None
    assert found["layers"][1]["claims"] == []
    assert found["summary"] == {
        **{"pass": 1, "fail": 0, "inconclusive": 0, "missing": 2, "unimplemented": 0},
        "advice": 0,
    }


def test_nothing_is_missing_that_was_not_required(judge: Judge) -> None:
    found = parsed(judge(RELU.format(**FINE)))
    assert [(each["layer"], each["verdict"]) for each in found["layers"]] == [("Relu", "pass")]
    assert found["summary"]["missing"] == 0


def test_a_wrong_value(judge: Judge) -> None:
    found = parsed(judge(RELU.format(**{**FINE, "gradient": "self.mask * (dout + 1)"})))
    (refuted,) = (
        c
        for c in claims(found, "ReLU")
        if c["claim"] == "gradient of x" and c["witness"] == "autograd"
    )
    assert refuted["severity"] == "must"
    assert refuted["outcome"] == "fail"
    assert refuted["message"] == "the gradient of x is wrong: PyTorch computes another one"
    evidence = refuted["evidence"]
    assert evidence["what"] == "gradient of x"
    assert set(evidence["case"]) == {"x", "dout"}
    ((dout,),) = evidence["case"]["dout"]
    ((x,),) = evidence["case"]["x"]
    assert evidence["is"] == [[dout + 1]]
    assert evidence["should_be"] == [[dout if x > 0 else 0.0]]
    assert evidence["error"] == 1.0
    assert 0 < evidence["tolerance"] < 1e-9
    assert evidence["raised"] is None
    assert found["layers"][0]["diagnosis"] == "forward is right; the mistake is in backward"
    assert found["layers"][0]["side"] == "forward is right; the mistake is in backward"


def test_an_error_with_its_line(judge: Judge) -> None:
    found = parsed(judge(RELU.format(**{**FINE, "gradient": "dout * mask"})))
    evidence = next(c["evidence"] for c in claims(found, "ReLU") if c["claim"] == "backward runs")
    assert evidence["is"] is None
    assert evidence["raised"] == {
        "call": "backward",
        "error": "NameError",
        "message": "undefined name mask; did you mean self.mask?",
        "where": {"file": "layers.py", "cell": None, "line": 9},
        "hints": [],
    }
    blocked = [c for c in claims(found, "ReLU") if c["outcome"] == "blocked"]
    assert blocked
    assert all(
        c["message"].startswith("not checked, because this already fails: ") for c in blocked
    )


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("float('nan')", "nan"),
        ("float('inf')", "inf"),
        ("float('-inf')", "-inf"),
    ],
)
def test_what_json_has_no_number_for(judge: Judge, value: str, encoded: str) -> None:
    found = parsed(judge(RELU.format(**{**FINE, "output": f"np.full(x.shape, {value})"})))
    evidence = next(c["evidence"] for c in claims(found, "ReLU") if c["claim"] == "value")
    assert evidence["is"] == [[encoded]]
    assert evidence["error"] in ("nan", "inf")


@pytest.mark.parametrize(
    ("output", "is_"),
    [
        ("None", "None"),
        ("[1, 2]", "a list of 2"),
        ("x.sum()", "a single number"),
        ("np.array([1j])", "an array of complex128"),
    ],
)
def test_what_is_no_array(judge: Judge, output: str, is_: str) -> None:
    found = parsed(judge(RELU.format(**{**FINE, "output": output})))
    evidence = next(c["evidence"] for c in claims(found, "ReLU") if c["claim"] == "output shape")
    assert evidence["is"] == is_


@pytest.mark.parametrize(
    "value",
    [
        "self.mask",
        "self.mask.astype(int)",
        "self.mask.astype(np.uint8)",
        "self.mask.astype(np.float16) * np.float16('inf')",
        "self.mask.astype(np.longdouble)",
        "np.array([10 ** 400])",
    ],
)
@pytest.mark.parametrize("where", ["output", "gradient"])
def test_every_kind_of_number(judge: Judge, where: str, value: str) -> None:
    report = judge(RELU.format(**{**FINE, where: value}))
    assert parsed(report)["layers"][0]["verdict"] == "fail"


def test_class_labels_and_functions(judge: Judge) -> None:
    text = """
        import numpy as np
        def cross_entropy_error(y, t):
            return np.sum(np.log(y[np.arange(len(y)), t.astype(int)]))
        def softmax(x):
            return np.exp(x) / np.exp(x).sum()
    """
    found = parsed(judge(text))
    assert [each["layer"] for each in found["layers"][:2]] == ["cross_entropy_error", "softmax"]


def test_an_exercise_and_what_is_not_judged(judge: Judge) -> None:
    text = """
        class Dropout:
            def forward(self, x): return x.no_such_attribute
            def backward(self, dout): return dout
        class Relu:
            def forward(self, x): pass
            def backward(self, dout): pass
    """
    found = parsed(judge(text))
    assert found["unjudged"] == [
        {
            "name": "Dropout",
            "where": {"file": "layers.py", "cell": None, "line": 1},
            "why": "trigrad tried many inputs, and forward and backward run with none of them",
            "todo": (
                "check it with gradcheck: layer = Dropout(); layer.forward(x); gradcheck(lambda: "
                "np.sum(layer.forward(x) * dout), [x], [layer.backward(dout)])"
            ),
        }
    ]
    assert found["layers"][0]["verdict"] == "unimplemented"
    assert found["summary"]["unimplemented"] == 1


def test_notes(judge: Judge) -> None:
    found = parsed(judge("    from common.functions import *\n" + RELU.format(**FINE)))
    assert found["subject"]["notes"][-1] == "not found: common.functions"


@pytest.mark.parametrize("text", ["x = 1", "def f(:", " "])
def test_nothing_to_judge(judge: Judge, text: str) -> None:
    found = parsed(judge(text))
    assert found["error"]
    assert "\n" not in found["error"]
    assert found["layers"] == []
    assert set(found["summary"].values()) == {0}


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    found = parsed(check(tmp_path / "nothing.py"))
    assert found["subject"]["path"] == str(tmp_path / "nothing.py")


def test_a_cell_of_a_notebook(tmp_path: Path) -> None:
    source = "\nclass AddLayer:\n    def forward(self, x, y):\n        return x + y\n"
    source += "    def backward(self, dout):\n        return 1 / 0\n"
    made = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": s}
        for s in ("x = 1", source)
    ]
    path = tmp_path / "notes.ipynb"
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    found = parsed(check(path, examples=2))
    assert found["layers"][0]["where"] == {"file": "notes.ipynb", "cell": 2, "line": 2}
    evidence = next(
        c["evidence"] for c in claims(found, "AddLayer") if c["claim"] == "backward runs"
    )
    assert evidence["raised"]["where"] == {"file": "notes.ipynb", "cell": 2, "line": 6}
