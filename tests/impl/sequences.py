"""What the tests of the sequence layers share: drawn arrays, PyTorch's gradients, comparison."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

RTOL = 1e-10
"""Both sides compute in float64, in other orders; nothing here cancels more than a few digits."""


def drawn(seed: int, *shape: int, dtype: Any = np.float64) -> Any:
    """Normally distributed numbers, that may not be written to."""
    array = np.random.default_rng(seed).normal(size=shape).astype(dtype)
    array.flags.writeable = False
    return array


def torch_gradients(
    f: Callable[..., Any], douts: Any, arrays: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """f's outputs, and the gradient of the sum of <dout, out> with respect to each array."""
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}
    outs = f(**tensors)
    outs = outs if isinstance(outs, tuple) else (outs,)
    douts = douts if isinstance(douts, tuple) else (douts,)
    total = sum((out * torch.tensor(d)).sum() for out, d in zip(outs, douts, strict=True))
    total.backward()
    found = {n: t.grad.numpy() for n, t in tensors.items() if t.grad is not None}
    return [out.detach().numpy() for out in outs], found


def assert_same(found: Any, due: Any) -> None:
    """Equal shapes, and values up to rounding."""
    assert np.shape(found) == np.shape(due)
    largest = float(np.max(np.abs(due), initial=0))
    np.testing.assert_allclose(found, due, rtol=RTOL, atol=RTOL * largest)
