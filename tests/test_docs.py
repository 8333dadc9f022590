"""What the pages of docs/ have from the code is all there, and the schema is the tests' own.

That every link leads somewhere and every page is reached, `tox -e docs` holds.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.hooks import GENERATORS, MARK, contracts, layers, on_page_markdown, rooms
from docs.hooks import claims as table_of_claims
from tests.reference.report.test_as_json import SCHEMA
from trigrad.contracts.registry import CONTRACTS
from trigrad.trial.plan import plan

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


WRITTEN = [*PAGES, *sorted(ROOT.glob("README*.md")), ROOT / "CONTRIBUTING.md"]
PATH = re.compile(r"[`(]((?:reference|impl|tests|docs)/[\w./-]+)[`)]")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(page: Path) -> None:
    for path in PATH.findall(page.read_text("utf-8")):
        assert (ROOT / path).exists() or (page.parent / path).exists(), path


def named_in(page: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", (DOCS / page).read_text("utf-8")))


def test_every_generator_is_used_once_and_no_other() -> None:
    used = [mark for page in PAGES for mark in MARK.findall(page.read_text("utf-8"))]
    assert sorted(used) == sorted(GENERATORS)


def test_a_mark_that_is_not_known_stops_the_build() -> None:
    with pytest.raises(KeyError, match="nothing"):
        on_page_markdown("<!-- generated: nothing -->")


def test_every_contract_is_in_the_table() -> None:
    shown = contracts()
    for row in CONTRACTS:
        assert f"### {row.name}\n" in shown
        assert f"`{row.notation.formula}`" in shown


def test_every_claim_is_in_the_table() -> None:
    shown = table_of_claims()
    for row in CONTRACTS:
        for claim in plan(row):
            assert f"**{re.sub(r'(?<=gradient of )[A-Za-z0-9]+', '…', claim.name)}**" in shown


def test_every_room_is_drawn_with_its_purpose() -> None:
    shown = rooms()
    with (ROOT / "pyproject.toml").open("rb") as file:
        (rule,) = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    names = [name for layer in layers() for name in layer]
    assert names == [name for layer in rule["layers"] for name in re.split(r" *[|:] *", layer)]
    for name in names:
        assert re.search(rf"<strong>{name}</strong><br>\S", shown), name


@pytest.mark.parametrize("name", GENERATORS)
def test_every_generator_writes_something(name: str) -> None:
    assert len(GENERATORS[name]().splitlines()) > 5


def test_every_spelling_is_named() -> None:
    spellings = ROOT / "tests" / "learners" / "spellings"
    assert {path.stem for path in spellings.glob("*.py")} <= named_in("reference/what-it-reads.md")


def test_the_schema_is_the_one_that_the_tests_hold() -> None:
    assert json.loads((DOCS / "reference" / "report.schema.json").read_text("utf-8")) == SCHEMA


def keys(schema: Any) -> Iterator[str]:
    """The keys of all objects in a schema, and the words that a value may be."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (word for word in schema.get("enum", ()))
        for each in schema.values():
            yield from keys(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from keys(each)


def test_every_key_of_the_schema_is_explained() -> None:
    assert set(keys(SCHEMA)) <= named_in("reference/json.md")
