import numpy as np


class Dense:
    def __init__(self, input_size, output_size):
        self.weights = np.random.randn(output_size, input_size)
        self.bias = np.random.randn(output_size, 1)

    def forward(self, column):
        self.column = column
        return self.weights @ column + self.bias

    def backward(self, output_gradient, learning_rate):
        column_gradient = self.weights.T @ output_gradient
        self.weights -= learning_rate * output_gradient @ self.column.T  # WRONG: self.weights += learning_rate * output_gradient @ self.column.T
        self.bias -= learning_rate * output_gradient  # WRONG: self.bias -= learning_rate * output_gradient[::-1]
        return column_gradient  # WRONG: return self.weights.T @ output_gradient
