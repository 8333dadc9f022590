"""The table of all operations that an engine may have, the simplest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from trigrad.programs.array_operations import array_operations
from trigrad.programs.operation import LARGEST, MARGIN, Operation, anywhere

if TYPE_CHECKING:
    import torch

Twin = Callable[..., "torch.Tensor"]
Domain = Callable[..., bool]

NUMBERS = (2, 3.0, -1.5, 0.5)
EXPONENTS = (2, 3, -1, 0.5, 2.5, -2)

STEEPEST = 3.0
"""The largest operand of an exponential: e**3 is about 20."""


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation, in the order in which they are tried."""
    return (*_binary(), *_powers(), *_unary(), *array_operations())


def _binary() -> Iterator[Operation]:
    rows: tuple[tuple[str, str, str, Twin, Domain], ...] = (
        ("add", "+", "add", lambda a, b: a + b, anywhere),
        ("mul", "*", "mul", lambda a, b: a * b, anywhere),
        ("sub", "-", "sub", lambda a, b: a - b, anywhere),
        ("div", "/", "truediv", lambda a, b: a / b, lambda _, b: _away(b)),
    )
    for name, sign, dunder, twin, domain in rows:
        method = f"__{dunder}__"
        yield Operation(name, f"{{0}} {sign} {{1}}", twin, (method,), domain=domain)
    yield Operation("neg", "-{0}", lambda a: -a, ("__neg__",))
    for name, sign, dunder, twin, domain in rows:
        left, right = f"__{dunder}__", f"__r{dunder}__"
        yield Operation(name, f"{{0}} {sign} {{n}}", twin, (left,), NUMBERS, domain)
        swapped = _swapped(twin)
        inverse = _swapped(domain)
        yield Operation(name, f"{{n}} {sign} {{0}}", swapped, (right,), NUMBERS, inverse)
    words = {"add": ("add",), "mul": ("mul", "multiply"), "sub": ("sub", "subtract")}
    words["div"] = ("div", "divide", "truediv")
    for name, _, _, twin, domain in rows:
        for word in words[name]:
            yield from _named(name, word, twin, domain, second=True)


def _swapped(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, n: function(n, a)


def _powers() -> Iterator[Operation]:
    method = ("__pow__",)
    yield Operation("pow", "{0} ** {n}", lambda a, n: a**n, method, EXPONENTS, _can_be_raised)
    for form in ("{0}.pow({n})", "pow({0}, {n})", "{0}.power({n})"):
        name = form.partition("(")[0].partition(".")[2] or "pow"
        yield Operation("pow", form, lambda a, n: a**n, (name,), EXPONENTS, _can_be_raised)
    yield Operation(
        *("pow", "{n} ** {0}", lambda a, n: n**a, ("__rpow__",), (2, 3.0, 0.5)),
        lambda a, _: _moderate(a),
    )
    yield Operation(
        *("pow", "{0} ** {1}", lambda a, b: a**b, method),
        domain=lambda a, b: _positive(a) and _moderate(b),
        certain=False,
    )


def _can_be_raised(a: torch.Tensor, n: float) -> bool:
    if float(n).is_integer():
        return n > 0 or _away(a)
    return _positive(a)


def _unary() -> Iterator[Operation]:
    rows: tuple[tuple[tuple[str, ...], Twin, Domain], ...] = (
        (("relu", "ReLU", "Relu"), lambda a: a.relu(), lambda a: _away(a)),
        (("tanh", "Tanh"), lambda a: a.tanh(), lambda a: _moderate(a)),
        (("sigmoid", "Sigmoid", "logistic"), lambda a: a.sigmoid(), lambda a: _moderate(a)),
        (("exp", "Exp"), lambda a: a.exp(), lambda a: _moderate(a)),
        (("log", "Log", "ln"), lambda a: a.log(), lambda a: _positive(a)),
        (("sqrt",), lambda a: a.sqrt(), lambda a: _positive(a)),
        (("square", "sqr"), lambda a: a * a, anywhere),
        (("sin",), lambda a: a.sin(), anywhere),
        (("cos",), lambda a: a.cos(), anywhere),
        (("neg", "negative"), lambda a: -a, anywhere),
        (("absolute",), lambda a: a.abs(), lambda a: _away(a)),
        (("reciprocal", "inv"), lambda a: 1 / a, lambda a: _away(a)),
        (("softplus",), lambda a: (1 + a.exp()).log(), lambda a: _moderate(a)),
        (("silu", "swish"), lambda a: a * a.sigmoid(), lambda a: _moderate(a)),
        (("sinh",), lambda a: a.sinh(), lambda a: _moderate(a)),
        (("cosh",), lambda a: a.cosh(), lambda a: _moderate(a)),
        (("tan",), lambda a: a.tan(), lambda a: bool((a.cos().abs() > 2 * MARGIN).all())),
        (("arctan", "atan"), lambda a: a.atan(), anywhere),
    )
    for names, twin, domain in rows:
        for name in names:
            yield from _named(names[0], name, twin, domain)
    yield Operation("abs", "abs({0})", lambda a: a.abs(), ("abs", "__abs__"), (), _away)


def _named(
    name: str, word: str, twin: Twin, domain: Domain, *, second: bool = False
) -> Iterator[Operation]:
    """As a method and as a function."""
    one, other = ("{0}.%s({1})", "%s({0}, {1})") if second else ("{0}.%s()", "%s({0})")
    yield Operation(name, one % word, twin, (word,), domain=domain)
    yield Operation(name, other % word, twin, (word,), domain=domain)


def _away(a: Any) -> bool:
    """Whether it is away from 0."""
    return abs(a) > MARGIN if isinstance(a, int | float) else bool((a.abs() > MARGIN).all())


def _positive(a: torch.Tensor) -> bool:
    return bool((a > MARGIN).all())


def _moderate(a: torch.Tensor) -> bool:
    return bool((a.abs() <= STEEPEST).all())


def small_enough(a: torch.Tensor) -> bool:
    """Whether a value of a program can be used further; what is no number cannot."""
    return bool((a.abs() <= LARGEST).all())
