"""A timer raises an exception wherever the code happens to be, the worker's own included."""
import signal
import time


def ring(number, frame):
    raise RuntimeError("the alarm rings")


class Relu:
    def forward(self, x):
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        time.sleep(0.01)
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
