"""What a method's bytecode shows: the attributes it sets, and whether it returns anything."""

from __future__ import annotations

import dis
import inspect
import itertools
import re
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any

from trigrad.messages import Message
from trigrad.subject.dialects.named_gradients import holds_gradients
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.source.passes import Passes, Style


def with_inherited_call(cls: type, passes: Passes) -> Passes:
    """The passes, with `__call__` as forward where an inherited one stores what backward needs.

    That may be an inherited backward, which calls a method of the class with it.

    Raises:
        UnknownDialectError: that `__call__` takes variables of a graph instead of arrays.
    """
    inherited = None if "__call__" in vars(cls) else inspect.getattr_static(cls, "__call__", None)
    if passes.style is not Style.PLAIN or not isinstance(inherited, FunctionType):
        return passes
    own = [m for m in vars(cls).values() if isinstance(m, FunctionType)]
    init = inspect.getattr_static(cls, "__init__", None)
    stored = set().union(*map(stored_names, [*own, init]))
    backward = inspect.getattr_static(cls, passes.backward, None)
    reading = [*own, *([backward] if isinstance(backward, FunctionType) else [])]
    needed = set().union(*(_names_in(m.__code__) for m in reading))
    only_inherited = (stored_names(inherited) & needed) - stored
    if not only_inherited:
        return passes
    if {"data", "creator", "as_variable", "Variable"} & _names_in(inherited.__code__):
        names = ", ".join(f"self.{name}" for name in sorted(only_inherited))
        raise UnknownDialectError(str(Message("unread.base_sets", names=names)))
    return Passes("__call__", passes.backward)


def _names_in(code: CodeType) -> set[str]:
    """The names that a function's code uses, nested functions and comprehensions included."""
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return set(code.co_names).union(*(_names_in(c) for c in inner))


def takes_logarithms(cls: Any, functions: Sequence[Any]) -> bool:
    """Whether a class or some functions use a logarithm, by the names in them."""
    members = functions or (vars(cls).values() if isinstance(cls, type) else ())
    codes = [code for each in members if (code := getattr(each, "__code__", None))]
    names = {name for code in codes for name in _names_in(code)}
    return any(re.search(r"log|entropy|bce|nll|xent", name, re.IGNORECASE) for name in names)


def stored_names(function: Any) -> set[str]:
    """The attributes that a function sets."""
    code = getattr(function, "__code__", None)
    steps = dis.get_instructions(code) if code is not None else ()
    return {str(step.argval) for step in steps if step.opname == "STORE_ATTR"}


def numbers_set(function: Any) -> dict[str, float]:
    """The attributes that a function sets to a number with a point: `self.alpha = 0.25`."""
    code = getattr(function, "__code__", None)
    steps = list(dis.get_instructions(code)) if code is not None else []
    return {
        str(stored.argval): made.argval
        for made, _, stored in zip(steps, steps[1:], steps[2:], strict=False)
        if stored.opname == "STORE_ATTR"
        and made.opname == "LOAD_CONST"
        and isinstance(made.argval, float)
    }


def named_values(function: Any) -> set[str]:
    """The attributes that a function sets, and its local names but for its arguments."""
    code = getattr(function, "__code__", None)
    taken = inspect.getargs(code) if isinstance(code, CodeType) else None
    if code is None or taken is None:
        return set()
    return stored_names(function) | {*code.co_varnames}.difference(*map(_listed, taken))


def keys_of_gradients(function: Any) -> set[str]:
    """The strings in a function that uses a dict of gradients: `self.grads["alpha"] = ...`."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or not uses_gradients(function):
        return set()
    constants = [each for c in code.co_consts for each in _listed(c)]
    return {each for each in constants if isinstance(each, str)}


def uses_gradients(function: Any) -> bool:
    """Whether a function uses a list or dict of gradients, by its name."""
    code = getattr(function, "__code__", None)
    names = (*code.co_names, *code.co_varnames) if isinstance(code, CodeType) else ()
    return any(map(holds_gradients, names))


def _listed(value: object) -> Sequence[Any]:
    """A tuple or list itself, else a list of one value."""
    return value if isinstance(value, tuple | list) else [value]


def called_arguments(function: Any) -> set[str]:
    """The arguments of a function that its code calls, in an inner function too."""
    code = getattr(function, "__code__", None)
    if code is None:
        return set()
    names = set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    return names & set(_called_names(code))


def _called_names(code: CodeType) -> Iterator[str]:
    steps = list(dis.get_instructions(code))
    for one, other in itertools.pairwise(steps):
        pair = {one.opname: one, other.opname: other}
        if "PUSH_NULL" in pair:  # beside what is called: before it up to Python 3.12, then after it
            loaded = [s for name, s in pair.items() if name.startswith(("LOAD_FAST", "LOAD_DEREF"))]
            yield from (str(step.argval) for step in loaded)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _called_names(constant)


def returns_nothing(function: Any) -> bool:
    """Whether a function never returns a value."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    for before, step in zip([None, *steps], steps, strict=False):
        if step.opname == "RETURN_CONST" and step.argval is not None:
            return False
        if step.opname == "RETURN_VALUE":
            none = before is not None and before.opname == "LOAD_CONST" and before.argval is None
            if not none:
                return False
    return not any(step.opname in ("YIELD_VALUE", "RAISE_VARARGS") for step in steps)


def call_makes_arrays(cls: type, forward: str) -> bool:
    """Whether a class is called by `__call__`, which makes arrays and gives them to forward."""
    own = next((vars(c)["__call__"] for c in cls.__mro__ if "__call__" in vars(c)), None)
    waiting: list[object] = [getattr(own, "__code__", None)]
    names: set[str] = set()
    while waiting:
        code = waiting.pop()
        if isinstance(code, CodeType):
            names |= set(code.co_names)
            waiting += code.co_consts  # a comprehension is a function of its own
    return forward in names and bool(names & {"asarray", "array", "as_array", "asanyarray"})


def returned_names(function: Any) -> tuple[str, ...] | None:
    """What a function calls the values of the tuple or list that it returns.

    `return dx, self.dW, dout * 2` gives ("dx", "dW", "") in Python's order; None where it returns
    none that is written out, or several different ones.
    """
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return None
    steps = list(dis.get_instructions(code))
    found = set()
    for place, (made, step) in enumerate(itertools.pairwise(steps)):
        if step.opname == "RETURN_VALUE" and made.opname in ("BUILD_TUPLE", "BUILD_LIST"):
            found.add(_names_before(steps[:place], int(made.argval)))
    return found.pop() if len(found) == 1 else None


def _is_index(step: dis.Instruction) -> bool:
    """Whether an instruction takes an entry; it is one of the operators from Python 3.14 on."""
    return step.opname == "BINARY_SUBSCR" or (step.opname == "BINARY_OP" and step.argrepr == "[]")


def _names_before(steps: list[dis.Instruction], count: int) -> tuple[str, ...]:
    """The names of the values that were put on the stack last, from the last one back.

    Before a value that is no name nothing can be told of the others: they are "".
    """
    names: list[str] = []
    while steps and len(names) < count:
        step = steps.pop()
        if step.opname.startswith("LOAD_FAST"):
            several = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            names += reversed([str(name) for name in several])
        elif _is_index(step) and len(steps) > 1 and steps[-1].opname == "LOAD_CONST":
            key, held = steps.pop(), steps.pop()  # grads["W"]
            simple = held.opname.startswith("LOAD_FAST") and not isinstance(held.argval, tuple)
            if not simple or not isinstance(key.argval, str):
                break
            names.append(key.argval)
        elif step.opname == "LOAD_ATTR" and steps and steps[-1].opname.startswith("LOAD_FAST"):
            if isinstance(steps[-1].argval, tuple):  # two values at once: the second is the object
                break
            steps.pop()
            names.append(str(step.argval))
        else:
            break
    names = names[:count]
    return ("",) * (count - len(names)) + tuple(reversed(names))
