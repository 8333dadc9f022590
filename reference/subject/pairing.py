"""Find pairs of functions: `affine_forward` and `affine_backward` are one layer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigrad.messages import Message
from trigrad.subject.definition_facts import names_used_by
from trigrad.subject.loading.loader import Definition

_SIDES = {
    **dict.fromkeys(("forward", "fwd", "forwardpass", "fprop"), "forward"),
    **dict.fromkeys(("backward", "bwd", "backwardpass", "bprop", "backprop"), "backward"),
}
_NO_LAYER = ("", "propagation", "pass", "prop", "model", "net", "network", "full", "all")
"""The rest of a name without "forward" or "backward" that means a whole network, not a layer."""


@dataclass(frozen=True, eq=False)
class Pair:
    """A forward and a backward function, or only one of them, and the name that they share."""

    stem: str
    forward: Definition | None
    backward: Definition | None

    @property
    def halves(self) -> list[Definition]:
        """The functions that exist, forward first."""
        return [d for d in (self.forward, self.backward) if d is not None]

    def with_halves(self, halves: Sequence[Definition]) -> Pair:
        """The pair with other definitions instead of these, in the same order."""
        others = dict(zip([id(d) for d in self.halves], halves, strict=True))
        return Pair(self.stem, others.get(id(self.forward)), others.get(id(self.backward)))

    @property
    def name(self) -> str:
        """`affine_forward/affine_backward`, or the name of the one that exists."""
        return "/".join(d.name for d in self.halves)

    @property
    def lacking(self) -> str:
        """The name that the missing function would have."""
        swaps = {"forward": "backward", "Forward": "Backward", "fwd": "bwd", "fprop": "bprop"}
        if self.forward is None:
            swaps = {other: one for one, other in swaps.items()}
        one = next((word for word in swaps if word in self.name), "")
        return (
            self.name.replace(one, swaps[one])
            if one
            else str(Message("unread.half", name=self.name))
        )


def pairs_among(definitions: Sequence[Definition]) -> list[Pair]:
    """The pairs among the functions of one file, in source order; either half may be missing.

    `sigmoid` is the forward of `sigmoid_backward` if there is no `sigmoid_forward`.
    """
    functions = [d for d in definitions if not isinstance(d.value, type)]
    sides: dict[str, dict[str, Definition]] = {}
    for definition in functions:
        stem, side = _stem_and_side(definition.name)
        if side and stem not in _NO_LAYER:
            sides.setdefault(stem, {})[side] = definition
    plain = {d.name.lower(): d for d in functions}
    found = []
    for stem, halves in sides.items():
        forward = halves.get("forward")
        if forward is None and "backward" in halves:
            forward = plain.get(stem)
        found.append(Pair(stem, forward, halves.get("backward")))
    return [*_other_versions(found), *found, *_of_windows(functions, definitions)]


def _of_windows(
    functions: Sequence[Definition], definitions: Sequence[Definition]
) -> Iterator[Pair]:
    """`im2col` and `col2im`: each is the transpose of the other, and so its backward.

    Where a layer uses them, they are judged with it.
    """
    named = {d.name: d for d in functions}
    for name, forward in named.items():
        backward = named.get(name.replace("im2col", "col2im"))
        if backward is None or backward is forward:
            continue
        others = (d for d in definitions if d not in (forward, backward))
        if not any({name, backward.name} & names_used_by(d) for d in others):
            yield Pair(name, forward, backward)


_VERSIONS = frozenset(
    (
        *("alt", "alternative", "naive", "fast", "slow", "simple", "simplified", "vectorized"),
        *("vectorised", "loop", "loops", "im2col", "strides", "efficient", "short", "v1", "v2"),
        *("1", "2"),
    )
)
"""Words for another way to compute the same."""


def _other_versions(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs of halves of which one has a word more: `bn_forward`, `bn_backward_alt`.

    A half without a partner goes with the one of the plain name.
    """
    forwards = {_plain(pair.stem): pair for pair in reversed(pairs) if pair.forward is not None}
    for pair in list(pairs):
        of = forwards.get(_plain(pair.stem))
        if pair.forward is None and of is not None:
            pairs.remove(pair)
            if of.backward is None and of in pairs:
                pairs.remove(of)
            yield Pair(of.stem, of.forward, pair.backward)


def _plain(stem: str) -> str:
    return "_".join(word for word in stem.split("_") if word not in _VERSIONS)


def _stem_and_side(name: str) -> tuple[str, str]:
    """("affine", "forward") for affine_forward, forward_affine or affineForward."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")
    sides = [_SIDES[word] for word in words if word in _SIDES]
    if len(sides) != 1:
        return "", ""
    return "_".join(word for word in words if word not in _SIDES and word), sides[0]
