"""A class body breaks builtins for everybody: sum, abs, max, print, open."""
import builtins


def broken(*arguments, **options):
    return 0


class Relu:
    builtins.sum = builtins.abs = builtins.max = builtins.sorted = broken
    builtins.print = builtins.open = builtins.float = broken

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)
