"""The trial of one layer: its cases are drawn once, and every claim is checked on each of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.drawing import draw_cases, seed_for, smallest
from trigrad.cases.sampling import Material, case_from, variant_case
from trigrad.cases.special import special_cases
from trigrad.claim.answers import Answers
from trigrad.claim.claim import (
    HOLDS,
    Aspect,
    Claim,
    Finding,
    Outcome,
    Severity,
    Witness,
    refuted,
    unsettled,
)
from trigrad.claim.evidence import AbsentError, absent_words
from trigrad.contracts.schema import Contract
from trigrad.defaults import EXAMPLES
from trigrad.messages import Message
from trigrad.subject.face import BatchAxis, Face, Returned
from trigrad.trial.judgement import Judgement
from trigrad.trial.own_forward import OwnGradients
from trigrad.trial.plan import plan
from trigrad.trial.telling import tells
from trigrad.trial.together import JoinedFace
from trigrad.witnesses.twin import NotFollowedError, TwinFace, answer_of_twin

VARIANT_EXAMPLES = 5
"""How many of the cases are also tried in each of the row's further kinds of input."""

ENOUGH = 5
"""After so many refutations of one claim the other cases are not tried."""

SHRINK_SECONDS = 10.0
"""Time limit of a search for a smaller counterexample, in seconds."""

SHRINK_CALLS = 100
"""How many cases a search for a smaller counterexample tries at most."""


class OverdueError(Exception):
    """A trial did not end within its time limit."""


Make = Callable[[Material], Case]


@dataclass(frozen=True)
class _Drawn:
    """One drawn case with everything needed to draw a smaller one like it."""

    case: Case
    material: Material
    make: Make


class LayerTrial:
    """The trial of one layer: its cases are drawn once, and used for all its claims."""

    def __init__(
        self,
        contract: Contract,
        face: Face,
        seed: int,
        examples: int,
        strict: frozenset[str] = frozenset(),
        *,
        smaller: bool = True,
        until: float = math.inf,
    ) -> None:
        """`smaller`: whether to search for a smaller case for each refutation, for the reader.

        `until` is when the time limit ends, on the monotonic clock.
        """
        self._contract = contract
        self._claims = plan(contract, strict)
        self._face = JoinedFace(face)
        self._seed = seed_for(seed, contract.name)
        drawn = draw_cases(contract, self._seed, examples)
        last = len(drawn) - 1
        makes = (partial(case_from, contract, irrational=i == last) for i in range(len(drawn)))
        self._drawn = [_Drawn(c, m, make) for (c, m), make in zip(drawn, makes, strict=True)]
        self._all_answers = [Answers(contract, self._face, d.case) for d in self._drawn]
        special = special_cases(contract, self._seed)
        self._special = [(each, Answers(contract, self._face, each.case)) for each in special]
        self._small: list[Case] = []
        self._searching = smaller
        self._until = until
        self._contradictions: dict[Case, Claim | None] = {}
        self._singular: dict[Case, bool] = {}

    def judge(self) -> list[Judgement]:
        """Every claim of the plan, in its order.

        The must-claims are decided before the should-claims: after a call that hangs or crashes
        nothing more can be judged.

        Raises:
            OverdueError: the time limit is over, and some claim is not judged yet.
        """
        done: dict[str, Judgement] = {}
        judged: dict[Claim, Judgement] = {}
        ended = ""
        for claim in sorted(self._claims, key=lambda claim: claim.severity is Severity.SHOULD):
            self._in_time()
            blocker = ended or next((n for n in claim.needs if _absent(done.get(n))), None)
            if blocker:
                blocking = next(c.words for c in self._claims if c.name == blocker)
                words = Message("blocked", names=(blocking,))
                judgement = Judgement(claim, Finding(Outcome.BLOCKED, words))
            else:
                self._start_clock(max(1.0, len(self._drawn) / EXAMPLES))
                judgement = Judgement(claim, self._decide(claim))
            judged[claim] = judgement
            done.setdefault(claim.name, judgement)
            if _ended(judgement.finding):
                ended = claim.name
        return [judged[claim] for claim in self._claims]

    def _start_clock(self, share: float) -> None:
        self._face.start_clock(share, self._until - time.monotonic())

    def _in_time(self) -> None:
        if time.monotonic() > self._until:
            raise OverdueError

    @property
    def cases(self) -> list[Case]:
        """The drawn cases; the last one has irrational values and many numbers."""
        return [drawn.case for drawn in self._drawn]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about the layer's spelling with the first object."""
        results = (r for r in self._all_answers[0].results if isinstance(r, Returned))
        return tuple(dict.fromkeys(note for result in results for note in result.notes))

    @property
    def batch_axis(self) -> BatchAxis:
        """Which axis of the layer's operands is the batch."""
        built = self._all_answers[0].results[0]
        return built.batch_axis if isinstance(built, Returned) else BatchAxis.ROWS

    @property
    def uncleared(self) -> bool:
        """Whether backward adds to its gradients, and nothing that is known sets them to zero."""
        built = self._all_answers[0].results[0]
        return isinstance(built, Returned) and built.uncleared

    def _decide(self, claim: Claim) -> Finding:
        if claim.variant is not None:
            finding = self._over(claim, self._variant_answers(claim))
        else:
            finding = self._over(claim, self._all_answers)
            if finding.outcome is Outcome.PASS and claim.special:
                finding = self._at_special(claim)
            must = claim.severity is Severity.MUST
            if finding.outcome is Outcome.FAIL and must and not _ended(finding):
                finding = self._searched(claim, finding)
        return finding if _ended(finding) else self._cross_checked(claim, finding)

    def _at_special(self, claim: Claim) -> Finding:
        """What holds for drawn cases must hold for special ones, unless it is undecided there."""
        chosen = [answers for special, answers in self._special if special.kind in claim.special]
        for answers, found in self._together(claim, chosen):
            if found.outcome is Outcome.FAIL:
                return _with_base(found, answers.case)
        return HOLDS

    def _over(self, claim: Claim, all_answers: Sequence[Answers]) -> Finding:
        """The finding over all cases: a claim that is refuted on one of them is refuted.

        Of several refutations one that raised is shown first, since it has a line, and then one
        that convinces, on the smallest case.
        """
        findings: list[tuple[Answers, Finding]] = []
        failed: list[tuple[Answers, Finding]] = []
        for answers, finding in self._one_by_one(claim, all_answers):
            findings.append((answers, finding))
            if finding.outcome is Outcome.FAIL:
                failed.append(findings[-1])
            if len(failed) == ENOUGH or self._face.over:
                break  # the subject answers nothing any more
        if failed:
            answers, finding = min(failed, key=lambda pair: _readability(*pair))
            return _with_base(finding, answers.case)
        # An input that is refused in one case is not handled, even if another case passes.
        handled = [Outcome.NOT_APPLICABLE] if claim.variant else []
        for outcome in (*handled, Outcome.PASS, Outcome.INCONCLUSIVE):
            for _, finding in findings:
                if finding.outcome is outcome:
                    return finding
        return findings[0][1]

    def _one_by_one(
        self, claim: Claim, all_answers: Sequence[Answers]
    ) -> Iterator[tuple[Answers, Finding]]:
        """The findings in the cases' order.

        The first shows most of what is wrong: only if it holds there, all others are tried at once.
        After that no more than are needed to be sure of a refutation. Where all is known that it
        needs, nothing is gained by trying several at once.
        """
        tried = failed = 0
        together = 1
        while tried < len(all_answers):
            self._in_time()
            asked = self._face.asked
            for answers, finding in self._together(claim, all_answers[tried : tried + together]):
                self._in_time()
                tried += 1
                failed += finding.outcome is Outcome.FAIL
                yield answers, finding
            if failed:
                together = ENOUGH - failed
            elif self._face.asked > asked:
                together = len(all_answers)

    def _together(
        self, claim: Claim, all_answers: Sequence[Answers]
    ) -> Iterator[tuple[Answers, Finding]]:
        """The findings on several cases, as if they were tried one after the other."""
        findings = self._face.together([partial(put, claim, answers) for answers in all_answers])
        for answers, finding in zip(all_answers, findings, strict=True):
            refuted_here = finding.outcome is Outcome.FAIL and claim.variant is None
            yield answers, HOLDS if refuted_here and self._is_singular(answers.case) else finding

    def _variant_answers(self, claim: Claim) -> list[Answers]:
        variant = claim.variant
        assert variant is not None, "called for variants only"
        # The last ones: Hypothesis begins with its simplest draws.
        chosen = self._drawn[-1 - VARIANT_EXAMPLES : -1]
        cases = [variant_case(variant, self._contract, d.material) for d in chosen]
        return [Answers(variant.contract, self._face, case) for case in cases]

    def _searched(self, claim: Claim, finding: Finding) -> Finding:
        """The failure on a smaller case, if one is found in time.

        A search that takes too long, or meets a case on which a call does not return, is the last
        one of this layer: the claim stays refuted, and the other claims are still judged.
        """
        if not self._searching:
            return finding
        self._start_clock(1.0)
        began = time.monotonic()
        small = self._made_small(claim, finding)
        self._searching = not self._face.over and time.monotonic() - began < SHRINK_SECONDS
        if self._face.over:
            self._face.revive()
        return finding if _ended(small) else small

    def _made_small(self, claim: Claim, finding: Finding) -> Finding:
        """The same failure on the smallest case found; one search serves all claims it refutes."""
        kind = _kind(finding)
        start = _base(finding)
        until = time.monotonic() + SHRINK_SECONDS
        telling = tells(self._contract, finding, start)

        def fails(case: Case) -> bool:
            if self._face.over or time.monotonic() > until:
                return False
            found = put(claim, Answers(self._contract, self._face, case))
            if found.outcome is not Outcome.FAIL or _kind(found) != kind:
                return False
            if self._is_singular(case):
                return False
            return tells(self._contract, found, case) or not telling

        known = next((case for case in self._small if fails(case)), None)
        if known is None and self._small and not claim.about:
            known = start  # a law is only named, so the smallest of the drawn cases is enough
        if known is None:
            makes: list[tuple[Case, Make | None]] = [(d.case, d.make) for d in self._drawn]
            makes += [(each.case, each.make) for each, _ in self._special]
            make = next(make for case, make in makes if case is start)
            if make is None:
                return finding  # what it shows, a small or moderate case does not
            known = smallest(
                self._contract, self._seed, fails, start, calls=SHRINK_CALLS, make=make
            )
            self._small.append(known)
        final = put(claim, Answers(self._contract, self._face, known))
        # A subject that is not deterministic may not fail there a second time.
        return _with_base(final, known) if final.outcome is Outcome.FAIL else finding

    def _cross_checked(self, claim: Claim, finding: Finding) -> Finding:
        """A refutation counts only where the witnesses agree with each other on PyTorch's twin."""
        if finding.outcome is not Outcome.FAIL:
            return finding
        if self._contract.twin is None:
            return self._checked_with_own(claim, finding)
        if claim.variant is None:
            refuted_of_twin = self._contradiction(_base(finding))
        else:
            contract = claim.variant.contract
            twin = put(claim, Answers(contract, TwinFace(contract), _base(finding)))
            refuted_of_twin = claim if twin.outcome is Outcome.FAIL else None
        if refuted_of_twin is None:
            return finding
        return unsettled(Message("contradiction", claim=refuted_of_twin.words))

    def _is_singular(self, case: Case) -> bool:
        """Whether PyTorch's own gradient is no number on a case where its output is one.

        So it is for x / (std + eps) with one feature, where std is 0: nobody can be held to a
        derivative there. A twin that has none on any drawn case is not excused: it is wrong.
        """
        if self._contract.twin is None or not self._contract.differentiates:
            return False
        for each in (case, self._drawn[-1].case):
            if each not in self._singular:
                answer = answer_of_twin(self._contract, each)
                gradients = (np.isfinite(g).all() for g in answer.gradients.values())
                finite = bool(np.isfinite(answer.output).all())
                self._singular[each] = finite and not all(gradients)
        return self._singular[case] and not self._singular[self._drawn[-1].case]

    def _checked_with_own(self, claim: Claim, finding: Finding) -> Finding:
        """A refutation of a declared layer counts where the witnesses agree on what is right.

        That is the layer with the gradients that PyTorch finds for its own forward: the differences
        have to confirm these, and a law has to hold of them.
        """
        case = _base(finding)
        is_value = claim.about is not None and claim.aspect is Aspect.VALUE
        law = claim.witness is Witness.LAWS and claim.aspect is Aspect.LAW
        if not (is_value or law):
            return finding
        slopes = claim if law else self._differences_of(claim)
        own = OwnGradients(self._contract, self._face)
        try:
            of_own = put(slopes, Answers(self._contract, own, case))
        except NotFollowedError:
            return finding  # the differences are the only witness
        if of_own.outcome is Outcome.FAIL or (is_value and of_own is not HOLDS):
            return unsettled(Message("own.disagree", claim=claim.words))
        if claim.witness is Witness.AUTOGRAD:
            here = put(slopes, Answers(self._contract, self._face, case))
            if here.outcome is not Outcome.FAIL:
                return unsettled(Message("own.not_confirmed", claim=claim.words))
        return finding

    def _differences_of(self, claim: Claim) -> Claim:
        """The claim of the differences about the same quantity."""
        return next(
            c
            for c in self._claims
            if c.about == claim.about
            and c.witness is Witness.FINITE_DIFFERENCES
            and c.aspect is Aspect.VALUE
        )

    def _contradiction(self, case: Case) -> Claim | None:
        """A must-claim that is refuted for PyTorch's twin, on this case or the largest one.

        A small case may not show a contradiction: in a batch of one row, rows cannot influence each
        other.
        """
        twin = TwinFace(self._contract)
        for put_to_twin in (self._drawn[-1].case, case):
            if put_to_twin not in self._contradictions:
                answers = Answers(self._contract, twin, put_to_twin)
                must = (c for c in plan(self._contract) if c.severity is Severity.MUST)
                failing = (c for c in must if put(c, answers).outcome is Outcome.FAIL)
                self._contradictions[put_to_twin] = next(failing, None)
            if self._contradictions[put_to_twin] is not None:
                return self._contradictions[put_to_twin]
        return None


def put(claim: Claim, answers: Answers) -> Finding:
    """The answer of a claim's witness on one case."""
    try:
        with np.errstate(all="ignore"):  # NaN and infinities are compared like other numbers
            return claim.check(answers)
    except AbsentError as absent:
        evidence = absent.evidence
        if evidence.raised is None:
            return refuted(absent_words(evidence), evidence)
        words = Message("raised", claim=claim.words, raised=evidence.raised.sentence)
        return refuted(words, evidence)


def _absent(judgement: Judgement | None) -> bool:
    if judgement is None:
        return False
    return judgement.finding.outcome in (Outcome.FAIL, Outcome.BLOCKED)


def _ended(finding: Finding) -> bool:
    """Whether a call did not return, or ended its process: the layer's trial ends there."""
    raised = finding.evidence.raised if finding.evidence else None
    return raised is not None and raised.ended


def _kind(finding: Finding) -> str:
    return finding.evidence.kind if finding.evidence else ""


def _readability(answers: Answers, finding: Finding) -> tuple[bool, bool, bool, int]:
    raised = finding.evidence is not None and finding.evidence.raised is not None
    telling = tells(answers.contract, finding, answers.case)
    return not _ended(finding), not raised, not telling, answers.case.entries


def _with_base(finding: Finding, case: Case) -> Finding:
    assert finding.evidence is not None, "a refutation comes with its evidence"
    return replace(finding, evidence=replace(finding.evidence, base=case))


def _base(finding: Finding) -> Case:
    assert finding.evidence is not None, "a refutation comes with its evidence"
    assert finding.evidence.base is not None, "set where the refutation was chosen"
    return finding.evidence.base
