"""`trigrad` and `python -m trigrad`."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line.

    `python -m` puts the current folder before the libraries on `sys.path`. A learner's folder may
    hold a `random.py` or a `numpy.py`: so it is taken out before anything else is imported.
    """
    here = os.getcwd()
    if sys.path and sys.path[0] in ("", here):
        del sys.path[0]  # modules that are checked by name are still looked for there, last
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show ✓ shows a question mark instead of a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    from trigrad.commands.app import app

    app()


if __name__ == "__main__":
    main()
