import numpy as np


class Conv2D:
    def __init__(self, n_filters, size, depth, pad):
        self.size, self.pad = size, pad
        self.filters = np.random.randn(n_filters, depth, size, size) / size ** 2
        self.offsets = np.zeros(n_filters)

    def forward(self, image):
        p = self.pad
        self.image = np.pad(image, ((0, 0), (0, 0), (p, p), (p, p)))
        n, _, h, w = self.image.shape
        k = self.size
        out = np.zeros((n, len(self.filters), h - k + 1, w - k + 1))
        for i in range(h - k + 1):
            for j in range(w - k + 1):
                patch = self.image[:, :, i : i + k, j : j + k]
                out[:, :, i, j] = np.tensordot(patch, self.filters, ((1, 2, 3), (1, 2, 3)))
        return out + self.offsets[:, None, None]

    def backward(self, dout):
        k, p = self.size, self.pad
        d_image = np.zeros_like(self.image)
        self.d_filters = np.zeros_like(self.filters)
        self.d_offsets = dout.sum(axis=(0, 2, 3))  # WRONG: self.d_offsets = dout.mean(axis=(0, 2, 3))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                d = dout[:, :, i, j]
                patch = self.image[:, :, i : i + k, j : j + k]
                self.d_filters += np.tensordot(d, patch, (0, 0))
                d_image[:, :, i : i + k, j : j + k] += np.tensordot(d, self.filters, (1, 0))  # WRONG: d_image[:, :, i : i + k, j : j + k] = np.tensordot(d, self.filters, (1, 0))
        return d_image[:, :, p:-p, p:-p]


conv = Conv2D(4, 3, 2, pad=1)
x = np.random.randn(3, 2, 5, 5)
print(conv.forward(x).shape)
