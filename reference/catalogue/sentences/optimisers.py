"""The sentences in English: optimisers."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

OPTIMISERS: dict[str, Template] = {
    "optimiser.argument": "trigrad does not know what its argument {name} is",
    "optimiser.signature": "trigrad cannot read its arguments",
    "optimiser.each_step": "this number after each step, the first on top:",
    "optimiser.held": (
        "trigrad does not find how it takes the weights: dicts, lists, arrays, layers and objects "
        "were tried"
    ),
    "optimiser.still": "it changes no weight that it is given, so it may be something else",
    "optimiser.no_layer": "an optimiser takes steps, not inputs",
    "optimiser.no_rate": "none of its arguments is a learning rate (such as `lr`, `learning_rate`)",
    "optimiser.unwritten": "not written yet: the body of {step} is empty",
    "optimiser.averaged": (
        "the velocity is an average, v = momentum * v + (1 - momentum) * g: a convention with "
        "shorter steps"
    ),
    "optimiser.unbiased": (
        "the velocity is an average, divided by 1 - momentum**t because it is too small in the "
        "first steps"
    ),
    "optimiser.from_first": "the velocity is an average that starts with the first gradient",
    "optimiser.rms_unbiased": (
        "h is divided by 1 - rho**t, as in Adam, because it is too small in the first steps"
    ),
    "optimiser.moved_first": "Nesterov's method as in early printings of the book",
    "optimiser.moved_first.advice": (
        "in Nesterov's formula the step uses the old v: change v after the weight, or use the "
        "step momentum * v - lr * g with the new v"
    ),
    "optimiser.decay.coupled": "weight decay is added to the gradient (an L2 penalty)",
    "optimiser.decay.before": "weight decay is subtracted from the weights before the step",
    "optimiser.decay.after": "weight decay is subtracted from the weights after the step",
    "optimiser.decay.unscaled": (
        "weight decay is subtracted from the weights without the learning rate, as in the paper"
    ),
    "optimiser.unread": "stored, but not used: {names}",
    "optimiser.read": "{setting} = {value} was found in its code, because no argument sets it",
    "optimiser.called": "{call} with {settings}",
    "optimiser.case": "{entry} = {start}, with the gradients {gradients}",
    "optimiser.after": "after step {step}",
    "optimiser.step": "{weight} after each step",
    "optimiser.odd": "after the step {weight} is {found}, should be an array",
    "optimiser.shape": "after the step {weight} has shape {found}, should have {should_be}",
    "optimiser.wrong": "step {step} is not a step of {row}: the numbers of {weights} are wrong",
    "optimiser.not_finite": (
        "step {step} gives no number for {weight}: it divides by zero, or takes the root of a "
        "negative number"
    ),
    "optimiser.unknown": (
        "there is no argument for {settings}, and no number in its code fits: give it an argument "
        "with that name"
    ),
    "optimiser.coarse": (
        "its numbers are only as exact as float32: use float64 to compute and to store"
    ),
    "optimiser.paced": (
        "only the length of the steps differs, and it changes from step to step: the learning "
        "rate seems to decay, and no argument switches that off"
    ),
    "optimiser.others": (
        "it also has {names}, which trigrad does not know: with 0 or None as the default, the "
        "steps could be compared"
    ),
    "optimiser.raises": (
        "{raised}: perhaps it takes weights and gradients in a form that trigrad does not try"
    ),
    "optimiser.contradiction": (
        "PyTorch and the formula of {row} contradict each other: this is a mistake of trigrad, "
        "please report it"
    ),
    "optimiser.kept": (
        "the gradients are changed ({names}), so that code that uses them later gets wrong ones: "
        "work on copies"
    ),
    "optimiser.apart": (
        "the step of one weight depends on the other weights: what is stored, or the count of "
        "steps, is shared"
    ),
    "optimiser.beside": (
        "two optimisers of this class disturb each other: store everything in the object (self), "
        "not in the class"
    ),
    "optimiser.order": (
        "the steps depend on the order in which the weights are passed, but should not"
    ),
    "optimiser.slip.sign": "the steps go up along the gradient, not down: their sign is wrong",
    "optimiser.slip.nothing": (
        "the weights do not change: w = w - … only makes a new array; use w -= … or params[key] = …"
    ),
    "optimiser.slip.lr_twice": "the learning rate is used twice",
    "optimiser.slip.lr_missing": "the learning rate is not used",
    "optimiser.slip.twice": "each step is taken twice",
    "optimiser.slip.reset": (
        "nothing is remembered from step to step: what is stored starts again each time, or is "
        "not used"
    ),
    "optimiser.slip.shared": (
        "all weights share one array of what is remembered, but each weight needs its own"
    ),
    "optimiser.slip.nesterov": (
        "this is the step of Nesterov, which looks ahead; here it should be w = w + v"
    ),
    "optimiser.slip.velocity_sign": "the sign of the old velocity is wrong",
    "optimiser.slip.no_momentum": (
        "the old velocity is not multiplied by momentum, so that it grows without limit"
    ),
    "optimiser.slip.late": "the weight is moved by the velocity of the step before",
    "optimiser.slip.swapped_momentum": "momentum and 1 - momentum are swapped",
    "optimiser.slip.lr_as_momentum": "the old velocity is multiplied by lr, not by momentum",
    "optimiser.slip.only_momentum": "this is Momentum: it does not look ahead",
    "optimiser.slip.look_ahead": "the look-ahead is wrong: the step is momentum * v - lr * g",
    "optimiser.slip.no_root": "the square root is missing",
    "optimiser.slip.no_square": "the gradient is not squared where the squares are added up",
    "optimiser.slip.no_eps": (
        "eps is missing: where all gradients were 0, 0 / 0 gives nan, which spreads"
    ),
    "optimiser.slip.not_divided": (
        "the gradient is not divided by the root: this is plain gradient descent"
    ),
    "optimiser.slip.is_adagrad": "nothing is forgotten: h is the sum of all squares, as in AdaGrad",
    "optimiser.slip.no_gain": (
        "the factor 1 - beta is missing before the gradient, or before its square"
    ),
    "optimiser.slip.swapped_rho": "rho and 1 - rho are swapped",
    "optimiser.slip.no_bias": (
        "the bias correction is missing: m and v start at 0, so Adam divides them by 1 - beta1**t "
        "and 1 - beta2**t"
    ),
    "optimiser.slip.no_m_bias": (
        "the bias correction of m is missing: Adam divides m by 1 - beta1**t"
    ),
    "optimiser.slip.no_v_bias": (
        "the bias correction of v is missing: Adam divides v by 1 - beta2**t"
    ),
    "optimiser.slip.t_stuck": "t does not grow: it is 1 in every step",
    "optimiser.slip.t_late": "t is 0 in the first step, but should be 1, because 1 - beta**0 is 0",
    "optimiser.slip.t_early": "t is 2 in the first step, but should be 1",
    "optimiser.slip.t_each": "t grows with every weight, but should grow once in each step",
    "optimiser.slip.t_product": "the bias correction uses beta * t, but should use beta**t",
    "optimiser.slip.kept": (
        "the corrected m and v are stored for the next step, but the uncorrected ones should be"
    ),
    "optimiser.slip.swapped_betas": "beta1 and beta2 are swapped: m needs beta1, v needs beta2",
    "optimiser.slip.one_beta": "v uses beta1, but should use beta2",
    "optimiser.slip.l2": (
        "weight decay is added to the gradient, as in Adam with an L2 penalty; AdamW subtracts it "
        "from the weights themselves"
    ),
}
