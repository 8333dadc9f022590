"""The languages that are offered, and the catalogue of each."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.english import ENGLISH

LOCALES = Path(__file__).parents[1] / "locales"
"""The folder of the translations, laid out as gettext wants it."""

DOMAIN = "trigrad"
"""What the files of translations are called, without their endings."""

LANGUAGES: dict[str, str] = {
    "en": "English",
    "ja": "日本語",
    "zh": "简体中文",
    "ko": "한국어",
}
"""The languages that are offered, by their tags, with the names that they have for themselves.

A language is entered here when its translation is complete: the tests then hold that it stays so.
"""


def primary(name: str) -> str:
    """The language alone, in small letters: "ja" of "ja_JP.UTF-8"."""
    for separator in ".@-":
        name = name.replace(separator, "_")
    return name.partition("_")[0].lower()


@cache
def catalogue_of(tag: str) -> Catalogue:
    """The catalogue of a language that is offered.

    Raises:
        OSError: its file of translations is not there.
    """
    if tag == ENGLISH.language:
        return ENGLISH
    return Catalogue(tag, ENGLISH.templates, translations_of(tag))


def translations_of(tag: str) -> NullTranslations:
    """What gettext reads of a language.

    Raises:
        OSError: its file is not there.
    """
    return translation(DOMAIN, LOCALES, [tag])
