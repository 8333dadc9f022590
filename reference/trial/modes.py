"""What a known layer gives in test mode, after training on one input: dropout, running means."""

from __future__ import annotations

import ast
import math
from dataclasses import replace

import numpy as np

from trigrad.claim.claim import HOLDS, Claim, Finding, Severity, Witness, refuted
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Array
from trigrad.contracts.shelf.schema import Mode
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate
from trigrad.trial.dropping import as_on_average, built_with, of_ones, share_that_is_kept
from trigrad.trial.identifying import Identified, names_of
from trigrad.trial.judgement import Judgement
from trigrad.trial.mode_calls import Calls, Layer, first, raising, several_calls

RUNS = 400
"""How often it is trained on the input: a running mean with a momentum of 0.9 has converged."""

CONVERGED = 1e-6
"""A running mean that changes no more than that, as a share, in as many runs again."""

ALIKE = 1e-3
"""How near, as a share, test mode is to what it should be: running means are that near to theirs,
and small constants in roots are far smaller."""


def in_test_mode(found: Identified) -> Judgement | None:
    """The refuted claim about its test mode; None where it holds, or there is none."""
    mode, candidate = found.known.mode, found.candidate
    if mode is None or candidate.declare is None:
        return None
    layer = _layer(found, mode)
    if mode.share is not None and len(names_of(candidate)) == 1:
        build, meant = built_with(layer, mode.share)
        wrong = share_that_is_kept(layer, build, meant, mode.share.value) if build else None
        if wrong is not None:
            return _judgement(candidate, wrong)
        layer = replace(layer, build=build)
    for calls in several_calls(candidate):
        if mode.share is not None:
            calls = calls.with_share(mode.share)
        finding = as_on_average(layer, calls) if mode.mean else _converged(layer, calls, found)
        if finding is not None:
            return _judgement(candidate, finding) if finding.words is not None else None
    return None


def _judgement(candidate: Candidate, finding: Finding) -> Judgement:
    def again(_: object) -> Finding:
        return finding

    must = Severity.MUST
    claim = Claim(candidate.contract, "test mode", Witness.LAWS, must, again, about=OUTPUT)
    return Judgement(claim, finding)


def _layer(found: Identified, mode: Mode) -> Layer:
    """The layer on ones for dropout; with gamma 1 and beta 0 for a normalisation."""
    case, (name, *weights) = found.cases[0], found.way.arrays
    if mode.mean:
        shown = case.with_values(**{name: np.ones_like(case.arrays[name])})
        return Layer(found.candidate, of_ones(found), shown)
    values = zip(weights, (1.0, 0.0), strict=False)
    case = case.with_values(**{n: np.full_like(case.arrays[n], value) for n, value in values})
    return Layer(found.candidate, case, case)


def _converged(layer: Layer, calls: Calls, found: Identified) -> Finding | None:
    """Whether test mode gives what training gives, once running means no longer change."""

    def after(runs: int) -> Array | None:
        trained = f"[{calls.train} for _ in range({runs})]"
        return layer.gives(calls.text(f"({trained}, {first(calls.test)})[1]"))

    train, test, later = layer.gives(calls.text(first(calls.train))), after(RUNS), after(2 * RUNS)
    if train is not None and test is None:
        return raising(layer, calls)
    if train is None or test is None or later is None or test.shape != train.shape:
        return None
    name = found.way.arrays[0]
    moved = layer.gives(calls.text(f"([{calls.train}], {first(_moved(calls.test, name))})[1]"))
    still = layer.gives(calls.text(f"([{calls.train}], {first(calls.test)})[1]"))
    same = moved is not None and still is not None and _near(moved, still, CONVERGED)
    if same and _keeps_statistics(layer, calls, name):
        seen = Evidence(Message("mode.test"), layer.case, moved, still, base=layer.case)
        return refuted(Message("mode.own_statistics"), seen)
    if not _near(test, later, CONVERGED):
        return HOLDS  # it is on its way, as with a momentum near 1
    count = layer.case.arrays[name].size // max(_features(found), 1)
    unbiased = train * math.sqrt((count - 1) / count) if count > 1 else train
    if any(_near(test, due, ALIKE) for due in (train, unbiased)):
        return HOLDS
    off = float(np.abs(test - train).max())
    return refuted(
        Message("mode.running", runs=RUNS),
        Evidence(Message("mode.test"), layer.case, test, train, off, ALIKE, base=layer.case),
    )


def _keeps_statistics(layer: Layer, calls: Calls, name: str) -> bool:
    """Whether training leaves running means, by their names: else it has no test mode."""
    held = "p" if calls.options else "vars(layer)"
    names = f"any('running' in n or 'moving' in n for n in {held})"
    found = layer.gives(calls.text(f"([{calls.train}], 0.0 * {name} + {names})[1]"))
    return found is not None and bool(found.all())


def _moved(call: str, name: str) -> str:
    """The call with a number added to all entries of one operand."""
    tree = ast.parse(call, mode="eval")

    class More(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            one = ast.Constant(1.0)
            return ast.BinOp(node, ast.Add(), one) if node.id == name else node

    return ast.unparse(More().visit(tree))


def _features(found: Identified) -> int:
    """How many means there are: as many as gamma has entries, if there is one."""
    case, arrays = found.cases[0], found.way.arrays
    return case.arrays[arrays[1]].size if len(arrays) > 1 else case.arrays[arrays[0]].shape[-1]


def _near(one: Array, other: Array, share: float) -> bool:
    largest = max(float(np.abs(one).max()), float(np.abs(other).max()))
    return bool(np.abs(one - other).max() <= share * largest)
