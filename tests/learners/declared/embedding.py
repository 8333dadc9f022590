import numpy as np


# trigrad: weight: V D; ids: labels<V N T; build: Embed(V, D)
class Embed:
    def __init__(self, vocab, dim):
        self.weight = np.random.randn(vocab, dim) * 0.1
        self.grad = np.zeros((vocab, dim))

    def forward(self, ids):
        self.ids = ids
        return self.weight[ids]

    def backward(self, dout):
        self.grad = np.zeros_like(self.weight)
        np.add.at(self.grad, self.ids, dout)
