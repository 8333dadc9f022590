"""The files of tests/learners/shelf and what is known of them; README.md explains the keys."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "shelf"

PASS, FAIL, NOT_PASS, ADVICE = "pass", "fail", "not pass", "advice"


@dataclass(frozen=True)
class ShelfFile:
    """One file: the layers that are right in it, or the one that is wrong."""

    file: str
    verdict: str
    layers: tuple[str, ...]
    dependents: tuple[str, ...] = ()
    """Layers that are wrong because they use the wrong one."""
    advice: str = ""
    """A word of the advice that is due, where the verdict is that."""
    known_gap: str = ""
    """Why the verdict is another one today."""

    @property
    def path(self) -> Path:
        return FOLDER / self.file

    @property
    def name(self) -> str:
        """For tests and lists."""
        return self.path.stem


def load_shelf() -> list[ShelfFile]:
    """The catalogue, in its order."""
    tables = tomllib.loads((FOLDER / "catalogue.toml").read_text("utf-8"))["file"]
    return [
        ShelfFile(
            file=t["file"],
            verdict=t["verdict"],
            layers=tuple(t["layers"]) if "layers" in t else (t["layer"],),
            dependents=tuple(t.get("dependents", ())),
            advice=t.get("advice", ""),
            known_gap=t.get("known_gap", ""),
        )
        for t in tables
    ]
