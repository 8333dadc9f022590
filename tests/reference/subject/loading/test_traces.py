"""An error → the learner's own line, and what their variables show there."""

# Layers take what the chapter's take, needed or not.
# ruff: noqa: ARG002

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from trigrad.opening import open_subject
from trigrad.subject.face import Backward, Build, Forward, Raised, Where

Write = Callable[[str, str], Path]
Notebook = Callable[..., Path]

X = np.array([[1.0, 2.0], [3.0, 4.0]])
OPERANDS = {"MulLayer": {"x": X, "y": X}, "AddLayer": {"x": X, "y": X}}
AFFINE = {"W": X, "b": X[0]}


def raised(path: Path, layer: str = "Relu") -> Raised:
    """What the first of build, forward and backward that raises does raise."""
    (candidate,) = (c for c in open_subject(path).candidates if c.contract.name == layer)
    build = Build(AFFINE if layer == "Affine" else {})
    operands = OPERANDS.get(layer, {"x": X})
    results = candidate.face.run([build, Forward(operands), Backward(X)])
    return next(r for r in results if isinstance(r, Raised))


def method(body: str) -> str:
    """A Relu whose forward has this body, from line 3 on; one line of it a line."""
    lines = "".join(f"        {line}\n" for line in body.split("\n"))
    rest = "    def backward(self, dout):\n        return dout\n"
    return f"class Relu:\n    def forward(self, x):\n{lines}{rest}"


class TestPlaces:
    def test_the_line_in_a_file(self, write: Write) -> None:
        path = write("a.py", method("out = x\nout = out + 1 / 0  # oh\nreturn out"))
        assert raised(path).where == Where("a.py", None, 4, "out = out + 1 / 0  # oh")

    def test_the_line_in_a_cell(self, notebook: Notebook) -> None:
        path = notebook("x = 1", method("return 1 / 0"))
        assert raised(path).where == Where("notes.ipynb", 2, 3, "return 1 / 0")

    def test_the_line_below_a_magic(self, notebook: Notebook) -> None:
        path = notebook("%%time\n" + method("return 1 / 0"))
        assert raised(path).where == Where("notes.ipynb", 1, 4, "return 1 / 0")

    def test_the_line_in_a_page(self, write: Write) -> None:
        page = f"# Relu\n\n```python\n{method('return 1 / 0')}```\n\n```python\ny = 1\n```\n"
        assert raised(write("memo.md", page)).where == Where("memo.md", None, 6, "return 1 / 0")

    def test_the_deepest_line_of_their_own(self, write: Write) -> None:
        path = write("a.py", "def half(x):\n    return x / None\n" + method("return half(x)"))
        assert raised(path).where == Where("a.py", None, 2, "return x / None")

    def test_the_last_line_of_their_own_before_numpy_s(self, write: Write) -> None:
        path = write(
            "a.py", "import numpy as np\n" + method("return np.concatenate(x, 3, 4, 5, 6)")
        )
        where = raised(path).where
        assert where is not None
        assert where.line == 4
        path = write(
            "b.py", "import numpy as np\n" + method("return np.testing.assert_equal(x, 0)")
        )
        assert raised(path).where == Where("b.py", None, 4, "return np.testing.assert_equal(x, 0)")

    def test_the_line_in_a_neighbour(self, write: Write) -> None:
        write("common/functions.py", "\ndef half(x):\n    return x / None\n")
        path = write("a.py", "from common.functions import half\n" + method("return half(x)"))
        where = raised(path).where
        assert where is not None
        assert (Path(where.file), where.line) == (Path("common/functions.py"), 2)
        assert where.text == "return x / None"

    def test_an_error_outside_of_their_text_has_no_line(self, write: Write) -> None:
        text = method("return x").split("    def backward")[0]
        path = write("a.py", f"{text}    backward = staticmethod(ord)\n")
        result = raised(path)
        assert result.error == "TypeError"
        assert result.where is None

    def test_a_line_after_a_form_feed(self, tmp_path: Path) -> None:
        """Python doesn't count it as the end of a line."""
        path = tmp_path / "a.py"
        path.write_text(f"x = 1\n\x0c\n{method('return 1 / 0')}")
        assert raised(path).where == Where("a.py", None, 5, "return 1 / 0")

    def test_a_class_that_is_given_itself(self) -> None:
        class Relu:
            def forward(self, x: np.ndarray) -> None:
                raise ValueError("here")

            def backward(self, dout: np.ndarray) -> np.ndarray:
                return dout

        (candidate,) = open_subject(Relu).candidates
        result = candidate.face.run([Build(), Forward({"x": X})])[1]
        assert isinstance(result, Raised)
        assert result.where is not None
        assert result.where.file == "test_traces.py"
        assert result.where.text == 'raise ValueError("here")'


class TestHints:
    def hints(self, write: Write, body: str, start: str = "") -> tuple[str, ...]:
        return raised(write("a.py", start + method(body))).hints

    def message(self, write: Write, body: str) -> str:
        return raised(write("a.py", method(body))).message

    def test_an_attribute_without_self(self, write: Write) -> None:
        assert self.message(write, "self.y = 2\nreturn y * x") == (
            "undefined name y; did you mean self.y?"
        )

    def test_a_name_that_is_nearly_right(self, write: Write) -> None:
        assert self.message(write, "mask = x > 0\nreturn maks * x") == (
            "undefined name maks; did you mean mask?"
        )

    def test_an_attribute_that_is_nearly_right(self, write: Write) -> None:
        assert self.message(write, "self.mask = x > 0\nreturn maks * x") == (
            "undefined name maks; did you mean self.mask?"
        )

    def test_a_local_that_has_no_value_yet_is_no_undefined_name(self, write: Write) -> None:
        words = self.message(write, "if x is None:\n    out = x\nreturn out")
        assert words.startswith("cannot access local variable 'out'")

    def test_a_neighbour_is_called_by_its_own_name(self, write: Write) -> None:
        write("tools.py", "x = 1")
        path = write("a.py", "import tools\n" + method("return tools.half(x)"))
        assert raised(path).message == "module 'tools' has no attribute 'half'"

    def test_an_error_that_cannot_be_shown(self, write: Write) -> None:
        path = write(
            "a.py",
            "class Odd(Exception):\n    def __str__(self): return 1 / 0\n" + method("raise Odd()"),
        )
        assert raised(path).error == "Odd"
        assert raised(path).message == "(and its __str__ raises ZeroDivisionError)"

    def test_a_name_that_is_nothing_like_it(self, write: Write) -> None:
        assert self.message(write, "return zebra * x") == "undefined name zebra"

    def test_an_array_that_became_its_shape(self, write: Write) -> None:
        assert self.hints(write, "x = x.shape\nreturn x.sum()") == (
            "x is a tuple there, (2, 2), since line 3: x = x.shape",
        )

    def test_the_last_of_several_lines_is_to_blame(self, write: Write) -> None:
        assert self.hints(write, "x = x + 1\nx = list(x)\nreturn x.sum()") == (
            "x is a list there, [array([2., 3.]), array([4., 5.])], since line 4: x = list(x)",
        )

    def test_a_value_too_long_to_show_is_named_by_its_kind_alone(self, write: Write) -> None:
        (hint,) = self.hints(write, "x = [x] * 9\nreturn x.sum()")
        assert hint == "x is a list there, since line 3: x = [x] * 9"

    def test_a_line_after_the_error_is_not_to_blame(self, write: Write) -> None:
        assert self.hints(write, "y = x.sum(7)\nx = x.shape\nreturn y") == ()
        assert self.hints(write, "x, n = x.shape, 1\nx.sum()\nx = n") == ()

    def test_an_array_that_stays_one_is_not_to_blame(self, write: Write) -> None:
        assert self.hints(write, "x = x.reshape(-1)\nreturn x @ x.oops") == ()

    def test_a_number_is_not_to_blame(self, write: Write) -> None:
        assert self.hints(write, "x = x.sum()\nx = float(x)\nreturn x.oops") == ()

    def test_an_error_in_a_helper_shows_the_helper_s_variables(self, write: Write) -> None:
        start = "def half(x):\n    x = x.shape\n    return x / 2\n"
        assert self.hints(write, "return half(x)", start) == (
            "x is a tuple there, (2, 2), since line 2: x = x.shape",
        )

    def test_decorated_methods(self, write: Write) -> None:
        text = method("x = x.shape\nreturn x.sum()")
        text = text.replace("    def forward", "    @staticmethod\n    def forward").replace(
            "(self, x)", "(x)"
        )
        assert raised(write("a.py", text)).hints == (
            "x is a tuple there, (2, 2), since line 4: x = x.shape",
        )

    def test_in_the_first_of_two_fences(self, write: Write) -> None:
        body = method("x = x.shape\nreturn x.sum()")
        page = f"```python\n{body}```\n\n```python\ny = 1\n```\n"
        assert raised(write("memo.md", page)).hints == (
            "x is a tuple there, (2, 2), since line 4: x = x.shape",
        )


class TestAbsent:
    def absent(self, write: Write, start: str, body: str) -> str | None:
        return raised(write("a.py", start + "\n" + method(body))).absent

    def test_a_name_from_a_missing_module(self, write: Write) -> None:
        start = "from dataset.mnist import load_mnist"
        assert self.absent(write, start, "return load_mnist()") == "dataset.mnist"

    def test_a_layer_that_a_star_import_would_have_brought(self, write: Write) -> None:
        start = "from common.layers import *\nfrom common.util import *"
        assert self.absent(write, start, "return Affine(x)") == "common.layers, common.util"

    def test_a_helper_of_the_book_s(self, write: Write) -> None:
        start = "from common.util import *"
        assert self.absent(write, start, "return smooth_curve(x)") == "common.util"

    def test_any_other_name_is_the_learner_s_mistake(self, write: Write) -> None:
        assert self.absent(write, "from common.util import *", "return maks * x") is None

    def test_without_a_star_import_a_layer_s_name_is_a_mistake_too(self, write: Write) -> None:
        assert self.absent(write, "from common.util import x", "return Affine(x)") is None

    def test_another_error_has_nothing_to_do_with_it(self, write: Write) -> None:
        assert self.absent(write, "from common.util import *", "return 1 / 0") is None

    @pytest.mark.parametrize("imports", ["import keras", "import keras.layers"])
    def test_a_module_that_is_used(self, write: Write, imports: str) -> None:
        absent = self.absent(write, imports, "return keras.layers.ReLU()(x)")
        assert absent is not None
        assert absent.startswith("keras")
