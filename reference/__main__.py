"""`trigrad` and `python -m trigrad`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; does not return.

    `python -m` puts the current folder before the libraries on `sys.path`. A learner's folder may
    hold a `random.py` or a `numpy.py`: so it is taken out before anything else is imported.
    """
    if sys.path and sys.path[0] in ("", _working_folder()):
        del sys.path[0]  # modules that are checked by name are still looked for there, last
    from trigrad.commands.ending import run_to_the_end

    run_to_the_end()


def _working_folder() -> str:
    """The working folder; "" if it has been deleted."""
    try:
        return os.getcwd()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
