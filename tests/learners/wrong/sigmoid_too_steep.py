import numpy as np
from typing import Optional


class Sigmoid:
    GAIN = 2.0

    def __init__(self) -> None:
        self.out: Optional[np.ndarray] = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.out = 1 / (1 + np.exp(-self.GAIN * x))
        return self.out

    def backward(self, dout: np.ndarray) -> np.ndarray:
        return self.GAIN * dout * self.out * (1 - self.out)
