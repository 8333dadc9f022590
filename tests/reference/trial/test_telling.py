"""The case that a reader is shown: two classes, two samples, a loss that is not 0, seen at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trigrad import check
from trigrad.cases.case import Case
from trigrad.claim.claim import refuted
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.report.array_text import shown
from trigrad.trial.telling import tells


def row(name: str) -> Contract:
    return next(contract for contract in CONTRACTS if contract.name == name)


@pytest.mark.parametrize(
    ("name", "sizes", "is_", "due", "convinces"),
    [
        ("cross_entropy_error", {"N": 2, "C": 2}, 2.0, 1.0, True),
        ("cross_entropy_error", {"N": 2, "C": 1}, 2.0, 1.0, False),
        ("cross_entropy_error", {"N": 1, "C": 2}, 2.0, 1.0, False),
        ("cross_entropy_error", {"N": 2, "C": 2}, 1.0, 0.0, False),
        ("cross_entropy_error", {"N": 2, "C": 2}, 1.000001, 1.0, False),
        ("cross_entropy_error", {"N": 2, "C": 2}, np.nan, 1.0, True),
        ("softmax", {"N": 1, "C": 2}, 0.5, 0.25, True),
        ("softmax", {"N": 1, "C": 1}, 0.5, 1.0, False),
        ("Affine", {"N": 1, "D": 1, "M": 1}, 2.0, 1.0, True),
    ],
)
def test_what_convinces(
    name: str, sizes: dict[str, int], is_: float, due: float, convinces: bool
) -> None:
    evidence = Evidence(OUTPUT, is_=np.array(is_), should_be=np.array(due))
    finding = refuted(Message("nothing"), evidence)
    assert tells(row(name), finding, Case(sizes, {}, {})) is convinces


def test_a_sum_for_a_mean_is_shown_on_two_samples_of_two_classes(tmp_path: Path) -> None:
    path = tmp_path / "loss.py"
    path.write_text(
        "import numpy as np\n\n\ndef cross_entropy_error(y, t):\n"
        "    return -np.sum(np.sum(t * np.log(y + 1e-7), axis=1))\n",
        "utf-8",
    )
    (layer,) = check(path, in_process=True, repair_seconds=0).layers
    evidence = layer.failures[0].finding.evidence
    assert evidence is not None
    assert evidence.case is not None
    assert evidence.case.sizes == {"N": 2, "C": 2}
    assert isinstance(evidence.is_, np.ndarray)
    assert isinstance(evidence.should_be, np.ndarray)
    assert float(evidence.is_) == pytest.approx(2 * float(evidence.should_be))


def test_there_is_no_minus_in_front_of_zero() -> None:
    assert shown(np.array(-0.0)) == "0.0"
    assert shown(np.array([-0.0, 1.0])) == "[0., 1.]"
