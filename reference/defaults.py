"""What holds where a user says nothing. Imports nothing, so that `--help` costs nothing."""

EXAMPLES = 25
"""Cases drawn for a layer; one more has irrational values."""

TIMEOUT = 10.0
"""Seconds for a claim, unless somebody says otherwise."""
