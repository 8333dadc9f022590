"""Activations: Relu and Sigmoid (section 5.5), Tanh, and what others use in their place.

Definitions: LeakyReLU, Maas et al. 2013; ELU, Clevert et al. 2015; SELU, Klambauer et al. 2017;
GELU, Hendrycks and Gimpel 2016; Swish, Ramachandran et al. 2017.
"""

from __future__ import annotations

import math

from trigrad.contracts.elementwise import Twin, activation, function_of, with_choices
from trigrad.contracts.schema import Array, Notation, Reading
from trigrad.messages import Message

RELU = activation(
    "Relu",
    Notation(
        formula="out = max(x, 0); dx = dout where x > 0, else 0",
        aliases=("relu", "rectifier", "rectifiedlinear", "rectifiedlinearunit"),
        usual=(
            "x * (x > 0)",
            "np.maximum(x, 0)",
            "x > 0",
            "x <= 0",
            "dout * (x > 0)",
            "dout * out",
            "dout * (out > 0)",
        ),
    ),
    twin=lambda x: x.relu(),
    kinks=(0.0,),
    zero_at=0.0,
)

SIGMOID = activation(
    "Sigmoid",
    Notation(
        formula="y = 1 / (1 + exp(-x)); dx = dout * y * (1 - y)",
        aliases=("sigmoid", "logistic"),
        usual=("1 / (1 + np.exp(-x))", "dout * out * (1 - out)"),
    ),
    twin=lambda x: x.sigmoid(),
)

TANH = activation(
    "Tanh",
    Notation(
        formula="y = tanh(x); dx = dout * (1 - y**2)",
        aliases=("tanh", "hyperbolictangent", "tanhyperbolic"),
        usual=("np.tanh(x)", "dout * (1 - out ** 2)"),
    ),
    twin=lambda x: x.tanh(),
)

# --- with numbers that the writer chooses


def _slope(out: Array) -> tuple[float, ...] | None:
    slope = -float(out[0, 0])
    return (slope,) if 0 < slope < 1 else None


LEAKY_RELU = with_choices(
    "LeakyReLU",
    Notation(
        formula="out = x where x > 0, else slope * x; dx = dout where x > 0, else slope * dout",
        aliases=("leakyrelu", "lrelu", "leakyrectifier", "leakyrectifiedlinear"),
        usual=(
            "{0}",
            "x > 0",
            "np.where(x > 0, x, {0} * x)",
            "np.where(x > 0, 1, {0})",
            "np.where(x > 0, dout, {0} * dout)",
        ),
    ),
    lambda slope: lambda x: x.where(x > 0, slope * x),
    (0.0,),
    usually={"slope": 0.01},
    at=(-1.0,),
    measured=_slope,
    arguments=("alpha", "negativeslope", "leak", "leakiness", "leakyslope", "a", "k"),
)


LARGEST = 10.0
"""A larger number is not chosen: it is taken for a mistake."""


def _alpha(out: Array) -> tuple[float, ...] | None:
    alpha = float(out[0, 0]) / math.expm1(-1.0)
    return (alpha,) if 0 < alpha <= LARGEST else None


ELU = with_choices(
    "ELU",
    Notation(
        formula="out = x where x > 0, else a * (exp(x) - 1); "
        "dx = dout where x > 0, else dout * (out + a)",
        aliases=("elu", "exponentiallinear", "exponentiallinearunit"),
        usual=(
            "np.exp(x)",
            "{0} * (np.exp(x) - 1)",
            "{0} * np.exp(x)",
            "x > 0",
            "out + {0}",
            "np.where(x > 0, x, {0} * (np.exp(x) - 1))",
            "np.where(x > 0, 1, out + {0})",
            "np.where(x > 0, 1, {0} * np.exp(x))",
        ),
    ),
    lambda alpha: lambda x: x.where(x > 0, alpha * x.clamp(max=0.0).expm1()),
    (0.0,),
    usually={"alpha": 1.0},
    at=(-1.0,),
    measured=_alpha,
    arguments=("a",),
)

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""Equation 14 of Klambauer et al. 2017, to all digits of a float64."""

ROUNDED = 5e-3
"""The two are rounded by their writer to three digits or more."""


def _scale_and_alpha(out: Array) -> tuple[float, ...] | None:
    scale = float(out[0, 0])
    alpha = float(out[0, 1]) / (scale * math.expm1(-1.0)) if scale else 0.0
    meant = abs(scale - SELU_SCALE) < ROUNDED and abs(alpha - SELU_ALPHA) < ROUNDED
    return (scale, alpha) if meant else None


SELU = with_choices(
    "SELU",
    Notation(
        formula="out = s * x where x > 0, else s * a * (exp(x) - 1), s = 1.0507, a = 1.6733",
        aliases=("selu", "scaledexponentiallinear", "scaledexponentiallinearunit", "scaledelu"),
        usual=(
            "np.exp(x)",
            "np.exp(x) - 1",
            "x > 0",
            "np.where(x > 0, 1, {1} * np.exp(x))",
            "{0} * np.where(x > 0, 1, {1} * np.exp(x))",
        ),
    ),
    lambda scale, alpha: lambda x: scale * x.where(x > 0, alpha * x.clamp(max=0.0).expm1()),
    (0.0,),
    usually={"scale": SELU_SCALE, "alpha": SELU_ALPHA},
    at=(1.0, -1.0),
    measured=_scale_and_alpha,
    arguments=("lambda", "lam", "lmbda"),
)


def _beta(out: Array) -> tuple[float, ...] | None:
    share = float(out[0, 0])  # of 1 * sigmoid(beta)
    beta = math.log(share / (1 - share)) if 0.5 < share < 1 else 0.0
    return (beta,) if 0 < beta <= LARGEST else None


SWISH = with_choices(
    "Swish",
    Notation(
        formula="out = x * s, s = sigmoid(b * x); dx = dout * (s + b * out * (1 - s))",
        aliases=("swish", "silu", "sigmoidlinear", "sigmoidlinearunit"),
        usual=("1 / (1 + np.exp(-x))", "x / (1 + np.exp(-x))"),
    ),
    lambda beta: lambda x: x * (beta * x).sigmoid(),
    usually={"beta": 1.0},
    at=(1.0,),
    measured=_beta,
    arguments=("b",),
)


def _sharpness(out: Array) -> tuple[float, ...] | None:
    beta = math.log(2.0) / float(out[0, 0]) if out[0, 0] > 0 else 0.0
    return (beta,) if 0 < beta <= LARGEST else None


SOFTPLUS = with_choices(
    "Softplus",
    Notation(
        formula="out = log(1 + exp(x)); dx = dout / (1 + exp(-x))",
        aliases=("softplus", "smoothrelu"),
        usual=("np.log(1 + np.exp(x))", "dout / (1 + np.exp(-x))", "1 / (1 + np.exp(-x))"),
    ),
    lambda beta: lambda x: (beta * x).logaddexp(0.0 * x) / beta,
    usually={"beta": 1.0},
    at=(0.0,),
    measured=_sharpness,
    arguments=("b",),
)

# --- with more than one definition

_NARROW = math.sqrt(2.0 / math.pi)


def _definition(name: str, words: Message, twin: Twin, kinks: tuple[float, ...] = ()) -> Reading:
    """Another definition of the same name, which is as good."""
    row = activation(name, _NOTATIONS[name], twin, kinks)
    return Reading(words.key.removeprefix("reading."), (words,), row)


_NOTATIONS = {
    "GELU": Notation(
        formula="out = x * (1 + erf(x / sqrt(2))) / 2, or its approximation with tanh",
        aliases=("gelu", "gaussianerrorlinear", "gaussianerrorlinearunit"),
        usual=("np.sqrt(2 / np.pi)", "x + 0.044715 * x ** 3"),
    ),
    "HardSigmoid": Notation(
        formula="out = x / 6 + 1/2, between 0 and 1; dx = dout / 6 inside, else 0",
        aliases=("hardsigmoid", "hsigmoid"),
    ),
}

GELU = activation(
    "GELU",
    _NOTATIONS["GELU"],
    twin=lambda x: x * (1 + (x / math.sqrt(2.0)).erf()) / 2,
    others=(
        _definition(
            "GELU",
            Message("reading.gelu_tanh"),
            lambda x: x * (1 + (_NARROW * (x + 0.044715 * x**3)).tanh()) / 2,
        ),
        _definition("GELU", Message("reading.gelu_sigmoid"), lambda x: x * (1.702 * x).sigmoid()),
    ),
)

HARD_SIGMOID = activation(
    "HardSigmoid",
    _NOTATIONS["HardSigmoid"],
    twin=lambda x: (x / 6 + 0.5).clamp(0.0, 1.0),
    kinks=(-3.0, 3.0),
    others=(
        _definition(
            "HardSigmoid",
            Message("reading.hard_fifth"),
            lambda x: (x / 5 + 0.5).clamp(0.0, 1.0),
            (-2.5, 2.5),
        ),
        _definition(
            "HardSigmoid",
            Message("reading.hard_quarter"),
            lambda x: (x / 4 + 0.5).clamp(0.0, 1.0),
            (-2.0, 2.0),
        ),
    ),
)

# --- with one definition each

HARD_TANH = activation(
    "HardTanh",
    Notation(
        formula="out = x, between -1 and 1; dx = dout inside, else 0",
        aliases=("hardtanh", "htanh"),
        usual=("np.clip(x, -1, 1)", "np.abs(x) < 1", "dout * (np.abs(x) < 1)"),
    ),
    twin=lambda x: x.clamp(-1.0, 1.0),
    kinks=(-1.0, 1.0),
)

HARD_SWISH = activation(
    "HardSwish",
    Notation(
        formula="out = x * (x / 6 + 1/2, between 0 and 1)",
        aliases=("hardswish", "hswish"),
    ),
    twin=lambda x: x * (x / 6 + 0.5).clamp(0.0, 1.0),
    kinks=(-3.0, 3.0),
)

RELU6 = activation(
    "ReLU6",
    Notation(
        formula="out = x, between 0 and 6; dx = dout inside, else 0",
        aliases=("relu6", "cappedrelu"),
        usual=(
            "np.clip(x, 0, 6)",
            "np.minimum(np.maximum(x, 0), 6)",
            "(x > 0) & (x < 6)",
            "dout * ((x > 0) & (x < 6))",
        ),
    ),
    twin=lambda x: x.clamp(0.0, 6.0),
    kinks=(0.0, 6.0),
)

SOFTSIGN = activation(
    "Softsign",
    Notation(
        formula="out = x / (1 + abs(x)); dx = dout / (1 + abs(x))**2",
        aliases=("softsign",),
        usual=("x / (1 + np.abs(x))", "dout / (1 + np.abs(x)) ** 2"),
    ),
    twin=lambda x: x / (1 + x.abs()),
)

MISH = activation(
    "Mish",
    Notation(formula="out = x * tanh(log(1 + exp(x)))", aliases=("mish",)),
    twin=lambda x: x * x.logaddexp(0.0 * x).tanh(),
)

ACTIVATIONS = (
    *(RELU, SIGMOID, TANH, LEAKY_RELU, ELU, SELU, GELU, SWISH, SOFTPLUS),
    *(SOFTSIGN, MISH, HARD_TANH, HARD_SIGMOID, HARD_SWISH, RELU6),
)

# --- the functions alone

SIGMOID_FUNCTION = function_of(SIGMOID, "sigmoid", "1 / (1 + exp(-x))", ("sigmoid", "logistic"))

STEP_FUNCTION = function_of(
    activation(
        "Step",
        Notation(formula="", aliases=(), usual=("x > 0", "(x > 0).astype(int)")),
        twin=lambda x: (x > 0).to(x.dtype),
        kinks=(0.0,),
    ),
    "step_function",
    "1 where x > 0, else 0",
    ("stepfunction", "heaviside", "unitstep", "binarystep"),
)

FUNCTIONS = (
    SIGMOID_FUNCTION,
    function_of(RELU, "relu", "max(x, 0)", RELU.notation.aliases),
    function_of(TANH, "tanh", "(exp(x) - exp(-x)) / (exp(x) + exp(-x))", TANH.notation.aliases),
    function_of(LEAKY_RELU, "leaky_relu", "x where x > 0, else slope * x", ("lrelu",)),
    function_of(ELU, "elu", "x where x > 0, else a * (exp(x) - 1)", ("exponentiallinear",)),
    function_of(SELU, "selu", SELU.notation.formula.removeprefix("out = "), ("scaledelu",)),
    function_of(GELU, "gelu", GELU.notation.formula.removeprefix("out = "), ("gelufunction",)),
    function_of(SWISH, "swish", "x / (1 + exp(-b * x))", ("silu",)),
    function_of(SOFTPLUS, "softplus", "log(1 + exp(x))", ("smoothrelu",)),
    STEP_FUNCTION,
)
