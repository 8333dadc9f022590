"""The sentences of a report: what was found, what is wrong, the summary."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Sequence

from trigrad.claim.claim import Outcome, Severity, Witness
from trigrad.contracts.schema import Kind
from trigrad.defaults import EXAMPLES
from trigrad.hints import Hints
from trigrad.messages import Message, joined
from trigrad.subject.candidate import Unjudged
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Results, Verdict

_NAMES = {
    Witness.FINITE_DIFFERENCES: Message("witness.finite_differences"),
    Witness.AUTOGRAD: Message("witness.autograd"),
    Witness.LAWS: Message("witness.laws"),
}


NAMED = 12
"""Names of one kind that the first line of a report has, at most."""


def found(layers: Sequence[LayerReport]) -> str:
    """`2 layers found: MulLayer, AddLayer; 1 network: TwoLayerNet`."""
    parts: list[str] = []
    for kind in Kind:
        names = Counter(layer.name for layer in layers if layer.kind is kind)
        if names:
            key = f"found.{'' if parts else 'first.'}{kind}"
            parts.append(str(Message(key, names=_listed(names), count=names.total())))
    return joined("list.sentences", parts) or str(Message("found.nothing"))


def _listed(names: Counter[str]) -> str:
    """`Affine (3), Relu`: each name once, with how many there are."""
    each = [f"{name} ({count})" if count > 1 else name for name, count in names.items()]
    listed = ", ".join(each[:NAMED])
    more = len(each) - NAMED
    return str(Message("found.more", names=listed, count=more)) if more > 0 else listed


def unjudged(each: Unjudged) -> str:
    """What is not judged, why, and what can be done."""
    said = str(Message("told.not_judged", name=each.name, why=each.why))
    return joined("list.sentences", filter(None, (said, each.todo)))


def passing(layer: LayerReport) -> str:
    """`17 claims`, those that were judged; of an engine, `250 programs`."""
    if layer.kind is Kind.ENGINE:
        return str(Message("engine.programs", count=layer.programs))
    settled = (Outcome.NOT_APPLICABLE, Outcome.BLOCKED)
    judged = [j for j in layer.judgements if j.finding.outcome not in settled]
    return str(Message("claims", count=len(judged)))


def what_is_wrong(layer: LayerReport, group: Sequence[Judgement]) -> Message:
    """The sentence for the refuted claims about one quantity."""
    first = group[0]
    about = first.claim.about
    if about is not None and {j.claim.witness for j in group} >= _BY_VALUE:
        if not _forward_is_right(layer):
            return Message("value.neither", quantity=about)
        first = next(j for j in group if j.claim.witness is Witness.FINITE_DIFFERENCES)
    assert first.finding.words is not None, "a refutation says what is wrong"
    return first.finding.words


def suggestion(layer: LayerReport, judgement: Judgement) -> Message:
    """The sentence of a refuted should-claim."""
    assert judgement.finding.words is not None, "a refutation says what is wrong"
    return with_name(layer, judgement.finding.words)


def with_name(layer: LayerReport, sentence: Message) -> Message:
    """The sentence as it is; a function, which has no method to name, is called by its name."""
    return sentence.having(call=layer.name) if layer.kind is Kind.FUNCTION else sentence


_BY_VALUE = {Witness.FINITE_DIFFERENCES, Witness.AUTOGRAD}
"""The witnesses that look at values."""


def _forward_is_right(layer: LayerReport) -> bool:
    """Whether it is that of the contract; of a declared layer it is taken as it is written."""
    if all(j.claim.contract.twin is None for j in layer.judgements):
        return True  # of an engine, the value of the very program is right
    value = next((j for j in layer.judgements if j.claim.name == "value"), None)
    return value is not None and value.finding.outcome is Outcome.PASS


def agreement(layer: LayerReport, group: Sequence[Judgement]) -> str:
    """Which witnesses give the value that should be."""
    witnesses = {j.claim.witness for j in group}
    if witnesses == {Witness.LAWS}:
        return ""
    names = tuple(_NAMES[w] for w in Witness if w in witnesses)
    if not witnesses >= _BY_VALUE:
        return str(Message("names", names=names))
    return str(
        Message("witness.agree", names=names)
        if _forward_is_right(layer)
        else _NAMES[Witness.AUTOGRAD]
    )


def both_agree() -> str:
    """`finite differences and PyTorch agree`."""
    return str(
        Message("witness.agree", names=tuple(n for w, n in _NAMES.items() if w in _BY_VALUE))
    )


def unsettled(layer: LayerReport) -> list[str]:
    """Why an inconclusive layer is undecided."""
    messages = [
        j.finding.message
        for j in layer.judgements
        if j.finding.outcome is Outcome.INCONCLUSIVE and j.claim.severity is Severity.MUST
    ]
    reading = [str(layer.undecided)] if layer.undecided else []
    return list(dict.fromkeys([*reading, *messages]))


def why_missing(report: Results, name: str) -> Message:
    """Why a contract counts as missing that is required: it is not there, or cannot be judged."""
    if any(each.layer == name for each in report.unjudged):
        return Message("required.not_judged")
    return Message("required.missing", path=report.path)


def summary(report: Results, folded: str | None = None) -> str:
    """`2 layers fail, 3 pass; 1 suggestion.`, with where to see those that are folded."""
    return str(Message("summary", counts=_counts(report, folded)))


def _counts(report: Results, folded: str | None = None) -> Message:
    """`2 layers fail, 3 pass; 1 suggestion`, a part of a sentence."""
    counts = [
        (report.count(Verdict.FAIL), "summary.first.fail", "summary.fail"),
        (report.count(Verdict.PASS), "summary.first.pass", "summary.pass"),
        (report.count(Verdict.INCONCLUSIVE), "summary.first.undecided", "summary.undecided"),
        (report.count(Verdict.UNIMPLEMENTED), "summary.first.unwritten", "summary.unwritten"),
        (len(report.required), "summary.first.required", "summary.required"),
        (len(report.unjudged), "summary.first.not_judged", "summary.not_judged"),
    ]
    there = [(count, keys) for count, *keys in counts if count]
    # The first part says what is counted.
    parts = [
        str(Message(first if number == 0 else later, count=count))
        for number, (count, (first, later)) in enumerate(there)
    ]
    if report.advice:
        suggestions = Message("summary.suggestions", count=report.advice)
        if folded is not None:
            suggestions = Message("summary.folded", suggestions=suggestions, where=folded)
        return Message("summary.both", layers=joined("list.counts", parts), suggestions=suggestions)
    return Message("summary.layers", layers=joined("list.counts", parts))


def in_one_line(report: Results) -> str:
    """`1 layer fails, 1 passes; 1 suggestion; fails: MulLayer`, or why nothing was judged."""
    if report.error is not None:
        return report.error
    failing = Counter(layer.name for layer in report.layers if layer.verdict is Verdict.FAIL)
    counts = _counts(report)
    if not failing:
        return str(counts)
    return str(Message("summary.failing", counts=counts, names=_listed(failing)))


def run_again(report: Results) -> str:
    """How to repeat the first failing layer alone."""
    failing = next((layer for layer in report.layers if layer.verdict is Verdict.FAIL), None)
    if failing is None:
        return ""
    if report.magic:
        hints = "" if report.hints is Hints.FIX else f" --hints {report.hints.value}"
        command = f"{report.magic} {failing.name} --seed {report.seed}{hints}{report.options}"
        return str(Message("run_again", command=command))
    if report.single:
        hints = "" if report.hints is Hints.FIX else f", hints={report.hints.value!r}"
        command = f"check({report.path}{report.arguments}, seed={report.seed}{hints})"
        return str(Message("run_again", command=command))
    inside = os.path.join(report.path, failing.where.file) if failing.where else ""
    path = shlex.quote(inside if os.path.isfile(inside) else report.path)
    hints = "" if report.hints is Hints.FIX else f" --hints {report.hints.value}"
    examples = "" if report.examples == EXAMPLES else f" --examples {report.examples}"
    command = (
        f"trigrad check {path} --layer {failing.name} --seed {report.seed}"
        f"{examples}{hints}{report.options}"
    )
    return str(Message("run_again", command=command))
