# notes on dense layers; results are left in the object, nothing is returned
import numpy as np


class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = np.random.standard_normal((n_inputs, n_neurons)) / 10
        self.biases = np.zeros((1, n_neurons))

    def forward(self, batch):
        self.batch = batch
        self.output = batch @ self.weights + self.biases

    def backward(self, dvalues):
        self.dweights = self.batch.T @ dvalues  # WRONG: self.dweights = self.batch.T @ dvalues / len(dvalues)
        self.dbiases = dvalues.sum(axis=0, keepdims=True)  # WRONG: self.dbiases = dvalues.mean(axis=0, keepdims=True)
        self.dinputs = dvalues @ self.weights.T  # WRONG: self.dinputs = 2 * dvalues @ self.weights.T


class Activation_ReLU:
    def forward(self, batch):
        self.batch = batch
        self.output = np.where(batch > 0, batch, 0)

    def backward(self, dvalues):
        self.dinputs = np.where(self.batch > 0, dvalues, 0)  # WRONG: self.dinputs = np.where(dvalues > 0, dvalues, 0)
