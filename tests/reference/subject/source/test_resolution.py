"""Where a learner's imports lie: beside, above, by the end of a path, and never too far."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trigrad.subject.loading.loader import Loaded, load
from trigrad.subject.loading.statement_runner import SkipReason
from trigrad.subject.source import repository, resolution
from trigrad.subject.source.sources import Source, read
from trigrad.subject.source.text import NAMESPACE

Write = Callable[[str, str], Path]
Tree = Callable[..., Source]


@pytest.fixture
def tree(write: Write) -> Tree:
    """Write files (path → text); read the first, or `target`."""

    def made(files: dict[str, str], target: str | None = None) -> Source:
        paths = {name: write(name, text) for name, text in files.items()}
        first = next(iter(paths))
        root = paths[first].parents[first.count("/")]
        return read(root / (first if target is None else target))

    return made


def result(source: Source) -> Any:
    """What the function f of a source returns."""
    return next(d.value for d in load(source).definitions if d.name == "f")()


def shown(source: Source) -> list[str]:
    """The files that are read, as messages name them."""
    return [module.chunks[0].file for module in source.modules]


REPOSITORY = {
    "repo/ch05/net.py": "from common.functions import y\ndef f(): return y",
    "repo/.git/HEAD": "ref: refs/heads/main",
}


class TestWhere:
    @pytest.mark.parametrize(
        "place",
        [
            "repo/ch05/common/functions.py",
            "repo/common/functions.py",
            "repo/deep-learning/common/functions.py",
            "repo/a/b/c/common/functions.py",
        ],
        ids=["beside", "above", "by its end", "deep below"],
    )
    def test_it_is_found(self, tree: Tree, place: str) -> None:
        assert result(tree({**REPOSITORY, place: "y = 2"})) == 2

    def test_beside_comes_before_above_and_that_before_elsewhere(self, tree: Tree) -> None:
        far = {"repo/x/common/functions.py": "y = 'far'"}
        above = {"repo/common/functions.py": "y = 'above'", **far}
        beside = {"repo/ch05/common/functions.py": "y = 'beside'", **above}
        assert result(tree({**REPOSITORY, **beside})) == "beside"

    def test_above_comes_before_elsewhere(self, tree: Tree) -> None:
        far = {"repo/ch04/common/functions.py": "y = 'far'"}
        assert result(tree({**REPOSITORY, "repo/common/functions.py": "y = 'above'", **far})) == (
            "above"
        )

    def test_the_nearest_of_several_is_taken_and_said(self, tree: Tree) -> None:
        source = tree(
            {
                **REPOSITORY,
                "repo/ch04/common/functions.py": "y = 'near'",
                "repo/old/of/it/common/functions.py": "y = 'far'",
            }
        )
        assert result(source) == "near"
        assert source.notes == ("common is taken from ../ch04/common",)

    def test_two_that_are_as_near_are_not_guessed_between(self, tree: Tree) -> None:
        source = tree(
            {
                **REPOSITORY,
                "repo/ch03/common/functions.py": "y = 3",
                "repo/ch04/common/functions.py": "y = 4",
            }
        )
        assert len(source.modules) == 1
        assert source.notes == (
            "common.functions may be ../ch03/common/functions.py and "
            "../ch04/common/functions.py: none of them is used",
        )

    def test_what_a_repository_s_root_has_beside_it_is_not_its_own(self, tree: Tree) -> None:
        source = tree({**REPOSITORY, "common/functions.py": "y = 2"})
        assert len(source.modules) == 1

    @pytest.mark.parametrize("folder", [".venv", "site-packages", "build", ".hidden"])
    def test_what_is_installed_or_hidden_is_not_searched(self, tree: Tree, folder: str) -> None:
        source = tree({**REPOSITORY, f"repo/{folder}/common/functions.py": "y = 2"})
        assert len(source.modules) == 1

    def test_a_readme_marks_a_whole_too(self, tree: Tree) -> None:
        files = {"repo/work/net.py": REPOSITORY["repo/ch05/net.py"], "repo/README.md": "Notes"}
        assert result(tree({**files, "repo/lib/common/functions.py": "y = 2"})) == 2

    def test_a_chapter_is_part_of_what_it_lies_in(self, tree: Tree) -> None:
        files = {"repo/ch05/net.py": REPOSITORY["repo/ch05/net.py"]}
        assert result(tree({**files, "repo/lib/common/functions.py": "y = 2"})) == 2

    def test_any_other_folder_is_not(self, tree: Tree) -> None:
        """Two downloads that lie side by side have nothing to do with each other."""
        files = {"one/net.py": REPOSITORY["repo/ch05/net.py"], "two/common/functions.py": "y = 2"}
        assert len(tree(files).modules) == 1

    def test_too_many_levels_above(self, tree: Tree) -> None:
        deep = "a/b/c/d/e/g/net.py"
        files = {deep: REPOSITORY["repo/ch05/net.py"], "common/functions.py": "y = 2"}
        assert len(tree(files).modules) == 1

    @pytest.mark.parametrize("call", ["append('../lib')", "insert(0, '../lib')"])
    def test_where_sys_path_says(self, tree: Tree, call: str) -> None:
        text = f"import sys\nsys.path.{call}\nfrom own import y\ndef f(): return y"
        files = {"repo/ch05/net.py": text, "repo/lib/own.py": "y = 2", "repo/other/own.py": "y = 3"}
        assert result(tree({**files, "repo/setup.py": ""})) == 2

    def test_a_module_by_its_own_name_alone(self, tree: Tree) -> None:
        files = {"repo/ch05/net.py": "import own\ndef f(): return own.y", "repo/setup.cfg": ""}
        assert result(tree({**files, "repo/lib/own.py": "y = 2"})) == 2

    @pytest.mark.parametrize("name", ["keras", "numpy", "torch.nn", "json"])
    def test_a_library_s_name_is_not_searched_for(self, tree: Tree, name: str) -> None:
        files = {"repo/ch05/net.py": f"import {name}\ndef f(): return 1", "repo/setup.cfg": ""}
        source = tree({**files, f"repo/x/{name.replace('.', '/')}.py": "raise SystemExit"})
        assert len(source.modules) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "def f():\n    from b import y\n    return y",
            "try:\n    from b import y\nexcept ImportError:\n    y = 3\ndef f(): return y",
            "if True:\n    from b import y\ndef f(): return y",
            "class A:\n    from b import y\ndef f(): return A.y",
        ],
    )
    def test_imports_anywhere_in_the_text(self, tree: Tree, text: str) -> None:
        assert result(tree({"a.py": text, "b.py": "y = 2"})) == 2

    def test_one_after_the_other(self, tree: Tree) -> None:
        source = tree(
            {
                "a.py": "from b import *\ndef f(): return y",
                "b.py": "from .c import *\nimport a",
                "c.py": "from d.e import y",
                "d/e.py": "y = 2",
                "unused.py": "y = 3",
            }
        )
        assert shown(source) == ["a.py", "b.py", "c.py", "d/e.py"]
        assert [module.listed for module in source.modules] == [True, False, False, False]
        assert result(source) == 2

    def test_a_neighbour_s_relative_imports_start_from_it(self, tree: Tree) -> None:
        source = tree(
            {
                "repo/ch05/net.py": "from lib.layers import y\ndef f(): return y",
                "repo/lib/layers.py": "from .functions import y",
                "repo/lib/functions.py": "from ..base import y",
                "repo/base.py": "y = 2",
                "repo/ch05/functions.py": "y = 'wrong'",
            }
        )
        assert result(source) == 2
        assert shown(source) == ["net.py", "../lib/layers.py", "../lib/functions.py", "../base.py"]


class TestBounds:
    def test_entries(self, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(repository, "_ENTRIES", 3)
        many = {f"repo/a{i}/b.py": "" for i in range(9)}
        assert len(tree({**REPOSITORY, **many, "repo/z/common/functions.py": ""}).modules) == 1

    def test_neighbours(self, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(resolution, "_NEIGHBOURS", 1)
        source = tree({"a.py": "import b, c", "b.py": "", "c.py": ""})
        assert shown(source) == ["a.py", "b.py"]
        assert source.notes == ("c.py is not read: more than 1 modules are imported",)

    def test_a_link_in_a_circle(self, tree: Tree, tmp_path: Path) -> None:
        (tmp_path / "repo").mkdir()
        (tmp_path / "repo" / "loop").symlink_to(tmp_path / "repo")
        assert len(tree(REPOSITORY).modules) == 1

    def test_a_neighbour_that_cannot_be_decoded_is_said(self, write: Write) -> None:
        path = write("a.py", "import b\ndef f(): return 1")
        path.with_name("b.py").write_bytes(b"x = '\xff'")
        source = read(path)
        assert len(source.modules) == 1
        assert source.notes[0].startswith("b.py cannot be decoded: ")
        assert result(source) == 1


class TestPlainData:
    FILES = {  # noqa: RUF012 - read only
        "ch05/net.py": "from common.layers import y\nfrom pack import mod\n"
        "def f(): return y, mod.z",
        "common/__init__.py": "",
        "common/layers.py": "y = 2",
        "pack/mod.py": "z = 3",
    }

    def test_the_keys_of_what_is_imported(self, tree: Tree, tmp_path: Path) -> None:
        source = tree(self.FILES)
        assert source.modules[0].imports == {
            "common": str(tmp_path / "common/__init__.py"),
            "common.layers": str(tmp_path / "common/layers.py"),
            "pack": NAMESPACE + str(tmp_path / "pack"),
            "pack.mod": str(tmp_path / "pack/mod.py"),
        }
        assert {module.key for module in source.modules} >= {
            key for key in source.modules[0].imports.values() if not key.startswith(NAMESPACE)
        }

    def test_a_source_is_text_and_numbers(self, tree: Tree) -> None:
        source = tree(self.FILES)
        data = dataclasses.asdict(source)
        assert json.loads(json.dumps(data)) == json.loads(json.dumps(data, ensure_ascii=False))

    def test_nothing_is_read_when_it_is_loaded(self, tree: Tree, tmp_path: Path) -> None:
        source = tree(self.FILES)
        for folder in tmp_path.iterdir():
            shutil.rmtree(folder)
        assert result(source) == (2, 3)

    def test_strange_names_are_spelt_out(self, tmp_path: Path) -> None:
        path = tmp_path / "a\n\udc80.py"
        path.write_text("import b")
        (tmp_path / "b.py").write_text("x = 1")
        source = read(path)
        assert shown(source) == ["a \\udc80.py", "b.py"]
        source.path.encode()
        source.modules[0].key.encode()


class TestSkip:
    TEXT = """
    import json
    class Relu:
        x = 1
    def f():
        return 1
    class Helper:
        pass
    """

    @pytest.fixture
    def source(self, tree: Tree) -> Source:
        return tree({"a.py": self.TEXT})

    def test_progress_comes_before_each_statement(self, source: Source) -> None:
        seen: list[tuple[str, int]] = []
        load(source, progress=lambda label, line: seen.append((label, line)))
        assert seen == [("<a.py>", 1), ("<a.py>", 2), ("<a.py>", 4), ("<a.py>", 6)]

    def test_what_is_skipped_is_broken_for_that_reason(self, source: Source) -> None:
        loaded: Loaded = load(source, skip={("<a.py>", 2): SkipReason("did not end within 10 s")})
        assert [d.name for d in loaded.definitions] == ["f", "Helper"]
        (broken,) = loaded.broken
        assert (broken.name, broken.node.lineno, broken.like_a_layer) == ("Relu", 2, True)
        assert broken.why == "it did not end within 10 s"
        assert broken.raised.sentence == "its definition did not end within 10 s"
        assert broken.raised.where is not None
        assert broken.raised.where.line == 2
        assert loaded.notes == []

    def test_a_reason_that_is_no_fault_of_the_statement(self, source: Source) -> None:
        reason = SkipReason("trigrad itself failed", own_fault=False)
        (broken,) = load(source, skip={("<a.py>", 2): reason}).broken
        assert broken.why == "trigrad itself failed"
        assert not broken.raised.ended

    def test_what_is_no_layer_is_said(self, source: Source) -> None:
        crashed = SkipReason("crashed")
        loaded = load(source, skip={("<a.py>", 6): crashed, ("<a.py>", 1): crashed})
        assert [b.name for b in loaded.broken if b.like_a_layer] == []
        assert loaded.notes == [
            "a.py, line 1: skipped, it crashed",
            "a.py, line 6: skipped, it crashed",
        ]
