"""The gradients of a learner's own forward, which PyTorch runs."""

from __future__ import annotations

import builtins
import itertools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Protocol

import numpy as np

from trigrad.subject.dialects.declared_dialect import SEED
from trigrad.subject.dialects.several_outputs import are_several, joined, parted, shapes_of
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import STABILISED, TIE, Differentiate, Odd, Returned
from trigrad.subject.returned_values import as_array

LIBRARIES = tuple({str(Path(module.__file__).parents[1]) for module in (np,) if module.__file__})
"""Folders of libraries, whose own names are left as they are."""

HELPERS_IN = "trigrad.subject.loading.helpers"
"""Where the helpers are that `impl` has not."""


class HasForward(Protocol):
    """A dialect whose forward can be run on arrays of whatever kind."""

    defined: Any
    """The class or function in whose module it is written."""

    def own_output(
        self, parameters: Mapping[str, Any], sizes: Mapping[str, int], operands: list[Any]
    ) -> Any:
        """The output of a new object, or a tuple of several."""
        ...


def differentiated(dialect: HasForward, command: Differentiate) -> Returned:
    """The output of forward, the gradients, and how near two compared numbers are.

    Raises:
        UnknownDialectError: no library can follow what forward does.
    """
    from trigrad.tracing import Untraceable, own_gradient  # PyTorch takes a second
    from trigrad.tracing.autograd import trace_unstabilised

    leaves = {
        name: array.copy()
        for name, array in {**command.parameters, **command.operands}.items()
        if array.dtype.kind == "f"
    }

    def run(traced: dict[str, Any]) -> Any:
        parameters = {n: traced.get(n, a) for n, a in command.parameters.items()}
        operands = [traced.get(n, a) for n, a in command.operands.items()]
        return dialect.own_output(parameters, command.sizes, operands)

    try:
        names = list(namespaces_of(dialect.defined))
        traced = own_gradient(run, leaves, names, seed=SEED)
    except Untraceable as error:
        raise UnknownDialectError(str(error)) from error
    several = are_several(traced.output)
    output = as_array(joined(traced.output) if several else traced.output, command.operands)
    values: dict[str, Any] = {"output": output, TIE: np.asarray(traced.nearest_tie)}
    if not isinstance(output, Odd) and (command.dout is not None or output.size == 1):
        dout = np.ones(output.shape) if command.dout is None else command.dout
        if dout.shape == output.shape:
            upstream = parted(dout, shapes_of(traced.output)) if several else dout
            gradients = traced.gradients(upstream)
            values |= {name: gradients[name] for name in command.wanted}
            if traced.stabilised and command.wanted:
                without = trace_unstabilised(run, leaves, names, seed=SEED)
                others = without.gradients(upstream)
                unstabilised = joined(without.output) if several else without.output
                off = [
                    np.abs(unstabilised - output),
                    *(np.abs(gradients[n] - others[n]) for n in command.wanted),
                ]
                values[STABILISED] = np.asarray(max(float(each.max(initial=0.0)) for each in off))
    return Returned(values, notes=(traced.way,))


_OF_PYTHON = frozenset(map(id, vars(builtins).values()))
"""Python's own names, which lead to no learner's module."""


def load_libraries() -> None:
    """Import all that is needed later, where nothing can be read any more."""
    from trigrad.tracing import complex_step, recording

    assert {recording.__name__, complex_step.__name__} <= sys.modules.keys(), "loaded now"


def namespaces_of(value: Any) -> Iterator[dict[str, Any]]:
    """The global names of a definition's module, and of the learner's modules that it uses."""
    waiting, seen = list(_globals_of(value)), set()
    while waiting:
        names = waiting.pop()
        if id(names) in seen or _is_library(names):
            continue
        seen.add(id(names))
        yield names
        # The loader's has Python's own names, and the helpers that a file leaves out.
        supplied = names.get("__builtins__")
        further = supplied.values() if isinstance(supplied, dict) else ()
        for each in itertools.chain(names.values(), further):
            if id(each) in _OF_PYTHON:
                continue
            if isinstance(each, ModuleType):
                waiting.append(vars(each))
            else:
                waiting += _globals_of(each)


def _globals_of(value: Any) -> list[dict[str, Any]]:
    """Those of a function, or of the methods of a class and its bases, each once."""
    members = [value]
    if isinstance(value, type):
        members = [member for cls in value.__mro__[:-1] for member in vars(cls).values()]
    plain = (m if type(m) is FunctionType else getattr(m, "__func__", None) for m in members)
    found = (each.__globals__ for each in plain if isinstance(each, FunctionType))
    return [*{id(names): names for names in found}.values()]


def _is_library(names: dict[str, Any]) -> bool:
    """Whether these are the names of a library, or of Python itself."""
    whole = str(names.get("__name__", ""))
    name = whole.partition(".")[0]
    if name in sys.stdlib_module_names or name in sys.builtin_module_names:
        return True
    if name == "trigrad":  # but impl is judged itself, and helps out where a helper is missing
        return not f"{whole}.".startswith(("trigrad.impl.", f"{HELPERS_IN}."))
    file = str(names.get("__file__") or "")
    return file.startswith(LIBRARIES)
