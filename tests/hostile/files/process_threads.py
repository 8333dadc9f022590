"""Starts ten thousand threads."""
import threading
import time


class Relu:
    def forward(self, x):
        for _ in range(10_000):
            threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
