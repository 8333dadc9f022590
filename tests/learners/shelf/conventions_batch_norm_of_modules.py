import numpy as np


class BatchNorm1d:
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.eps = eps
        self.momentum = momentum
        self.gamma = np.ones(num_features)
        self.beta = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.training = True

    def forward(self, x):
        if self.training:
            self.mean = x.mean(0)
            self.var = x.var(0)
            m = self.momentum
            self.running_mean = (1 - m) * self.running_mean + m * self.mean
            self.running_var = (1 - m) * self.running_var + m * self.var
        else:
            self.mean, self.var = self.running_mean, self.running_var
        self.std = np.sqrt(self.var + self.eps)
        self.x_hat = (x - self.mean) / self.std
        return self.gamma * self.x_hat + self.beta

    def backward(self, grad):
        self.dgamma = (grad * self.x_hat).sum(0)
        self.dbeta = grad.sum(0)
        g = grad * self.gamma
        return (g - g.mean(0) - self.x_hat * (g * self.x_hat).mean(0)) / self.std
