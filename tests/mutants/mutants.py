"""Every single edit of right layers, as a mutant: which are refuted, which are repaired.

`python tests/mutants/mutants.py` makes every mutant of every layer of `impl` and of the right files
in `tests/learners`, judges each, looks for its repair, and prints a table. A mutant that is judged
like the original has to be in `survivors.toml`, with the reason why it is no mistake; one that is
not there fails the run, and so does one that is there and is refuted.

Edits that provably compute the same are no mutants, and neither are those that nobody makes by
mistake: the neighbourhood has thousands that put in a factor or a term, because that is what a
mistake may lack. `--additions` takes those too.

`--every 10` takes each tenth mutant, `--jobs 1` one process, `--out FILE` keeps one JSON line for
each mutant, `--only TEXT` those of files and layers whose names have the text, `--half unseen`
those to which the costs of edits were not fitted (see fit_costs.py). `--shelf` takes the layers
that have no contract, of `impl` and of the files of the shelf; of their survivors there is no list.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from halves import FITTED, UNSEEN, half_of
from mutant_equivalence import canonical
from mutant_outcome import ROOT, Outcome, Right, advised, as_read, handled, outcome, verdict_on
from mutant_survivors import unexplained
from mutant_table import table

from trigrad.opening import open_subject
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import Library, definitions_in
from trigrad.repair.edits.slips import is_slip
from trigrad.sandbox.limits import Limits
from trigrad.subject.candidate import Unjudged
from trigrad.subject.declared import Declarations
from trigrad.subject.inprocess import reproducible
from trigrad.subject.subject import Subject
from trigrad.verdict.results import Verdict

TIMEOUT = 5.0
"""Seconds after which a mutant with a loop hangs."""


def subjects(*, shelf: bool = False) -> list[Path]:
    """`impl` and every right file of the learners', or of those of the shelf."""
    learners = ROOT / "tests" / "learners"
    right = (learners / "shelf").glob("*.py") if shelf else (learners / "right").iterdir()
    return [ROOT / "impl", *(path for path in sorted(right) if path.name != "__pycache__")]


def opened(path: Path, *, shelf: bool, limits: Limits | None = None) -> Subject:
    """A subject; for the shelf with layers that are guessed, and known by what they compute."""
    return open_subject(path, declarations=Declarations(guess=shelf), limits=limits)


def computes_something_else(draft: Draft, option: Option) -> bool:
    """Whether a mutant does not provably compute what the original does."""
    name = option.unit.name
    text = draft.with_options([option]).text_of(option.unit)
    original = definitions_in(draft.text_of(option.unit))[name]
    return canonical(definitions_in(text)[name]) != canonical(original)


@dataclass(frozen=True)
class Job:
    """The mutants of one layer."""

    path: Path
    """The subject."""
    name: str
    number: int
    """Of the layer in the subject."""
    every: int
    """Which share of the mutants is taken."""
    additions: bool
    repairs: bool
    half: str = ""
    """The half of the mutants that is taken (see halves.py); empty for both."""
    shelf: bool = False
    """Whether it is a layer without a contract."""


def jobs(
    *,
    only: str = "",
    every: int = 1,
    additions: bool = False,
    repairs: bool = False,
    half: str = "",
    shelf: bool = False,
) -> list[Job]:
    """Every layer of every subject; the functions and networks too."""
    found = []
    for path in subjects(shelf=shelf):
        for number, each in enumerate(opened(path, shelf=shelf).candidates):
            name = f"{path.relative_to(ROOT)}: {each.name}"
            chosen = only in name and (each.declare is not None) is shelf
            if chosen and each.rebuild is not None:
                job = Job(path, each.name, number, every, additions, repairs, half, shelf)
                found.append(job)
            each.face.close()
    return found


def mutants_of(job: Job) -> tuple[Draft, list[Option], Subject]:
    """A right layer's text, the edits that make its mutants, and the subject that has it."""
    subject = opened(job.path, shelf=job.shelf)
    library = Library(subject.modules)
    units = tuple(library.units_of(subject.candidates[job.number].places))
    if any(unit.loops for unit in units):
        subject = opened(job.path, shelf=job.shelf, limits=Limits(timeout=TIMEOUT))
    draft = Draft(units)
    # What is too odd to be a repair is what a mistake makes of right code.
    own = [
        option for unit in units if unit.own for option in draft.options_of(unit, plausible=False)
    ]
    chosen = [option for option in own if job.additions or is_slip(option.edit)]
    chosen = chosen[job.number % job.every :: job.every]
    chosen = [option for option in chosen if computes_something_else(draft, option)]
    if job.half:
        chosen = [option for option in chosen if half_of(name_of(job, draft, option)) == job.half]
    return draft, chosen, subject


def name_of(job: Job, draft: Draft, option: Option) -> str:
    """What a mutant is known by: its file, layer, and the lines before and after."""
    change = draft.with_options([option]).changes()[0]
    return "|".join((job.path.name, job.name, change.before, change.after))


def outcomes(job: Job) -> list[Outcome]:
    """What becomes of every mutant of one layer."""
    draft, chosen, subject = mutants_of(job)
    found = subject.candidates[job.number]
    report = verdict_on(found, subject)
    if isinstance(report, Unjudged) or report.verdict is Verdict.INCONCLUSIVE:
        return []  # nothing is known of its mutants either
    if report.verdict is Verdict.FAIL:
        raise ValueError(f"{job.path}: {found.name} is no right layer")
    with reproducible():
        candidate = as_read(found, subject)
    candidate.face.close()
    seen = advised(report.judgements), handled(report.judgements), frozenset(report.notes)
    right = Right(job.path, subject, candidate, draft, *seen, job.repairs)
    return [outcome(right, option) for option in chosen]


def in_processes(found: list[Job], processes: int) -> Iterator[tuple[Job, list[Outcome]]]:
    """The outcomes of every job, as they come."""
    if processes == 1:
        yield from ((job, outcomes(job)) for job in found)
        return
    # Every worker begins anew: PyTorch's threads do not survive a fork.
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=4) as pool:
        yield from pool.imap(_with_job, found)


def _with_job(job: Job) -> tuple[Job, list[Outcome]]:
    return job, outcomes(job)


def main() -> int:
    """Run, print, and say by the status whether every survivor is accounted for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take each so manyth mutant")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--out", type=Path, help="where to keep a JSON line for each mutant")
    parser.add_argument("--additions", action="store_true", help="also what nobody adds by mistake")
    parser.add_argument("--judge-only", action="store_true", help="look for no repairs")
    parser.add_argument("--half", choices=(FITTED, UNSEEN), default="", help="one half of them")
    parser.add_argument("--shelf", action="store_true", help="of layers without a contract")
    parser.add_argument("--only", default="", help="part of a file's and layer's name")
    arguments = parser.parse_args()
    everything: list[Outcome] = []
    layers = jobs(
        only=arguments.only,
        every=arguments.every,
        additions=arguments.additions,
        repairs=not arguments.judge_only,
        half=arguments.half,
        shelf=arguments.shelf,
    )
    for job, found in in_processes(layers, arguments.jobs):
        everything += found
        survived = sum(o.survives for o in found)
        place = job.path.relative_to(ROOT)
        print(f"{place}: {job.name}: {len(found)} mutants, {survived} survive", flush=True)
        if arguments.out:
            with arguments.out.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(o), ensure_ascii=False) + "\n" for o in found)
    print()
    print(table(everything))
    if arguments.shelf:
        return 0
    wrong = unexplained(
        everything, whole=arguments.every == 1 and not (arguments.only or arguments.half)
    )
    for line in wrong:
        print(line)
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
