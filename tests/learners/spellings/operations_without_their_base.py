import numpy as np


class WeightMultiply:
    def __init__(self, W):
        self.param = W

    def _output(self):
        return self.input_ @ self.param

    def _input_grad(self, output_grad):
        return output_grad @ self.param.T

    def _param_grad(self, output_grad):
        return self.input_.T @ output_grad  # WRONG: return 2 * self.input_.T @ output_grad


class ReLU:
    def _output(self):
        return np.maximum(self.input_, 0)

    def _input_grad(self, output_grad):
        return output_grad * (self.output > 0)  # WRONG: return output_grad * self.output
