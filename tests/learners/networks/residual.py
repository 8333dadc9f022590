import numpy as np


class Fc:
    def __init__(self, d, m, seed):
        g = np.random.RandomState(seed)
        self.W, self.b = g.normal(size=(d, m)) * 0.5, np.zeros(m)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = (self.x.T @ dout, dout.sum(0))  # WRONG layer 6: self.dW, self.db = self.x.T @ dout, dout.sum()
        return dout @ self.W.T


class Tanh_:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)  # WRONG layer 5: return dout * (1 - self.out)


class Block:
    def __init__(self, d, seed):
        self.fc, self.act = Fc(d, d, seed), Tanh_()

    def forward(self, x):
        return x + self.act.forward(self.fc.forward(x))

    def backward(self, dout):
        inner = self.fc.backward(self.act.backward(dout))
        return dout + inner  # WRONG own blocks[1]: return inner


# trigrad: x: N 3; build: ResNet(3)
class ResNet:
    def __init__(self, d):
        self.stem = Fc(d, d, 1)
        self.blocks = [Block(d, 2), Block(d, 3)]
        self.head = Fc(d, 2, 4)

    def forward(self, x):
        x = self.stem.forward(x)
        for block in self.blocks:
            x = block.forward(x)
        return self.head.forward(x)

    def backward(self, dout):
        dout = self.head.backward(dout)
        for block in reversed(self.blocks):  # WRONG joint blocks[0]: for block in self.blocks:
            dout = block.backward(dout)
        return self.stem.backward(dout)
