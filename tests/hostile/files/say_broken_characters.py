"""Error messages of characters that can't be written: lone surrogates, zero bytes."""


class Relu:
    def forward(self, x):
        raise ValueError("owned \ud800\udfff \x00 \uffff")

    def backward(self, dout):
        return dout


class Sigmoid:
    raise ValueError("owned \ud800 \x00")

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
