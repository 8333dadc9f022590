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
    # What would lose it
    "lost.before": "writing into an array from before the run",
    "lost.plain": "conversion to a plain array (a buffer made before, or np.array)",
    "lost.viewed": "writing into an array of which a view with negative steps is used",
    "lost.view": "writing into a view with negative steps",
    "lost.pickling": "pickling",
    "lost.float": "float(), or a function of math",
    "lost.option": "{function} with a computed value as an option",
    "lost.options": "{function} with these options",
    "lost.several": "{function} over several arrays",
    "lost.longer": "np.correlate with a longer second array",
    "lost.unseen": "an operation that is not seen",
    "lost.warnings": "a change of warnings",
    # Why it cannot follow
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
