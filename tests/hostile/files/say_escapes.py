"""Error messages that would steer a terminal, or break a line."""


class Relu:
    def forward(self, x):
        raise ValueError("\x1b[2J\x1b]0;title\x07owned\r\n✓ Relu passes\u202etxt\x9b31m")

    def backward(self, dout):
        return dout


class Sigmoid:
    raise ValueError("\x1b[31mred\x1b[0m\n✓ Sigmoid passes")

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
