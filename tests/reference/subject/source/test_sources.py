"""Files, notebooks, pages and folders → Python chunks whose lines are the learner's lines."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trigrad.subject.source import repository
from trigrad.subject.source.magics import without_magics
from trigrad.subject.source.sources import Source, UnreadableError, read

Write = Callable[[str, str], Path]
Notebook = Callable[..., Path]


def places(source: Source) -> dict[str, tuple[str, int | None, int]]:
    """Every defined name with its file, cell and line."""
    found = {}
    for module in source.modules:
        for chunk in module.chunks:
            for node in ast.parse(chunk.text).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef):
                    found[node.name] = (chunk.file, chunk.cell, node.lineno)
    return found


def message(path: Path) -> str:
    """Why a path is unreadable: one line."""
    with pytest.raises(UnreadableError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


class TestPython:
    def test_a_file_is_one_chunk_with_its_own_lines(self, write: Write) -> None:
        source = read(write("layers.py", "import numpy\n\nclass Relu:\n    pass\n"))
        assert places(source) == {"Relu": ("layers.py", None, 3)}

    def test_the_fingerprint_is_that_of_the_bytes(self, write: Write) -> None:
        # printf 'x = 1\n' | sha256sum
        digest = "9e26bf369911c45c243c684147b23fc9e1dcfcf257d299a1c632016a6fcd33f4"
        assert read(write("a.py", "x = 1\n")).sha256 == digest
        assert read(write("b.py", "x = 2\n")).sha256 != digest

    def test_a_byte_order_mark_is_no_part_of_the_text(self, tmp_path: Path) -> None:
        path = tmp_path / "bom.py"
        path.write_bytes(b"\xef\xbb\xbfclass Relu:\n    pass\n")
        assert places(read(path)) == {"Relu": ("bom.py", None, 1)}

    def test_windows_line_ends(self, tmp_path: Path) -> None:
        path = tmp_path / "crlf.py"
        path.write_bytes(b"x = 1\r\n\r\nclass Relu:\r\n    pass\r\n")
        assert places(read(path)) == {"Relu": ("crlf.py", None, 3)}

    def test_tabs(self, tmp_path: Path) -> None:
        path = tmp_path / "tabs.py"
        path.write_bytes(b"class Relu:\n\tdef forward(self, x):\n\t\treturn x\n")
        assert places(read(path)) == {"Relu": ("tabs.py", None, 1)}

    def test_a_coding_line_is_respected(self, tmp_path: Path) -> None:
        path = tmp_path / "latin.py"
        path.write_bytes(
            "# -*- coding: latin-1 -*-\nname = 'Ableitung für Säulen'\n".encode("latin-1")
        )
        (chunk,) = read(path).modules[0].chunks
        assert "für Säulen" in chunk.text

    @pytest.mark.parametrize("encoding", ["shift_jis", "euc-jp", "gbk", "latin-1", "utf-8"])
    @pytest.mark.parametrize("line", ["# -*- coding: {} -*-", "#!/usr/bin/env python\n# coding={}"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_encoding_that_is_named(
        self, tmp_path: Path, encoding: str, line: str, end: str
    ) -> None:
        word = "Ebene für x" if encoding == "latin-1" else "伝播"
        text = f"{line.format(encoding)}\nnote = '{word}'\nclass Relu:\n    pass\n"
        path = tmp_path / "a.py"
        path.write_bytes(text.replace("\n", end).encode(encoding))
        source = read(path)
        assert word in source.modules[0].chunks[0].text
        assert places(source)["Relu"][2] == text.split("\n").index("class Relu:") + 1

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
    @pytest.mark.parametrize("name", ["a.py", "a.md"])
    def test_a_mark_says_the_encoding(self, tmp_path: Path, encoding: str, name: str) -> None:
        mark = "\ufeff" if encoding.endswith("e") else ""
        text = "# 逆伝播\n\nclass Relu:\n    pass\n"
        if name == "a.md":
            text = text.replace("\n\n", "\n```python\n") + "```\n"
        path = tmp_path / name
        path.write_bytes((mark + text).encode(encoding))
        assert places(read(path)) == {"Relu": (name, None, 3)}

    def test_a_form_feed_ends_no_line(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(b"x = 1\n\x0c\nclass Relu:\n    s = '\x0c\x1c'\n")
        assert places(read(path)) == {"Relu": ("a.py", None, 3)}

    def test_what_to_do_is_said_where_no_encoding_is(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_bytes("x = '逆伝播'\n".encode("shift_jis"))
        assert message(path).endswith(
            "; save it as UTF-8, or name its encoding in line 1, as in # -*- coding: shift_jis -*-"
        )

    def test_an_upper_case_suffix(self, write: Write) -> None:
        assert places(read(write("LAYERS.PY", "class Relu: pass"))) == {
            "Relu": ("LAYERS.PY", None, 1)
        }


class TestNotebooks:
    def test_code_cells_are_counted_from_1(self, notebook: Notebook) -> None:
        path = notebook("#md # Title", "x = 1", "#md more", "\nclass Relu:\n    pass")
        assert places(read(path)) == {"Relu": ("notes.ipynb", 2, 1)}

    def test_the_third_format(self, notebook: Notebook) -> None:
        path = notebook("x = 1", "# a layer\nclass Relu:\n    pass", version=(3, 0))
        assert places(read(path)) == {"Relu": ("notes.ipynb", 2, 2)}

    def test_cells_without_ids_warn_of_nothing(self, notebook: Notebook) -> None:
        """Format 4.5 wants an id for each cell; many tools leave them out."""
        source = read(notebook("class Relu:\n    pass", version=(4, 5)))
        assert places(source) == {"Relu": ("notes.ipynb", 1, 1)}

    def test_a_cell_without_outputs(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Not quite valid, but the code is there."""
        path = tmp_path / "bare.ipynb"
        cells = [{"cell_type": "code", "metadata": {}, "source": "class Relu:\n    pass"}]
        whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        path.write_text(json.dumps(whole))
        assert places(read(path)) == {"Relu": ("bare.ipynb", 1, 1)}
        assert capfd.readouterr() == ("", "")

    def test_a_source_that_is_one_string(self, tmp_path: Path) -> None:
        path = tmp_path / "one.ipynb"
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        cells = [{**cell, "source": "\n\nclass Relu:\n    pass"}]
        whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        path.write_text(json.dumps(whole))
        assert places(read(path)) == {"Relu": ("one.ipynb", 1, 3)}

    @pytest.mark.parametrize(
        "metadata",
        [
            {"language_info": {"name": "R"}},
            {"kernelspec": {"language": "R", "name": "ir", "display_name": "R"}},
        ],
    )
    def test_another_language(self, notebook: Notebook, metadata: dict[str, object]) -> None:
        path = notebook("relu <- function(x) max(x, 0)")
        path.write_text(json.dumps({**json.loads(path.read_text()), "metadata": metadata}))
        assert message(path) == "notes.ipynb is a notebook in R, not in Python"

    def test_any_kind_of_python(self, notebook: Notebook) -> None:
        path = notebook("class Relu: pass")
        metadata = {"language_info": {"name": "ipython"}, "kernelspec": None}
        path.write_text(json.dumps({**json.loads(path.read_text()), "metadata": metadata}))
        assert places(read(path)) == {"Relu": ("notes.ipynb", 1, 1)}


class TestMagics:
    @pytest.mark.parametrize(
        "line",
        [
            "%matplotlib inline",
            "  %timeit f()",
            "!pip install numpy",
            "?relu",
            "relu?",
            "np.dot??",
        ],
    )
    def test_a_magic_line_is_blank_and_the_others_stay_in_place(self, line: str) -> None:
        assert without_magics(f"a = 1\n{line}\nb = 2").splitlines() == ["a = 1", "", "b = 2"]

    @pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 3", "%%capture out", "%%python3"])
    def test_a_magic_whose_cell_is_python(self, magic: str) -> None:
        assert without_magics(f"{magic}\nclass Relu:\n    pass").splitlines() == [
            "",
            "class Relu:",
            "    pass",
        ]

    @pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%javascript", "%%sh", "%%latex"])
    def test_a_magic_whose_cell_is_something_else(self, magic: str) -> None:
        assert without_magics(f"\n{magic}\nx = 1") == ""

    def test_a_percent_sign_in_a_string_of_several_lines(self) -> None:
        text = 'table = """\n%d apples\n!important\nwhat?\n"""\n'
        assert without_magics(text) == text

    def test_a_percent_sign_in_a_string_beside_a_magic(self) -> None:
        text = '%matplotlib inline\ntable = """\n%d apples\n"""\n'
        assert "%d apples" in without_magics(text)

    def test_a_remainder_at_the_start_of_a_line_beside_a_magic(self) -> None:
        left = without_magics("%matplotlib inline\nrest = (7\n    % 4)\n")
        assert "% 4)" in left

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("x = (7\n%a", "%a"),
            ("x = 7 \\\n%a", "%a"),
            ("x = f(']', '(')\n%a", ""),
            ("x = 'it''s'  # it's (\n%a", ""),
            ("x = '''a\n%a", "%a"),
            ("x = '''a'''\n%a", ""),
            ('x = """it\'s\n%a', "%a"),
            ("x = 'never ended\n%a", ""),
            ("x = '\\\\'\n%a", ""),
            ("x = 'a\\\nb'\n%a", ""),
            ("x = )\n%a", ""),
            ("# a comment \\\n%a", ""),
        ],
    )
    def test_what_a_line_is_inside_of(self, text: str, kept: str) -> None:
        """`!ls` keeps the whole from being Python, so that every line is looked at."""
        assert without_magics(f"!ls\n{text}\npass").split("\n")[-2] == kept

    def test_a_long_cell_costs_no_square(self) -> None:
        text = "!ls\n" + "x = [1,\n% 2]\n" * 20_000
        assert without_magics(text).count("% 2") == 20_000

    def test_a_real_syntax_error_stays_one(self) -> None:
        assert without_magics("class Relu\n    pass") == "class Relu\n    pass"


PAGE = """\
# Layers

```python
class One:
    pass
```

```bash
pip install numpy
```

- in a list:

  ```py
  x = 1
  class Two:
      pass
  ```

~~~python
class Three:
    pass
~~~

```{.python .numberLines}
class Four:
    pass
```

```
class NoLanguage:
    pass
```

```javascript
class Other {}
```

```Python
%matplotlib inline
class Five:
    pass
```

```python:layers.py
class Six:
    pass
```

```pycon
>>> class Session: pass
```

    class Indented:
        pass

Text with `class Inline: pass`.

```text
class Text:
    pass
```

```python3
class Last:
    pass
"""


class TestMarkdown:
    @pytest.fixture
    def found(self, write: Write) -> dict[str, tuple[str, int | None, int]]:
        return places(read(write("memo.md", PAGE)))

    @pytest.mark.parametrize(
        "name", ["One", "Two", "Three", "Four", "Five", "Six", "Last"], ids=str.lower
    )
    def test_python_fences_are_found_at_their_own_lines(
        self, found: dict[str, tuple[str, int | None, int]], name: str
    ) -> None:
        lines = [line.strip() for line in PAGE.splitlines()]
        assert found[name] == ("memo.md", None, lines.index(f"class {name}:") + 1)

    def test_everything_else_is_skipped(
        self, found: dict[str, tuple[str, int | None, int]]
    ) -> None:
        assert set(found) == {"One", "Two", "Three", "Four", "Five", "Six", "Last", "NoLanguage"}

    def test_windows_line_ends(self, tmp_path: Path) -> None:
        path = tmp_path / "crlf.markdown"
        path.write_bytes(PAGE.replace("\n", "\r\n").encode())
        lines = PAGE.splitlines()
        assert places(read(path))["Last"][2] == lines.index("class Last:") + 1

    def test_a_byte_order_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "bom.md"
        path.write_bytes(b"\xef\xbb\xbf```python\nclass Relu: pass\n```\n")
        assert places(read(path)) == {"Relu": ("bom.md", None, 2)}

    @pytest.mark.parametrize(
        "info",
        [
            "python {.line-numbers}",
            "python {highlight: [1, 2]}",
            "{python}",
            "{python, echo=TRUE}",
            "python:layers.py",
            "python=",
            "py3",
            "Python3",
            "ipython",
            "python linenums='1'",
        ],
    )
    @pytest.mark.parametrize("fence", ["```", "~~~", "`````"])
    def test_what_a_fence_is_marked_with(self, write: Write, fence: str, info: str) -> None:
        path = write("memo.md", f"{fence}{info}\nclass Relu: pass\n{fence}\n")
        assert places(read(path)) == {"Relu": ("memo.md", None, 2)}

    @pytest.mark.parametrize("info", ["pythonic", "py2c", "json", "python-traceback", "cython"])
    def test_what_is_another_language(self, write: Write, info: str) -> None:
        assert places(read(write("memo.md", f"```{info}\nclass Relu: pass\n```\n"))) == {}

    def test_a_session_with_prompts(self, write: Write) -> None:
        path = write(
            "memo.md",
            """
            ```python
            >>> import numpy as np
            >>> class Relu:
            ...     def forward(self, x):
            ...         return x
            ...
            >>> Relu().forward(3)
            3
            ```
            """,
        )
        assert places(read(path)) == {"Relu": ("memo.md", None, 3)}

    def test_too_many_blocks(self, write: Write) -> None:
        path = write("memo.md", "```python\nx = 1\n```\n" * 5000)
        assert message(path).startswith("memo.md has too many blocks of Python: ")

    def test_many_blocks(self, write: Write) -> None:
        path = write("memo.md", "```python\nx = 1\n```\n" * 500)
        assert len(read(path).modules[0].chunks) == 500

    def test_a_fence_that_never_ends(self, write: Write) -> None:
        assert places(read(write("memo.md", "```python\nclass Relu: pass\n"))) == {
            "Relu": ("memo.md", None, 2)
        }

    def test_spaces_as_web_pages_have_them(self, write: Write) -> None:
        nbsp = "\N{NO-BREAK SPACE}"
        path = write("memo.md", f"```python\nclass Relu:\n{nbsp * 4}x = 1\n```\n")
        assert places(read(path)) == {"Relu": ("memo.md", None, 2)}


class TestFolders:
    def test_every_python_file_is_a_module_in_the_order_of_names(self, write: Write) -> None:
        write("net/b.py", "class B: pass")
        write("net/a.py", "class A: pass")
        folder = write("net/common/__init__.py", "").parent.parent
        write("net/common/layers.py", "\nclass C: pass")
        source = read(folder)
        assert [m.name for m in source.modules] == ["a", "b", "common", "common.layers"]
        assert places(source)["C"] == ("common/layers.py", None, 1)

    @pytest.mark.parametrize(
        "skipped",
        [".venv", ".ipynb_checkpoints", "venv", "env", "__pycache__", "site-packages", "build"],
    )
    def test_hidden_and_foreign_folders_are_skipped(self, write: Write, skipped: str) -> None:
        write(f"net/{skipped}/layers.py", "class Foreign: pass")
        write(f"net/deeper/{skipped}/lib/layers.py", "class Foreign: pass")
        folder = write("net/own.py", "class Own: pass").parent
        assert set(places(read(folder))) == {"Own"}

    def test_a_folder_inside_a_hidden_one_is_read(self, write: Write) -> None:
        """What counts is below the folder that was named, not above it."""
        folder = write(".hidden/net/own.py", "class Own: pass").parent
        assert set(places(read(folder))) == {"Own"}

    def test_one_undecodable_file_leaves_the_others(self, write: Write) -> None:
        folder = write("net/good.py", "class Good: pass").parent
        (folder / "bad.py").write_bytes(b"x = '\xff\xfe'\n")
        source = read(folder)
        assert set(places(source)) == {"Good"}
        ((file, why),) = source.unread
        assert file == "bad.py"
        assert why.startswith("bad.py cannot be decoded: ")

    def test_one_file_that_cannot_be_opened_leaves_the_others(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = write("net/good.py", "class Good: pass").parent
        write("net/locked.py", "class Locked: pass")
        opened = Path.open

        def refusing(path: Path, *args: Any) -> Any:
            if path.name == "locked.py":
                raise PermissionError(13, "Permission denied")
            return opened(path, *args)

        monkeypatch.setattr(Path, "open", refusing)
        source = read(folder)
        assert set(places(source)) == {"Good"}
        ((file, why),) = source.unread
        assert file == "locked.py"
        assert why == f"{folder / 'locked.py'} cannot be read: Permission denied"

    def test_the_fingerprint_covers_names_and_texts(self, write: Write) -> None:
        one = read(write("one/a.py", "x = 1").parent).sha256
        assert read(write("two/a.py", "x = 1").parent).sha256 == one
        assert read(write("three/b.py", "x = 1").parent).sha256 != one
        assert read(write("four/a.py", "x = 2").parent).sha256 != one

    def test_a_folder_that_is_too_large_is_read_in_part(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(repository, "_DEPTH", 1)
        write("net/a/b/deep.py", "class Deep: pass")
        folder = write("net/own.py", "class Own: pass").parent
        source = read(folder)
        assert set(places(source)) == {"Own"}
        assert source.notes == ("the folder is so large that not all of it is read",)


class TestUnreadable:
    def test_no_such_path(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.py"
        assert message(path) == f"there is no file or folder {path}: check the spelling"

    def test_a_folder_without_python(self, write: Write) -> None:
        folder = write("empty/readme.txt", "hello").parent
        assert message(folder) == f"there is no Python file (.py) in the folder {folder}"

    def test_a_folder_of_notebooks_names_one_to_check(self, write: Write) -> None:
        folder = write("course/ch5.ipynb", "{}").parent
        write("course/ch4.md", "")
        assert message(folder) == (
            f"there is no Python file (.py) in the folder {folder}; "
            "check one of its files instead: ch4.md, ch5.ipynb"
        )

    @pytest.mark.parametrize("name", ["a.py", "a.ipynb", "a.md"])
    @pytest.mark.parametrize("text", ["", " \n\n"])
    def test_an_empty_file(self, write: Write, name: str, text: str) -> None:
        path = write(name, "")
        path.write_text(text)
        assert message(path) == f"{path} is empty: there is nothing to judge"

    @pytest.mark.parametrize("name", ["layers.txt", "layers", "layers.pyc", "layers.rs"])
    def test_an_unknown_suffix(self, write: Write, name: str) -> None:
        path = write(name, "class Relu: pass")
        assert message(path) == (
            f"{path} is not a file that can be read (.py, .ipynb, .md, .markdown, or a folder)"
        )

    def test_a_notebook_that_is_not_json(self, write: Write) -> None:
        text = message(write("cut.ipynb", '{"cells": [{"cell_type": "co'))
        assert text.startswith("cut.ipynb is not a notebook: it is not JSON (")
        assert text.endswith("); save it again from Jupyter")

    @pytest.mark.parametrize("text", ['{"cells": []}', "[1, 2]", '"x"', "3"])
    def test_json_but_no_notebook(self, write: Write, text: str) -> None:
        path = write("data.ipynb", text)
        assert message(path) == "data.ipynb is JSON, but not a notebook: it has no nbformat"

    @pytest.mark.parametrize(
        "text",
        [
            '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}}',
            '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{}]}',
            '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": 3}',
            '{"nbformat": "four", "cells": []}',
            '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": ["x"]}',
        ],
        ids=["no cells", "an empty cell", "a number", "a version in words", "a string"],
    )
    def test_a_damaged_notebook(
        self, write: Write, text: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert message(write("bad.ipynb", text)).startswith("bad.ipynb is a damaged notebook: ")
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("name", ["a.md", "a.ipynb"])
    def test_text_that_is_not_utf_8(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.write_bytes(b"ab\xff\xfe")
        assert message(path) == f"{name} is not text in UTF-8 (byte 2)"

    @pytest.mark.parametrize(
        "data",
        [b"x = '\xff'\n", b"# coding: klingon\nx = 1\n", b"\xff\xfex"],
        ids=["a stray byte", "an unknown encoding", "half of UTF-16"],
    )
    def test_python_that_cannot_be_decoded(self, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(data)
        assert message(path).startswith("a.py cannot be decoded: ")
