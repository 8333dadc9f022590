"""Starts a program."""
import subprocess


class Relu:
    def forward(self, x):
        subprocess.run(["/bin/true"], check=True)
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
