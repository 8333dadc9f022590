"""Which of a learner's arguments is which setting of an optimiser, by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from trigrad.contracts.naming import undecorated

BETAS = "betas"
"""One argument that has both, as PyTorch's."""

LR_DECAY = "lr_decay"
"""By what the learning rate becomes smaller from step to step."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "lr": (
        *("lr", "learningrate", "learnrate", "lrate", "eta", "stepsize", "rate", "baselr"),
        *("initiallr", "learning", "alpha", "lr0", "etas", "a", "epsilon", "step"),
    ),
    "momentum": (
        *("momentum", "mu", "mom", "momentumrate", "momentumfactor", "momentumcoefficient"),
        *("beta", "gamma", "beta1", "rho", "friction", "moment", "alpha", "decayrate", "decay"),
        *("decayfactor", "m", "coef", "b", "k"),
    ),
    "nesterov": ("nesterov", "usenesterov", "nag"),
    "rho": (
        *("rho", "decayrate", "beta", "gamma", "beta2", "decay", "alpha", "smoothing", "forget"),
        *("discount", "momentum", "beta1", "forgetting", "decayfactor", "b", "rhos"),
    ),
    "beta1": ("beta1", "b1", "rho1", "betaone", "decayrate1", "beta1rate", "firstdecay"),
    "beta2": ("beta2", "b2", "rho2", "betatwo", "decayrate2", "beta2rate", "seconddecay"),
    BETAS: ("betas",),
    "eps": ("eps", "epsilon", "e", "delta", "fuzz", "tiny", "small", "smoothterm", "eta0"),
    "weight_decay": (
        *("weightdecay", "wd", "weightdecayrate", "l2", "lambda", "lambd", "lam", "l2reg", "reg"),
        *("l2lambda", "regularization", "lambd0"),
    ),
    LR_DECAY: ("lrdecay", "learningratedecay", "decay", "decayrate", "ratedecay", "decaylr"),
}
"""The names of each setting, in lower case without underscores, the plainest first."""

RATES = NAMES["lr"][: NAMES["lr"].index("a")]
"""Names that say by themselves that something is a learning rate."""

Assignment = Mapping[str, str]
"""From the settings to the learner's names."""

WITHOUT_LR = 1000
"""How much later an assignment comes that knows no learning rate."""

MOST = 6
"""So many ways to understand the names are tried at most."""


def assignments(names: Sequence[str], settings: Sequence[str]) -> list[Assignment]:
    """The ways in which the learner's names may be these settings, the likeliest first.

    No name is two settings, and as many settings as possible have one.
    """
    wanted = [s for s in settings if s in NAMES]
    if "beta1" in wanted:
        wanted.append(BETAS)
    wanted.append(LR_DECAY)
    found: dict[tuple[tuple[str, str], ...], tuple[int, int]] = {}
    for chosen in product(*(list(_offers(names, s)) for s in wanted)):
        taken = [name for name, _ in chosen if name]
        if len(set(taken)) < len(taken):
            continue
        pairs = zip(wanted, chosen, strict=True)
        roles = tuple((s, name) for s, (name, _) in pairs if name)
        rank = sum(rank for name, rank in chosen if name)
        found[roles] = -len(taken), rank + (0 if "lr" in dict(roles) else WITHOUT_LR)
    most = min(count for count, _ in found.values())
    best = sorted((each for each in found if found[each][0] == most), key=lambda e: found[e])
    return [dict(each) for each in best[:MOST]]


def _offers(names: Sequence[str], setting: str) -> Iterator[tuple[str, int]]:
    """The learner's names that may be this setting, with how far they are from the plainest."""
    yield "", 0
    for name in names:
        plain = undecorated(name)
        if plain in NAMES[setting]:
            # That a rate decays is a guess: it comes after everything else.
            yield name, NAMES[setting].index(plain) + (100 if setting == LR_DECAY else 0)
