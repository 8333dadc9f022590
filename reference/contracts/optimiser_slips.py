"""Mistakes that are made in optimisers: the formula that each of them makes of the right one.

A mistake is named only where its formula reproduces the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trigrad.contracts.optimiser_formulas import (
    Decay,
    Eps,
    Family,
    Formula,
    Remembered,
    Settings,
    adagrad,
    adam_with,
    averaged,
    divided,
    everywhere,
    momentum,
    nesterov,
    rmsprop,
    sgd,
)
from trigrad.contracts.schema import Array
from trigrad.messages import Message


@dataclass(frozen=True)
class Slip:
    """A known mistake: what it makes of the formula, and the words for it."""

    words: Message
    family: Family
    decay: Decay | None = None
    """The weight decay that it makes; None: the right one."""


Twist = Callable[[Formula], Formula]


def _slip(key: str, family: Family) -> Slip:
    return Slip(Message(key), family)


def _twisted(family: Family, twist: Twist) -> Family:
    return lambda eps: twist(family(eps))


def _times(number: float) -> Twist:
    """The change times a number."""
    return lambda formula: lambda g, r, s, t: number * formula(g, r, s, t)


def _times_lr(power: int) -> Twist:
    """The change times a power of the learning rate."""
    return lambda formula: lambda g, r, s, t: s["lr"] ** power * formula(g, r, s, t)


def _with(**changed: Callable[[Settings], float]) -> Twist:
    """Other settings."""

    def twist(formula: Formula) -> Formula:
        def twisted(g: Array, r: Remembered, s: Settings, t: int) -> Array:
            return formula(g, r, {**s, **{n: of(s) for n, of in changed.items()}}, t)

        return twisted

    return twist


def _forgets(formula: Formula) -> Formula:
    """Nothing is remembered: each step is a first one."""
    return _forgets_but_counts(_at_time(lambda t: min(t, 1))(formula))


def _forgets_but_counts(formula: Formula) -> Formula:
    def forgetting(g: Array, r: Remembered, s: Settings, t: int) -> Array:
        r.clear()
        return formula(g, r, s, t)

    return forgetting


def _at_time(time: Callable[[int], int]) -> Twist:
    """Another t."""
    return lambda formula: lambda g, r, s, t: formula(g, r, s, time(t))


def _at_each(formula: Formula) -> Formula:
    """t grows for every weight; `index` and `count` say which of how many it is."""
    return lambda g, r, s, t: formula(g, r, s, (t - 1) * int(s["count"]) + int(s["index"]) + 1)


def general(family: Family) -> tuple[Slip, ...]:
    """Mistakes that any optimiser may have."""
    return (
        _slip("optimiser.slip.sign", _twisted(family, _times(-1.0))),
        _slip("optimiser.slip.nothing", _twisted(family, _times(0.0))),
        _slip("optimiser.slip.lr_twice", _twisted(family, _times_lr(1))),
        _slip("optimiser.slip.lr_missing", _twisted(family, _times_lr(-1))),
        _slip("optimiser.slip.twice", _twisted(family, _times(2.0))),
    )


def _alternating(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
    """v = momentum * v - lr * g; w - v, but g goes down: v = lr * g - momentum * v."""
    r["v"] = -s["momentum"] * r.get("v", 0 * g) - s["lr"] * g
    return r["v"]


def _added_up(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
    """v = v - lr * g, without momentum."""
    r["v"] = r.get("v", 0 * g) - s["lr"] * g
    return r["v"]


def _late(formula: Formula) -> Formula:
    """The change is what is remembered of the steps before: v moves after w."""

    def late(g: Array, r: Remembered, s: Settings, t: int) -> Array:
        before = r.get("change", 0 * g)
        r["change"] = formula(g, r, s, t)
        return before

    return late


MOMENTUM = (
    *general(everywhere(momentum)),
    *general(everywhere(averaged)),
    _slip("optimiser.slip.reset", everywhere(_forgets(momentum))),
    _slip("optimiser.slip.nesterov", everywhere(nesterov)),
    _slip("optimiser.slip.velocity_sign", everywhere(_alternating)),
    _slip("optimiser.slip.no_momentum", everywhere(_added_up)),
    _slip("optimiser.slip.late", everywhere(_late(momentum))),
    _slip(
        "optimiser.slip.swapped_momentum",
        everywhere(_with(momentum=lambda s: 1 - s["momentum"])(momentum)),
    ),
    _slip("optimiser.slip.lr_as_momentum", everywhere(_with(momentum=lambda s: s["lr"])(momentum))),
)


def _ahead_added(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """v - momentum * lr * g"""
    return momentum(g, r, s, t) - s["momentum"] * s["lr"] * g


def _ahead_without_gradient(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """momentum * v"""
    return s["momentum"] * momentum(g, r, s, t)


def _ahead_once_more(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """v - lr * g"""
    return momentum(g, r, s, t) - s["lr"] * g


def _ahead_both(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """(1 + momentum) * v"""
    return (1 + s["momentum"]) * momentum(g, r, s, t)


def _ahead_missing_part(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """momentum**2 * v_before - lr * g: (1 + momentum) is missing"""
    before = r.get("v", 0 * g)
    momentum(g, r, s, t)
    return s["momentum"] ** 2 * before - s["lr"] * g


def _ahead_missing_square(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """momentum * v_before - (1 + momentum) * lr * g"""
    before = r.get("v", 0 * g)
    momentum(g, r, s, t)
    return s["momentum"] * before - (1 + s["momentum"]) * s["lr"] * g


def _ahead_back(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """momentum * v_before + (1 + momentum) * v: the sign of the old velocity"""
    before = r.get("v", 0 * g)
    return s["momentum"] * before + (1 + s["momentum"]) * momentum(g, r, s, t)


NESTEROV = (
    *general(everywhere(nesterov)),
    _slip("optimiser.slip.reset", everywhere(_forgets(nesterov))),
    _slip("optimiser.slip.only_momentum", everywhere(momentum)),
    *(
        _slip("optimiser.slip.look_ahead", everywhere(each))
        for each in (
            *(_ahead_added, _ahead_without_gradient, _ahead_once_more),
            *(_ahead_both, _ahead_back, _ahead_missing_part, _ahead_missing_square),
        )
    ),
)


def _without_root(place: Eps) -> Formula:
    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
        r["h"] = r.get("h", 0 * g) + g**2
        with np.errstate(all="ignore"):
            return -s["lr"] * g / (r["h"] + (0.0 if place is Eps.NOWHERE else s["eps"]))

    return formula


def _rms_without_root(place: Eps) -> Formula:
    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
        r["h"] = s["rho"] * r.get("h", 0 * g) + (1 - s["rho"]) * g**2
        with np.errstate(all="ignore"):
            return -s["lr"] * g / (r["h"] + (0.0 if place is Eps.NOWHERE else s["eps"]))

    return formula


def _without_square(place: Eps) -> Formula:
    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
        r["h"] = r.get("h", 0 * g) + g
        return -s["lr"] * divided(g, r["h"], s["eps"], place)

    return formula


def _rms_without_square(place: Eps) -> Formula:
    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
        r["h"] = s["rho"] * r.get("h", 0 * g) + (1 - s["rho"]) * g
        return -s["lr"] * divided(g, r["h"], s["eps"], place)

    return formula


def _without_gain(place: Eps) -> Formula:
    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
        r["h"] = s["rho"] * r.get("h", 0 * g) + g**2
        return -s["lr"] * divided(g, r["h"], s["eps"], place)

    return formula


ADAGRAD = (
    *general(adagrad),
    _slip("optimiser.slip.reset", _twisted(adagrad, _forgets)),
    _slip("optimiser.slip.no_root", _without_root),
    _slip("optimiser.slip.no_square", _without_square),
    _slip("optimiser.slip.no_eps", everywhere(adagrad(Eps.NOWHERE))),
    _slip("optimiser.slip.not_divided", everywhere(sgd)),
)

RMSPROP = (
    *general(rmsprop),
    _slip("optimiser.slip.reset", _twisted(rmsprop, _forgets)),
    _slip("optimiser.slip.is_adagrad", adagrad),
    _slip("optimiser.slip.no_root", _rms_without_root),
    _slip("optimiser.slip.no_square", _rms_without_square),
    _slip("optimiser.slip.no_gain", _without_gain),
    _slip("optimiser.slip.swapped_rho", _twisted(rmsprop, _with(rho=lambda s: 1 - s["rho"]))),
    _slip("optimiser.slip.no_eps", everywhere(rmsprop(Eps.NOWHERE))),
    _slip("optimiser.slip.not_divided", everywhere(sgd)),
)


def _no_root(place: Eps) -> Formula:
    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:
        adam_with(place)(g, r, s, t)
        m_hat = r["m"] / (1 - s["beta1"] ** t)
        v_hat = r["v"] / (1 - s["beta2"] ** t)
        with np.errstate(all="ignore"):
            return -s["lr"] * m_hat / (v_hat + (0.0 if place is Eps.NOWHERE else s["eps"]))

    return formula


ADAM = (
    *general(adam_with),
    _slip(
        "optimiser.slip.no_bias",
        lambda place: adam_with(place, m_corrected=False, v_corrected=False),
    ),
    _slip("optimiser.slip.no_m_bias", lambda place: adam_with(place, m_corrected=False)),
    _slip("optimiser.slip.no_v_bias", lambda place: adam_with(place, v_corrected=False)),
    _slip("optimiser.slip.t_stuck", _twisted(adam_with, _at_time(lambda t: min(t, 1)))),
    _slip("optimiser.slip.t_late", _twisted(adam_with, _at_time(lambda t: t - 1))),
    _slip("optimiser.slip.t_early", _twisted(adam_with, _at_time(lambda t: t + 1))),
    _slip("optimiser.slip.t_each", _twisted(adam_with, _at_each)),
    _slip(
        "optimiser.slip.t_product",
        lambda place: adam_with(place, correction=lambda beta, t: 1 - beta * t),
    ),
    _slip("optimiser.slip.kept", lambda place: adam_with(place, kept=True)),
    _slip("optimiser.slip.reset", _twisted(adam_with, _forgets)),
    _slip("optimiser.slip.reset", _twisted(adam_with, _forgets_but_counts)),
    _slip(
        "optimiser.slip.swapped_betas",
        _twisted(adam_with, _with(beta1=lambda s: s["beta2"], beta2=lambda s: s["beta1"])),
    ),
    _slip("optimiser.slip.swapped_betas", lambda place: adam_with(place, betas=("beta2", "beta1"))),
    _slip("optimiser.slip.one_beta", lambda place: adam_with(place, betas=("beta1", "beta1"))),
    _slip("optimiser.slip.one_beta", _twisted(adam_with, _with(beta2=lambda s: s["beta1"]))),
    _slip("optimiser.slip.no_square", lambda place: adam_with(place, power=1)),
    _slip("optimiser.slip.no_root", _no_root),
    _slip("optimiser.slip.no_gain", lambda place: adam_with(place, averaging=False)),
    _slip("optimiser.slip.no_eps", everywhere(adam_with(Eps.NOWHERE))),
)


SGD = general(everywhere(sgd))
