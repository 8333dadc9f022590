"""Wrong, with a tracer and a profiler that see every call and change what they can."""
import sys

import numpy as np


def tracer(frame, event, argument):
    for name, value in frame.f_locals.items():
        if name in ("value", "values", "result") and isinstance(value, np.ndarray):
            value[...] = 0
    return tracer


class Relu:
    def forward(self, x):
        sys.settrace(tracer)
        sys.setprofile(tracer)
        return np.where(x > 0, x, 0)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
