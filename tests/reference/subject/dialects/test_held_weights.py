"""The weights that an object holds: how they are called, and which size is which."""

from __future__ import annotations

import numpy as np
import pytest

from trigrad.contracts.declaration import DeclarationError, declared
from trigrad.subject.dialects.held_weights import (
    axes_of,
    beside,
    groups_in,
    names_of,
    paths_named,
)


class Layer:
    def __init__(self, n: int, m: int) -> None:
        self.W, self.b = np.ones((n, m)), np.ones(m)


class Net:
    def __init__(self) -> None:
        self.layers = [Layer(2, 3), Layer(3, 4)]
        self.params = {"W1": self.layers[0].W, "scale": np.ones(4)}


def test_one_array_is_one_weight_by_all_its_names() -> None:
    net = Net()
    groups = groups_in(net)
    names = names_of(groups)
    assert sorted(names) == ["W1", "layers[0].b", "layers[1].W", "layers[1].b", "scale"]
    assert [len(paths) for _, paths in groups] == [2, 1, 1, 1, 1]
    for name, (array, _) in zip(names, groups, strict=True):
        found = paths_named(net, name)
        assert found
        assert all(path.read(net) is array for path in found)
    assert paths_named(net, "layers[2].W") == []


@pytest.mark.parametrize(
    ("shapes", "axes"),
    [
        ([(3, 4), (2, 4)], ("D", "4")),
        ([(6, 5), (4, 7)], ("2*D", "H")),
        ([(15,), (14,)], ("D*H",)),
        ([(11,), (9,)], None),
        ([(3, 1), (2,)], None),
    ],
)
def test_sizes_are_told_by_several_objects(
    shapes: list[tuple[int, ...]], axes: tuple[str, ...] | None
) -> None:
    assert axes_of(shapes, [{"N": 9, "D": 3, "H": 5}, {"N": 8, "D": 2, "H": 7}]) == axes


def test_what_stands_beside_a_weight_may_be_its_gradient() -> None:
    assert beside("stem.W", "stem.dW")
    assert beside("fc.params[0]", "fc.grads[0]")
    assert beside("fc.params.W", "fc.grads.W")
    assert not beside("stem.W", "head.dW")
    assert not beside("stem.W", "stem.W")
    assert not beside("fc.params[0]", "fc.grads[1]")


def test_a_declaration_may_name_the_way_to_a_weight() -> None:
    found = declared("x: N D; layers[0].W: D 3; layers.fc.b: 3")
    assert found.names == ("x", "layers[0].W", "layers.fc.b")
    for wrong in ("layers[0: D", "a..b: D", "0.W: D"):
        with pytest.raises(DeclarationError):
            declared(f"x: N D; {wrong}")


def test_all_gradients_may_be_those_of_weights_that_are_found() -> None:
    assert declared("ids: labels<6 N; build: Net()").fixed == {"ids"}
    with pytest.raises(DeclarationError):
        declared("ids: labels<6 N")
