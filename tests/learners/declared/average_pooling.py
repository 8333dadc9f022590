import numpy as np


# trigrad: x: N C H W; build: AvgPool(kernel=3, stride=1)
class AvgPool:
    def __init__(self, kernel, stride):
        self.kernel, self.stride = kernel, stride

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        k, s = self.kernel, self.stride
        rows = range(0, x.shape[2] - k + 1, s)
        cols = range(0, x.shape[3] - k + 1, s)
        self.shape = x.shape
        return np.stack(
            [np.stack([x[:, :, i:i + k, j:j + k].mean(axis=(2, 3)) for j in cols], axis=-1)
             for i in rows],
            axis=2,
        )

    def backward(self, dout):
        k, s = self.kernel, self.stride
        dx = np.zeros(self.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                share = dout[:, :, i, j][:, :, None, None] / (k * k)
                dx[:, :, i * s:i * s + k, j * s:j * s + k] += share
        return dx
