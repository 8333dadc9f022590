"""How fast a class is graded, what the engine costs, and how much memory a large class takes.

`tox -e bench` prints it. The files are those of six layers from check_time, half of them wrong,
each with a number of its own. For a class of 300, the time is put together from what starting takes
and what each submission takes, both measured here on smaller classes. For 3,000, copies of one
result stand for the judging, and everything else is as it is.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from check_time import RIGHT, seconds, wrong

from trigrad.grade import working
from trigrad.grade.dask_workers import local_workers
from trigrad.grade.grading import carried_out, make_views
from trigrad.grade.judging import Options, Task, Tell, grade_one, judged
from trigrad.grade.planning import Asked, plan
from trigrad.grade.record import Outcome
from trigrad.grade.rubric import read_rubric
from trigrad.grade.store import Store
from trigrad.verdict.results import Results

NAMES = ("MulLayer", "AddLayer", "Relu", "Sigmoid", "Affine", "SoftmaxWithLoss")
CLASS = 300
FASTER = 5.0
"""So many times faster than a loop of `trigrad check`, on two workers."""
OVERHEAD = 0.10
"""What the engine may add to the time for judging."""
FLAT = 1.5
"""The peak of memory for 3,000 submissions, in that for 100."""

SMALL, LARGE = 12, 36
ROUNDS = 3


def submissions(folder: Path, count: int) -> Path:
    """A folder with so many files, no two of them the same."""
    folder.mkdir()
    for number in range(count):
        text = wrong() if number % 2 else RIGHT
        (folder / f"s{number:04}.py").write_text(f"{text}\n\nNUMBER = {number}\n", "utf-8")
    return folder


def asked(folder: Path, out: Path) -> Asked:
    """The command line with six layers and no other option."""
    return Asked(folder, out, read_rubric(None, NAMES), Options())


def rate(root: Path) -> tuple[float, float]:
    """Seconds for a loop of `trigrad check` over the class, and for the class on two workers."""
    command = [sys.executable, "-m", "trigrad"]
    check = [*command, "check", "--hints", "law"]
    alone, small, large = [], [], []
    classes = {count: submissions(root / f"class-{count}", count) for count in (SMALL, LARGE)}
    options = ["--require", ",".join(NAMES), "--workers", "2"]
    for turn in range(ROUNDS):
        for number in (0, 1):
            file = classes[SMALL] / f"s{number:04}.py"
            alone.append(seconds([*check, str(file)], (0, 1)))
        for count, times in ((SMALL, small), (LARGE, large)):
            out = ["--out", str(root / f"graded-{count}-{turn}")]
            grade = [*command, "grade", str(classes[count]), *options, *out]
            times.append(seconds(grade, (0,)))
    each = (statistics.median(large) - statistics.median(small)) / (LARGE - SMALL)
    start = statistics.median(small) - SMALL * each
    print(
        f"trigrad check: {statistics.median(alone):.2f} s a file; two workers: {start:.1f} s to "
        f"start, then {each:.2f} s a file"
    )
    return CLASS * statistics.mean(alone), start + CLASS * each


@contextmanager
def judging(judge: object) -> Iterator[None]:
    """Have files judged by this in place of the sandbox."""

    def one(task: Task) -> Outcome:
        return grade_one(task, judge)  # type: ignore[arg-type]

    before = working.grade_one
    working.grade_one = one
    try:
        yield
    finally:
        working.grade_one = before


def overhead_here(root: Path) -> float:
    """What the engine adds to the time for judging, in this process."""
    spent = []

    def timed(path: Path, options: Options, tell: Tell) -> Results:
        began = time.perf_counter()
        results = judged(path, options, tell)
        spent.append(time.perf_counter() - began)
        return results

    judged(submissions(root / "warm", 1) / "s0000.py", Options())
    request = asked(submissions(root / "here", SMALL), root / "graded-here")
    with judging(timed):
        began = time.perf_counter()
        for _ in carried_out(plan(request), request.out):
            pass
        make_views(request.out)
        took = time.perf_counter() - began
    return took / sum(spent) - 1


def overhead_on_workers(root: Path) -> float:
    """What Dask adds to the time that two workers are busy with submissions."""
    request = asked(submissions(root / "workers", LARGE), root / "graded-workers")
    planned = plan(request)
    times = []
    for done in carried_out(planned, request.out, lambda: local_workers(2)):
        times.append((time.perf_counter(), done.id))
    records = {record.id: record for record in Store(request.out).records(planned.run.ids)}
    first, last = 2, len(times) - 2  # until both have started, and after one has nothing left
    busy = sum(records[id_].seconds for _, id_ in times[first:last])
    return 2 * (times[last - 1][0] - times[first - 1][0]) / busy - 1


def memory(count: int) -> float:
    """The peak of memory in MB for a class of copies, with all views, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_peak, (count,))


def _peak(count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        request = asked(submissions(root / "class", count), root / "graded")
        copy = judged(request.submissions / "s0001.py", request.options)
        with judging(lambda *_: copy):
            for _ in carried_out(plan(request), request.out):
                pass
        make_views(request.out)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print the numbers; status 1 if one is over its limit."""
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        loop, graded = rate(root)
        here, workers = overhead_here(root), overhead_on_workers(root)
    peaks = {count: memory(count) for count in (100, 3_000)}
    print(f"a class of {CLASS}: {loop:.0f} s in a loop, {graded:.0f} s on two workers")
    print("peak of memory: " + ", ".join(f"{n}: {peak:.0f} MB" for n, peak in peaks.items()))
    print()
    kept = {
        f"{loop / graded:.1f} times as fast, should be {FASTER} or more": loop / graded >= FASTER,
        f"overhead in this process: {here:.1%}, limit {OVERHEAD:.0%}": here <= OVERHEAD,
        f"overhead on workers: {workers:.1%}, limit {OVERHEAD:.0%}": workers <= OVERHEAD,
        f"memory for 3,000 in that for 100: {peaks[3_000] / peaks[100]:.2f}, limit {FLAT}": (
            peaks[3_000] / peaks[100] <= FLAT
        ),
    }
    for words, within in kept.items():
        print(f"{words}: {'kept' if within else 'exceeded'}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
