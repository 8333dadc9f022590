import numpy as np


# trigrad: mu: N Z; logvar: N Z
class KLDivergence:
    def forward(self, mu, logvar):
        self.mu, self.logvar = mu, logvar
        return -0.5 * np.sum(1 + logvar - mu ** 2 - np.exp(logvar)) / mu.shape[0]

    def backward(self, dloss=1.0):
        n = self.mu.shape[0]
        dmu = self.mu / n * dloss
        dlogvar = 0.5 * (np.exp(self.logvar) - 1) / n * dloss
        return dmu, dlogvar
