"""Layers with several outputs: backward is given the gradient of each, and all paths are judged."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from trigrad import Report, check
from trigrad.subject.dialects.several_outputs import (
    are_several,
    given_in,
    joined,
    names_of_outputs,
    parted,
    places_by_name,
    shapes_of,
    unjudged_outputs,
)
from trigrad.trial import layer_trial

Write = Callable[[str, str], Path]
Judge = Callable[[str], Report]


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@pytest.fixture
def judge(write: Write) -> Judge:
    """The report on a text."""

    def judge_text(text: str) -> Report:
        path = write("layers.py", "import numpy as np\n\n" + textwrap.dedent(text))
        return check(path, in_process=True, examples=4, repair_seconds=0)

    return judge_text


# Two outputs of one shape, and one of another.
CELL = """
{declaration}
class Cell:
    def __init__(self, W):
        self.W = W

    def forward(self, x, c_prev):
        self.x, self.c_prev = x, c_prev
        self.g = np.tanh(x @ self.W)
        self.c = c_prev * self.g
        self.t = np.tanh(self.c)
        {forward}

    def backward(self, {arguments}):
        dc = dc_next + dh_next * (1 - self.t**2){more}
        dg = dc * self.c_prev * (1 - self.g**2)
        self.dW = self.x.T @ dg
        return dg @ self.W.T, dc * self.g
"""
USUAL = {
    "declaration": "# trigrad: x: N D; c_prev: N H; W: D H; returns: out[:2]",
    "forward": "h_next, c_next = self.t, self.c\n        return h_next, c_next",
    "arguments": "dh_next, dc_next",
    "more": "",
}

RIGHT = {
    "in the order of forward": USUAL,
    "by their names": USUAL | {"arguments": "dc_next, dh_next"},
    "told in the call": USUAL
    | {
        "declaration": USUAL["declaration"] + "; backward: layer.backward(dout[1], dout[0])",
        "forward": "return self.t, self.c",
        "arguments": "dc_next, dh_next",
    },
    "spread": USUAL
    | {
        "declaration": USUAL["declaration"] + "; backward: layer.backward(*dout)",
    },
    "with one of another shape": USUAL
    | {
        "declaration": USUAL["declaration"].replace("[:2]", "[:3]"),
        "forward": "h_next, c_next = self.t, self.c\n"
        "        return h_next, c_next, c_next.sum(axis=0)",
        "arguments": "dh_next, dc_next, ds",
        "more": " + ds",
    },
    "not the first ones": USUAL
    | {
        "declaration": USUAL["declaration"].replace("out[:2]", "out[0], out[2]"),
        "forward": "return self.t, self.x, self.c",
    },
    "by name where the first are others": USUAL
    | {
        "declaration": USUAL["declaration"].replace("out[:2]", "out[0], out[2]"),
        "forward": "h_next, c_next = self.t, self.c\n        return h_next, x, c_next",
        "arguments": "dc_next, dh_next",
    },
}


@pytest.mark.parametrize("parts", RIGHT.values(), ids=RIGHT)
def test_a_right_cell_passes_and_a_path_that_is_lost_fails(
    judge: Judge, parts: dict[str, str]
) -> None:
    text = CELL.format(**parts)
    report = judge(text)
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    assert "several outputs, which are checked together" in str(report)
    for right, wrong in (
        ("dc = dc_next + ", "dc = "),
        (" + dh_next * (1 - self.t**2)", ""),
        ("1 - self.t**2", "1 - self.t"),
    ):
        assert right in text
        report = judge(text.replace(right, wrong))
        assert [layer.verdict.value for layer in report.layers] == ["fail"], str(report)


@pytest.mark.parametrize("order", ["dh_next, dc_next", "dc_next, dh_next"])
def test_without_a_declaration_it_is_found(judge: Judge, order: str) -> None:
    text = CELL.format(**USUAL | {"declaration": "", "arguments": order})
    report = judge(text)
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    assert "returns: out[:2]" in str(report)
    report = judge(text.replace("dc = dc_next + ", "dc = "))
    assert [layer.verdict.value for layer in report.layers] == ["inconclusive"], str(report)


def test_names_tell_which_they_are_without_a_declaration(judge: Judge) -> None:
    forward = "h_next, c_next = self.t, self.c\n        return h_next, x, c_next"
    report = judge(CELL.format(**USUAL | {"declaration": "", "forward": forward}))
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    assert "returns: out[0], out[2]" in str(report)


def test_a_function_with_a_prediction_beside_its_outputs(judge: Judge) -> None:
    text = """
        # trigrad: x: N D; W: D H; V: fixed H K
        def cell_forward(x, W, V):
            h = np.tanh(x @ W)
            y = h @ V
            return h, y, (x, W, h)
        def cell_backward(dh, cache):
            x, W, h = cache
            da = dh * (1 - h ** 2)
            return da @ W.T, x.T @ da
        """
    report = judge(text)
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    assert "not checked, because backward takes no gradient for it: output 2\n" in str(report)
    report = judge(text.replace("1 - h ** 2", "1 - h"))
    assert [layer.verdict.value for layer in report.layers] == ["fail"], str(report)


@pytest.mark.parametrize(
    ("returned", "taken", "before"),
    [
        ("out, x", "cache, W", "x = cache"),
        ("out, x, W", "cache", "x, W = cache"),
        ("out, (x, W)", "cache", "x, W = cache"),
        ("out, x > 0", "x, W", "pass"),
    ],
)
def test_what_backward_is_given_is_no_output(
    judge: Judge, returned: str, taken: str, before: str
) -> None:
    text = f"""
        # trigrad: x: N D; W: D M
        def scale_forward(x, W):
            out = x @ W
            return {returned}
        def scale_backward(dout, {taken}):
            {before}
            return dout @ W.T, x.T @ dout
        """
    report = judge(text)
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    assert "not judged" not in str(report)


def test_joined_and_parted_are_each_others_inverse() -> None:
    outputs = (np.arange(6.0).reshape(2, 3), np.array(7.0), np.zeros((0, 2)), np.ones(2))
    flat = joined(outputs)
    assert flat.shape == (9,)
    for one, other in zip(parted(flat, shapes_of(outputs)), outputs, strict=True):
        np.testing.assert_array_equal(one, other, strict=True)
    assert parted(flat, shapes_of(outputs))[0].base is not None  # what backward changes shows


def test_several_are_arrays() -> None:
    assert are_several((np.ones(2), np.float64(3)))
    assert not are_several((np.ones(2),))
    assert not are_several((np.ones(2), None))
    assert not are_several(np.ones((2, 2)))


def test_places_by_name() -> None:
    assert places_by_name(["dnext_h", "dnext_c"], ["next_h", "next_c", "cache"]) == [0, 1]
    assert places_by_name(["dc", "dh"], ["h_next", "c_next"]) == [1, 0]
    assert places_by_name(["grad_c", "dhs"], ["hs", "c"]) == [1, 0]
    assert places_by_name(["dout", "dstate"], ["h", "c"]) is None
    assert places_by_name(["dh", "dh_next"], ["h", "c"]) is None
    assert places_by_name(["dh"], ["h", "h_new"]) is None


def _forward(h: object, c: object) -> object:
    return h, c


def test_names_and_what_is_left() -> None:
    h, c, other = np.ones(2), np.zeros(2), np.ones(1)
    assert names_of_outputs((h, c), (c,), _forward) == ("c",)
    assert names_of_outputs((h, c), (other, c), _forward) == ("output 1", "c")
    assert list(unjudged_outputs((h, c), (h,), [], _forward)) == ["c"]
    assert list(unjudged_outputs((h, c), (h,), [c], _forward)) == []
    assert list(unjudged_outputs((h, c), (other,), [], _forward)) == []  # computed from them
    assert list(unjudged_outputs((h, c), (h,), [], None)) == ["output 2"]
    assert list(unjudged_outputs((h, np.array([1, 2])), (h,), [], _forward)) == []  # indices
    assert list(unjudged_outputs(h, (h,), [], _forward)) == []


def test_what_an_expression_is_given() -> None:
    out, caches = (1, 2, 3), (2, 3)
    assert given_in("f(dout, cache[1])", out, caches) == [3]
    assert given_in("f(dout, cache)", out, caches) == [2, 3]
    assert given_in("f(dout, *cache[:1])", out, caches) == [2, 3]
    assert given_in("f(dout, out[0], cache[-2])", out, caches) == [1, 2]
    assert given_in("f(dout, cache[0])", out, (7,)) == [7]
    assert given_in("f(dout)", out, caches) == []
