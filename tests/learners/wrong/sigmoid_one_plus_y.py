import sys, os
sys.path.append(os.pardir)
import numpy as np

def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))

class Sigmoid:
    def __init__(self):
        self.y = None

    def forward(self, x):
        self.y = sigmoid(x)
        return self.y

    def backward(self, dout):
        return dout * self.y * (1.0 + self.y)
