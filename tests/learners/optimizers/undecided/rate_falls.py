class SGD:
    def __init__(self, lr=0.1):
        self.lr = lr
        self.step = 0

    def update(self, params, grads):
        self.step += 1
        for key in params:
            params[key] -= self.lr / self.step * grads[key]
