"""The verdict on one layer: how it is read, what its trial and a search for its repair find."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.contracts.scales import LOSS_SCALES, weight_scales
from trigrad.contracts.schema import Kind, Sign
from trigrad.contracts.shelf.of_rows import with_any_axes
from trigrad.contracts.shelf.registry import known_as
from trigrad.diagnosis.diagnose import diagnose
from trigrad.diagnosis.diagnosis import Diagnosis
from trigrad.diagnosis.take_apart import take_apart
from trigrad.messages import Message
from trigrad.repair.repairer import Repairer
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import ROWS_OF_SAMPLES, BatchAxis
from trigrad.subject.inprocess import reproducible
from trigrad.trial.guessing import (
    backward_raised,
    completed,
    guessed,
    may_lack_something,
    undecided,
)
from trigrad.trial.identifying import (
    Identified,
    constant_more,
    doubt_about,
    identified,
    is_comparable,
    names_of,
    nearest,
)
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer_trial import LayerTrial
from trigrad.trial.lists import takes_lists
from trigrad.trial.modes import in_test_mode
from trigrad.trial.observing import observed
from trigrad.trial.readings import Settled, by_gradients, settled, understood_as
from trigrad.trial.unnamed import as_unnamed
from trigrad.trial.varying import varied
from trigrad.trial.weight_decay import apart_from_decay
from trigrad.verdict.agreement import in_agreement
from trigrad.verdict.drawing import At, Drawing, drawing
from trigrad.verdict.engine_verdict import try_engine
from trigrad.verdict.from_judgements import (
    capabilities,
    forward_is_right,
    has_unknown_step,
    verdict_of,
    why_not_judgeable,
)
from trigrad.verdict.mended_forward import mended_forward
from trigrad.verdict.optimiser_verdict import try_optimiser
from trigrad.verdict.other_numbers import with_other_numbers
from trigrad.verdict.results import LayerReport, Verdict
from trigrad.verdict.unknown_settings import settings_behind
from trigrad.witnesses.laws import LINEAR


def try_layer(
    candidate: Candidate,
    seed: int,
    examples: int,
    strict: frozenset[str] = frozenset(),
    repairer: Repairer | None = None,
    signs: Callable[[], Collection[Sign]] = tuple,
    *,
    draw: At | None = None,
) -> LayerReport | Unjudged:
    """The verdict on one candidate; Unjudged if it needs a module that is not installed.

    `strict` names should-claims that count as must-claims; `repairer` searches for the repair of a
    layer that fails; `signs` finds what the rest of its file shows of the conventions in it. With
    `draw`, its forward is followed on its smallest case, with these numbers in it.
    """
    if candidate.contract.kind is Kind.ENGINE and not candidate.unimplemented:
        return try_engine(candidate, seed, examples, draw=draw is not None)
    if candidate.contract.kind is Kind.OPTIMISER and not candidate.unimplemented:
        return try_optimiser(candidate, seed, examples, repairer)
    with reproducible():  # what runs in this process leaves the caller's random numbers alone
        return _Hearing(candidate, seed, examples, strict, repairer, signs, draw).verdict()


@dataclass
class _Hearing:
    """All that is done to judge one candidate."""

    found: Candidate
    """As it was recognised."""
    seed: int
    examples: int
    strict: frozenset[str]
    repairer: Repairer | None
    signs: Callable[[], Collection[Sign]]
    draw: At | None = None
    usual: Candidate | None = None
    """The layer with its default numbers, where it is judged with others."""

    def verdict(self) -> LayerReport | Unjudged:
        """As it is made by default; what passes so may fail with other numbers."""
        report = self._as_made()
        passes = isinstance(report, LayerReport) and report.verdict is Verdict.PASS
        if not passes or self.repairer is None or self.found.contract.kind is not Kind.LAYER:
            return report
        with reproducible():
            other = with_other_numbers(self.found, self.repairer.library)
        if other is None:
            return report
        try:
            again = replace(self, usual=other.usual)._of_declared(other.candidate)
        finally:
            other.usual.face.close()
        if not isinstance(again, LayerReport) or again.verdict is Verdict.PASS:
            return report
        wrong = [j.claim.about for j in again.judgements if j.fails and j.claim.about]
        if all(quantity == OUTPUT for quantity in wrong):
            return report
        numbers = [f"{name} = {number:g}" for name, number in other.numbers.items()]
        if other.in_forward:
            note = str(Message("numbers.other", numbers=tuple(numbers)))
            return replace(again, layer=report.layer, notes=(note, *again.notes))
        doubt = Message("numbers.backward_only", numbers=tuple(numbers))
        again = replace(again, layer=report.layer, repair=None, undecided=doubt)
        return replace(again, verdict=Verdict.INCONCLUSIVE)

    def _as_made(self) -> LayerReport | Unjudged:
        """As it is read, declared or guessed, and with a known function if forward is one."""
        with reproducible():
            read = settled(self.found, self.signs)
        candidate = _as_declared(read.candidate)
        if isinstance(candidate, Unjudged):
            line = candidate.where.line if candidate.where is not None else 0
            mended = self._mended(candidate.why, line)
            read.candidate.face.close()
            return candidate if mended is None else mended
        if candidate.unimplemented:
            return _unimplemented(candidate)
        if candidate is not read.candidate:
            return self._of_declared(candidate)
        unnamed = self._as_unnamed(read)
        if unnamed is not None:
            return unnamed
        may_have_decay = not candidate.contract.declaration
        if read.another is not None:  # or the same function, with weight decay
            with reproducible():
                read = apart_from_decay(read)
            may_have_decay = False
        candidate = read.candidate
        if read.another is not None:
            candidate.face.close()
            row, why = candidate.contract.name, str(read.another)
            return Unjudged(candidate.name, candidate.where, why, row, todo=candidate.todo)
        return self._with_trained(self._of_read(read, may_have_decay=may_have_decay))

    def _mended(self, why: Message | str, line: int = 0) -> LayerReport | None:
        """What is said of a guess, if a change of one line makes forward what its name says."""
        found = self.found
        if self.repairer is None or found.declare is None or found.completes:
            return None
        with reproducible():
            mended = mended_forward(found, self.repairer, line)
        if mended is None:
            return None
        change, known = mended.change, mended.known
        doubt = Message(
            "shelf.mended",
            why=why,
            name=known.name,
            formula=known.formula_words,
            line=change.where.line,
            before=change.before.strip(),
            after=change.after.strip(),
        )
        return LayerReport(
            layer=found.contract.name,
            name=found.name,
            kind=found.contract.kind,
            verdict=Verdict.INCONCLUSIVE,
            where=change.where,
            notes=found.notes,
            lines=found.lines,
            undecided=doubt,
        )

    def _with_trained(self, report: LayerReport | Unjudged) -> LayerReport | Unjudged:
        """The report on what its contract says, unless a number that it trains is wrong.

        The contract knows no such number, so the layer is judged on guessed inputs too. There a
        backward may change the number, which for the contract is another result of a second call.
        """
        if not isinstance(report, LayerReport) or not self.found.trained:
            return report
        passes = report.verdict is Verdict.PASS
        only_laws = bool(report.failures) and not any(j.claim.about for j in report.failures)
        seen = self._guessed() if passes or only_laws else None
        if seen is None or not seen.contract.parameters:
            return report
        other = self._of_read(Settled(seen))
        if not isinstance(other, LayerReport):
            return report
        trained = {gradient(v.name) for v in seen.contract.parameters}
        wrong = any(j.fails and j.claim.about in trained for j in other.judgements)
        told = wrong or (other.verdict is Verdict.PASS and not passes)
        return replace(other, layer=report.layer) if told else report

    def _guessed(self) -> Candidate | None:
        """What has a contract by its name, on inputs that are guessed; None if none is."""
        if self.found.unnamed is None:
            return None
        with reproducible():
            layer = self.found.unnamed()
            found = guessed(layer) if layer is not None else None
            seen = observed(found) if isinstance(found, Candidate) else None
        return seen if isinstance(seen, Candidate) else None

    def _read_as_guessed(self) -> LayerReport | None:
        """The verdict on what no contract can read, if it is certain on guessed inputs.

        A step of 0.1 times the gradient, say, with the number in the text of backward.
        """
        seen = self._guessed()
        if seen is None:
            return None
        with reproducible():
            known = identified(seen, meant=[with_any_axes(self.found.contract)])
        named = known is not None and known.named
        report = self._of_known(known) if known and named else self._of_declared(seen)
        if not isinstance(report, LayerReport) or report.verdict is Verdict.INCONCLUSIVE:
            return None
        failing = [j.claim for j in report.judgements if j.fails]
        # Adam takes other steps than multiples of the gradient, and so does what is clipped.
        if any(claim.name == LINEAR for claim in failing):
            return None
        # One right gradient at least shows that the rest are no means, and steps and no averages.
        weights = {gradient(v.name) for v in seen.contract.parameters}
        if weights and weights <= {claim.about for claim in failing}:
            return None
        return replace(report, layer=self.found.contract.name)

    def _as_unnamed(self, read: Settled) -> LayerReport | Unjudged | None:
        """The verdict on what has a contract by its name and may be another layer; else None."""
        if read.reading is not None:
            return None
        with reproducible():
            other = as_unnamed(self.found)
            seen = None if other is None else observed(other)
            if not isinstance(seen, Candidate):
                return None
            meant = with_any_axes(self.found.contract)
            known = identified(seen, meant=[meant])
        if known is not None and known.named:
            return self._of_known(known)
        report = self._of_declared(seen)
        if self.found.version or not isinstance(report, LayerReport):
            return report
        if report.verdict is not Verdict.PASS:
            return report
        with reproducible():
            seen.face.start_clock(1.0)
            differs = is_comparable(seen, meant)
            seen.face.close()
        if not differs:
            return report
        doubt = Message("shelf.other", name=meant.name, formula=meant.formula_words)
        return replace(report, verdict=Verdict.INCONCLUSIVE, undecided=doubt)

    def _of_declared(self, candidate: Candidate) -> LayerReport | Unjudged:
        """What is declared or guessed: against a known function, or its forward as it is written.

        A forward may also be nearly the known function of its name: see `_unless_meant`.
        """
        if candidate.contract.twin is not None:
            return self._of_read(Settled(candidate))
        with reproducible():
            known = identified(candidate)
        if known is not None:
            report = self._of_known(known)
            if known.named or not known_as(names_of(candidate)):
                return report
            return self._unless_meant(candidate, report, other=known)
        note = str(Message("declared.forward_as_written"))
        plain = replace(candidate, notes=(*candidate.notes, note))
        return self._unless_meant(candidate, self._of_read(Settled(plain)))

    def _unless_meant(
        self,
        candidate: Candidate,
        report: LayerReport | Unjudged,
        other: Identified | None = None,
    ) -> LayerReport | Unjudged:
        """The report, unless a small change makes forward the function that its name says.

        What is then right with its gradients is wrong as it is; where backward would have to follow
        forward, or forward is an `other` function that is known, it may be meant as it is. What
        fails as that other function is not repaired to be it.
        """
        if self.repairer is None or not isinstance(report, LayerReport):
            return report
        fails = report.verdict is Verdict.FAIL
        if report.verdict not in (Verdict.PASS, Verdict.INCONCLUSIVE) and not (fails and other):
            return report
        with reproducible():
            candidate.face.start_clock(1.0)
            near = nearest(candidate, self.repairer.numbers_in(candidate))
        report = replace(report, repair=None) if fails else report
        if near is None:
            return report
        name, formula = near.known.name, near.known.formula_words
        doubt = self._doubt_without(near) if other is None else None
        if doubt is not None and report.verdict is Verdict.PASS:
            report = replace(report, verdict=Verdict.INCONCLUSIVE, undecided=doubt)
        meant = self._of_read(Settled(replace(near.candidate, guessed=False)))
        repair = meant.repair if isinstance(meant, LayerReport) else None
        if repair is not None and repair.changes and (fails or not other):
            return meant
        nearly = (repair.changes or repair.forward) if repair is not None else ()
        if nearly and (report.verdict is Verdict.PASS or doubt is not None):
            change = nearly[0]
            line, before, after = change.where.line, change.before.strip(), change.after.strip()
            doubt = Message(
                "shelf.nearly", name=name, formula=formula, line=line, before=before, after=after
            )
            return replace(report, verdict=Verdict.INCONCLUSIVE, undecided=doubt)
        if other is not None or doubt is not None:
            return report
        unlike = Message("shelf.unlike", name=name, formula=formula)
        return replace(report, notes=(*report.notes, str(unlike)))

    def _doubt_without(self, near: Identified) -> Message | None:
        """What is doubtful of a forward that is not the one of its name, though nothing is found
        that makes it so."""
        name, formula = near.known.name, near.known.formula_words
        with reproducible():
            constant = constant_more(near)
        if constant:
            return Message(
                "shelf.constant_more", name=name, formula=formula, constant=f"{constant:g}"
            )
        return Message("shelf.other", name=name, formula=formula) if near.known.precise else None

    def _of_known(self, known: Identified) -> LayerReport | Unjudged:
        """The verdict on a known function, and on its test mode if it has one."""
        known = with_settings(known)
        read = as_known(known, self.signs)
        report = self._of_read(read)
        if not isinstance(report, LayerReport):
            return report
        report = replace(report, computes=known.known.name)
        guessed_so = self.found.declare is not None and not self.found.completes
        by_chance = guessed_so and not known.named and report.verdict is Verdict.FAIL
        # On inputs of a wrong shape forward may be a known function by chance.
        if by_chance and backward_raised(report.judgements) is not None:
            why = undecided(read.candidate, report.judgements)
            return replace(report, verdict=Verdict.INCONCLUSIVE, undecided=why, repair=None)
        if report.verdict is not Verdict.PASS:
            return report
        try:
            wrong = in_test_mode(known)
        finally:
            known.candidate.face.close()
        doubt = doubt_about(known) if wrong is None else wrong.finding.words
        if wrong is None and doubt is None:
            return report
        # In training, or as it is made, it is that function; forward as a whole is not right.
        notes = tuple(note for note in report.notes if note != str(_function_of(known)))
        if wrong is not None and wrong.fails:
            judgements = (*report.judgements, wrong)
            return replace(report, verdict=Verdict.FAIL, judgements=judgements, notes=notes)
        notes = notes if known.only_as_made else report.notes
        return replace(report, verdict=Verdict.INCONCLUSIVE, undecided=doubt, notes=notes)

    def _of_read(self, read: Settled, *, may_have_decay: bool = False) -> LayerReport | Unjudged:
        """The verdict on what is read in one way; `may_have_decay`: or with weight decay."""
        candidate, contract = read.candidate, read.candidate.contract
        try:
            with reproducible():
                trial = LayerTrial(contract, candidate.face, self.seed, self.examples, self.strict)
                judgements = trial.judge()
                failing = any(j.fails for j in judgements)
                if failing and may_have_decay and not candidate.face.over:
                    apart = apart_from_decay(read)
                    if apart is not read:
                        read = by_gradients(apart, contract.readings.scales, self.signs)
                        candidate, contract = read.candidate, read.candidate.contract
                        face = candidate.face
                        trial = LayerTrial(contract, face, self.seed, self.examples, self.strict)
                        judgements = trial.judge()
                failing = any(j.fails for j in judgements)
                if failing and takes_lists(self.found.contract, self.found.face):
                    lists = str(Message("unjudged.lists"))
                    name, where = candidate.name, candidate.where
                    return Unjudged(name, where, lists, contract.name, todo=candidate.todo)
                diagnosis = _diagnosis(candidate, self.seed, judgements)
                repair = None
                other = candidate.version and not forward_is_right(judgements)
                no_layer = other or why_not_judgeable(judgements) is not None
                wanted = failing and not candidate.guessed and candidate.traced and not no_layer
                behind: tuple[str, ...] = ()
                if self.repairer and wanted:
                    library = self.repairer.library
                    behind = settings_behind(candidate, judgements, library, self.seed)
                if self.repairer and wanted and not behind:
                    repair = self.repairer.repair(candidate, trial.cases, judgements, self.usual)
                    diagnosis = in_agreement(diagnosis, repair, candidate.lines, candidate.where)
                drawn = None
                if self.draw is not None:
                    drawn = drawing(candidate, trial.cases, judgements, self.draw)
        finally:
            candidate.face.close()
        why = why_not_judgeable(judgements)
        guess = self._read_as_guessed() if has_unknown_step(judgements) else None
        if guess is not None:
            return guess
        if why is not None and candidate.otherwise is not None:
            return candidate.otherwise
        if why is not None:
            if candidate.name != contract.name:
                why = str(Message("unjudged.read_as", contract=contract.name, why=why))
            row = contract.name
            return Unjudged(candidate.name, candidate.where, why, row, todo=candidate.todo)
        if other:
            why = str(Message("unjudged.version", contract=contract.name))
            return Unjudged(candidate.name, candidate.where, why, todo=candidate.todo)
        doubt = read.undecided
        if doubt is None and trial.batch_axis is BatchAxis.ONE_ROW:
            doubt = Message("reading.one_row")
        if doubt is None and trial.uncleared:
            doubt = Message("reading.uncleared")
        if doubt is None and candidate.unordered:
            names, line = candidate.unordered, candidate.contract.declaration
            doubt = Message("guess.order", names=names, declaration=line)
        verdict = verdict_of(judgements, doubt)
        was_guessed = self.found.declare is not None and not self.found.completes
        may_lack = was_guessed and may_lack_something(judgements)
        if (candidate.guessed or may_lack) and verdict is Verdict.FAIL:
            verdict, doubt = Verdict.INCONCLUSIVE, undecided(candidate, judgements)
        if behind and verdict is Verdict.FAIL:
            verdict = Verdict.INCONCLUSIVE
            doubt = Message("settings.behind", names=behind, layer=contract.name)
        if isinstance(drawn, Drawing) and verdict is not Verdict.FAIL:
            drawn = drawn.unmarked()
        return LayerReport(
            layer=contract.name,
            name=candidate.name,
            kind=contract.kind,
            verdict=verdict,
            where=candidate.where,
            notes=(*candidate.notes, *trial.notes, *capabilities(judgements)),
            judgements=tuple(judgements),
            diagnosis=diagnosis,
            lines=candidate.lines,
            derivative_of=candidate.derivative_of,
            repair=repair,
            undecided=doubt,
            samples=read.sign if trial.batch_axis in ROWS_OF_SAMPLES else Sign.COLUMNS,
            declaration=candidate.declared or contract.declaration,
            drawing=drawn,
        )


def with_settings(known: Identified) -> Identified:
    """The same with the settings of a guessed layer varied, such as a stride, if it has any."""
    if known.candidate.declare is None or not known.known.settings:
        return known
    return varied(known, observed)


def _function_of(known: Identified) -> Message:
    """That forward is the known function."""
    key = "shelf.note" if known.named else "shelf.alike"
    return Message(key, name=known.known.name, formula=known.known.formula_words)


def as_known(known: Identified, signs: Callable[[], Collection[Sign]]) -> Settled:
    """A layer whose forward is a known function, so that a guess of its inputs is confirmed."""
    layer = known.candidate
    notes = [_function_of(known)]
    notes += [understood_as(known.words)] if known.words else []
    layer = replace(layer, notes=(*layer.notes, *map(str, notes)), guessed=False)
    row = layer.contract
    weights = [v.name for v in row.parameters if v.name in row.gradients]
    scales = LOSS_SCALES if row.scalar else weight_scales(*weights) if weights else ()
    return by_gradients(Settled(layer), scales, signs, known.cases[0])


def _unimplemented(candidate: Candidate) -> LayerReport:
    contract = candidate.contract
    return LayerReport(
        contract.name,
        candidate.name,
        contract.kind,
        Verdict.UNIMPLEMENTED,
        candidate.where,
        candidate.notes,
        lines=candidate.lines,
        declaration=candidate.declared or contract.declaration,
    )


def _as_declared(candidate: Candidate) -> Candidate | Unjudged:
    """What is declared or guessed, with what its own forward shows; anything else as it is."""
    if candidate.completes:
        with reproducible():
            candidate = completed(candidate)
    elif candidate.declare is not None:
        with reproducible():
            found = guessed(candidate)
        if isinstance(found, Unjudged):
            return found
        candidate = found
    if not candidate.contract.declaration or candidate.unimplemented:
        return candidate
    if not candidate.contract.gradients:  # its weights were looked for
        why = str(Message("declaration.no_gradient"))
        return Unjudged(candidate.name, candidate.where, why)
    with reproducible():
        seen = observed(candidate)
    return candidate.otherwise or seen if isinstance(seen, Unjudged) else seen


def _diagnosis(
    candidate: Candidate, seed: int, judgements: Sequence[Judgement]
) -> Diagnosis | None:
    """The diagnosis of a candidate that fails, on cases on which no claim was checked."""
    if not any(j.fails for j in judgements):
        return None
    contract, face = candidate.contract, candidate.face
    apart = None
    if contract.kind is Kind.NETWORK or contract.declaration:
        face.start_clock(1.0)
        apart = take_apart(contract, face, judgements, candidate.lines)
    if not candidate.traced:
        return Diagnosis(apart=apart) if apart else None
    cases = fresh_cases(contract, seed_for(seed, f"the diagnosis of {contract.name}"))
    face.start_clock(1.0)
    found = diagnose(contract, face, judgements, cases, candidate.stored, candidate.lines)
    return found and replace(found, apart=apart)
