"""Messages to the judge of endless length, endless depth, or less than they promise."""
import os
import struct
import time


class Relu:
    def forward(self, x):
        os.write(3, struct.pack("!Q", 2**63))
        return x

    def backward(self, dout):
        return dout


class Sigmoid:
    def forward(self, x):
        os.write(3, struct.pack("!Q", 60_000) + b"\x91" * 60_000)
        return x

    def backward(self, dout):
        return dout


class MulLayer:
    def forward(self, x, y):
        os.write(3, struct.pack("!Q", 100) + b"\x91")
        time.sleep(60)

    def backward(self, dout):
        return dout, dout


class SoftmaxWithLoss:
    def forward(self, x, t):
        os.write(3, struct.pack("!Q", 5) + b"\xdd\xff\xff\xff\xff")
        return 0.0

    def backward(self, dout=1):
        return 0.0


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
