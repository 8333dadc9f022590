class Momentum:
    def __init__(self, alpha=0.01, beta=0.9):
        self.alpha, self.beta = alpha, beta
        self.speed = {}

    def update(self, layer):
        vw, vb = self.speed.get(id(layer), (0, 0))
        vw = self.beta * vw + self.alpha * layer.dW
        vb = self.beta * vb + layer.dB
        layer.W -= self.alpha * vw
        layer.B -= self.alpha * vb
        self.speed[id(layer)] = vw, vb
