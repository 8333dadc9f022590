"""The comparison as people read it."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from reference.digits.comparing import BACKPROP, BOOK, GRADCHECK, PYTORCH, Comparison, Difference


def show_comparison(found: Comparison, console: Console) -> None:
    """Two tables, and what they say."""
    console.print()
    console.print(_differences(found))
    console.print()
    console.print(_times(found))
    console.print()
    for sentence in _sentences(found):
        console.print(sentence, highlight=False)


def _differences(found: Comparison) -> Table:
    table = Table(
        title="Absolute differences of the entries: mean (largest)",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    table.add_column("")
    table.add_column("entries", justify="right")
    table.add_column("numerical −\nbackprop", justify="right")
    if found.stabilised:
        table.add_column("predicted from\nlog(y + 1e-7)", justify="right")
    table.add_column("backprop −\nPyTorch", justify="right")
    table.add_column("gradcheck\nsees", justify="right")
    for row in found.rows:
        cells = [row.name, f"{row.entries:,}", _shown(row.numerical)]
        cells += [_shown(row.predicted)] if found.stabilised else []
        seen = f"{found.report.resolution.get(row.name, float('nan')):.0e}"
        if row.name in found.report.patterns:
            seen = "wrong"
        elif row.name in found.report.inconclusive:
            seen = "undecided"
        table.add_row(*cells, _shown(row.autograd), seen)
    return table


def _shown(difference: Difference) -> str:
    return f"{difference.mean:.3e} ({difference.largest:.0e})"


def _times(found: Comparison) -> Table:
    table = Table(
        title="Time for all four gradients",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    table.add_column("")
    table.add_column("ms", justify="right")
    table.add_column(f"× {BACKPROP}", justify="right")
    for way in (BACKPROP, PYTORCH, GRADCHECK, BOOK):
        seconds = found.seconds[way]
        times = f"{seconds / found.seconds[BACKPROP]:,.1f}" if found.seconds[BACKPROP] else "?"
        table.add_row(way, f"{1000 * seconds:,.2f}", times)
    return table


def _sentences(found: Comparison) -> list[str]:
    if found.wrong or not found.report.ok:
        told = [f"✗ {sentence}" for sentence in found.wrong]
        return told + ([] if found.report.ok else [str(found.report)])
    told = ["✓ back-propagation, PyTorch and gradcheck agree"]
    b2 = next(row for row in found.rows if row.name == "b2")
    if found.stabilised:
        return [
            *told,
            f"The loss is -log(y + 1e-7), as in the book. Its numerical gradient of b2 is off by "
            f"{b2.numerical.mean:.3e} in the mean, and {b2.predicted.mean:.3e} follow from that "
            "1e-7 alone: the mean over the classes of |mean over the samples of (y - t) · 1e-7 / "
            "(y + 1e-7 of the right class)|. It betrays no mistake in b2.",
        ]
    return [
        *told,
        f"The loss is exact, and b2 is off by {b2.numerical.mean:.1e} in the mean. With 1e-7 "
        "inside the logarithm, as in the book, it is about 1e-7: see --book-loss.",
    ]
