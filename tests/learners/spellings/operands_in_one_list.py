class MulLayer:
    def forward(self, pair):
        self.x, self.y = pair
        return self.x * self.y

    def backward(self, dout):
        return [dout * self.y, dout * self.x]  # WRONG: return [dout * self.x, dout * self.y]


class AddLayer:
    def forward(self, inputs, in_training=False):
        if in_training:
            self.count = len(inputs)
        return sum(inputs)

    def backward(self, dout):
        return {"dx": dout, "dy": dout}  # WRONG: return {"dx": dout, "dy": -dout}
