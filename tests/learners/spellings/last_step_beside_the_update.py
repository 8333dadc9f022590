class Affine:
    def __init__(self, W, b, lr=0.1):
        self.W, self.b, self.lr = W, b, lr

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        dx = dout @ self.W.T
        self.last_step = self.lr * (self.x.T @ dout)
        self.last_step_b = self.lr * dout.sum(axis=0)  # WRONG: self.last_step_b = self.lr * dout.mean(axis=0)
        self.W = self.W - self.last_step  # WRONG: self.W = self.W - self.last_step * 2
        self.b = self.b - self.last_step_b
        return dx  # WRONG: return dout @ self.W.T
