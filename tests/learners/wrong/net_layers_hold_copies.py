import numpy as np
from common.functions import softmax, cross_entropy_error
from common.gradient import numerical_gradient


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        out = np.dot(x, self.W) + self.b
        return out

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        return np.where(self.mask, 0, dout)


class SoftmaxWithLoss:
    def __init__(self):
        self.y = None
        self.t = None

    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        return cross_entropy_error(self.y, self.t)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / self.t.shape[0]


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        W1 = weight_init_std * np.random.randn(input_size, hidden_size)
        b1 = np.zeros(hidden_size)
        W2 = weight_init_std * np.random.randn(hidden_size, output_size)
        b2 = np.zeros(output_size)
        self.params = {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}

        # 防止在层里面把参数改掉，所以传一份拷贝
        p = {k: v.copy() for k, v in self.params.items()}
        self.affine1 = Affine(p['W1'], p['b1'])
        self.relu = Relu()
        self.affine2 = Affine(p['W2'], p['b2'])
        self.last = SoftmaxWithLoss()

    def predict(self, x):
        h = self.relu.forward(self.affine1.forward(x))
        return self.affine2.forward(h)

    def loss(self, x, t):
        return self.last.forward(self.predict(x), t)

    def accuracy(self, x, t):
        y = np.argmax(self.predict(x), axis=1)
        return np.mean(y == np.argmax(t, axis=1))

    def numerical_gradient(self, x, t):
        return {k: numerical_gradient(lambda w: self.loss(x, t), v)
                for k, v in self.params.items()}

    def gradient(self, x, t):
        self.loss(x, t)
        d = self.last.backward()
        d = self.affine2.backward(d)
        d = self.relu.backward(d)
        self.affine1.backward(d)
        return {'W1': self.affine1.dW, 'b1': self.affine1.db,
                'W2': self.affine2.dW, 'b2': self.affine2.db}
