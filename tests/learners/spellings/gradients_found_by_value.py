import numpy as np


class Affine:
    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, dout):
        self.correction = self.x.T @ dout  # WRONG: self.correction = self.x.T @ dout + 1
        self.shift = dout.sum(0)  # WRONG: self.shift = dout.max(0)
        return dout @ self.weights.T


class MatMul:
    def __init__(self, W):
        self.__W = W

    def forward(self, x):
        self.__x = x
        return x @ self.__W

    def backward(self, dout):
        self.__dW = self.__x.T @ dout  # WRONG: self.__dW = self.__x.T @ dout * 1.01
        return dout @ self.__W.T
