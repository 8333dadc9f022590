"""The mutants that are judged like the original, each with the reason why it is no mistake."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from mutant_outcome import Outcome

LIST = Path(__file__).with_name("survivors.toml")


def key_of(outcome: Outcome) -> tuple[str, str, str, str]:
    """What a survivor is known by: its file, layer, and the lines before and after."""
    return outcome.file, outcome.layer, outcome.before.strip(), outcome.after.strip()


def load_survivors() -> dict[tuple[str, str, str, str], str]:
    """The reasons, by survivor."""
    if not LIST.exists():
        return {}
    groups = tomllib.loads(LIST.read_text("utf-8")).get("reason", [])
    return {
        (mutant["file"], mutant["layer"], mutant["before"], mutant["after"]): group["why"]
        for group in groups
        for mutant in group["mutants"]
    }


def unexplained(outcomes: Sequence[Outcome], *, whole: bool) -> list[str]:
    """Survivors without a reason; of a whole run also reasons without a survivor."""
    reasons = load_survivors()
    survivors = {key_of(o): o for o in outcomes if o.survives}
    lines = [
        f"no reason: {o.file}, {o.layer}, line {o.line} ({o.kind}): "
        f"{o.before.strip()!r} -> {o.after.strip()!r}"
        for key, o in survivors.items()
        if key not in reasons
    ]
    if whole:
        lines += [f"no survivor any more: {key}" for key in reasons if key not in survivors]
    return lines
