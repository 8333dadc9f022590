import numpy as np

class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x, dout)
        self.db = np.sum(dout, axis=0)
        return dx


# ためしに 3x3 で
W = np.random.randn(3, 3)
b = np.zeros(3)
a = Affine(W, b)
x = np.random.randn(3, 3)
print(a.forward(x))
print(a.backward(np.ones((3, 3))))
