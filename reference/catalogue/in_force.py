"""The language in force: in which a message becomes a sentence where nothing else is said."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar, Token

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.english import ENGLISH
from trigrad.catalogue.languages import LANGUAGES, catalogue_of, primary

VARIABLE = "TRIGRAD_LANG"
"""The variable of the environment that chooses a language."""

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The locale's variables; the first that is set decides (POSIX, "Environment Variables", 8.2)."""

_CHOSEN: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


class UnknownLanguageError(ValueError):
    """A language that is not offered; says which ones are."""


def in_force() -> Catalogue:
    """The catalogue of the language in force: the one that is chosen, or the environment's.

    Raises:
        UnknownLanguageError: the environment asks for a language that is not offered.
    """
    chosen = _CHOSEN.get()
    return catalogue_of(language_of_environment(os.environ)) if chosen is None else chosen


def language_of_environment(environment: Mapping[str, str]) -> str:
    """The language that an environment asks for: by TRIGRAD_LANG, or else by its locale.

    A locale whose language is not offered gives English: it says which language a system speaks,
    and was not meant for trigrad.

    Raises:
        UnknownLanguageError: TRIGRAD_LANG is a language that is not offered.
    """
    if asked := environment.get(VARIABLE):
        return language_named(asked, VARIABLE)
    return language_of_locale(environment)


def language_of_locale(environment: Mapping[str, str]) -> str:
    """The language of an environment's locale; English if it is not offered."""
    locale = next(filter(None, map(environment.get, _LOCALE)), "")
    tag = primary(locale)
    return tag if tag in LANGUAGES else ENGLISH.language


def language_named(name: str, source: str = "lang") -> str:
    """The tag of a language that is offered, from a tag or the name of a locale.

    "ja", "ja-JP" and "ja_JP.UTF-8" are all "ja"; "zh-TW", "zh_Hans" are "zh".

    Args:
        name: a tag or the name of a locale.
        source: where it was written, for the error.

    Raises:
        UnknownLanguageError: it is not offered.
    """
    tag = primary(name)
    if tag not in LANGUAGES:
        # Which language is asked for is not known, so the error is in that of the system.
        catalogue = _CHOSEN.get() or catalogue_of(language_of_locale(os.environ))
        offered = ", ".join(f"{tag} ({own})" for tag, own in LANGUAGES.items())
        values = {"source": source, "name": repr(name), "offered": offered}
        raise UnknownLanguageError(catalogue.render("language.unknown", values))
    return tag


class Speaking:
    """Within it, sentences are those of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._before: list[Token[Catalogue | None]] = []

    def __enter__(self) -> Catalogue:
        self._before.append(_CHOSEN.set(self._catalogue))
        return self._catalogue

    def __exit__(self, *_: object) -> None:
        _CHOSEN.reset(self._before.pop())


def language(name: str | None) -> Speaking:
    """Within it, sentences are in this language; with None the language in force stays.

    Args:
        name: a tag ("ja") or the name of a locale ("ja_JP").

    Raises:
        UnknownLanguageError: it is not offered, or the environment's is not.
    """
    return Speaking(in_force() if name is None else catalogue_of(language_named(name)))


def speak(name: str) -> None:
    """From now on sentences are in this language, in this context (`contextvars`).

    Raises:
        UnknownLanguageError: it is not offered.
    """
    _CHOSEN.set(catalogue_of(language_named(name)))


def language_in_force() -> str:
    """The tag of the language in force.

    Raises:
        UnknownLanguageError: the environment asks for a language that is not offered.
    """
    return in_force().language
