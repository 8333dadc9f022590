"""File names that tell whose they are, without that: for a class under pseudonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from trigrad.messages import Message

_ANYWHERE = 4
"""So many letters of a name are found within another word; of fewer, only the whole word is."""


def words_of(*names: str) -> tuple[str, ...]:
    """The words by which a student may be known: of the name and the ID, with and without accents.

    One of one letter tells nothing, nor does one of two in an alphabet of letters.
    """
    found = {word for name in names for form in _forms(name) for word in re.split(r"[\W_]+", form)}
    return tuple(sorted(word for word in found if len(word) > (2 if word.isascii() else 1)))


def _forms(name: str) -> set[str]:
    plain = unicodedata.normalize("NFC", name).casefold()
    parts = unicodedata.normalize("NFKD", plain)
    return {plain, "".join(each for each in parts if not unicodedata.combining(each))}


def tells(part: str, words: Collection[str]) -> bool:
    """Whether a file's name, or a folder's, has one of the words in it."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", part)
    whole = {word for form in _forms(apart) for word in re.split(r"[\W_\d]+|(?<=\D)(?=\d)", form)}
    return any(
        word in whole
        or ((len(word) >= _ANYWHERE or not word.isascii()) and any(word in f for f in _forms(part)))
        for word in words
    )


def covered(path: str, words: Collection[str]) -> str:
    """The path with another name for each part that tells whose it is."""
    parts = PurePosixPath(path).parts
    *folders, file = parts or ("",)
    named = ["folder" if tells(part, words) else part for part in folders]
    suffix = PurePosixPath(file).suffix
    suffix = "" if tells(suffix, words) else suffix
    return "/".join([*named, f"submission{suffix}" if tells(file, words) else file])


def covered_note(note: Message, words: Collection[str]) -> Message:
    """A note on what was left out, in which the path does not tell whose it is."""
    path = note.value("path")
    return note.having(path=covered(path, words)) if isinstance(path, str) else note


def covered_words(text: str, words: Collection[str]) -> str:
    """The text without each of its words that tells whose it is."""
    return " ".join("…" if tells(each, words) else each for each in text.split(" "))


def new_paths(folder: Path, paths: Iterable[str], words: Collection[str]) -> dict[str, str]:
    """Each path of a submission, and the one under which it is to lie there.

    A name that is mentioned in another file stays: an import of it would no longer find it.
    """
    there = list(paths)
    texts = {path: (folder / path).read_bytes().decode("utf-8", "replace") for path in there}
    new: dict[str, str] = {}
    for path in there:
        parts = {PurePosixPath(part).stem for part in PurePosixPath(path).parts}
        others = "\n".join(text for other, text in texts.items() if other != path)
        used = any(
            tells(part, words) and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", others)
            for part in parts
        )
        name = PurePosixPath(path if used else covered(path, words))
        number = 1
        unique = str(name)
        while unique in new.values() or (unique != path and unique in texts):
            number += 1
            unique = str(name.with_name(f"{name.stem}{number}{name.suffix}"))
        new[path] = unique
    return new
