"""A user's own contracts, kept in a file apart from the code that is judged.

    import torch
    from trigrad.contracts import contract

    contract("Swish", "x: N D", like=lambda x: x * torch.sigmoid(x), names=["SiLU"])
    contract("Conv", "x: N C H W; W: F C 3 3; b: F; build: cls(W, b, pad=1)")

The file is run where the verdict is made. Where the code on trial runs, only the declarations are
known.
"""

from __future__ import annotations

import runpy
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trigrad.contracts.declaration import KINDS, DeclarationError, declared
from trigrad.contracts.naming import bare
from trigrad.contracts.schema import Contract, Promises, Variable
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch


class ContractsError(ValueError):
    """A file of contracts that cannot be used; the message says why, and at which line."""


@dataclass(frozen=True, eq=False)
class OwnContract:
    """What a user says of one layer."""

    name: str
    declaration: str
    like: Callable[..., torch.Tensor] | None = None
    """The same function in PyTorch, of its operands and then its weights."""
    names: tuple[str, ...] = ()
    """Other names for it."""
    usual: tuple[str, ...] = ()
    promises: Promises = field(default_factory=Promises)
    spelled: bool = False
    """Whether only the name itself is meant, not other spellings of it."""
    file: str = ""
    """The path of the file that enters it."""

    def is_of(self, names: Iterable[str]) -> bool:
        """Whether a layer of one of these names is meant."""
        if self.spelled:
            return self.name in names
        return not self.spellings.isdisjoint(map(bare, names))

    @property
    def spellings(self) -> frozenset[str]:
        """Its names without what makes no difference."""
        return frozenset(map(bare, (self.name, *self.names)))

    def completed(self, row: Contract) -> Contract:
        """The row that its declaration makes, with all else that is known."""
        notation = replace(row.notation, usual=self.usual)
        return replace(row, twin=self.like, promises=self.promises, notation=notation)


_being_read: ContextVar[list[OwnContract] | None] = ContextVar("_being_read", default=None)


def contract(
    name: str | Contract,
    declaration: str = "",
    *,
    like: Callable[..., torch.Tensor] | None = None,
    names: Sequence[str] = (),
    usual: Sequence[str] = (),
    promises: Promises | None = None,
) -> OwnContract:
    """Say what a layer takes and computes; in a file of contracts, that enters it.

    Args:
        name: of the class, the function, or what two functions have in common (`swish` of
            `swish_forward` and `swish_backward`); case, underscores and an added "Layer" make no
            difference. Or a whole Contract.
        declaration: its operands and weights in one line, `"x: N D; W: D M; build: cls(W)"`; `cls`
            is the learner's class.
        like: the same function in PyTorch, of float64 tensors, the operands and then the weights.
            With it, forward is judged too.
        names: other names for it.
        usual: expressions of which it usually consists, `"dout * (1 - out**2)"`; a fix may use
            them.
        promises: what holds for every right layer of this kind.

    Raises:
        DeclarationError: the declaration cannot be understood.
        TypeError: `names` or `usual` is one string instead of several.
    """
    for what, given in (("names", names), ("usual", usual)):
        if isinstance(given, str):
            raise TypeError(f"{what} is one string, should be a list: [{given!r}]")
    if isinstance(name, Contract):
        row = name
        found = OwnContract(
            row.name,
            declaration or declaration_of(row),
            like or row.twin,
            (*row.notation.aliases, *names),
            (*row.notation.usual, *usual),
            promises or row.promises,
        )
    else:
        found = OwnContract(
            *(name, declaration, like, tuple(names), tuple(usual), promises or Promises())
        )
    declared(found.declaration)
    being_read = _being_read.get()
    if being_read is not None:
        being_read.append(found)
    return found


def declaration_of(row: Contract) -> str:
    """The line that declares what a contract has as operands and parameters."""
    return "; ".join(_declared(v, has_gradient=v.name in row.gradients) for v in row.variables)


def _declared(variable: Variable, *, has_gradient: bool) -> str:
    words = {domain: word for word, domain in reversed(KINDS.items()) if word != "fixed"}
    kind = words.get(variable.domain, "real")
    if kind == "labels":
        kind = f"labels<{variable.classes}"
    if not has_gradient and kind not in ("binary", "onehot") and not kind.startswith("labels"):
        kind = "fixed"
    kind = "" if kind == "real" else f"{kind} "
    return f"{variable.name}: {kind}{' '.join(variable.shape)}"


def read_contracts(path: str | Path) -> tuple[OwnContract, ...]:
    """The contracts that a Python file enters, which is run in this process.

    Raises:
        ContractsError: there is no such file, it fails, or enters nothing or a name twice.
    """
    if not Path(path).is_file():
        raise ContractsError(str(Message("contracts.no_file", path=str(path))))
    found: list[OwnContract] = []
    token = _being_read.set(found)
    try:
        runpy.run_path(str(path), run_name="trigrad_contracts")
    except DeclarationError as error:
        raise ContractsError(f"{_at(path, error)}: {error}") from error
    except Exception as error:
        raise ContractsError(f"{_at(path, error)}: {type(error).__name__}: {error}") from error
    finally:
        _being_read.reset(token)
    if not found:
        raise ContractsError(str(Message("contracts.empty", path=str(path))))
    twice = next(_entered_twice(found), None)
    if twice is not None:
        raise ContractsError(str(Message("contracts.twice", path=str(path), name=twice)))
    return tuple(replace(own, file=str(path)) for own in found)


def _entered_twice(found: Sequence[OwnContract]) -> Iterator[str]:
    seen: Collection[str] = frozenset()
    for each in found:
        if not each.spellings.isdisjoint(seen):
            yield each.name
        seen = {*seen, *each.spellings}


def _at(path: str | Path, error: Exception) -> str:
    """The line of the file at which an error was raised."""
    if isinstance(error, SyntaxError):
        return _line_of(path, error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return _line_of(path, lines[-1]) if lines else str(path)


def _line_of(path: str | Path, line: int | None) -> str:
    return str(Message("place.line", place=str(path), line=line or 0))
