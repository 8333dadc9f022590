"""`trigrad` and `python -m reference`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line.

    `python -m` puts the current folder before the libraries. A learner's folder may hold a
    `random.py` or a `numpy.py`: it goes last, before anything else is imported.
    """
    here = os.getcwd()
    if sys.path and sys.path[0] in ("", here):
        sys.path.append(sys.path.pop(0))
    from reference.cli import app

    app()


if __name__ == "__main__":
    main()
