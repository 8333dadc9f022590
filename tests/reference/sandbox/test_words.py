"""What the sandbox says is in the language."""

from __future__ import annotations

import math

import pytest

from trigrad.catalogue.in_force import language
from trigrad.sandbox.gaps import Gap
from trigrad.sandbox.library_guard import LibraryGuard
from trigrad.sandbox.validation import InternalError, raise_internal_error


@pytest.mark.parametrize("gap", Gap)
def test_what_it_cannot_prevent(gap: Gap) -> None:
    assert "a worker" in str(gap.value)
    with language("ja"):
        assert "ワーカー" in str(gap.value)


def test_a_change_that_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math, "tau", math.tau)  # put back if the guard does not
    guard = LibraryGuard()
    tau, math.tau = math.tau, 3.0  # type: ignore[misc]
    guard.restore()
    assert math.tau == tau
    assert guard.notes() == ["loading the code changes math.tau: the change is undone"]
    with language("zh"):
        assert guard.notes() == ["加载代码会改变 math.tau：这个更改已被撤销"]


def test_an_error_of_its_own() -> None:
    with language("ja"), pytest.raises(InternalError, match=r"^trigrad自体のエラーです（KeyError"):
        raise_internal_error({"failed": "KeyError: 1"})
