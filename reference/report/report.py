"""The report: what was found, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any, TypeVar, cast

from trigrad.catalogue.in_force import language
from trigrad.pictures.picture import picture
from trigrad.report import words
from trigrad.report.as_html import as_html
from trigrad.report.as_json import encode
from trigrad.report.as_text import as_text, suggestions
from trigrad.verdict.results import Results

F = TypeVar("F", bound=Callable[..., Any])


def _in_its_language(method: F) -> F:
    """Have a method of a report speak the language in which the report was made."""

    @wraps(method)
    def spoken(self: Report, *given: Any) -> Any:
        with language(self.language):
            return method(self, *given)

    return cast(F, spoken)


class Report(Results):
    """Everything that `check` found.

    It is true in a condition where every layer holds, so that `assert check(…)` fails where one
    does not, and where nothing could be judged. `print(report)` shows what fails, and
    `print(report.suggestions)` what could be better; `repr(report)` is one line.
    """

    @classmethod
    def of(cls, results: Results) -> Report:
        """The report on those results."""
        return cls(**{field.name: getattr(results, field.name) for field in fields(results)})

    @_in_its_language
    def __repr__(self) -> str:
        path = self.path or repr(self.path)
        return f"<Report {path}: {words.in_one_line(self)}>"

    def __bool__(self) -> bool:
        return self.ok

    @_in_its_language
    def __str__(self) -> str:
        return as_text(self)

    @_in_its_language
    def _repr_html_(self) -> str:
        return as_html(self)

    @_in_its_language
    def picture(self, name: str) -> str | None:
        """The computational graph of a layer as SVG, of a report that was asked to draw.

        None where it could not be drawn, or nothing has that name.
        """
        named = (each for each in self.layers if name in (each.name, each.layer))
        return next(filter(None, map(picture, named)), None)

    @_in_its_language
    def to_html(self) -> str:
        """The report as one HTML page, with pictures if it was asked to draw."""
        from trigrad.report.as_page import as_page

        return as_page(self)

    @property
    @_in_its_language
    def suggestions(self) -> str:
        """What is no mistake and could be better, one a line; `print(report)` only counts them."""
        return suggestions(self)

    @_in_its_language
    def to_dict(self) -> dict[str, Any]:
        """The report as the JSON of `--format json` has it."""
        return encode(self)
