"""Layers with type hints. Needs Python 3.8+."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional, Tuple

import numpy as np


@dataclass
class MulLayer:
    """Element-wise product."""

    x: Optional[np.ndarray] = None
    y: Optional[np.ndarray] = None

    def forward(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        self.x, self.y = x, y
        return x * y

    def backward(self, dout: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        assert self.x is not None and self.y is not None, "call forward first"
        return dout * self.y, dout * self.x


@dataclass(eq=False)
class Affine:
    """y = xW + b"""

    W: np.ndarray
    b: np.ndarray
    dW: Optional[np.ndarray] = field(default=None, init=False, repr=False)
    db: Optional[np.ndarray] = field(default=None, init=False, repr=False)
    _x: Optional[np.ndarray] = field(default=None, init=False, repr=False)

    def forward(self, x: np.ndarray) -> np.ndarray:
        self._x = x
        return x @ self.W + self.b

    def backward(self, dout: np.ndarray) -> np.ndarray:
        self.dW = self._x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class Sigmoid:
    __slots__ = ("_y",)

    _y: np.ndarray

    def forward(self, x: np.ndarray) -> np.ndarray:
        self._y = 1.0 / (1.0 + np.exp(-x))
        return self._y

    def backward(self, dout: np.ndarray) -> np.ndarray:
        return dout * self._y * (1.0 - self._y)
