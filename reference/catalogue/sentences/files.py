"""The sentences in English: why something cannot be read."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

FILES: dict[str, Template] = {
    # Paths and files
    "file.not_written": "{file} cannot be written: {why}",
    "path.empty": "the path is empty",
    "path.none": "there is no file or folder {path}: check the spelling",
    "path.broken_link": "{path} is a link that leads to no file",
    "path.kind": "{path} is not a file that can be read ({kinds}, or a folder)",
    "path.not_regular": "{path} is not a regular file: nothing can be read from it",
    "path.empty_file": "{path} is empty: there is nothing to judge",
    "file.not_read": "{file} cannot be read: {why}",
    "folder.large": "the folder is so large that not all of it is read",
    "folder.no_python": "there is no Python file (.py) in the folder {folder}",
    "folder.no_python.others": (
        "there is no Python file (.py) in the folder {folder}; check one of its files instead: "
        "{files}"
    ),
    "folder.no_python.why": "there is no Python file (.py) in the folder {folder}; {why}",
    "path.notebook": "the notebook",
    # What is in a file
    "unread.archive": "it is an archive; unpack it first",
    "unread.document": "it is a document; save the code in a .py file",
    "unread.notebook": "it is a notebook; check it by itself",
    "unread.empty": "{file} is empty",
    "unread.not": "{file} is not read: {why}",
    "notebook.no_json": (
        "{file} is not a notebook: it is not JSON ({error}); save it again from Jupyter"
    ),
    "notebook.no_format": "{file} is JSON, but not a notebook: it has no nbformat",
    "notebook.damaged": "{file} is a damaged notebook: {error}",
    "notebook.language": "{file} is a notebook in {language}, not in Python",
    "markdown.many": "{file} has too many blocks of Python: {count} so far",
    "text.not_utf8": "{file} is not text in UTF-8 (byte {start})",
    "text.not_decoded": (
        "{file} cannot be decoded: {error}; save it as UTF-8, or name its encoding in line 1, as "
        "in # -*- coding: shift_jis -*-"
    ),
    "large.bytes": "{file} is too large: more than {megabytes} MB",
    "large.words": (
        "{file} is too long: it has more than {most} words and signs of Python; move data out of "
        "it, and load them from a file"
    ),
    "large.values": (
        "{file} is too large: it has more than {most} values; clear its outputs and save it again"
    ),
    "module.none": "there is no file, folder or importable module {name}: check the spelling",
    "module.not_imported": "{name} cannot be imported: {why}",
    "module.raises": "{name} cannot be imported: it raises {kind}: {why}",
}
