"""The rows of optimisers: what moves the weights, once their gradients are known (chapter 6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trigrad.contracts import optimiser_formulas as of
from trigrad.contracts import optimiser_slips as slips
from trigrad.contracts.naming import undecorated
from trigrad.contracts.optimiser_formulas import Decay, Family, Settings, everywhere
from trigrad.contracts.optimiser_slips import Slip
from trigrad.contracts.schema import Contract, Kind, Notation
from trigrad.messages import Message


@dataclass(frozen=True)
class Convention:
    """A formula that keeps the contract."""

    family: Family
    words: Message | None = None
    """The note on it; None for the usual one."""
    advice: Message | None = None
    """Why another one is better."""


@dataclass(frozen=True)
class Decaying:
    """A way in which weights decay, that keeps the contract."""

    decay: Decay
    words: Message


@dataclass(frozen=True)
class Rules:
    """What is right with certain settings, what is a known mistake, and PyTorch's own."""

    conventions: tuple[Convention, ...]
    """The first is PyTorch's."""
    slips: tuple[Slip, ...]
    torch: Callable[[Any, Any, Settings], Any]
    """Makes PyTorch's optimiser: from `torch.optim`, the parameters and the settings."""
    must: tuple[str, ...] = ("lr",)
    """The settings without which nothing can be said."""
    timed: bool = False
    """Whether the length of the steps depends on t by the formula itself."""


@dataclass(frozen=True, eq=False)
class Optimiser(Contract):
    """The row of an optimiser. It takes steps, not operands."""

    rules: tuple[tuple[str, Rules], ...] = ()
    """The first counts whose setting is not 0, or that has none."""
    settings_of: tuple[str, ...] = ("lr",)
    """All settings that it may have."""
    decays: tuple[Decaying, ...] = ()

    def rules_with(self, settings: Mapping[str, float]) -> Rules:
        """What is right with these settings."""
        return next(rules for name, rules in self.rules if not name or settings.get(name))


_SGD = Rules(
    (Convention(everywhere(of.sgd)),),
    slips.SGD,
    lambda optim, params, s: optim.SGD(params, s["lr"], weight_decay=s["weight_decay"]),
)
_MOMENTUM = Rules(
    (
        Convention(everywhere(of.momentum)),
        Convention(everywhere(of.averaged), Message("optimiser.averaged")),
        Convention(everywhere(of.averaged_without_bias), Message("optimiser.unbiased")),
        Convention(everywhere(of.averaged_from_first), Message("optimiser.from_first")),
    ),
    slips.MOMENTUM,
    lambda optim, params, s: optim.SGD(
        params, s["lr"], momentum=s["momentum"], weight_decay=s["weight_decay"]
    ),
    ("lr", "momentum"),
)
_NESTEROV = Rules(
    (
        Convention(everywhere(of.nesterov)),
        Convention(everywhere(of.nesterov_averaged), Message("optimiser.averaged")),
        Convention(
            everywhere(of.nesterov_moved_first),
            Message("optimiser.moved_first"),
            Message("optimiser.moved_first.advice"),
        ),
    ),
    slips.NESTEROV,
    lambda optim, params, s: optim.SGD(
        params, s["lr"], momentum=s["momentum"], weight_decay=s["weight_decay"], nesterov=True
    ),
    ("lr", "momentum"),
)
_ADAGRAD = Rules(
    (Convention(of.adagrad),),
    slips.ADAGRAD,
    lambda optim, params, s: optim.Adagrad(
        params, s["lr"], eps=s["eps"], weight_decay=s["weight_decay"]
    ),
)
_RMSPROP = Rules(
    (
        Convention(of.rmsprop),
        Convention(of.rmsprop_without_bias, Message("optimiser.rms_unbiased")),
    ),
    slips.RMSPROP,
    lambda optim, params, s: optim.RMSprop(
        params, s["lr"], alpha=s["rho"], eps=s["eps"], weight_decay=s["weight_decay"]
    ),
    ("lr", "rho"),
)
_ADAM = Rules(
    (Convention(of.adam),),
    slips.ADAM,
    lambda optim, params, s: optim.Adam(
        params, s["lr"], (s["beta1"], s["beta2"]), s["eps"], s["weight_decay"]
    ),
    ("lr", "beta1", "beta2"),
    timed=True,
)
_ADAMW = Rules(
    _ADAM.conventions,
    (
        *slips.ADAM,
        Slip(Message("optimiser.slip.l2"), of.adam, of.added_to_gradient),
    ),
    lambda optim, params, s: optim.AdamW(
        params, s["lr"], (s["beta1"], s["beta2"]), s["eps"], s["weight_decay"]
    ),
    (*_ADAM.must, "weight_decay"),
    timed=True,
)

_COUPLED = Decaying(of.added_to_gradient, Message("optimiser.decay.coupled"))
_DECOUPLED = (
    Decaying(of.taken_before, Message("optimiser.decay.before")),
    Decaying(of.taken_after, Message("optimiser.decay.after")),
    Decaying(of.taken_unscaled, Message("optimiser.decay.unscaled")),
)


def _row(
    name: str,
    formula: str,
    aliases: tuple[str, ...],
    rules: tuple[tuple[str, Rules], ...],
    settings_of: tuple[str, ...],
    decays: tuple[Decaying, ...] = (_COUPLED, *_DECOUPLED),
) -> Optimiser:
    return Optimiser(
        name,
        Kind.OPTIMISER,
        operands=(),
        output=None,
        twin=None,
        notation=Notation(formula, aliases),
        rules=rules,
        settings_of=(*settings_of, "weight_decay"),
        decays=decays,
    )


OPTIMISERS: tuple[Optimiser, ...] = (
    _row(
        "SGD",
        "w = w - lr * g",
        ("gradientdescent", "stochasticgradientdescent", "gd", "minibatchgradientdescent"),
        (("nesterov", _NESTEROV), ("momentum", _MOMENTUM), ("", _SGD)),
        ("lr", "momentum", "nesterov"),
    ),
    _row(
        "Momentum",
        "v = momentum * v - lr * g; w = w + v",
        (
            *("sgdmomentum", "momentumsgd", "sgdwithmomentum", "gdwithmomentum", "heavyball"),
            *("momentumgradientdescent", "gradientdescentwithmomentum", "momentumgd"),
        ),
        (("nesterov", _NESTEROV), ("", _MOMENTUM)),
        ("lr", "momentum", "nesterov"),
    ),
    _row(
        "Nesterov",
        "v = momentum * v - lr * g; w = w + momentum * v - lr * g",
        (
            *("nag", "nesterovmomentum", "nesterovacceleratedgradient", "sgdnesterov"),
            *("nesterovsgd", "sgdnesterovmomentum", "sgdwithnesterov", "nesterovag"),
        ),
        (("", _NESTEROV),),
        ("lr", "momentum"),
    ),
    _row(
        "AdaGrad",
        "h = h + g**2; w = w - lr * g / (sqrt(h) + eps)",
        (),
        (("", _ADAGRAD),),
        ("lr", "eps"),
    ),
    _row(
        "RMSprop",
        "h = rho * h + (1 - rho) * g**2; w = w - lr * g / (sqrt(h) + eps)",
        ("rms",),
        (("", _RMSPROP),),
        ("lr", "rho", "eps"),
    ),
    _row(
        "Adam",
        "m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g**2; "
        "w = w - lr * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + eps)",
        (),
        (("", _ADAM),),
        ("lr", "beta1", "beta2", "eps"),
    ),
    _row(
        "AdamW",
        "w = w - lr * weight_decay * w, then the step of Adam",
        ("adamwithdecoupledweightdecay",),
        (("", _ADAMW),),
        ("lr", "beta1", "beta2", "eps"),
        _DECOUPLED,
    ),
)


_BEFORE = re.compile(
    r"^(update(parameters|params|weights)?(with|using)?|optimi[sz]er?|optim|opt|my|custom|simple"
    r"|numpy|np|basic|vanilla|apply|step)(?=.)"
)
_AFTER = re.compile(r"(?<=.)(optimi[sz](er|ation)|optim|opt|update|updater|rule|step|solver)$")
_PLAIN_STEP = frozenset(("updateparameters", "updateparams", "updateweights"))
"""Functions of these names go down the gradient."""


def optimiser_named(name: str, *, function: bool = False) -> Optimiser | None:
    """The row that a class or function of this name means, if any."""
    lowered = undecorated(name)
    names = {lowered}
    for _ in range(2):  # one word at either end
        names |= {_BEFORE.sub("", each) for each in names}
        names |= {_AFTER.sub("", each) for each in names}
    if function and lowered in _PLAIN_STEP:
        return OPTIMISERS[0]
    return next((row for row in OPTIMISERS if names & _spellings(row)), None)


def _spellings(row: Optimiser) -> set[str]:
    return {row.name.lower(), *row.notation.aliases}


def optimiser_row(contract: Contract) -> Optimiser | None:
    """A contract as the row of an optimiser; None for anything else."""
    return contract if isinstance(contract, Optimiser) else None


def names_of_rows() -> Sequence[str]:
    """The names of all rows."""
    return [row.name for row in OPTIMISERS]
