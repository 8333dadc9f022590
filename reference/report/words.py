"""The sentences around a verdict that learners read."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

from trigrad.claim.claim import Outcome, Severity, Witness
from trigrad.contracts.schema import Kind
from trigrad.defaults import EXAMPLES
from trigrad.hints import Hints
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Results, Verdict

_NAMES = {
    Witness.FINITE_DIFFERENCES: "finite differences",
    Witness.AUTOGRAD: "PyTorch",
    Witness.LAWS: "the laws",
}


def plural(count: int, noun: str) -> str:
    """`3 layers`, `1 layer`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


NAMED = 12
"""Names of one kind that the first line of a report has, at most."""


def found(layers: Sequence[LayerReport]) -> str:
    """`2 layers found: MulLayer, AddLayer; 1 network: TwoLayerNet`."""
    parts: list[str] = []
    for kind in (Kind.LAYER, Kind.FUNCTION, Kind.NETWORK):
        names = Counter(layer.name for layer in layers if layer.kind is kind)
        if names:
            count = plural(names.total(), kind.value)
            parts.append(f"{count}{'' if parts else ' found'}: {_listed(names)}")
    return "; ".join(parts)


def _listed(names: Counter[str]) -> str:
    """`Affine (3), Relu`: each name once, with how many there are."""
    each = [f"{name} ({count})" if count > 1 else name for name, count in names.items()]
    more = f" and {len(each) - NAMED} more" if len(each) > NAMED else ""
    return ", ".join(each[:NAMED]) + more


def passing(layer: LayerReport) -> str:
    """`17 claims`, those that were judged."""
    settled = (Outcome.NOT_APPLICABLE, Outcome.BLOCKED)
    judged = [j for j in layer.judgements if j.finding.outcome not in settled]
    return plural(len(judged), "claim")


def what_is_wrong(layer: LayerReport, group: Sequence[Judgement]) -> str:
    """The sentence for the refuted claims about one quantity."""
    witnesses = {j.claim.witness for j in group}
    first = group[0].finding.message
    if {Witness.FINITE_DIFFERENCES, Witness.AUTOGRAD} <= witnesses:
        if not _forward_is_right(layer):
            about = group[0].claim.about
            return f"the {about} is neither the derivative of forward nor the one PyTorch finds"
        by_differences = [j for j in group if j.claim.witness is Witness.FINITE_DIFFERENCES]
        return by_differences[0].finding.message
    return first


def _forward_is_right(layer: LayerReport) -> bool:
    value = next((j for j in layer.judgements if j.claim.name == "value"), None)
    return value is not None and value.finding.outcome is Outcome.PASS


def agreement(layer: LayerReport, group: Sequence[Judgement]) -> str:
    """Which witnesses give the value that should be."""
    witnesses = {j.claim.witness for j in group}
    if {Witness.FINITE_DIFFERENCES, Witness.AUTOGRAD} <= witnesses:
        return "finite differences and PyTorch agree" if _forward_is_right(layer) else "PyTorch"
    if witnesses == {Witness.LAWS}:
        return ""
    return " and ".join(_NAMES[w] for w in Witness if w in witnesses)


def unsettled(layer: LayerReport) -> list[str]:
    """Why an inconclusive layer is one."""
    messages = [
        j.finding.message
        for j in layer.judgements
        if j.finding.outcome is Outcome.INCONCLUSIVE and j.claim.severity is Severity.MUST
    ]
    return list(dict.fromkeys(messages))


def summary(report: Results) -> str:
    """`2 layers fail, 3 pass; 1 advice.`"""
    counts = [
        (report.count(Verdict.FAIL), "fails", "fail"),
        (report.count(Verdict.PASS), "passes", "pass"),
        (report.count(Verdict.INCONCLUSIVE), "is undecided", "are undecided"),
        (report.count(Verdict.UNIMPLEMENTED), "is not written yet", "are not written yet"),
        (len(report.required), "is required and missing", "are required and missing"),
        (len(report.unjudged), "is not judged", "are not judged"),
    ]
    parts = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    advice = f"; {report.advice} advice" if report.advice else ""
    return f"{', '.join(parts)}{advice}."


def in_one_line(report: Results) -> str:
    """`1 fails, 1 passes; 1 advice; fails: MulLayer`, or why nothing was judged."""
    if report.error is not None:
        return report.error
    failing = Counter(layer.name for layer in report.layers if layer.verdict is Verdict.FAIL)
    names = f"; fails: {_listed(failing)}" if failing else ""
    return summary(report).removesuffix(".") + names


def run_again(report: Results) -> str:
    """How to repeat the first failing layer alone."""
    failing = next((layer for layer in report.layers if layer.verdict is Verdict.FAIL), None)
    if failing is None:
        return ""
    if report.single:
        hints = "" if report.hints is Hints.FIX else f", hints={report.hints.value!r}"
        return f"Run this case again: check({report.path}, seed={report.seed}{hints})"
    path = shlex.quote(report.path)
    hints = "" if report.hints is Hints.FIX else f" --hints {report.hints.value}"
    examples = "" if report.examples == EXAMPLES else f" --examples {report.examples}"
    return (
        f"Run this case again: trigrad check {path} --layer {failing.name} --seed {report.seed}"
        f"{examples}{hints}{report.options}"
    )
