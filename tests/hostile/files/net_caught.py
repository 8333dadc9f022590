"""Right, if nobody can be reached: TCP, UDP, Unix sockets with and without a file."""
import socket

import numpy as np

PORT = 1
NAME = "trigrad-hostile-nobody"
CANARY = "/nonexistent/trigrad-canary"


def reached():
    internet, unix = socket.AF_INET, socket.AF_UNIX
    ways = (
        (internet, socket.SOCK_STREAM, ("127.0.0.1", PORT)),
        (internet, socket.SOCK_DGRAM, ("127.0.0.1", PORT)),
        (unix, socket.SOCK_STREAM, "\0" + NAME),
        (unix, socket.SOCK_STREAM, CANARY + "/socket"),
    )
    for family, kind, address in ways:
        try:
            with socket.socket(family, kind) as it:
                it.settimeout(2)
                it.connect(address)
                it.send(b"hostile")
                return True
        except OSError:
            pass
    return False


class Relu:
    tried = None

    def forward(self, x):
        if Relu.tried is None:
            Relu.tried = reached()
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        if Relu.tried:
            return dout
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
