"""What the sandbox adds to a call: the same commands in this process and in a worker, in turn.

`tox -e bench` prints medians over rounds taken side by side in one run, in microseconds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from check_time import RIGHT

from trigrad.api import open_target
from trigrad.cases.drawing import draw_cases
from trigrad.claim.answers import Answers
from trigrad.sandbox.host import fork_server
from trigrad.sandbox.limits import Limits
from trigrad.subject.face import Command, Face, Sweep

ROUNDS = 30
POINTS = 100


def microseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e6


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "right.py"
        path.write_text(RIGHT, "utf-8")
        here = open_target(path)
        apart = open_target(path, limits=Limits(timeout=60.0))
        started = []
        print("| layer | commands | in-process | sandbox | added |")
        print("|---|---|--:|--:|--:|")
        for one, other in zip(here.candidates, apart.candidates, strict=True):
            case = draw_cases(one.contract, 1, 25)[20][0]
            first = next(iter(case.operands))
            stack = np.repeat(case.operands[first][np.newaxis], POINTS, axis=0)
            sweep = Sweep(case.parameters, case.operands, first, stack, case.sizes)
            whole = Answers(one.contract, one.face, case).whole()
            other.face.start_clock(1.0)
            started.append(microseconds(lambda face=other.face: face.run([])) / 1000)
            for words, commands, count in (
                ("build, forward, backward", whole, 1),
                (f"one of {POINTS} points", [sweep], POINTS),
            ):
                mine, theirs = _times(one.face, other.face, commands)
                added = (theirs - mine) / count
                print(
                    f"| {one.name} | {words} | {mine / count:.0f} | {theirs / count:.0f} "
                    f"| {added:.0f} |"
                )
            other.face.close()
        print(
            f"\na worker is started and has loaded the file in {statistics.median(started):.1f} ms"
        )
        fork_server().close()


def _times(one: Face, other: Face, commands: list[Command]) -> tuple[float, float]:
    """Medians for the same commands on both faces, taken in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for face, taken in zip((one, other), times, strict=True):
            face.start_clock(1.0)
            taken.append(microseconds(lambda face=face: face.run(commands)))
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    main()
