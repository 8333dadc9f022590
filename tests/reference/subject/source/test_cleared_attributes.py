"""What sets a layer's gradients to zero, and what only looks like it."""

from __future__ import annotations

import textwrap

import pytest

from trigrad.subject.source.cleared_attributes import place_that_clears
from trigrad.subject.source.text import Chunk


def place(text: str) -> str:
    return place_that_clears([Chunk(textwrap.dedent(text), "a.py")], ["dW", "db"], ["Affine"])


@pytest.mark.parametrize(
    "text",
    [
        "for layer in layers:\n  layer.dW[...] = 0\n  layer.db[:] = 0",
        "layer.dW *= 0\nlayer.db.fill(0)",
        "layer.dW, layer.db = 0, 0",
        "affine.dW = np.zeros_like(affine.W)\naffine.db = np.zeros(3)",
        "for name in ['dW', 'db']:\n  setattr(layer, name, 0)\nsetattr(layer, 'dW', None)\n"
        "setattr(layer, 'db', None)",
        "for g in (layer.dW, layer.db):\n  g.fill(0.0)",
        "class SGD:\n  def step(self):\n    self.layer.dW = self.layer.db = 0",
        "class Affine:\n  def update(self, lr):\n    self.dW = 0\n    self.db = 0",
    ],
)
def test_what_clears_both(text: str) -> None:
    assert place(text).startswith("a.py, line ")


@pytest.mark.parametrize(
    "text",
    [
        "layer.dW = 0",  # and what of db?
        "layer.dW = 1\nlayer.db = 1",
        "layer.dW *= 0.5\nlayer.db *= 0.5",
        "layer.W[...] = 0\nlayer.b[...] = 0",
        "class Affine:\n  def __init__(self, W):\n    self.dW = self.db = 0",
        "class Affine:\n  def forward(self, x):\n    self.dW = self.db = 0",
        "class Conv:\n  def update(self):\n    self.dW = self.db = 0",
        "layer.dW = (",
    ],
)
def test_what_does_not(text: str) -> None:
    assert place(text) == ""
