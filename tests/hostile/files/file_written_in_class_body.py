"""Writes and deletes files while its class is made."""
import os

CANARY = "/nonexistent/trigrad-canary"


class Relu:
    os.remove(CANARY + "/kept.txt")

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class Sigmoid:
    open(CANARY + "/new.txt", "w")

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
