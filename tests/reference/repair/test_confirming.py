"""For which kinds of input a better repair is waited for."""

from __future__ import annotations

import pytest

from trigrad.claim.claim import Claim
from trigrad.contracts.registry import contract_named
from trigrad.repair.confirming import may_be_meant
from trigrad.trial.plan import plan

PLAIN = "def forward(self, x):\n    self.x = x\n    return x @ self.W + self.b"
FLATTENED = PLAIN.replace("self.x = x", "self.x = x.reshape(x.shape[0], -1)")
EXPONENTIAL = "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum()"
SHIFTED = EXPONENTIAL.replace("exp(x)", "exp(x - x.max())")


def claim_of(row: str, name: str) -> Claim:
    contract = contract_named(row)
    assert contract is not None
    return next(c for c in plan(contract) if c.name == name or (name == "" and c.extreme))


@pytest.mark.parametrize(
    ("row", "name", "text", "meant"),
    [
        ("Affine", "4-D x", PLAIN, False),
        ("Affine", "4-D x", FLATTENED, True),
        ("Affine", "1-D samples", PLAIN, False),
        ("softmax", "", EXPONENTIAL, False),
        ("softmax", "", SHIFTED, True),
    ],
)
def test_what_a_text_has_the_beginnings_of(row: str, name: str, text: str, meant: bool) -> None:
    assert may_be_meant(claim_of(row, name), text) is meant
