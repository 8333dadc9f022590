"""What the authors of the learners' wrong files meant: the lines as they are and as they should be.

From the first to the last line of a mistake, each is one edit away from what was meant.
"""

from __future__ import annotations

import ast
from pathlib import Path

from trigrad.subject.source import sources
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.parsing import parsed

WRONG = Path(__file__).parents[1] / "learners" / "wrong"
KNOWN = frozenset({"np", "softmax", "sigmoid", "cross_entropy_error", "numerical_gradient"})
"""Names that are global in most of the files."""

# A file, what is wrong in it, and the lines as they are → as they should be (one edit each; ""
# for a line that goes, and a line after a line break for one that comes).
MEANT: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("mul_backward_adds.ipynb", "MulLayer", [("dx = dout + self.y", "dx = dout * self.y")]),
    (
        "mul_doubled_consistently.py",
        "MulLayer",
        [
            ("return 2 * x * y", "return x * y"),
            (
                "return 2 * dout * self.y, 2 * dout * self.x",
                "return dout * self.y, 2 * dout * self.x",
            ),
            ("return dout * self.y, 2 * dout * self.x", "return dout * self.y, dout * self.x"),
        ],
    ),
    (
        "mul_keeps_first_operands.py",
        "MulLayer",
        [
            (
                "        if self.x is None:\n            self.x = x\n            self.y = y\n",
                "        self.x = x\n        self.y = y\n",
            )
        ],
    ),
    (
        "mul_needs_arrays.py",
        "MulLayer",
        [("self.x = x.copy()", "self.x = x"), ("self.y = y.copy()", "self.y = y")],
    ),
    (
        "mul_operands_not_swapped.py",
        "MulLayer",
        [
            ("dx = dout * self.x", "dx = dout * self.y"),
            ("dy = dout * self.y", "dy = dout * self.x"),
        ],
    ),
    ("mul_returns_swapped.py", "MulLayer", [("return dy, dx", "return dx, dy")]),
    ("mul_undefined_name.md", "MulLayer", [("dx = dout * y", "dx = dout * self.y")]),
    ("mul_upstream_dropped.py", "MulLayer", [("dx=self.y", "dx=dout*self.y")]),
    ("add_forward_subtracts.ipynb", "AddLayer", [("out = x - y", "out = x + y")]),
    ("add_gradient_summed.py", "AddLayer", [("dy = np.sum(dout, axis=0)", "dy = dout")]),
    (
        "add_missing_return.py",
        "AddLayer",
        [("        dy = dout * 1.0\n", "        dy = dout * 1.0\n        return dx, dy\n")],
    ),
    ("add_negative_dy.py", "AddLayer", [("dy = -dout", "dy = dout")]),
    ("add_returns_ones.py", "AddLayer", [("ones = np.ones_like(dout)", "ones = dout")]),
    (
        "relu_forward_is_leaky.py",
        "ReluLayer",
        [("np.where(self.mask, 0.25 * x, x)", "np.where(self.mask, 0 * x, x)")],
    ),
    (
        "relu_mask_from_first_batch.md",
        "Relu",
        [
            (
                "        if self.mask is None:\n            self.mask = (x <= 0)\n",
                "        self.mask = (x <= 0)\n",
            )
        ],
    ),
    (
        "relu_mask_from_init.py",
        "Relu",
        [("    out = np.maximum", "    self.mask = x > 0\n        out = np.maximum")],
    ),
    (
        "relu_mask_in_local_variable.py",
        "Relu",
        [("        out = x.copy()\n", "        self.mask = mask\n        out = x.copy()\n")],
    ),
    ("relu_mask_inverted.ipynb", "Relu", [("self.mask = (x > 0)", "self.mask = (x <= 0)")]),
    ("relu_mask_of_dout.py", "Relu", [("dx[dout <= 0] = 0", "dx[self.mask] = 0")]),
    (
        "relu_mask_on_the_class.py",
        "Relu",
        [
            (
                "        if Relu.mask is None:\n            Relu.mask = (x <= 0)\n",
                "        Relu.mask = (x <= 0)\n",
            ),
            ("Relu.mask = (x", "self.mask = (x"),
            ("out[Relu.mask]", "out[self.mask]"),
            ("dx[Relu.mask]", "dx[self.mask]"),
        ],
    ),
    ("relu_multiplies_by_output.py", "Relu", [("dout * self.out", "dout * (self.out > 0)")]),
    ("relu_threshold_one.py", "Relu", [("(self.x >= 1)", "(self.x >= 0)")]),
    ("relu_upstream_dropped.py", "ReLU", [("return grad", "return grad * dout")]),
    (
        "sigmoid_derivative_of_input.py",
        "Sigmoid",
        [("self.x = x", "self.x = 1 / (1 + np.exp(-x))")],
    ),
    ("sigmoid_dout_added.py", "Sigmoid", [("dout + (1.0", "dout * (1.0")]),
    ("sigmoid_dout_ignored.ipynb", "Sigmoid", [("dx = (1.0", "dx = dout * (1.0")]),
    ("sigmoid_forward_sign.py", "Sigmoid", [("np.exp(x)", "np.exp(-x)")]),
    (
        "sigmoid_missing_return.md",
        "Sigmoid",
        [("np.exp(-x))\n", "np.exp(-x))\n        return self.out\n")],
    ),
    ("sigmoid_one_plus_y.py", "Sigmoid", [("(1.0 + self.y)", "(1.0 - self.y)")]),
    (
        "sigmoid_out_not_stored.py",
        "Sigmoid",
        [("        return out\n", "        self.out = out\n        return out\n")],
    ),
    ("sigmoid_too_steep.py", "Sigmoid", [("GAIN = 2.0", "GAIN = 1.0")]),
    (
        "affine_batch_of_one.py",
        "Affine",
        [("        if dout.shape[0] == 1:\n            dout = dout[0]\n", "")],
    ),
    (
        "affine_bias_left_out.py",
        "Affine",
        [
            ("return np.dot(x, self.W)\n", "return np.dot(x, self.W) + self.b\n"),
            (
                "        self.dW[...] = np.dot(self.x.T, dout)\n",
                "        self.dW[...] = np.dot(self.x.T, dout)\n"
                "        self.db[...] = np.sum(dout, axis=0)\n",
            ),
        ],
    ),
    ("affine_db_accumulates.py", "Affine", [("self.db + dout.sum(axis=0)", "dout.sum(axis=0)")]),
    ("affine_db_keepdims.py", "Affine", [("axis=0, keepdims=True", "axis=0")]),
    ("affine_db_mean.py", "Affine", [("dout.mean(", "dout.sum(")]),
    (
        "affine_db_not_summed.py",
        "Affine",
        [("self.db = dout\n", "self.db = np.sum(dout, axis=0)\n")],
    ),
    ("affine_db_wrong_axis.ipynb", "Affine", [("axis=1", "axis=0")]),
    ("affine_dw_accumulates.py", "Affine", [("self.dW += ", "self.dW = ")]),
    (
        "affine_dw_missing_transpose.py",
        "Affine",
        [("np.dot(self.x, dout)", "np.dot(self.x.T, dout)")],
    ),
    ("affine_dw_not_stored.md", "Affine", [("  dW = np.dot", "  self.dW = np.dot")]),
    (
        "affine_dw_reshaped.py",
        "Affine",
        [
            (
                "np.dot(dout.T, self.x).reshape(self.W.shape)",
                "np.dot(self.x.T, dout).reshape(self.W.shape)",
            )
        ],
    ),
    ("affine_dw_transposed.py", "Affine", [("np.dot(dout.T, self.x)", "np.dot(self.x.T, dout)")]),
    ("affine_dw_wrong_name.py", "Affine", [("self.dw", "self.dW")]),
    ("affine_dx_flattened.py", "Affine", [(".flatten()", "")]),
    (
        "affine_dx_ignores_dout.py",
        "Affine",
        [("np.tile(self.W.sum(axis=1), (n, 1))", "np.dot(dout, self.W.T)")],
    ),
    (
        "affine_dx_missing_transpose.ipynb",
        "Affine",
        [("np.dot(dout, self.W)", "np.dot(dout, self.W.T)")],
    ),
    ("affine_dx_reshaped.py", "Affine", [("x.T.shape", "x.shape")]),
    ("affine_dx_transposed.py", "Affine", [("np.dot(self.W, dY.T)", "np.dot(dY, self.W.T)")]),
    (
        "affine_forward_without_bias.py",
        "Affine",
        [("np.dot(x, self.W)", "np.dot(x, self.W) + self.b")],
    ),
    ("affine_shape_slip.ipynb", "Affine", [("x = x.shape(", "x = x.reshape(")]),
    ("affine_upstream_dropped.py", "Affine", [("np.ones_like(dy)", "dy")]),
    (
        "affine_x_not_stored.py",
        "Affine",
        [("        out = np.dot", "        self.x = x\n        out = np.dot")],
    ),
    ("softmax_with_loss_divided_by_classes.py", "SoftmaxWithLoss", [("shape[1]", "shape[0]")]),
    (
        "softmax_with_loss_divided_twice.py",
        "SoftmaxWithLoss",
        [("(self.y - self.t) / batch_size", "(self.y - self.t)")],
    ),
    (
        "softmax_with_loss_first_target_kept.py",
        "SoftmaxWithLoss",
        [("        if self.t is None:\n            self.t = t\n", "        self.t = t\n")],
    ),
    (
        "softmax_with_loss_missing_return.py",
        "SoftmaxWithLoss",
        [("(self.y, self.t)\n", "(self.y, self.t)\n        return self.loss\n")],
    ),
    (
        "softmax_with_loss_not_divided.ipynb",
        "SoftmaxWithLoss",
        [("dx = self.y - self.t", "dx = (self.y - self.t) / self.t.shape[0]")],
    ),
    ("softmax_with_loss_sign.py", "SoftmaxWithLoss", [("(self.t - self.y)", "(self.y - self.t)")]),
    (
        "softmax_with_loss_summed.py",
        "SoftmaxWithLoss",
        [
            (
                "self.loss = -np.sum(t * np.log(self.y + 1e-7))",
                "self.loss = -np.sum(t * np.log(self.y + 1e-7)) / t.shape[0]",
            ),
        ],
    ),
    (
        "softmax_with_loss_target_forgotten.py",
        "SoftmaxWithLoss",
        [("dout * self.y / len", "dout * (self.y - self.t) / len")],
    ),
    (
        "softmax_with_loss_undefined_name.ipynb",
        "SoftmaxWithLoss",
        [("(y - self.t)", "(self.y - self.t)")],
    ),
    (
        "function_softmax_column_maximum.py",
        "softmax",
        [("np.max(x, axis=0)", "np.max(x, axis=-1, keepdims=True)")],
    ),
    (
        "function_softmax_normalised_over_columns.md",
        "softmax",
        [("np.sum(exp_a, axis=0)", "np.sum(exp_a, axis=-1, keepdims=True)")],
    ),
    (
        "function_softmax_normalised_over_everything.ipynb",
        "softmax",
        [("np.sum(exp_a)", "np.sum(exp_a, axis=-1, keepdims=True)")],
    ),
    ("function_sigmoid_sign.py", "sigmoid", [("np.exp(x)", "np.exp(-x)")]),
    (
        "function_sigmoid_without_brackets.py",
        "sigmoid",
        [("1 / 1 + np.exp(-x)", "1 / (1 + np.exp(-x))")],
    ),
    ("function_cross_entropy_log10.py", "cross_entropy_error", [("np.log10", "np.log")]),
    (
        "function_cross_entropy_mean_over_everything.py",
        "cross_entropy_error",
        [("-np.mean(t * np.log(y + 1e-7))", "-np.mean(np.sum(t * np.log(y + 1e-7), axis=1))")],
    ),
    (
        "function_cross_entropy_not_averaged.py",
        "cross_entropy_error",
        [("np.log(y + delta))", "np.log(y + delta)) / y.shape[0]")],
    ),
    (
        "function_cross_entropy_positive.py",
        "cross_entropy_error",
        [("return np.sum", "return -np.sum")],
    ),
    (
        "function_numerical_gradient_divided_by_h.py",
        "_numerical_gradient_1d",
        [("(hi - lo) / h", "(hi - lo) / (2 * h)")],
    ),
    (
        "function_numerical_gradient_not_restored.py",
        "numerical_gradient",
        [("/ (2 * h)\n", "/ (2 * h)\n        x[idx] = tmp_val\n")],
    ),
    (
        "net_b2_missing.py",
        "TwoLayerNet",
        [
            (
                "        grads['W2'] = self.layers['Affine2'].dW\n",
                "        grads['W2'] = self.layers['Affine2'].dW\n"
                "        grads['b2'] = self.layers['Affine2'].db\n",
            )
        ],
    ),
    (
        "net_bias_from_wrong_layer",
        "TwoLayerNet",
        [("grads['b1'] = self.layers['Affine2'].db", "grads['b1'] = self.layers['Affine1'].db")],
    ),
    (
        "net_forward_order_in_backward.py",
        "TwoLayerNet",
        [
            (
                "        for layer in self.layers.values():\n            dout",
                "        for layer in reversed(list(self.layers.values())):\n            dout",
            )
        ],
    ),
    (
        "net_gradient_without_forward.py",
        "TwoLayerNet",
        [
            (
                "        dout = self.lastLayer.backward()\n",
                "        self.loss(x, t)\n        dout = self.lastLayer.backward()\n",
            )
        ],
    ),
    ("net_layers_hold_copies.py", "TwoLayerNet", [("v.copy() for", "v for")]),
    (
        "net_relu_left_out_of_backward.ipynb",
        "TwoLayerNet",
        [
            (
                "        dout = self.affine1.backward(dout)\n",
                "        dout = self.relu.backward(dout)\n"
                "        dout = self.affine1.backward(dout)\n",
            )
        ],
    ),
    (
        "net_reversed_in_place.md",
        "TwoLayerNet",
        [
            (
                "        self.layers.reverse()\n        for layer in self.layers:\n",
                "        for layer in reversed(self.layers):\n",
            )
        ],
    ),
    ("net_shared_input", "Affine", [("Affine.x = x", "self.x = x")]),
    ("net_softmax_twice.py", "TwoLayerNet", [("return softmax(x)", "return x")]),
    (
        "net_swapped_gradients.py",
        "TwoLayerNet",
        [
            ("grads['W1'] = self.layers['Affine2'].dW", "grads['W1'] = self.layers['Affine1'].dW"),
            ("grads['W2'] = self.layers['Affine1'].dW", "grads['W2'] = self.layers['Affine2'].dW"),
        ],
    ),
]


def text_with(path: Path, name: str, line: str) -> str:
    """The chunk of a file that has a definition and a line."""
    for module in sources.read(path).modules:
        for chunk in module.chunks:
            found = definition_in(chunk.text, name)
            if found is not None and line in chunk.text:
                return chunk.text
    raise AssertionError(f"{path} has no {name} with {line!r}")


def definition_in(text: str, name: str) -> ClassOrFunction | None:
    """The class or function of that name at the top of a text."""
    tree = parsed(text)
    for node in tree.body if tree else ():
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return node
    return None
