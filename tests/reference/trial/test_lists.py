"""What is written for lists or for single numbers is no mistake on arrays."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import Results, Verdict


def judged(folder: Path, text: str) -> Results:
    path = folder / "plain.py"
    path.write_text(textwrap.dedent(text))
    return check(path, examples=3, in_process=True, repair_seconds=0)


RELU = """
    class Relu:
        def forward(self, rows):
            self.kept = [[v > 0 for v in row] for row in rows]
            return [[v if v > 0 else 0.0 for v in row] for row in rows]

        def backward(self, dout):
            return [[d * k for d, k in zip(ds, ks)] for ds, ks in zip(dout, self.kept)]
"""
MATMUL = """
    class MatMul:
        def __init__(self, W):
            self.W = W

        def forward(self, x):
            self.x = x
            return [[sum(a * b for a, b in zip(row, col)) for col in zip(*self.W)] for row in x]

        def backward(self, dout):
            self.dW = [[sum(a * b for a, b in zip(c, d)) for d in zip(*dout)] for c in zip(*self.x)]
            return [[sum(a * b for a, b in zip(row, w)) for w in self.W] for row in dout]
"""
SOFTMAX = """
    from math import exp

    def softmax(scores):
        powers = [exp(s - max(scores)) for s in scores]
        return [p / sum(powers) for p in powers]
"""
SQUASH = """
    import math

    def each(function, rows):
        return [each(function, row) for row in rows] if type(rows) is list else function(rows)

    class Sigmoid:
        def forward(self, x):
            self.out = each(lambda v: 1 / (1 + math.exp(-v)), x)
            return self.out

        def backward(self, dout):
            return [[d * y * (1 - y) for d, y in zip(*r)] for r in zip(dout, self.out)]
"""


@pytest.mark.parametrize("text", [RELU, MATMUL, SOFTMAX, SQUASH])
def test_what_takes_and_gives_lists_is_not_judged(tmp_path: Path, text: str) -> None:
    report = judged(tmp_path, text)
    assert not report.layers, str(report)
    assert report.unjudged[0].why.endswith("it works on Python lists; trigrad passes NumPy arrays")


@pytest.mark.parametrize(
    "text",
    [
        # A list is given by mistake: the other pass works on arrays.
        """
        import numpy as np

        class Relu:
            def forward(self, x):
                self.mask = x > 0
                return [[max(0.0, v) for v in row] for row in x]

            def backward(self, dout):
                return dout * self.mask
        """,
        """
        import numpy as np

        class Relu:
            def forward(self, x):
                self.mask = np.array(x) > 0
                return [[max(0.0, v) for v in row] for row in x]

            def backward(self, dout):
                return dout * self.mask
        """,
        # Lists are taken, and arrays too: that arrays give something wrong is a mistake.
        """
        import numpy as np

        class Relu:
            def forward(self, x):
                self.mask = np.array(x) > 0
                return np.array(x) * self.mask * 2

            def backward(self, dout):
                return np.array(dout) * self.mask
        """,
        # Lists of arrays.
        """
        import numpy as np

        def softmax(x):
            return [np.exp(row) / np.sum(np.exp(row)) for row in x]
        """,
        # Works on neither.
        """
        import math

        def softmax(x):
            return math.exp(x) / sum(x)
        """,
    ],
)
def test_what_gives_no_array_by_mistake_fails(tmp_path: Path, text: str) -> None:
    report = judged(tmp_path, text)
    assert [layer.verdict for layer in report.layers] == [Verdict.FAIL], str(report)


NUMBERS = """
    class MulLayer:
        def forward(self, price, count):
            assert isinstance(price, float) and isinstance(count, float)
            self.price, self.count = price, count
            return price * count

        def backward(self, dout):
            return {gradients}

    class AddLayer:
        def forward(self, x, y):
            return float(x) + float(y)

        def backward(self, dout):
            return float(dout), float(dout)
"""


def test_two_plain_numbers(tmp_path: Path) -> None:
    report = judged(tmp_path, NUMBERS.format(gradients="dout * self.count, dout * self.price"))
    assert [layer.verdict for layer in report.layers] == [Verdict.PASS] * 2, str(report)
    assert (
        "understood as: plain numbers, one at a time (it takes no arrays)" in report.layers[0].notes
    )


@pytest.mark.parametrize(
    "gradients", ["dout * self.price, dout * self.count", "dout, dout", "dout + self.count, dout"]
)
def test_two_plain_numbers_with_a_mistake(tmp_path: Path, gradients: str) -> None:
    report = judged(tmp_path, NUMBERS.format(gradients=gradients))
    assert [layer.verdict for layer in report.layers] == [Verdict.FAIL, Verdict.PASS], str(report)


def test_in_a_file_that_passes_arrays_plain_numbers_are_a_mistake(tmp_path: Path) -> None:
    right = NUMBERS.format(gradients="dout * self.count, dout * self.price")
    text = textwrap.dedent(right) + textwrap.dedent(
        """
        import numpy as np

        class Affine:
            def __init__(self, W, b):
                self.W, self.b = W, b

            def forward(self, x):
                self.x = x
                return x @ self.W + self.b

            def backward(self, dout):
                self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
                return dout @ self.W.T
        """
    )
    verdicts = {layer.name: layer.verdict for layer in judged(tmp_path, text).layers}
    assert verdicts["MulLayer"] is Verdict.FAIL
