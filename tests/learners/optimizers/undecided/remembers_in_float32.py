import numpy as np


class Adam:

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate = learning_rate
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.m = {}
        self.v = {}
        self.t = {}

    def update(self, layer_id, params, grads):
        if layer_id not in self.m:
            self.m[layer_id] = np.zeros_like(params, dtype=np.float32)
            self.v[layer_id] = np.zeros_like(params, dtype=np.float32)
            self.t[layer_id] = 0
        self.t[layer_id] += 1
        t = self.t[layer_id]
        self.m[layer_id][...] = self.beta_1 * self.m[layer_id] + (1 - self.beta_1) * grads
        self.v[layer_id][...] = self.beta_2 * self.v[layer_id] + (1 - self.beta_2) * grads**2
        m_hat = self.m[layer_id] / (1 - self.beta_1**t)
        v_hat = self.v[layer_id] / (1 - self.beta_2**t)
        return params - self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)
