"""The formulas of optimisers: PyTorch's own is among them, and no known mistake is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from trigrad.cases.steps import Shapes, Walk, drawn_walks
from trigrad.contracts.optimiser_formulas import (
    Eps,
    added_to_gradient,
    nesterov,
    taken_after,
    taken_before,
    walked,
)
from trigrad.contracts.optimiser_slips import Slip
from trigrad.contracts.optimisers import OPTIMISERS, Optimiser, Rules, optimiser_named
from trigrad.trial.optimiser_reading import SETTINGS, Mode
from trigrad.trial.optimiser_steps import Kept, Missed, compared
from trigrad.witnesses.optimiser_steps import bounds, of_pytorch

WALKS = drawn_walks(0, 2)


def modes() -> Iterator[tuple[Optimiser, str, Rules, float]]:
    for row in OPTIMISERS:
        for name, rules in row.rules:
            for decay in (0.0, 0.25):
                yield row, name, rules, decay


MODES = list(modes())
IDS = [f"{row.name} {name} {decay}".replace("  ", " ") for row, name, _, decay in MODES]


def mode_of(rules: Rules, decay: float) -> Mode:
    settings = {**SETTINGS, "weight_decay": decay}
    return Mode(rules, settings, {name: name for name in settings}, 0)


@pytest.mark.parametrize(("row", "name", "rules", "decay"), MODES, ids=IDS)
def test_pytorch_keeps_the_first_convention(
    row: Optimiser, name: str, rules: Rules, decay: float
) -> None:
    del name
    mode = mode_of(rules, decay)
    found = [of_pytorch(rules, walk, mode.settings) for walk in WALKS]
    kept = compared(row, mode, WALKS, found)
    assert isinstance(kept, Kept)
    assert kept.convention is rules.conventions[0]
    assert kept.decaying is (row.decays[0] if decay else None)


@pytest.mark.parametrize(("row", "name", "rules", "decay"), MODES, ids=IDS)
@pytest.mark.parametrize("place", list(Eps)[:5])
def test_eps_may_stand_anywhere(
    row: Optimiser, name: str, rules: Rules, decay: float, place: Eps
) -> None:
    del name
    mode = mode_of(rules, decay)
    for convention in rules.conventions:
        for decaying in row.decays if decay else row.decays[:1]:
            found = [
                {
                    n: np.stack(
                        list(
                            walked(
                                convention.family(place),
                                start,
                                walk.gradients[n],
                                mode.settings,
                                decaying.decay,
                            )
                        )
                    )
                    for n, start in walk.weights.items()
                }
                for walk in WALKS
            ]
            assert isinstance(compared(row, mode, WALKS, found), Kept)


SLIPS = [
    (row, rules, slip)
    for row in OPTIMISERS
    for name, rules in row.rules
    if not name
    for slip in rules.slips
]


@pytest.mark.parametrize(
    ("row", "rules", "slip"),
    SLIPS,
    ids=[f"{row.name} {slip.words.key.removeprefix('optimiser.slip.')}" for row, _, slip in SLIPS],
)
def test_a_known_mistake_keeps_no_convention_and_is_named(
    row: Optimiser, rules: Rules, slip: Slip
) -> None:
    mode = mode_of(rules, 0.25 if slip.decay else 0.0)
    decay = slip.decay or added_to_gradient
    found = [
        {n: low for n, (low, _) in bounds(slip.family, decay, walk, mode.settings, (1e-8,)).items()}
        for walk in WALKS
    ]
    missed = compared(row, mode, WALKS, found)
    assert isinstance(missed, Missed)
    assert missed.slip is not None
    same = [s.words for s in rules.slips if s.family is slip.family]
    assert missed.slip in (slip.words, *same)


def test_nesterov_is_sutskever_s_look_ahead() -> None:
    """The same as plain momentum on the weights that it looks ahead to: w + momentum * v."""
    rate, mu = SETTINGS["lr"], SETTINGS["momentum"]
    gradients = WALKS[0].gradients["W1"]
    start = WALKS[0].weights["W1"]
    ahead = list(walked(nesterov, start, gradients, {**SETTINGS}, added_to_gradient))
    v, w = 0 * start, start  # theta, of the paper; the gradient is that at theta + mu * v
    for g, seen in zip(gradients, ahead, strict=True):
        v = mu * v - rate * g
        w = w + v
        np.testing.assert_allclose(seen, w + mu * v, rtol=1e-12)


def test_decay_before_and_after_the_step_are_not_the_same() -> None:
    settings = {**SETTINGS, "weight_decay": 0.25}
    start, gradients = WALKS[0].weights["W1"], WALKS[0].gradients["W1"]
    one, other = (
        list(walked(nesterov, start, gradients, settings, decay))[-1]
        for decay in (taken_before, taken_after)
    )
    assert not np.allclose(one, other)


@pytest.mark.parametrize("shapes", Shapes)
def test_walks_have_zeros_where_a_unit_is_dead_and_nowhere_else(shapes: Shapes) -> None:
    for walk in drawn_walks(1, 5, shapes):
        for name, stack in walk.gradients.items():
            assert stack.shape[1:] == walk.weights[name].shape
            zero = stack == 0
            assert zero.sum() == (len(stack) if name.startswith("W") else 0)
            assert np.abs(stack).max() <= 1


def test_other_weights_are_all_other_ones() -> None:
    walk: Walk = WALKS[0]
    other = walk.beside_others("W1")
    assert np.array_equal(other.weights["W1"], walk.weights["W1"])
    assert not np.any(other.gradients["b1"] == walk.gradients["b1"])


@pytest.mark.parametrize(
    ("name", "function", "row"),
    [
        ("SGD", False, "SGD"),
        ("Optimizer_Adagrad", False, "AdaGrad"),
        ("MomentumSGD", False, "Momentum"),
        ("AdamOptimizer", False, "Adam"),
        ("MyRMSProp", False, "RMSprop"),
        ("NesterovAcceleratedGradient", False, "Nesterov"),
        ("update_parameters", True, "SGD"),
        ("update_parameters_with_adam", True, "Adam"),
        ("sgd_momentum", True, "Momentum"),
        ("update_parameters", False, None),
        ("Adamax", False, None),
        ("Madam", False, None),
        ("Optimizer", False, None),
        ("update", True, None),
        ("Nadam", False, None),
    ],
)
def test_names_of_rows(name: str, function: bool, row: str | None) -> None:
    found = optimiser_named(name, function=function)
    assert (found.name if found else None) == row
