"""One call into C code that looks at no signal and lets nobody else run for half a minute."""
import itertools


class Sigmoid:
    def forward(self, x):
        sum(itertools.repeat(1, 2_000_000_000))
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
