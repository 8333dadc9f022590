"""How long `trigrad check` takes, beside importing the libraries that it cannot do without.

`tox -e bench` prints medians of whole processes, taken in turn in one run, and their ratios. The
files of six layers are written here: the book's layers, and the same with five mistakes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7
LIMIT = 2.0
"""What `trigrad check --in-process` of a six-layer file may cost, in imports of the libraries."""

SANDBOX_LIMIT = 2.0
"""What the same may cost in the sandbox, in checks without it."""

RIGHT = """\
import numpy as np


class MulLayer:
    def forward(self, x, y):
        self.x = x
        self.y = y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / x.shape[0]

    def backward(self, dout=1):
        return (self.y - self.t) / self.t.shape[0]
"""

MISTAKES = {
    "return dout * self.y, dout * self.x": "return dout + self.y, dout + self.x",
    "        dout[self.mask] = 0\n": "        dout[dout < 0] = 0\n",
    "dout * (1.0 - self.out) * self.out": "dout * (1.0 - self.out)",
    "self.db = np.sum(dout, axis=0)": "self.db = dout",
    "(self.y - self.t) / self.t.shape[0]": "self.y - self.t",
}


IN_PROCESS = "trigrad check --in-process, six right layers"
SANDBOXED = "trigrad check, six right layers"


def wrong() -> str:
    """The six layers with five of them wrong."""
    text = RIGHT
    for right, mistake in MISTAKES.items():
        assert text.count(right) == 1, right
        text = text.replace(right, mistake)
    return text


def seconds(command: list[str], statuses: tuple[int, ...]) -> float:
    """The time of one process, which must end with one of the statuses."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    took = time.perf_counter() - began
    assert done.returncode in statuses, done.stderr.decode()
    return took


def main() -> int:
    """Print the table; status 1 if a ratio is over its limit."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        right, faulty = Path(folder) / "right.py", Path(folder) / "wrong.py"
        right.write_text(RIGHT, "utf-8")
        faulty.write_text(wrong(), "utf-8")
        check = [python, "-m", "trigrad", "check"]
        rows = {
            "import torch, hypothesis, numpy": (
                [python, "-c", "import torch, hypothesis, numpy"],
                (0,),
            ),
            IN_PROCESS: ([*check, str(right), "--in-process"], (0,)),
            SANDBOXED: ([*check, str(right)], (0,)),
            "trigrad check, five of six wrong": ([*check, str(faulty)], (1,)),
            "trigrad check, no such file": ([*check, str(right) + "x.py"], (2,)),
        }
        times: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(ROUNDS):
            for name, (command, statuses) in rows.items():
                times[name].append(seconds(command, statuses))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    base = next(iter(medians.values()))
    print(f"| median of {ROUNDS} processes, one thread | seconds | ratio |")
    print("|---|--:|--:|")
    for name, median in medians.items():
        print(f"| {name} | {median:.2f} | {median / base:.2f} |")
    sandbox = medians[SANDBOXED] / medians[IN_PROCESS]
    ratios = {
        f"in-process: {medians[IN_PROCESS] / base:.2f} imports, limit {LIMIT}": (
            medians[IN_PROCESS] / base <= LIMIT
        ),
        f"sandbox: {sandbox:.2f} x in-process, limit {SANDBOX_LIMIT}": sandbox <= SANDBOX_LIMIT,
    }
    print()
    for words, kept in ratios.items():
        print(f"{words}: {'kept' if kept else 'exceeded'}")
    return 0 if all(ratios.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
