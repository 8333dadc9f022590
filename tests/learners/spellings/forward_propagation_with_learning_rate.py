import numpy as np


class FCLayer:
    def __init__(self, input_size, output_size):
        self.weights = np.random.uniform(-0.5, 0.5, (input_size, output_size))
        self.bias = np.random.uniform(-0.5, 0.5, (1, output_size))

    def forward_propagation(self, data):
        self.data = data
        return data.dot(self.weights) + self.bias

    def backward_propagation(self, error, learning_rate):
        back = error.dot(self.weights.T)
        self.weights -= learning_rate * self.data.T.dot(error)  # WRONG: self.weights += learning_rate * self.data.T.dot(error)
        self.bias -= learning_rate * error.sum(axis=0)  # WRONG: self.bias -= learning_rate * error.mean(axis=0)
        return back
