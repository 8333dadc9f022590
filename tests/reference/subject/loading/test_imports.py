"""A learner's imports: their own files, libraries, and what is not here."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigrad import impl
from trigrad.subject.loading.loader import Loaded

Load = Callable[..., Loaded]


def value(loaded: Loaded, name: str) -> Any:
    """What is defined under a name."""
    return next(d.value for d in loaded.definitions if d.name == name)


def test_the_file_beside(load_files: Load) -> None:
    loaded = load_files({"a.py": "import b\ndef f(): return b.x", "b.py": "x = 1"})
    assert value(loaded, "f")() == 1
    assert loaded.notes == []


def test_names_from_the_file_beside(load_files: Load) -> None:
    loaded = load_files(
        {"a.py": "from b import x, y as z\ndef f(): return x, z", "b.py": "x = 1\ny = 2"}
    )
    assert value(loaded, "f")() == (1, 2)


def test_what_is_imported_is_no_definition_of_the_file_s_own(load_files: Load) -> None:
    loaded = load_files(
        {"a.py": "from b import Relu\ndef f(): return Relu", "b.py": "class Relu: pass"}
    )
    assert [d.name for d in loaded.definitions] == ["f"]


def test_all_of_the_file_beside(load_files: Load) -> None:
    loaded = load_files(
        {"a.py": "from b import *\ndef f(): return x\ndef g(): return _y", "b.py": "x = 1\n_y = 2"}
    )
    assert value(loaded, "f")() == 1
    with pytest.raises(NameError):
        value(loaded, "g")()


def test_all_that_a_file_lists(load_files: Load) -> None:
    loaded = load_files(
        {
            "a.py": "from b import *\ndef f(): return _y\ndef g(): return x",
            "b.py": "__all__ = ['_y']\nx = 1\n_y = 2",
        }
    )
    assert value(loaded, "f")() == 2
    with pytest.raises(NameError):
        value(loaded, "g")()


def test_a_name_that_the_file_beside_lacks_costs_the_others_nothing(load_files: Load) -> None:
    loaded = load_files(
        {"a.py": "from b import nothing, y, z as w\ndef f(): return y, w", "b.py": "y = 2\nz = 3"}
    )
    assert value(loaded, "f")() == (2, 3)
    assert loaded.notes == ["a.py, line 1: skipped, it raises ImportError: nothing is not in b"]


INIT = {"common/__init__.py": "", "common/layers.py": "x = 1", "common/functions.py": "y = 2"}


@pytest.mark.parametrize("package", [True, False], ids=["with __init__", "without __init__"])
@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("import common.layers", "common.layers.x"),
        ("import common.layers as c", "c.x"),
        ("import common.layers\nimport common.functions", "common.layers.x"),
        ("import common.layers, common.functions", "common.layers.x + common.functions.y - 2"),
        ("from common import layers", "layers.x"),
        ("from common import layers as ly, functions", "ly.x + functions.y - 2"),
        ("from common.layers import x", "x"),
        ("from common.layers import *", "x"),
        ("from common.functions import y\nimport common.layers", "common.layers.x + y - 2"),
        ("from common.functions import y\nfrom common import layers", "layers.x + y - 2"),
    ],
)
def test_a_package(load_files: Load, imports: str, expression: str, package: bool) -> None:
    files = {name: text for name, text in INIT.items() if package or "__init__" not in name}
    loaded = load_files({"a.py": f"{imports}\ndef f(): return {expression}", **files})
    assert loaded.notes == []
    assert value(loaded, "f")() == 1


def test_what_a_package_itself_defines(load_files: Load) -> None:
    loaded = load_files(
        {
            "a.py": "import common.nn.layers\nfrom common import nn\n"
            "def f(): return common.z, common.nn.y, nn.y, common.nn.layers.x",
            "common/__init__.py": "z = 3",
            "common/nn/__init__.py": "y = 2",
            "common/nn/layers.py": "x = 1",
        }
    )
    assert value(loaded, "f")() == (3, 2, 2, 1)


@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("from .functions import y", "y"),
        ("from . import functions", "functions.y"),
        ("from .functions import *", "y"),
        ("from .deep.er import y", "y"),
        ("from ..base import y", "y"),
        ("from .. import base", "base.y"),
    ],
)
@pytest.mark.parametrize("package", [True, False], ids=["with __init__", "without __init__"])
def test_a_relative_import(load_files: Load, imports: str, expression: str, package: bool) -> None:
    files = {
        "base.py": "y = 2",
        "net/functions.py": "y = 2",
        "net/deep/er.py": "y = 2",
        "net/layers.py": f"{imports}\ndef f(): return {expression}",
    }
    inits = {"__init__.py": "", "net/__init__.py": "", "net/deep/__init__.py": ""}
    loaded = load_files({**files, **(inits if package else {})}, ".")
    assert loaded.notes == []
    assert value(loaded, "f")() == 2


def test_a_folder_that_is_a_package_knows_its_own_name(load_files: Load) -> None:
    loaded = load_files(
        {
            "mylib/__init__.py": "",
            "mylib/layers.py": "from mylib.functions import y\ndef f(): return y",
            "mylib/functions.py": "y = 2",
        },
        "mylib",
    )
    assert value(loaded, "f")() == 2


def test_from_a_subfolder_to_the_root(load_files: Load) -> None:
    """The book's scripts do this by way of sys.path.append(os.pardir)."""
    loaded = load_files(
        {
            "ch05/net.py": "import sys, os\nsys.path.append(os.pardir)\n"
            "from common.layers import x\ndef f(): return x",
            "common/layers.py": "x = 1",
        },
        ".",
    )
    assert value(loaded, "f")() == 1


def test_neighbours_that_import_each_other(load_files: Load) -> None:
    loaded = load_files(
        {
            "a.py": "import b\ndef f(): return b.g() + 1",
            "b.py": "import a\ndef g(): return 1\ndef h(): return a.f()",
        },
        ".",
    )
    assert value(loaded, "h")() == 2


def test_a_notebook_beside_a_module(load_files: Load, notebook: Callable[..., Path]) -> None:
    path = notebook("from layers import x", "def f(): return x")
    assert path.name == "notes.ipynb"
    loaded = load_files({"layers.py": "x = 1"}, "notes.ipynb")
    assert value(loaded, "f")() == 1


def test_an_import_inside_a_function(load_files: Load) -> None:
    loaded = load_files({"a.py": "def f():\n    from b import x\n    return x", "b.py": "x = 1"})
    assert value(loaded, "f")() == 1


class TestTry:
    @pytest.mark.parametrize("error", ["ImportError", "ModuleNotFoundError", "Exception"])
    def test_the_fallback_is_taken(self, load_files: Load, error: str) -> None:
        loaded = load_files(
            {
                "a.py": f"try:\n    import cupy as xp\nexcept {error}:\n    import numpy as xp\n"
                "def f(): return xp.__name__"
            }
        )
        assert loaded.notes == []
        assert value(loaded, "f")() == "numpy"

    def test_the_first_choice_is_kept_where_it_is_here(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "try:\n    from b import x\nexcept ImportError:\n    x = 2\n"
                "def f(): return x",
                "b.py": "x = 1",
            }
        )
        assert value(loaded, "f")() == 1

    def test_afterwards_a_missing_module_is_stood_in_for_again(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "try:\n    import cupy\nexcept ImportError:\n    pass\n"
                "from common.functions import sigmoid\ndef f(): return sigmoid"
            }
        )
        assert value(loaded, "f")() is impl.sigmoid

    def test_a_function_that_is_called_later_is_not_in_a_try(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "def f(x):\n    import matplotlib.pyplot as plt\n    return x\n"
                "try:\n    import cupy\nexcept ImportError:\n    cupy = None"
            }
        )
        assert value(loaded, "f")(3) == 3


class TestWhatIsMissing:
    def test_it_is_said_once_each(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "import matplotlib.pyplot as plt\nfrom common.functions import softmax\n"
                "from common.functions import sigmoid\nfrom dataset.mnist import load_mnist\n"
                "def f(): return 1"
            }
        )
        assert loaded.notes == ["not found: matplotlib.pyplot, common.functions, dataset.mnist"]

    @pytest.mark.parametrize(
        "imports",
        [
            "from common.functions import *",
            "from common.functions import softmax, sigmoid",
            "import numpy as np",
            "",
        ],
    )
    def test_the_chapter_s_helpers_are_supplied(self, load_files: Load, imports: str) -> None:
        loaded = load_files({"a.py": f"{imports}\ndef f(): return softmax, sigmoid"})
        assert value(loaded, "f")() == (impl.softmax, impl.sigmoid)

    def test_under_another_name(self, load_files: Load) -> None:
        loaded = load_files(
            {"a.py": "from common.functions import softmax as sm\ndef f(): return sm"}
        )
        assert value(loaded, "f")() is impl.softmax

    def test_by_way_of_the_module(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "import common.functions as F\ndef f(): return F.softmax"})
        assert value(loaded, "f")() is impl.softmax

    def test_by_way_of_two_modules_of_a_package(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "import common.functions\nimport common.gradient\n"
                "def f(): return common.functions.softmax, common.gradient.numerical_gradient"
            }
        )
        assert value(loaded, "f")() == (impl.softmax, impl.numerical_gradient)

    @pytest.mark.parametrize(
        "text",
        [
            "def softmax(x): return 'own'\nfrom common.functions import softmax\n",
            "from common.functions import softmax\ndef softmax(x): return 'own'\n",
            "def softmax(x): return 'own'\nfrom common.functions import *\n",
            "from own import softmax\nfrom common.functions import softmax\n",
            "from own import *\nfrom common.functions import *\n",
        ],
    )
    def test_a_definition_of_their_own_is_never_replaced(self, load_files: Load, text: str) -> None:
        loaded = load_files(
            {"a.py": f"{text}def f(): return softmax(1)", "own.py": "def softmax(x): return 'own'"}
        )
        assert value(loaded, "f")() == "own"

    def test_using_anything_else_says_what_is_missing(self, load_files: Load) -> None:
        loaded = load_files(
            {"a.py": "from dataset.mnist import load_mnist\ndef f(): return load_mnist(flat=True)"}
        )
        with pytest.raises(
            ImportError, match=r"^load_mnist comes from dataset\.mnist, which is not here$"
        ):
            value(loaded, "f")()

    def test_so_does_an_attribute_of_it(self, load_files: Load) -> None:
        loaded = load_files({"a.py": "import keras\ndef f(): return keras.layers.Dense(3)"})
        with pytest.raises(ImportError, match=r"^layers\.Dense comes from keras, which is not"):
            value(loaded, "f")()

    def test_a_base_class_that_is_missing_costs_nothing(self, load_files: Load) -> None:
        loaded = load_files(
            {
                "a.py": "from dezero import Layer\nclass Relu(Layer):\n"
                "    def forward(self, x): return x"
            }
        )
        assert value(loaded, "Relu")().forward(3) == 3

    @pytest.mark.parametrize("missing", ["scipy_of_another_name", "winreg", "msvcrt"])
    def test_a_library_that_is_not_installed(
        self, load_files: Load, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        """SciPy is imported for real where it is installed, winreg on Windows; else not here."""
        from trigrad.subject.source import libraries

        monkeypatch.setattr(
            libraries, "REAL_PACKAGES", {*libraries.REAL_PACKAGES, "scipy_of_another_name"}
        )
        if missing in ("winreg", "msvcrt") and sys.platform == "win32":
            pytest.skip("Windows has it")
        loaded = load_files({"a.py": f"from {missing} import expit\ndef f(): return expit(3)"})
        assert loaded.notes == [f"not found: {missing}"]
        with pytest.raises(ImportError, match=f"^expit comes from {missing}, which is not here$"):
            value(loaded, "f")()

    def test_matplotlib_is_never_really_imported(
        self, load_files: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site = tmp_path / "site"
        (site / "matplotlib").mkdir(parents=True)
        (site / "matplotlib" / "__init__.py").write_text("raise SystemExit('imported')")
        (site / "matplotlib" / "pyplot.py").write_text("raise SystemExit('imported')")
        monkeypatch.syspath_prepend(site)
        # Tests of trigrad's own pictures may have imported the real one before.
        for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
            monkeypatch.delitem(sys.modules, name)
        loaded = load_files(
            {
                "course/a.py": "import matplotlib\nimport matplotlib.pyplot as plt\n"
                "from matplotlib import cm\nimport pandas as pd\ndef f(): return 1"
            },
            "course/a.py",
        )
        assert value(loaded, "f")() == 1
        assert loaded.notes == ["not found: matplotlib, matplotlib.pyplot, pandas"]
        assert "matplotlib" not in sys.modules


class TestShadows:
    """What lies beside a learner's file takes the place of nothing of ours or the libraries'."""

    FILES = (
        *("random", "numpy", "torch", "json", "typing", "dataclasses", "nbformat", "jinja2"),
        *("reference/__init__", "impl/__init__", "tests/__init__", "hypothesis", "conftest"),
    )

    def test_files_that_would_break_everything(self, load_files: Load) -> None:
        theirs = {f"{name}.py": "raise SystemExit('shadow')\nshadow = 1" for name in self.FILES}
        loaded = load_files(
            {
                "a.py": """
                import json, random, typing
                import numpy as np
                from dataclasses import dataclass
                @dataclass
                class Relu:
                    size: int = 3
                    def forward(self, x):
                        return np.maximum(x, random.random() * 0)
                """,
                **theirs,
            }
        )
        out = value(loaded, "Relu")().forward(np.array([-1.0, 2.0]))
        assert out.tolist() == [0.0, 2.0]
        assert value(loaded, "Relu").forward.__globals__["random"] is random
        for name in ("random", "numpy", "torch", "json", "impl", "reference", "hypothesis"):
            assert not hasattr(sys.modules.get(name), "shadow")

    def test_their_own_impl_and_tests_are_found_by_their_own_imports(
        self, load_files: Load
    ) -> None:
        loaded = load_files(
            {
                "a.py": "from impl.layers import Relu\nimport impl\nfrom tests.helpers import y\n"
                "def f(): return Relu.whose, impl.whose, y",
                "impl/__init__.py": "whose = 'theirs'",
                "impl/layers.py": "class Relu:\n    whose = 'theirs'",
                "tests/helpers.py": "y = 'theirs'",
            }
        )
        assert value(loaded, "f")() == ("theirs", "theirs", "theirs")
        assert not hasattr(impl, "whose")
        assert sys.modules["trigrad.impl"] is impl
        assert "impl" not in sys.modules

    def test_a_folder_named_as_one_of_the_standard_library(self, load_files: Load) -> None:
        """Python has a module `code`, but no `code.layers`: the learner's folder is meant."""
        loaded = load_files(
            {
                "a.py": "from code.layers import x\ndef f(): return x",
                "code/__init__.py": "",
                "code/layers.py": "x = 1",
            }
        )
        assert value(loaded, "f")() == 1
