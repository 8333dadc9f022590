import numpy as np


class Hardtanh:
    """clip(x, -1, 1)"""

    def forward(self, x):
        self.inside = (x > -1) & (x < 1)
        return np.clip(x, -1, 1)

    def backward(self, dout):
        return np.where(self.inside, dout, 0)


class HardSigmoid:
    """like Keras: 0.2 x + 0.5"""

    def forward(self, x):
        self.x = x
        return np.maximum(0, np.minimum(1, 0.2 * x + 0.5))

    def backward(self, dout):
        return dout * np.where(np.abs(self.x) < 2.5, 0.2, 0)


class HardSwish:
    def forward(self, x):
        self.x = x
        return x * np.minimum(np.maximum(x + 3, 0), 6) / 6

    def backward(self, dout):
        d = np.where(self.x <= -3, 0, np.where(self.x >= 3, 1, self.x / 3 + 0.5))
        return dout * d


class ReLU6:
    def forward(self, x):
        self.x = x
        return np.clip(x, 0, 6)

    def backward(self, dout):
        dx = dout.copy()
        dx[self.x < 0] = 0
        dx[self.x > 6] = 0
        return dx


class Mish:
    def forward(self, x):
        self.x = x
        return x * np.tanh(np.log(1 + np.exp(x)))

    def backward(self, dout):
        w = np.exp(self.x)
        t = np.tanh(np.log(1 + w))
        return dout * (t + self.x * (1 - t ** 2) * w / (1 + w))


class SoftSign:
    def forward(self, x):
        self.x = x
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return dout / (1 + np.abs(self.x)) ** 2
