"""The run over mutants: what counts as one, what has become of it, and what the list must say."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import replace
from pathlib import Path

import mutant_survivors
import pytest
from mutant_equivalence import canonical
from mutant_harm import harm
from mutant_outcome import ROOT, Outcome, Right, advised, handled, outcome, verdict_on
from mutant_survivors import LIST, key_of, load_survivors, unexplained
from mutant_table import table

from trigrad.opening import open_subject
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import Library
from trigrad.repair.edits.slips import is_slip
from trigrad.verdict.results import LayerReport


@pytest.fixture(scope="module")
def sigmoid() -> Right:
    """A right layer of `impl`."""
    path = ROOT / "impl"
    subject = open_subject(path)
    (candidate,) = (c for c in subject.candidates if c.name == "Sigmoid")
    draft = Draft(tuple(Library(subject.modules).units_of(candidate.places)))
    before = verdict_on(candidate, subject)
    assert isinstance(before, LayerReport)
    seen = advised(before.judgements), handled(before.judgements), frozenset(before.notes)
    return Right(path, subject, candidate, draft, *seen)


def mutant(right: Right, before: str, after: str) -> Option:
    """The edit that turns one line of a layer into another."""
    for option in right.draft.options(plausible=False):
        changes = right.draft.with_options([option]).changes()
        if [(c.before.strip(), c.after.strip()) for c in changes] == [(before, after)]:
            return option
    raise AssertionError(f"no edit turns {before} into {after}")


def test_a_mistake_is_refuted_and_mended(sigmoid: Right) -> None:
    line = "return dout * self.out * (1 - self.out)"
    found = outcome(sigmoid, mutant(sigmoid, line, "return dout * self.out * (1 + self.out)"))
    assert found.refuted_by == ("autograd", "finite differences")
    assert (found.repaired, found.first, found.line_named) == (True, True, True)
    assert found.offered.strip() == line
    assert not found.survives


def test_a_repair_is_looked_for_only_if_it_is_wanted(sigmoid: Right) -> None:
    line = "return dout * self.out * (1 - self.out)"
    option = mutant(sigmoid, line, "return dout * self.out * (1 + self.out)")
    found = outcome(replace(sigmoid, repairs=False), option)
    assert found.refuted_by
    assert not found.repaired


def test_what_nobody_does_by_mistake_is_left_out(sigmoid: Right) -> None:
    kinds = {option.edit.kind for option in sigmoid.draft.options() if not is_slip(option.edit)}
    assert "factor" in kinds
    assert "operator" not in kinds


OUTCOME = Outcome("impl", "Relu", "Relu", 7, "operator", "    a = b", "    a = c")


def test_a_survivor_needs_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = tmp_path / "survivors.toml"
    monkeypatch.setattr(mutant_survivors, "LIST", listed)
    (line,) = unexplained([OUTCOME], whole=True)
    assert line == "no reason: impl, Relu, line 7 (operator): 'a = b' -> 'a = c'"
    listed.write_text(
        '[[reason]]\nwhy = "b is c"\nmutants = [\n'
        '  { file = "impl", layer = "Relu", before = "a = b", after = "a = c" },\n]\n'
    )
    assert unexplained([OUTCOME], whole=True) == []
    refuted = replace(OUTCOME, refuted_by=("laws",))
    assert unexplained([refuted], whole=False) == []
    (line,) = unexplained([refuted], whole=True)
    assert line.startswith("no survivor any more: ")


def test_advice_is_no_survival() -> None:
    seen = replace(OUTCOME, advice=("dout is used",))
    assert seen.seen
    assert not seen.survives
    row = table([OUTCOME, seen, replace(OUTCOME, refuted_by=("laws",), seconds=0.5)])
    (last,) = (line for line in row.splitlines() if "**all**" in line)
    cells = [cell.strip() for cell in last.strip("|").split("|")]
    assert cells[:6] == ["**all**", "3", "1", "1", "1", "1"]


def test_every_listed_survivor_is_of_a_text_that_is_there() -> None:
    groups = tomllib.loads(LIST.read_text("utf-8"))["reason"]
    assert all(group["why"].endswith(".") for group in groups)
    mutants = [tuple(m.values()) for group in groups for m in group["mutants"]]
    assert len(mutants) == len(set(mutants)) == len(load_survivors())
    for file, _, before, _ in mutants:
        path = ROOT / file
        assert path.exists()
        if path.suffix == ".py":
            text = path.read_text("utf-8")
            assert all(line.strip() in text for line in before.split("\n"))


def test_a_key_has_no_line_number() -> None:
    assert key_of(OUTCOME) == ("impl", "Relu", "a = b", "a = c")


SAME = [
    ("self.x = x\nreturn x * 2", "self.x = x\nreturn self.x * 2"),
    ("dx = dout * 1\nreturn dx", "dx = dout\nreturn dout"),
    ("self.W = W\nself.b = b", "self.b = b\nself.W = W"),
    ("a = x + 1\nb = x + 2\nreturn a, b", "b = x + 2\na = x + 1\nreturn a, b"),
    # What is empty or a number waits for whoever has to do with it.
    ("self.loss(x)\nd = 1\nself.step(d)", "d = 1\nself.loss(x)\nself.step(d)"),
    ("self.a = {}\nself.b = {}\nself.b['k'] = f()", "self.b = {}\nself.b['k'] = f()\nself.a = {}"),
    (
        "self.p = {}\nself.l = OrderedDict()\nself.p['W'] = f(W)",
        "self.l = OrderedDict()\nself.p = {}\nself.p['W'] = f(W)",
    ),
]
DIFFERENT = [
    ("self.x = x\nx = x + 1\nreturn x", "self.x = x\nx = x + 1\nreturn self.x"),
    ("out = x\nout[m] = 0\nreturn out", "out = x.copy()\nout[m] = 0\nreturn out"),
    ("a = x + 1\nb = a + 2", "b = a + 2\na = x + 1"),
    ("a = f(x)\nx[0] = 1\nb = f(x)", "x[0] = 1\na = f(x)\nb = f(x)"),
    ("layers.reverse()\na = layers", "a = layers\nlayers.reverse()"),
    ("self.x = x.copy()\nreturn x", "self.x = x\nreturn x"),
    ("self.loss(x)\nself.d = 1", "self.d = 1\nself.loss(x)"),
    ("f(self)\nself.d = {}", "self.d = {}\nf(self)"),
    ("d = {}\nd['k'] = x", "d['k'] = x\nd = {}"),
    ("if b:\n    return x\nd = 1\nreturn d", "d = 1\nif b:\n    return d\nreturn d"),
    ("a = f(x)\nb = g(x)", "b = g(x)\na = f(x)"),
    ("super().__init__()\nself.p = {}", "self.p = {}\nsuper().__init__()"),
    ("f(net=self)\nself.p = {}", "self.p = {}\nf(net=self)"),
    ("f([self])\nself.p = {}", "self.p = {}\nf([self])"),
    ("g = lambda: d\nd = 1\ng()", "g = lambda: d\ng()\nd = 1"),
    (
        "g = lambda W: self.loss(W)\nself.h = 1\nf(g)",
        "g = lambda W: self.loss(W)\nf(g)\nself.h = 1",
    ),
    ("self.a = list(x)\nself.a.reverse()\nreturn self.a", "self.a = list(x)\nreturn self.a"),
    ("a = list(x)\nb = a\na.reverse()\nreturn b", "a = list(x)\nb = a\nreturn b"),
]


def function(body: str) -> ast.FunctionDef:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    node = ast.parse(f"def forward(self, x, W, b, m, f, dout):\n{lines}\n").body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_provably_computes_the_same_is_no_mutant(one: str, other: str) -> None:
    assert canonical(function(one)) == canonical(function(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_may_compute_something_else_is_one(one: str, other: str) -> None:
    assert canonical(function(one)) != canonical(function(other))


def _looping(*lines: str) -> str:
    text = "def f(self):\n" + "\n".join(f"    {line}" for line in lines)
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    return canonical(function)


MADE, REVERSE = "a = list(self.layers.values())", "a.reverse()"
STEP = "    d = layer.backward(d)"


def test_a_list_that_is_only_gone_through_is_seen_through() -> None:
    directly = _looping("for layer in reversed(self.layers.values()):", STEP)
    assert _looping("for layer in reversed(list(self.layers.values())):", STEP) == directly
    assert _looping(MADE, REVERSE, "for layer in a:", STEP) == directly
    assert _looping(MADE, "for layer in reversed(a):", STEP) == directly
    forwards = _looping("for layer in self.layers.values():", STEP)
    assert _looping(MADE, "for layer in a:", STEP) == forwards != directly
    assert _looping(MADE, REVERSE, "for layer in reversed(a):", STEP) == forwards


def test_a_reversal_that_nothing_reads_is_none() -> None:
    forwards = _looping(MADE, "for layer in a:", STEP)
    assert _looping(MADE, "for layer in a:", STEP, REVERSE) == forwards
    assert _looping(MADE, REVERSE, "for layer in a:", STEP) != forwards
    assert _looping("a = self.made", "for layer in a:", STEP, REVERSE) != forwards


def test_the_list_may_be_made_before_lines_that_do_not_know_it() -> None:
    backward = "d = self.last.backward(d)"
    directly = _looping(backward, "for layer in reversed(self.layers.values()):", STEP)
    for order in ((MADE, backward, REVERSE), (MADE, REVERSE, backward), (backward, MADE, REVERSE)):
        assert _looping(*order, "for layer in a:", STEP) == directly
    made = "a = list(self.make())"
    loop = ("for layer in a:", STEP)
    assert _looping(made, "self.n = d", *loop) != _looping("self.n = d", made, *loop)
    for other in ("self.forget()", "f(self)", "self.layers = g", "b = a"):
        known = _looping(MADE, other, "for layer in a:", STEP)
        assert known != _looping(other, MADE, "for layer in a:", STEP)


def test_a_list_that_serves_something_else_is_not() -> None:
    directly = _looping("for layer in reversed(self.layers.values()):", STEP)
    assert _looping(MADE, REVERSE, "for layer in a:", STEP, "return a") != directly
    change = "    self.layers.pop(layer)"
    assert _looping("for layer in list(self.layers):", change) != _looping(
        "for layer in self.layers:", change
    )


LOSS = """\
import numpy as np


def cross_entropy_error(y, t):
    return -np.sum(t * np.log(y + 1e-7)) / y.shape[0]
"""

AFFINE = """\
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = dout.T @ self.x
        self.db = dout.sum(axis=0)
        return dout @ self.W
"""


@pytest.mark.parametrize(
    ("text", "changes", "spoilt"),
    [
        (LOSS, {"y + 1e-7": "np.maximum(y, 1e-2)"}, ("output",)),
        (LOSS, {"y.shape[0]": "t.shape[0]"}, ()),
        (AFFINE, {"x @ self.W +": "x @ self.W.T +"}, ("layout",)),
        (AFFINE, {"dout.T @ self.x": "self.x.T @ dout", "dout @ self.W": "dout @ self.W.T"}, ()),
    ],
    ids=["clipped", "the same", "turned", "backward alone"],
)
def test_what_a_repair_spoils_is_seen(
    tmp_path: Path, text: str, changes: dict[str, str], spoilt: tuple[str, ...]
) -> None:
    path = tmp_path / "layers.py"
    faces = []
    changed = text
    for before, after in changes.items():
        changed = changed.replace(before, after)
    for each in (text, changed):
        path.write_text(each, "utf-8")
        (candidate,) = open_subject(path).candidates
        faces.append(candidate.face)
    assert harm(candidate.contract, *faces) == spoilt
