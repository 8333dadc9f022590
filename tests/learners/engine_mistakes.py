"""Single mistakes in the right engines: the file, the text, what stands there instead, and whose
it is (the method, function or class that must be named)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One wrong engine: `text` is replaced by `instead` in a right one, where it occurs first."""

    file: str
    text: str
    instead: str
    inside: str
    """The method, function or class in which it is."""

    @property
    def id(self) -> str:
        """For pytest."""
        return f"{self.file}-{self.inside}-{self.instead.strip()[:40]}"


MISTAKES = [
    Mistake("micro", "self.grad += out.grad\n", "self.grad = out.grad\n", "__add__"),
    Mistake("micro", "other.grad += out.grad\n", "other.grad = out.grad\n", "__add__"),
    Mistake("micro", "other.grad += out.grad\n", "pass\n", "__add__"),
    Mistake("micro", "other.grad += out.grad\n", "other.grad -= out.grad\n", "__add__"),
    Mistake("micro", "other.data * out.grad", "self.data * out.grad", "__mul__"),
    Mistake("micro", "other.data * out.grad", "other.data", "__mul__"),
    Mistake("micro", "self.grad += other.data * out", "self.grad = other.data * out", "__mul__"),
    Mistake("micro", "+= self.data * out.grad", "= self.data * out.grad", "__mul__"),
    Mistake("micro", "+= self.data * out.grad", "+= self.data + out.grad", "__mul__"),
    Mistake("micro", "(power - 1)", "power", "__pow__"),
    Mistake("micro", "+= power * self.data", "+= self.data", "__pow__"),
    Mistake("micro", "(power - 1) * out.grad", "(power - 1)", "__pow__"),
    Mistake("micro", "self.data**power", "self.data**abs(power)", "__pow__"),
    Mistake("micro", "(out.data > 0) * out.grad", "out.grad", "relu"),
    Mistake("micro", "(out.data > 0) * out.grad", "(out.data > 0)", "relu"),
    Mistake("micro", "if self.data > 0 else 0.0", "if self.data < 0 else 0.0", "relu"),
    Mistake("micro", "1 - t**2", "1 - t", "tanh"),
    Mistake("micro", "(1 - t**2) * out.grad", "1 - t**2", "tanh"),
    Mistake("micro", "math.tanh(self.data)", "math.sinh(self.data)", "tanh"),
    Mistake("micro", "out.data * out.grad", "self.data * out.grad", "exp"),
    Mistake("micro", "self.grad += out.data * out.grad", "self.grad = out.data * out.grad", "exp"),
    Mistake("micro", "out.grad / self.data", "out.grad * self.data", "log"),
    Mistake("micro", "visited.add(node)", "pass", "backward"),
    Mistake("micro", "in reversed(order)", "in order", "backward"),
    Mistake("micro", "self.grad = 1.0", "self.grad = 0.0", "backward"),
    Mistake("micro", "self.grad = 1.0", "pass", "backward"),
    Mistake("micro", "                order.append(node)\n", "", "backward"),
    Mistake("micro", "(-self) + other", "self - other", "__rsub__"),
    Mistake("micro", "(-self) + other", "self + (-other)", "__rsub__"),
    Mistake("micro", "self**-1 * other", "self / other", "__rtruediv__"),
    Mistake("micro", "self * other**-1", "self * other**-2", "__truediv__"),
    Mistake("micro", "return self + (-other)", "return self + other", "__sub__"),
    Mistake("micro", "return self * -1", "return self * 1", "__neg__"),
    Mistake("op_classes", "return y, x", "return x, y", "Times"),
    Mistake("op_classes", "return 1.0, -1.0", "return 1.0, 1.0", "Minus"),
    Mistake("op_classes", "-x / (y * y)", "-x / y", "Over"),
    Mistake("op_classes", "s * (1.0 - s)", "1.0 - s", "Logistic"),
    Mistake("op_classes", "math.cos(x)", "-math.cos(x)", "Sine"),
    Mistake("op_classes", "Minus(wrap(other), self)", "Minus(self, wrap(other))", "__rsub__"),
    Mistake("op_classes", "Over(wrap(other), self)", "Over(self, wrap(other))", "__rtruediv__"),
    Mistake("op_classes", "node.gradient += local", "node.gradient = local", ""),
    Mistake("op_classes", "* self.out.gradient", "", ""),
    Mistake("op_classes", "if waiting[id(parent)] == 0:", "if True:", "backward"),
    Mistake("op_classes", "y * x ** (y - 1)", "x ** (y - 1)", "Power"),
    Mistake("variables", "fold(gy * b.data, a.shape)", "fold(gy * a.data, a.shape)", "Mul"),
    Mistake("variables", "fold(gy * b.data, a.shape)", "gy * b.data", "Mul"),
    Mistake("variables", "fold(-gy, b.shape)", "fold(gy, b.shape)", "Sub"),
    Mistake("variables", "/ b.data**2", "/ b.data", "Div"),
    Mistake(
        "variables",
        "gy @ b.data.T, a.data.T @ gy",
        "gy @ b.data.T, (gy.T @ a.data).T * 2",
        "MatMul",
    ),
    Mistake("variables", "1 - self.y**2", "1 - self.y", "Tanh"),
    Mistake("variables", "gy * 2 * self.inputs[0].data", "2 * self.inputs[0].data", "Square"),
    Mistake("variables", "return Sub()(b, a)", "return Sub()(a, b)", "rsub"),
    Mistake(
        "variables",
        "gy.reshape(self.inputs[0].shape)",
        "np.full(self.inputs[0].shape, gy.sum())",
        "Reshape",
    ),
    Mistake("variables", "np.ones(self.inputs[0].shape) * gy", "gy", "Sum"),
    Mistake("variables", "gx if x.grad is None else x.grad.data + gx", "gx", ""),
    Mistake("variables", "heap, (-f.generation, count, f)", "heap, (count, count, f)", "backward"),
    Mistake(
        "tensor",
        "(self, lambda g: g @ other.data.T)",
        "(self, lambda g: g @ other.data)",
        "__matmul__",
    ),
    Mistake(
        "tensor", "lambda g: self.data.T @ g", "lambda g: (g.T @ self.data).T / 2", "__matmul__"
    ),
    Mistake("tensor", "unbroadcast(g * other.data, self.shape)", "g * other.data", "__mul__"),
    Mistake(
        "tensor",
        "(other, lambda g: unbroadcast(g, other.shape))",
        "(other, lambda g: g)",
        "__add__",
    ),
    Mistake(
        "tensor", "return grad.sum(axis=axes, keepdims=True) if axes else grad", "return grad", ""
    ),
    Mistake("tensor", "g / self.data.size", "g", "mean"),
    Mistake("tensor", "np.expand_dims(g, axis)", "np.expand_dims(g, 0)", "sum"),
    Mistake("tensor", "np.add.at(full, key, g)", "full[key] = 1.0", "__getitem__"),
    Mistake("tensor", "g.reshape(self.shape)", "np.sort(g.reshape(self.shape))", "reshape"),
    Mistake("tensor", "if id(parent) in grads else part", "if False else part", "backward"),
    Mistake("japanese", "other.grad -= g", "other.grad += g", "__sub__"),
    Mistake("japanese", "np.dot(self.data.T, g)", "np.dot(self.data, g)", "dot"),
    Mistake("japanese", "self.grad += g * mask", "self.grad += g", "relu"),
    Mistake(
        "japanese",
        "self.grad += g * np.ones_like(self.data)",
        "self.grad += np.ones_like(self.data)",
        "sum",
    ),
    Mistake("paths", "(self, o.v), (o, self.v)", "(self, self.v), (o, o.v)", "__mul__"),
    Mistake("paths", "(o, -1)", "(o, 1)", "__sub__"),
    Mistake("paths", "-math.sin", "math.sin", "cos"),
    Mistake("paths", "self.g += upstream", "self.g = upstream", ""),
    Mistake("slots", "-g * q / other.val", "g * q / other.val", "__truediv__"),
    Mistake("slots", "g / (2 * r)", "g / r", "sqrt"),
    Mistake("slots", "return Real.of(other) ** self", "return self ** other", "__rpow__"),
    Mistake("slots", "g * p * math.log(self.val)", "g * math.log(self.val)", "__pow__"),
    Mistake("tape", "in reversed(TAPE)", "in TAPE", "backward"),
    Mistake("tape", "1 - out.value**2", "1 - out.value", "tanh"),
]
