"""The laws of optimisers: what holds whatever the formula is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trigrad.cases.steps import Walk
from trigrad.claim.claim import HOLDS, Finding, Outcome, refuted, unsettled
from trigrad.claim.evidence import Evidence
from trigrad.messages import Message
from trigrad.subject.face import Face, Optimise, Raised
from trigrad.trial.optimiser_reading import Mode
from trigrad.trial.optimiser_steps import Found, as_found
from trigrad.trial.optimiser_words import CaseWords, entry_of
from trigrad.witnesses import optimiser_claims

LAWS = {
    optimiser_claims.APART: Message("optimiser.apart"),
    optimiser_claims.BESIDE: Message("optimiser.beside"),
    optimiser_claims.ORDER: Message("optimiser.order"),
}
"""What is said of one that is broken."""


@dataclass(frozen=True)
class OptimiserLaws:
    """An optimiser in one mode."""

    face: Face
    mode: Mode
    words: CaseWords

    def findings(self, walks: Sequence[Walk]) -> dict[str, Finding]:
        """On each law, by the name of its claim, on the largest walk; {} if it raises."""
        mode = self.mode
        walk = max(walks, key=lambda w: sum(a.size for a in w.weights.values()))
        names = list(walk.weights)
        others, back = walk.beside_others(*names[:2]), walk.only(*reversed(names))
        self.face.start_clock(1.0)
        commands = [
            _steps(mode, walk),
            _steps(mode, others),
            _steps(mode, walk, beside=True),
            _steps(mode, back),
        ]
        whole, alone, beside, turned = self.face.run(commands)
        if isinstance(whole, Raised):
            return {}
        found = as_found(whole, walk)
        if isinstance(found, Message):
            return {}
        compared_with = (
            (optimiser_claims.APART, alone, others.only(*names[:2])),
            (optimiser_claims.BESIDE, beside, walk),
            (optimiser_claims.ORDER, turned, back),
        )
        findings = {}
        for name, result, of in compared_with:
            if isinstance(result, Raised):
                findings[name] = unsettled(Message("optimiser.raises", raised=result.sentence))
                continue
            arrays = as_found(result, of)
            same = not isinstance(arrays, Message) and all(
                np.array_equal(arrays[n], found[n], equal_nan=True) for n in of.weights
            )
            findings[name] = HOLDS if same else self._broken(name, found, arrays, of)
        if findings[optimiser_claims.BESIDE].outcome is Outcome.FAIL:
            # Then each of these is disturbed by the one before it.
            blocking = Message(f"claim.{optimiser_claims.BESIDE}")
            blocked = Finding(Outcome.BLOCKED, Message("blocked", names=(blocking,)))
            findings |= dict.fromkeys((optimiser_claims.APART, optimiser_claims.ORDER), blocked)
        changed = whole.overwritten
        kept = HOLDS
        if changed:
            words = Message("optimiser.kept", names=changed)
            kept = refuted(words, self.words.case(mode, (), words))
        return {**findings, optimiser_claims.KEPT: kept}

    def _broken(self, name: str, found: Found, arrays: Found | Message, of: Walk) -> Finding:
        """The evidence: one number that is another one there."""
        words, mode = LAWS[name], self.mode
        if isinstance(arrays, Message):
            return refuted(words, self.words.case(mode, (str(arrays),), words))
        for weight in of.weights:
            other = np.argwhere(
                ~np.isclose(arrays[weight], found[weight], rtol=0, atol=0, equal_nan=True)
            )
            if len(other):
                number, *place = (int(n) for n in other[0])
                at = (number, *place)
                first, second = arrays[weight][at], found[weight][at]
                after = Message("optimiser.after", step=number + 1)
                is_ = f"{entry_of(weight, tuple(place))} = {second:.6g} {after}"
                due = f"{first:.6g}"
                break
        lines = self.words.lines(mode, of, weight, tuple(place), number + 1)
        evidence = Evidence(
            words, is_=is_, should_be=due, program=lines, methods=(self.words.method,)
        )
        return refuted(words, evidence)


def _steps(mode: Mode, walk: Walk, *, beside: bool = False) -> Optimise:
    return Optimise(walk.weights, walk.gradients, mode.settings, mode.choice, beside)
