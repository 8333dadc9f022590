"""What is wrong with a layer, in words that are equal for all who made the same mistake.

They have no numbers, and no names from the student's text; which kind of mistake it is, the
diagnosis says.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator

from trigrad.claim.claim import Aspect
from trigrad.diagnosis.diagnosis import Mistake as Diagnosed
from trigrad.diagnosis.diagnosis import Side
from trigrad.grade.record import Mistake
from trigrad.grade.scoring import Judged, place_of
from trigrad.messages import Message
from trigrad.subject.face import Raised, Where
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Verdict

_GENERAL = {
    "reshaped.first_axis": "class.extra_axis",
    "reshaped.last_axis": "class.extra_axis",
    "reshaped.other": "class.reshaped",
    "kink.swapped": "class.kink.swapped",
    "kink.let_through": "class.kink.let_through",
    "kink.threshold": "class.kink.threshold",
    "argument.other": "class.argument",
    "axes.column_sums": "axes.columns",
    "polynomial.of_input": "class.polynomial_of_input",
    "polynomial.other": "class.polynomial",
    "relation.too_small": "class.offset",
    "relation.too_large": "class.offset",
    "misreading.one_hot": "class.one_hot",
    "sides.never_stored": "class.never_stored",
}
"""What is said in place of a sentence that has numbers in it."""

_WITHOUT_SYMBOLS = {
    "relation.times": "class.multiple",
    "relation.share": "class.multiple",
    "relation.missing": "class.missing",
    "relation.too_much": "class.too_much",
}
"""The same, where the sentence has nothing but a number: `2 times`, but not `N times`."""

_WHOLE = ("misreading.one_hot", "sides.never_stored")
"""Sentences on a layer that explain all that is wrong with it."""

_REFUTED = {
    Aspect.STRUCTURE: "class.absent",
    Aspect.SHAPE: "class.shape",
    Aspect.VALUE: "class.wrong",
}

_SYMBOL = re.compile(r"[A-Za-z]")


def mistakes_of(file: Judged) -> Iterator[Mistake]:
    """The mistakes of all failing layers of a file."""
    for layer in file.results.layers:
        if layer.verdict is Verdict.FAIL:
            where = _where(layer)
            path = place_of(file, where.file) if where else file.path
            cell, line = (where.cell, where.line) if where else (None, None)
            for words in dict.fromkeys(map(str, _words(layer))):
                yield Mistake(layer.layer, words, path, cell, line)


def _words(layer: LayerReport) -> list[Message]:
    diagnosis = layer.diagnosis
    if diagnosis and diagnosis.sentence and diagnosis.sentence.key in _WHOLE:
        return [general(diagnosis.sentence)]
    if diagnosis and diagnosis.mistakes:
        return [Diagnosed(m.about, general(m.words)).sentence for m in diagnosis.mistakes]
    return [_refuted(layer.failures[0])] if layer.failures else []


def general(words: Message) -> Message:
    """The message without what differs from student to student."""
    key = _GENERAL.get(words.key)
    if words.key in _WITHOUT_SYMBOLS and not any(_SYMBOL.search(str(v)) for _, v in words.values):
        key = _WITHOUT_SYMBOLS[words.key]
    if key is not None:
        return Message(key)
    inner = {name: general(v) for name, v in words.values if isinstance(v, Message)}
    return words.having(**inner)


def _refuted(judgement: Judgement) -> Message:
    """What the first refuted claim says, where there is no diagnosis."""
    evidence, claim = judgement.finding.evidence, judgement.claim
    if evidence is not None and evidence.raised is not None:
        return _raised(evidence.raised)
    key = _REFUTED.get(claim.aspect)
    if claim.about is None or key is None:
        return Message("class.refuted", claim=claim.words)
    return Message(key, quantity=Message("quantity.the", quantity=claim.about))


def _raised(raised: Raised) -> Message:
    usual = raised.call in ("forward", "backward", "__init__", "update")
    call = raised.call if usual else Message("class.method")
    if raised.ended or not raised.error:
        return Message("class.ended" if raised.ended else "class.raises_own", call=call)
    if hasattr(builtins, raised.error):
        return Message("class.raises", call=call, error=raised.error)
    return Message("class.raises_own", call=call)


def _where(layer: LayerReport) -> Where | None:
    """The first line of the fix, of the method in which the mistake is, or of the layer."""
    if layer.repair is not None and layer.repair.changes:
        return layer.repair.changes[0].where
    if layer.where is None:
        return None
    side = layer.diagnosis.side if layer.diagnosis else Side.UNKNOWN
    first, _ = layer.lines.get(side.value, (layer.where.line, 0))
    return Where(layer.where.file, layer.where.cell, first)
