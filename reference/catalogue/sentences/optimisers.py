"""The sentences in English: optimisers."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

OPTIMISERS: dict[str, Template] = {
    "optimiser.argument": "what its argument {name} is, its name does not say",
    "optimiser.signature": "its arguments are not known",
    "optimiser.each_step": "this number after each step, the first on top:",
    "optimiser.held": (
        "how it wants the weights is not found: dicts, lists, arrays, layers and objects were tried"
    ),
    "optimiser.still": "it moves no weight that it is given: it may be something else",
    "optimiser.no_layer": "an optimiser takes steps",
    "optimiser.no_rate": "none of its arguments is a learning rate (as `lr`, `learning_rate`)",
    "optimiser.unwritten": "not written yet: the body of {step} is empty",
    "optimiser.averaged": (
        "the velocity is an average: v = momentum * v + (1 - momentum) * g, a convention whose "
        "steps are shorter"
    ),
    "optimiser.unbiased": (
        "the velocity is an average, divided by 1 - momentum**t so that it is not too small in "
        "the first steps"
    ),
    "optimiser.from_first": "the velocity is an average that begins with the first gradient",
    "optimiser.rms_unbiased": (
        "h is divided by 1 - rho**t, as Adam does it, so that it is not too small in the first "
        "steps"
    ),
    "optimiser.moved_first": "Nesterov's method as early printings of the book have it",
    "optimiser.moved_first.advice": (
        "in Nesterov's formula the step uses v as it was before: v changes after the weight, or "
        "the step is momentum * v - lr * g with the new v"
    ),
    "optimiser.decay.coupled": "weight decay is added to the gradient (an L2 penalty)",
    "optimiser.decay.before": "weight decay is taken from the weights before the step",
    "optimiser.decay.after": "weight decay is taken from the weights after the step",
    "optimiser.decay.unscaled": (
        "weight decay is taken from the weights without the learning rate, as in the paper"
    ),
    "optimiser.unread": "{names}: kept, and nothing uses it",
    "optimiser.read": "{setting} = {value} is read from its text, since no argument sets it",
    "optimiser.called": "{call} with {settings}",
    "optimiser.case": "{entry} = {start}, with the gradients {gradients}",
    "optimiser.after": "after step {step}",
    "optimiser.step": "{weight} after each step",
    "optimiser.odd": "after the step {weight} is {found}, should be an array",
    "optimiser.shape": "after the step {weight} has shape {found}, should have {should_be}",
    "optimiser.wrong": "step {step} is not that of {row}: wrong numbers for {weights}",
    "optimiser.not_finite": (
        "step {step} gives no number for {weight}: something is divided by zero, or the root of "
        "a negative number is taken"
    ),
    "optimiser.unknown": (
        "no argument for {settings} is found, and no number of its text fits: give it an argument "
        "with that name"
    ),
    "optimiser.coarse": (
        "its numbers are right as far as float32 goes: it computes in float32, or what it "
        "remembers is float32"
    ),
    "optimiser.paced": (
        "all is right but the length of the steps, which changes: the learning rate seems to "
        "decay, in a way that no argument switches off"
    ),
    "optimiser.others": (
        "it has also {names}, which trigrad does not know: switched off by default (0 or None), "
        "the steps could be compared"
    ),
    "optimiser.raises": (
        "{raised}: perhaps it wants weights and gradients in another form than those that trigrad "
        "tries"
    ),
    "optimiser.contradiction": "PyTorch and the formula of {row} do not agree with each other",
    "optimiser.kept": "{names}: the gradients are changed, and whoever uses them later gets others",
    "optimiser.apart": (
        "the step of a weight depends on the other weights: what is remembered, or the count of "
        "steps, is not its own"
    ),
    "optimiser.beside": (
        "two optimisers of this class disturb each other: what is remembered belongs to the class, "
        "not to the object"
    ),
    "optimiser.order": "the steps depend on the order in which the weights are passed",
    "optimiser.slip.sign": "the steps go up the gradient, not down: their sign is wrong",
    "optimiser.slip.nothing": (
        "the weights stay as they are: a new array is made that nobody keeps (w = w - …), where "
        "w -= … or params[key] = … is needed"
    ),
    "optimiser.slip.lr_twice": "the learning rate is used twice",
    "optimiser.slip.lr_missing": "the learning rate is not used",
    "optimiser.slip.twice": "each step is taken twice",
    "optimiser.slip.reset": (
        "nothing is remembered from step to step: what is kept begins anew each time, or is not "
        "used"
    ),
    "optimiser.slip.shared": (
        "what is remembered is one array for all weights, should be one for each: it only works "
        "where all weights have one shape, and then they disturb each other"
    ),
    "optimiser.slip.nesterov": "this is Nesterov's step, which looks ahead; here it is w = w + v",
    "optimiser.slip.velocity_sign": "the sign of the old velocity is wrong",
    "optimiser.slip.no_momentum": (
        "the old velocity is not multiplied by momentum, so that it grows without end"
    ),
    "optimiser.slip.late": "the weight moves by the velocity of the step before",
    "optimiser.slip.swapped_momentum": "momentum and 1 - momentum are swapped",
    "optimiser.slip.lr_as_momentum": "the old velocity is multiplied by lr, not by momentum",
    "optimiser.slip.only_momentum": "this is Momentum: it does not look ahead",
    "optimiser.slip.look_ahead": "the look-ahead is wrong: the step is momentum * v - lr * g",
    "optimiser.slip.no_root": "the root of the mean square is missing",
    "optimiser.slip.no_square": "the gradient is not squared in what is summed up for the root",
    "optimiser.slip.no_eps": (
        "eps is missing: where all gradients were 0, 0 / 0 gives nan, which then spreads"
    ),
    "optimiser.slip.not_divided": (
        "the gradient is not divided by the root: this is plain gradient descent"
    ),
    "optimiser.slip.is_adagrad": (
        "nothing is forgotten: h is the sum of all squares, as AdaGrad has it"
    ),
    "optimiser.slip.no_gain": "1 - beta is missing before the gradient, or before its square",
    "optimiser.slip.swapped_rho": "rho and 1 - rho are swapped",
    "optimiser.slip.no_bias": (
        "the bias is not corrected: m and v begin at 0, and Adam divides them by 1 - beta1**t and "
        "1 - beta2**t"
    ),
    "optimiser.slip.no_m_bias": "the bias of m is not corrected: Adam divides m by 1 - beta1**t",
    "optimiser.slip.no_v_bias": "the bias of v is not corrected: Adam divides v by 1 - beta2**t",
    "optimiser.slip.t_stuck": "t does not grow: it is 1 in every step",
    "optimiser.slip.t_late": "t is 0 in the first step, should be 1: 1 - beta**0 is 0",
    "optimiser.slip.t_early": "t is 2 in the first step, should be 1",
    "optimiser.slip.t_each": "t grows for every weight, should grow once for each step",
    "optimiser.slip.t_product": "the bias is corrected with beta * t, should be beta**t",
    "optimiser.slip.kept": (
        "the corrected m and v are kept for the next step, should be kept uncorrected"
    ),
    "optimiser.slip.swapped_betas": "beta1 and beta2 are swapped: m needs beta1, v needs beta2",
    "optimiser.slip.one_beta": "v uses beta1, should use beta2",
    "optimiser.slip.l2": (
        "weight decay is added to the gradient: that is Adam with an L2 penalty; AdamW takes it "
        "from the weights themselves"
    ),
}
