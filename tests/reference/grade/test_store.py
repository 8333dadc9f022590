"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.reference.grade.test_record import RECORD, RUN
from trigrad.grade.record import Outcome, RecordError
from trigrad.grade.store import Store, StoreError, write_atomically


def test_what_is_written_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "graded")
    store.write_run(RUN)
    store.write(RECORD)
    assert store.read_run() == RUN
    assert store.read("anna") == RECORD
    assert store.read("ben") is None
    assert list(store.records(["ben", "anna"])) == [RECORD]


def test_the_key_says_whether_it_is_graded(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(RECORD)
    assert store.graded("anna", "ef") == RECORD
    assert store.graded("anna", "other") is None
    assert store.graded("ben", "ef") is None
    store.write(replace(RECORD, outcome=Outcome.GRADER_DIED))
    assert store.graded("anna", "ef") is None  # it is tried again
    (tmp_path / "records" / "anna.json").write_text('{"id":')
    assert store.graded("anna", "ef") is None
    with pytest.raises(RecordError, match=r"anna\.json is damaged"):
        store.read("anna")


def test_a_disk_that_is_full_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"a\.json cannot be written: No space left on device"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_no_graded_class(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not a graded class"):
        Store(tmp_path).read_run()
