"""Weights that belong together, by their names."""

from __future__ import annotations

import random

import numpy as np

from trigrad.subject.dialects.own_generators import generators_of, restart
from trigrad.subject.source.documented_shapes import documented_shapes
from trigrad.subject.weight_families import Part, are_recurrent, families, part_of


def test_matrices_of_states_are_told_by_their_letters() -> None:
    keys = ["wz", "uz", "bz", "wh", "uh", "bh"]
    assert part_of("wh", keys) is Part.INPUT  # beside uh
    assert part_of("uh", keys) is Part.STATE
    assert part_of("wh", ["wx", "wh", "b"]) is Part.STATE
    assert part_of("wf", ["wf", "wi", "wc", "wo"]) is Part.JOINED


def test_recurrent_weights_come_first_and_alone() -> None:
    keys = ["wx", "wh", "b"]
    assert are_recurrent(keys)
    assert next(families(keys)) == ("D H", "H H", "H")
    assert ("D D", "D D", "D") not in list(families(keys))


def test_attention_has_square_matrices() -> None:
    assert next(families(["wq", "wk", "wv", "wo"])) == ("D D",) * 4
    assert not are_recurrent(["wq", "wk", "wv", "wo"])


def test_one_matrix_is_no_family() -> None:
    assert list(families(["w", "b"])) == []


def test_several_shapes_on_one_line() -> None:
    text = '"""x: (N, T, V) scores, y: (N, T) labels, mask: (N, T)"""'
    assert documented_shapes(text) == {"x": "N T V", "y": "N T", "mask": "N T"}


def test_generators_of_an_object_begin_anew() -> None:
    class Dropout:
        def __init__(self) -> None:
            self.rng = np.random.default_rng()
            self.old = np.random.RandomState()
            self.plain = random.Random()

    layer = Dropout()
    found = generators_of(layer, {})
    assert len(found) == 3
    drawn = []
    for _ in range(2):
        restart(found, 3)
        drawn.append((layer.rng.random(), layer.old.rand(), layer.plain.random()))
    assert drawn[0] == drawn[1]
