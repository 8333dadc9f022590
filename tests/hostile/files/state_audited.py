"""An audit hook that refuses whatever Python does from now on."""
import sys


def refuse(event, arguments):
    raise RuntimeError(f"refused: {event}")


class Relu:
    def forward(self, x):
        sys.addaudithook(refuse)
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
