"""Layers made again from other text: what they answer, and that the subject stays as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trigrad.opening import open_subject
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library
from trigrad.sandbox.limits import Limits
from trigrad.subject.candidate import Candidate
from trigrad.subject.dialects.declared_dialect import DeclaredDialect, globals_of
from trigrad.subject.face import Backward, Build, Face, Forward, Raised, Returned
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.subject import Subject

SIGMOID = """\
import numpy as np
from dataclasses import dataclass


def inner(x):
    return 1 + np.exp(-x)


def squash(x):
    return 1 / inner(x)


@dataclass
class Sigmoid:
    slope: float = 1.0

    def forward(self, x):
        self.out = squash(x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
"""


@pytest.fixture(params=[None, Limits(timeout=5.0)], ids=["in process", "sandbox"])
def subject(tmp_path: Path, request: pytest.FixtureRequest) -> Subject:
    path = tmp_path / "layers.py"
    path.write_text(SIGMOID)
    return open_subject(path, limits=request.param)


def pieces_of(subject: Subject, candidate: Candidate) -> dict[str, DefinitionText]:
    units = tuple(Library(subject.modules).units_of(candidate.places))
    pieces = Draft(units).pieces()
    assert pieces is not None
    return dict(zip([unit.name for unit in units], pieces, strict=True))


def output_of(face: Face) -> float:
    built, forward = face.run([Build({}, {}), Forward({"x": np.array([[2.0]])})])
    assert isinstance(built, Returned)
    assert isinstance(forward, Returned), forward
    return float(np.asarray(forward.values["output"])[0, 0])


RIGHT = 1 / (1 + np.exp(-2.0))


def test_the_pieces_as_they_are_make_the_same_layer(subject: Subject) -> None:
    (candidate,) = subject.candidates
    pieces = pieces_of(subject, candidate)
    assert list(pieces) == ["inner", "squash", "Sigmoid"]
    assert candidate.rebuild is not None
    face = candidate.rebuild(list(pieces.values()))
    assert output_of(face) == pytest.approx(RIGHT)
    face.close()


def test_edited_helper_of_a_helper_reaches_the_layer_and_nothing_else(subject: Subject) -> None:
    (candidate,) = subject.candidates
    pieces = pieces_of(subject, candidate)
    inner = pieces["inner"]
    pieces["inner"] = DefinitionText(inner.label, inner.line, inner.text.replace("-x", "x"))
    assert candidate.rebuild is not None
    assert output_of(candidate.rebuild(list(pieces.values()))) == pytest.approx(1 - RIGHT)
    assert output_of(candidate.face) == pytest.approx(RIGHT)
    candidate.face.close()


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("slope: float = 1.0", "slope: float = 1 / 0", "ZeroDivisionError"),
        ("class Sigmoid:", "class Sigmoid", "SyntaxError"),
    ],
)
def test_text_that_does_not_run_gives_a_face_that_says_so(
    subject: Subject, old: str, new: str, error: str
) -> None:
    (candidate,) = subject.candidates
    pieces = pieces_of(subject, candidate)
    own = pieces["Sigmoid"]
    pieces["Sigmoid"] = DefinitionText(own.label, own.line, own.text.replace(old, new))
    assert candidate.rebuild is not None
    (result,) = candidate.rebuild(list(pieces.values())).run([Build({}, {})])
    assert isinstance(result, Raised)
    assert result.error == error
    candidate.face.close()


def test_a_definition_in_a_block_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    inside = "".join(f"    {line}\n" if line else "\n" for line in SIGMOID.splitlines()[12:])
    path.write_text("\n".join(SIGMOID.splitlines()[:12]) + "\nif True:\n" + inside)
    subject = open_subject(path)
    (candidate,) = subject.candidates
    pieces = pieces_of(subject, candidate)
    assert candidate.rebuild is not None
    assert output_of(candidate.rebuild(list(pieces.values()))) == pytest.approx(RIGHT)
    assert pieces["Sigmoid"].text.startswith("    @dataclass")


def test_a_helper_of_another_file_is_exchanged_where_it_was_imported(tmp_path: Path) -> None:
    lines = SIGMOID.splitlines(keepends=True)
    (tmp_path / "functions.py").write_text("".join(lines[:11]))
    layer = "from functions import squash\nfrom dataclasses import dataclass\n"
    (tmp_path / "layers.py").write_text(layer + "".join(lines[11:]))
    subject = open_subject(tmp_path / "layers.py")
    (candidate,) = subject.candidates
    pieces = pieces_of(subject, candidate)
    assert list(pieces) == ["inner", "squash", "Sigmoid"]
    squash = pieces["squash"]
    pieces["squash"] = DefinitionText(squash.label, squash.line, squash.text.replace("1 /", "2 /"))
    assert candidate.rebuild is not None
    assert output_of(candidate.rebuild(list(pieces.values()))) == pytest.approx(2 * RIGHT)


COUNTED = """\
import numpy as np

CALLS = []


# trigrad: x: N D; W: D M
class Dense:
    def __init__(self, W):
        self.W = W

    def forward(self, x):
        CALLS.append(1)
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T
"""


def test_where_gradients_are_is_looked_for_once(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(COUNTED)
    subject = open_subject(path)
    (candidate,) = subject.candidates
    pieces = list(pieces_of(subject, candidate).values())
    own = pieces[0]
    twice = DefinitionText(own.label, own.line, own.text.replace("x.T @ dout", "x.T @ dout * 2"))
    assert candidate.rebuild is not None

    def called(face: Face) -> tuple[int, float]:
        x, W = np.ones((2, 3)), np.ones((3, 2))
        commands = [Build({"W": W}, {"N": 2, "D": 3, "M": 2}), Forward({"x": x})]
        *_, backward = face.run([*commands, Backward(np.ones((2, 2)))])
        assert isinstance(backward, Returned), backward
        return len(_calls(face)), float(np.asarray(backward.values["W"])[0, 0])

    before, right = called(candidate.face)
    assert right == 2
    after, edited = called(candidate.rebuild([twice]))
    assert edited == 4
    assert before > 5
    assert after - before < 5


def _calls(face: Face) -> list[int]:
    assert isinstance(face, InProcessFace)
    dialect = face._dialect
    assert isinstance(dialect, DeclaredDialect)
    calls: list[int] = globals_of(dialect.defined)["CALLS"]
    return calls
