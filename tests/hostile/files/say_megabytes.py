"""Error messages of ten megabytes."""


class Relu:
    def forward(self, x):
        raise ValueError("long " * 2_000_000)

    def backward(self, dout):
        return dout


class Sigmoid:
    raise ValueError("long " * 2_000_000)

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
