class SGD:
    """確率的勾配降下法"""

    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for param, grad in zip(params, grads):
            param = param - self.lr * grad
