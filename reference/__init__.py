"""trigrad's court: three independent witnesses for hand-written back-propagation.

`check(target)` judges a file, notebook, module or class and returns a report; `claims(target)`
gives the same claims one by one, for a test suite. Both are imported at their first use, so that
`import reference` costs nothing and nothing beside a script can take a library's place.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it, without importing a typing.py beside a script
if TYPE_CHECKING:
    from typing import Any

    from reference.api import AdviceWarning, ClaimRefutedError, check, claims
    from reference.report import Report

__all__ = ["AdviceWarning", "ClaimRefutedError", "Report", "check", "claims"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from importlib import import_module

        home = "reference.report" if name == "Report" else "reference.api"
        return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
