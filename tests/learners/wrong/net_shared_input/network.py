import numpy as np

from activations import Relu
from affine import Affine
from loss import SoftmaxWithLoss


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = dict(
            W1=weight_init_std * np.random.randn(input_size, hidden_size),
            b1=np.zeros(hidden_size),
            W2=weight_init_std * np.random.randn(hidden_size, output_size),
            b2=np.zeros(output_size))
        self.affine1 = Affine(self.params['W1'], self.params['b1'])
        self.relu1 = Relu()
        self.affine2 = Affine(self.params['W2'], self.params['b2'])
        self.criterion = SoftmaxWithLoss()

    def predict(self, x):
        return self.affine2.forward(self.relu1.forward(self.affine1.forward(x)))

    def loss(self, x, t):
        return self.criterion.forward(self.predict(x), t)

    def accuracy(self, x, t):
        return float(np.mean(self.predict(x).argmax(1) == t.argmax(1)))

    def numerical_gradient(self, x, t):
        from common.gradient import numerical_gradient
        return {k: numerical_gradient(lambda _: self.loss(x, t), v)
                for k, v in self.params.items()}

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.criterion.backward()
        for layer in (self.affine2, self.relu1, self.affine1):
            dout = layer.backward(dout)
        return dict(W1=self.affine1.dW, b1=self.affine1.db,
                    W2=self.affine2.dW, b2=self.affine2.db)
