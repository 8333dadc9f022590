"""Every sentence that a user reads is in the catalogue: none is left in the code or in a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import trigrad
from trigrad.catalogue.english import ENGLISH
from trigrad.catalogue.sentences.formulas import FORMULAS
from trigrad.contracts.optimisers import OPTIMISERS
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract, Kind
from trigrad.contracts.shelf.of_rows import OF_ROWS
from trigrad.contracts.shelf.registry import SHELF
from trigrad.trial.plan import plan
from trigrad.verdict.results import Verdict
from trigrad.witnesses.engine_claims import engine_claims

PACKAGE = Path(trigrad.__file__).parent

PRINTING = (
    *("commands", "report", "pictures", "notebook", "exercise", "digits", "gradient_check"),
    *("grade", "patch", "verdict", "api.py", "live_layer.py", "opening.py", "hints.py"),
    *("subject/source/sources.py", "subject/source/chunks.py", "subject/source/decoding.py"),
    *("subject/source/reading_limits.py", "subject/source/resolution.py"),
    *("subject/dialects/convention_notes.py", "subject/recognition.py"),
    *("subject/loading/loader.py", "sandbox/worker_exit.py"),
)
"""The folders and modules whose strings a user may read."""

NOT_SENTENCES = (
    "bold red",  # a style of rich
    "trigrad's own impl",  # the name of a member of an enumeration
    "trigrad check ",  # a command
    "import numpy as np",  # code in an exercise
    "from trigrad import check",
    "raise NotImplementedError",
    "forward: layer.",  # a declaration
    "backward: layer.",
    "not gradable",  # ids in grades.csv, records and JUnit
    "grader died",
    "the record",
    "days late",  # heads of grades.csv and of rosters, which programs read
    "email address",
    "id number",
    "sis user id",
    "student id",
    "full name",
    "student name",
    "first name",
    "last name",
    "Do not use the `random`",  # a warning of Dask's
    "No newline at end of file",  # a diff
    "there is always another number",  # what cannot happen
    "Show this message and exit.",  # translated with the rest of the help
    "the diagnosis of ",  # what a seed is made from
    "the settings of ",
    "other numbers of ",
)
"""Strings with several words in them that nobody translates."""

MARKUP = re.compile(r"\.tg|<svg|<circle|<rect|<path|<div class|<\?xml|#!/usr/bin/env")
WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}")


def modules() -> Iterator[Path]:
    """The modules whose strings a user may read."""
    for name in PRINTING:
        path = PACKAGE / name
        yield from [path] if path.is_file() else path.rglob("*.py")


def unread(tree: ast.Module) -> Iterator[ast.AST]:
    """Parts of a module that no user reads translated: docstrings, assertions, and the help of
    options, which is English."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Assert) and node.msg is not None:
            yield node.msg
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "AssertionError":
                yield node
        elif isinstance(node, ast.keyword) and node.arg == "help":
            yield node.value


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The strings of a module that look like sentences, with their lines."""
    tree = ast.parse(text)
    left_out = {id(inner) for node in unread(tree) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            values = [v.value if isinstance(v, ast.Constant) else "…" for v in node.values]
            left_out |= {id(value) for value in node.values}
            shown = "".join(map(str, values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            shown = node.value
        else:
            continue
        if WORDS.search(shown) and not MARKUP.search(shown):
            yield node.lineno, shown


@pytest.mark.parametrize("path", [*modules()], ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_sentence_is_left_in_the_code(path: Path) -> None:
    found = [
        (line, text)
        for line, text in sentences(path.read_text("utf-8"))
        if not any(each in text for each in NOT_SENTENCES)
    ]
    assert found == []


def test_a_sentence_in_the_code_is_found() -> None:
    code = '"""A docstring of words."""\nprint(f"{count} wrong layers", help="some help")\n'
    assert list(sentences(code)) == [(2, "… wrong layers")]


@pytest.mark.parametrize(
    "page",
    [
        files("trigrad.report") / "page.html",
        files("trigrad.grade.views") / "class_page.html",
        files("trigrad.grade.views") / "feedback.html",
    ],
    ids=lambda page: page.name,
)
def test_no_word_is_left_in_a_page(page: Path) -> None:
    text = re.sub(
        r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", page.read_text("utf-8"), flags=re.S
    )
    assert re.findall(r"[A-Za-z]{2,}", text.replace("trigrad", "")) == []


def test_a_page_takes_only_what_is_there() -> None:
    for page in ("page.html", "class_page.html", "feedback.html"):
        (path,) = PACKAGE.rglob(page)
        for key in re.findall(r'say\("([^"]+)"', path.read_text("utf-8")):
            assert key in ENGLISH.templates


def rows() -> Iterator[Contract]:
    """The rows of the table, and the other readings of them."""
    for row in (*CONTRACTS, *OPTIMISERS):
        yield row
        yield from (reading.contract for reading in row.readings.others)


def test_each_claim_has_words() -> None:
    claims = [claim for row in rows() for claim in plan(row)]
    claims += engine_claims(Contract("Value", Kind.ENGINE, (), None, None, CONTRACTS[0].notation))
    assert [claim.name for claim in claims if not str(claim.words)] == []


def test_a_claim_is_in_the_catalogue_only_if_it_is_made() -> None:
    text = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    names = [k.removeprefix("claim.") for k in ENGLISH.templates if k.startswith("claim.")]
    assert [
        name for name in names if f'"{name}"' not in text and f'"claim.{name}"' not in text
    ] == []


def test_formulas_with_words_are_in_the_catalogue_as_in_the_table() -> None:
    worded = {f"formula.{k.name}": k.formula for k in SHELF if WORDS.search(k.formula)}
    prose = re.compile(r"\b(the|where|between|its|summed)\b")  # of others: "dx = dout; dy = dout"
    worded |= {f"formula.{k.name}": k.formula for k in OF_ROWS if prose.search(k.formula)}
    assert worded == FORMULAS
    assert all(str(known.formula_words) == known.formula for known in (*SHELF, *OF_ROWS))


@pytest.mark.parametrize("verdict", [*Verdict])
def test_each_verdict_has_a_word(verdict: Verdict) -> None:
    assert ENGLISH.templates[f"verdict.{verdict}"]
