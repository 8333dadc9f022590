"""Restrictions that this system does not allow the sandbox to set."""

from __future__ import annotations

from enum import Enum

from trigrad.messages import Message


class Gap(Enum):
    """Something that a worker should not be able to do, but is; the value says so."""

    NETWORK = Message("gap.network")
    FILES = Message("gap.files")
    PROCESSES = Message("gap.processes")
    PRIVILEGES = Message("gap.privileges")
    LIBRARIES = Message("gap.libraries")
