"""Find the results in what the passes return, if they are not where they usually are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trigrad.messages import Message
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.experiments import BackwardRun, Experiments
from trigrad.subject.dialects.returned_parts import Part, value_shape
from trigrad.subject.dialects.signatures import UnknownDialectError


def with_returned(
    experiments: Experiments, conventions: Conventions, run: BackwardRun
) -> Conventions:
    """The conventions, with the places of the results in what the passes return.

    Raises:
        UnknownDialectError: more than one of the returned arrays may be a gradient.
    """
    output = run.caller.index
    if experiments.adapter.is_pair and output == 0:
        output = None
    conventions = replace(conventions, output_index=output)
    reading = run.caller.reading
    paths = dict(reading.paths)
    for parts in {id(parts): parts for parts in reading.doubtful.values()}.values():
        names = [n for n, of_its_shape in reading.doubtful.items() if of_its_shape is parts]
        follow = _that_follow_dout(experiments, conventions, parts)
        if len(follow) < len(names) or len({id(p.value) for p in follow}) < len(follow):
            return conventions
        if len(follow) > len(names):
            places = tuple(str(p.path).removeprefix("self") for p in follow)
            words = Message("unread.returned", names=tuple(names), places=places)
            raise UnknownDialectError(str(words))
        paths |= {n: p.path for n, p in zip(names, follow, strict=True)}
    due = experiments.contract.gradients
    lacking = [n for n in due if n not in paths and n not in experiments.parameters]
    return conventions if lacking else replace(conventions, returned=paths)


def _that_follow_dout(
    experiments: Experiments, conventions: Conventions, parts: Sequence[Part]
) -> list[Part]:
    """The parts of what backward returns that are twice as large for twice dout.

    Of what a loss returns, which is given no dout, those at the places of its operands.
    """
    if experiments.dout is None:
        names = [v.name for v in experiments.contract.operands]
        wanted = [names.index(n) for n in experiments.contract.gradients]
        return [p for p in parts if p.path.steps[-1].key in wanted]
    twice = experiments.run(conventions, factor=2.0)
    if twice is None:
        return []
    again = [(p, p.path.read(twice.caller.raw)) for p in parts]
    return [
        p
        for p, value in again
        if value_shape(value) == value_shape(p.value) and np.allclose(value, 2 * p.value)
    ]
