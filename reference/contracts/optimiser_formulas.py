"""How optimisers move a weight: the formulas of all conventions, and of known mistakes.

A formula gives the change of a weight w in step t = 1, 2, … from its gradient g, elementwise. What
it remembers of the weight is in a dict, which is empty before the first step. Its settings have
names: `lr`, `momentum`, `rho`, `beta1`, `beta2`, `eps`.

Sources: Polyak 1964 (momentum), Sutskever et al. 2013 (Nesterov), Duchi et al. 2011 (AdaGrad),
Hinton 2012 (RMSprop), Kingma and Ba 2015 (Adam), Loshchilov and Hutter 2019 (AdamW).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import partial

import numpy as np

from trigrad.contracts.schema import Array

Settings = Mapping[str, float]
Remembered = dict[str, Array]
Formula = Callable[[Array, Remembered, Settings, int], Array]
"""From g, what is remembered, the settings and t to the change of w."""


class Eps(Enum):
    """Where the small number stands that keeps a division from being one by zero."""

    OUTSIDE = "sqrt(v) + eps"
    INSIDE = "sqrt(v + eps)"
    RAW = "sqrt(v) + eps, before the correction of the bias"
    RAW_INSIDE = "sqrt(v + eps), before the correction of the bias"
    SMALL = "so small that it makes no difference, except that 0 / 0 is 0"
    NOWHERE = "nowhere: 0 / 0 is nan"


PLACES = (Eps.OUTSIDE, Eps.INSIDE, Eps.RAW, Eps.RAW_INSIDE, Eps.SMALL)
"""Where eps may stand. Wherever else it does, what comes out lies between these."""

Family = Callable[[Eps], Formula]
"""A formula for every place of eps."""


def everywhere(formula: Formula) -> Family:
    """A formula without eps, as a family."""
    return lambda place: formula  # noqa: ARG005


def walked(
    formula: Formula, start: Array, gradients: Iterable[Array], settings: Settings, decay: Decay
) -> Iterator[Array]:
    """The weight after each step. `gradients` has an array of its shape for each step."""
    w, remembered = start, Remembered()
    for t, g in enumerate(gradients, start=1):
        with np.errstate(all="ignore"):
            w = decay(w, g, partial(_change, formula, remembered, settings, t), settings)
        yield w


def _change(
    formula: Formula, remembered: Remembered, settings: Settings, t: int, g: Array
) -> Array:
    return formula(g, remembered, settings, t)


Change = Callable[[Array], Array]
Decay = Callable[[Array, Array, Change, Settings], Array]
"""From w, g, the change for a gradient, and the settings to the next w."""


# --- weight decay ------------------------------------------------------------------------------


def added_to_gradient(w: Array, g: Array, change: Change, s: Settings) -> Array:
    """The L2 penalty: g + weight_decay * w is the gradient."""
    if not s["weight_decay"]:  # w may be infinite, after a mistake
        return w + change(g)
    return w + change(g + s["weight_decay"] * w)


def taken_before(w: Array, g: Array, change: Change, s: Settings) -> Array:
    """w shrinks by lr * weight_decay of itself, then comes the step."""
    w = w - s["lr"] * s["weight_decay"] * w
    return w + change(g)


def taken_after(w: Array, g: Array, change: Change, s: Settings) -> Array:
    """The step comes first, then w shrinks by lr * weight_decay of itself."""
    w = w + change(g)
    return w - s["lr"] * s["weight_decay"] * w


def taken_unscaled(w: Array, g: Array, change: Change, s: Settings) -> Array:
    """w shrinks by weight_decay of itself, whatever lr is: so the paper of AdamW has it."""
    return w + change(g) - s["weight_decay"] * w


# --- the formulas ------------------------------------------------------------------------------


def sgd(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
    """-lr * g"""
    return -s["lr"] * g


def momentum(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
    """v = momentum * v - lr * g; v. With v = momentum * v + g, -lr * v is the same."""
    r["v"] = s["momentum"] * r.get("v", 0 * g) - s["lr"] * g
    return r["v"]


def averaged(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
    """v = momentum * v + (1 - momentum) * g; -lr * v"""
    r["v"] = s["momentum"] * r.get("v", 0 * g) + (1 - s["momentum"]) * g
    return -s["lr"] * r["v"]


def averaged_without_bias(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """The same divided by 1 - momentum**t."""
    return averaged(g, r, s, t) / (1 - s["momentum"] ** t)


def averaged_from_first(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
    """v = g in the first step, then v = momentum * v + (1 - momentum) * g; -lr * v"""
    r["v"] = s["momentum"] * r.get("v", g) + (1 - s["momentum"]) * g
    return -s["lr"] * r["v"]


def nesterov(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """v = momentum * v - lr * g; momentum * v - lr * g"""
    return s["momentum"] * momentum(g, r, s, t) - s["lr"] * g


def nesterov_averaged(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """v = momentum * v + (1 - momentum) * g; -lr * (momentum * v + (1 - momentum) * g)"""
    return s["momentum"] * averaged(g, r, s, t) - s["lr"] * (1 - s["momentum"]) * g


def nesterov_moved_first(g: Array, r: Remembered, s: Settings, t: int) -> Array:
    """v = momentum * v - lr * g; momentum**2 * v - (1 + momentum) * lr * g

    With v from before the step, this is `nesterov`. In early printings of the book v moves first.
    """
    return s["momentum"] ** 2 * momentum(g, r, s, t) - (1 + s["momentum"]) * s["lr"] * g


def divided(m: Array, v: Array, eps: float, place: Eps) -> Array:
    """m / sqrt(v), with eps where it stands."""
    with np.errstate(all="ignore"):
        if place in (Eps.INSIDE, Eps.RAW_INSIDE):
            change: Array = m / np.sqrt(v + eps)
        elif place is Eps.SMALL:
            change = np.where(m == 0, 0.0, m / np.sqrt(v))
        else:
            change = m / (np.sqrt(v) + (0.0 if place is Eps.NOWHERE else eps))
    return change


def adagrad(place: Eps) -> Formula:
    """h = h + g**2; -lr * g / (sqrt(h) + eps)"""

    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
        r["h"] = r.get("h", 0 * g) + g**2
        return -s["lr"] * divided(g, r["h"], s["eps"], place)

    return formula


def rmsprop(place: Eps) -> Formula:
    """h = rho * h + (1 - rho) * g**2; -lr * g / (sqrt(h) + eps)"""

    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:  # noqa: ARG001
        r["h"] = s["rho"] * r.get("h", 0 * g) + (1 - s["rho"]) * g**2
        return -s["lr"] * divided(g, r["h"], s["eps"], place)

    return formula


def rmsprop_without_bias(place: Eps) -> Formula:
    """The same with h divided by 1 - rho**t."""

    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:
        rmsprop(place)(g, r, s, t)
        return -s["lr"] * divided(g, r["h"] / (1 - s["rho"] ** t), s["eps"], place)

    return formula


def adam(place: Eps) -> Formula:
    """m and v are moving averages of g and g**2; -lr * m_hat / (sqrt(v_hat) + eps)"""
    return adam_with(place)


def adam_with(
    place: Eps,
    *,
    betas: tuple[str, str] = ("beta1", "beta2"),
    m_corrected: bool = True,
    v_corrected: bool = True,
    power: int = 2,
    averaging: bool = True,
    correction: Callable[[float, int], float] = lambda beta, t: 1 - beta**t,
    kept: bool = False,
) -> Formula:
    """Adam, or what a mistake makes of it.

    m = beta1 * m + (1 - beta1) * g and v = beta2 * v + (1 - beta2) * g**power, each divided by its
    correction where it is corrected. Without `averaging` 1 - beta is missing. `kept`: what is
    divided is also what is remembered. `betas` are what m and v use, but for the correction.
    """

    def formula(g: Array, r: Remembered, s: Settings, t: int) -> Array:
        with np.errstate(all="ignore"):
            of_m, of_v = (s[name] for name in betas)
            gain_m, gain_v = (1 - of_m, 1 - of_v) if averaging else (1.0, 1.0)
            m = of_m * r.get("m", 0 * g) + gain_m * g
            v = of_v * r.get("v", 0 * g) + gain_v * g**power
            m_hat = m / correction(s["beta1"], t) if m_corrected else m
            v_hat = v / correction(s["beta2"], t) if v_corrected else v
            r["m"], r["v"] = (m_hat, v_hat) if kept else (m, v)
            if place in (Eps.RAW, Eps.RAW_INSIDE) and v_corrected:
                root = np.sqrt(correction(s["beta2"], t))
                return divided(-s["lr"] * root * m_hat, v, s["eps"], place)
            return -s["lr"] * divided(m_hat, v_hat, s["eps"], place)

    return formula
