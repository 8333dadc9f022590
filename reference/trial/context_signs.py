"""What the rest of a file shows of the convention in which one of its definitions is meant."""

from __future__ import annotations

from collections.abc import Iterator

from trigrad.cases.sampling import large_case
from trigrad.contracts.schema import Kind, Sign
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import BatchAxis, Build, Returned
from trigrad.subject.source.loss_names import means_softmax
from trigrad.subject.source.signs import signs_of_calls, signs_of_definition, signs_of_text
from trigrad.subject.subject import Subject
from trigrad.trial.readings import settled


def signs_around(
    candidate: Candidate, subject: Subject, samples: Sign | None = None
) -> frozenset[Sign]:
    """The signs in the text of the candidate's file, and those of the layers beside it.

    `samples` is what its user says of the axis of samples, whatever the file shows.
    """
    found = frozenset(_signs(candidate, subject))
    return found if samples is None else found - {Sign.ROWS, Sign.COLUMNS} | {samples}


def _signs(candidate: Candidate, subject: Subject) -> Iterator[Sign]:
    texts = list(_texts_of_file(candidate, subject))
    if means_softmax(texts, candidate.name):
        yield Sign.SOFTMAX
    yield from signs_of_calls(texts, candidate.name)
    for text in texts:
        yield from signs_of_text(text)
        yield from signs_of_definition(text, candidate.name)
    for other in subject.within_reach_of(candidate):
        if other is not candidate and not other.unimplemented and other.contract.promises.rows:
            yield from _signs_of_layer(other)


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
            yield Sign.ROWS if built.batch_axis is BatchAxis.ROWS else Sign.COLUMNS
