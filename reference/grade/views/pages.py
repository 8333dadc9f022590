"""Pages in HTML that need no network: a template, with its style and its script in it."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from trigrad.catalogue.in_force import language_in_force
from trigrad.grade.views.marks import Mark
from trigrad.messages import Message

CLASSES = {Mark.PASS: "p", Mark.FAIL: "f", Mark.UNDECIDED: "u", Mark.ABSENT: "a"}
"""The class of a mark in the styles: one letter, since a class page has thousands."""


def rendered(page: str, /, **values: Any) -> str:
    """The page of a template, with these values.

    All values are escaped. The page also forbids the browser whatever is not its own by the hash,
    so that a name could run nothing even if it were not escaped.
    """
    return _template(page).render(values, language=language_in_force())


@cache
def _template(page: str) -> Template:
    """A template with its style, and its script if it has one."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["say"] = Message
    for kind in ("css", "js"):
        text = _text(f"{page}.{kind}")
        environment.globals[kind] = Markup(text)
        environment.globals[f"{kind}_hash"] = Markup(_hash(text))
    return environment.from_string(_text(f"{page}.html"))


def _text(name: str) -> str:
    """A file that is installed beside this one; "" if there is none of that name."""
    file = files("trigrad.grade.views").joinpath(name)
    return file.read_text("utf-8") if file.is_file() else ""


def _hash(text: str) -> str:
    """Of a style or script, as a Content-Security-Policy has it."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
