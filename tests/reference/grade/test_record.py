"""What is written is read again, and what is damaged is refused with the place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trigrad.grade.record import (
    Grade,
    Item,
    Mistake,
    Outcome,
    Record,
    RecordError,
    RubricItem,
    Run,
    Structure,
    Student,
    Taken,
    TakenFile,
)

RECORD = Record(
    id="anna",
    name="Anna Bérg",
    submission=Taken("anna", "folder", "ab", (TakenFile("layers.py", "cd", 812),), ("left out",)),
    key="ef",
    versions={"trigrad": "0.1.0"},
    started="2026-11-29T22:50:11Z",
    seconds=2.4,
    outcome=Outcome.GRADED,
    grade=Grade(2.0, 3.0, (Item("Affine", 2.0, 3.0, "2 of 3 gradients hold", "layers.py", 2, 30),)),
    reports=({"version": "0.1.0", "layers": []},),
    mistakes=(Mistake("Affine", "the gradient of b: all zeros", "layers.py", None, 44),),
    structure=(Structure("layers.py", "01", 412),),
)
RUN = Run(
    options={"seed": 0},
    rubric={"points": {"Affine": 3}},
    items=(RubricItem("Affine", 3.0),),
    ids=("anna",),
    roster=(Student("anna", "Anna"), Student("ben", "Ben")),
    missing=("ben",),
)


def test_a_record_is_read_as_it_was_written() -> None:
    assert Record.from_json(RECORD.to_json()) == RECORD
    dead = replace(RECORD, outcome=Outcome.GRADER_DIED, grade=Grade(None, 3.0), why="it died")
    assert Record.from_json(dead.to_json()) == dead


def test_a_run_is_read_as_it_was_written() -> None:
    assert Run.from_json(RUN.to_json()) == RUN


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b'"seconds": 2.4', b'"seconds": "long"', "anna.json is damaged: .*seconds"),
        (b'"outcome": "graded"', b'"outcome": "eaten"', "anna.json is damaged: .*outcome"),
        (b'"bytes": 812', b'"bytes": null', r"anna.json is damaged: .*files\[0\].bytes"),
        (b'"key": "ef",', b"", "anna.json is damaged: .*key"),
        (b'"format": 1', b'"format": 2', "anna.json has format 2; this trigrad reads format 1"),
        ("é".encode(), b"\xe9", "anna.json is damaged"),
    ],
)
def test_what_is_damaged_is_refused_with_the_place(before: bytes, after: bytes, words: str) -> None:
    data = RECORD.to_json()
    assert data.count(before) == 1
    with pytest.raises(RecordError, match=words):
        Record.from_json(data.replace(before, after), "anna.json")


def test_half_a_file_is_damaged() -> None:
    data = RECORD.to_json()
    for size in (0, 1, len(data) // 2):
        with pytest.raises(RecordError, match="is damaged"):
            Record.from_json(data[:size])
