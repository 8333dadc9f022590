"""What the text of a class says of the state that backward reads."""

from __future__ import annotations

import ast
import textwrap

import pytest

from trigrad.subject.source.stored_attributes import (
    NOTHING_STORED,
    StoredAttributes,
    stored_attributes,
)


def of(text: str) -> StoredAttributes:
    node = ast.parse(textwrap.dedent(text)).body[-1]
    assert isinstance(node, ast.ClassDef | ast.FunctionDef)
    return stored_attributes(node)


LAYER = """
class Relu{base}:
    {body}

    def __init__(self):
        {init}

    def forward(self, x):
        {forward}

    def backward(self, dout):
        return dout * self.mask
"""


def unset(base: str = "", body: str = "pass", init: str = "pass", forward: str = "pass") -> bool:
    found = of(LAYER.format(base=base, body=body, init=init, forward=forward))
    assert found.unset in ({"mask"}, set())
    return bool(found.unset)


@pytest.mark.parametrize("init", ["pass", "self.mask = None", "self.mask = 1.0"])
@pytest.mark.parametrize("forward", ["pass", "mask = x > 0", "self.keep = x > 0"])
def test_what_nothing_stores(init: str, forward: str) -> None:
    assert unset(init=init, forward=forward)
    assert unset(body="mask = None", init=init, forward=forward)
    assert unset("(object)", init=init, forward=forward)


@pytest.mark.parametrize(
    "forward",
    [
        "self.mask = x > 0",
        "self.mask = None",
        "self.mask, y = x > 0, x",
        "self.mask += 1",
        "Relu.mask = x > 0",
        "setattr(self, 'mask', x > 0)",
        "self.__dict__.update(mask=x > 0)",
        "vars(self).update(mask=x > 0)",
        "self.mask[:] = x > 0",
        "np.greater(x, 0, out=self.mask)",
    ],
)
def test_what_forward_stores_in_some_way(forward: str) -> None:
    assert not unset(init="self.mask = None", forward=forward)


def test_what_others_may_store() -> None:
    assert not unset(init="self.mask = np.ones(3)")
    assert not unset(body="mask = property(lambda self: 1)")
    assert not unset(body="def mask(self): return 1")
    assert not unset("(Layer)")
    assert not unset(body="def keep(self, x): self.mask = x > 0")


AFFINE = """
class Affine:
    def forward(self, x):
        self.shape = {shape}
        return x

    def backward(self, dout):
        return dout.reshape(self.shape)
"""


def test_a_shape_that_is_no_arguments() -> None:
    assert of(AFFINE.format(shape="x.T.shape")).reshaped == {"shape"}
    assert of(AFFINE.format(shape="x.reshape(-1).shape")).reshaped == {"shape"}
    assert of(AFFINE.format(shape="x.shape")).reshaped == set()
    assert of(AFFINE.format(shape="2 * x")).reshaped == set()
    unread = AFFINE.format(shape="x.T.shape").replace("self.shape)", "3)")
    assert of(unread).reshaped == set()


def test_what_is_no_layer_says_nothing() -> None:
    assert of("def softmax(x):\n    return self.x") == NOTHING_STORED
    assert of("class Relu:\n    def forward(self, x):\n        return x") == NOTHING_STORED
    assert stored_attributes(None) == NOTHING_STORED
