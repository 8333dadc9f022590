class Affine:
    def forward(self, x, W, b):
        self.x, self.W = x, W
        return x @ W + b

    def backward(self, dout):
        return dout @ self.W.T, self.x.T @ dout, dout.sum(axis=0)  # WRONG: return dout @ self.W.T, dout.T @ self.x, dout.sum(axis=0)


class MatMul:
    def forward(self, x, w):
        self.x, self.w = x, w
        return x @ w

    def backward(self, dout):
        return dout @ self.w.T, self.x.T @ dout  # WRONG: return dout @ self.w, self.x.T @ dout
