"""What one way of tracing has to give, so that its stand-ins get into the learner's code."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np


class Kit(Protocol):
    """What one way of tracing gives in place of NumPy's own."""

    array_type: Any
    """What stands for `np.ndarray`."""
    vectorize: Any
    """What stands for `np.vectorize`."""
    classes: tuple[Any, ...]
    """Classes of NumPy's that are called as functions."""

    def wrapped(self, value: Any) -> Any:
        """What NumPy gave, with stand-ins for new float arrays."""

    def holds(self, value: Any) -> bool:
        """Whether a value is a stand-in, or a nested list with one."""

    def function(self, real: Any, name: str, args: Any, kwargs: Any) -> Any:
        """A function with a stand-in among its arguments."""

    def ufunc(self, real: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
        """A ufunc or one of its methods, on anything."""

    def array(self, values: Any, /) -> Any:
        """A nested list with stand-ins as one array."""

    def erf(self, value: Any, /) -> Any:
        """The error function, which NumPy has not."""

    def converted(self, value: Any, dtype: np.dtype[Any], /) -> Any:
        """A stand-in in another dtype."""
