"""trigrad's court: three independent witnesses for hand-written back-propagation.

`check(target)` judges a file, notebook, module or class and returns a report; `claims(target)`
gives the same claims one by one, for a test suite; `gradcheck(loss, params, grads)` verifies the
gradients of any NumPy loss. All are imported at their first use, so that
`import reference` costs nothing and nothing beside a script can take a library's place.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it, without importing a typing.py beside a script
if TYPE_CHECKING:
    from typing import Any

    from reference.api import AdviceWarning, ClaimRefutedError, check, claims
    from reference.gradient_check.arguments import GradcheckError
    from reference.gradient_check.outcome import GradientReport, Wrong
    from reference.gradient_check.public import gradcheck
    from reference.report import Report

_HOMES = {
    "AdviceWarning": "reference.api",
    "ClaimRefutedError": "reference.api",
    "GradcheckError": "reference.gradient_check.arguments",
    "GradientReport": "reference.gradient_check.outcome",
    "Report": "reference.report",
    "Wrong": "reference.gradient_check.outcome",
    "check": "reference.api",
    "claims": "reference.api",
    "gradcheck": "reference.gradient_check.public",
}

__all__ = [
    "AdviceWarning",
    "ClaimRefutedError",
    "GradcheckError",
    "GradientReport",
    "Report",
    "Wrong",
    "check",
    "claims",
    "gradcheck",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
