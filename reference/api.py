"""`check`: judge whatever a user points at, and return the report."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from trigrad.catalogue.in_force import language
from trigrad.contracts.declaration import declared
from trigrad.contracts.own import OwnContract, read_contracts
from trigrad.contracts.registry import contract_named, names_in
from trigrad.contracts.schema import Sign
from trigrad.contracts.shelf.registry import SHELF
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS, TIMEOUT, Samples
from trigrad.hints import Hints, hints_named
from trigrad.messages import Message
from trigrad.opening import open_subject
from trigrad.report.report import Report
from trigrad.report.withholding import quiet
from trigrad.sandbox.host import SandboxError, available
from trigrad.sandbox.limits import Limits
from trigrad.subject.declared import NOT_DECLARED, Declarations
from trigrad.subject.source.sources import Source, UnreadableError
from trigrad.subject.subject import Subject
from trigrad.verdict.judge import try_subject
from trigrad.verdict.kept import Kept
from trigrad.witnesses.should_claims import NUMPY_ONLY

NO_SANDBOX = Message("sandbox.none")

Target = str | Path | Source | ModuleType | type | FunctionType


class _OwnImpl(Enum):
    """What is judged where no target is given."""

    OWN_IMPL = "trigrad's own impl"


OWN_IMPL = _OwnImpl.OWN_IMPL
"""trigrad's own `impl`, whatever lies in this folder."""

AnyTarget = Target | _OwnImpl

Contracts = str | Path | Sequence[OwnContract]
"""The path of a file of contracts, or contracts themselves."""


def check(
    target: AnyTarget = OWN_IMPL,
    declaration: str | None = None,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    like: Callable[..., Any] | None = None,
    layer: str | None = None,
    require: str | Sequence[str] = (),
    seed: int = 0,
    examples: int = EXAMPLES,
    timeout: float = TIMEOUT,
    in_process: bool = False,
    numpy_only: bool = False,
    hints: str = Hints.FIX,
    repair_seconds: float = REPAIR_SECONDS,
    samples: str | None = None,
    known: bool = False,
    guess: bool = True,
    contracts: Contracts = (),
    draw: bool | Mapping[str, float] = False,
    kept: Kept | None = None,
    lang: str | None = None,
) -> Report:
    """Judge layers three ways and return the report.

    Args:
        target: a path (`.py`, `.ipynb`, `.md`, a folder), an importable module's name, a module,
            or a class or function itself, or a text that was read before; without one, trigrad's
            own `impl`.
        declaration: what a layer takes for which there is no contract, in one line: `"x: N D; W: D
            M; build: MyDense(W)"`. For a path, `layer` says whose it is.
        contract: the contract to use when the name of a class isn't recognised ("Affine"). For a
            class or function only.
        build: makes an object of the class from the contract's parameters,
            `lambda W, b: MyDense(...)`. For a class only.
        like: the same function in PyTorch, for a declared layer (`torch.nn.functional.gelu`):
            forward is then judged as well.
        layer: judge only this one, by the contract's name or its own.
        require: names of contracts that must be there; in one string, separated by commas.
        seed: decides every case; the same seed and layer give the same cases.
        examples: cases drawn for each layer.
        timeout: time limit per claim, in seconds; longer counts as a hang.
        in_process: run the code in this process, without a sandbox or a time limit: for a
            debugger. Modules, classes and functions are always run here.
        numpy_only: a layer fails that takes gradients from a library (PyTorch, trigrad itself).
        hints: how much the report reveals where it is shown: "law" the law that is broken and
            the case, "line" also the lines, "fix" also the correction.
        repair_seconds: time limit for finding a fix of a failing layer, in seconds; 0 disables
            it. With the hints "law" no fix is looked for.
        samples: "rows" or "columns", whichever axis has the samples of a batch, for what is right
            in one of them only and where the rest of its file does not show which is meant.
        known: list only what has the name of a contract: other gradient code, which cannot be
            judged, then changes nothing.
        guess: try layers without a contract or a declaration on inputs that are guessed. They pass
            or are undecided, and never fail.
        contracts: a Python file that calls `trigrad.contracts.contract` for layers of which trigrad
            has no contract, or what those calls return. It is run in this process.
        draw: make a picture of each layer on its smallest case, `report.picture("Affine")`; or
            numbers for the arrays of that case: `{"x": 100, "y": 2, "dout": 1.1}`.
        kept: verdicts of earlier calls with the same limits. A layer is not judged again if its
            text, and all that this reaches, is the same.
        lang: the language of the report, "en" or another that is offered; None: the one that
            TRIGRAD_LANG or the locale says.

    Returns:
        A Report, which is true in a condition only if every layer holds: `assert check(…)`. Where
        nothing can be judged its `error` says why; nothing is raised for what is wrong with the
        target.

    Raises:
        TypeError: the target is None, as what a notebook's cell has not defined yet.
        ValueError: the declaration cannot be understood (a DeclarationError, whose message shows
            where), or for a path there is no `layer`, or `like` has no declaration; the file of
            contracts cannot be used (a trigrad.contracts.ContractsError); a name in
            `require` or `contract` is none of the contracts; `contract` or
            `build` is given for a path or a module; `hints` is none of the three; `samples` is
            neither "rows" nor "columns"; `lang`, or TRIGRAD_LANG, is no language that is offered;
            `seed` or `repair_seconds` is negative; or `examples` is
            less than 1.
    """
    with language(lang):
        level = hints_named(hints)
        if not repair_seconds >= 0:
            raise ValueError(str(Message("argument.repair_seconds", given=repair_seconds)))
        for name, given, least in (("seed", seed, 0), ("examples", examples, 1)):
            if given < least:
                refused = Message("argument.least", name=name, given=given, least=least)
                raise ValueError(str(refused))
        check_contract(target, contract, build)
        declarations = declarations_of(target, declaration, layer, build, like, contracts)
        declarations = replace(declarations, guess=guess and not known)
        axis = None if samples is None else _axis_named(samples)
        names = names_in(require) if isinstance(require, str) else require
        required = tuple(_required(name, declarations) for name in names)
        try:
            limits = None if in_process else Limits(timeout=timeout)
            subject = open_target(
                target, contract=contract, build=build, limits=limits, declarations=declarations
            )
            strict = frozenset({NUMPY_ONLY} if numpy_only else ())
            results = try_subject(
                subject,
                seed=seed,
                examples=examples,
                layer=layer,
                required=required,
                strict=strict,
                repair_seconds=repair_seconds if level.names_lines else 0,
                samples=axis,
                known=known,
                draw=({} if draw else None) if isinstance(draw, bool) else draw,
                kept=kept,
            )
            options = " --numpy-only" if numpy_only else ""
            options += " --known" if known else ""
            options += "" if guess else " --no-guess"
            options += "" if timeout == TIMEOUT or in_process else f" --timeout {timeout:g}"
            options += f" --samples {samples}" if samples else ""
            options += f" --declare {shlex.quote(declaration)}" if declaration else ""
            for file in dict.fromkeys(own.file for own in declarations.own if own.file):
                options += f" --contracts {shlex.quote(file)}"
            if level.names_lines and repair_seconds != REPAIR_SECONDS:
                options += f" --repair-seconds {repair_seconds:g}"
            arguments = f", {declaration!r}" if declaration else ""
            arguments += ", build=..." if declaration and build else ""
            arguments += ", like=..." if like else ""
            results = replace(results, options=options, arguments=arguments, hints=level)
            return quiet(Report.of(results))
        except UnreadableError as error:
            return quiet(Report(named(target), "", seed, examples, error=str(error), hints=level))
        except SandboxError as error:
            why = str(Message("sandbox.in_process", why=str(error)))
            return quiet(Report(named(target), "", seed, examples, error=why, hints=level))


def named(target: AnyTarget) -> str:
    """A target as a report calls it, before anything is known of it."""
    return target.path if isinstance(target, Source) else str(target)


def declarations_of(
    target: AnyTarget,
    text: str | None,
    layer: str | None,
    build: Callable[..., Any] | None = None,
    like: Callable[..., Any] | None = None,
    contracts: Contracts = (),
) -> Declarations:
    """The declaration of a call, for the layer that it is about, and the user's own contracts.

    Raises:
        ValueError: it cannot be understood, or it is not known whose it is; or the file of
            contracts cannot be used (a ContractsError).
    """
    own = read_contracts(contracts) if isinstance(contracts, str | Path) else tuple(contracts)
    if text is None:
        if like is not None:
            raise ValueError(str(Message("argument.like")))
        return Declarations(own)
    declared(text)
    name = layer
    if isinstance(target, type | FunctionType):
        name = target.__name__
    if name is None:
        raise ValueError(str(Message("argument.whose")))
    return Declarations((OwnContract(name, text, like, spelled=True), *own), build)


def _required(name: str, declarations: Declarations) -> str:
    """The name of the contract that is required.

    Raises:
        ValueError: there is none.
    """
    own = declarations.own_for(name)
    if own is not None:
        return own.name
    if any(known.name == name for known in SHELF):
        return name
    _check_named(name)
    row = contract_named(name)
    assert row is not None, "just checked"
    return row.name


def check_contract(
    target: AnyTarget, contract: str | None, build: Callable[..., Any] | None
) -> None:
    """Refuse a contract for what may hold several layers, and one that is not there.

    Raises:
        TypeError: the target is None.
        ValueError: says what to do.
    """
    if target is None:
        raise TypeError(str(Message("argument.no_target")))
    if contract is not None:
        _check_named(contract)
    for option, given in (("contract", contract), ("build", build)):
        if given is not None and isinstance(target, str | Path | Source | ModuleType | _OwnImpl):
            raise ValueError(str(Message("argument.one", option=option)))


def _axis_named(samples: str) -> Sign:
    if samples not in list(Samples):
        raise ValueError(
            str(Message("argument.samples", samples=repr(samples), known=", ".join(Samples)))
        )
    return Sign(str(samples))


def _check_named(contract: str) -> None:
    if contract_named(contract) is None:
        raise ValueError(str(Message("contract.none", name=repr(contract))))


def open_target(
    target: AnyTarget,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    limits: Limits | None = None,
    declarations: Declarations = NOT_DECLARED,
) -> Subject:
    """The subject behind a target.

    Paths and names are opened in a sandbox where there are `limits` and the system has one.
    """
    if isinstance(target, _OwnImpl):
        from trigrad import impl

        target = impl
    if limits is None or available():
        return open_subject(
            target, contract=contract, build=build, limits=limits, declarations=declarations
        )
    subject = open_subject(target, contract=contract, build=build, declarations=declarations)
    subject.notes.insert(0, str(NO_SANDBOX))
    return subject
