"""Which changes go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad.contracts.schema import Kind
from trigrad.patch.choosing import chosen, names_of
from trigrad.repair.result import Change, Repair
from trigrad.subject.face import Where
from trigrad.verdict.results import LayerReport, Results, Verdict


def change(line: int, before: str, after: str = "x", cell: int | None = None) -> Change:
    """A change in /a.py."""
    return Change(Where("a.py", cell, line), before, after, "/a.py")


def report(*found: tuple[Change, ...], verdict: Verdict = Verdict.FAIL) -> Results:
    """A report on layers called 0, 1 ... that these changes would mend."""
    layers = [
        LayerReport(str(i), str(i), Kind.LAYER, verdict, repair=Repair(changes))
        for i, changes in enumerate(found)
    ]
    return Results("a.py", "", 0, 3, tuple(layers))


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (change(5, "a"), change(6, "b"), True),
        (change(5, "a\nb"), change(6, "b"), False),
        (change(6, "b"), change(5, "a\nb"), False),
        (change(5, "a"), change(5, "a", "y"), False),
        (change(5, "a"), change(5, "a"), True),
        (change(5, "a"), change(5, ""), True),
        (change(6, ""), change(5, "a\nb"), False),
        (change(5, ""), change(5, "", "y"), False),
        (change(5, "a"), change(5, "a", "y", cell=2), True),
    ],
)
def test_two_layers(one: Change, other: Change, together: bool) -> None:
    found = chosen(report((one,), (other,)), Path("/a.py"))
    assert [layer.name for layer in found.fixed] == (["0", "1"] if together else ["0"])
    assert [layer.name for layer, _ in found.left] == ([] if together else ["1"])
    assert found.changes[Path("/a.py")] == list(dict.fromkeys([one, other] if together else [one]))


def test_a_file_that_is_only_imported_is_left_alone() -> None:
    found = chosen(report((change(5, "a"),)), Path("/notes"))
    assert found.changes == {}
    ((_, why),) = found.left
    assert why.startswith("its fix is in a.py, which others may use")


def test_no_more_than_so_many() -> None:
    found = chosen(report((change(5, "a"),), (change(9, "b"),)), Path("/a.py"), most=1)
    assert [layer.name for layer in found.fixed] == ["0"]
    ((layer, why),) = found.left
    assert layer.name == "1"
    assert why == "its fix conflicts with the others; apply those, then run this again"


def test_a_layer_that_passes_is_left_alone() -> None:
    found = chosen(report((change(5, "a"),), verdict=Verdict.PASS), Path("/a.py"))
    assert (found.changes, found.left, found.fixed) == ({}, [], [])


@pytest.mark.parametrize(
    ("names", "due"), [(["a"], "a"), (["a", "b", "a"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names(names: list[str], due: str) -> None:
    assert names_of([LayerReport(n, n, Kind.LAYER, Verdict.FAIL) for n in names]) == due


def test_names_of_several_files() -> None:
    layers = [
        LayerReport("Affine", "Affine", Kind.LAYER, Verdict.FAIL, Where(file, None, 1))
        for file in ("a.py", "b.py")
    ]
    assert names_of(layers) == "Affine (a.py) and Affine (b.py)"
    assert names_of(layers[:1] * 2) == "Affine"
