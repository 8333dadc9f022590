"""Bring the translations up to date with the English templates: `tox -e words`.

For each language that has a file in reference/locales: new templates are added, those whose
English text has changed are marked fuzzy, and what gettext reads is compiled. Then it says what is
missing and what is wrong.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tests.words.checking import mistakes_in, untranslated
from tests.words.po_files import (
    LOCALES,
    WIDTH,
    compile_to,
    languages,
    path_of,
    read,
    updated,
    write,
)


def main() -> int:
    """Update and compile; the exit status is 1 if a translation is missing or wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.words", description=__doc__)
    parser.add_argument("languages", nargs="*", help="only these; a new one gets a file")
    parser.add_argument(
        "--untranslated", metavar="FOLDER", type=Path, help="write what is missing to FOLDER/ja.po"
    )
    given = parser.parse_args()
    faults = 0
    for language in given.languages or languages():
        catalog = updated(read(path_of(LOCALES, language)))
        write(path_of(LOCALES, language), catalog)
        compile_to(path_of(LOCALES, language, "mo"), catalog)
        missing = list(untranslated(catalog))
        wrong = list(mistakes_in(catalog))
        print(f"{language}: {len(catalog)} sentences, {len(missing)} not translated", end="")
        print(f", {len(wrong)} wrong" if wrong else "")
        print("".join(f"  {line}\n" for line in wrong), end="")
        faults += len(missing) + len(wrong)
        if given.untranslated is not None:
            _write_untranslated(given.untranslated / f"{language}.po", catalog)
    return 1 if faults else 0


def _write_untranslated(path: Path, catalog: Catalog) -> None:
    part = Catalog(catalog.locale)
    for entry in untranslated(catalog):
        part[entry.id] = entry
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, part, width=WIDTH, omit_header=True, include_previous=True)
    print(f"  {path}")


if __name__ == "__main__":
    sys.exit(main())
