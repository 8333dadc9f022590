from common.functions import *

class SoftmaxWithLoss:

    def __init__(self):
        self.loss = None
        self.y = None # 出力
        self.t = None # 正解 (one-hot)

    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        self.loss = cross_entropy_error(self.y, self.t)
        return self.loss

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        dout = dout / batch_size
        dx = dout * (self.y - self.t) / batch_size
        return dx
