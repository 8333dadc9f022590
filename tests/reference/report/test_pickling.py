"""A report can be sent to another process."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from trigrad import check
from trigrad.contracts.registry import CONTRACTS

LEARNERS = Path(__file__).parents[2] / "learners"


@pytest.mark.parametrize(
    "file", ["wrong/softmax_with_loss_not_divided.ipynb", "spellings/network_of_chapter_4.py"]
)
def test_a_report_is_the_same_after_pickling(file: str) -> None:
    report = check(LEARNERS / file, in_process=True, examples=5, repair_seconds=0)
    again = pickle.loads(pickle.dumps(report))
    assert again.ok == report.ok
    assert str(again) == str(report)
    assert again.to_dict() == report.to_dict()


def test_every_row_and_reading_is_itself_after_pickling() -> None:
    for row in CONTRACTS:
        rows = [row, *(r.contract for r in row.readings.others)]
        for each in [*rows, *(v.contract for v in row.readings.variants)]:
            assert pickle.loads(pickle.dumps(each)).twin is each.twin


def test_a_contract_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(CONTRACTS[0].promising(rows=True))
