"""A thread throws exceptions into the main thread, wherever that happens to be."""
import ctypes
import threading
import time


def throw(target):
    for _ in range(10_000):
        number = ctypes.c_ulong(target)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(number, ctypes.py_object(KeyError))
        time.sleep(0.0005)


class Relu:
    thread = None

    def forward(self, x):
        if Relu.thread is None:
            main = threading.get_ident()
            Relu.thread = threading.Thread(target=throw, args=(main,), daemon=True)
            Relu.thread.start()
            time.sleep(0.01)
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
