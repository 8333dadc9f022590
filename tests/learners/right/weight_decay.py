# L2 regularization: every layer adds lambda * W to its own gradient,
# and the net below has the matching term in its loss
import numpy as np


class Affine:
    def __init__(self, W, b, weight_decay=1e-3):
        self.W = W
        self.b = b
        self.weight_decay = weight_decay
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.dW += self.weight_decay * self.W  # not for the bias
        self.db = np.sum(dout, axis=0)
        return dx


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, reg=0.05):
        self.reg = reg
        self.params = {}
        self.params['W1'] = 0.1 * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = 0.1 * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def predict(self, x):
        self.hidden = np.maximum(0, np.dot(x, self.params['W1']) + self.params['b1'])
        return np.dot(self.hidden, self.params['W2']) + self.params['b2']

    def loss(self, x, t):
        scores = self.predict(x)
        scores = scores - scores.max(axis=1, keepdims=True)
        self.probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        data_loss = -np.sum(t * np.log(self.probs + 1e-7)) / x.shape[0]
        W1, W2 = self.params['W1'], self.params['W2']
        return data_loss + 0.5 * self.reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

    def accuracy(self, x, t):
        return np.mean(self.predict(x).argmax(axis=1) == t.argmax(axis=1))

    def gradient(self, x, t):
        self.loss(x, t)
        dscores = (self.probs - t) / x.shape[0]
        grads = {}
        grads['W2'] = np.dot(self.hidden.T, dscores) + self.reg * self.params['W2']
        grads['b2'] = np.sum(dscores, axis=0)
        dhidden = np.dot(dscores, self.params['W2'].T)
        dhidden[self.hidden <= 0] = 0
        grads['W1'] = np.dot(x.T, dhidden) + self.reg * self.params['W1']
        grads['b1'] = np.sum(dhidden, axis=0)
        return grads
