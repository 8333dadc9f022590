"""Files written for one test, and changes to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad.patch.patching import Patched, patched
from trigrad.repair.result import Change
from trigrad.subject.face import Where
from trigrad.subject.source.chunks import chunks_of
from trigrad.subject.source.text import lines_of

Mend = Callable[..., Patched]


@pytest.fixture
def mend(tmp_path: Path) -> Mend:
    """A file of these bytes with one line of its code replaced; `cell` or `block` say of what.

    The line is found as the search for repairs finds it: in the code that was read.
    """

    def mend_bytes(
        data: bytes,
        old: str,
        new: str,
        *,
        name: str = "layers.py",
        cell: int | None = None,
        block: int = 0,
    ) -> Patched:
        path = tmp_path / name
        path.write_bytes(data)
        chunks = chunks_of(data, path.suffix, name)
        code = next(lines_of(c.text) for c in chunks if (c.cell, c.block) == (cell, block))
        before = old.split("\n")
        starts = range(len(code) - len(before) + 1)
        first = next(i for i in starts if code[i : i + len(before)] == before)
        change = Change(Where(name, cell, first + 1), old, new, str(path), block)
        return patched(path, [change])

    return mend_bytes
