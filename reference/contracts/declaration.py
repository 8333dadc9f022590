"""A declaration: one line by a user that says what a layer takes, and how it is called.

    x: N C H W; W: F C 3 3; b: F; build: Conv(W, b, stride=1, pad=1)

Letters are sizes, which are drawn; numbers are fixed sizes, and `4*H` and `D+H` are computed from
others. A kind may stand before the sizes, as in `t: onehot N C`, and what is made of several arrays
is a group (`declared_groups`). `build`, `forward`, `backward` and `returns` are expressions in the
file's own names, with the declared arrays, groups and sizes as further names; `layer` is the object
that `build` makes, `cls` the class, `out` what forward returned, `cache` what it returned beside
the output, and `dout` the upstream gradient. If `returns` gives a tuple, as `out[:2]`, there are
several outputs, and `dout` is a tuple with the gradient of each. Nothing is evaluated here.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from trigrad.contracts.declared_groups import Group, entries_of, is_group
from trigrad.contracts.schema import Contract, Domain, Kind, Notation, Variable, size_of, symbols_in
from trigrad.messages import Message


class Field(StrEnum):
    """The fields of a declaration that are expressions."""

    BUILD = "build"
    FORWARD = "forward"
    BACKWARD = "backward"
    RETURNS = "returns"


LAYER, OUT, CACHE, DOUT, CLASS = "layer", "out", "cache", "dout", "cls"
"""Names that stand for something else than an array of the declaration."""

NO_BACKWARD = "None"
"""The expression for backward where only forward is run."""

RESERVED = (LAYER, OUT, CACHE, DOUT, CLASS, "output")

KINDS = {
    "real": Domain.REAL,
    "unit": Domain.CHANCE,
    "prob": Domain.PROBABILITY,
    "positive": Domain.POSITIVE,
    "binary": Domain.BIT,
    "onehot": Domain.ONE_HOT,
    "labels": Domain.LABEL,
    "fixed": Domain.REAL,
    "whole": Domain.WHOLE,
}
"""The kinds of values, by the words for them; `fixed` values have no gradient."""

WITHOUT_GRADIENT = ("binary", "onehot", "labels", "fixed", "whole")

ENTRIES = 5000
"""More numbers than these are not drawn."""

AXES = 6
"""More axes than these are taken for a mistake."""

_ONE = r"([A-Za-z]\w*|[1-9]\d{0,2})"
_SIZE = re.compile(rf"{_ONE}([*+]{_ONE})*")
_KIND = re.compile(
    r"(real|unit|prob|positive|binary|onehot|fixed|labels<([A-Za-z]\w*|\d+)"
    r"|whole<(\d{1,2})\.\.(\d{1,2})>)$"
)
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*|\[\w+\])*")
"""A name, or the way to an array that an object holds: `layers[0].W`."""

_TOKEN = re.compile(r"[^\s,()]+")


class DeclarationError(ValueError):
    """A declaration that cannot be understood; the message shows where, with a caret."""

    def __init__(self, why: Message, text: str, place: int) -> None:
        self._why, self._text, self._place = why, text, place
        super().__init__(f"{why}\n    {text}\n    {' ' * place}^")

    @property
    def in_one_line(self) -> Message:
        """The same without a caret, with the text from there on."""
        at = self._text[self._place :].partition(";")[0].strip() or self._text[-10:]
        return Message("declaration.in", why=self._why, at=at, declaration=self._text)


@dataclass(frozen=True)
class Declaration:
    """What a user says of a layer."""

    text: str
    variables: tuple[Variable, ...]
    fixed: frozenset[str] = frozenset()
    """The variables that have no gradient."""
    expressions: dict[Field, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    """What is made of several of the variables."""

    def expression(self, which: Field) -> str:
        """The expression of a field; "" if there is none."""
        return self.expressions.get(which, "")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the variables."""
        return tuple(v.name for v in self.variables)

    @property
    def is_too_large(self) -> bool:
        """Whether its arrays have too many numbers for a case, even where each letter is 1."""
        symbols = (s for v in self.variables for axis in v.shape for s in symbols_in(axis))
        sizes = dict.fromkeys(symbols, 1)
        counts = (math.prod(size_of(a, sizes) for a in v.shape) for v in self.variables)
        return sum(counts) > ENTRIES

    def names_in(self, which: Field) -> frozenset[str]:
        """The variables that an expression uses, by themselves or in a group."""
        used = _names_in(self.expression(which))
        grouped = (group.names for name, group in self.groups.items() if name in used)
        return (used & set(self.names)).union(*grouped)

    def grouped(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """The groups of which all arrays are there, filled with them."""
        return {
            name: group.filled(arrays)
            for name, group in self.groups.items()
            if set(group.names) <= arrays.keys()
        }

    def folded(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """The groups in the place of their arrays, and the arrays that are in none."""
        whole = self.grouped(arrays)
        inside = {name for group in whole for name in self.groups[group].names}
        found: dict[str, Any] = {}
        for name, value in arrays.items():
            if name not in inside:
                found[name] = value
                continue
            group = next(g for g in whole if name in self.groups[g].names)
            found[group] = whole[group]
        return found

    @property
    def numbers_of_build(self) -> tuple[str, ...]:
        """The arguments to which its `build` gives numbers, as in `build: F(a=0.1)`."""
        text = self.expression(Field.BUILD)
        call = ast.parse(text, mode="eval").body if text else None
        given = call.keywords if isinstance(call, ast.Call) else []
        return tuple(k.arg for k in given if k.arg and isinstance(k.value, ast.Constant))

    @property
    def names_used(self) -> frozenset[str]:
        """All names that its expressions use."""
        return frozenset().union(*map(_names_in, self.expressions.values()))


@lru_cache(maxsize=256)  # asked for each object that is made
def _names_in(text: str) -> frozenset[str]:
    tree = ast.parse(text, mode="eval") if text else ast.Module([], [])
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def declared(text: str) -> Declaration:
    """Read a declaration.

    Raises:
        DeclarationError: it cannot be understood.
    """
    reader = _Reader(text if "\n" not in text else " ".join(text.split()))
    expressions: dict[Field, str] = {}
    groups: dict[str, Group] = {}
    text = reader.text
    for start, part in fields_in(text):
        name, colon, rest = part.partition(":")
        at = start + len(name) + 1
        name = name.strip()
        if not colon:
            raise DeclarationError(Message("declaration.no_colon"), text, start)
        if name in list(Field):
            expressions[Field(name)] = _expression(text, rest, at)
        elif is_group(rest):
            if not name.isidentifier() or name in RESERVED:
                raise DeclarationError(Message("declaration.name", name=name), text, start)
            groups[name] = reader.group(rest, at)
        else:
            reader.variables_of(part, start)
    variables, fixed = reader.variables, reader.fixed
    twice = next((name for name in groups if name in {v.name for v in variables}), "")
    if twice:
        raise DeclarationError(Message("declaration.twice", name=twice), text, text.find(twice))
    if not variables:
        raise DeclarationError(Message("declaration.empty"), text, 0)
    if fixed == {v.name for v in variables} and Field.BUILD not in expressions:
        raise DeclarationError(Message("declaration.no_gradient"), text, 0)
    _check_classes(text, variables)
    return Declaration(text, tuple(variables), frozenset(fixed), expressions, groups)


class _Reader:
    """Reads the arrays of a declaration, those in groups too."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.variables: list[Variable] = []
        self.fixed: set[str] = set()

    def variables_of(self, part: str, start: int) -> tuple[str, ...]:
        """The arrays that a field such as `x, y: N D` declares."""
        names, colon, rest = part.partition(":")
        if not colon:
            raise DeclarationError(Message("declaration.no_colon"), self.text, start)
        found = []
        for each in names.split(","):
            at = start + len(names) + 1
            variable, has_gradient = _variable(self.text, each.strip(), start, rest, at)
            if variable.name in {v.name for v in self.variables}:
                words = Message("declaration.twice", name=variable.name)
                raise DeclarationError(words, self.text, start)
            self.variables.append(variable)
            if not has_gradient:
                self.fixed.add(variable.name)
            found.append(variable.name)
        return tuple(found)

    def group(self, rest: str, at: int) -> Group:
        """The group that a field declares. Its real arrays are weights: drawn smaller."""
        entries: list[str | Group] = []
        for entry, place in entries_of(rest, at):
            if is_group(entry):
                entries.append(self.group(entry, place))
                continue
            entries += self.variables_of(entry, place)
        inside = {name for name in entries if isinstance(name, str)}
        self.variables = [
            replace(v, domain=Domain.WEIGHT) if v.name in inside and v.domain is Domain.REAL else v
            for v in self.variables
        ]
        return Group(rest.strip()[0], tuple(entries))


def fields_in(text: str) -> Iterator[tuple[int, str]]:
    """The fields, each with the place where it begins; a ; within brackets or quotes is none."""
    start, depth, quote = 0, 0, ""
    for place, sign in enumerate(f"{text};"):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == ";" and depth <= 0:
            part = text[start:place]
            if part.strip():
                yield start + len(part) - len(part.lstrip()), part.strip()
            start = place + 1
    rest = text[start:]
    if rest.strip():  # a bracket or quote is not closed
        begin = start + len(rest) - len(rest.lstrip())
        raise DeclarationError(Message("declaration.open"), text, begin)


def _expression(text: str, rest: str, at: int) -> str:
    stripped = rest.strip()
    try:
        ast.parse(stripped, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        place = at + len(rest) - len(rest.lstrip()) + max((getattr(error, "offset", 1) or 1) - 1, 0)
        why = Message("declaration.expression")
        raise DeclarationError(why, text, min(place, len(text))) from error
    return stripped


def _variable(text: str, name: str, start: int, rest: str, at: int) -> tuple[Variable, bool]:
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise DeclarationError(Message("declaration.name", name=name), text, start)
    tokens = [(at + found.start(), found.group()) for found in _TOKEN.finditer(rest)]
    kind, classes, between, begin = "real", "", (0, 0), at
    fixed = len(tokens) > 1 and tokens[0][1] == "fixed" and bool(_KIND.match(tokens[1][1]))
    if fixed:  # as in `fixed positive N D`
        tokens = tokens[1:]
    if tokens and (match := _KIND.match(tokens[0][1])):
        kind, classes = match.group(1).partition("<")[0], match.group(2) or ""
        between = int(match.group(3) or 0), int(match.group(4) or 0)
        (begin, token), *tokens = tokens
        if between[0] > between[1]:
            raise DeclarationError(Message("declaration.size", size=token), text, begin)
    for place, token in tokens:
        if not _SIZE.fullmatch(token):
            raise DeclarationError(Message("declaration.size", size=token), text, place)
    if len(tokens) > AXES:
        raise DeclarationError(Message("declaration.axes", axes=AXES), text, tokens[AXES][0])
    shape = tuple(token for _, token in tokens)
    if shape[-1:] in ((), ("1",)) and KINDS[kind] in (Domain.PROBABILITY, Domain.ONE_HOT):
        raise DeclarationError(Message("declaration.no_axis", kind=kind), text, begin)
    has_gradient = not fixed and kind not in WITHOUT_GRADIENT
    return Variable(name, shape, KINDS[kind], classes, between), has_gradient


def _check_classes(text: str, variables: Collection[Variable]) -> None:
    """Refuse class labels below a size that no array has."""
    sizes = {s for v in variables for axis in v.shape for s in symbols_in(axis)}
    for variable in variables:
        if variable.classes and not variable.classes.isdigit() and variable.classes not in sizes:
            words = Message("declaration.classes", size=variable.classes)
            raise DeclarationError(words, text, max(text.find(f"<{variable.classes}"), 0))


def contract_of(
    declaration: Declaration, name: str, kind: Kind, parameters: Collection[str]
) -> Contract:
    """The row of a declared layer, of whose variables `parameters` are its weights.

    Nothing is known of its output. The first axis of its first operand is called N, as in the
    other rows, if no other size is and no expression uses its name.
    """
    first = next((v for v in declaration.variables if v.name not in parameters), None)
    batch = first.shape[0] if first is not None and first.shape else ""
    renamed = {}
    used = {s for v in declaration.variables for axis in v.shape for s in symbols_in(axis)}
    if batch.isidentifier() and "N" not in used and batch not in declaration.names_used:
        renamed[batch] = "N"

    def axis(text: str) -> str:
        return re.sub(r"[A-Za-z]\w*", lambda found: renamed.get(found[0], found[0]), text)

    several = sum(v.name in parameters and len(v.shape) > 1 for v in declaration.variables) > 1

    def domain(v: Variable) -> Domain:
        # Layers multiply their weights, up to where softmax is 0 or 1 and no gradient is left.
        smaller = several and v.name in parameters and v.domain is Domain.REAL
        return Domain.WEIGHT if smaller else v.domain

    variables = [
        replace(
            v,
            shape=tuple(map(axis, v.shape)),
            domain=domain(v),
            classes=renamed.get(v.classes, v.classes),
        )
        for v in declaration.variables
    ]
    return Contract(
        name=name,
        kind=kind,
        operands=tuple(v for v in variables if v.name not in parameters),
        parameters=tuple(v for v in variables if v.name in parameters),
        output=None,
        twin=None,
        gradients=tuple(v.name for v in variables if v.name not in declaration.fixed),
        notation=Notation(formula=declaration.text, aliases=()),
        declaration=declaration.text,
    )


def unknown(name: str) -> Contract:
    """The row of a layer of which nothing is known yet."""
    nothing = Declaration("?", ())
    return contract_of(nothing, name, Kind.LAYER, ())
