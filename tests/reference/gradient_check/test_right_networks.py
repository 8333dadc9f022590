"""Right networks that were called wrong, each while one rule of the court was missing."""

from __future__ import annotations

import numpy as np
import pytest
from checker_alarms import random_net

from trigrad import gradcheck

ALARMS = [
    # Noise hid bends and kinks nearer to the point than the largest step.
    (np.float32, 1241),
    # Kinks that cancel in the whole array, and not in its parts.
    (np.float32, 1648),
    # Entries that are off by little more than their error, with one step only.
    *((np.float32, seed) for seed in (1193, 2628, 2657, 2909, 3015, 3147, 3435)),
    (np.float64, 2423),
    # Other kinks near the point or at it.
    *((np.float32, seed) for seed in (40, 129, 470, 479)),
    *((np.float64, seed) for seed in (285, 783)),
]


@pytest.mark.parametrize(("dtype", "seed"), ALARMS)
def test_right_network_is_not_wrong(dtype: type[np.floating], seed: int) -> None:
    net = random_net(seed, dtype)
    report = gradcheck(net.loss, net.params, net.gradient(), seed=seed)
    assert not report.wrong, str(report)


@pytest.mark.parametrize("seed", range(20))
def test_its_gradient_negated_is_not_ok(seed: int) -> None:
    net = random_net(seed, np.float64)
    for name in net.params:
        gradients = net.gradient()
        if np.abs(gradients[name]).max() > 1e-6:
            assert not gradcheck(
                net.loss, net.params, {**gradients, name: -gradients[name]}, seed=seed
            )
