"""The files of translations: made from the English templates, brought up to date, compiled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.words.checking import is_translated
from tests.words.extracting import entries
from trigrad.catalogue.languages import DOMAIN

WIDTH = 100
# The files of the checkout: what is installed has only what is compiled.
LOCALES = Path(__file__).parents[2] / "reference" / "locales"
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)  # of all files: a time would make each update a change
_HEADER = """\
# trigrad's sentences: {name}.
# `#.` says what a sentence is about. msgctxt is its key, msgid the English, msgstr the translation.
# docs/how-to/language.md says how to translate. `tox -e words` brings this file up to date.
#"""


def languages(locales: Path = LOCALES) -> list[str]:
    """The languages that have a file."""
    return sorted(path.parents[1].name for path in locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def path_of(locales: Path, language: str, ending: str = "po") -> Path:
    """Where a language's file is."""
    return locales / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def read(path: Path) -> Catalog:
    """The translations of a file; none if it is not there."""
    if not path.is_file():
        return Catalog(path.parents[1].name)
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def updated(old: Catalog) -> Catalog:
    """The translations under the templates of today.

    What belongs together is known by its key. Where the English text has changed, the translation
    is kept, and marked fuzzy: it is not used before somebody has looked at it.
    """
    new = Catalog(
        old.locale,
        project="trigrad",
        header_comment=_HEADER.format(name=old.locale.english_name),
        creation_date=_BEGUN,
        revision_date=_BEGUN,
        fuzzy=False,
    )
    before = {entry.context: entry for entry in old if entry.id}
    for entry in entries():
        if (was := before.get(entry.context)) is not None:
            _take_over(was, entry, new.num_plurals)
        new[entry.id] = entry
    return new


def _take_over(was: Message, entry: Message, plurals: int) -> None:
    entry.user_comments = was.user_comments
    strings = was.string if isinstance(was.string, tuple) else (was.string,)
    if not any(strings):
        return
    entry.string = tuple(strings[:1] * plurals) if entry.pluralizable else strings[0]
    if was.pluralizable == entry.pluralizable:
        entry.string = was.string
    if was.id != entry.id:
        entry.flags.add("fuzzy")
        entry.previous_id = was.id if isinstance(was.id, tuple) else (was.id,)
    elif was.fuzzy:
        entry.flags.add("fuzzy")
        entry.previous_id = was.previous_id


def write(path: Path, catalog: Catalog) -> None:
    """Write a file of translations."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=WIDTH, include_previous=True)


def compile_to(path: Path, catalog: Catalog) -> None:
    """Write what gettext reads at run time, without what is fuzzy or not translated.

    Babel alone would give English texts to plurals that are not translated, by rules for plurals
    that are not those of English.
    """
    done = Catalog(
        catalog.locale, project="trigrad", creation_date=_BEGUN, revision_date=_BEGUN, fuzzy=False
    )
    for entry in filter(is_translated, catalog):
        if entry.id:
            done[entry.id] = entry
    with path.open("wb") as file:
        write_mo(file, done)
