"""A tape: every operation is written down, and the tape is played back."""

import numpy as np

TAPE = []


class Array:
    def __init__(self, value):
        self.value = np.asarray(value, dtype=np.float32)
        self.gradient = np.zeros(self.value.shape, dtype=np.float32)

    def backward(self):
        self.gradient = np.ones(self.value.shape, dtype=np.float32)
        for play in reversed(TAPE):
            play()
        TAPE.clear()

    def __add__(self, other):
        out = Array(self.value + other.value)

        def play():
            self.gradient = self.gradient + out.gradient
            other.gradient = other.gradient + out.gradient

        TAPE.append(play)
        return out

    def __mul__(self, other):
        out = Array(self.value * other.value)

        def play():
            self.gradient = self.gradient + out.gradient * other.value
            other.gradient = other.gradient + out.gradient * self.value

        TAPE.append(play)
        return out

    def __matmul__(self, other):
        out = Array(self.value @ other.value)

        def play():
            self.gradient = self.gradient + out.gradient @ other.value.T
            other.gradient = other.gradient + self.value.T @ out.gradient

        TAPE.append(play)
        return out

    def tanh(self):
        out = Array(np.tanh(self.value))

        def play():
            self.gradient = self.gradient + out.gradient * (1 - out.value**2)

        TAPE.append(play)
        return out

    def sum(self):
        out = Array(self.value.sum())

        def play():
            self.gradient = self.gradient + out.gradient * np.ones(self.value.shape)

        TAPE.append(play)
        return out
