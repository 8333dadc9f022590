"""The sentences in English: what the functions of Python refuse."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

ARGUMENTS: dict[str, Template] = {
    # Arguments of check
    "sandbox.none": (
        "this system has no sandbox: the code runs in trigrad's own process, without limits"
    ),
    "sandbox.in_process": "{why}; --in-process runs the code without it",
    "argument.repair_seconds": "repair_seconds is {given}, should be 0 or more",
    "argument.least": "{name} is {given}, should be {least} or more",
    "argument.timeout": "a time limit must be over 0 and up to {most} s, not {given}",
    "argument.unjudged": "unjudged is {given}, should be 'fail' or 'skip'",
    "argument.like": "like= is for a declared layer: check(MyGELU, 'x: N D', like=…)",
    "argument.whose": "whose declaration is it? Say so with layer=, as in layer='Conv'",
    "argument.no_target": (
        "the target is None: give a path, a module, a class or a function; without any target, "
        "trigrad's own impl is judged"
    ),
    "argument.one": (
        "{option}= is for one class or function, not for a path or a module: import the class and "
        "give it itself, as in check(MyDense, {option}=…)"
    ),
    "argument.samples": "samples is {samples}, should be one of {known}",
    "contract.none": "there is no contract named {name}",
    "argument.hints": "hints is {given}, should be one of {known}",
    "target.object": (
        "an object of class {kind} is no path, module, class or function; for a layer, pass its "
        "class"
    ),
    # An object that is checked
    "live.a_class": "{name} is a class; give an object of it, or call check",
    "live.not_copied": "{name} cannot be copied: {error}",
    "live.no_numbers": "{name} is no array of numbers, but {dtype} {shape}",
    "live.no_input": "there is no input: give what forward takes, check_layer(layer, x)",
    "live.no_method": "{name} has no method {method}",
    "live.no_array": "{layer} holds no array {name}",
    "live.one_name": "{listed} have one name: check its layers one by one",
}
