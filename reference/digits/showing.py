"""The comparison of the gradients, printed as two tables and a conclusion."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from trigrad.contracts.variables import STABILISER
from trigrad.digits.comparing import BACKPROP, BOOK, GRADCHECK, PYTORCH, Comparison, Difference
from trigrad.gradient_check.gradient_report import GradientReport
from trigrad.messages import Message


def show_comparison(found: Comparison, console: Console) -> None:
    """Print two tables, and what follows from them."""
    console.print()
    console.print(_differences(found))
    console.print()
    console.print(_times(found))
    console.print()
    for sentence in _sentences(found):
        console.print(sentence, highlight=False)


def _differences(found: Comparison) -> Table:
    table = Table(
        title=str(Message("digits.differences")),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    table.add_column("")
    table.add_column(str(Message("digits.entries")), justify="right")
    table.add_column(str(Message("digits.numerical")), justify="right")
    if found.inside:
        table.add_column(
            str(Message("digits.predicted", logarithm=_logarithm(found.inside))), justify="right"
        )
    table.add_column(str(Message("digits.backprop")), justify="right")
    if found.report is not None:
        table.add_column(str(Message("digits.gradcheck")), justify="right")
    for row in found.rows:
        cells = [row.name, f"{row.entries:,}", _shown(row.numerical)]
        cells += [_shown(row.predicted)] if found.inside else []
        cells += [_shown(row.autograd)]
        cells += [_seen(found.report, row.name)] if found.report is not None else []
        table.add_row(*cells)
    return table


def _short(number: float) -> str:
    """1e-7, not 1e-07."""
    return f"{number:.0e}".replace("e-0", "e-")


def _logarithm(inside: float) -> str:
    return f"log(y + {_short(inside)})"


def _seen(report: GradientReport, name: str) -> str:
    """The smallest error of one entry that gradcheck would detect, or its verdict."""
    if name in report.patterns:
        return str(Message("digits.wrong"))
    if name in report.inconclusive:
        return str(Message("digits.undecided"))
    return f"{report.resolution[name]:.0e}"


def _shown(difference: Difference) -> str:
    return f"{difference.mean:.3e} ({difference.largest:.0e})"


def _times(found: Comparison) -> Table:
    table = Table(
        title=str(Message("digits.time")),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    table.add_column("")
    table.add_column("ms", justify="right")
    table.add_column(f"× {BACKPROP}", justify="right")
    for way in (BACKPROP, PYTORCH, GRADCHECK, BOOK):
        if way not in found.seconds:
            continue
        seconds = found.seconds[way]
        ratio = seconds / found.seconds[BACKPROP] if found.seconds[BACKPROP] else float("nan")
        times = "?" if ratio != ratio else f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
        table.add_row(str(way), f"{1000 * seconds:,.2f}", times)
    return table


def _sentences(found: Comparison) -> list[str]:
    if not found.agrees:
        told = [f"✗ {sentence}" for sentence in found.wrong]
        if found.report is not None and not found.report.ok:
            told.append(str(found.report))
        if found.inside is None and all(row.as_pytorch for row in found.rows):
            told.append(str(Message("digits.mistake_in_loss")))
        return told
    told = [f"✓ {Message('digits.agree')}"]
    b2 = next(row for row in found.rows if row.name == "b2")
    if found.inside:
        said = Message(
            "digits.inside_book" if found.inside == STABILISER else "digits.inside",
            logarithm=_logarithm(found.inside),
            off=f"{b2.numerical.mean:.3e}",
            predicted=f"{b2.predicted.mean:.3e}",
            number=_short(found.inside),
        )
        return [*told, str(said)]
    return [
        *told,
        str(Message("digits.exact", mean=f"{b2.numerical.mean:.1e}")),
    ]
