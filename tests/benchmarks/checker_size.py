"""Table 3: whether the cost of a check grows with the number of parameters."""

from __future__ import annotations

import tracemalloc

from checker_shared import Bench, Limit, Timed, bench, figure, interleaved, medians, print_table

from trigrad import gradcheck

NETWORKS = {
    (4, 6, 10): 100,
    (55, 15, 10): 100,
    (322, 30, 10): 60,
    (595, 165, 10): 30,
    (727, 1355, 10): 9,
    (766, 12870, 10): 5,
}
"""The sizes of networks of 10**2, 10**3 … 10**7 parameters, and rounds for each."""


def size_table() -> list[Limit]:
    """Print table 3. Nothing in it is promised."""
    print_table(
        "Size: TwoLayerNet, a batch of 3, float64",
        [
            "parameters",
            "network",
            "evaluations",
            "ms",
            "× unit",
            "× 2 forwards + 1 backward",
            "extra memory, MB",
            "in copies of the largest array",
        ],
        [_row(sizes, rounds) for sizes, rounds in NETWORKS.items()],
    )
    return []


def _row(sizes: tuple[int, int, int], rounds: int) -> list[str]:
    on = bench(0, sizes)

    def check() -> None:
        assert gradcheck(on.loss, on.net.params, on.grads)

    calls = {
        "unit": Timed(on.unit),
        "strict": Timed(on.two_forwards_one_backward),
        "gradcheck": Timed(check),
    }
    ms = medians(interleaved(calls, rounds))
    evaluations = gradcheck(on.loss, on.net.params, on.grads).evaluations
    extra = _extra_memory(on)
    return [
        f"{on.parameters:,}",
        f"{sizes}",
        f"{evaluations}",
        figure(ms["gradcheck"]),
        figure(ms["gradcheck"] / ms["unit"]),
        figure(ms["gradcheck"] / ms["strict"]),
        figure(extra / 1e6),
        figure(extra / max(param.nbytes for param in on.net.params.values())),
    ]


def _extra_memory(on: Bench) -> int:
    """The most bytes that were allocated at once during a check, the losses' own among them."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    gradcheck(on.loss, on.net.params, on.grads)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - before
