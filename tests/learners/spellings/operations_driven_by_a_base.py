import numpy as np


class Operation:
    def forward(self, input_):
        self.input_ = input_
        self.output = self._output()
        return self.output

    def backward(self, output_grad):
        return self._input_grad(output_grad)

    def _output(self):
        raise NotImplementedError

    def _input_grad(self, output_grad):
        raise NotImplementedError


class WeightMultiply(Operation):
    def __init__(self, W):
        self.param = W

    def backward(self, output_grad):
        self.param_grad = self._param_grad(output_grad)
        return self._input_grad(output_grad)

    def _output(self):
        return self.input_ @ self.param

    def _input_grad(self, output_grad):
        return output_grad @ self.param.T

    def _param_grad(self, output_grad):
        return self.input_.T @ output_grad  # WRONG: return -self.input_.T @ output_grad


class Sigmoid(Operation):
    def _output(self):
        return 1 / (1 + np.exp(-self.input_))

    def _input_grad(self, output_grad):
        return output_grad * self.output * (1 - self.output)  # WRONG: return output_grad * self.output * (1 - self.input_)
