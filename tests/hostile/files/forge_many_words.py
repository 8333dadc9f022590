"""A message of thirty thousand long words, each of which the judge would have to read."""
import importlib
import os
import struct


class Relu:
    def forward(self, x):
        hints = [f"{i:07}" + "\x1b" * 1990 for i in range(30_000)]
        raised = {
            "call": "forward", "error": "ValueError", "message": "many words", "where": None,
            "hints": hints, "absent": None,
        }
        message = {"results": [raised], "arrays": []}
        body = importlib.import_module("msgpack").packb(message)
        rest = memoryview(struct.pack("!Q", len(body)) + body)
        while rest:
            rest = rest[os.write(3, rest) :]
        os._exit(0)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
