"""Files of each kind with one line mended: nothing else in them changes."""

from __future__ import annotations

import codecs
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from trigrad.patch.patching import Patched, patched
from trigrad.patch.refusal import RefusedError
from trigrad.repair.result import Change
from trigrad.subject.face import Where

Mend = Callable[..., Patched]
NBSP = "\N{NO-BREAK SPACE}"

OLD, NEW = "        return dout + self.y", "        return dout * self.y"
CODE = f"# 掛け算\nclass MulLayer:\n    def backward(self, dout):\n{OLD}\n"


class TestPython:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("final", [True, False])
    @pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
    def test_ends_and_mark(self, mend: Mend, end: str, final: bool, mark: bytes) -> None:
        text = CODE if final else CODE.rstrip("\n")
        data = mark + text.replace("\n", end).encode()
        assert mend(data, OLD, NEW).fixed == data.replace(b"dout +", b"dout *")

    @pytest.mark.parametrize("name", ["shift_jis", "euc_jp", "iso-2022-jp"])
    def test_the_encoding_that_it_names(self, mend: Mend, name: str) -> None:
        data = f"# coding: {name}\n{CODE}".encode(name)
        assert mend(data, OLD, NEW).fixed == data.replace(b"dout +", b"dout *")

    def test_utf_16(self, mend: Mend) -> None:
        data = codecs.BOM_UTF16_LE + CODE.encode("utf-16-le")
        assert mend(data, OLD, NEW).fixed == codecs.BOM_UTF16_LE + CODE.replace(OLD, NEW).encode(
            "utf-16-le"
        )

    def test_the_first_line_behind_a_mark(self, mend: Mend) -> None:
        data = codecs.BOM_UTF8 + b"a = 1\n"
        assert mend(data, "a = 1", "a = 2").fixed == codecs.BOM_UTF8 + b"a = 2\n"

    def test_a_form_feed_ends_no_line(self, mend: Mend) -> None:
        data = b"a = 1\x0c\n\x0cb = 2\n"
        assert mend(data, "\x0cb = 2", "\x0cb = 3").fixed == b"a = 1\x0c\n\x0cb = 3\n"

    def test_what_its_encoding_cannot_write_is_refused(self, mend: Mend) -> None:
        with pytest.raises(RefusedError, match="the fix cannot be written in iso-8859-1"):
            mend(b"# coding: latin-1\na = 1\n", "a = 1", "a = '\u5c64'")


def change(path: Path, line: int, before: str, after: str = "x", **where: Any) -> Change:
    """A change to a file that is what it is."""
    place = Where(path.name, where.get("cell"), line)
    return Change(place, before, after, str(path), where.get("block", 0))


class TestRefused:
    @pytest.mark.parametrize(
        ("line", "before"), [(1, "b"), (2, "a"), (9, "a"), (9, ""), (0, "a"), (1, "a\nc")]
    )
    def test_lines_that_are_others_now(self, tmp_path: Path, line: int, before: str) -> None:
        path = tmp_path / "a.py"
        path.write_text("a\nb\n")
        with pytest.raises(RefusedError, match=r"a\.py has changed since it was read"):
            patched(path, [change(path, line, before)])
        assert path.read_text() == "a\nb\n"

    def test_a_cell_that_is_not_there_any_more(self, tmp_path: Path) -> None:
        path = tmp_path / "a.ipynb"
        path.write_bytes(notebook(["a = 1"]))
        with pytest.raises(RefusedError, match="has changed since it was read"):
            patched(path, [change(path, 1, "a = 1", cell=3)])

    @pytest.mark.parametrize(("name", "text"), [("a.ipynb", "{}"), ("a.py", "a = '\xff'")])
    def test_a_file_that_cannot_be_read_any_more(
        self, tmp_path: Path, name: str, text: str
    ) -> None:
        path = tmp_path / name
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(RefusedError):
            patched(path, [change(path, 1, "a")])

    def test_a_file_that_is_gone(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        with pytest.raises(RefusedError, match=r"a\.py cannot be read: No such file"):
            patched(path, [change(path, 1, "a")])

    def test_a_fix_that_would_end_its_fence(self, mend: Mend) -> None:
        page = b"```python\na = 1\n```\n"
        with pytest.raises(RefusedError, match="applying this fix would change other lines"):
            mend(page, "a = 1", "```", name="a.md", block=1)


class TestMarkdown:
    @pytest.mark.parametrize(
        ("lead", "before"),
        [
            ("", ""),
            ("", "  "),  # a fence may be indented by up to three spaces
            ("", "> "),
            ("", "> > "),
            ("- a list\n\n", "  "),
            ("1. a list\n\n   - a list in it\n\n", "     "),
            ("> - a list\n>\n", ">   "),
        ],
    )
    def test_a_fence_inside_of_other_things(self, mend: Mend, lead: str, before: str) -> None:
        fenced = f"```python\n{CODE}```\n"
        page = lead + "".join(f"{before}{line}\n" for line in fenced.splitlines()) + "\nend  \n"
        data = page.encode()
        for new in (NEW, f"        dx = 1\n{NEW}"):
            found = mend(data, OLD, new, name="a.md", block=1)
            due = page.replace(OLD, new.replace("\n", f"\n{before}"))
            assert found.fixed == due.encode()

    def test_an_empty_line_of_a_list_may_have_no_indentation(self, mend: Mend) -> None:
        data = b"- a\n\n  ```python\n  a = 1\n\n  b = 2\n  ```\n"
        found = mend(data, "a = 1\n\nb = 2", "a = 2\n\nb = 3", name="a.md", block=1)
        assert found.fixed == data.replace(b"b = 2", b"b = 3").replace(b"a = 1", b"a = 2")

    def test_a_session(self, mend: Mend) -> None:
        page = b"```python\n>>> class A:\n...     a = 1\n...\n>>> A.a\n1\n```\n"
        found = mend(page, "    a = 1", "    a = 2", name="a.md", block=1)
        assert found.fixed == page.replace(b"a = 1", b"a = 2")

    def test_no_break_spaces_stay(self, mend: Mend) -> None:
        page = f"```python\nif a:\n{NBSP * 4}b = 1 #{NBSP}x\n```\n".encode()
        found = mend(page, "    b = 1 # x", "    b = 2 # x", name="a.md", block=1)
        assert found.fixed == page.replace(b"b = 1", b"b = 2")

    def test_only_the_block_that_is_meant(self, mend: Mend) -> None:
        page = b"```python\na = 1\n```\n\n```python\r\na = 1\r\n```\r\n"
        found = mend(page, "a = 1", "a = 2\nb = 3", name="a.md", block=2)
        assert found.fixed == b"```python\na = 1\n```\n\n```python\r\na = 2\r\nb = 3\r\n```\r\n"

    def test_two_blocks_at_once(self, tmp_path: Path) -> None:
        path = tmp_path / "a.md"
        path.write_text("```python\na = 1\n```\n\n```python\na = 1\n```\n")
        changes = [
            change(path, 2, "a = 1", "b = 2\nc = 3", block=1),
            change(path, 6, "a = 1", "d = 4", block=2),
        ]
        assert patched(path, changes).fixed == (
            b"```python\nb = 2\nc = 3\n```\n\n```python\nd = 4\n```\n"
        )


def cell(source: str | list[str], kind: str = "code", **more: Any) -> dict[str, Any]:
    """A cell as Jupyter writes it."""
    code = {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout",
            "text": ["層 \u00e9\n"]}]} if kind == "code" else {}  # fmt: skip
    return {"cell_type": kind, **code, "metadata": {"a": 1}, "source": source, **more}


def notebook(sources: list[Any], *, minor: int = 4, **dump: Any) -> bytes:
    """A notebook's bytes: a page of text, then these cells."""
    cells = [cell("# 題\n", "markdown"), *(cell(source) for source in sources)]
    if minor >= 5:
        cells = [{"id": f"c{i}", **each} for i, each in enumerate(cells)]
    about = {"language_info": {"name": "python"}, "kept": {"z": 1, "a": [1.50, 2e3]}}
    made = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": minor}
    return (json.dumps(made, **{"indent": 1, "ensure_ascii": False, **dump}) + "\n").encode()


def as_list(text: str) -> list[str]:
    return text.splitlines(keepends=True)


WITHOUT_END = CODE.rstrip("\n")


class TestNotebook:
    @pytest.mark.parametrize(
        "dump",
        [
            {},
            {"ensure_ascii": True},
            {"indent": 4},
            {"indent": "\t"},
            {"indent": None},
            {"indent": None, "separators": (",", ":")},
            {"sort_keys": True},
        ],
    )
    @pytest.mark.parametrize(
        "source",
        [CODE, WITHOUT_END, as_list(CODE), as_list(WITHOUT_END), [WITHOUT_END]],
        ids=["string", "string without end", "lines", "lines without end", "one item"],
    )
    @pytest.mark.parametrize("minor", [4, 5])
    def test_byte_for_byte(self, mend: Mend, dump: Any, source: Any, minor: int) -> None:
        data = notebook(["a = 1", source, "%ls\nb = 2"], minor=minor, **dump)
        found = mend(data, OLD, NEW, name="n.ipynb", cell=2)
        assert found.fixed == data.replace(b"dout +", b"dout *")
        assert found.fixed != data

    @pytest.mark.parametrize("dump", [{}, {"indent": None}, {"ensure_ascii": True}])
    @pytest.mark.parametrize("source", [CODE, as_list(CODE), as_list(WITHOUT_END)])
    def test_one_line_more_or_less(self, mend: Mend, dump: Any, source: Any) -> None:
        """As Jupyter would have written the new source."""
        for new in ("        a = 1\n" + NEW, ""):
            data = notebook([source], **dump)
            found = mend(data, OLD, new, name="n.ipynb", cell=1)
            text = source if isinstance(source, str) else "".join(source)
            after = text.replace(OLD, new) if new else text.replace(f"\n{OLD}", "")
            if isinstance(source, list):
                after = as_list(after)
            assert json.loads(found.fixed) == json.loads(notebook([after], **dump))
            assert found.fixed == notebook([after], **dump)

    @pytest.mark.parametrize("minor", [4, 5])
    def test_it_stays_a_valid_notebook(self, mend: Mend, minor: int) -> None:
        data = notebook(["a = 1", as_list(CODE)], minor=minor)
        found = mend(data, OLD, NEW, name="n.ipynb", cell=2)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read = nbformat.reads(found.fixed.decode(), as_version=nbformat.NO_CONVERT)
            nbformat.validate(read)
        assert read.cells[2].source == CODE.replace(OLD, NEW)
        assert (read.nbformat, read.nbformat_minor) == (4, minor)

    def test_a_magic_stays(self, mend: Mend) -> None:
        source = f"%matplotlib inline\n!pip install a\nfiles = !ls\n{CODE}"
        data = notebook([source])
        found = mend(data, OLD, NEW, name="n.ipynb", cell=1)
        assert found.fixed == data.replace(b"dout +", b"dout *")

    def test_a_magic_is_not_replaced(self, mend: Mend) -> None:
        with pytest.raises(RefusedError, match="cell 1, line 1: this line was rewritten"):
            mend(notebook(["files = !ls\na = 1"]), "files = None", "b", name="n.ipynb", cell=1)

    def test_how_a_line_that_stays_is_spelt(self, mend: Mend) -> None:
        data = notebook(["a = '</b>'\nb = 1"]).replace(b"</b>", b"\\u003c\\/b>")
        found = mend(data, "b = 1", "b = 2", name="n.ipynb", cell=1)
        assert found.fixed == data.replace(b"b = 1", b"b = 2")

    def test_escapes_where_the_notebook_has_them(self, mend: Mend) -> None:
        data = notebook(["a = 1  # 層"], ensure_ascii=True)
        found = mend(data, "a = 1  # 層", "a = 2  # 層", name="n.ipynb", cell=1)
        assert found.fixed == data.replace(b"a = 1", b"a = 2")

    def test_windows_line_ends_within_a_cell(self, mend: Mend) -> None:
        data = notebook([CODE.replace("\n", "\r\n")])
        found = mend(data, OLD, NEW, name="n.ipynb", cell=1)
        assert found.fixed == data.replace(b"dout +", b"dout *")

    def test_format_3(self, mend: Mend) -> None:
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": "a"},
            {"cell_type": "code", "collapsed": False, "input": as_list(CODE), "language": "python",
             "metadata": {}, "outputs": []},
        ]  # fmt: skip
        made = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0,
                "worksheets": [{"cells": cells, "metadata": {}}]}  # fmt: skip
        data = json.dumps(made, indent=1).encode()
        found = mend(data, OLD, NEW, name="n.ipynb", cell=1)
        assert found.fixed == data.replace(b"dout +", b"dout *")

    def test_behind_a_mark(self, mend: Mend) -> None:
        data = codecs.BOM_UTF8 + notebook([CODE])
        found = mend(data, OLD, NEW, name="n.ipynb", cell=1)
        assert found.fixed == data.replace(b"dout +", b"dout *")
