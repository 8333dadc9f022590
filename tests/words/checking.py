"""What is wrong with a translation: missing, fuzzy, other placeholders, left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from babel.messages.catalog import Catalog, Message

_NAMES = re.compile(
    r"`[^`]*`|\b(?:NumPy|PyTorch|Python|trigrad|Hypothesis|eps|dout|forward|backward|softmax)\b"
)
"""What is called the same in each language: code in backquotes, and names."""

_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_RUN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")

SAME: frozenset[str] = frozenset({"pass.gradient", "digits.way.gradcheck", "page.id"})
"""The keys of templates with words that may be the same in another language."""


def translations_in(entry: Message) -> tuple[str, ...]:
    """The texts of an entry in the language, one for each plural form."""
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def is_translated(entry: Message) -> bool:
    """Whether each plural form has a text, and nobody need look at it again."""
    return all(translations_in(entry)) and not entry.fuzzy


def untranslated(catalog: Catalog) -> Iterator[Message]:
    """The entries that are missing or fuzzy."""
    return (entry for entry in catalog if entry.id and not is_translated(entry))


def mistakes_in(catalog: Catalog) -> Iterator[str]:
    """What is wrong with what is translated, a line each."""
    for entry in catalog:
        if not entry.id:
            continue
        for text in filter(None, translations_in(entry)):
            for what in _mistakes(entry, text):
                yield f"{entry.context}: {what}\n    {entry.id!r}\n    {text!r}"


def _mistakes(entry: Message, text: str) -> Iterator[str]:
    english = entry.id if isinstance(entry.id, tuple) else (entry.id,)
    try:
        there = placeholders(text)
    except ValueError as error:
        yield f"no template: {error}"
        return
    due = placeholders(english[-1])
    allowed = due | {"{count}"} if entry.pluralizable else due
    if missing := due - there:
        yield f"lost: {', '.join(sorted(missing))}"
    if invented := there - allowed:
        yield f"invented: {', '.join(sorted(invented))}"
    if text in english:
        if has_words(text) and entry.context not in SAME:
            yield "left in English"
    elif left := [run for run in _runs(text) if any(run in each for each in english)]:
        yield f"left in English: {', '.join(left)}"
    if entry.context not in _SPACED and _edges(text) != _edges(english[-1]):
        yield "the spaces at its beginning or end are others"


_SPACED = frozenset({"list.more", "list.last", "list.sentences", "list.counts", "place.beside"})
"""Templates in which another language may write no spaces around the values."""


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def placeholders(text: str) -> set[str]:
    """The values of a template, each as it stands there: `{at:g}`.

    Raises:
        ValueError: a brace is not closed.
    """
    return {
        f"{{{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}"
        for _, name, form, conversion in Formatter().parse(text)
        if name is not None
    }


def has_words(text: str) -> bool:
    """Whether a template has words that can be translated."""
    literal = " ".join(part for part, _, _, _ in Formatter().parse(text))
    return _ENGLISH.search(_NAMES.sub("", literal)) is not None


def _runs(text: str) -> list[str]:
    """Three and more English words that follow each other, outside of code and formulas."""
    runs = _RUN.findall(_NAMES.sub("`", text))
    return [run for run in runs if len(_ENGLISH.findall(run)) > 1]
