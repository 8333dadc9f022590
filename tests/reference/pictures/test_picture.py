"""The pictures of layers that were judged: right ones, wrong ones, and those of the pages."""

from __future__ import annotations

import re
import textwrap
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from trigrad import Report, check
from trigrad.pictures.graph import Form, Graph, graph_of
from trigrad.pictures.layout import Laid, laid_out
from trigrad.verdict.drawing import Drawing

ROOT = Path(__file__).parents[3]
LEARNERS = ROOT / "tests" / "learners"
SVG = "{http://www.w3.org/2000/svg}"


def judged(path: Any, layer: str | None = None, **more: Any) -> Report:
    return check(path, layer=layer, draw=more.pop("draw", True), repair_seconds=0, **more)


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]


def graph(report: Report, *, by_layers: bool = False) -> Graph:
    drawing = report.layers[0].drawing
    assert isinstance(drawing, Drawing), drawing
    return graph_of(drawing, by_layers=by_layers)


def signs(found: Graph) -> list[str]:
    return [n.text for n in found.nodes if n.form in (Form.CIRCLE, Form.BOX)]


def wrong(found: Graph) -> list[str]:
    marked = [arrow for arrow in found.arrows if arrow.wrong]
    return [f"{found.nodes[a.source].text}: {' '.join(a.gradient)}" for a in marked]


class TestWrong:
    def test_the_arrow_of_the_wrong_gradient_is_marked(self) -> None:
        report = judged(LEARNERS / "wrong" / "mul_backward_adds.ipynb", "MulLayer")
        assert wrong(graph(report)) == ["x: 5 ✗ should be 6"]
        svg = report.picture("MulLayer")
        assert svg is not None
        assert svg.count('class="b"') == 1
        assert "The gradient of x is wrong: 5 ✗ should be 6" in svg

    def test_a_gradient_of_another_shape(self) -> None:
        report = judged(LEARNERS / "wrong" / "affine_db_not_summed.py", "Affine")
        assert any(each.startswith("b: shape ") for each in wrong(graph(report)))

    def test_of_a_wrong_forward_the_output_is_marked_and_no_gradient(self) -> None:
        report = judged(LEARNERS / "wrong" / "sigmoid_forward_sign.py", "Sigmoid")
        found = graph(report)
        marked = [arrow for arrow in found.arrows if arrow.wrong]
        assert [found.nodes[arrow.target].form for arrow in marked] == [Form.OUTPUT]
        assert "✗" in " ".join(marked[0].value)
        assert not any("✗" in line for arrow in found.arrows for line in arrow.gradient)


class TestRight:
    @pytest.mark.parametrize("name", ["book_style.py", "einsum_and_matmul.py", "functions_only.py"])
    def test_nothing_is_marked(self, name: str) -> None:
        report = judged(LEARNERS / "right" / name)
        drawings = [each for each in report.layers if isinstance(each.drawing, Drawing)]
        assert len(drawings) >= 2
        for layer in drawings:
            svg = report.picture(layer.name)
            assert svg is not None
            assert "✗" not in svg
            assert 'class="b"' not in svg

    def test_the_signs_are_those_of_the_book(self) -> None:
        report = judged(LEARNERS / "right" / "book_style.py", "Affine")
        found = graph(report)
        assert signs(found) == ["dot", "+"]
        assert {n.text for n in found.nodes if n.form is Form.INPUT} == {"x", "W", "b"}

    def test_of_a_network_each_layer_is_a_node(self) -> None:
        report = judged(LEARNERS / "right" / "book_style.py", "TwoLayerNet")
        found = graph(report, by_layers=True)
        assert signs(found) == ["Affine", "Relu", "Affine", "SoftmaxWithLoss"]
        names = [n.text for n in found.nodes if n.form is Form.INPUT]
        assert names == ["W1", "b1", "W2", "b2"]

    def test_gradients_of_forks_add_up(self, tmp_path: Path) -> None:
        text = """
            import numpy as np

            # trigrad: x: 1
            class Swish:
                def forward(self, x):
                    self.s = 1 / (1 + np.exp(-x))
                    self.x = x
                    return x * self.s

                def backward(self, dout):
                    return dout * (self.s + self.x * self.s * (1 - self.s))
        """
        file = tmp_path / "swish.py"
        file.write_text(textwrap.dedent(text))
        found = graph(judged(file, draw={"x": 0.0}))
        fork = next(i for i, n in enumerate(found.nodes) if n.form is Form.FORK)
        entering = [a.gradient for a in found.arrows if a.target == fork]
        leaving = [a.gradient for a in found.arrows if a.source == fork]
        assert entering == [("0.5",)]
        assert sorted(leaving) == [("0",), ("0.5",)]

    def test_helpers_of_the_chapter_are_followed(self) -> None:
        report = judged(LEARNERS / "wrong" / "softmax_with_loss_divided_twice.py")
        assert "✗ should be" in (report.picture("SoftmaxWithLoss") or "")

    def test_many_operations_are_folded(self, tmp_path: Path) -> None:
        lines = "\n".join(f"    x = x * {n} + 1" for n in range(2, 12))
        file = tmp_path / "long.py"
        file.write_text(
            "# trigrad: x: 1\nclass Long:\n  def forward(self, x):\n"
            + lines
            + "\n    return x\n  def backward(self, dout):\n    return dout * 39916800.0\n"
        )
        found = graph(judged(file))
        assert len(signs(found)) == 10
        assert signs(found)[0] == "x * 2 + 1"

    def test_a_layer_that_is_not_followed_says_why(self, tmp_path: Path) -> None:
        file = tmp_path / "odd.py"
        file.write_text(
            "import numpy as np\nclass AddLayer:\n"
            "    def forward(self, x, y):\n        self.seen = int(np.sum(x))\n"
            "        return x + y\n"
            "    def backward(self, dout):\n        return dout, dout\n"
        )
        report = judged(file)
        assert report.picture("AddLayer") is None
        assert "int()" in str(report.layers[0].drawing)


HEAD = "import numpy as np\n"


def layer(tmp_path: Path, declaration: str, arguments: str, forward: str, backward: str) -> Report:
    """A declared layer in few lines, judged; `backward` may use what forward was given."""
    names = [each.strip() for each in arguments.split(",")]
    given, own = ", ".join(names), ", ".join(f"self.{name}" for name in names)
    text = f"""\
# trigrad: {declaration}
class Tried:
    def forward(self, {given}):
        {own} = {given}
        return {forward}

    def backward(self, *dout):
        {given} = {own}
        dout = dout[0] if len(dout) == 1 else dout
        return {backward}
"""
    file = tmp_path / "tried.py"
    file.write_text(HEAD + text, "utf-8")
    return judged(file, in_process=True)


def by_operand(found: Graph) -> dict[str, tuple[str, ...]]:
    """The gradient on the arrow of each operand."""
    inputs = [a for a in found.arrows if found.nodes[a.source].form is Form.INPUT]
    return {found.nodes[arrow.source].text: arrow.gradient for arrow in inputs}


class TestOtherKinds:
    def test_each_of_several_outputs_has_an_end(self, tmp_path: Path) -> None:
        file = tmp_path / "both.py"
        file.write_text(
            "# trigrad: x: N D; y: N D; returns: out[:2]\n"
            "class Both:\n"
            "    def forward(self, x, y):\n"
            "        self.x, self.y = x, y\n"
            "        s = x + y\n"
            "        p = s * y\n"
            "        return s, p\n"
            "    def backward(self, ds, dp):\n"
            "        return ds + dp * self.y, ds + dp * self.x\n"
        )
        found = graph(judged(file, in_process=True, draw={"x": 1, "y": 2}))
        ends = {found.nodes[a.target].text: a for a in found.arrows}
        assert (ends["s"].value, ends["p"].value) == (("3",), ("6",))
        # What comes back to s as an output is 3, and from the product another number.
        assert (ends["s"].gradient, ends["p"].gradient) == (("3",), ("−2",))
        assert wrong(found) == ["y: 1 ✗ should be −7"]  # 3 - 2 * (1 + 2 * 2)
        assert by_operand(found)["x"] == ("−1",)  # 3 - 2 * 2

    def test_a_tiny_gradient_is_not_taken_for_what_roundings_leave(self, tmp_path: Path) -> None:
        small = layer(tmp_path, "x: 1", "x", "x * 1e-30", "dout * 1e-30")
        assert by_operand(graph(small))["x"][0].endswith("e−30")
        large = graph(layer(tmp_path, "x: 1", "x", "x * 1e200", "dout * 1e200"))
        assert large.arrows[-1].gradient != ("0",)

    def test_a_backward_that_raises_is_said(self, tmp_path: Path) -> None:
        report = layer(tmp_path, "x: N D", "x", "x * 2", "dout @ self.nothing")
        found = graph(report)
        assert found.note.startswith("✗ backward raises AttributeError")
        svg = report.picture("Tried") or ""
        assert "nothing" in " ".join(texts(svg))
        assert "AttributeError" in (ET.fromstring(svg).find(f"{SVG}desc").text or "")

    def test_it_is_drawn_on_the_case_on_which_backward_raises(self, tmp_path: Path) -> None:
        """Of one row and one column, no transpose is missed."""
        right = "np.dot(dout, W.T), np.dot(x.T, dout)"
        of = (tmp_path, "x: N D; W: D M", "x, W", "np.dot(x, W)")
        assert graph(layer(*of, right)).note == ""
        assert "raises ValueError" in graph(layer(*of, right.replace("W.T", "W"))).note

    def test_an_output_of_another_shape(self) -> None:
        text = "class Tanh:\n    def forward(self, x):\n        self.y = np.tanh(x)\n"
        text += "        return self.y[:, :1]\n"
        text += "    def backward(self, dout):\n        return dout * (1 - self.y**2)\n"
        found = graph(judged(_module(text).Tanh))
        assert found.arrows[-1].wrong
        assert "✗ should be shape" in found.arrows[-1].value[0]

    def test_nothing_is_marked_of_what_is_undecided(self, tmp_path: Path) -> None:
        file = tmp_path / "guessed.py"
        file.write_text(
            "class SumAndProduct:\n"
            "    def forward(self, x, y):\n        self.x, self.y = x, y\n"
            "        return x + y, x * y\n"
            "    def backward(self, dsum, dprod):\n"
            "        return dsum + dprod * self.y, dsum - dprod * self.x\n"
        )
        report = judged(file)
        assert report.layers[0].verdict.value == "inconclusive"
        assert "✗" not in (report.picture("SumAndProduct") or "✗")

    def test_operands_stand_in_their_order(self, tmp_path: Path) -> None:
        for forward in ("(x - y) / x", "y ** 2 - x * y", "3 - x + y"):
            found = graph(layer(tmp_path, "x: 1; y: 1", "x, y", forward, "dout, dout"))
            laid = laid_out(found)
            for node in (box for box in laid.boxes if box.node and box.node.form is Form.CIRCLE):
                heights = [box.y for box in node.before]
                assert heights == sorted(heights), forward

    def test_more_lines_than_are_read_are_joined(self, tmp_path: Path) -> None:
        lines = [f"        x{n} = np.sin(x{n - 1}) * x{n - 1}" for n in range(1, 19)]
        text = "# trigrad: x0: 1\nclass Long:\n    def forward(self, x0):\n" + "\n".join(lines)
        text += "\n        return x18\n    def backward(self, dout):\n        return dout\n"
        file = tmp_path / "long.py"
        file.write_text(HEAD + text)
        found = graph(judged(file, in_process=True))
        assert signs(found) == [f"lines {n}–{n + 1}" for n in range(5, 23, 2)]

    def test_a_line_that_is_run_again_says_how_often(self, tmp_path: Path) -> None:
        file = tmp_path / "loop.py"
        text = "# trigrad: x: 1\nclass Loop:\n    def forward(self, x):\n        y = x\n"
        text += "        for i in range(7):\n            y = y * x + i\n        return y\n"
        text += "    def backward(self, dout):\n        return dout\n"
        file.write_text(text)
        assert signs(graph(judged(file, in_process=True))) == ["7 × (y * x + i)"]

    def test_names_in_other_scripts_have_room(self, tmp_path: Path) -> None:
        found = graph(
            layer(tmp_path, "りんご: 1; 個数: 1", "りんご, 個数", "りんご * 個数", "dout")
        )
        wide = {b.node.text: b.width for b in laid_out(found).boxes if b.node}
        assert wide["りんご"] > 3 * 12, "as wide as high"


class TestEngines:
    """The smallest program in which an engine is wrong is a graph."""

    MICRO = (LEARNERS / "engines" / "micro.py").read_text("utf-8")

    def wrong_engine(self, tmp_path: Path, text: str, instead: str) -> Report:
        assert text in self.MICRO
        file = tmp_path / "engine.py"
        file.write_text(self.MICRO.replace(text, instead, 1))
        return judged(file)

    def test_a_gradient_that_is_overwritten(self, tmp_path: Path) -> None:
        report = self.wrong_engine(tmp_path, "self.grad += out.grad\n", "self.grad = out.grad\n")
        found = graph(report)
        assert set(signs(found)) == {"+"}
        (marked,) = wrong(found)
        name, is_, due = re.findall(r"[^ :]+", marked)[0::2][:1] + re.findall(r"[\d.]+", marked)
        told = str(report)  # the program that the text has, and its numbers
        assert re.search(rf"is +{name}\.grad = {is_}\b", told)
        assert re.search(rf"should be +{name}\.grad = {due}\b", told)

    def test_a_number_stands_where_it_is_written(self, tmp_path: Path) -> None:
        report = self.wrong_engine(tmp_path, "(power - 1)", "power")
        found = graph(report)
        assert signs(found) == ["^"]
        entering = [found.nodes[a.source].text for a in found.arrows if a.target == 2]
        assert entering[0] == "a"
        assert float(entering[1].replace("−", "-")) != 0

    def test_all_gradients_that_are_wrong_are_marked(self, tmp_path: Path) -> None:
        file = tmp_path / "engine.py"
        swapped = self.MICRO.replace("other.data * out.grad", "OTHER")
        swapped = swapped.replace("self.data * out.grad", "other.data * out.grad", 1)
        file.write_text(swapped.replace("OTHER", "self.data * out.grad"))
        found = graph(judged(file))
        marked = {each.partition(":")[0] for each in wrong(found)}
        assert marked == {n.text for n in found.nodes if n.form is Form.INPUT}

    def test_a_wrong_value_is_marked_at_the_output(self, tmp_path: Path) -> None:
        found = graph(self.wrong_engine(tmp_path, "math.tanh(self.data)", "math.sinh(self.data)"))
        assert found.arrows[-1].wrong
        assert wrong(found)

    def test_of_a_right_one_there_is_no_such_program(self) -> None:
        report = judged(LEARNERS / "engines" / "micro.py")
        assert report.picture("Value") is None
        assert "there is none" in str(report.layers[0].drawing)


def _module(text: str) -> Any:
    import types

    module = types.ModuleType("tried")
    exec(compile(HEAD + text, "tried.py", "exec"), vars(module))
    return module


@pytest.fixture(scope="module")
def network() -> Laid:
    return laid_out(graph(judged(LEARNERS / "right" / "book_style.py", "SoftmaxWithLoss")))


def test_nothing_is_drawn_over_another(network: Laid) -> None:
    boxes = network.boxes
    for place, one in enumerate(boxes):
        assert one.x >= 0
        assert one.x + one.width <= network.width
        for other in boxes[place + 1 :]:
            beside = one.x + one.width <= other.x + 0.1 or other.x + other.width <= one.x + 0.1
            apart = one.y + one.below <= other.y - other.above + 0.1
            apart = apart or other.y + other.below <= one.y - one.above + 0.1
            assert beside or apart, (one, other)


PAGE = (ROOT / "docs" / "how-to" / "picture.md").read_text("utf-8")


class TestPage:
    """The pictures in docs/ are those that its commands make."""

    def test_the_apples(self, tmp_path: Path) -> None:
        code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
        assert code is not None
        file = tmp_path / "apples.py"
        file.write_text(code[1])
        report = judged(file, "Apples", draw={"apple": 100, "apple_num": 2, "tax": 1.1})
        assert {"220", "← 2.2", "← 110", "← 200"} <= set(texts(report.picture("Apples") or ""))
        assert report.picture("Apples") == (ROOT / "docs/how-to/apples.svg").read_text("utf-8")

    def test_the_others(self) -> None:
        report = judged(LEARNERS / "wrong" / "mul_backward_adds.ipynb", "MulLayer")
        assert report.picture("MulLayer") == (ROOT / "docs/how-to/mul.svg").read_text("utf-8")
        own = check(layer="TwoLayerNet", draw=True).picture("TwoLayerNet")
        assert own == (ROOT / "docs/how-to/two_layer_net.svg").read_text("utf-8")

    def test_they_are_small_and_without_scripts(self) -> None:
        for name in ("apples", "mul", "two_layer_net"):
            svg = (ROOT / "docs" / "how-to" / f"{name}.svg").read_text("utf-8")
            root = ET.fromstring(svg)
            assert len(svg.encode()) < 8_000
            assert root.find(f"{SVG}title") is not None
            assert root.find(f"{SVG}desc") is not None
            assert not {"script", "image", "foreignObject"} & {
                e.tag.rpartition("}")[2] for e in root.iter()
            }
