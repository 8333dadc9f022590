"""Which of the ways to hold weights an optimiser may want, by what its text uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from trigrad.contracts.schema import Arrays
from trigrad.subject.dialects.optimiser_form import Form, Part, codes_of
from trigrad.subject.dialects.optimiser_holders import (
    EachAlone,
    Holder,
    InArguments,
    InDict,
    InList,
    same_key,
    with_d,
)
from trigrad.subject.dialects.optimiser_objects import (
    InLayerDicts,
    InModel,
    InObjects,
    model_of,
)
from trigrad.subject.source.weight_loops import DICTS

Make = Callable[[Arrays], Holder]

_OF_DICTS = frozenset(("items", "keys"))
_OF_LISTS = frozenset(("zip", "enumerate", "range", "len"))
_DATA = ("data", "value", "val", "w", "weight", "weights", "array", "param", "theta", "params")
_GRADIENT = ("grad", "gradient", "g", "dw", "grads", "dweight")


def holders_for(form: Form, value: Any) -> list[Make]:
    """The ways in which weights may be held, the likeliest first, by what its text uses."""
    names = {name for code in codes_of(value) for name in (*code.co_names, *code.co_varnames)}
    texts = {c for code in codes_of(value) for c in code.co_consts if isinstance(c, str)}
    if form.pairs:
        return [lambda weights: InArguments(weights, form.pairs)]
    if form.has(Part.ZIPPED):
        return [InList, lambda weights: InList(weights, weights_first=False)]
    if form.has(Part.GRADS) or form.holds(Part.GRADS):
        if form.has(Part.HOLDERS) or form.holds(Part.HOLDERS):
            return list(_models())
        return _arrays(form, names, texts)
    dicts = list(_layer_dicts(form)) if {"params", "grads"} <= names else []
    models = list(_models()) if names & _HELD else []
    return [*_objects(form, names), *dicts, *models]


def _arrays(form: Form, names: set[str], texts: set[str]) -> list[Make]:
    """Dicts, lists or single arrays."""

    passed = any(part(Part.PARAMS) for part in (form.has, form.holds))

    def alone(weights: Arrays) -> Holder:
        return EachAlone(weights, named=form.has(Part.KEY), changes=not passed)

    def in_dict_with_d(weights: Arrays) -> Holder:
        return InDict(weights, with_d)

    if not passed:
        return [alone]
    dicts: list[Make] = [InDict, in_dict_with_d]
    if {"dW", "db"} & texts or any(f"d{text}" in texts for text in texts if text):
        dicts.reverse()
    lists: list[Make] = [InList]
    several = [*dicts, *lists] if names & _OF_DICTS or texts & {"W", "dW"} else [*lists, *dicts]
    if not names & (_OF_DICTS | _OF_LISTS):
        several = [*dicts, *lists]
    if form.loops:  # certain: no other one is tried
        return dicts if form.loops == DICTS else lists
    return [alone, *several] if form.one or form.has(Part.KEY) else [*several, alone]


def _objects(form: Form, names: set[str]) -> Iterator[Make]:
    """Layers with attributes such as `W` and `dW`, or objects with `data` and `grad`."""
    pairs = sorted(_pairs(names), key=lambda pair: (_is_bias(pair[0]), pair))
    if pairs and not any(_is_bias(weight) for weight, _ in pairs):
        # A layer has a bias, even where nothing reads its gradient.
        pairs += [(each, f"d{each}") for each in sorted(names) if each.lower() in _BIASES]
    data = [(d, g) for d in _DATA for g in _GRADIENT if {d, g} <= names and (d, g) not in pairs]
    for found in ([pairs[:2]] if pairs else []) + [[each] for each in data]:
        for boxed in (False, True):
            yield from _with_pairs(form, found, boxed, names)


_BIASES = ("b", "bias", "biases")


def _is_bias(name: str) -> bool:
    return name.lower().startswith("b")


def _with_pairs(
    form: Form, pairs: Sequence[tuple[str, str]], boxed: bool, names: set[str]
) -> Iterator[Make]:
    def each(weights: Arrays) -> Holder:
        return InObjects(weights, pairs, boxed=boxed)

    def in_list(weights: Arrays) -> Holder:
        return InObjects(weights, pairs, together=list, boxed=boxed)

    def in_model(weights: Arrays) -> Holder:
        return InObjects(weights, pairs, together=model_of, boxed=boxed)

    if form.sets_up:
        yield in_model
    elif form.has(Part.HOLDERS) or form.holds(Part.HOLDERS):
        yield from (in_model, in_list) if names & {"layers", "parameters"} else (in_list, in_model)
    elif form.has(Part.HOLDER) or form.has(Part.PARAMS):
        yield each
        yield in_list
    else:
        yield in_list


def _pairs(names: set[str]) -> Iterator[tuple[str, str]]:
    """Names of weights and of their gradients: `W` and `dW`, `all_weights` and `dweights`."""
    plain = sorted(name for name in names if not name.startswith("_"))
    for name in plain:
        for gradient in (
            *(f"d{name}", f"d_{name}", f"grad_{name}", f"{name}_grad", f"{name}_gradient"),
            *([f"d{name.split('_')[-1]}"] if "_" in name else []),
        ):
            if gradient in names and name != gradient and not name.startswith("d_"):
                yield name, gradient


_HELD = frozenset(("grads", "gradients", "dparameters", "dparams", "params_and_grads"))
"""Names of what a model, or a layer, has all its gradients in."""


def _models() -> Iterator[Make]:
    """A model, or a list of one layer, or a model that has one."""
    for together in (None, list, model_of):
        yield _model(InDict, together)
        yield _model(InList, together)


def _model(
    inner: Callable[[Arrays], InDict | InList], together: Callable[[list[Any]], Any] | None
) -> Make:
    return lambda weights: InModel(inner(weights), together)


def _layer_dicts(form: Form) -> Iterator[Make]:
    """Layers with dicts, in whatever holds the layers."""
    several = form.has(Part.HOLDERS) or form.holds(Part.HOLDERS) or form.holds(Part.PARAMS)
    wholes: list[Callable[[list[Any]], Any] | None] = [model_of, list] if several else [None]
    for together in wholes:
        for key in (same_key, with_d):
            yield _making(key, together)


def _making(key: Callable[[str], str], together: Callable[[list[Any]], Any] | None) -> Make:
    return lambda weights: InLayerDicts(weights, key, together)
