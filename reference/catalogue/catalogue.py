"""A catalogue: the sentences of one language, from English templates and their translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations
from string import Formatter

_HAN = "[\u2e80-\u303f\u3400-\u9fff\uff00-\uffef]"
"""Chinese characters, and their punctuation."""

_GAP = re.compile(f"{_HAN} {_HAN}")

Template = str | Mapping[str, str]
"""`"the {quantity} is missing"`; or `{"one": …, "other": …}`, chosen by the value `count`."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The templates of trigrad, and how they are said in one language.

    Templates are in the syntax of `str.format`. In gettext's terms the key of a template is the
    context, and its English text the message. What has no translation is said in English.
    """

    language: str
    """Its tag: "en"."""
    templates: Mapping[str, Template]
    """In English."""
    translations: NullTranslations = field(default_factory=NullTranslations)
    """What they are in the language; a `NullTranslations` leaves them as they are."""

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
            for literal, name, _, _ in Formatter().parse(self._said(key, template, {}))
        )

    def render(self, key: str, values: Mapping[str, object]) -> str:
        """The text of a template, with these values."""
        template = self._said(key, self.templates[key], values)
        if template.isascii():
            return template.format(**values)
        return _closed_up(_parts(template, values))

    def join(self, words: Sequence[str]) -> str:
        """Several words as one list: "a, b and c"."""
        text, *others = words
        for following in others[:-1]:
            text = self.render("list.more", {"before": text, "next": following})
        if others:
            text = self.render("list.last", {"before": text, "last": others[-1]})
        return text

    def _said(self, key: str, template: Template, values: Mapping[str, object]) -> str:
        """The template in the language."""
        if isinstance(template, str):
            return self.translations.pgettext(key, template)
        count = values["count"]
        assert isinstance(count, int), "a plural is chosen by a whole number"
        return self.translations.npgettext(key, template["one"], template["other"], count)


def _parts(template: str, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The text before each value, and the value."""
    formatter = Formatter()
    for literal, name, form, conversion in formatter.parse(template):
        value = formatter.convert_field(values[name], conversion) if name else ""
        yield literal, format(value, form or "")


def _closed_up(parts: Iterable[tuple[str, str]]) -> str:
    """The parts as one text; a template's space beside a value is left out between two Han signs.

    Chinese is written with such a space beside a name in Latin letters, without it beside a word.
    """
    text = ""
    for literal, value in parts:
        if _GAP.fullmatch(f"{text[-1:]}{literal[:2]}"):
            literal = literal[1:]
        if _GAP.fullmatch(f"{literal[-2:]}{value[:1]}"):
            literal = literal[:-1]
        text += literal + value
    return text
