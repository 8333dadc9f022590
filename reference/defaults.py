"""What holds where a user says nothing. Imports no library, so that `--help` costs nothing."""

from enum import StrEnum


class Samples(StrEnum):
    """Which axis has the samples, as a user says it."""

    ROWS = "rows"
    COLUMNS = "columns"


EXAMPLES = 25
"""Cases drawn for a layer; one more has irrational values."""

TIMEOUT = 10.0
"""Seconds for a claim, unless somebody says otherwise."""

REPAIR_SECONDS = 60.0
"""Seconds after which the search for a repair of one layer is given up, wherever it is.

Its attempts end it long before, so that what it finds does not depend on the machine.
"""

ENTRY_BY_ENTRY = 128
"""Entries of an array up to which finite differences look at each and a reader at all of them.

A larger one is differentiated along a random direction, and shown by its shape.
"""
