"""What the trials found: each layer's verdict, with the finding on every claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from trigrad.catalogue.in_force import language_in_force
from trigrad.claim.claim import Claim
from trigrad.contracts.schema import Kind, Sign
from trigrad.diagnosis.diagnosis import Diagnosis
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.repair.result import Repair
from trigrad.subject.candidate import Unjudged
from trigrad.subject.face import Where
from trigrad.trial.judgement import Judgement
from trigrad.verdict.drawing import Drawing


class Verdict(StrEnum):
    """A layer's outcome."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    MISSING = "missing"
    UNIMPLEMENTED = "unimplemented"


@dataclass(frozen=True, repr=False)
class LayerReport:
    """The verdict on one layer, function or network."""

    layer: str
    """The contract's name."""
    name: str
    """The name in the subject's text."""
    kind: Kind
    verdict: Verdict
    where: Where | None = None
    notes: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    diagnosis: Diagnosis | None = None
    """Where the mistake is and what it is; None where nothing fails."""
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    derivative_of: str = ""
    """The function of which it is the derivative; "" for anything else."""
    repair: Repair | None = None
    """The fix or suspected lines; None where nothing fails, or none was searched."""
    undecided: Message | None = None
    """Why it is not known whether the reading in which it is right is the one that is meant."""
    samples: Sign | None = None
    """Which axis of its operands has the samples, where it shows that."""
    programs: int = 0
    """Of an engine: how many programs were compared."""
    untried: tuple[str, ...] = ()
    """Of an engine: the methods and classes that no program runs through."""
    wrong_methods: tuple[str, ...] = ()
    """Of an engine: the methods of the operations that are wrong on their own."""
    declaration: str = ""
    """The user's line by which it is judged; "" where there is a contract."""
    computes: str = ""
    """The known function that its forward is, of what is declared or guessed; "" if none is."""
    text: tuple[str, ...] = ()
    """Its lines; () where it was not asked to draw, or they are not known."""
    drawing: Drawing | Message | None = None
    """Its forward on its smallest case, or why it cannot be drawn; None where nobody asked."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {self.verdict}>"

    def judgement_of(self, claim: Claim) -> Judgement | None:
        """The finding on a claim, or on the same one about another reading of its row."""
        same = (claim.witness, claim.name)
        return next((j for j in self.judgements if (j.claim.witness, j.claim.name) == same), None)

    @property
    def reading(self) -> Message | None:
        """`read as Affine`, where its own name is another than the contract's."""
        if self.derivative_of and self.verdict is not Verdict.UNIMPLEMENTED:
            return Message("read_as_derivative", function=self.derivative_of)
        if self.name == self.layer or self.verdict is Verdict.UNIMPLEMENTED:
            return None
        return Message("read_as", contract=self.layer)

    @property
    def failures(self) -> list[Judgement]:
        """The refuted must-claims."""
        return [j for j in self.judgements if j.fails]

    @property
    def advice(self) -> list[Judgement]:
        """The refuted should-claims."""
        return [j for j in self.judgements if j.advises]


@dataclass(frozen=True, repr=False)
class Results:
    """The results of all trials of a subject, and what is needed to show them."""

    path: str
    sha256: str
    seed: int
    examples: int
    layers: tuple[LayerReport, ...] = ()
    notes: tuple[str, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    required: tuple[str, ...] = ()
    """Contracts that are required and missing."""
    seconds: float = 0.0
    options: str = ""
    """Further options of the command line that decide the outcome, as they are typed."""
    arguments: str = ""
    """Further arguments of `check` for one class or function, after the first."""
    single: bool = False
    """Whether the subject is one class or function, not a path or module."""
    magic: str = ""
    """The magic of a running notebook that judges one of its layers again; "" anywhere else."""
    error: str | None = None
    """Why nothing could be judged."""
    hints: Hints = Hints.FIX
    """How much the report reveals."""
    at_odds: tuple[str, ...] = ()
    """For each file in which samples are rows for some layers and columns for others, a note."""
    language: str = field(default_factory=language_in_force)
    """In which its sentences are; it is shown in the same."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}: {len(self.layers)} judged>"

    def count(self, verdict: Verdict) -> int:
        """How many layers have that verdict."""
        return sum(layer.verdict is verdict for layer in self.layers)

    @property
    def advice(self) -> int:
        """How many should-claims are refuted."""
        return sum(len(layer.advice) for layer in self.layers)

    @property
    def exit_status(self) -> int:
        """0: all holds that looks like gradient code; 1: something fails; 2: there is nothing to
        judge; 3: nothing fails, and something is undecided, unwritten or not judged."""
        if self.error is not None:
            return 2
        if self.required or self.count(Verdict.FAIL):
            return 1
        if (
            any(unjudged.counts for unjudged in self.unjudged)
            or self.count(Verdict.INCONCLUSIVE)
            or self.count(Verdict.UNIMPLEMENTED)
            or self.at_odds
        ):
            return 3
        return 0

    @property
    def ok(self) -> bool:
        """Whether every must-claim of every layer found holds."""
        return self.exit_status == 0
