"""The screens that the README and the pages of docs/ show, run again.

A page says in HTML comments, which no reader sees, where its screens come from:

- `<!-- prints: COMMAND -->`: the code block that follows is what the command prints;
- `<!-- prints: python -->`: it is what the last Python block before it prints;
- `<!-- runs: COMMAND -->`: the command is run, and nothing is shown;
- `<!-- file: NAME -->`: the code block that follows is written to a file of that name.

They are run from the top of a page to its end, in a folder of its own in which `tests` is that of
the repository. `python tests/screens.py` puts new screens in the place of the old ones.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from typer.testing import CliRunner

from trigrad.commands.app import app

ROOT = Path(__file__).parents[1]
PAGES = [
    *sorted(ROOT.glob("README*.md")),
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]

_PART = re.compile(
    r"^<!-- (?P<verb>prints|runs|file): (?P<what>[^\n]+) -->$"
    r"|^```(?P<language>\w*)\n(?P<block>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def refreshed(page: str, folder: Path) -> str:
    """A page with every screen as it is printed now; `folder` is an empty one to run it in."""
    (folder / "tests").symlink_to(ROOT / "tests")
    with contextlib.chdir(folder):
        return "".join(_parts(page))


def _parts(page: str) -> Iterator[str]:
    verb = what = python = ""
    end = 0
    for part in _PART.finditer(page):
        yield page[end : part.start()]
        end = part.end()
        if part["verb"]:
            yield part[0]
            verb, what = part["verb"], part["what"]
            if verb == "runs":
                subprocess.run(shlex.split(what), check=True)
            continue
        block = part["block"]
        if verb == "prints":
            block = _printed_by_python(python) if what == "python" else _printed(what)
        elif verb == "file":
            Path(what).write_text(block, "utf-8")
        yield f"```{part['language']}\n{block}```"
        if part["language"] == "python":
            python = block
        verb = ""
    yield page[end:]


def _printed(command: str) -> str:
    """What a command of trigrad prints, on both streams, as a terminal shows it."""
    of_the_repository = any(word.startswith("tests/") for word in shlex.split(command))
    return _printed_always(command) if of_the_repository else _run(command)


def _run(command: str) -> str:
    name, *arguments = shlex.split(command)
    if name != "trigrad":
        raise ValueError(f"{command!r} is no command of trigrad")
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return "".join(f"{line.rstrip()}\n" for line in result.output.splitlines())


_printed_always = cache(_run)
"""The same of files that do not change."""


def _printed_by_python(code: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, "a page", "exec"), {})
    return out.getvalue()


_MEASURED = re.compile(
    r"± [\d.e-]+|[\d,]+ evaluations|more than [\d.e-]+"  # of gradcheck
    r"|\d\.\d+e-(?:1[5-9]|2\d) \(\de-\d+\)|(?<=\d\.\d)\d+(?=e-)"  # what is left by rounding
    r"| +[\d,]+\.\d\d +[\d,.]+$|^ +ms  |^─+$",  # times, and how wide a table of them is
    re.MULTILINE,
)


def without_measurements(page: str) -> str:
    """A page without the numbers that depend on how a machine rounds, and how fast it is."""
    return _MEASURED.sub("…", page)


def main() -> None:
    """Put new screens in the place of the old ones."""
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["TRIGRAD_LANG"] = "en"
    for path in PAGES:
        page = path.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            new = refreshed(page, Path(folder))
        if without_measurements(new) != without_measurements(page):
            path.write_text(new, "utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
