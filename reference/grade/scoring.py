"""The points of a submission, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigrad.claim.claim import Aspect, Outcome, Severity
from trigrad.claim.quantity import OUTPUT, Quantity
from trigrad.contracts.naming import undecorated
from trigrad.grade.record import Grade, Item
from trigrad.grade.rubric import ADVICE, LayerRubric, Rubric
from trigrad.messages import Message
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Results, Verdict

_HOLDS = (Outcome.PASS, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True)
class Judged:
    """The results on one file of a submission."""

    path: str
    """Within the submission."""
    results: Results

    @property
    def unread(self) -> bool:
        """Whether the file could not be read at all; one without layers was."""
        return self.results.error is not None and not self.results.sha256


def grade(rubric: Rubric, files: Sequence[Judged]) -> Grade:
    """The points of all items of the rubric, in its order."""
    items = [_layer_item(rubric, layer, files) for layer in rubric.layers]
    items += [_advice_item(name, of, files) for name, of in rubric.advice]
    return Grade(round(sum(item.points for item in items), 6), rubric.of, tuple(items))


def nothing(rubric: Rubric, why: str, points: float | None = 0.0) -> Grade:
    """The grade of a submission that could not be judged; without points if `points` is None."""
    if points is None:
        return Grade(None, rubric.of)
    items = tuple(Item(item.name, 0.0, item.of, why) for item in rubric.items)
    return Grade(0.0, rubric.of, items)


def _layer_item(rubric: Rubric, row: LayerRubric, files: Sequence[Judged]) -> Item:
    """The best of the layers that are read as this one."""
    found = [
        (file, layer)
        for file in files
        for layer in file.results.layers
        if layer.layer == row.name and not layer.derivative_of and _counts(row, layer.name)
    ]
    if not found:
        return Item(row.name, 0.0, row.points, _absent(row, files))
    scored = [(*_score(rubric, row, layer), file, layer) for file, layer in found]
    points, words, file, layer = max(scored, key=lambda each: each[0])
    where = layer.where
    why = str(words)
    if len(found) > 1:
        place = Message("grade.place", file=file.path, name=layer.name)
        why = str(Message("grade.best", why=words, count=len(found), place=place))
    return Item(
        row.name,
        round(points, 6),
        row.points,
        why,
        place_of(file, where.file) if where else file.path,
        where.cell if where else None,
        where.line if where else None,
    )


def place_of(file: Judged, name: str) -> str:
    """The path, within the submission, of a file that a report names."""
    return file.path if name == file.path.rsplit("/", 1)[-1] else name


def _counts(row: LayerRubric, name: str) -> bool:
    return not row.names or name in row.names


def _absent(row: LayerRubric, files: Sequence[Judged]) -> str:
    """Why there is no such layer: it has another name, it cannot be judged, or is not there."""
    for file in files:
        for layer in file.results.layers:
            if layer.layer == row.name and not layer.derivative_of:
                names = Message("names", names=row.names)
                return str(Message("grade.other_name", name=layer.name, names=names))
    for file in files:
        for unjudged in file.results.unjudged:
            same = undecorated(unjudged.name) == undecorated(row.name)
            if unjudged.layer == row.name or same:
                return str(Message("grade.not_judged", name=unjudged.name, why=unjudged.why))
    unread = [f"{file.path}: {file.results.error}" for file in files if file.unread]
    unread += [f"{u.name}: {u.why}" for f in files for u in f.results.unjudged if u.whole]
    if unread:
        return str(Message("grade.missing_unread", unread="; ".join(unread)))
    return str(Message("grade.missing"))


def _score(rubric: Rubric, row: LayerRubric, layer: LayerReport) -> tuple[float, Message]:
    match layer.verdict:
        case Verdict.PASS:
            return row.points, Message("grade.holds")
        case Verdict.UNIMPLEMENTED:
            return 0.0, Message("grade.unimplemented")
        case Verdict.INCONCLUSIVE:
            why = layer.undecided or next(
                (j.finding.words for j in layer.judgements if _undecided(j)), None
            )
            words = why or Message("grade.no_reason")
            if rubric.undecided == "full":
                return row.points, Message("grade.undecided_full", why=words)
            return 0.0, Message("grade.undecided_none", why=words)
        case _:
            return _partly(rubric, row, layer)


def _undecided(judgement: Judgement) -> bool:
    must = judgement.claim.severity is Severity.MUST
    return must and judgement.finding.outcome is Outcome.INCONCLUSIVE


def _partly(rubric: Rubric, row: LayerRubric, layer: LayerReport) -> tuple[float, Message]:
    """The points of a failing layer."""
    if row.claims:
        return _of_claims(row, layer)
    parts = dict(_parts(layer))
    lost = [quantity for quantity, holds in parts.items() if not holds]
    claims = tuple(_names(layer))
    if len(lost) == len(parts):
        return 0.0, Message("grade.fails", claims=claims, count=len(claims))
    wrong = _lost(parts, lost) if lost else Message("grade.laws", claims=claims, count=len(claims))
    if not row.partial:
        return 0.0, wrong
    weights = {q: rubric.partial.output if q == OUTPUT else rubric.partial.gradient for q in parts}
    total = sum(weights.values())
    if total == 0:
        return 0.0, wrong
    missed = sum(weights[quantity] for quantity in lost) if lost else rubric.partial.law
    return row.points * max(0.0, 1 - missed / total), wrong


def _lost(parts: dict[Quantity, bool], lost: Sequence[Quantity]) -> Message:
    """`2 of 3 gradients hold: the gradient of b does not`."""
    those = tuple(Message("quantity.the", quantity=quantity) for quantity in lost)
    gradients = [quantity for quantity in parts if quantity != OUTPUT]
    output = parts.get(OUTPUT, True)
    if not output and len(lost) == 1:
        return Message("grade.output")
    holding = sum(parts[quantity] for quantity in gradients)
    if output and not holding:
        return Message("grade.no_gradient", count=len(gradients))
    return Message(
        "grade.gradients", holding=holding, all=len(gradients), lost=those, count=len(lost)
    )


def _parts(layer: LayerReport) -> Iterator[tuple[Quantity, bool]]:
    """The output and each gradient, and whether the must-claims about it hold.

    Behind a wrong output, a gradient holds if either it is the derivative of this forward, or the
    one that PyTorch finds: the one mistake is not counted twice.
    """
    must = [j for j in layer.judgements if j.claim.severity is Severity.MUST and j.claim.about]
    about: dict[Quantity, list[Judgement]] = {}
    for judgement in must:
        assert judgement.claim.about is not None, "only of these"
        about.setdefault(judgement.claim.about, []).append(judgement)
    output = all(map(_holds, about.get(OUTPUT, ())))
    for quantity, judgements in about.items():
        values = [j for j in judgements if j.claim.aspect is Aspect.VALUE]
        others = [j for j in judgements if j.claim.aspect is not Aspect.VALUE]
        enough = all if output or quantity == OUTPUT or not values else any
        yield quantity, all(map(_holds, others)) and enough(map(_holds, values))


def _holds(judgement: Judgement) -> bool:
    return judgement.finding.outcome in _HOLDS


def _of_claims(row: LayerRubric, layer: LayerReport) -> tuple[float, Message]:
    """The points of the single claims that hold; what the layer gives as a whole is lost."""
    points = 0.0
    lost: list[Message | str] = []
    for name, of in row.claims:
        asked = [j for j in layer.judgements if j.claim.name == name]
        if asked and all(map(_holds, asked)):
            points += of
        else:
            named = (j.claim.words for j in asked)
            lost.append(next(named, name))
    held = len(row.claims) - len(lost)
    if not lost:
        claims = tuple(_names(layer))
        return points, Message("grade.only_claims", claims=claims, count=len(claims))
    words = Message(
        "grade.claims", holding=held, all=len(row.claims), lost=tuple(lost), count=len(lost)
    )
    return points, words


def _names(layer: LayerReport) -> list[Message]:
    return list(dict.fromkeys(judgement.claim.words for judgement in layer.failures))


def _advice_item(name: str, of: float, files: Sequence[Judged]) -> Item:
    """All points where no layer refutes a should-claim, and one at least keeps it."""
    asked = [
        (file, layer, judgement)
        for file in files
        for layer in file.results.layers
        for judgement in layer.judgements
        if judgement.claim.name == name and judgement.claim.severity is Severity.SHOULD
    ]
    refuted = [each for each in asked if each[2].finding.outcome is Outcome.FAIL]
    item = f"{ADVICE}{name}"
    if refuted:
        file, layer, _ = refuted[0]
        names = tuple(dict.fromkeys(each[1].name for each in refuted))
        why = Message("grade.advice", names=names, count=len(names))
        where = layer.where
        place = place_of(file, where.file) if where else file.path
        cell, line = (where.cell, where.line) if where else (None, None)
        return Item(item, 0.0, of, str(why), place, cell, line)
    if not any(each[2].finding.outcome is Outcome.PASS for each in asked):
        return Item(item, 0.0, of, str(Message("grade.no_layer")))
    return Item(item, of, of, str(Message("grade.holds")))
