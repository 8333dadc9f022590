"""The files of tests/learners/shelf and what is known of them; README.md explains the keys."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from replacing import changed

FOLDER = Path(__file__).parent / "shelf"

PASS, FAIL, NOT_PASS, ADVICE = "pass", "fail", "not pass", "advice"


@dataclass(frozen=True)
class ShelfFile:
    """One file: the layers that are right in it, or the one that is wrong."""

    name: str
    """For tests and lists."""
    file: str
    """The right file, or from which a wrong one is made."""
    verdict: str
    layers: tuple[str, ...]
    dependents: tuple[str, ...] = ()
    """Layers that are wrong because they use the wrong one."""
    advice: str = ""
    """A word of the advice that is due, where the verdict is that."""
    known_gap: str = ""
    """Why the verdict is another one today."""
    repaired: bool = False
    """Whether it takes a search for the change that makes forward what its name says."""
    line: int = 0
    """The first line that is wrong."""
    changes: tuple[tuple[str, str], ...] = ()
    """Texts of the right file, and what stands in their places."""

    @property
    def right_text(self) -> str:
        return (FOLDER / self.file).read_text("utf-8")

    @property
    def text(self) -> str:
        """The file that is judged."""
        return changed(self.right_text, self.changes)


def load_shelf() -> list[ShelfFile]:
    """The catalogue, in its order."""
    tables = tomllib.loads((FOLDER / "catalogue.toml").read_text("utf-8"))
    return [
        ShelfFile(
            name=t.get("name", Path(t["file"]).stem),
            file=t["file"],
            verdict=t["verdict"],
            layers=tuple(t["layers"]) if "layers" in t else (t["layer"],),
            dependents=tuple(t.get("dependents", ())),
            advice=t.get("advice", ""),
            known_gap=t.get("known_gap", ""),
            repaired=t.get("repaired", False),
            line=t.get("line", 0),
            changes=tuple((text, instead) for text, instead in t.get("changes", ())),
        )
        for t in (*tables["right"], *tables["mistake"])
    ]
