"""Learners' code is defined, not run; what fails, and what comes twice, costs nothing else."""

from __future__ import annotations

import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigrad.subject.loading.loader import Loaded, load, silent
from trigrad.subject.source.sources import UnreadableError, read

Load = Callable[..., Loaded]
Notebook = Callable[..., Path]
Write = Callable[[str, str], Path]

RELU = """
class Relu:
    def forward(self, x):
        return np.maximum(x, 0)
    def backward(self, dout):
        return dout
"""


def value(loaded: Loaded, name: str) -> Any:
    """What is defined under a name."""
    return next(d.value for d in loaded.definitions if d.name == name)


def names(loaded: Loaded) -> list[str]:
    """Everything that is defined, in order."""
    return [d.name for d in loaded.definitions]


@pytest.fixture
def listening() -> Iterator[None]:
    """As at a keyboard: a shell that starts a job in the background has it ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def _interpreter_as_it_was(tmp_path: Path) -> Iterator[None]:
    """Whatever a test loads, modules and paths, streams and warnings are afterwards the same."""
    path, streams, filters = list(sys.path), (sys.stdout, sys.stderr), list(warnings.filters)
    yield
    files = {name: str(getattr(module, "__file__", "")) for name, module in sys.modules.items()}
    left = [n for n, f in files.items() if "trigrad_subject" in n or f.startswith(str(tmp_path))]
    assert left == []
    assert sys.path == path
    assert (sys.stdout, sys.stderr) == streams
    assert list(warnings.filters) == filters


class TestNothingIsRun:
    """Each statement would leave a canary file behind, or never end."""

    CANARIES = (
        "open('canary', 'w').close()",
        "with open('canary', 'w') as f:\n    f.write('x')",
        "np.save('canary', 1)",
        "for i in range(3):\n    open('canary', 'w').close()",
        "while True:\n    open('canary', 'w').close()",
        "if True:\n    open('canary', 'w').close()",
        "if __name__ == '__main__':\n    open('canary', 'w').close()",
        "net = open('canary', 'w')",
        "losses = [open('canary', 'w') for _ in range(2)]",
        "x: object = open('canary', 'w')",
        "assert open('canary', 'w')",
        "try:\n    open('canary', 'w')\nexcept OSError:\n    pass",
        "import sys\nsys.exit(open('canary', 'w').close())",
        "import os\nos.environ['CANARY'] = str(open('canary', 'w'))",
        "from urllib.request import urlretrieve\nurlretrieve('file:///etc/hostname', 'canary')",
        "import matplotlib.pyplot as plt\nplt.savefig('canary')",
        "print(open('canary', 'w'))",
        "raise SystemExit(open('canary', 'w'))",
    )

    @pytest.mark.parametrize("text", CANARIES)
    def test_at_the_top_of_a_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
    ) -> None:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        path = tmp_path / "train.py"
        path.write_text(f"import numpy as np\n{text}\n{RELU}")
        loaded = load(read(path))
        assert names(loaded) == ["Relu"]
        assert loaded.notes == [] or loaded.notes == ["not found: matplotlib.pyplot"]
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_in_a_notebook_s_cells(
        self, notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        path = notebook(
            "import numpy as np\n%matplotlib inline",
            "!touch canary",
            "%%time\nopen('canary', 'w')",
            RELU,
            "while True:\n    pass",
            "import sys\nsys.exit()",
        )
        assert names(load(read(path))) == ["Relu"]
        assert not (tmp_path / "canary").exists()

    def test_in_a_neighbour_that_is_imported(
        self, load_files: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        loaded = load_files(
            {
                "net.py": "from train import Relu\nclass Net(Relu): pass",
                "train.py": f"import numpy as np\n{RELU}\nopen('canary', 'w')\nwhile True: pass",
            }
        )
        assert names(loaded) == ["Net"]
        assert not (tmp_path / "canary").exists()

    def test_what_is_printed_on_the_way_stays_inside(
        self, load_files: Load, capfd: pytest.CaptureFixture[str]
    ) -> None:
        loaded = load_files(
            {
                "a.py": """
                import sys
                class Loud:
                    print("defined")
                    print("defined", file=sys.stderr)
                try:
                    import nothing_of_the_sort
                except ImportError:
                    print("please install it")
                """
            }
        )
        assert names(loaded) == ["Loud"]
        assert capfd.readouterr() == ("", "")

    def test_warnings_on_the_way_stay_inside(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": r"""
                import warnings
                PATTERN = "\d"
                class Old:
                    warnings.warn("old")
                def f(x):
                    return x is 3
                """
            }
        )
        assert names(loaded) == ["Old", "f"]
        assert loaded.notes == []


class TestWhatFails:
    def test_a_statement_that_raises_leaves_the_others(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": """
                def before(): return 1
                class Broken(Undefined[3]):
                    pass
                class Worse:
                    x = 1 / 0
                class Leaves:
                    raise SystemExit(3)
                def after(): return 2
                """
            }
        )
        assert names(loaded) == ["before", "after"]
        assert loaded.notes == [
            "a.py, line 2: skipped, it raises NameError: undefined name Undefined",
            "a.py, line 4: skipped, it raises ZeroDivisionError: division by zero",
            "a.py, line 6: skipped, it raises SystemExit: 3",
        ]

    def test_a_constant_that_a_skipped_statement_computes_is_not_worth_a_note(
        self, load_files: Load
    ) -> None:
        loaded = load_files({"a.py": "n = load()\nhalf = n / 2\nm: int = n\ndef f(): return 1"})
        assert names(loaded) == ["f"]
        assert loaded.notes == []

    @pytest.mark.usefixtures("listening")
    def test_an_interrupt_is_the_user_s(self, load_files: Load) -> None:
        with pytest.raises(KeyboardInterrupt):
            load_files({"a.py": "class Stop:\n    raise KeyboardInterrupt"})

    def test_a_syntax_error_in_one_cell_leaves_the_others(self, notebook: Notebook) -> None:
        path = notebook("def f(): return 1", "def g(:", "def h(): return 3")
        loaded = load(read(path))
        assert names(loaded) == ["f", "h"]
        assert loaded.notes == [
            "syntax error in notes.ipynb, cell 2, line 1: invalid syntax; skipped"
        ]

    def test_a_syntax_error_in_one_file_leaves_the_others(self, load_files: Load) -> None:
        loaded = load_files({"good.py": "def f(): return 1", "bad.py": "\ndef g(:"}, ".")
        assert names(loaded) == ["f"]
        assert loaded.notes == ["syntax error in bad.py, line 1: invalid syntax; skipped"]

    def test_nothing_but_syntax_errors_cannot_be_judged(self, load_files: Load) -> None:
        with pytest.raises(UnreadableError) as caught:
            load_files({"a.py": "x = 1\ndef f(:\n    pass\n"})
        assert str(caught.value) == ("syntax error in a.py, line 2: invalid syntax")

    def test_python_2_is_a_syntax_error(self, load_files: Load) -> None:
        with pytest.raises(UnreadableError, match="line 1: Missing parentheses in call to 'print'"):
            load_files({"a.py": "print 'loss'"})

    def test_a_null_character(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(b"x = 1\0\n")
        with pytest.raises(UnreadableError, match="null bytes"):
            load(read(path))

    def test_brackets_without_end(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text("(" * 5000 + ")" * 5000)
        with pytest.raises(UnreadableError, match="too many nested parentheses"):
            load(read(path))


class TestWhichDefinition:
    def test_source_order_and_places(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "\ndef f(): return 1\n\nclass A: pass\nsq = lambda x: x * x"})
        assert names(loaded) == ["f", "A", "sq"]
        assert [d.node.lineno if d.node else None for d in loaded.definitions] == [2 - 1, 3, None]
        assert value(loaded, "sq")(3) == 9

    def test_the_last_definition_counts_at_its_own_place(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "def f(): return 1\ndef g(): return 2\ndef f(): return 3"})
        assert names(loaded) == ["g", "f"]
        assert value(loaded, "f")() == 3
        assert loaded.definitions[1].earlier == ("line 1",)

    def test_the_last_complete_class_counts(self, notebook: Notebook) -> None:
        short = "class Relu:\n    def forward(self, x): return 'short'"
        loaded = load(read(notebook("import numpy as np", RELU, short)))
        (relu,) = loaded.definitions
        assert relu.chunk is not None
        assert relu.chunk.cell == 2
        assert relu.earlier == ("cell 3, line 1",)
        assert relu.value().forward(np.array([-1.0, 2.0])).tolist() == [0.0, 2.0]

    def test_an_extension_of_the_same_name(self, notebook: Notebook) -> None:
        first = """
        class Affine:
            def forward(self, x): return x
            def backward(self, dout): return 'first'
        """
        second = """
        class Affine(Affine):
            def backward(self, dout): return 'second'
        """
        (affine,) = load(read(notebook(first, second))).definitions
        assert affine.value().forward(3) == 3
        assert affine.value().backward(3) == "second"
        assert affine.earlier == ("cell 1, line 1",)

    def test_cells_share_their_names(self, notebook: Notebook) -> None:
        path = notebook("h = 2", "def f(x): return h * x", "h = 3")
        assert value(load(read(path)), "f")(1) == 3

    def test_files_of_a_folder_do_not(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "h = 2\ndef f(): return h", "b.py": "def g(): return h"}, ".")
        assert value(loaded, "f")() == 2
        with pytest.raises(NameError):
            value(loaded, "g")()

    def test_a_class_that_a_decorator_replaces(self, load_files: Load) -> None:
        loaded = load_files(
            {"a.py": "def keep(c):\n    c.seen = 1\n    return c\n@keep\nclass A: pass"}
        )
        assert value(loaded, "A").seen == 1

    def test_every_chunk_can_be_found_by_its_label(self, write: Write) -> None:
        """A page has several fences; a traceback names only the file and the line."""
        page = "```python\ndef f():\n    return 1\n```\n\n```python\ndef g():\n    return 2\n```\n"
        loaded = load(read(write("memo.md", page)))
        for definition, line in zip(loaded.definitions, ["return 1", "return 2"], strict=True):
            code = definition.value.__code__
            text = loaded.chunks[code.co_filename].text.splitlines()
            assert text[code.co_firstlineno].strip() == line


class TestModulesOfOurOwn:
    def test_a_module_of_the_subject_is_not_left_behind(self, load_files: Load) -> None:
        """The autouse fixture looks at sys.modules; here is something to leave behind."""
        load_files(
            {
                "a.py": "import b\nfrom c.d import e\ndef f(): return b.x + e",
                "b.py": "x = 1",
                "c/__init__.py": "",
                "c/d.py": "e = 2",
            }
        )

    @pytest.mark.usefixtures("listening")
    def test_nor_after_an_error(self, load_files: Load) -> None:
        with pytest.raises(KeyboardInterrupt):
            load_files({"a.py": "import b", "b.py": "class Stop:\n    raise KeyboardInterrupt"})

    def test_dataclasses_with_postponed_annotations(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": """
                from __future__ import annotations
                from dataclasses import dataclass, field
                from typing import ClassVar
                import numpy as np

                @dataclass
                class Affine:
                    W: np.ndarray
                    b: Unknown
                    count: ClassVar[int] = 3
                    dW: np.ndarray | None = field(default=None, repr=False)
                """
            }
        )
        affine = value(loaded, "Affine")(1, b=2)
        assert (affine.W, affine.b, affine.count, affine.dW) == (1, 2, 3, None)
        assert repr(affine) == "Affine(W=1, b=2)"

    def test_an_annotation_that_names_nothing_costs_nothing(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "def f(x: NDArray[float]) -> Tensor:\n    return x"})
        assert value(loaded, "f")(3) == 3

    def test_a_file_may_read_its_own_path(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "HERE = __file__\ndef f(): return HERE"})
        assert Path(value(loaded, "f")()).name == "a.py"

    def test_two_loads_share_nothing(self, write: Write) -> None:
        path = write("a.py", "KEPT = []\ndef f():\n    KEPT.append(1)\n    return len(KEPT)")
        one, two = load(read(path)), load(read(path))
        assert [value(one, "f")(), value(one, "f")(), value(two, "f")()] == [1, 2, 1]


def test_silence_ends_with_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    def loud() -> None:
        with silent():
            print("nothing")
            raise ValueError("loud")

    with pytest.raises(ValueError, match="loud"):
        loud()
    print("after")
    assert capsys.readouterr().out == "after\n"
