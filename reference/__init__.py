"""trigrad: three independent witnesses for hand-written back-propagation.

`check(target)` judges a file, folder, notebook, module or class and returns a report, which is true
in a condition if every layer holds; `check_layer(layer, x)` does so for an object and its inputs;
`claims(target)` returns the same claims one by one, for a test
suite; `gradcheck(loss, params, grads)` verifies the gradients of any NumPy loss. Each is imported
at its first use, so that `import trigrad` costs nothing, and no file beside a script is imported in
place of a library of the same name.
"""

from __future__ import annotations

TYPE_CHECKING = False  # not from typing: a script may have a typing.py beside it
if TYPE_CHECKING:
    from typing import Any

    from trigrad.api import check
    from trigrad.gradient_check.arguments import GradcheckError
    from trigrad.gradient_check.gradient_report import GradientReport, Wrong
    from trigrad.gradient_check.public import gradcheck
    from trigrad.live_layer import check_layer
    from trigrad.report.report import Report
    from trigrad.suite import AdviceWarning, ClaimRefutedError, claims

_HOMES = {
    "AdviceWarning": "trigrad.suite",
    "ClaimRefutedError": "trigrad.suite",
    "GradcheckError": "trigrad.gradient_check.arguments",
    "GradientReport": "trigrad.gradient_check.gradient_report",
    "Report": "trigrad.report.report",
    "Wrong": "trigrad.gradient_check.gradient_report",
    "check": "trigrad.api",
    "check_layer": "trigrad.live_layer",
    "claims": "trigrad.suite",
    "gradcheck": "trigrad.gradient_check.public",
}

__all__ = [
    "AdviceWarning",
    "ClaimRefutedError",
    "GradcheckError",
    "GradientReport",
    "Report",
    "Wrong",
    "check",
    "check_layer",
    "claims",
    "gradcheck",
]


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext trigrad` in a notebook: `%%check` and `%check`."""
    from trigrad.notebook.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext trigrad`."""
    from trigrad.notebook.magics import unload

    unload(shell)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
