"""Table 4: whether the gradients of right networks of random shapes are let pass."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from checker_shared import DARK, Limit, print_table

from trigrad import GradcheckError, GradientReport, gradcheck
from trigrad.impl.functions import Array
from trigrad.impl.layers import Affine, Relu, Sigmoid, SoftmaxWithLoss

MOST_LAYERS = 4
MOST_UNITS = 60
MOST_SAMPLES = 20

SHOWN = 5
"""False alarms of one dtype that are named."""


@dataclass(frozen=True)
class RandomNet:
    """Affine layers with Relu or Sigmoid between them, softmax with loss, and a batch."""

    layers: list[Any]
    last: SoftmaxWithLoss
    params: dict[str, Array]
    x: Array
    t: Array

    def loss(self) -> np.floating:
        """The mean cross-entropy of the batch."""
        out = self.x
        for layer in self.layers:
            out = layer.forward(out)
        return self.last.forward(out, self.t)

    def gradient(self) -> dict[str, Array]:
        """By back-propagation."""
        self.loss()
        dout = self.last.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        affine = [layer for layer in self.layers if isinstance(layer, Affine)]
        return {f"W{i}": layer.dW for i, layer in enumerate(affine, 1)} | {
            f"b{i}": layer.db for i, layer in enumerate(affine, 1)
        }

    @property
    def kinked(self) -> bool:
        """Whether an input of Relu is 0: there the loss has no derivative."""
        out, kinked = self.x, False
        for layer in self.layers:
            kinked |= isinstance(layer, Relu) and bool(np.any(out == 0))
            out = layer.forward(out)
        return kinked


def random_net(seed: int, dtype: type[np.floating]) -> RandomNet:
    """The network that the seed decides; the same one in each dtype, up to rounding."""
    random = np.random.default_rng(seed)
    depth = int(random.integers(1, MOST_LAYERS + 1))
    sizes = [int(n) for n in random.integers(1, MOST_UNITS + 1, size=depth + 1)]
    samples = int(random.integers(1, MOST_SAMPLES + 1))
    spread = random.choice(["He", "0.01", "1.0"])
    biased = bool(random.integers(2))
    params: dict[str, Array] = {}
    layers: list[Any] = []
    for number, (inputs, outputs) in enumerate(pairwise(sizes), 1):
        std = np.sqrt(2 / inputs) if spread == "He" else float(spread)
        W = (std * random.standard_normal((inputs, outputs))).astype(dtype)
        b = (biased * std * random.standard_normal(outputs)).astype(dtype)
        params |= {f"W{number}": W, f"b{number}": b}
        layers += [Affine(W, b), Relu() if random.integers(2) else Sigmoid()]
    layers.pop()  # the scores go to softmax as they are
    x = _inputs(random, (samples, sizes[0])).astype(dtype)
    t = random.integers(sizes[-1], size=samples)
    return RandomNet(layers, SoftmaxWithLoss(), params, x, t)


def _inputs(random: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Standardised numbers, or such as the pixels of MNIST."""
    if random.integers(2):
        return random.standard_normal(shape)
    return random.random(shape) * (random.random(shape) >= DARK)


@dataclass
class Verdicts:
    """What gradcheck said of the right gradients of all networks in one dtype."""

    networks: int = 0
    ok: int = 0
    wrong: int = 0
    inconclusive: int = 0
    kinked: int = 0
    alarms: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    resolutions: list[float] = field(default_factory=list)
    evaluations: list[int] = field(default_factory=list)

    def add(self, report: GradientReport, kinked: bool, which: str) -> None:
        """Count one network; which: how to make it again."""
        self.networks += 1
        self.ok += report.ok
        if report.wrong:
            self.wrong += 1
            names = ", ".join(dict.fromkeys(wrong.name for wrong in report.wrong))
            kink = " (an input of Relu is 0)" if kinked else ""
            self.alarms.append(f"{which}: {names}{kink}")
        elif report.inconclusive:
            self.inconclusive += 1
            self.kinked += kinked
        self.reasons.update(report.inconclusive.values())
        self.evaluations.append(report.evaluations)
        self.resolutions += [
            resolution / report.largest[name]
            for name, resolution in report.resolution.items()
            if report.largest[name]
        ]

    def refuse(self, refusal: GradcheckError, which: str) -> None:
        """Count a network that could not be checked at all: a false alarm as well."""
        self.networks += 1
        self.wrong += 1
        self.alarms.append(f"{which}: {refusal}")


def alarm_table(networks: int) -> list[Limit]:
    """Print table 4; what must hold of it."""
    found = {np.dtype(dtype).name: _verdicts(networks, dtype) for dtype in (np.float64, np.float32)}
    print_table(
        f"False alarms: right networks, 1 to {MOST_LAYERS} layers of 1 to {MOST_UNITS}, "
        f"1 to {MOST_SAMPLES} samples",
        [
            "dtype",
            "networks",
            "ok",
            "wrong (false alarms)",
            "inconclusive",
            "of these with an input of Relu that is 0",
            "resolution / largest entry of the array, median",
            "largest",
            "evaluations, median",
            "largest",
        ],
        [_row(name, verdicts) for name, verdicts in found.items()],
    )
    for name, verdicts in found.items():
        _print_details(name, verdicts)
    return [
        Limit(f"{name}: {v.wrong} false alarms in {networks:,} networks", v.wrong == 0)
        for name, v in found.items()
    ]


def _verdicts(networks: int, dtype: type[np.floating]) -> Verdicts:
    verdicts = Verdicts()
    for seed in range(networks):
        net = random_net(seed, dtype)
        which = f"random_net({seed}, np.{np.dtype(dtype).name}), seed={seed}"
        try:
            report = gradcheck(net.loss, net.params, net.gradient(), seed=seed)
        except GradcheckError as refusal:
            verdicts.refuse(refusal, which)
        else:
            verdicts.add(report, net.kinked, which)
    return verdicts


def _print_details(name: str, verdicts: Verdicts) -> None:
    """The reasons for what is inconclusive, and the first false alarms."""
    lines = [
        f"{name}, {count} arrays inconclusive: {reason}"
        for reason, count in verdicts.reasons.most_common()
    ]
    lines += [f"{name}, false alarm: {words}" for words in verdicts.alarms[:SHOWN]]
    if len(verdicts.alarms) > SHOWN:
        lines.append(f"{name}: {len(verdicts.alarms) - SHOWN} more false alarms")
    if lines:
        print("\n" + "\n".join(f"- {line}" for line in lines))


def _row(name: str, verdicts: Verdicts) -> list[str]:
    counts = [verdicts.networks, verdicts.ok, verdicts.wrong]
    counts += [verdicts.inconclusive, verdicts.kinked]
    shares = verdicts.resolutions or [np.nan]
    evaluations = verdicts.evaluations or [0]
    return [
        name,
        *(f"{count:,}" for count in counts),
        f"{statistics.median(shares):.1g}",
        f"{max(shares):.1g}",
        f"{statistics.median(evaluations):g}",
        f"{max(evaluations):,}",
    ]
