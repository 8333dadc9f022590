"""One run of a function: on its own, and on stand-ins, with the reason if that does not go."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from trigrad.messages import Message
from trigrad.tracing.generators import generators_in, reseeded
from trigrad.tracing.proxies import Proxies
from trigrad.tracing.session import BEFORE, Session, new_session, session
from trigrad.tracing.swapping import swapped
from trigrad.tracing.traced import Array, Traced, Untraceable, flattened, is_numeric

Run = Callable[[dict[str, Any]], Any]
Namespaces = Sequence[dict[str, Any]]


class Way(Protocol):
    """A way to trace: one signature for all."""

    def __call__(
        self, run: Run, leaves: Mapping[str, Array], namespaces: Namespaces, *, seed: int = 0
    ) -> Traced:
        """Run the function on stand-ins for its leaves.

        Raises:
            Untraceable: something in it would lose the gradient.
        """
        ...


@dataclass(frozen=True)
class Plain:
    """The function as it is, on NumPy's arrays: what it returned, and whether it drew numbers."""

    output: Any
    random: bool


def run_plainly(run: Run, leaves: Mapping[str, Array], namespaces: Namespaces, seed: int) -> Plain:
    """Run the function on copies of the leaves. What it raises is its own."""
    with reseeded(generators_in(namespaces), seed) as draws:
        output = run({name: np.array(leaf, dtype=np.float64) for name, leaf in leaves.items()})
    return Plain(output, draws.made)


@contextmanager
def on_stand_ins(
    run: Run, namespaces: Namespaces, proxies: Proxies, seed: int | None
) -> Iterator[Run]:
    """Exchange NumPy's names for the block, in which the function is run with what this gives.

    Args:
        run: the function.
        namespaces: the globals of the learner's modules.
        proxies: what stands for NumPy's objects.
        seed: of the generators, for each run; none if the function draws no numbers.
    """
    files = {id(namespace) for namespace in namespaces}
    own = generators_in(namespaces)  # before they are exchanged
    with swapped(namespaces, proxies.replacement, proxies.builtins):
        yield lambda stand_ins: _run(run, stand_ins, files, own, seed)


def _run(
    run: Run, stand_ins: dict[str, Any], files: set[int], own: Sequence[Any], seed: int | None
) -> Any:
    """Run the function on stand-ins, within a session.

    Raises:
        Untraceable: a gradient would be lost, or the stand-ins lack something; it says where.
    """
    try:
        with nullcontext() if seed is None else reseeded(own, seed):
            return run(stand_ins)
    except Untraceable as lost:
        raise _located(lost.message, lost, files) from lost
    except Exception as error:
        raise _located(_why(error), error, files) from error


def _why(error: Exception) -> Message:
    """Why a run on stand-ins failed: what was lost first, if NumPy made another error of it."""
    lost = session().lost
    if lost is not None:
        return lost.message
    if isinstance(error, np.exceptions.ComplexWarning):
        return Message("tracing.lost", construct=BEFORE)
    words = str(error).splitlines()[0] if str(error) else ""
    return Message("tracing.raised", kind=type(error).__name__, words=words)


def _located(message: Message, error: BaseException, files: set[int]) -> Untraceable:
    """The reason, with the function and line of the learner's in which it came up."""
    frames = traceback.walk_tb(error.__traceback__)
    own = [(frame, line) for frame, line in frames if id(frame.f_globals) in files]
    if not own:
        return Untraceable(message)
    frame, line = own[-1]
    name = frame.f_code.co_name
    return Untraceable(Message("tracing.at", what=message, name=name, line=line))


@contextmanager
def noting() -> Iterator[Session]:
    """A session at whose end a loss that the learner's code has caught is raised after all."""
    with new_session() as now:
        yield now
        if now.lost is not None:
            raise now.lost


def same_values(output: Any, plain: Any, precision: np.dtype[Any]) -> bool:
    """Whether stand-ins gave what NumPy gives, up to rounding in the precision of the run."""
    mine, theirs = flattened(output, is_numeric), flattened(plain, is_numeric)
    if len(mine) != len(theirs):
        return False
    return all(_near(one, other, precision) for one, other in zip(mine, theirs, strict=True))


_ROUNDINGS = 1e4
"""How many units in the last place two orders of the same operations may be apart.

A mistake of a stand-in's moves whole values; this only has to be above what rounding adds up to.
"""


def _near(one: Any, other: Any, precision: np.dtype[Any]) -> bool:
    if np.shape(one) != np.shape(other):
        return False
    values, wanted = np.asarray(one, np.float64), np.asarray(other, np.float64)
    sizes = np.abs(wanted)
    scale = float(np.max(sizes, initial=1.0, where=np.isfinite(sizes)))
    room = _ROUNDINGS * float(np.finfo(precision).eps) * scale
    with np.errstate(invalid="ignore"):  # infinity - infinity
        near = np.abs(values - wanted) <= room
    same = (values == wanted) | (np.isnan(values) & np.isnan(wanted))
    return bool(np.all(near | same))


def refuse_other_values(output: Any, plain: Any, precision: np.dtype[Any]) -> None:
    """Refuse a run on stand-ins that gave other values than NumPy.

    Raises:
        Untraceable: it did: something works otherwise on stand-ins, or by chance.
    """
    if not same_values(output, plain, precision):
        raise Untraceable(Message("tracing.other"))
