"""The call of `gradcheck` that checks a piece of gradient code, as text for its writer.

It runs as it stands where the names of its arguments are given values. So there is none where the
text leaves open which gradient belongs to what, or what a call needs.
"""

from __future__ import annotations

import ast

from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.dialects.argument_roles import gradient_named
from trigrad.subject.dialects.backward_matching import CACHE_WORDS
from trigrad.subject.gradcheck_of_class import call_for_class
from trigrad.subject.gradcheck_parts import (
    JACOBIAN,
    PREDICTION,
    RANDOM,
    all_named,
    arguments_of_call,
    behind_call,
    call_of_arrays,
    differentiated,
    gradient_of_another,
    is_gradient_result,
    places_of_gradients,
    results_of,
)
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.gradient_code import Beside, Form, GradientCode


def call_for(node: ClassOrFunction, code: GradientCode, beside: Beside) -> str:
    """How `gradcheck` is called for a class or function; "" where that is not known."""
    if isinstance(node, ast.ClassDef):
        return call_for_class(node, code, beside)
    match code.form:
        case Form.CLOSURE | Form.FLAG:
            return _of_one_argument(node, code)
        case Form.DERIVATIVE:
            return _of_derivative(node, beside.get(code.forward))
        case Form.BOTH:
            return _of_value_and_gradients(node)
    return ""


def _of_one_argument(node: ast.FunctionDef, code: GradientCode) -> str:
    given = arguments_of_call(node)
    if len(given) != 1:
        return ""
    own = f"{node.name}({given[0]})"
    if code.form is Form.CLOSURE:
        value, gradient = f"{own}[0] * dout", f"{own}[1](dout)"
    else:
        value, gradient = own, f"{node.name}({given[0]}, {code.backward}=True)"
    return f"gradcheck(lambda: np.sum({value}), [{given[0]}], [{gradient}])"


def _of_derivative(node: ast.FunctionDef, function: ClassOrFunction | None) -> str:
    """Of a function that gives the gradients of another one, at the same arguments."""
    given = arguments_of_call(node)
    if not isinstance(function, ast.FunctionDef) or len(arguments_of_call(function)) != len(given):
        return ""
    if RANDOM.search(ast.unparse(function)) or JACOBIAN.search(ast.unparse(node)):
        return ""
    own = f"{node.name}({', '.join(given)})"
    found = all_named(FunctionText(node.name, node).results, given)
    if not found and len(FunctionText(node.name, node).results) == 1:
        likely = given if len(given) == 1 else [n for n in given if PREDICTION.fullmatch(n)]
        found = {likely[0]: ""} if len(likely) == 1 else {}
    return call_of_arrays(f"np.sum({function.name}({', '.join(given)}))", own, found)


def _of_value_and_gradients(node: ast.FunctionDef) -> str:
    """Of a function that returns a number and then its gradients."""
    given = arguments_of_call(node)
    function = FunctionText(node.name, node)
    own = f"{node.name}({', '.join(given)})"
    if not function.results or is_gradient_result(function.results[0]) or function.results[0].keys:
        return ""
    rest = function.results[1:]
    if len(rest) == 1 and rest[0].keys:
        for name in given:
            keys = function.keys_read_of(name) or function.unpacked_from(name)
            if keys and set(keys) == {key.removeprefix("d") for key in rest[0].keys}:
                return f"gradcheck(lambda: {own}[0], {name}, {own}[1])"
        return ""
    found = {n: f"[{i}]" for n, i in places_of_gradients(rest, given, start=1).items()}
    if not found and len(rest) == 1 and is_gradient_result(rest[0]):
        likely = [name for name in given if PREDICTION.fullmatch(name)] or given[:1]
        found = {likely[0]: "[1]"}
    return call_of_arrays(f"{own}[0]", own, found)


def call_for_pair(forward: ast.FunctionDef, backward: ast.FunctionDef) -> str:
    """How `gradcheck` is called for two functions that are the passes of a layer."""
    given, takes = arguments_of_call(forward), arguments_of_call(backward)
    outputs = len(FunctionText(forward.name, forward).results)
    results = results_of(backward)
    if not results or not outputs or RANDOM.search(ast.unparse(forward)):
        return ""
    loss = takes and takes[0].lower() in CACHE_WORDS
    upstream = [n for n in takes if gradient_named(n) and n not in given]
    upstream = upstream or [n for n in takes[:1] if n not in given and not loss]
    caches = [n for n in takes if n not in given and n not in upstream]
    x = gradient_of_another(results, given, differentiated(given))
    behind = behind_call(results, given, x) if x else None
    if len(upstream) > 1 or (not upstream and not loss) or behind is None:
        return ""
    if len(caches) == outputs - 1:
        out = ", ".join(["out", *caches])
    elif len(caches) == 1 and outputs > 1:
        out = f"*_, {caches[0]}"
    elif not caches:
        out = ""
    else:
        return ""
    own = f"{forward.name}({', '.join(given)})"
    back = f"{backward.name}({', '.join('dout' if n in upstream else n for n in takes)}){behind}"
    again = f"{own}[0]" if outputs > 1 else own
    start = f"{out} = {own}; " if caches else ""
    value = f"np.sum({again} * dout)" if upstream else again
    return f"{start}gradcheck(lambda: {value}, [{x}], [{back}])"
