"""Every single edit of a class or function that gives other code, the most natural first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reference.edits import (
    analogy,
    calls,
    constants,
    factors,
    gradients,
    keys,
    names,
    operators,
    products,
    reuse,
    shapes,
    statements,
    storing,
)
from reference.edits.edit import Edit
from reference.edits.ground import Ground
from reference.edits.layout import Definition
from reference.edits.sifting import Sieve

_FAMILIES: tuple[Callable[[Ground], Iterator[Edit]], ...] = (
    operators.edits,
    constants.edits,
    names.edits,
    calls.edits,
    products.edits,
    shapes.edits,
    factors.edits,
    statements.edits,
    storing.edits,
    analogy.edits,
    gradients.edits,
    reuse.edits,
    keys.edits,
)


def neighbourhood(
    text: str, definition: Definition, known: frozenset[str] = frozenset()
) -> list[Edit]:
    """Every edit of one expression or statement of a definition, the most natural first.

    None is in it twice, and none that gives no Python, or what computes the same.

    text: a whole cell or file. definition: a class or function of its tree. known: the names that
    are global there.
    """
    ground = Ground(text, definition, known)
    sieve = Sieve(ground)
    best: dict[str, Edit] = {}
    for family in _FAMILIES:
        for edit in family(ground):
            judged = sieve.judged(edit)
            if judged is None:
                continue
            key, kept = judged
            if key not in best or kept.cost < best[key].cost:
                best[key] = kept
    return sorted(best.values(), key=lambda edit: (edit.cost, edit.start, edit.replacement))
