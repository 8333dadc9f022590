"""A declared single number: `x:` says that an input, a factor or a label has no axis."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import Results, Verdict

NODE = """
    import math

    # trigrad: x:
    class Node:
        def forward(self, x):
            self.y = math.exp(-x)
            return self.y

        def backward(self, dout):
            return dout * {slope}
"""
FACTOR = """
    import numpy as np

    # trigrad: factor:; x: N D
    class Scale:
        def forward(self, factor, x):
            self.factor, self.x = factor, x
            return factor * x

        def backward(self, dout):
            return {slope}, self.factor * dout
"""
PAIR = """
    # trigrad: a:; b:
    def product_forward(a, b):
        return a * b, (a, b)

    def product_backward(dout, cache):
        a, b = cache
        return dout * {slope}, dout * a
"""
LABEL = """
    import numpy as np

    # trigrad: scores: 4; label: labels<4
    class Pick:
        def forward(self, scores, label):
            self.shape, self.label = scores.shape, label
            return scores[label] ** 2 if {slope} else scores[label]

        def backward(self, dout=1.0):
            gradient = np.zeros(self.shape)
            gradient[self.label] = dout
            return gradient
"""


def judged(folder: Path, text: str, *, in_process: bool) -> Results:
    path = folder / "numbers_.py"
    path.write_text(textwrap.dedent(text))
    return check(path, examples=3, in_process=in_process, repair_seconds=0)


@pytest.mark.parametrize("in_process", [True, False])
@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (NODE, "-self.y", "self.y"),
        (FACTOR, "np.sum(dout * self.x)", "np.mean(dout * self.x)"),
        (PAIR, "b", "a"),
        (LABEL, "False", "True"),
    ],
)
def test_it_is_judged(tmp_path: Path, text: str, right: str, wrong: str, in_process: bool) -> None:
    for slope, verdict in ((right, Verdict.PASS), (wrong, Verdict.FAIL)):
        report = judged(tmp_path, text.format(slope=slope), in_process=in_process)
        assert [layer.verdict for layer in report.layers] == [verdict], str(report)
