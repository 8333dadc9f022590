"""Which functions of a file are a network together: forward, loss, backward, initialising."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.composing.outside import shapes_above, taken_from_outside
from trigrad.subject.composing.roles import Role, names_backward, names_cost, names_forward, plain
from trigrad.subject.source.definitions import is_stub
from trigrad.subject.source.gradient_names import words_of
from trigrad.subject.source.gradient_statements import returns_both

_INITIAL = re.compile(
    r"init|makeparam|createparam|makenetwork|setupparam|getparam|makeweights|randomweights"
)
_COMMON = frozenset(("forward", "backward", "propagation", "compute", "cost", "loss", "function"))


@dataclass(frozen=True, eq=False)
class Composition:
    """The functions of one network.

    `backward` gives the gradients. `losses` are functions that give the loss, and `forward` what
    they take; without `losses`, `backward` gives the loss as well, or nothing does.
    """

    backward: FunctionText
    forward: FunctionText | None = None
    losses: tuple[FunctionText, ...] = ()
    initial: tuple[FunctionText, ...] = ()
    outside: Mapping[str, str] = field(default_factory=dict)
    """The sizes of weights that it finds in its module."""
    beside: tuple[FunctionText, ...] = ()
    """All functions of its file, or all methods of its class."""

    @cached_property
    def single(self) -> bool:
        """Whether it is called with one sample at a time, in a loop over samples."""
        return _called_for_each(self.backward, self.beside)

    @cached_property
    def counts_classes(self) -> bool:
        """Whether classes are counted in the targets, as in `np.zeros((Y.size, Y.max() + 1))`."""
        return any(re.search(r"max\(\w*\) \+ 1", f.text) for f in self.beside)

    @cached_property
    def classes_written(self) -> str:
        """How many classes there are, where the text makes one-hot targets of so many; else ""."""
        made = re.compile(
            r"zeros\(\([^,()]+(\(\))?, (\d+)\)|zeros\(\((\d+), [^,()]+(\(\))?\)|eye\((\d+)\)"
        )
        for function in self.beside:
            for found in made.finditer(function.text):
                if re.search(r"one_?hot|eye\(|\[np\.arange", function.text, re.IGNORECASE):
                    return next(n for n in (found[2], found[3], found[5]) if n)
        return ""

    @cached_property
    def multiplies_matrices(self) -> bool:
        """Whether one of its functions has a product of matrices."""
        functions = filter(None, [self.forward, *self.losses, self.backward])
        return any(re.search(r" @ |dot\(|matmul\(|einsum\(", f.text) for f in functions)

    def length_of(self, weight: str) -> int:
        """How many entries a vector of weights has: `theta[2]` is the third; 0 if unknown."""
        return max((f.length_read_of(weight) for f in self.beside), default=0)

    @property
    def gives_loss(self) -> bool:
        """Whether the function with the gradients gives the loss as well."""
        return self.forward is None and not self.losses

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its functions, the first one first."""
        found = [self.forward or next(iter(self.losses), None), self.backward]
        return tuple(f.name for f in found if f is not None)


def compositions(
    nodes: Sequence[ast.FunctionDef], taken: Collection[str], top: Sequence[ast.stmt] = ()
) -> Iterator[Composition]:
    """The networks among the functions of one file; `taken` have been recognised already.

    `top` are the statements outside of them.
    """
    above = shapes_above(top)
    functions = [FunctionText(node.name, node) for node in nodes if not is_stub(node)]
    initial = tuple(
        f
        for f in functions
        if _INITIAL.search(plain(f.name)) and not f.has(Role.TARGET) and not f.has(Role.INPUT)
    )
    for function in functions:
        if function.name in taken or function.has(Role.UPSTREAM) or _is_step(function):
            continue
        if not function.has(Role.TARGET):
            continue
        outside = taken_from_outside(function, above) if not _weighted(function) else {}
        if _gives_both(function, outside):
            beside = tuple(functions)
            yield Composition(function, initial=initial, outside=outside, beside=beside)
        elif _gives_gradients(function):
            others = [f for f in functions if f is not function]
            for found in _around(function, others, initial):
                yield replace(found, beside=tuple(functions))


def class_composition(methods: Sequence[ast.FunctionDef]) -> Composition | None:
    """The network that a class is by its methods; None if it has no gradients of a loss."""
    functions = [FunctionText(node.name, node, method=True) for node in methods]
    initial = tuple(f for f in functions if f.name == "__init__")
    own = [f for f in functions if f not in initial and not is_stub(f.node)]
    for function in own:
        if function.has(Role.TARGET) and _gives_both(function) and not _is_step(function):
            return Composition(function, initial=initial, beside=tuple(functions))
    for function in own:
        if names_backward(function.name) and function.has(Role.TARGET) and not _is_step(function):
            others = [f for f in own if f is not function]
            found = next(_around(function, others, initial), None)
            return replace(found, beside=tuple(functions)) if found is not None else None
    return None


def _called_for_each(backward: FunctionText, functions: Sequence[FunctionText]) -> bool:
    """Whether some function goes back in `for x, y in samples`, with x and y."""
    for loop in (n for f in functions for n in ast.walk(f.node) if isinstance(n, ast.For)):
        targets = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        for each in ast.walk(loop):
            if isinstance(each, ast.Call) and len(targets) > 1:
                called = ast.unparse(each.func).split(".")[-1]
                given = {a.id for a in each.args if isinstance(a, ast.Name)}
                if called == backward.name and len(given & targets) > 1:
                    return True
    return False


def _around(
    backward: FunctionText, others: Sequence[FunctionText], initial: tuple[FunctionText, ...]
) -> Iterator[Composition]:
    losses = [f for f in others if _is_loss(f)]
    direct = [f for f in losses if f.has(Role.INPUT)]
    if direct:
        yield Composition(backward, losses=_nearest(backward, direct), initial=initial)
        return
    forwards = _nearest(backward, [f for f in others if _is_forward(f)])
    nearest = _nearest(backward, losses)
    for forward in forwards:
        yield Composition(backward, forward, nearest, initial)


def _nearest(backward: FunctionText, functions: Sequence[FunctionText]) -> tuple[FunctionText, ...]:
    """The functions whose names have the most words in common with that of backward."""
    words = set(words_of(backward.name)) - _COMMON

    def likeness(function: FunctionText) -> tuple[int, int]:
        own = set(words_of(function.name)) - _COMMON
        return len(own & words), -len(own - words)

    best = max(map(likeness, functions), default=(0, 0))
    return tuple(f for f in functions if likeness(f)[0] == best[0])


def _is_step(function: FunctionText) -> bool:
    """Whether it trains: a loop over epochs, or a step along the gradient."""
    key = plain(function.name)
    return bool(re.search(r"train|update|optimi[sz]e|fit|descent|check|numerical|step", key))


def _gives_gradients(function: FunctionText) -> bool:
    return bool(function.results) and names_backward(function.name)


def _gives_both(function: FunctionText, outside: Collection[str] = ()) -> bool:
    """Whether it returns a loss and gradients."""
    if len(function.results) < 2 or function.has(Role.CACHE) or function.has(Role.OUTPUT):
        return False
    named = any(result.role is Role.LOSS for result in function.results)
    if not function.method and not _weighted(function) and not outside:
        return False
    if function.method:
        return named and function.results[-1].role is not Role.LOSS and function.has(Role.INPUT)
    both = returns_both(function.node) or any(
        re.match(r"grad|[dg]_?[A-Za-z]", name)
        for result in function.results
        for name in (result.name, *result.parts, *result.keys)
        if result.role not in (Role.LOSS, Role.OUTPUT)
    )
    # `return loss, X.T @ d, d.sum(0)`: as many more results as there are weights
    both = both or _weighted(function) == len(function.results) - 1 > 0
    return both and (named or names_cost(function.name)) and function.has(Role.INPUT)


def _weighted(function: FunctionText) -> int:
    return sum(taken.role in (Role.WEIGHT, Role.PARAMS) for taken in function.takes)


def _is_loss(function: FunctionText) -> bool:
    if names_backward(function.name) or _is_step(function):
        return False
    return names_cost(function.name) and function.has(Role.TARGET) and len(function.results) == 1


def _is_forward(function: FunctionText) -> bool:
    """Whether it computes outputs from inputs and all the weights."""
    if names_backward(function.name) or _is_step(function):
        return False
    if not function.results or not names_forward(function.name) or function.has(Role.TARGET):
        return False
    if function.method:
        return function.has(Role.INPUT) or function.takes_one
    return function.has(Role.INPUT) and _weighted(function) > 0


def group_of(composition: Composition) -> Mapping[str, tuple[str, ...]]:
    """The arguments that stand for all weights, and the keys that are read of each."""
    found: dict[str, tuple[str, ...]] = {}
    functions = [composition.forward, *composition.losses, composition.backward]
    for function in filter(None, functions):
        for taken in function.takes:
            if taken.role is Role.PARAMS:
                keys = function.keys_read_of(taken.name) or function.unpacked_from(taken.name)
                found[taken.name] = tuple(dict.fromkeys((*found.get(taken.name, ()), *keys)))
    return found
