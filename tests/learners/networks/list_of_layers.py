import numpy as np


class FullyConnected:
    def __init__(self, n_in, n_out, rng):
        self.weights = rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)
        self.bias = np.zeros((1, n_out))

    def forward_pass(self, inputs):
        self.inputs = inputs
        return inputs @ self.weights + self.bias

    def backward_pass(self, grad):
        self.grad_weights = self.inputs.T @ grad
        self.grad_bias = grad.sum(axis=0, keepdims=True)  # WRONG layer 3: self.grad_bias = grad.mean(axis=0, keepdims=True)
        return grad @ self.weights.T


class Elu:
    def forward_pass(self, inputs):
        self.outputs = np.where(inputs > 0, inputs, np.exp(inputs) - 1)
        return self.outputs

    def backward_pass(self, grad):
        return grad * np.where(self.outputs > 0, 1, self.outputs + 1)  # WRONG layer 2: return grad * np.where(self.outputs > 0, 1, self.outputs)


class SquaredError:
    def forward_pass(self, predicted, wanted):
        self.difference = predicted - wanted
        return np.mean(self.difference**2)

    def backward_pass(self):
        return (2 * self.difference / self.difference.size)  # WRONG layer 4: return 2 * self.difference / len(self.difference)


# trigrad: x: N 3; y: fixed N 2; build: Regressor()
class Regressor:
    def __init__(self):
        rng = np.random.default_rng(3)
        self.stack = [FullyConnected(3, 4, rng), Elu(), FullyConnected(4, 2, rng)]
        self.criterion = SquaredError()

    def loss(self, x, y):
        for each in self.stack:
            x = each.forward_pass(x)
        return self.criterion.forward_pass(x, y)

    def gradient(self, x, y):
        self.loss(x, y)
        grad = self.criterion.backward_pass()
        for each in reversed(self.stack):
            grad = each.backward_pass(grad)
        first, last = self.stack[0], self.stack[2]
        return [first.grad_weights, first.grad_bias, last.grad_weights, last.grad_bias]
