"""What only a newer NumPy or Python breaks is said as that; any other error is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from trigrad.opening import open_subject
from trigrad.subject.face import Build, Forward, Raised
from trigrad.subject.loading.loader import load
from trigrad.subject.source.sources import UnreadableError, read

Write = Callable[[str, str], Path]

RELU = """
import numpy as np
class Relu:
    def forward(self, x):
        {body}
    def backward(self, dout):
        return dout
"""


def hints(path: Path) -> tuple[str, ...]:
    """The hints to what forward raises."""
    (candidate,) = (c for c in open_subject(path).candidates if c.contract.name == "Relu")
    result = candidate.face.run([Build(), Forward({"x": np.ones((2, 4))})])[1]
    assert isinstance(result, Raised)
    return result.hints


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("return x.astype(np.float)", "np.float was removed from NumPy 1.24: write float"),
        ("return np.zeros(3, dtype=np.int)", "np.int was removed from NumPy 1.24: write int"),
        ("return np.array(x, np.object)", "np.object was removed from NumPy 1.24: write object"),
        ("return np.product(x)", "np.product was removed from NumPy 2.0: write np.prod"),
        ("return x.astype(np.float_)", "np.float_ was removed from NumPy 2.0: write np.float64"),
        ("return [v for v in {}.iteritems()]", "iteritems is Python 2: write items"),
        ("return {}.has_key(3)", "has_key is Python 2: write key in d"),
        ("return reduce(max, x)", "reduce is Python 2: write functools.reduce"),
        ("return unicode(x)", "unicode is Python 2: write str"),
        (
            "return [x for i in range(len(x) / 2)]",
            "/ of integers gives a float in Python 3: write // for the division of Python 2",
        ),
        (
            "half = x.shape[1] / 2; return x[:, :half]",
            "/ of integers gives a float in Python 3: write // for the division of Python 2",
        ),
    ],
)
def test_what_time_has_broken(write: Write, body: str, hint: str) -> None:
    assert hint in hints(write("a.py", RELU.format(body=body)))


@pytest.mark.parametrize(
    "body",
    [
        "return np.flaot(x)",
        "return self.float",
        "return {}.item()",
        "return [x for i in range(0.5)]",
        "return x / None",
        "return zebra",
    ],
)
def test_what_was_never_right(write: Write, body: str) -> None:
    assert not any("removed" in hint or "Python" in hint for hint in hints(
        write("a.py", RELU.format(body=body))
    ))  # fmt: skip


def test_in_the_body_of_a_class(write: Write) -> None:
    text = RELU.format(body="return x").replace("Relu:", "Relu:\n    kind = np.float")
    path = write("a.py", text)
    (broken,) = load(read(path)).broken
    assert broken.raised.hints == ("np.float was removed from NumPy 1.24: write float",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("print 'loss'", "this is Python 2: write print(...)"),
        ("try:\n    f()\nexcept ValueError, e:\n    pass", "this is Python 2: write except X as e"),
        ("def f():\n    raise ValueError, 'x'", "this is Python 2: write raise X(...)"),
        ("if x <> 3: pass", "this is Python 2: write !="),
        ("x = 0777", "this is Python 2: write 0o17"),
        ("exec 'x = 3'", "this is Python 2: write exec(...)"),
        (
            "if x:\n        a = 1\n\tb = 2",
            "in Python 2 a tab counted as 8 spaces: indent with spaces only",
        ),
    ],
)
def test_syntax_of_python_2(write: Write, text: str, words: str) -> None:
    with pytest.raises(UnreadableError, match=r"^syntax error in a\.py") as e:
        load(read(write("a.py", text)))
    assert str(e.value).endswith(f"; {words}")


@pytest.mark.parametrize("text", ["def f(:", "x = (1", "class Relu\n    pass", "raise X Y, 3"])
def test_syntax_of_no_python(write: Write, text: str) -> None:
    with pytest.raises(UnreadableError) as e:
        load(read(write("a.py", text)))
    assert "Python 2" not in str(e.value)
