"""Writes one file without end in its own folder, and leaves it there."""


class Relu:
    def forward(self, x):
        with open("trigrad-hostile-endless", "wb") as file:
            for _ in range(64):
                file.write(bytes(2**20))
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
