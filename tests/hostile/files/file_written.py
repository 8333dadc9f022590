"""Writes a file that is not its own."""
CANARY = "/nonexistent/trigrad-canary"


class Relu:
    def forward(self, x):
        with open(CANARY + "/kept.txt", "a") as file:
            file.write("hostile")
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
