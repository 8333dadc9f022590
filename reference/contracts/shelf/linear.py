"""Sums that are made of an input, weights and a bias, in the layouts in which they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def dense(x: torch.Tensor, W: torch.Tensor, b: torch.Tensor | None) -> torch.Tensor:
    """x W + b for samples in rows; the bias in any shape with one number for each output."""
    out = x @ W
    return out if b is None else out + b.reshape(-1)


def dense_columns(x: torch.Tensor, W: torch.Tensor, b: torch.Tensor | None) -> torch.Tensor:
    """W x + b for samples in columns."""
    out = W @ x
    if b is None:
        return out
    return out + (b.reshape(-1, 1) if out.ndim > 1 else b.reshape(-1))
