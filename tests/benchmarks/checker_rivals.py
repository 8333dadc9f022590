"""The other checkers, on the network of a `Bench`: torch.autograd, SciPy, jax.

SciPy and jax are for the benchmark only; where one is not installed its rows say so.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import torch
from checker_shared import Bench

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
"""The flags with which XLA, behind jax, keeps to one thread."""


class Counted:
    """A function, with a count of its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.evaluations = 0

    def __call__(self, *arguments: Any) -> Any:
        self.evaluations += 1
        return self._function(*arguments)


def installed(name: str) -> ModuleType | None:
    """The module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


def torch_loss(bench: Bench) -> Callable[..., torch.Tensor]:
    """The network's loss as PyTorch computes it, of W1, b1, W2, b2."""
    x, t = torch.tensor(bench.x), torch.tensor(bench.t)

    def loss(
        W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor
    ) -> torch.Tensor:
        scores = torch.relu(x @ W1 + b1) @ W2 + b2
        return torch.nn.functional.cross_entropy(scores, t)

    return loss


def torch_params(bench: Bench, *, free: str | None = None) -> tuple[torch.Tensor, ...]:
    """Copies of W1, b1, W2, b2 in double; all of them, or the free one, with gradients."""
    return tuple(
        torch.tensor(param, requires_grad=free in (None, name))
        for name, param in bench.net.params.items()
    )


def torch_check(
    loss: Callable[..., torch.Tensor], params: tuple[torch.Tensor, ...], *, fast: bool
) -> bool:
    """torch.autograd.gradcheck with its default tolerances: whether it lets the gradient pass."""
    return torch.autograd.gradcheck(loss, params, fast_mode=fast, raise_exception=False)


def impl_in_torch(bench: Bench) -> Callable[..., torch.Tensor]:
    """`impl`'s own loss and gradients as torch.autograd checks them: in a Function."""
    params = bench.net.params.values()

    def put(given: tuple[torch.Tensor, ...]) -> None:
        for param, value in zip(params, given, strict=True):
            param[...] = value.detach().numpy()

    class Impl(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *given: torch.Tensor) -> torch.Tensor:
            """The loss with these parameters."""
            put(given)
            ctx.save_for_backward(*given)
            return torch.tensor(float(bench.loss()), dtype=torch.double)

        @staticmethod
        def backward(ctx: Any, dout: torch.Tensor) -> Any:
            """The gradients by impl's back-propagation, times dout."""
            put(ctx.saved_tensors)
            return tuple(dout * torch.from_numpy(g) for g in bench.gradient().values())

    return Impl.apply


class FlatNet:
    """The network as SciPy wants it: a function of one flat vector, and its gradient."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.start = np.concatenate([p.ravel() for p in bench.net.params.values()])

    def loss(self, flat: np.ndarray) -> float:
        """The loss with these parameters."""
        self._put(flat)
        return float(self._bench.loss())

    def gradient(self, flat: np.ndarray) -> np.ndarray:
        """All gradients in one vector."""
        self._put(flat)
        return np.concatenate([g.ravel() for g in self._bench.gradient().values()])

    def _put(self, flat: np.ndarray) -> None:
        begin = 0
        for param in self._bench.net.params.values():
            param[...] = flat[begin : begin + param.size].reshape(param.shape)
            begin += param.size


def scipy_check(bench: Bench, **options: Any) -> tuple[Callable[[], float], Counted] | None:
    """SciPy's check with these options, and the loss that it calls. It moves the bench."""
    optimize = installed("scipy.optimize")
    if optimize is None:
        return None
    net = FlatNet(bench)
    loss = Counted(net.loss)
    return lambda: optimize.check_grad(loss, net.gradient, net.start, **options), loss


def jax_check(bench: Bench) -> tuple[Callable[[], None], Counted] | None:
    """Jax's check in reverse mode of a compiled loss in double, and that loss."""
    os.environ.setdefault("XLA_FLAGS", ONE_THREAD)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    jax = installed("jax")
    if jax is None:
        return None
    jax.config.update("jax_enable_x64", True)
    check_grads = importlib.import_module("jax.test_util").check_grads
    np_ = importlib.import_module("jax.numpy")
    x, t = np_.asarray(bench.x), np_.asarray(bench.t)

    def mean_cross_entropy(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        scores = np_.maximum(x @ W1 + b1, 0) @ W2 + b2
        return -np_.mean(jax.nn.log_softmax(scores)[np_.arange(len(t)), t])

    loss = Counted(jax.jit(mean_cross_entropy))
    params = tuple(np_.asarray(param) for param in bench.net.params.values())
    assert np.isclose(float(loss(*params)), bench.loss(), rtol=1e-12)
    return lambda: check_grads(loss, params, order=1, modes=["rev"]), loss
