import numpy as np


class ReLU:
    def forward(self, input):
        return np.maximum(input, 0)

    def backward(self, input, grad_output):
        return grad_output * (input > 0)  # WRONG: return grad_output * (input > 0.5)


class Dense:
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.randn(input_units, output_units) * 0.01
        self.biases = np.zeros(output_units)

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        grad_input = grad_output @ self.weights.T
        step_w = input.T @ grad_output
        step_b = grad_output.sum(axis=0)  # WRONG: step_b = grad_output.mean(axis=0)
        self.weights = self.weights - self.learning_rate * step_w  # WRONG: self.weights = self.weights - self.learning_rate * step_w / 2
        self.biases = self.biases - self.learning_rate * step_b
        return grad_input
