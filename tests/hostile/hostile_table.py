"""The hostile files, and the verdicts they get.

`python tests/hostile/hostile_table.py` judges every file in the sandbox and prints, in Markdown,
what it does and which verdicts its layers get. The tests read the same catalogue.
"""

from __future__ import annotations

import ast
import json
import tempfile
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trigrad import check
from trigrad.verdict.results import Results, Verdict

HOSTILE = Path(__file__).parent
FILES = HOSTILE / "files"

EXAMPLES = 3
"""Cases for a layer: what a hostile file does does not depend on how often it is asked."""


@dataclass(frozen=True)
class Hostile:
    """One file with what is expected of it; see tests/hostile/README.md."""

    file: str
    verdicts: Mapping[str, str]
    says: str
    timeout: float = 1.0
    slow: bool = False

    def expects(self, verdicts: Mapping[str, str]) -> bool:
        """Whether every layer has a verdict that is expected of it ("fail or unjudged")."""
        return verdicts.keys() == self.verdicts.keys() and all(
            verdict in self.verdicts[name].split(" or ") for name, verdict in verdicts.items()
        )

    @property
    def path(self) -> Path:
        return FILES / self.file

    @property
    def does(self) -> str:
        """Its own words for what it does: the docstring, or a notebook's first cell."""
        text = self.path.read_text("utf-8")
        if self.path.suffix == ".ipynb":
            return "".join(json.loads(text)["cells"][0]["source"])
        return ast.get_docstring(ast.parse(text)) or ""


def load_catalogue() -> list[Hostile]:
    tables = tomllib.loads((HOSTILE / "catalogue.toml").read_text("utf-8"))["hostile"]
    return [Hostile(**table) for table in tables]


UNJUDGED = "unjudged"


def verdicts_in(report: Results) -> dict[str, str]:
    """The verdict of every layer that a report finds, those that could not be judged too."""
    found = (layer for layer in report.layers if layer.verdict is not Verdict.MISSING)
    verdicts = {layer.name: layer.verdict.value for layer in found}
    return verdicts | {u.name: UNJUDGED for u in report.unjudged if u.layer}


def main() -> None:
    """Print what each file does, the verdicts of its layers, and how long they took."""
    from surroundings import Surroundings

    print("| file | what it does | verdicts | seconds |\n|---|---|---|--:|")
    damage = []
    with Surroundings() as around, tempfile.TemporaryDirectory() as folder:
        check(FILES / "name_in_odd_letters.py")  # the sandbox and PyTorch are started
        around.remember()
        for hostile in load_catalogue():
            began = time.perf_counter()
            path = around.lead_to(hostile.path, Path(folder))
            report = check(path, timeout=hostile.timeout, examples=EXAMPLES)
            seconds = time.perf_counter() - began
            given = verdicts_in(report)
            words = ", ".join(f"{name} {verdict}" for name, verdict in given.items())
            mark = "" if hostile.expects(given) else " ≠ expected"
            does = hostile.does.replace("|", "\\|")
            print(f"| {hostile.file} | {does} | {words or 'not judged'}{mark} | {seconds:.1f} |")
            damage += [f"{hostile.file}: {change}" for change in around.changes()]
    print(f"\nChanged outside: {'; '.join(damage) or 'nothing'}.")


if __name__ == "__main__":
    main()
