"""Tuples, lists and dicts that lie about their length or can't be counted."""


class Long(tuple):
    def __len__(self):
        raise RuntimeError("not counted")

    def __iter__(self):
        raise RuntimeError("not shown")


class Endless(list):
    def __len__(self):
        return 2**40

    def __iter__(self):
        while True:
            yield self


class Relu:
    def forward(self, x):
        return Long()

    def backward(self, dout):
        return Long()


class Sigmoid:
    def forward(self, x):
        return x

    def backward(self, dout):
        return Endless()


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
