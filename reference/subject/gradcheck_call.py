"""The call of `gradcheck` that checks a piece of gradient code, as text for its writer."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.gradient_code import (
    Beside,
    Form,
    GradientCode,
    methods_with_bases,
)
from trigrad.subject.source.gradient_statements import returned_count
from trigrad.subject.source.walking import walk

_PREDICTION = re.compile(r"(y_?)?(hat|pred\w*|a\d?|output\w*|logits?|scores?|yhat|o)|AL|a2", re.I)
_GENERAL = "gradcheck(loss, params, grads)"


def call_for(node: ClassOrFunction, code: GradientCode, beside: Beside) -> str:
    """How `gradcheck` is called for a class or function; for some forms only in general."""
    if isinstance(node, ast.ClassDef):
        return _of_class(node, code, methods_with_bases(node, beside))
    arguments = _arguments(node)
    own = f"{node.name}({', '.join(arguments)})"
    x = _differentiated(arguments)
    match code.form:
        case Form.CLOSURE:
            back = f"{own}[1](dout)"
            return f"gradcheck(lambda: np.sum({own}[0] * dout), [{x}], [{back}])"
        case Form.FLAG:
            flagged = f"{node.name}({', '.join([*arguments, f'{code.backward}=True'])})"
            return f"gradcheck(lambda: np.sum({own}), [{x}], [{flagged}])"
        case Form.DERIVATIVE:
            of = f"{code.forward}({', '.join(arguments)})"
            return f"gradcheck(lambda: np.sum({of}), [{x}], [{own}])"
        case Form.BOTH:
            return f"gradcheck(lambda: {own}[0], [{x}], [{own}[1]])"
        case Form.BACKWARD:
            return f"gradcheck(loss, params, {own})"
        case _:
            return _GENERAL


def call_for_pair(forward: ast.FunctionDef, backward: ast.FunctionDef) -> str:
    """How `gradcheck` is called for two functions that are the passes of a layer."""
    given = _arguments(forward)
    x = _differentiated(given)
    several = returned_count(forward) > 1
    out = "out, cache" if several else "out"
    own = f"{forward.name}({', '.join(given)})"
    back = ", ".join(
        "dout" if number == 0 else name if name in given else "cache"
        for number, name in enumerate(_arguments(backward))
    )
    dx = f"{backward.name}({back})" + ("[0]" if returned_count(backward) > 1 else "")
    again = f"{own}[0]" if several else own
    return f"{out} = {own}; gradcheck(lambda: np.sum({again} * dout), [{x}], [{dx}])"


def _of_class(node: ast.ClassDef, code: GradientCode, own: Mapping[str, ast.FunctionDef]) -> str:
    made = f"{node.name}({', '.join(_arguments(own['__init__'])) if '__init__' in own else ''})"
    if code.form in (Form.ENGINE, Form.INLINE) or not code.forward:
        return _GENERAL
    forward, backward = own[code.forward], own[code.backward]
    given = _arguments(forward)
    passed = ", ".join(given)
    if code.form is Form.NETWORK:
        both = forward is backward
        loss = f"net.{code.forward}({passed})"
        grads = f"net.{code.backward}({', '.join(_arguments(backward))})"
        ends = ("[0]", "[1]") if both else ("", "")
        return f"net = {made}; gradcheck(lambda: {loss}{ends[0]}, net.params, {grads}{ends[1]})"
    x = _differentiated(given)
    called = "layer" if code.forward == "__call__" else f"layer.{code.forward}"
    out = _with_result(f"{called}({passed})", forward, _OUTPUTS)
    takes = _arguments(backward)
    static = f"layer.{code.backward}({', '.join(takes)})"
    start = f"layer = {made}; "
    if takes and set(takes) <= set(given):  # the derivative at x
        out = out if len(given) > 1 else f"np.sum({out})"
        return f"{start}gradcheck(lambda: {out}, [{x}], [{static}])"
    if not takes:
        return f"{start}{out}; gradcheck(lambda: {out}, [{x}], [{static}])"
    if len(given) > 1 and len(takes) > 1:
        return _GENERAL  # a loss: from which of its two values it goes back is unknown
    back = f"layer.{code.backward}({', '.join(['dout', *takes[1:]])})"
    back += "[0]" if returned_count(backward) > 1 else ""
    back = _with_result(back, backward, _GRADIENTS)
    return f"{start}{called}({passed}); gradcheck(lambda: np.sum({out} * dout), [{x}], [{back}])"


_OUTPUTS = ("output", "out", "outputs")
_GRADIENTS = ("dinputs", "dx", "dX", "dinput", "grad_input")


def _with_result(call: str, method: ast.FunctionDef, names: tuple[str, ...]) -> str:
    """A call of a method with its result, where it returns nothing and leaves it in `output`."""
    stored = {n.attr for n in walk(method) if isinstance(n, ast.Attribute)}
    kept = next((name for name in names if name in stored), "")
    return f"({call}, layer.{kept})[1]" if kept and not returned_count(method) else call


def _arguments(node: ast.FunctionDef) -> list[str]:
    """The names of what a call must pass."""
    plain = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    needed = plain[: len(plain) - len(node.args.defaults)]
    return [name for name in needed if name not in ("self", "cls")]


def _differentiated(arguments: list[str]) -> str:
    """The argument of which the gradient is: a prediction, else the first."""
    found = (name for name in arguments if _PREDICTION.fullmatch(name))
    return next(found, arguments[0] if arguments else "x")
