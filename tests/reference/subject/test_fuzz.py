"""Broken sources: never a traceback of ours, always layers or one message that can be printed.

Thousands of them with `--hypothesis-profile=thorough`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trigrad import check
from trigrad.opening import open_subject
from trigrad.subject.source.sources import UnreadableError, read
from trigrad.subject.source.text import one_line
from trigrad.subject.subject import Subject

RIGHT = Path(__file__).parents[2] / "learners" / "right"
THOROUGH = hypothesis.settings.get_current_profile_name() == "thorough"


def many(quick: int, thorough: int) -> settings:
    """So many examples, each as slow as it likes."""
    return settings(
        max_examples=thorough if THOROUGH else quick,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all the examples of a test: each writes its file anew."""
    return tmp_path_factory.mktemp("fuzz")


def opened(path: Path) -> Subject | None:
    """Read, load and recognise; what is said is always printable, in one line."""
    refused = ""
    try:
        source = read(path)
        json.dumps(dataclasses.asdict(source), ensure_ascii=False).encode()
        subject = open_subject(path)
    except UnreadableError as error:
        refused = str(error) or "nothing is said"
    if refused:
        assert printable(refused)
        return None
    assert all(printable(note) for note in subject.notes)
    for unjudged in subject.unjudged:
        assert printable(unjudged.why)
    return subject


def printable(text: str) -> bool:
    return bool(text) and text == one_line(text) and len(text) < 6000


def files(suffix: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(RIGHT.glob(f"*{suffix}"))]


ODDITIES = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x0c", b"\r", b"\x1b[2J", b"\x85", b"\t"),
    *("\u2028", "\u3000", "\N{NO-BREAK SPACE}", "\u202e", "é", "𝐱", "＝"),
    *(b"(", b")", b"[", b"}", b'"""', b"'", b"\\", b"\\\n", b"\n", b"    ", b":", b"=", b"@", b"`"),
    *(b"# coding: utf-7\n", b"# coding: rot13\n", b"# coding: undefined\n", b"# coding: idna\n"),
    *(b"# coding: unicode_escape\n", b"# coding: utf-16\n", b"'\\d'", b"1if 1else 2", b"0777"),
    *(b"%%bash\n", b"%time ", b"!ls\n", b"?", b"x?\n", b">>> ", b"... ", b"```", b"~~~python\n"),
    *(b"import ", b"from . import ", b"from .. import *\n", b"from .....x import y\n", b"lambda"),
    *(b"class ", b"def ", b"return\n", b"yield ", b"await ", b"global x\n", b"nonlocal y\n"),
    *(b"async ", b"try:\n", b"if ", b"del ", b"raise ", b"*", b"**", b"{**{}}", b"f'{x!z}'"),
    *(b"\\ud800", b"\\u0000", b"null", b"{}", b"[]", b"1e999", b"-", b'"source": 3,', b"NaN"),
)


LINEWISE = ("line", "line", "word", "word", "word")
"""What often leaves Python that can be parsed."""


def _shuffled(draw: st.DrawFn, data: bytes, what: str) -> bytes:
    """A line moved to elsewhere, or a word replaced by another of the file's."""
    pattern = rb"[^\n]*\n" if what == "line" else rb"\w+"
    spans = [found.span() for found in re.finditer(pattern, data)]
    if not spans:
        return data
    start, end = draw(st.sampled_from(spans))
    other = draw(st.sampled_from(spans))
    return data[:start] + data[slice(*other)] + data[end:]


@st.composite
def mutilated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """A right file with bytes flipped, spans deleted, moved or repeated, and oddities put in."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(1, 200)))
        match draw(st.sampled_from(["flip", "delete", "repeat", "move", "cut", "odd", *LINEWISE])):
            case "flip" if start < len(data):
                data[start] ^= 1 << draw(st.integers(0, 7))
            case "delete":
                del data[start:end]
            case "repeat":
                data[start:start] = data[start:end]
            case "move":
                span = data[start:end]
                del data[start:end]
                place = draw(st.integers(0, len(data)))
                data[place:place] = span
            case "cut" if draw(st.integers(0, 9)) == 0:
                del data[start:]
            case "line" | "word" as what:
                data = bytearray(_shuffled(draw, bytes(data), what))
            case _:
                odd = draw(st.sampled_from(ODDITIES))
                data[start:start] = odd if isinstance(odd, bytes) else odd.encode()
    return bytes(data)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["code", "markdown", "class Relu:\n    pass", "\ud800", "%%bash\nls"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "source", "cell_type", "metadata", "nbformat", "x"]), inner
        )
    ),
    max_leaves=8,
)

cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", None, 3]) | json_values,
        "source": st.sampled_from([["class Relu:\n", "    pass"], "x = 1", None, 3]) | json_values,
        "metadata": st.just({}) | json_values,
        "outputs": st.just([]) | json_values,
        "execution_count": st.none() | json_values,
        "id": json_values,
    },
)

notebooks = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 3, 2, 1, 5, "4", None, 4.0, -1, 10**30]) | json_values},
    optional={
        "cells": st.lists(cells, max_size=3) | json_values,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(cells)})) | json_values,
        "metadata": st.just({}) | json_values,
        "nbformat_minor": st.integers(0, 9) | json_values,
    },
)

LINES = st.sampled_from(
    [
        *("```python", "```", "~~~", "~~~py", "- item", "> quoted", "    ", "\t", "1. x", "---"),
        *("```python {.x}", "  ```python", "   ```", "````python", "class Relu:", "    pass"),
        *(">>> x = 1", "... y", "<pre>", "</pre>", "| a |", "[x]: y", "`", "\\", "&amp;", "\0"),
    ]
)


class TestFuzz:
    @many(120, 4000)
    @given(data=mutilated(files(".py")))
    def test_python(self, folder: Path, data: bytes) -> None:
        path = folder / "a.py"
        path.write_bytes(data)
        opened(path)

    @many(40, 2000)
    @given(data=mutilated(files(".ipynb")))
    def test_a_notebook_s_bytes(self, folder: Path, data: bytes) -> None:
        path = folder / "a.ipynb"
        path.write_bytes(data)
        opened(path)

    @many(40, 1000)
    @given(data=mutilated(files(".md")))
    def test_a_page_s_bytes(self, folder: Path, data: bytes) -> None:
        path = folder / "a.md"
        path.write_bytes(data)
        opened(path)

    @many(80, 3000)
    @given(notebook=notebooks | json_values)
    def test_a_notebook_s_fields(self, folder: Path, notebook: Any) -> None:
        path = folder / "b.ipynb"
        path.write_text(json.dumps(notebook))
        opened(path)

    @many(40, 1000)
    @given(lines=st.lists(LINES | st.text(max_size=9), max_size=20))
    def test_a_page_s_lines(self, folder: Path, lines: list[str]) -> None:
        path = folder / "b.md"
        path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
        opened(path)

    @many(40, 2000)
    @given(data=st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8")))
    @pytest.mark.parametrize("suffix", [".py", ".md", ".ipynb"])
    def test_anything(self, folder: Path, suffix: str, data: bytes) -> None:
        path = folder / f"c{suffix}"
        path.write_bytes(data)
        opened(path)

    @many(3, 200)
    @given(data=mutilated([RIGHT.joinpath("other_names.py").read_bytes()]))
    def test_a_whole_check(self, folder: Path, data: bytes) -> None:
        path = folder / "d.py"
        path.write_bytes(data)
        report = check(path, examples=1)
        json.dumps(report.to_dict()).encode()
        assert str(report).strip()
        assert report.exit_status in (0, 1, 2, 3)
        if report.error is not None:
            assert printable(report.error)


def make_folder(path: Path) -> None:
    path.mkdir()


def make_link(path: Path) -> None:
    path.symlink_to("nowhere")


def make_circle(path: Path) -> None:
    path.symlink_to(path.name)


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_locked(path: Path) -> None:
    path.write_text("class Relu: pass")
    path.chmod(0)


def make_nothing(path: Path) -> None:
    del path


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


MAKERS = (*(make_folder, make_link, make_circle, make_pipe, make_locked, make_nothing, make_empty),)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    "name",
    [
        "a.py",
        "a.ipynb",
        "a\nb.py",
        "a\udc80.py",
        "ä 逆.py",
        "-.py",
        "a" * 200 + ".py",
    ],
    ids=lambda name: ascii(name)[:12],
)
def test_odd_paths(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    path = tmp_path / name
    make(path)
    opened(path)
    report = check(path, examples=1)
    assert report.error is not None or make is make_locked  # root may read it all the same
    assert printable(report.error or "locked")


@pytest.mark.parametrize("name", ["a\0.py", "a" * 5000 + ".py", "", ".", "/dev/zero", "/dev/null"])
def test_paths_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    opened(Path(name))
    report = check(name, examples=1)
    assert report.exit_status == 2
    assert printable((report.error or "")[:1000])


DEEP = {
    "brackets": "(" * 3000 + ")" * 3000,
    "a sum": "x = " + "+".join(["1"] * 20_000),
    "minus signs": "x = " + "-" * 20_000 + "1",
    "calls": "def f(): return " + "g(" * 150 + ")" * 150,
    "attributes": "x = y" + ".y" * 20_000,
    "ifs": "\n".join(" " * i + "if x:" for i in range(99)) + "\n" + " " * 99 + "pass",
    "elifs": "if x:\n    pass\n" + "elif y:\n    pass\n" * 3000,
    "lambdas": "f = " + "lambda: " * 3000 + "1",
    "a long line": "x = '" + "a" * 1_000_000 + "'",
    "strings": "x = " + "'a' " * 50_000,
    "classes": "\n".join(" " * i + f"class A{i}:" for i in range(99)) + "\n" + " " * 99 + "x = 1",
    "names": "class Relu(" + ".".join(["a"] * 5000) + "): pass",
}


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("suffix", [".py", ".md", ".ipynb"])
def test_deep_and_long(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    text = DEEP[kind]
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": text}
    whole = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    forms = {".py": text, ".md": f"```python\n{text}\n```\n", ".ipynb": json.dumps(whole)}
    path.write_text(forms[suffix])
    opened(path)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"nbformat":' * 10_000, "[" * 900 + "]" * 900])
def test_deep_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    assert opened(path) is None
