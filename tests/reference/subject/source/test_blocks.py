"""Definitions in `if`, `with` and `try` at the top of a file are found; elsewhere they are said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from trigrad.subject.loading.loader import Loaded

Load = Callable[..., Loaded]

RELU = "class Relu:\n    def forward(self, x): return x\n    def backward(self, dout): return dout"
INDENTED = RELU.replace("\n", "\n    ")


def value(loaded: Loaded, name: str) -> Any:
    """What is defined under a name."""
    return next(d.value for d in loaded.definitions if d.name == name)


def names(loaded: Loaded) -> list[str]:
    """Everything that is defined, in order."""
    return [d.name for d in loaded.definitions]


class TestFound:
    @pytest.mark.parametrize(
        "text",
        [
            f"if True:\n    {INDENTED}",
            f"if 1 < 2:\n    {INDENTED}",
            f"DEBUG = False\nif not DEBUG:\n    {INDENTED}",
            f"import sys\nif sys.version_info >= (3,):\n    {INDENTED}",
            f"import sys\nif sys.version_info < (3,):\n    pass\nelse:\n    {INDENTED}",
            f"if unknown():\n    {INDENTED}",
            f"if unknown():\n    pass\nelse:\n    {INDENTED}",
            f"with open('nothing') as f:\n    {INDENTED}",
            f"with session(), graph() as g:\n    {INDENTED}",
            f"try:\n    {INDENTED}\nfinally:\n    print('done')",
            f"try:\n    from mylib import Relu\nexcept ImportError:\n    {INDENTED}",
            f"if True:\n    with x:\n        {INDENTED.replace(chr(10), chr(10) + '    ')}",
        ],
    )
    def test_a_class_in_a_block(self, load_files: Load, text: str) -> None:
        loaded = load_files({"a.py": text})
        assert names(loaded) == ["Relu"]
        assert loaded.notes == []
        (relu,) = loaded.definitions
        assert relu.node is not None
        assert text.splitlines()[relu.node.lineno - 1].strip() == "class Relu:"

    def test_the_branch_that_python_would_take(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": """
                import sys
                if sys.version_info[0] == 2:
                    def f(): return 2
                else:
                    def f(): return 3
                """
            }
        )
        assert value(loaded, "f")() == 3
        assert loaded.definitions[0].earlier == ("line 3",)

    @pytest.mark.parametrize("condition", ["gpu_is_here()", "GPU and torch_cuda()", "unknown.flag"])
    def test_of_an_unknown_condition_the_import_that_is_here(
        self, load_files: Load, condition: str
    ) -> None:
        text = f"if {condition}:\n    import cupy as xp\nelse:\n    import numpy as xp\n"
        loaded = load_files({"a.py": f"{text}def f(): return xp.__name__"})
        assert value(loaded, "f")() == "numpy"
        assert loaded.notes == []

    def test_a_switch_in_a_neighbour(self, load_files: Load) -> None:
        """The book's second volume chooses between CuPy and NumPy so."""
        loaded = load_files(
            {
                "a.py": "from common.np import *\ndef f(): return np.__name__",
                "common/config.py": "GPU = False",
                "common/np.py": "from common.config import GPU\nif GPU:\n    import cupy as np\n"
                "    np.add.at = np.scatter_add\nelse:\n    import numpy as np",
            }
        )
        assert value(loaded, "f")() == "numpy"


class TestTry:
    def test_what_does_something_in_it_is_not_run(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": """
                try:
                    open('canary', 'w')
                    import cupy as xp
                    xp.cuda.Device(0).use()
                except ImportError:
                    install('cupy')
                    import numpy as xp
                def f(): return xp.__name__
                """
            }
        )
        assert value(loaded, "f")() == "numpy"

    def test_the_handler_that_fits(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": """
                try:
                    class A:
                        x = 1 / 0
                except (KeyError, ImportError):
                    KIND = "import"
                except ArithmeticError as error:
                    KIND = "arithmetic"
                else:
                    KIND = "none"
                def f(): return KIND
                """
            }
        )
        assert value(loaded, "f")() == "arithmetic"

    def test_the_rest_of_a_try_is_not_run_after_an_error(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "try:\n    import cupy\n    HERE = True\nexcept ImportError:\n"
                "    HERE = False\ndef f(): return HERE"
            }
        )
        assert value(loaded, "f")() is False

    def test_an_error_that_nothing_catches_is_said(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "try:\n    class A:\n        x = 1 / 0\nexcept KeyError:\n    pass\n"
                "def f(): return 1"
            }
        )
        assert names(loaded) == ["f"]
        assert loaded.notes == [
            "a.py, line 1: skipped, it raises ZeroDivisionError: division by zero"
        ]

    def test_one_in_another(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": """
                try:
                    try:
                        import cupy as xp
                    except ImportError:
                        import numpy as xp
                    WHICH = "inner"
                except Exception:
                    WHICH = "outer"
                def f(): return xp.__name__, WHICH
                """
            }
        )
        assert value(loaded, "f")() == ("numpy", "inner")

    def test_an_error_goes_on_to_the_outer_one(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": """
                try:
                    try:
                        import cupy
                    except KeyError:
                        pass
                    WHICH = "inner"
                except ImportError:
                    WHICH = "outer"
                def f(): return WHICH
                """
            }
        )
        assert value(loaded, "f")() == "outer"

    def test_a_condition_in_a_try(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "try:\n    if False:\n        import cupy as xp\n    else:\n"
                "        import numpy as xp\nexcept ImportError:\n    xp = None\n"
                "def f(): return xp.__name__"
            }
        )
        assert value(loaded, "f")() == "numpy"

    def test_a_handler_that_would_call_something_catches_nothing(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "import sys\ntry:\n    import cupy\nexcept sys.exit():\n    pass\n"
                "def f(): return 1"
            }
        )
        assert names(loaded) == ["f"]
        assert loaded.notes == [
            "a.py, line 2: skipped, it raises ModuleNotFoundError: No module named 'cupy'"
        ]


class TestHidden:
    @pytest.mark.parametrize(
        ("start", "where"),
        [
            ("def main():", "inside the function main"),
            ("async def run():", "inside the function run"),
            ("for i in range(3):", "inside a loop"),
            ("while True:", "inside a loop"),
            ("if __name__ == '__main__':", "below if __name__ == '__main__'"),
            ("if '__main__' == __name__:", "below if __name__ == '__main__'"),
        ],
    )
    def test_a_layer_that_is_not_read_is_said(
        self, load_files: Load, start: str, where: str
    ) -> None:
        loaded = load_files({"a.py": f"{start}\n    {INDENTED}\ndef after(): return 1"})
        assert "Relu" not in names(loaded)
        assert loaded.notes == [f"a.py, line 2: Relu is not read, {where}"]

    @pytest.mark.parametrize("start", ["def main():", "for i in range(3):"])
    def test_any_other_class_is_not_worth_a_word(self, load_files: Load, start: str) -> None:
        loaded = load_files({"a.py": f"{start}\n    class Timer: pass\ndef after(): return 1"})
        assert loaded.notes == []

    def test_nor_one_that_is_defined_at_the_top_too(self, load_files: Load) -> None:
        assert load_files({"a.py": f"{RELU}\ndef test():\n    {INDENTED}"}).notes == []
