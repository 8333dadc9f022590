"""A catalogue: the sentences of one language, as templates with named values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

Template = str | Mapping[str, str]
"""`"the {quantity} is missing"`; or one text for each plural form of the value `count`."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The templates of one language, with its rules for plurals and lists.

    Templates are in the syntax of `str.format`. To add a language, write one more catalogue with
    the same keys, whose templates use the same values.
    """

    language: str
    """Its tag: "en"."""
    templates: Mapping[str, Template]
    plural_form: Callable[[int], str]
    """The plural form for a count, by its name in Unicode's CLDR: "one", "few", "other" …"""
    join: Callable[[Sequence[str]], str]
    """Several words as one list: "a, b and c"."""

    def values_of(self, key: str) -> frozenset[str]:
        """The names of the values that a template needs.

        Raises:
            KeyError: there is no template of that key.
        """
        template = self.templates[key]
        texts = [template] if isinstance(template, str) else [*template.values()]
        names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        return frozenset(names if isinstance(template, str) else names | {"count"})

    def pattern(self, key: str, **values: str) -> str:
        """A regular expression for the text of a template, with one for each of its values.

        It finds a sentence of ours in a text that a worker process has sent.
        """
        template = self.templates[key]
        assert isinstance(template, str), "not for plurals"
        return "".join(
            re.escape(literal) + (values[name] if name else "")
            for literal, name, _, _ in Formatter().parse(template)
        )

    def render(self, key: str, values: Mapping[str, object]) -> str:
        """The text of a template, with these values."""
        template = self.templates[key]
        if not isinstance(template, str):
            count = values["count"]
            assert isinstance(count, int), "a plural is chosen by a whole number"
            template = template[self.plural_form(count)]
        return template.format(**values)
