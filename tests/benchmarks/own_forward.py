"""What it costs to run the learner's own forward on stand-ins, and which idioms go how.

`tox -e bench` prints both tables of docs/explanation/own-forward.md. Times are medians over
rounds taken side by side in one run.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "learners"), str(ROOT / "reference")]

import own_layers  # noqa: E402
from tracing.conftest import LEAVES, WAYS, Subject  # noqa: E402
from tracing.test_functions import EXPRESSIONS  # noqa: E402
from tracing.test_refused import BEFORE, REFUSED  # noqa: E402
from tracing.test_statements import IDIOMS  # noqa: E402

from trigrad.tracing import Untraceable, trace  # noqa: E402
from trigrad.tracing.complex_step import complex_step  # noqa: E402

ROUNDS = 9
NAMESPACES = [vars(own_layers)]
SIZES = {
    "conv by im2col": "x 8 3 12 12, W 8 3 3 3, b 8",
    "conv in loops": "x 2 3 8 8, W 4 3 3 3, b 4",
    "max pooling in loops": "x 8 8 12 12",
    "BatchNorm": "x 64 50, g 50, b 50",
    "LayerNorm": "x 64 50, g 50, b 50",
    "LSTM": "x 8 10 16, U 16 64, W 16 64, b 64",
    "attention": "x 2 12 16, Q 16 16, K 16 16, V 16 16",
    "hinge in loops": "W 10 3, X 2 10",
    "GELU": "x 64 50",
    "network": "x 2 784, W1 784 50, b1 50, W2 50 3, b2 3",
    "Relu": "x 2 3",
}
"""Layers of own_layers.py in sizes as in exercises; the last in that of a test."""


def milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e3


def times() -> None:
    """Print what each layer costs."""
    print("| layer | entries | forward, ms | autograd | gradient | complex step, one entry |")
    print("|---|--:|--:|--:|--:|--:|")
    ratios = []
    for name, sizes in SIZES.items():
        rng = np.random.default_rng(0)
        shapes = (each.split() for each in sizes.split(","))
        leaves = {leaf: rng.normal(size=tuple(map(int, shape))) for leaf, *shape in shapes}
        run = lambda given, name=name: own_layers.CASES[name][0](**given)  # noqa: E731
        traced = trace(run, leaves, NAMESPACES)
        dout = np.ones(np.shape(traced.output))
        calls: Mapping[str, Callable[[], object]] = {
            "plain": lambda run=run, leaves=leaves: run({k: v.copy() for k, v in leaves.items()}),
            "trace": lambda run=run, leaves=leaves: trace(run, leaves, NAMESPACES),
            "back": lambda traced=traced, dout=dout: traced.gradients(dout),
            "complex": lambda run=run, leaves=leaves: complex_step(run, leaves, NAMESPACES),
        }
        found: dict[str, list[float]] = {key: [] for key in calls}
        for _ in range(ROUNDS):
            for key, call in calls.items():
                found[key].append(milliseconds(call))
        median = {key: statistics.median(each) for key, each in found.items()}
        plain = median["plain"]
        entries = sum(leaf.size for leaf in leaves.values())
        ratios.append((median["trace"] + median["back"]) / plain)
        step = (median["complex"] - plain) / plain
        print(
            f"| {name} | {entries} | {plain:.2f} | {median['trace'] / plain:.0f} × "
            f"| {median['back'] / plain:.0f} × | {step:.0f} × |"
        )
    print(
        f"\nautograd with the gradient, median: {statistics.median(ratios):.0f} × plain forward\n"
    )


def outcome(subject: Subject, way: str) -> str:
    """Whether a function goes that way, and if not, why."""
    try:
        subject.traced(way)
    except (Untraceable, AttributeError) as refused:
        return str(refused).partition(" (f, line")[0]
    return "yes"


def idioms() -> None:
    """Print how many idioms go which way, and what defeats them."""
    groups: dict[str, list[Subject]] = {"functions, methods and indices": [], "statements": []}
    for expression in EXPRESSIONS:
        groups["functions, methods and indices"].append(
            _subject(f" return {expression}", expression)
        )
    for body in IDIOMS.values():
        groups["statements"].append(_subject(body, body))
    text = Path(own_layers.__file__).read_text("utf-8")
    groups["layers"] = []
    for name, (_, sizes) in own_layers.CASES.items():
        rng = np.random.default_rng(0)
        shapes = (each.split() for each in sizes.split(","))
        leaves = {leaf: rng.normal(size=tuple(map(int, shape))) for leaf, *shape in shapes}
        call = f"\ndef f(**leaves):\n    return CASES[{name!r}][0](**leaves)\n"
        groups["layers"].append(Subject(text + call, leaves))
    print("| what | number | autograd | complex step | neither |\n|---|--:|--:|--:|--:|")
    for what, subjects in groups.items():
        went: dict[str, list[bool]] = {
            way: [outcome(each, way) == "yes" for each in subjects] for way in WAYS
        }
        neither = sum(not any(pair) for pair in zip(*went.values(), strict=True))
        counts = " | ".join(str(sum(each)) for each in went.values())
        print(f"| {what} | {len(subjects)} | {counts} | {neither} |")
    print("\n| what is refused | code | autograd says | complex step says |\n|---|---|---|---|")
    for name, body in REFUSED.items():
        said = []
        for way in WAYS:
            subject = Subject(f"{BEFORE}\ndef f(x):\n    {body}\n", {"x": LEAVES["x"]})
            said.append(outcome(subject, way))
        shown = "; ".join(line.strip() for line in body.splitlines())
        print(f"| {name} | `{shown}` | {' | '.join(said)} |")


def _subject(body: str, mentions: str) -> Subject:
    leaves: dict[str, Any] = {n: v for n, v in LEAVES.items() if re.search(rf"\b{n}\b", mentions)}
    return Subject(f"def f({', '.join(leaves)}):{body}", leaves)


if __name__ == "__main__":
    times()
    idioms()
