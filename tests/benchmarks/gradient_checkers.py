"""`trigrad.gradcheck` beside the checkers of the book, PyTorch, SciPy and jax.

`tox -e bench` prints four tables: cost, sensitivity, size, false alarms. Everything in them is
measured in that run, on one thread. The status is 1 if a limit is exceeded.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

import torch
from checker_alarms import alarm_table
from checker_sensitivity import sensitivity_table
from checker_shared import Limit
from checker_size import size_table
from checker_time import cost_table

NETWORKS = 200


def main() -> int:
    """Print the tables; status 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=NETWORKS, help="in the last table")
    parser.add_argument(
        "--tables", type=int, nargs="+", default=[1, 2, 3, 4], metavar="N", help="which"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    tables: dict[int, Callable[[], list[Limit]]] = {
        1: cost_table,
        2: sensitivity_table,
        3: size_table,
        4: lambda: alarm_table(options.networks),
    }
    limits: list[Limit] = []
    for number in options.tables:
        began = time.perf_counter()
        limits += tables[number]()
        print(f"\n({time.perf_counter() - began:.0f} s)", flush=True)
    print()
    for limit in limits:
        print(limit)
    return 0 if all(limit.kept for limit in limits) else 1


if __name__ == "__main__":
    if os.environ.get("OMP_NUM_THREADS") != "1":  # read when NumPy is imported
        os.environ["OMP_NUM_THREADS"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    sys.exit(main())
