"""The options that `trigrad check` and `trigrad fix` share."""

from __future__ import annotations

from typing import Annotated

import typer

from trigrad.defaults import Samples

Layer = Annotated[
    str | None, typer.Option(help="Only this layer, by its contract's name or its own.")
]
Advice = Annotated[
    bool, typer.Option("--advice", help="Show the suggestions, not only how many there are.")
]
Seed = Annotated[int, typer.Option(min=0, help="Decides every case that is drawn.")]
Timeout = Annotated[
    float,
    typer.Option(
        min=0.1,
        max=86_400,
        help="Time limit per claim, in seconds; longer counts as a hang.",
    ),
]
InProcess = Annotated[
    bool, typer.Option("--in-process", help="No sandbox, no time limit: for a debugger.")
]
RepairSeconds = Annotated[
    float,
    typer.Option(
        min=0,
        max=86_400,
        help="Time limit for finding a fix of each layer, in seconds; 0 disables it.",
    ),
]
SamplesAxis = Annotated[
    Samples | None,
    typer.Option(help="Which axis has the samples, where the code does not show it."),
]
Contracts = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="A Python file with contracts of your own, kept apart; it is run."
    ),
]
Declare = Annotated[
    str | None,
    typer.Option(
        help="What the layer of --layer takes, where there is no contract: 'x: N D; W: D M'.",
    ),
]
