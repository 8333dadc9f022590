"""What would lose a gradient is refused, with its line; and so is what is wrong in another way."""

from __future__ import annotations

import numpy as np
import pytest

from trigrad.tracing import Untraceable, own_gradient

from .conftest import LEAVES, WAYS, Subject

BEFORE = """
import math, json, copy
import numpy as np
BUFFER = np.zeros((2, 3))
SQUARE = np.zeros((2, 2))
NUMBERS = []
from types import SimpleNamespace
OTHER = {}
exec("import math\\ndef number(x): return float(x)\\ndef exp(x): return math.exp(x)", OTHER)
ELSEWHERE = SimpleNamespace(number=OTHER.pop("number"), exp=OTHER.pop("exp"))
del OTHER
class Box:
    kept = np.zeros(3)
"""

REFUSED = {
    "float() elsewhere": "return ELSEWHERE.number(x[0, 0]) * x",
    "int()": "return int(x[0, 0] * 10) * x",
    "math that is not known": "return math.gamma(x[0, 0]) + x",
    "math elsewhere": "return ELSEWHERE.exp(x[0, 0]) + x",
    "a buffer made before": "BUFFER[...] = x\n    return BUFFER * 2",
    "one entry of it": "BUFFER[0, 1] = x[0, 1]\n    return BUFFER * 2",
    "a list of its entries": "BUFFER[[0, 1], [1, 2]] = x[0, :2]\n    return BUFFER * 2",
    "added to a buffer made before": "out = BUFFER\n    out += x\n    return out",
    "multiplied into it": "Box.kept += 1\n    Box.kept *= x[0]\n    return Box.kept + x",
    "out= of one": "return np.multiply(x, 2, out=BUFFER)",
    "out= of a reduction": "return np.sum(x, axis=0, out=Box.kept)",
    "out= of dot": "return np.dot(x, x.T, out=SQUARE)",
    "copyto of one": "np.copyto(BUFFER, x)\n    return BUFFER + 0",
    "add.at of one": "np.add.at(Box.kept, [0, 1], x[:, 0])\n    return Box.kept + 0",
    "flat of one": "BUFFER.flat = x\n    return BUFFER + 0",
    "fill of one": "BUFFER.fill(x[0, 0])\n    return BUFFER + 0",
    "put of one": "np.put(BUFFER, [0, 1], x[0, :2])\n    return BUFFER + 0",
    "pickled": "return copy.deepcopy(json.loads(json.dumps(x.tolist())))",
    "complex": "return np.abs(np.fft.fft(x))",
    "integers": "z = np.zeros((2, 3), dtype=int)\n    z[...] = x\n    return z * x",
    "a random number of it": "return np.random.normal(x, 1.0)",
    "a function that is not known": "return np.interp(x, [0.0, 1.0], [1.0, 2.0])",
    "an attribute that is not there": "return x.nothing",
}


def subject(body: str) -> Subject:
    text = f"{BEFORE}\ndef f(x):\n    {body}\n"
    return Subject(text, {"x": LEAVES["x"]})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(name: str, way: str) -> None:
    this = subject(REFUSED[name])
    with pytest.raises((Untraceable, AttributeError)) as caught:
        this.traced(way)
    assert caught.type is AttributeError or "(f, line " in str(caught.value)
    assert this.namespace["np"] is np


@pytest.mark.parametrize("way", WAYS)
def test_a_loss_that_is_caught_is_refused_too(way: str) -> None:
    body = (
        "try:\n        s = int(x[0, 0])\n    except Exception:\n        s = 0.3\n    return s * x"
    )
    with pytest.raises(Untraceable, match="int"):
        subject(body).traced(way)


@pytest.mark.parametrize("way", WAYS)
def test_another_value_each_time_is_refused(way: str) -> None:
    with pytest.raises(Untraceable, match="other results each time"):
        subject("NUMBERS.append(1)\n    return x * len(NUMBERS)").traced(way)


@pytest.mark.parametrize("way", WAYS)
def test_what_the_function_raises_itself_is_its_own(way: str) -> None:
    with pytest.raises(ValueError, match="shapes"):
        subject("return np.dot(x, x)").traced(way)


def test_a_view_with_negative_steps_cannot_be_written_to() -> None:
    with pytest.raises(Untraceable, match="negative steps"):
        subject(
            "z = x.copy()\n    z[::-1][0] += 1.0\n    w = z[::-1]\n    w += 1\n    return z"
        ).traced()
    with pytest.raises(Untraceable, match="negative steps"):
        subject("z = x.copy()\n    w = z[::-1]\n    z[0] = 1.0\n    return w * 2").traced()


def test_the_sentence_says_what_and_where() -> None:
    with pytest.raises(Untraceable) as caught:
        subject("return math.gamma(x[0, 0]) * x").traced()
    assert str(caught.value) == (
        "float(), or a function of math would lose the gradient (f, line 16)"
    )


def test_both_reasons_are_told() -> None:
    this = subject("return int(x[0, 0]) * x")
    with pytest.raises(Untraceable, match=r"autograd: int\(\).*; complex step: int\(\)"):
        own_gradient(this.run, this.leaves, [this.namespace])
