"""Single edits of the backward of right layers without a contract, each judged by its declaration.

`python tests/mutants/declared_mutants.py` makes every single edit of the backward of the files in
`tests/learners/declared`, and compares its gradients with those of the original, by numbers alone.
Those that differ must not pass. It prints how many fail, are undecided and pass, and which pass.

`--every 10` takes each tenth edit, `--only TEXT` files whose names have the text.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.drawing import draw_cases
from trigrad.claim.claim import Outcome, Severity
from trigrad.opening import open_subject
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import Library
from trigrad.repair.edits.slips import is_slip
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Backward, Build, Forward, Raised, Result
from trigrad.subject.inprocess import InProcessFace, reproducible
from trigrad.subject.subject import Subject
from trigrad.trial.layer_trial import LayerTrial
from trigrad.trial.observing import observed

FOLDER = Path(__file__).parents[1] / "learners" / "declared"

EXAMPLES = 12
"""How many cases are drawn for each mutant."""

COMPARED = 8
"""On how many other cases its gradients are compared with those of the original."""

SAME = 1e-9
"""Up to what share of the largest number two gradients are the same."""

FAILS, UNDECIDED, PASSES, EQUIVALENT = "fails", "undecided", "passes", "equivalent"


@dataclass(frozen=True)
class Right:
    """A right layer, observed, with its text and its results on the cases for comparison."""

    subject: Subject
    candidate: Candidate
    draft: Draft
    cases: Sequence[Case]
    results: Sequence[list[Result]]


def right_layers(only: str = "") -> Iterator[Right]:
    """The declared layers of the files."""
    for path in sorted(FOLDER.glob(f"*{only}*.py" if only else "*.py")):
        subject = open_subject(path)
        for candidate in subject.candidates:
            if not candidate.contract.declaration:
                continue
            draft = Draft(tuple(Library(subject.modules).units_of(candidate.places)))
            with reproducible():
                seen = observed(candidate)
            assert isinstance(seen, Candidate), f"{path.name}: {seen.why}"
            cases = [case for case, _ in draw_cases(seen.contract, 7, COMPARED)]
            results = [_results(seen, case) for case in cases]
            yield Right(subject, seen, draft, cases, results)


def options_of(right: Right, every: int = 1, first: int = 0) -> list[Option]:
    """The single edits of its backward that people make by mistake."""
    own = [o for o in right.draft.options(plausible=False) if o.unit.own and is_slip(o.edit)]
    start, end = right.candidate.lines.get("backward", (1, sys.maxsize))
    inside = [o for o in own if start < o.line <= end]
    return inside[first % every :: every]


def _results(candidate: Candidate, case: Case) -> list[Result]:
    face = candidate.face
    build = Build(case.parameters, case.sizes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return face.run([build, Forward(case.operands), Backward(case.dout)])


def mutant_of(right: Right, option: Option) -> Candidate | None:
    """The layer with an edit, which is looked at where the original's gradients are."""
    assert right.subject.reload is not None, "it was opened from a path"
    texts = right.draft.with_options([option]).texts
    name = right.candidate.name
    found = [c for c in right.subject.reload(texts).candidates if c.name == name]
    if len(found) != 1:
        return None
    return replace(found[0], contract=right.candidate.contract)


def is_equivalent(right: Right, mutant: Candidate) -> bool:
    """Whether an edit changes no gradient, on any of the cases; or forward too."""
    own, other = right.candidate.face, mutant.face
    assert isinstance(own, InProcessFace)
    assert isinstance(other, InProcessFace)
    dialect: Any = other._dialect
    places: Any = own._dialect
    found = dialect._sources
    dialect._sources = places._sources
    try:
        for case, wanted in zip(right.cases, right.results, strict=True):
            results = _results(mutant, case)
            if not _same(results[1], wanted[1]):
                return True  # an edit of forward
            if not _same(results[2], wanted[2]):
                return False
    finally:
        dialect._sources = found
    return True


def _same(one: Result, other: Result) -> bool:
    if isinstance(one, Raised) or isinstance(other, Raised):
        return False
    if one.values.keys() != other.values.keys():
        return False
    return all(_near(one.values[name], other.values[name]) for name in other.values)


def _near(one: Any, other: Any) -> bool:
    if not isinstance(one, np.ndarray) or one.shape != np.shape(other):
        return one is other
    largest = max(1.0, float(np.abs(other).max(initial=0.0)))
    return bool(np.all(np.abs(one - other) <= SAME * largest))


def fate(right: Right, option: Option) -> str:
    """What becomes of an edit."""
    mutant = mutant_of(right, option)
    if mutant is None:
        return UNDECIDED
    if is_equivalent(right, mutant):
        return EQUIVALENT
    with reproducible():
        trial = LayerTrial(mutant.contract, mutant.face, 0, EXAMPLES, smaller=False)
        judgements = trial.judge()
    if any(j.fails for j in judgements):
        return FAILS
    musts = [j.finding.outcome for j in judgements if j.claim.severity is Severity.MUST]
    return UNDECIDED if Outcome.INCONCLUSIVE in musts else PASSES


def lines_of(right: Right, option: Option) -> str:
    """The line before and after."""
    change = right.draft.with_options([option]).changes()[0]
    return f"{change.before.strip()!r} -> {change.after.strip()!r}"


def main() -> int:
    """Run and print; the status says whether none passes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take each so manyth edit")
    parser.add_argument("--only", default="", help="part of a file's name")
    arguments = parser.parse_args()
    total: Counter[str] = Counter()
    layers = 0
    for number, right in enumerate(right_layers(arguments.only)):
        layers += 1
        here: Counter[str] = Counter()
        missed = []
        for option in options_of(right, arguments.every, number):
            found = fate(right, option)
            here[found] += 1
            if found == PASSES:
                missed.append(f"    passes: {lines_of(right, option)}")
        total += here
        told = ", ".join(f"{here[each]} {each}" for each in sorted(here))
        print(f"{right.candidate.name}: {told}", *missed, sep="\n", flush=True)
    print(
        f"{layers} layers, {total.total()} single edits of backward: {total[FAILS]} fail,"
        f" {total[UNDECIDED]} are undecided, {total[EQUIVALENT]} change no gradient,"
        f" {total[PASSES]} pass"
    )
    return bool(total[PASSES])


if __name__ == "__main__":
    raise SystemExit(main())
