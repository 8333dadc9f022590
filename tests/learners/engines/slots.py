"""A dataclass with slots; the exponent may be an object too; constants are kept apart."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Callable


@dataclass(slots=True, eq=False)
class Real:
    val: float
    grad: float = 0.0
    args: tuple[Real, ...] = ()
    pull: Callable[[float], tuple[float, ...]] = field(default=lambda g: ())

    @staticmethod
    def of(x: Real | float) -> Real:
        return x if isinstance(x, Real) else Real(float(x))

    def __add__(self, other):
        other = Real.of(other)
        return Real(self.val + other.val, args=(self, other), pull=lambda g: (g, g))

    def __mul__(self, other):
        other = Real.of(other)
        return Real(
            self.val * other.val, args=(self, other), pull=lambda g: (g * other.val, g * self.val)
        )

    def __sub__(self, other):
        other = Real.of(other)
        return Real(self.val - other.val, args=(self, other), pull=lambda g: (g, -g))

    def __truediv__(self, other):
        other = Real.of(other)
        q = self.val / other.val
        return Real(q, args=(self, other), pull=lambda g: (g / other.val, -g * q / other.val))

    def __pow__(self, other):
        other = Real.of(other)
        p = self.val**other.val

        def pull(g):
            base = g * other.val * self.val ** (other.val - 1)
            return base, g * p * math.log(self.val) if self.val > 0 else 0.0

        return Real(p, args=(self, other), pull=pull)

    def __radd__(self, other):
        return Real.of(other) + self

    def __rmul__(self, other):
        return Real.of(other) * self

    def __rsub__(self, other):
        return Real.of(other) - self

    def __rtruediv__(self, other):
        return Real.of(other) / self

    def __rpow__(self, other):
        return Real.of(other) ** self

    def __neg__(self):
        return Real(-self.val, args=(self,), pull=lambda g: (-g,))

    def __abs__(self):
        return Real(abs(self.val), args=(self,), pull=lambda g: (g * math.copysign(1, self.val),))

    def sqrt(self):
        r = math.sqrt(self.val)
        return Real(r, args=(self,), pull=lambda g: (g / (2 * r),))

    def backward(self):
        order: list[Real] = []
        seen: set[int] = set()

        def visit(node: Real):
            if id(node) not in seen:
                seen.add(id(node))
                for each in node.args:
                    visit(each)
                order.append(node)

        visit(self)
        self.grad += 1.0
        while order:
            node = order.pop()
            for arg, part in zip(node.args, node.pull(node.grad)):
                arg.grad += part
