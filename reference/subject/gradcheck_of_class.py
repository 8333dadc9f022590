"""The call of `gradcheck` that checks a class: a layer, a loss, or a network with its weights."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from trigrad.subject.composing.function_text import FunctionText, Result
from trigrad.subject.composing.roles import Role, role_of
from trigrad.subject.dialects.argument_roles import gradient_named
from trigrad.subject.gradcheck_parts import (
    RANDOM,
    arguments_of_call,
    behind_call,
    call_of_arrays,
    differentiated,
    gradient_of_another,
    is_gradient_result,
    results_of,
)
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.gradient_code import Beside, Form, GradientCode, methods_with_bases
from trigrad.subject.source.walking import walk

_STABILISED = re.compile(r"\blog\w*\(.*\+ (1e-\d+|10 \*\* \(?-\d+\)?|(self\.)?(eps\w*|delta)\b)")

Methods = Mapping[str, ast.FunctionDef]


def call_for_class(node: ast.ClassDef, code: GradientCode, beside: Beside) -> str:
    """How `gradcheck` is called for a class; "" where that is not known.

    `beside` are the classes and functions of its file.
    """
    if code.form in (Form.ENGINE, Form.INLINE) or not code.forward:
        return ""
    own = methods_with_bases(node, beside)
    used = {n.id for n in walk(node) if isinstance(n, ast.Name)}
    parts = [beside[name] for name in used & beside.keys() if name != node.name]
    if _draws(own) or any(_draws(methods(p)) for p in parts if isinstance(p, ast.ClassDef)):
        return ""  # the loss is another one each time
    init = own.get("__init__")
    made = f"{node.name}({', '.join(arguments_of_call(init)) if init else ''})"
    if code.form is Form.NETWORK:
        line = _of_network(made, node, code, own)
        stabilised = any(_STABILISED.search(ast.unparse(each)) for each in beside.values())
    else:
        line = _of_layer(made, code, own)
        stabilised = bool(_STABILISED.search(ast.unparse(node)))
    # The gradient of log(y + 1e-7) is meant as that of log(y), and is not quite the derivative.
    return f"{line[:-1]}, rtol=1e-6)" if line and stabilised else line


def _of_layer(made: str, code: GradientCode, own: Methods) -> str:
    """Of a class with a pass forward and a pass back, or with a function and its derivative."""
    forward, backward = own[code.forward], own[code.backward]
    given, takes = arguments_of_call(forward), arguments_of_call(backward)
    results = results_of(backward, method=True)
    if results is None:
        return ""
    x = gradient_of_another(results, given, differentiated(given))
    called = "layer" if code.forward == "__call__" else f"layer.{code.forward}"
    plain = f"{called}({', '.join(given)})"
    out = _with_result(plain, forward, _OUTPUTS)
    if not x or not out:
        return ""
    if takes and set(takes) <= set(given):  # the derivative at x
        init = own.get("__init__")
        if init is not None and any(isinstance(n, ast.Call | ast.List) for n in walk(init)):
            return ""  # it holds weights, whose gradient that may be
        if len(results) != 1 or results[0].keys:
            return ""
        back = f"layer.{code.backward}({', '.join(takes)})"
        value = out if len(given) > 1 else f"np.sum({out})"
        return f"layer = {made}; {call_of_arrays(value, back, {x: ''})}"
    others = takes[1:]
    upstream = [n for n in takes[:1] if n not in given]
    if any(role_of(name) is Role.TARGET for name in takes):
        return ""  # of a loss whose first argument may be the predictions, whatever its name
    if takes and not gradient_named(takes[0]) and others:
        return ""
    behind = behind_call(results, given, x) if results else ""
    if len(upstream) != min(len(takes), 1) or not set(others) <= set(given) or behind is None:
        return ""
    dout = ["dout"] if takes else []
    back = f"layer.{code.backward}({', '.join([*dout, *others])}){behind}"
    back = _with_result(back, backward, _GRADIENTS)
    if not back:
        return ""
    value = f"np.sum({out} * dout)" if takes else out
    return f"layer = {made}; {plain}; gradcheck(lambda: {value}, [{x}], [{back}])"


def _draws(own: Methods) -> bool:
    """Whether a method draws random numbers, beside the one that makes the object."""
    return any(RANDOM.search(ast.unparse(m)) for name, m in own.items() if name != "__init__")


def _keys_set(node: ast.AST, name: str) -> set[str]:
    """The keys that a text gives to a dict of that name, be it an attribute, as far as constant."""
    found: set[object] = set()
    for each in walk(node):
        match each:
            case ast.Assign(
                targets=[ast.Name(id=of) | ast.Attribute(attr=of)], value=ast.Dict(keys=keys)
            ) if of == name:
                found |= {k.value for k in keys if isinstance(k, ast.Constant)}
            case ast.Subscript(
                ast.Name(id=of) | ast.Attribute(attr=of), ast.Constant(key), ast.Store()
            ) if of == name:
                found.add(key)
    return {key for key in found if isinstance(key, str)}


def _of_network(made: str, node: ast.ClassDef, code: GradientCode, own: Methods) -> str:
    """Of a class whose weights are in `params`, with their gradients in the same form.

    Its loss may take what `predict` gives for what `backward` takes.
    """
    forward, backward = own[code.forward], own[code.backward]
    given, takes = arguments_of_call(forward), arguments_of_call(backward)
    results = FunctionText(backward.name, backward, method=True).results
    if not _has_keys_of_params(node, backward, results):
        return ""
    start = f"net = {made}"
    loss = f"net.{forward.name}({', '.join(given)})"
    if forward is backward:
        if len(results) != 2 or results[0].keys or is_gradient_result(results[0]):
            return ""
        return f"{start}; gradcheck(lambda: {loss}[0], net.params, {loss}[1])"
    outputs = next((own[n] for n in ("predict", "forward") if n in own), forward)
    if outputs is not forward and takes[:1] == arguments_of_call(outputs) and takes[0] not in given:
        given = [takes[0], *given[1:]]
        predicted = f"net.{outputs.name}({takes[0]})"
        loss = f"net.{forward.name}({', '.join([predicted, *given[1:]])})"
    if len(results) != 1 or not set(takes) <= set(given):
        return ""
    before = "" if takes else f"{loss}; "
    back = f"net.{backward.name}({', '.join(takes)})"
    return f"{start}; {before}gradcheck(lambda: {loss}, net.params, {back})"


def _has_keys_of_params(
    node: ast.ClassDef, backward: ast.FunctionDef, results: Sequence[Result]
) -> bool:
    """Whether a class has `params`, and gradients under the same keys as far as they are read."""
    if not any(isinstance(n, ast.Attribute) and n.attr == "params" for n in walk(node)):
        return False
    held = _keys_set(node, "params")
    keys = {k for r in results[-1:] for k in (*_keys_set(backward, r.name), *r.keys)}
    return not (held and keys) or held == {key if key in held else key[1:] for key in keys}


_OUTPUTS = ("output", "out", "outputs")
_GRADIENTS = ("dinputs", "dx", "dX", "dinput", "grad_input")


def _with_result(call: str, method: ast.FunctionDef, names: tuple[str, ...]) -> str:
    """A call of a method with its result, where it returns nothing and leaves it in `output`.

    The first of several results; "" where there is none.
    """
    results = results_of(method, method=True)
    if results != ():
        several = results is not None and len(results) > 1 and names is _OUTPUTS
        return f"{call}[0]" if several else call
    stored = {n.attr for n in walk(method) if isinstance(n, ast.Attribute)}
    kept = next((name for name in names if name in stored), "")
    return f"({call}, layer.{kept})[1]" if kept else ""
