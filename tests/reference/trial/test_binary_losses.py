"""SigmoidWithLoss of the second volume, whose cross-entropy lies in another file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trigrad import Report
from trigrad.verdict.results import Verdict

LOSS = """
    import numpy as np
    from common.functions import cross_entropy_error

    class SigmoidWithLoss:
        def forward(self, x, t):
            self.t = t
            self.y = 1 / (1 + np.exp(-x))
            return cross_entropy_error(np.c_[1 - self.y, self.y], self.t)

        def backward(self, dout=1):
            return (self.y - self.t) * dout{divided}
"""


@pytest.mark.parametrize(
    ("divided", "verdict"), [(" / self.t.shape[0]", Verdict.PASS), ("", Verdict.FAIL)]
)
def test_with_the_supplied_cross_entropy(
    judge: Callable[..., Report], divided: str, verdict: Verdict
) -> None:
    (layer,) = judge(LOSS.format(divided=divided)).layers
    assert layer.verdict is verdict
    assert "class labels" in " ".join(layer.notes)
