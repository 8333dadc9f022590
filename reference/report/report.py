"""The report: what was found, and how it is shown."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from trigrad.report.as_html import as_html
from trigrad.report.as_json import encode
from trigrad.report.as_text import as_text
from trigrad.verdict.results import Results


class Report(Results):
    """Everything that `check` found. `print(report)` shows it; in a notebook it is a table."""

    @classmethod
    def of(cls, results: Results) -> Report:
        """The report on those results."""
        return cls(**{field.name: getattr(results, field.name) for field in fields(results)})

    def __str__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def to_dict(self) -> dict[str, Any]:
        """The report as the JSON of `--format json` has it."""
        return encode(self)
