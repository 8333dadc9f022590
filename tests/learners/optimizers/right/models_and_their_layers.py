import numpy as np


class RMSprop:

    def __init__(self, model, learning_rate=1e-6, decay_rate=0.99, epsilon=1e-7):
        self.model = model
        self.learning_rate = learning_rate
        self.decay_rate = decay_rate
        self.cache = {layer: {key: np.zeros_like(param) for key, param in layer.params.items()} for layer in model.layers if 'params' in layer.__dir__()}
        self.epsilon = epsilon

    def step(self):
        for layer in self.model.layers:
            if 'params' in layer.__dir__():
                for key, param in layer.params.items():
                    self.cache[layer][key] = self.decay_rate * self.cache[layer][key] + (1 - self.decay_rate) * layer.grads[key] ** 2
                    param += -self.learning_rate * layer.grads[key] / (np.sqrt(self.cache[layer][key]) + self.epsilon)

    def zero_grad(self):
        for layer in self.model.layers:
            if 'params' in layer.__dir__():
                layer.zero_grad()


class OptimizerSGD:

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def update_params(self, layer):
        layer.synaptic_weights += - self.learning_rate * layer.dweights
        layer.biases += - self.learning_rate * layer.dbiases


class Adam(object):

    def __init__(self, model, lr=1e-3, reg=0.0):
        self.model = model
        self.lr = lr
        self.m = {k: np.zeros_like(v) for k, v in model.params.items()}
        self.v = {k: np.zeros_like(v) for k, v in model.params.items()}
        self.t = 0

    def step(self, grads):
        self.t += 1
        for k in grads:
            self.m[k] = 0.9 * self.m[k] + 0.1 * grads[k]
            self.v[k] = 0.999 * self.v[k] + 0.001 * grads[k] ** 2
            mh = self.m[k] / (1 - 0.9 ** self.t)
            vh = self.v[k] / (1 - 0.999 ** self.t)
            self.model.params[k] -= self.lr * mh / (np.sqrt(vh) + 1e-8)


class Momentum:

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = None

    def update(self, network, grads):
        if self.v is None:
            self.v = {k: np.zeros_like(p) for k, p in network.params.items()}
        for k in network.params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            network.params[k] += self.v[k]


class AdaGrad:

    def __init__(self, lr=0.01, epsilon=1e-8):
        self.lr = lr; self.epsilon = epsilon; self.cache = {}

    def update(self, layers):
        for i, layer in enumerate(layers):
            if i not in self.cache:
                self.cache[i] = [np.zeros_like(layer.W), np.zeros_like(layer.b)]
            self.cache[i][0] += layer.dW ** 2
            self.cache[i][1] += layer.db ** 2
            layer.W -= self.lr * layer.dW / (np.sqrt(self.cache[i][0]) + self.epsilon)
            layer.b -= self.lr * layer.db / (np.sqrt(self.cache[i][1]) + self.epsilon)
