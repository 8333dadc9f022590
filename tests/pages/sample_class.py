"""A class as it may have handed in: records for the tests of views, and for the picture in docs/.

Nothing here is judged; the reports are short ones in the form of `trigrad check --format json`.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from typing import Any

from trigrad.grade.record import (
    Grade,
    Item,
    Mistake,
    Outcome,
    Record,
    RubricItem,
    Run,
    Structure,
    Student,
    Taken,
    TakenFile,
)

ITEMS = (
    RubricItem("Relu", 2.0),
    RubricItem("Sigmoid", 2.0),
    RubricItem("Affine", 4.0),
    RubricItem("SoftmaxWithLoss", 2.0),
    RubricItem("TwoLayerNet", 4.0),
)

VERSIONS = {"trigrad": "0.1.0", "python": "3.11", "numpy": "2.3", "torch": "2.13"}

GIVEN = (
    *("Anna", "Ben", "Chiara", "Đức", "Emre", "Fatima", "Grzegorz", "Hana", "Ibrahim", "José"),
    *("Kwame", "Lena", "Mei", "Nikos", "Olga", "Priya", "Quentin", "Rosa", "Sakura", "Tariq"),
    *("Uma", "Viktor", "Wanjiru", "Xin", "Yuki", "Zoë"),
)
FAMILY = (
    *("Berg", "Costa", "Diallo", "Eriksen", "Fernández", "García", "Hassan", "Ivanova", "Jansen"),
    *("Kim", "Lindqvist", "Müller", "Nguyễn", "Okafor", "Papadopoulos", "Rossi", "Silva", "Tanaka"),
)

MISTAKES = {
    "Relu": ("the gradient of x: the mask is kept from the first batch",),
    "Sigmoid": ("the gradient of x: dout is left out",),
    "Affine": (
        "the gradient of b: the sum over the batch is missing",
        "the gradient of W: the transpose of what it should be",
    ),
    "SoftmaxWithLoss": ("the gradient of x: the division by the batch size is missing",),
    "TwoLayerNet": ("the backward of one of its layers is not called",),
}
CHANCE = {
    "Relu": 0.92,
    "Sigmoid": 0.9,
    "Affine": 0.72,
    "SoftmaxWithLoss": 0.6,
    "TwoLayerNet": 0.5,
}


def run_of(ids: tuple[str, ...], missing: Mapping[str, str], **options: Any) -> Run:
    """What was asked for. `missing` has the names of those who handed in nothing."""
    return Run(
        options={"seed": 0, "hints": "law", **options},
        rubric={"due": "2026-11-02T23:59:00+01:00"},
        items=ITEMS,
        ids=ids,
        roster=tuple(Student(id_, name) for id_, name in missing.items()),
        missing=tuple(missing),
        versions=VERSIONS,
    )


def layer(name: str, verdict: str, line: int = 5) -> dict[str, Any]:
    """A layer of a report; one that fails has one refuted claim."""
    claims = []
    if verdict == "fail":
        evidence = {
            "what": "gradient of x",
            "case": {"x": [[1.0]], "dout": [[3.0]]},
            "is": [[5.0]],
            "should_be": [[6.25]],
            "error": 1.25,
            "tolerance": 1e-12,
            "remark": "",
            "raised": None,
        }
        claims.append(
            {
                "claim": "gradient of x",
                "witness": "finite differences",
                "severity": "must",
                "outcome": "fail",
                "message": "the gradient of x is not the derivative of forward",
                "evidence": evidence,
            }
        )
    return {
        "layer": name,
        "name": name,
        "where": {"file": "layers.py", "cell": None, "line": line},
        "verdict": verdict,
        "declaration": None,
        "notes": [],
        "claims": claims,
        "undecided": "it depends on which axis has the samples"
        if verdict == "inconclusive"
        else None,
        "diagnosis": None,
        "side": None,
        "network": None,
        "repair": None,
    }


def report(*layers: dict[str, Any]) -> dict[str, Any]:
    """A report on one file."""
    return {
        "subject": {"path": "layers.py"},
        "version": "0.1.0",
        "seed": 0,
        "error": None,
        "unjudged": [],
        "layers": list(layers),
    }


def taken(id_: str, late: float | None = 0.0, *notes: str) -> Taken:
    """One file in a folder."""
    sha = hashlib.sha256(id_.encode()).hexdigest()
    file = TakenFile("layers.py", sha, 812)
    return Taken(id_, "folder", sha, (file,), notes, "2026-11-02T20:10:00Z", late)


def record(
    id_: str, name: str, verdicts: Mapping[str, str], structure: str = "", late: float = 0.0
) -> Record:
    """A graded submission in which these layers have these verdicts; others are missing."""
    items, layers, mistakes = [], [], []
    for line, item in enumerate(ITEMS, 1):
        verdict = verdicts.get(item.name, "missing")
        share = {"pass": 1.0, "fail": 0.5, "inconclusive": 1.0}.get(verdict, 0.0)
        why = {
            "pass": "everything is right",
            "fail": "1 of 2 gradients are right: the gradient of x is not",
            "inconclusive": "not decided, so all points until somebody looks",
        }.get(verdict, "missing")
        there = verdict != "missing"
        at = ("layers.py", None, 10 * line) if there else (None, None, None)
        items.append(Item(item.name, share * item.of, item.of, why, *at))
        if there:
            layers.append(layer(item.name, verdict, 10 * line))
        if verdict == "fail":
            kinds = MISTAKES[item.name]
            what = kinds[int(hashlib.sha256(id_.encode()).hexdigest(), 16) % len(kinds)]
            mistakes.append(Mistake(item.name, what, "layers.py", None, 10 * line + 4))
    tree = hashlib.sha256((structure or id_).encode()).hexdigest()
    points = sum(item.points for item in items)
    return Record(
        id=id_,
        name=name,
        submission=taken(id_, late),
        key="key",
        versions=VERSIONS,
        started="2026-11-29T22:50:11Z",
        seconds=2.4,
        outcome=Outcome.GRADED,
        grade=Grade(points, sum(item.of for item in ITEMS), tuple(items)),
        reports=(report(*layers),),
        mistakes=tuple(mistakes),
        structure=(Structure("layers.py", tree, 412),),
    )


def ungraded(id_: str, name: str, outcome: Outcome, why: str) -> Record:
    """A submission that was not graded."""
    of = sum(item.of for item in ITEMS)
    zero = tuple(Item(item.name, 0.0, item.of, why) for item in ITEMS)
    died = outcome is Outcome.GRADER_DIED
    return Record(
        id=id_,
        name=name,
        submission=taken(id_, None, "left out: report.pdf (no Python, notebook or Markdown)"),
        key="key",
        versions=VERSIONS,
        started="2026-11-29T22:50:11Z",
        seconds=0.1,
        outcome=outcome,
        grade=Grade(None, of) if died else Grade(0.0, of, zero),
        why=why,
    )


def sample(count: int, seed: int = 0) -> tuple[Run, list[Record]]:
    """A class of so many students, the same each time."""
    chosen = random.Random(seed)
    records = list(_students(count, chosen))
    missing = {"m1": "Linus Brandt", "m2": "Noor Al-Sayed"}
    return run_of(tuple(each.id for each in records), missing), records


def _students(count: int, chosen: random.Random) -> Iterator[Record]:
    for number in range(count):
        id_ = f"s{number:04}"
        name = f"{chosen.choice(GIVEN)} {chosen.choice(FAMILY)}"
        if number % 40 == 13:
            yield ungraded(id_, name, Outcome.NOT_GRADABLE, "an empty folder")
            continue
        if number % 40 == 27:
            yield ungraded(id_, name, Outcome.GRADER_DIED, "it ended the grader twice")
            continue
        verdicts = {name_: _verdict(chance, chosen) for name_, chance in CHANCE.items()}
        late = 3600.0 * chosen.randrange(1, 90) if chosen.random() < 0.06 else 0.0
        structure = f"copied {number // 60}" if number % 20 in (4, 9) else ""
        yield record(id_, name, verdicts, structure, late)


def _verdict(chance: float, chosen: random.Random) -> str:
    drawn = chosen.random()
    if drawn < chance:
        return "pass"
    return chosen.choices(["fail", "inconclusive", "missing"], [8, 1, 2])[0]
