"""Operands that several rows have in common."""

from __future__ import annotations

from trigrad.contracts.schema import Domain, Variable

X = Variable("x", ("N", "D"))
LOGITS = Variable("x", ("N", "C"), Domain.LOGIT)
ONE_HOT = Variable("t", ("N", "C"), Domain.ONE_HOT)
LABEL = Variable("t", (), Domain.LABEL, classes="C")
LABELS = Variable("t", ("N",), Domain.LABEL)

STABILISER = 1e-7
"""What most learners add inside a logarithm, as the book does (4.2.2), or to a denominator."""
