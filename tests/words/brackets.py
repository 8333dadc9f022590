"""A language that shows what is not translated: the words of each template in ⟦brackets⟧.

Values stay outside of them. So what a screen has there is a name, a number, code, or English that
does not come from the catalogue.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog

from tests.words.extracting import entries
from tests.words.po_files import compile_to, path_of

TAG = "xx"


def bracketed(template: str) -> str:
    """The template with its own words in brackets."""
    parts = []
    for literal, name, form, conversion in Formatter().parse(template):
        if literal:
            escaped = literal.replace("{", "{{").replace("}", "}}")
            parts.append(f"⟦{escaped}⟧")
        if name is not None:
            end = (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            parts.append(f"{{{name}{end}}}")
    return "".join(parts)


def write_brackets(locales: Path) -> None:
    """Write the language's compiled file into a folder of translations."""
    catalog = Catalog()
    for entry in entries():
        texts = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        said = tuple(map(bracketed, texts))
        entry.string = said if entry.pluralizable else said[0]
        catalog[entry.id] = entry
    path = path_of(locales, TAG, "mo")
    path.parent.mkdir(parents=True)
    compile_to(path, catalog)


_WORD = re.compile(r"\b[A-Za-z][a-z']+\b")
_CODE = re.compile(r"`[^`]*`|--[a-z-]+|\S*[_./(=\d]\S*")


def words_outside(text: str, *, of: str = "") -> set[str]:
    """The words outside of the brackets that are neither code nor in a text of the user, `of`."""
    left = _CODE.sub(" ", re.sub("⟦[^⟦⟧]*⟧", " ", text))
    if "⟦" in left or "⟧" in left:
        raise ValueError(f"a text of the catalogue was cut: {text!r}")
    return {*_WORD.findall(left)} - {*_WORD.findall(of)}


def shown_by(html: str) -> str:
    """The text of a page, without its style and tags."""
    return re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(style|script)\b.*?</\1>", "", html))
