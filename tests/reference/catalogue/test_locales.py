"""The translations: current, complete in each language that is offered, and nothing lost in one."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from tests.words.checking import mistakes_in, translations_in, untranslated
from tests.words.extracting import entries
from tests.words.po_files import LOCALES, compile_to, languages, path_of, read, updated, write
from trigrad.catalogue.english import ENGLISH
from trigrad.catalogue.languages import LANGUAGES, catalogue_of

THERE = languages()
OFFERED = [tag for tag in LANGUAGES if tag != "en"]


def said(catalog: Catalog) -> dict[tuple[str | None, str], list[str]]:
    """What a catalog says, by key and English text."""
    return {
        (entry.context, entry.id[0] if entry.pluralizable else entry.id): [*translations_in(entry)]
        for entry in catalog
        if entry.id and all(translations_in(entry)) and not entry.fuzzy
    }


def test_there_are_these() -> None:
    assert THERE == ["ja", "ko", "zh"]
    assert {*OFFERED} <= {*THERE}


@pytest.mark.parametrize("tag", THERE)
def test_file_is_up_to_date(tag: str, tmp_path: Path) -> None:
    path = path_of(tmp_path, tag)
    write(path, updated(read(path_of(LOCALES, tag))))
    due, there = (p.read_text("utf-8").splitlines() for p in (path, path_of(LOCALES, tag)))
    by = '"Generated-By'
    assert [line for line in there if by not in line] == [line for line in due if by not in line], (
        "python -m tests.words brings it up to date"
    )


@pytest.mark.parametrize("tag", THERE)
def test_what_is_compiled_is_what_the_file_says(tag: str) -> None:
    with path_of(LOCALES, tag, "mo").open("rb") as file:
        compiled = read_mo(file)
    assert said(compiled) == said(read(path_of(LOCALES, tag))), "python -m tests.words compiles it"


@pytest.mark.parametrize("tag", THERE)
def test_nothing_is_wrong_with_what_is_translated(tag: str) -> None:
    assert list(mistakes_in(read(path_of(LOCALES, tag)))) == []


@pytest.mark.parametrize("tag", OFFERED)
def test_language_that_is_offered_is_complete(tag: str) -> None:
    assert [entry.context for entry in untranslated(read(path_of(LOCALES, tag)))] == []
    assert catalogue_of(tag).render("nothing", {}) != ENGLISH.render("nothing", {})


@pytest.mark.parametrize("tag", THERE)
def test_plural_forms_are_those_of_the_language(tag: str) -> None:
    """Unicode's CLDR has one form for Japanese, Chinese and Korean."""
    catalog = read(path_of(LOCALES, tag))
    assert (catalog.num_plurals, catalog.plural_expr) == (1, "0")
    for entry in catalog:
        assert not entry.pluralizable or len(entry.string) == 1


def catalog_of(*entries: Message) -> Catalog:
    catalog = Catalog("ja")
    for entry in entries:
        catalog[entry.id] = entry
    return catalog


def test_reworded_sentence_is_marked_and_not_used(tmp_path: Path) -> None:
    english = ENGLISH.templates["nothing"]
    old = catalog_of(
        Message("naught", "なし", context="nothing"),
        Message("object", "オブジェクト", context="object"),
        Message("gone", "もうない", context="no.such.key"),
    )
    new = updated(old)
    by_key = {entry.context: entry for entry in new if entry.id}
    assert by_key.keys() == {entry.context for entry in entries()}
    entry = by_key["nothing"]
    assert (entry.id, entry.string, entry.fuzzy) == (english, "なし", True)
    assert entry.previous_id == ("naught",)
    assert "nothing" in {each.context for each in untranslated(new)}
    again = updated(new)
    assert {e.context: e.fuzzy for e in again if e.id}["nothing"]
    compile_to(tmp_path / "xx.mo", new)
    with (tmp_path / "xx.mo").open("rb") as file:
        translations = GNUTranslations(file)
    assert translations.pgettext("nothing", "nothing") == "nothing"
    assert translations.pgettext("object", "object") == "オブジェクト"


def test_plurals_that_became_one_text_and_back(tmp_path: Path) -> None:
    old = catalog_of(
        Message("{count} layer fails", "{count} 層", context="summary.first.fail"),
        Message(("nothing", "nothings"), ("なし",), context="nothing"),
    )
    by_key = {entry.context: entry for entry in updated(old) if entry.id}
    assert by_key["summary.first.fail"].string == ("{count} 層",)
    assert by_key["nothing"].string == "なし"
    assert by_key["summary.first.fail"].fuzzy
    assert by_key["nothing"].fuzzy
    write(path_of(tmp_path, "ja"), updated(old))
    assert said(read(path_of(tmp_path, "ja"))) == {}


@pytest.mark.parametrize(
    ("english", "said", "wrong"),
    [
        ("{name} is missing", "{name}がない", ""),
        ("{name} is missing", "ない", "lost: {name}"),
        ("{name} is missing", "{name}と{other}", "invented: {other}"),
        ("at {at:g}", "{at}", "lost: {at:g}"),
        ("{name} is missing", "{name", "no template"),
        ("the {name} is missing", "the {name} is missing", "left in English"),
        (
            "it is not there, {name}",
            "{name} は it is not there",
            "left in English: it is not there",
        ),
        ("{names}", "{names}", ""),
        ("NumPy: {names}", "NumPy: {names}", ""),
        ("write `a b c`", "`a b c`", ""),
        (" and more", "と", "spaces"),
        (("{count} layer", "{count} layers"), ("{count} 層",), ""),
        (("{names} is", "{names} are"), ("{names}、{count}",), ""),
        (("{names} is", "{names} are"), ("{count}",), "lost: {names}"),
        (("{count} is", "{count} are"), ("{names}",), "invented: {names}"),
    ],
)
def test_mistakes_in_a_translation(
    english: str | tuple[str, str], said: str | tuple[str], wrong: str
) -> None:
    found = list(mistakes_in(catalog_of(Message(english, said, context="key"))))
    assert bool(found) == bool(wrong)
    assert wrong in "".join(found)
