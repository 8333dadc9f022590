"""Every single edit of right layers, as a mutant: which are refuted, which are repaired.

`python tests/mutants/mutants.py` makes every mutant of every layer of `impl` and of the right files
in `tests/learners`, judges each, looks for its repair, and prints a table. A mutant that no
must-claim refutes has to be in `survivors.toml`, with the reason why it is none of a mistake;
one that is not there fails the run, and so does one that is there and is refuted.
`--every 10` takes each tenth mutant, `--jobs 1` one process, `--out FILE` keeps one JSON line for
each mutant, `--only TEXT` those of files and layers whose names have the text.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from mutant_outcome import ROOT, Outcome, judged, outcome
from mutant_survivors import unexplained
from mutant_table import table

from reference.repair.draft import Draft, Option
from reference.repair.units import Library
from reference.sandbox.limits import Limits
from reference.subject.inprocess import reproducible
from reference.subject.subject import open_subject

TIMEOUT = 1.0
"""Seconds after which a mutant with a loop hangs."""


def subjects() -> list[Path]:
    """`impl` and every right file of the learners'."""
    right = sorted((ROOT / "tests" / "learners" / "right").iterdir())
    return [ROOT / "impl", *(path for path in right if path.name != "__pycache__")]


Job = tuple[Path, str, int, int]
"""A subject, a layer's name, its number in the subject, and which share of its mutants."""


def jobs(every: int, only: str) -> list[Job]:
    """Every layer of every subject; the functions and networks too."""
    found = []
    for path in subjects():
        for number, candidate in enumerate(open_subject(path).candidates):
            name = f"{path.relative_to(ROOT)}: {candidate.name}"
            if only in name and candidate.rebuild is not None:
                found.append((path, candidate.name, number, every))
    return found


def outcomes(job: Job) -> list[Outcome]:
    """What becomes of every mutant of one layer."""
    path, _, number, every = job
    subject = open_subject(path)
    library = Library(subject.modules)
    units = tuple(library.units_of(subject.candidates[number].places))
    if any(unit.loops for unit in units):
        subject = open_subject(path, limits=Limits(timeout=TIMEOUT))
    candidate = subject.candidates[number]
    with reproducible():
        _, before = judged(candidate)
    candidate.face.close()
    if any(j.fails for j in before):
        raise SystemExit(f"{path}: {candidate.name} is no right layer")
    advised = {j.claim.name for j in before if j.advises}
    draft = Draft(units)
    own = [option for option in draft.options() if option.unit.own]
    mutants: list[Option] = own[number % every :: every]
    return [outcome(path, subject, candidate, draft, option, advised) for option in mutants]


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
    parser.add_argument("--only", default="", help="part of a file's and layer's name")
    arguments = parser.parse_args()
    everything: list[Outcome] = []
    for (path, name, _, _), found in in_processes(
        jobs(arguments.every, arguments.only), arguments.jobs
    ):
        everything += found
        survived = sum(not o.refuted_by for o in found)
        place = path.relative_to(ROOT)
        print(f"{place}: {name}: {len(found)} mutants, {survived} survive", flush=True)
        if arguments.out:
            with arguments.out.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(o), ensure_ascii=False) + "\n" for o in found)
    print()
    print(table(everything))
    wrong = unexplained(everything, whole=arguments.every == 1 and not arguments.only)
    for line in wrong:
        print(line)
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
