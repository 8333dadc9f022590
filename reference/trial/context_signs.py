"""What the rest of a file shows of the convention in which one of its definitions is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from trigrad.cases.sampling import large_case
from trigrad.contracts.registry import contract_named
from trigrad.contracts.schema import Kind, Sign
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import ROWS_OF_SAMPLES, BatchAxis, Build, Returned
from trigrad.subject.source.descent import signs_of_descent
from trigrad.subject.source.loss_names import means_softmax, said_of_sum
from trigrad.subject.source.signs import (
    has_axes,
    signs_of_calls,
    signs_of_definition,
    signs_of_text,
)
from trigrad.subject.source.training_steps import step_divides
from trigrad.subject.subject import Subject
from trigrad.trial.gradient_scales import scales_that_fit
from trigrad.trial.readings import settled, settled_by_output


def signs_of_layer(layer: Candidate) -> tuple[Sign, ...]:
    """What a layer shows of the conventions of its file, by what it computes."""
    return (*_signs_of_layer(layer), *_signs_of_division(layer))


def signs_around(
    candidate: Candidate,
    subject: Subject,
    samples: Sign | None = None,
    of_layer: Callable[[Candidate], Iterable[Sign]] = signs_of_layer,
) -> frozenset[Sign]:
    """The signs in the text of the candidate's file, and those of the layers beside it.

    `samples` is what its user says of the axis of samples, whatever the file shows.
    """
    found = frozenset(_signs(candidate, subject, of_layer))
    return found if samples is None else found - {Sign.ROWS, Sign.COLUMNS} | {samples}


def _signs(
    candidate: Candidate, subject: Subject, of_layer: Callable[[Candidate], Iterable[Sign]]
) -> Iterator[Sign]:
    texts = list(_texts_of_file(candidate, subject))
    if means_softmax(texts, candidate.name):
        yield Sign.SOFTMAX
    yield from signs_of_calls(texts, candidate.name)
    if any(map(step_divides, texts)):
        yield Sign.DIVIDED_LATER
    if any(map(has_axes, texts)):
        yield Sign.AXIS
    yield from signs_of_descent(texts, candidate.name)
    yield from said_of_sum(texts, candidate.name)
    for text in texts:
        yield from signs_of_text(text)
        yield from signs_of_definition(text, candidate.name)
    for other in subject.within_reach_of(candidate):
        if other is not candidate and not other.unimplemented and other.contract.promises.rows:
            yield from of_layer(other)


def _texts_of_file(candidate: Candidate, subject: Subject) -> Iterator[str]:
    for module in subject.part_with(candidate).modules:
        labels = {chunk.label for chunk in module.chunks}
        if candidate.label in labels:
            yield from (chunk.text for chunk in module.chunks)


def _signs_of_layer(layer: Candidate) -> Iterator[Sign]:
    """The axis of samples of a layer with weights, a loss, or a network; that it takes a batch."""
    row = layer.contract
    if row.kind is Kind.FUNCTION:
        return
    if row.kind is Kind.NETWORK:
        yield Sign.ROWS
        yield Sign.BATCH
    elif row.scalar:
        sign = settled(layer).sign
        if sign is not None:
            yield sign
    elif row.parameters:
        case = large_case(row, 0)
        layer.face.start_clock(1.0)
        (built,) = layer.face.run([Build(case.parameters, case.sizes)])
        if isinstance(built, Returned):
            yield Sign.ROWS if built.batch_axis in ROWS_OF_SAMPLES else Sign.COLUMNS
            if built.batch_axis is BatchAxis.COLUMNS_MEAN:
                yield Sign.DIVIDED_LATER


def _signs_of_division(layer: Candidate) -> Iterator[Sign]:
    """Whether a loss divides its gradient by the batch size, or a layer its weight gradients.

    Of a loss also the sign of its gradient.
    """
    base = contract_named(layer.contract.name)
    if base is None or base.kind is not Kind.LAYER or not base.readings.scales:
        return
    read = settled_by_output(layer).candidate
    fitting = scales_that_fit(read.face, read.contract, base.readings.scales)
    for scale in fitting[:1]:  # those that fit have one factor
        if base.scalar:
            undivided = scale.power < 0 or not read.contract.promises.mean
            yield Sign.NOT_DIVIDED if undivided else Sign.DIVIDED_BEFORE
            yield Sign.DESCENT if scale.negative else Sign.ASCENT
        elif scale.power:
            yield Sign.DIVIDED_LATER
