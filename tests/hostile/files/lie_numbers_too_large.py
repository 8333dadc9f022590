"""Answers with whole numbers that fit into no float."""
import numpy as np


class MulLayer:
    def forward(self, x, y):
        return 10**400

    def backward(self, dout):
        return 10**400, -(10**400)


class Sigmoid:
    def forward(self, x):
        return np.array(2**64 - 1, np.uint64)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
