"""Names: what is read as which contract, and what must not be read as any."""

from __future__ import annotations

import pytest

from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Kind
from trigrad.subject.source.contract_names import match_name

CLASSES = {
    "MulLayer": ["MulLayer", "Mul", "mul_layer", "MULLAYER", "Multiply", "MultiplyLayer"],
    "AddLayer": ["AddLayer", "Add", "Add_Layer", "AddNode", "Addition", "Plus", "PlusLayer"],
    "Relu": [
        *("Relu", "ReLU", "RELU", "relu", "ReLu", "ReluLayer", "ReLU_Layer", "ReluNode"),
        *("Activation_ReLU", "RectifiedLinearUnit"),
    ],
    "Sigmoid": ["Sigmoid", "sigmoid", "SigmoidLayer", "SigmoidNode", "Logistic", "SigmoidGate"],
    "Tanh": ["Tanh", "tanh", "TanhLayer", "Activation_Tanh", "HyperbolicTangent"],
    "LeakyReLU": ["LeakyReLU", "Leaky_Relu", "LReLU", "LeakyReluLayer", "Activation_LeakyReLU"],
    "ELU": ["ELU", "Elu", "EluLayer"],
    "SELU": ["SELU", "Selu", "SeluLayer"],
    "GELU": ["GELU", "Gelu", "GeluLayer"],
    "Swish": ["Swish", "SiLU", "Silu", "SwishLayer"],
    "Softplus": ["Softplus", "SoftPlus", "SoftplusLayer"],
    "Softsign": ["Softsign", "SoftSign"],
    "Mish": ["Mish", "MishLayer"],
    "HardTanh": ["HardTanh", "Hardtanh", "Hard_Tanh"],
    "HardSigmoid": ["HardSigmoid", "Hardsigmoid"],
    "HardSwish": ["HardSwish", "Hardswish", "HSwish"],
    "ReLU6": ["ReLU6", "Relu6"],
    "Affine": [
        *("Affine", "AffineLayer", "Linear", "Dense", "FullyConnected", "FC", "FCLayer"),
        *("Layer_Dense", "LinearLayer", "MyAffine", "affine", "InnerProduct"),
    ],
    "MatMul": ["MatMul", "MatMulLayer", "Matmul", "WeightMultiply", "matmul", "MatMulNode"],
    "SoftmaxWithLoss": [
        "SoftmaxWithLoss",
        "SoftMaxWithLoss",
        "Softmax_With_Loss",
        "SoftmaxWithLossLayer",
        "SoftmaxLoss",
        "SoftmaxCrossEntropy",
        "SoftmaxWithCrossEntropyLoss",
    ],
    "BinaryCrossEntropy": ["BinaryCrossEntropy", "BCE", "BCELoss", "BinaryCrossEntropyLoss"],
    "SigmoidWithLoss": ["SigmoidWithLoss", "SigmoidCrossEntropy", "BCEWithLogitsLoss"],
    "MeanSquaredError": [
        *("MeanSquaredError", "MSE", "MSELoss", "MeanSquaredErrorLayer", "SumSquaredError"),
        *("SquaredError", "L2Loss", "mean_squared_error"),
    ],
    "MeanAbsoluteError": ["MeanAbsoluteError", "MAE", "MAELoss", "L1Loss"],
    "TwoLayerNet": ["TwoLayerNet", "two_layer_net", "TwoLayerNetwork"],
}

FUNCTIONS = {
    "softmax": ["softmax", "Softmax", "soft_max"],
    "sigmoid": ["sigmoid", "Sigmoid", "logistic"],
    "relu": ["relu", "ReLU", "rectifier"],
    "tanh": ["tanh", "Tanh"],
    "leaky_relu": ["leaky_relu", "leakyReLU", "lrelu"],
    "elu": ["elu", "ELU"],
    "selu": ["selu"],
    "gelu": ["gelu"],
    "swish": ["swish", "silu"],
    "softplus": ["softplus", "soft_plus"],
    "step_function": ["step_function", "heaviside", "unit_step"],
    "cross_entropy_error": ["cross_entropy_error", "crossEntropyError", "cross_entropy"],
    "mean_squared_error": ["mean_squared_error", "mse", "sum_squared_error", "MSE"],
    "numerical_gradient": ["numerical_gradient", "numericalGradient", "numerical_grad"],
}

CLASS_SLIPS = {
    "MulLayer": ["MulLayaer", "MulLyaer"],
    "AddLayer": ["AddLayre", "AddLaye"],
    "Relu": ["ReluLayr"],
    "Tanh": ["TanhLayr"],
    "LeakyReLU": ["LeakyRulu", "LeakReLU"],
    "ELU": ["EluLayr"],
    "SELU": ["SeluLayr"],
    "GELU": ["GeluLayr"],
    "Swish": ["SwishLayr"],
    "Softplus": ["Sofplus"],
    "Softsign": ["Sofsign"],
    "Mish": ["MishLayr"],
    "HardTanh": ["HardTahn"],
    "HardSigmoid": ["HardSigmiod"],
    "HardSwish": ["HardSwihs"],
    "ReLU6": ["ReLU6Layr"],
    "Sigmoid": ["Sigmod", "Sigmiod", "Sigmoyd", "Siigmoid"],
    "MatMul": ["MatMull", "MtaMul"],
    "Affine": ["Affin", "Afine", "Afffine", "Affnie"],
    "BinaryCrossEntropy": ["BinaryCrosEntropy"],
    "SigmoidWithLoss": ["SigmoidWithLos", "SigmiodWithLoss"],
    "MeanSquaredError": ["MeanSquaredErorr", "MeanSqaredError"],
    "MeanAbsoluteError": ["MeanAbsolutError"],
    "SoftmaxWithLoss": ["SoftmaxWithLos", "SoftamxWihtLoss", "SofmaxWithLos"],
    "TwoLayerNet": ["TowLayerNet", "TwoLayersNet"],
}

FUNCTION_SLIPS = {
    "softmax": ["sofmax", "sotfmax"],
    "sigmoid": ["sigmiod"],
    "relu": [],
    "tanh": [],
    "leaky_relu": ["leaky_rulu"],
    "elu": [],
    "selu": [],
    "gelu": [],
    "swish": [],
    "softplus": ["softpuls"],
    "step_function": ["step_fuction"],
    "cross_entropy_error": ["cros_entropy_eror", "cross_entrpy_error"],
    "mean_squared_error": ["mean_sqared_error"],
    "numerical_gradient": ["numerical_gradeint", "numeric_gradient"],
}

OTHER_CLASSES = [
    *("PRelu", "Celu", "PReluLayer", "RReLU", "ThresholdedReLU", "TanhShrink", "HardShrink"),
    *("LogSoftmax", "LogSoftmaxLayer", "Softmax", "Softmin", "LogSigmoid"),
    *("SigmoidWithLogits", "IdentityWithLoss", "TanhWithLoss", "TanhRNN"),
    *("MultiLayerNet", "ThreeLayerNet", "OneLayerNet", "FourLayerNet", "TwoLayerNetExtend"),
    *("Layer", "Node", "Net", "Base", "Module", "SimpleNet", "Trainer", "SGD", "Adam"),
    *("Dropout", "DropoutLayer", "Convolution", "Pooling", "BatchNormalization", "Embedding"),
    *(
        "SubLayer",
        "Activation_Linear",
        "LinearActivation",
        "AffineActivation",
        "ReluGrad",
        "DivLayer",
        "PowLayer",
        "ExpLayer",
        "AndLayer",
    ),
    *("Bilinear", "BilinearLayer", "NonLinear", "LinearRegression", "BNLayer", "FPLayer"),
    *("SumLayer", "MaxLayer", "MinusLayer", "DotLayer", "RNN", "LSTM", "HuberLoss"),
]

OTHER_FUNCTIONS = [
    *("prelu", "celu", "identity_function", "step", "affine", "arctanh", "tanh_grad"),
    *("softmin", "log_softmax", "softmax_loss", "logsumexp"),
    *("sigmoid_grad", "hard_sigmoid", "log_sigmoid", "relu_grad"),
    *("huber", "entropy", "kl_divergence"),
    *("numerical_diff", "numerical_hessian", "gradient", "gradient_descent", "gradient_check"),
    *("TwoLayerNet", "MulLayer", "forward", "main", "im2col", ""),
]


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, contract) for contract, names in table.items() for name in names]


def read(name: str, *, function: bool) -> tuple[str, bool] | None:
    """The contract's name, and whether the name is misspelled."""
    match = match_name(name, function=function)
    return None if match is None else (match.contract.name, match.misspelled)


@pytest.mark.parametrize(("name", "contract"), pairs(CLASSES))
def test_a_class_name_that_is_right(name: str, contract: str) -> None:
    assert read(name, function=False) == (contract, False)


@pytest.mark.parametrize(("name", "contract"), pairs(FUNCTIONS))
def test_a_function_name_that_is_right(name: str, contract: str) -> None:
    assert read(name, function=True) == (contract, False)


@pytest.mark.parametrize(("name", "contract"), pairs(CLASS_SLIPS))
def test_a_misspelled_class_name(name: str, contract: str) -> None:
    assert read(name, function=False) == (contract, True)


@pytest.mark.parametrize(("name", "contract"), pairs(FUNCTION_SLIPS))
def test_a_misspelled_function_name(name: str, contract: str) -> None:
    assert read(name, function=True) == (contract, True)


@pytest.mark.parametrize("name", OTHER_CLASSES)
def test_another_class_is_not_read(name: str) -> None:
    assert read(name, function=False) is None


@pytest.mark.parametrize("name", OTHER_FUNCTIONS)
def test_another_function_is_not_read(name: str) -> None:
    assert read(name, function=True) is None


@pytest.mark.parametrize(
    ("name", "contract"),
    [
        *(
            ("Affine2", "Affine"),
            ("Relu_v2", "Relu"),
            ("MyRelu3", "Relu"),
            ("SigmoidNew", "Sigmoid"),
        ),
        *(("AffineLayer1", "Affine"), ("Affine_fixed", "Affine"), ("TwoLayerNet2", "TwoLayerNet")),
        ("Relu2", "Relu"),
    ],
)
def test_another_version_of_a_class(name: str, contract: str) -> None:
    match = match_name(name, function=False)
    assert match is not None
    assert (match.contract.name, match.misspelled, match.version) == (contract, False, True)


@pytest.mark.parametrize("name", ["Conv2", "Relus2", "Celu2", "Renew", "New", "V2", "2"])
def test_a_version_of_another_class(name: str) -> None:
    assert match_name(name, function=False) is None


@pytest.mark.parametrize(
    "name", ["dsigmoid", "d_sigmoid", "sigmoid_prime", "dsoftmax", "deriv_sigmoid", "sigmoidprime"]
)
def test_a_derivative_is_no_misspelled_function(name: str) -> None:
    assert read(name, function=True) is None


def test_the_tables_name_every_contract() -> None:
    functions = {c.name for c in CONTRACTS if c.kind is Kind.FUNCTION}
    assert set(FUNCTIONS) == set(FUNCTION_SLIPS) == functions
    classes = {c.name for c in CONTRACTS} - functions
    assert set(CLASSES) == set(CLASS_SLIPS) == classes
