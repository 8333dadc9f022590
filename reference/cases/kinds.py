"""Kinds of special cases: what each shows that drawn ones do not."""

from enum import StrEnum


class Special(StrEnum):
    """What a case shows that drawn ones do not."""

    ZEROS = "zeros"
    EXTREME = "extreme"
    LARGE = "large"
    REAL = "real"


SMALL_KINDS = frozenset({Special.ZEROS, Special.EXTREME, Special.LARGE})
EVERY_KIND = frozenset(Special)
