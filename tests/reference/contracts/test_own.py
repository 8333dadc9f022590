"""A file of contracts: what it enters, and what is said where it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad.contracts import (
    Contract,
    ContractsError,
    Domain,
    Kind,
    Notation,
    Promises,
    Variable,
    contract,
)
from trigrad.contracts.declaration import DeclarationError
from trigrad.contracts.own import declaration_of, read_contracts

IMPORT = "from trigrad.contracts import contract\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "course.py"
    path.write_text(text)
    return path


def test_what_is_called_is_entered_in_that_order(tmp_path: Path) -> None:
    text = 'contract("Swish", "x: N D", names=["SiLU"])\nfor n in "AB":\n    contract(n, "x: N")\n'
    assert [own.name for own in read_contracts(written(tmp_path, IMPORT + text))] == [
        *("Swish", "A", "B")
    ]


def test_nothing_is_entered_outside_of_a_file() -> None:
    assert contract("Swish", "x: N D").name == "Swish"


@pytest.mark.parametrize("name", ["Swish", "swish", "SWISH", "Swish_Layer", "Si_LU", "siluLayer"])
def test_other_spellings(name: str) -> None:
    assert contract("Swish", "x: N D", names=["SiLU"]).is_of(["other", name])


@pytest.mark.parametrize("name", ["Swish2", "MySwish", "HardSwish", ""])
def test_other_names(name: str) -> None:
    assert not contract("Swish", "x: N D", names=["SiLU"]).is_of([name])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n", "course.py has no contract"),
        ("x = (\n", "course.py, line 1: SyntaxError"),
        ("\nimport not_there_at_all\n", "course.py, line 2: ModuleNotFoundError"),
        (IMPORT + 'contract("A", "x: N D?")\n', "course.py, line 2: 'D?' is neither"),
        (IMPORT + 'contract("A", "x: N D", names="B")\n', "line 2: TypeError: names is one string"),
        (IMPORT + 'contract("A", "x: N")\ncontract("a_", "x: N")\n', "has two contracts for a_"),
        (
            IMPORT + 'contract("A", "x: N", names=["B"])\ncontract("B", "x: N")\n',
            "has two contracts for B",
        ),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ContractsError) as caught:
        read_contracts(written(tmp_path, text))
    assert words in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContractsError, match="there is no file"):
        read_contracts(tmp_path / "nothing.py")


def test_what_a_file_entered_before_it_failed_is_forgotten(tmp_path: Path) -> None:
    with pytest.raises(ContractsError):
        read_contracts(written(tmp_path, IMPORT + 'contract("A", "x: N")\n1 / 0\n'))
    (own,) = read_contracts(written(tmp_path, IMPORT + 'contract("B", "x: N")\n'))
    assert own.name == "B"


def test_a_declaration_that_cannot_be_understood() -> None:
    with pytest.raises(DeclarationError):
        contract("A", "x: N D?")


def test_a_whole_contract_is_declared_by_its_variables() -> None:
    row = Contract(
        name="Bilinear",
        kind=Kind.LAYER,
        operands=(
            *(Variable("x", ("N", "D")), Variable("t", ("N",), Domain.LABEL, "C")),
            *(Variable("p", ("N", "C"), Domain.PROBABILITY), Variable("m", ("N", "D"))),
        ),
        parameters=(Variable("W", ("D", "4*C")),),
        output=("N", "C"),
        twin=lambda *arrays: arrays[0],
        gradients=("x", "p", "W"),
        promises=Promises(rows=True),
        notation=Notation("…", ("bilin",), usual=("x @ W",)),
    )
    assert declaration_of(row) == "x: N D; t: labels<C N; p: prob N C; m: fixed N D; W: D 4*C"
    own = contract(row, names=["Bi"])
    assert own.is_of(["BiLin"])
    assert own.is_of(["bi"])
    assert (own.usual, own.promises.rows, own.like) == (("x @ W",), True, row.twin)
