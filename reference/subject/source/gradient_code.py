"""Which definitions look like gradient code written by hand, whatever they are called."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trigrad.subject.source.contract_names import ALL_SPELLINGS
from trigrad.subject.source.definitions import ClassOrFunction, is_stub, methods
from trigrad.subject.source.gradient_names import (
    function_of_derivative,
    means_backward,
    means_gradient,
)
from trigrad.subject.source.gradient_statements import (
    assigns_gradient,
    computes_gradient,
    returns_both,
    returns_loss_and_slope,
)
from trigrad.subject.source.walking import walk

_FLAGS = frozenset(("deriv", "derivative", "derivate", "grad", "gradient", "prime", "backward"))
_OPERATORS = ("__add__", "__mul__", "__matmul__", "__sub__", "__pow__")


class Form(StrEnum):
    """What kind of gradient code it is; the value is the key of the sentence about it."""

    LAYER = "unjudged.layer"
    """A class with a pass forward and a pass back, under any names."""
    NETWORK = "unjudged.network"
    """A class with a loss and the gradient of its weights."""
    ENGINE = "unjudged.engine"
    """A class whose operators record what must be done on the way back."""
    CLOSURE = "unjudged.closure"
    """A function that returns the function of its way back."""
    FLAG = "unjudged.flag"
    """A function that returns its derivative if an argument asks for it."""
    DERIVATIVE = "unjudged.derivative"
    """A function that is the derivative of another one."""
    BOTH = "unjudged.both"
    """A function that returns a value and its gradients."""
    BACKWARD = "unjudged.backward"
    """A function that computes gradients, by its name."""
    INLINE = "unjudged.inline"
    """Gradients that are computed inside of something else, a training loop for example."""


@dataclass(frozen=True)
class GradientCode:
    """Something that looks like gradient code, and the names that a call of it needs."""

    form: Form
    line: int
    forward: str = ""
    """The method or function that is differentiated, if its name shows it."""
    backward: str = ""
    """The method, function or argument that gives the gradient."""


Beside = Mapping[str, ClassOrFunction]
"""The classes and functions of one file by their names."""


def gradient_code(node: ClassOrFunction, beside: Beside) -> GradientCode | None:
    """What a definition looks like; None if it has nothing to do with gradients."""
    if isinstance(node, ast.ClassDef):
        return _of_class(node, methods_with_bases(node, beside))
    functions = [name for name, each in beside.items() if isinstance(each, ast.FunctionDef)]
    return _of_function(node, functions)


def gives_value_and_gradients(node: ClassOrFunction | None) -> bool:
    """Whether a function returns a value and its gradients, whatever it is called."""
    if not isinstance(node, ast.FunctionDef):
        return False
    code = _of_function(node, ())
    return code is not None and code.form is Form.BOTH


def returns_its_backward(node: ClassOrFunction | None) -> bool:
    """Whether a function returns the function of its way back."""
    return isinstance(node, ast.FunctionDef) and bool(_closure(node))


def methods_with_bases(node: ast.ClassDef, beside: Beside) -> dict[str, ast.FunctionDef]:
    """The methods of a class and of its base classes in the same file, its own first."""
    found = methods(node)
    for base in base_names(node):
        parent = beside.get(base)
        if isinstance(parent, ast.ClassDef) and parent.lineno < node.lineno:  # no circle
            found = {**methods_with_bases(parent, beside), **found}
    return found


def base_names(node: ClassOrFunction) -> list[str]:
    """The plain names of the base classes of a class."""
    bases = node.bases if isinstance(node, ast.ClassDef) else ()
    return [base.id for base in bases if isinstance(base, ast.Name)]


def _of_class(node: ast.ClassDef, found: Mapping[str, ast.FunctionDef]) -> GradientCode | None:
    own = {name: m for name, m in found.items() if not is_stub(m) and not _is_abstract(m)}
    back = next((n for n in own if means_backward(n)), "")
    back = back or next((n for n in own if means_gradient(n) and _computes(own[n])), "")
    if any(name in own for name in _OPERATORS) and (back or any(map(_closure, own.values()))):
        return GradientCode(Form.ENGINE, node.lineno, backward=back)
    if back:
        others = [n for n in own if n != back and not n.startswith("__") and not means_gradient(n)]
        loss = next((n for n in others if "loss" in n.lower() or "cost" in n.lower()), "")
        if loss and (_holds_params(node) or any(map(_holds_params, found.values()))):
            return GradientCode(Form.NETWORK, node.lineno, loss, back)
        forward = next((n for n in others if "forward" in n.lower() or "fprop" in n.lower()), "")
        forward = forward or loss or ("__call__" if "__call__" in own else "")
        return GradientCode(Form.LAYER, node.lineno, forward or next(iter(others), ""), back)
    for name, method in own.items():
        if _closure(method):
            return GradientCode(Form.ENGINE, node.lineno, backward=name)
        if returns_both(method) and (computes_gradient(method) or _goes_back(method)):
            return GradientCode(Form.NETWORK, node.lineno, name, name)
    for name, method in own.items():
        if not means_gradient(name) and computes_gradient(method):
            return GradientCode(Form.INLINE, node.lineno, backward=name)
    return None


def _of_function(node: ast.FunctionDef, functions: Sequence[str]) -> GradientCode | None:
    if is_stub(node):
        return None
    inner = _closure(node)
    if inner:
        return GradientCode(Form.CLOSURE, node.lineno, node.name, inner)
    flag = next((name for name in _optional(node) if name.lower() in _FLAGS), "")
    if flag:
        return GradientCode(Form.FLAG, node.lineno, node.name, flag)
    of = function_of_derivative(node.name, (*ALL_SPELLINGS, *functions))
    if of and (of in functions or _computes(node)):
        return GradientCode(Form.DERIVATIVE, node.lineno, of, node.name)
    computes = computes_gradient(node) or assigns_gradient(node) or _goes_back(node)
    if (returns_both(node) and computes) or returns_loss_and_slope(node):
        return GradientCode(Form.BOTH, node.lineno, node.name, node.name)
    if means_backward(node.name) or (means_gradient(node.name) and _computes(node)):
        return GradientCode(Form.BACKWARD, node.lineno, backward=node.name)
    if computes_gradient(node):
        return GradientCode(Form.INLINE, node.lineno, backward=node.name)
    return None


def _is_abstract(node: ast.FunctionDef) -> bool:
    return any("abstract" in ast.unparse(decorator) for decorator in node.decorator_list)


def _computes(node: ast.AST) -> bool:
    """Whether it has arithmetic, a comparison or a call: it is no getter."""
    return any(isinstance(n, ast.BinOp | ast.Compare | ast.Call) for n in walk(node))


def _goes_back(node: ast.AST) -> bool:
    """Whether it calls a backward pass: `affine_backward(dout, cache)`, `layer.backward(dout)`."""
    calls = (n.func for n in walk(node) if isinstance(n, ast.Call))
    return any(means_backward(ast.unparse(each).split(".")[-1]) for each in calls)


def _closure(node: ast.FunctionDef) -> str:
    """The name of an inner function that goes back, "lambda" for one without; "" if none."""
    for inner in walk(node):
        if inner is not node and isinstance(inner, ast.FunctionDef) and means_backward(inner.name):
            return inner.name
        match inner:
            case ast.Return(value=ast.Tuple(elts=[_, *rest])):
                if any(isinstance(each, ast.Lambda) for each in rest):
                    return "lambda"
    return ""


def _optional(node: ast.FunctionDef) -> list[str]:
    """The names of arguments with a default."""
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    named = plain[len(plain) - len(given.defaults) :] if given.defaults else []
    keyed = [a for a, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default]
    return [a.arg for a in (*named, *keyed)]


def _holds_params(node: ClassOrFunction) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == "params" for n in walk(node))
