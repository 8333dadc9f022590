"""Restrictions that this system does not allow the sandbox to set."""

from __future__ import annotations

from enum import Enum


class Gap(Enum):
    """Something that a worker should not be able to do, but is; the value says so."""

    NETWORK = "a worker can use the network"
    FILES = "a worker can write to your files"
    PROCESSES = "processes that a worker starts can outlive it"
    PRIVILEGES = "a worker runs as root: its privileges cannot be dropped"
    LIBRARIES = "a worker cannot import libraries that only root can read"
