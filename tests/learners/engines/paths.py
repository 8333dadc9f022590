"""No order at all: each path sends its share on, and there is no division."""

import math


class Num:
    def __init__(self, v, edges=()):
        self.v = v
        self.g = 0
        self.edges = edges

    def __add__(self, o):
        return Num(self.v + o.v, [(self, 1), (o, 1)])

    def __sub__(self, o):
        return Num(self.v - o.v, [(self, 1), (o, -1)])

    def __mul__(self, o):
        return Num(self.v * o.v, [(self, o.v), (o, self.v)])

    def cos(self):
        return Num(math.cos(self.v), [(self, -math.sin(self.v))])

    def backprop(self, upstream=1):
        self.g += upstream
        for child, weight in self.edges:
            child.backprop(upstream * weight)
