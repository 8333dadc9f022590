"""The operations that are about arrays: sums, products of matrices, changes of shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from trigrad.programs.operation import MARGIN, Operation

if TYPE_CHECKING:
    import torch

SUM = "sum"
MEAN = "mean"


def array_operations() -> Iterator[Operation]:
    """The sums first: with one of them a program ends in a single number."""
    yield from _sums(SUM, lambda a, *of: a.sum(*of))
    yield from _sums(MEAN, lambda a, *of: a.mean(*of))
    yield from _products()
    yield from _shapes()
    yield from _largest()


def _sums(name: str, twin: Callable[..., torch.Tensor]) -> Iterator[Operation]:
    """Over all entries, and over one axis."""

    def row(template: str, of: Callable[[torch.Tensor], torch.Tensor], axes: int) -> Operation:
        # Over one axis, an engine may keep it: then it is another operation.
        return Operation(
            *(name, template, of, (name,)),
            domain=lambda a: a.ndim >= axes,
            arrays=True,
            certain=axes == 0,
        )

    yield row(f"{{0}}.{name}()", lambda a: twin(a), 0)
    yield row(f"{name}({{0}})", lambda a: twin(a), 0)
    for axis, keep in (("axis", "keepdims"), ("dim", "keepdim")):
        for form in (f"{{0}}.{name}(", f"{name}({{0}}, "):
            yield row(f"{form}{axis}=0)", lambda a: twin(a, 0), 1)
            yield row(f"{form}{axis}=1)", lambda a: twin(a, 1), 2)
            yield row(f"{form}{axis}=1, {keep}=True)", lambda a: twin(a, 1, True), 2)


def _products() -> Iterator[Operation]:
    forms = (
        ("{0} @ {1}", "__matmul__"),
        ("{0}.matmul({1})", "matmul"),
        ("matmul({0}, {1})", "matmul"),
        ("{0}.dot({1})", "dot"),
        ("dot({0}, {1})", "dot"),
    )
    for template, method in forms:
        yield Operation(
            *("matmul", template, lambda a, b: a @ b, (method,)),
            domain=lambda a, b: a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0],
            arrays=True,
        )


def _shapes() -> Iterator[Operation]:
    def matrix(a: torch.Tensor) -> bool:
        return a.ndim == 2

    def six(a: torch.Tensor) -> bool:
        return a.numel() == 6

    def turned(a: torch.Tensor) -> torch.Tensor:
        return a.T

    for template, method in (
        ("{0}.T", "T"),
        ("{0}.transpose()", "transpose"),
        ("transpose({0})", "transpose"),
    ):
        yield Operation("transpose", template, turned, (method,), domain=matrix, arrays=True)
    for template in ("{0}.reshape(3, 2)", "{0}.reshape((3, 2))", "reshape({0}, (3, 2))"):
        yield Operation(
            *("reshape", template, lambda a: a.reshape(3, 2), ("reshape",)), domain=six, arrays=True
        )
    for template in ("{0}.flatten()", "{0}.ravel()"):
        name = template[4:-2]
        yield Operation("flatten", template, lambda a: a.reshape(-1), (name,), arrays=True)
    yield Operation(
        *("sum_to", "sum_to({0}, (3,))", lambda a: a.sum_to_size(3), ("sum_to",)),
        domain=lambda a: a.ndim == 2 and a.shape[1] == 3,
        arrays=True,
    )
    yield Operation(
        *("broadcast_to", "broadcast_to({0}, (2, 3))", lambda a: a.expand(2, 3)),
        ("broadcast_to",),
        domain=lambda a: tuple(a.shape) == (3,),
        arrays=True,
    )
    first = ("__getitem__",)
    for template, axes in (("{0}[0]", 1), ("{0}[:, 1]", 2)):
        yield Operation(
            *("index", template, _part(axes), first), domain=_has_part(axes), arrays=True
        )


def _part(axes: int) -> Callable[[torch.Tensor], torch.Tensor]:
    return (lambda a: a[0]) if axes == 1 else (lambda a: a[:, 1])


def _has_part(axes: int) -> Callable[[torch.Tensor], bool]:
    return (lambda a: a.ndim >= 1) if axes == 1 else (lambda a: a.ndim == 2 and a.shape[1] > 1)


def _largest() -> Iterator[Operation]:
    """The largest entry, where there is no tie."""

    def alone(a: torch.Tensor) -> bool:
        if a.numel() < 2:
            return a.numel() == 1
        top = a.reshape(-1).topk(2).values
        return bool(top[0] - top[1] > MARGIN)

    for template in ("{0}.max()", "max({0})"):
        yield Operation("max", template, lambda a: a.max(), ("max",), domain=alone, arrays=True)
