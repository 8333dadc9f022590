"""The language in force: in which a message becomes a sentence where nothing else is said."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.english import ENGLISH
from trigrad.catalogue.languages import LANGUAGES, catalogue_of, language_named, primary

VARIABLE = "TRIGRAD_LANG"
"""The variable of the environment that chooses a language."""

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The locale's variables; the first that is set decides (POSIX, "Environment Variables", 8.2)."""

_CHOSEN: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


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
    locale = next(filter(None, map(environment.get, _LOCALE)), "")
    tag = primary(locale)
    return tag if tag in LANGUAGES else ENGLISH.language


@contextmanager
def language(name: str | None) -> Iterator[Catalogue]:
    """Within it, sentences are in this language; with None the language in force stays.

    Args:
        name: a tag ("ja") or the name of a locale ("ja_JP").

    Raises:
        UnknownLanguageError: it is not offered, or the environment's is not.
    """
    with speaking(in_force() if name is None else catalogue_of(language_named(name))) as chosen:
        yield chosen


@contextmanager
def speaking(catalogue: Catalogue) -> Iterator[Catalogue]:
    """Within it, sentences are those of the catalogue."""
    token = _CHOSEN.set(catalogue)
    try:
        yield catalogue
    finally:
        _CHOSEN.reset(token)
