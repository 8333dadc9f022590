"""Ends its process, while a child keeps the connection to the judge open."""
import os
import time


class Relu:
    def forward(self, x):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        os._exit(5)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
