"""The trial of an optimiser: it takes steps, and each is compared with PyTorch and the formulas."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from trigrad.cases.drawing import seed_for
from trigrad.cases.steps import Shapes, Walk, drawn_walks
from trigrad.claim.claim import HOLDS, Finding, Outcome, refuted, unsettled
from trigrad.claim.evidence import Evidence
from trigrad.contracts.optimisers import Optimiser
from trigrad.messages import Message
from trigrad.subject.face import Build, Face, Raised
from trigrad.trial.judgement import Judgement
from trigrad.trial.optimiser_laws import LAWS, OptimiserLaws
from trigrad.trial.optimiser_reading import Mode, Spelling, choices, modes, spelling_from
from trigrad.trial.optimiser_steps import (
    Found,
    Kept,
    Missed,
    Odd,
    compared,
    fits,
    steps_of,
)
from trigrad.trial.optimiser_words import CaseWords, entry_of
from trigrad.witnesses import optimiser_claims
from trigrad.witnesses.optimiser_steps import of_pytorch

WALKS = 1 / 8
"""Walks that are drawn, as a share of the examples; at least three."""

DIGITS = 7
"""Decimals that are shown: further ones depend on where eps stands."""

_OWN = re.compile(
    r"NoneType|not defined|referenced before assignment|not associated with|division by zero"
)
"""Messages of errors that come from the text itself, whatever it is given."""

_PACES = re.compile(r"decay|schedul|anneal|warm|drop|rate_at", re.I)
"""Names in a text whose learning rate may change from step to step."""

Verdict = Kept | Missed | Odd


@dataclass
class OptimiserFindings:
    """What the trial of an optimiser found."""

    judgements: list[Judgement] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    slips: tuple[Message, ...] = ()
    """The known mistake that gives all its numbers."""
    unjudged: str = ""
    """Why it cannot be judged."""


class OptimiserTrial:
    """The trial of one optimiser."""

    def __init__(
        self,
        row: Optimiser,
        face: Face,
        seed: int,
        examples: int,
        uses: Collection[str] = (),
        *,
        name: str = "",
        method: str = "",
    ) -> None:
        """`uses` are the names that its text mentions, `method` is that of its step."""
        self._row, self._face = row, face
        self.modes: list[Mode] = []
        """Settings with which it takes steps, once it was judged."""
        self._seed = seed_for(seed, row.name)
        self.walks = drawn_walks(self._seed, max(3, round(examples * WALKS)))
        self._claims = {c.name: c for c in optimiser_claims.optimiser_claims(row)}
        self._uses = uses
        self._paces = any(_PACES.search(name) for name in uses)
        self._name, self._method = name, method

    def judge(self) -> OptimiserFindings:
        """Every claim about it."""
        self._face.start_clock(1.0)
        (built,) = self._face.run([Build()])
        if isinstance(built, Raised):
            return OptimiserFindings(unjudged=built.unjudged or built.sentence)
        spelling = spelling_from(built.notes[0] if built.notes else "")
        if spelling is None or not any("lr" in each for each in spelling.assignments):
            return OptimiserFindings(unjudged=str(Message("optimiser.no_rate")))
        self._words = CaseWords(spelling.call, self._method)
        self._others, self._certain = spelling.others, spelling.certain
        choice, tried = self._read(spelling)
        self.modes = modes(self._row, spelling, *choice)
        first = next((o for o in tried if isinstance(o, Odd)), None)
        if first is not None and first.raised is not None and first.raised.unjudged:
            return OptimiserFindings(unjudged=first.raised.unjudged)
        judgements = self._judged(tried)
        said = [j.finding.words for j in judgements]
        slips = [o.slip for o in tried if isinstance(o, Missed) and o.slip not in (None, *said)]
        notes = self._notes(tried) if not any(j.fails for j in judgements) else []
        if spelling.unread:
            notes.append(str(Message("optimiser.unread", names=spelling.unread)))
        return OptimiserFindings(judgements, notes, tuple(s for s in slips[:1] if s))

    def again(self, face: Face, seed: int) -> list[Judgement]:
        """Every claim about an edited text, understood as this one is; [] if it cannot be called.

        The walks are other ones for another seed.
        """
        other = OptimiserTrial(
            *(self._row, face, seed, 0, self._uses), name=self._name, method=self._method
        )
        return other.judge().judgements

    def _read(self, spelling: Spelling) -> tuple[tuple[int, float], list[Verdict]]:
        """How its arguments are understood, and what it does in every mode: the most is right."""
        best: tuple[tuple[int, float], list[Verdict]] | None = None
        for choice in choices(spelling):
            self._face.start_clock(1.0)
            tried = [self._tried(mode) for mode in modes(self._row, spelling, *choice)]
            if best is None or _right(tried) > _right(best[1]):
                best = choice, tried
            if _right(tried) == 1 or self._face.over:
                break
        assert best is not None, "there is an assignment, even of nothing"
        return best

    def _tried(self, mode: Mode) -> Verdict:
        found = steps_of(self._face, mode, self.walks)
        if not isinstance(found, Odd):
            if mode.unknown and not _moves(self.walks, found):
                why = str(Message("optimiser.still"))  # its name may mean something else
                return Odd(mode, Raised("", "", "", unjudged=why), None)
            return compared(self._row, mode, self.walks, found)
        of_class = self._of_class(mode)
        if of_class is not None:
            return of_class
        rows = drawn_walks(self._seed, len(self.walks), Shapes.ROWS)
        moved = steps_of(self._face, mode, rows)
        if isinstance(moved, Odd):
            return self._with_one_shape(mode) or found
        self.walks = rows
        return compared(self._row, mode, rows, moved)

    def _of_class(self, mode: Mode) -> Missed | None:
        """Whether what is remembered belongs to the class: a second object goes on where the first
        one was, and so raises where its weights have other shapes."""
        walk = self.walks[0]
        found = steps_of(self._face, mode, [walk, walk])
        if isinstance(found, Odd):
            return None
        tried = compared(self._row, mode, [walk, walk], found)
        same = all(np.array_equal(found[0][n], found[1][n], equal_nan=True) for n in walk.weights)
        if same or isinstance(tried, Kept):
            return None
        return replace(tried, slip=LAWS[optimiser_claims.BESIDE])

    def _with_one_shape(self, mode: Mode) -> Missed | Odd | None:
        """What is wrong where all weights have one shape, so that nothing raises; None: nothing.

        If all is right for a single weight, one array is remembered for all weights.
        """
        several = drawn_walks(self._seed, len(self.walks), Shapes.ALIKE)
        found = steps_of(self._face, mode, several)
        if isinstance(found, Odd):
            return found if found.words is not None else None
        together = compared(self._row, mode, several, found)
        if isinstance(together, Kept):
            return None
        first = [walk.only(*list(walk.weights)[:1]) for walk in several]
        one = steps_of(self._face, mode, first)
        if isinstance(one, Odd) or not isinstance(compared(self._row, mode, first, one), Kept):
            return together
        return replace(together, slip=together.slip or Message("optimiser.slip.shared"))

    # --- each step ---

    def _judged(self, tried: Sequence[Verdict]) -> list[Judgement]:
        steps, apart, beside, order, usual, kept = self._claims.values()
        wrong = next((each for each in tried if not isinstance(each, Kept)), None)
        if wrong is None:
            doubt = self._contradiction(tried)
            finding = HOLDS if doubt is None else unsettled(doubt)
        else:
            finding = self._finding(wrong)
        found = [Judgement(steps, finding)]
        known = finding.outcome is not Outcome.INCONCLUSIVE and _moved(tried)
        laws = (
            OptimiserLaws(self._face, self.modes[-1], self._words).findings(self.walks)
            if known
            else {}
        )
        blocked = Finding(Outcome.BLOCKED, Message("blocked", names=(steps.words,)))
        for claim in (apart, beside, order):
            finding = laws.get(claim.name, blocked)
            found.append(Judgement(claim, finding))
        found.append(Judgement(usual, self._advised(tried)))
        found.append(Judgement(kept, laws.get(kept.name, blocked)))
        return found

    def _finding(self, wrong: Missed | Odd) -> Finding:
        if isinstance(wrong, Odd):
            return self._odd(wrong)
        evidence = self._evidence(wrong)
        doubt = self._doubt(wrong) if wrong.slip is None else None
        if doubt is not None:
            return unsettled(doubt)
        if not np.isfinite(wrong.is_):
            words = Message("optimiser.not_finite", weight=wrong.weight, step=wrong.step)
        else:
            words = Message(
                "optimiser.wrong", step=wrong.step, weights=wrong.wrong, row=self._row.name
            )
        return refuted(words, evidence)

    def _doubt(self, wrong: Missed) -> Message | None:
        """Why a number that no known mistake gives may be right after all."""
        if wrong.coarse:
            return Message("optimiser.coarse")
        if wrong.paced and (self._paces or not wrong.mode.rules.timed):
            return Message("optimiser.paced")
        if wrong.mode.unknown:
            return Message("optimiser.unknown", settings=wrong.mode.unknown)
        if self._others:
            return Message("optimiser.others", names=self._others)
        return None

    def _odd(self, odd: Odd) -> Finding:
        if odd.words is not None:
            return refuted(odd.words, self._words.case(odd.mode, (), odd.words))
        raised = odd.raised
        assert raised is not None, "else there are words"
        words = Message("engine.raises", raised=raised.sentence)
        evidence = self._words.case(odd.mode, (), words, raised)
        if raised.ended or self._is_own(raised):
            return refuted(words, evidence)
        return unsettled(Message("optimiser.raises", raised=raised.sentence))

    def _is_own(self, raised: Raised) -> bool:
        """Whether it raises whatever it is given, and not because of how it is called here."""
        if raised.where is None:
            return False
        if self._certain or raised.error in ("NameError", "UnboundLocalError"):
            return True
        key = raised.error == "KeyError" and raised.message.strip("'\"") in self.walks[0].weights
        own = raised.error == "AttributeError" and f"'{self._name}' object" in raised.message
        return key or own or bool(_OWN.search(raised.message))

    def _contradiction(self, tried: Sequence[Verdict]) -> Message | None:
        """Whether PyTorch and our own formula do not agree with each other."""
        for each in tried:
            if not isinstance(each, Kept):
                continue
            rules = self._row.rules_with(each.settings)
            for walk in self.walks[:1]:
                family = rules.conventions[0].family
                decay = self._row.decays[0].decay
                mode = Mode(rules, each.settings, {"eps": "eps"}, 0)
                theirs = of_pytorch(rules, walk, each.settings)
                here = fits(family, decay, walk, theirs, mode, each.settings)
                if not all(bool(inside.all()) for inside in here.values()):
                    return Message("optimiser.contradiction", row=self._row.name)
        return None

    # --- words ---

    def _advised(self, tried: Sequence[Verdict]) -> Finding:
        for each in tried:
            if isinstance(each, Kept) and each.convention.advice is not None:
                words = each.convention.advice
                return refuted(words, Evidence(words))
        return HOLDS

    def _notes(self, tried: Sequence[Verdict]) -> list[str]:
        """The conventions that are kept, and the numbers that were read."""
        found: dict[str, None] = {}
        for each in tried:
            if not isinstance(each, Kept):
                continue
            if each.convention.words is not None:
                found[str(each.convention.words)] = None
            if each.decaying is not None:
                found[str(each.decaying.words)] = None
            for setting in each.mode.unknown:
                value = f"{each.settings[setting]:g}"
                found[str(Message("optimiser.read", setting=setting, value=value))] = None
        return list(found)

    def _evidence(self, wrong: Missed) -> Evidence:
        entry = entry_of(wrong.weight, wrong.place)
        after = str(Message("optimiser.after", step=wrong.step))
        lines = self._words.lines(wrong.mode, wrong.walk, wrong.weight, wrong.place, wrong.step)
        return Evidence(
            Message("optimiser.step", weight=wrong.weight),
            is_=f"{entry} = {wrong.is_:.6g} {after}",
            should_be=f"{entry} = {round(wrong.should_be, DIGITS):.6g}",
            program=lines,
            methods=(self._method,),
            remark=Message("witness.autograd"),
            steps=wrong.steps,
        )


def _moves(walks: Sequence[Walk], found: Sequence[Found]) -> bool:
    """Whether any weight is another one after a step."""
    return any(
        not np.array_equal(array[-1], walk.weights[name])
        for walk, moved in zip(walks, found, strict=True)
        for name, array in moved.items()
    )


def _right(tried: Sequence[Verdict]) -> float:
    """The share of modes in which a convention is kept."""
    return sum(isinstance(each, Kept) for each in tried) / len(tried)


def _moved(tried: Sequence[Verdict]) -> bool:
    return not any(isinstance(each, Odd) for each in tried)
