"""Autograd on the learner's own forward: a NumPy function is run on PyTorch's tensors."""

from trigrad.tracing.own_gradient import own_gradient, trace
from trigrad.tracing.traced import Traced, Untraceable

__all__ = ["Traced", "Untraceable", "own_gradient", "trace"]
