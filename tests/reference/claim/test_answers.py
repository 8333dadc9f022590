"""Answers: every one asked for once, and what is missing said in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers, array_words, shape_words
from trigrad.claim.evidence import AbsentError
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.subject.face import (
    Backward,
    Build,
    Command,
    Form,
    Forward,
    Odd,
    Raised,
    Result,
    Returned,
)
from trigrad.witnesses.twin import TwinFace, answer_of_twin

ROWS = {row.name: row for row in CONTRACTS}
AFFINE = ROWS["Affine"]
CASE = Case(
    {"N": 3, "D": 2, "M": 2},
    {"x": np.arange(6.0).reshape(3, 2)},
    {"W": np.array([[1.0, 2], [3, 4]]), "b": np.array([0.5, -0.5])},
    np.arange(6.0).reshape(3, 2) + 2,
)


class Recording:
    """The twin, which counts what it is asked and can be made to answer otherwise."""

    takes_dout = True

    def __init__(self, contract: Contract, instead: dict[type, Result] | None = None) -> None:
        self._twin = TwinFace(contract)
        self._instead = instead or {}
        self.asked: list[Command] = []

    def run(self, commands: Sequence[Command]) -> list[Result]:
        self.asked += commands
        results = self._twin.run(commands)
        return [
            self._instead.get(type(command), result)
            for command, result in zip(commands, results, strict=True)
        ]


def answers(instead: dict[type, Result] | None = None, row: Contract = AFFINE) -> Answers:
    return Answers(row, Recording(row, instead), CASE)


def recorded(of: Answers) -> list[Command]:
    face = of.face
    assert isinstance(face, Recording)
    return face.asked


def with_gradients(**values: np.ndarray | Odd) -> dict[type, Result]:
    right = answer_of_twin(AFFINE, CASE).gradients
    return {Backward: Returned({**right, **values})}


def test_words() -> None:
    assert str(shape_words((2, 3))) == "shape (2, 3)"
    assert str(array_words((2, 3))) == "an array of shape (2, 3)"
    assert str(shape_words(())) == str(array_words(())) == "a single number"


def test_answers_are_asked_for_once() -> None:
    heard = answers()
    for _ in range(3):
        assert heard.output is heard.output
        assert heard.answer is heard.answer
        heard.gradient("W")
    assert [type(command) for command in recorded(heard)] == [Build, Forward, Backward]


def test_answer_is_the_subject_s() -> None:
    due = answer_of_twin(AFFINE, CASE)
    heard = answers()
    np.testing.assert_array_equal(heard.output, due.output)
    for name, right in due.gradients.items():
        np.testing.assert_array_equal(heard.answer.gradients[name], right)


def test_rows_alone_are_each_on_an_object_of_its_own() -> None:
    heard = answers()
    alone = heard.rows_alone
    assert heard.rows_alone is alone
    assert [type(c) for c in recorded(heard)] == [Build, Forward, Backward] * 3
    for i, answer in enumerate(alone):
        np.testing.assert_array_equal(answer.output, heard.output[i : i + 1])
        assert answer.gradients["W"].shape == (2, 2)


def test_once_remembers_by_key() -> None:
    heard = answers()
    calls: list[str] = []
    for key in ("a", "b", "a"):
        heard.once(key, lambda key=key: calls.append(key))  # type: ignore[misc]
    assert calls == ["a", "b"]


def test_another_case_has_other_answers() -> None:
    heard = answers()
    other = heard.on(CASE.with_values(x=CASE.operands["x"] + 1))
    assert other.face is heard.face
    assert not np.array_equal(other.output, heard.output)


def test_commands_carry_the_case() -> None:
    heard = answers()
    build, forward, backward = heard.whole(form=Form.READ_ONLY)
    assert isinstance(build, Build)
    assert isinstance(forward, Forward)
    assert isinstance(backward, Backward)
    assert build.parameters is CASE.parameters
    assert forward.operands is CASE.operands
    assert backward.dout is CASE.dout
    assert backward.operands == {}  # a layer remembers its own
    assert forward.form is backward.form is Form.READ_ONLY


def test_network_is_given_its_operands_again() -> None:
    row = ROWS["TwoLayerNet"]
    operands = {"x": np.zeros((1, 1)), "t": np.ones((1, 1))}
    case = Case(dict.fromkeys(row.symbols, 1), operands, {})
    *_, backward = Answers(row, Recording(row), case).whole()
    assert isinstance(backward, Backward)
    assert backward.operands is operands
    assert backward.dout is None


def test_function_has_no_backward() -> None:
    row = ROWS["softmax"]
    case = Case({"N": 1, "C": 2}, {"x": np.array([[1.0, 2.0]])}, {})
    heard = Answers(row, Recording(row), case)
    assert [type(command) for command in heard.whole()] == [Build, Forward]
    assert heard.answer.gradients == {}
    assert heard.answer_to(case).output.shape == (1, 2)


def test_answer_to_other_commands_is_that_of_the_last() -> None:
    heard = answers()
    other = CASE.with_values(x=-CASE.operands["x"])
    commands = [heard.build(), heard.forward(other), *heard.whole()[1:]]
    answer = heard.answer_to(CASE, commands)
    np.testing.assert_array_equal(answer.output, heard.output)


# --- what is missing ----------------------------------------------------------------------------


def test_output_that_is_odd_is_absent() -> None:
    with pytest.raises(AbsentError) as absent:
        _ = answers({Forward: Returned({"output": Odd("None")})}).output
    evidence = absent.value.evidence
    assert (evidence.what, evidence.is_) == (OUTPUT, "None")
    assert str(evidence.should_be) == "an array of shape (3, 2)"
    assert absent.value.shapes is None
    assert evidence.case is CASE


def test_output_of_another_shape_is_absent() -> None:
    with pytest.raises(AbsentError) as absent:
        _ = answers({Forward: Returned({"output": np.zeros((2, 3))})}).output
    evidence = absent.value.evidence
    assert absent.value.shapes == ((2, 3), (3, 2))
    assert (str(evidence.is_), str(evidence.should_be)) == ("shape (2, 3)", "shape (3, 2)")


def test_call_that_raised_is_absent() -> None:
    raised = Raised("forward", "ValueError", "shapes do not fit")
    with pytest.raises(AbsentError) as absent:
        _ = answers({Forward: raised}).output
    assert absent.value.evidence.raised is raised


def test_gradient_that_is_not_given_is_nothing() -> None:
    with pytest.raises(AbsentError) as absent:
        answers({Backward: Returned({})}).gradient("W")
    evidence = absent.value.evidence
    assert (evidence.what, evidence.is_) == (gradient("W"), Message("nothing"))


def test_gradient_is_heard_whatever_became_of_the_others() -> None:
    heard = answers(with_gradients(W=Odd("None"), b=np.zeros(5)))
    due = answer_of_twin(AFFINE, CASE).gradients["x"]
    np.testing.assert_array_equal(heard.gradient("x"), due)
    for name in ("W", "b"):
        with pytest.raises(AbsentError):
            heard.gradient(name)
    with pytest.raises(AbsentError):
        _ = heard.answer
