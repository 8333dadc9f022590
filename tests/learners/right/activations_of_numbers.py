# One neuron with plain Python numbers, no NumPy: every function gets a single number.
import math


def step_function(x):
    if x > 0:
        return 1
    else:
        return 0


def tanh(x):
    return (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x))


def relu(x):
    return max(0, x)


def leaky_relu(x, alpha=0.1):
    return x if x > 0 else alpha * x


def softplus(x):
    return math.log(1 + math.exp(x))


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + math.exp(-x))
        return self.y

    def backward(self, dout):
        return dout * self.y * (1 - self.y)
