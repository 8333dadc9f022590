"""Says that it is the other layer's class that is being made, and ends the process."""
import importlib
import os
import struct
import sys


def blame():
    label = sys._getframe(1).f_code.co_filename
    body = importlib.import_module("msgpack").packb({"at": [label, 25]})
    os.write(3, struct.pack("!Q", len(body)) + body)
    os._exit(0)


class Relu:
    said = blame()

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
