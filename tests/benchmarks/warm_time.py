"""How long a second check takes in a process that is warm, as in `trigrad watch` and a notebook.

`tox -e bench` prints medians for the six layers of check_time.py, beside importing the libraries:
nothing changed, lines moved, one layer changed, one layer made wrong.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from check_time import MISTAKES, RIGHT
from check_time import seconds as of_process

from trigrad.api import check
from trigrad.verdict.kept import Kept

ROUNDS = 5
IMPORT = "import torch, hypothesis, numpy"

HARMLESS = {
    "return dout * self.y, dout * self.x": "return self.y * dout, self.x * dout",
    "return x + y": "return y + x",
    "        dout[self.mask] = 0\n": "        dout[self.mask] = 0.0\n",
    "dout * (1.0 - self.out) * self.out": "dout * self.out * (1.0 - self.out)",
    "np.sum(dout, axis=0)": "dout.sum(axis=0)",
    "(self.y - self.t) / self.t.shape[0]": "(self.y - self.t) / len(self.t)",
}
"""A change of each layer that changes nothing of what it computes."""


def timed(path: Path, text: str, kept: Kept) -> tuple[float, int]:
    """The seconds of one check, and how many layers it judged."""
    path.write_text(text, "utf-8")
    began = time.perf_counter()
    check(path, kept=kept)
    return time.perf_counter() - began, kept.judged


def rounds(path: Path) -> Iterator[tuple[str, float, int]]:
    """Each measurement: its name, the seconds, how many layers were judged."""
    kept = Kept()
    yield "the first check", *timed(path, RIGHT, kept)
    yield "nothing changed", *timed(path, RIGHT, kept)
    yield "lines moved", *timed(path, RIGHT.replace("\n\nclass", "\n\n\nclass"), kept)
    for before, after in HARMLESS.items():
        assert RIGHT.count(before) == 1, before
        yield "one layer changed", *timed(path, RIGHT.replace(before, after), kept)
    for before, after in MISTAKES.items():
        yield "one layer made wrong", *timed(path, RIGHT.replace(before, after), kept)


def main() -> int:
    """Print the table."""
    times: dict[str, list[float]] = {}
    judged: dict[str, set[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            libraries = [sys.executable, "-c", "import torch, hypothesis, numpy"]
            times.setdefault(IMPORT, []).append(of_process(libraries, (0,)))
            judged.setdefault(IMPORT, set()).add(0)
            for name, seconds, count in rounds(Path(folder) / "layers.py"):
                times.setdefault(name, []).append(seconds)
                judged.setdefault(name, set()).add(count)
    print("| six layers in a warm process, medians | seconds | ratio | layers judged |")
    print("|---|--:|--:|--:|")
    base = statistics.median(times[IMPORT])
    for name, taken in times.items():
        counts = ", ".join(map(str, sorted(judged[name])))
        median = statistics.median(taken)
        print(f"| {name} | {median:.2f} | {median / base:.2f} | {counts} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
