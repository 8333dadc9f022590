"""The sentences in English: why PyTorch cannot follow a forward."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

TRACING: dict[str, Template] = {
    "draw.not": "only layers, functions and networks are drawn",
    "draw.no_program": (
        "of an engine, the smallest program in which a number is wrong is drawn; there is none"
    ),
    "draw.no_case": "there is no case of it",
    "draw.reading": (
        "its results are changed before they are judged, so that the picture would show something "
        "else"
    ),
    "draw.not_followed": "its forward cannot be followed: {why}",
    "draw.raises": "backward raises {raised}",
    "draw.unknown": "its case has no {names}, but {known}",
    "draw.none": "no picture of {name}: {why}",
    "draw.title": "The computational graph of {name}",
    "draw.described": "From the inputs {operands}: {steps}.",
    "draw.wrong": "The {about} is wrong: {what}.",
    "tracing.lost": "{construct} would lose the gradient",
    "tracing.raised": "with PyTorch's numbers instead of NumPy's it raises {kind}: {words}",
    "tracing.other": (
        "with PyTorch's numbers it gives other results than with NumPy's, or other results each "
        "time"
    ),
    "tracing.at": "{what} ({name}, line {line})",
    "tracing.unseen": "its output is not one array that depends on its inputs",
    "tracing.too_much": "it has too many steps to be drawn",
    "tracing.neither": "autograd: {one}; complex step: {other}",
}
