"""The words on the screen, as a learner reads them. Cases are the smallest there are."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import pytest

from trigrad import Report

Judge = Callable[..., Report]


def screen(report: Report) -> str:
    """The whole screen, without fingerprint, number of examples and the numbers of a case.

    What those are is for the drawing to decide; that they are right is tested below.
    """
    told = str(report).removesuffix(f" --examples {report.examples}")
    told = re.sub(r"sha256 [0-9a-f]{4}…", "sha256 ****…", told)
    return "\n".join(
        re.sub(r"-?\d+\.\d*", "#", line)
        if re.match(r" {6}(case|is|should be|   ) ", line)
        else line
        for line in told.split("\n")
    )


def body(report: Report) -> str:
    """What is said of the layers: the screen without its heading and its last lines."""
    return screen(report).split("\n\n")[1]


def lines(text: str) -> str:
    """A text that is indented as the test is."""
    return textwrap.dedent(text).strip("\n")


MUL_THAT_ADDS = """
    class MulLayaer:
        def forward(self, x, y):
            self.x = x
            self.y = y
            return x * y

        def backward(self, dout):
            dx = dout + self.y
            dy = dout + self.x
            return dx, dy
"""

AFFINE = """
    import numpy as np


    class Affine:
        def __init__(self, W, b):
            self.W = W
            self.b = b

        def forward(self, x):
            self.x = x
            return x @ self.W + self.b

        def backward(self, dout):
            dx = dout @ self.W.T
            self.dW = self.x.T @ dout
            self.db = dout.sum(axis=0)
            return dx
"""

RIGHT = """
    class AddLayer:
        def forward(self, x, y):
            if x.shape != y.shape if hasattr(x, "shape") else False:
                raise ValueError("two shapes")
            return x + y

        def backward(self, dout):
            return dout * 1, dout * 1
"""


class TestMulLayerThatAdds:
    def test_the_whole_screen(self, judge: Judge) -> None:
        assert screen(judge(MUL_THAT_ADDS)) == lines("""
            layers.py · 1 layer found: MulLayaer

            ✗ MulLayaer (read as MulLayer)                      layers.py, lines 7-10
                the gradient of x is not the derivative of forward
                  case       x = [[#]]  y = [[#]]  dout = [[#]]
                  is         [[#]]
                  should be  [[#]]         finite differences and PyTorch agree
                the gradient of y is not the derivative of forward
                  case       x = [[#]]  y = [[#]]  dout = [[#]]
                  is         [[#]]
                  should be  [[#]]         finite differences and PyTorch agree
                these should hold too, but do not: plain Python numbers work; twice the dout gives twice the
                gradients
                the gradients of x and y: dout is added to the local derivative; it should multiply it
                so: forward is right; the mistake is in backward

            1 layer fails; 1 suggestion (see report.suggestions).
            30 checks · seed 0 · sha256 ****…
            Run this case again: trigrad check layers.py --layer MulLayaer --seed 0
        """)  # noqa: E501 - as it is printed

    def test_a_path_with_a_space_can_be_pasted(self, judge: Judge) -> None:
        last = screen(judge(MUL_THAT_ADDS, "my notes.py")).splitlines()[-1]
        assert last == (
            "Run this case again: trigrad check 'my notes.py' --layer MulLayaer --seed 0"
        )

    def test_the_case_that_is_run_again_is_the_same(self, judge: Judge) -> None:
        """With another number of examples another case may be found: the command says it."""
        last = str(judge(MUL_THAT_ADDS, examples=2)).splitlines()[-1]
        assert "--examples 2" in last


class TestAffine:
    def test_a_right_one_in_one_line(self, judge: Judge) -> None:
        report = judge(AFFINE)
        passes = next(line for line in body(report).splitlines() if "Affine" in line)
        assert re.fullmatch(r"✓ Affine {22}\d\d checks", passes)
        more = r"(; 1 suggestion \(see report.suggestions\))?"
        last = rf"\n\n1 layer passes{more}\.\n\d\d checks · seed 0 · sha256 \w{{4}}…$"
        assert re.search(last, str(report))
        assert "Run this case again" not in str(report)

    def test_x_that_became_its_shape(self, judge: Judge) -> None:
        text = AFFINE.replace("self.x = x", "x = x.shape\n            self.x = x").replace(
            "x @ self.W + self.b", "np.dot(x, self.W) + self.b"
        )
        assert body(judge(text)).splitlines()[:5] == [
            "✗ Affine                                            layers.py, lines 9-12",
            "    forward raises ValueError: "
            "shapes (2,) and (1,1) not aligned: 2 (dim 0) != 1 (dim 0)",
            "      at         layers.py, line 12:  return np.dot(x, self.W) + self.b",
            "      hint       x is a tuple there, (1, 1), since line 10: x = x.shape",
            "      case       x = [[#]]  W = [[#]]  b = [#]  dout = [[#]]",
        ]

    def test_no_dW(self, judge: Judge) -> None:
        text = AFFINE.replace("self.dW =", "dW =")
        assert body(judge(text)).splitlines()[:5] == [
            "✗ Affine                                            layers.py, lines 13-17",
            (
                "    there is no gradient of W: backward does not return it and does not store it "
                "in self.dW"
            ),
            "      case       x = [[#]]  W = [[#]]  b = [#]  dout = [[#]]",
            "      is         nothing",
            "      should be  an array of shape (1, 1)",
        ]

    def test_a_name_that_is_not_defined(self, judge: Judge) -> None:
        text = AFFINE.replace("self.x.T", "x.T")
        assert body(judge(text)).splitlines()[:4] == [
            "✗ Affine                                            layers.py, lines 13-17",
            "    backward raises NameError: undefined name x; did you mean self.x?",
            "      at         layers.py, line 15:  self.dW = x.T @ dout",
            "      case       x = [[#]]  W = [[#]]  b = [#]  dout = [[#]]",
        ]

    @pytest.mark.parametrize(
        ("value", "is_", "should_be"),
        [
            ("None", "None", "an array of shape (1, 1)"),
            ("[[1.0]]", "a list of 1", "an array of shape (1, 1)"),
            ("'loss'", "a string", "an array of shape (1, 1)"),
            ("np.array([None])", "an array of object", "an array of shape (1, 1)"),
            ("(x @ self.W)[0]", "shape (1,)", "shape (1, 1)"),
            ("3.0", "a single number", "shape (1, 1)"),
        ],
    )
    def test_no_usable_output(self, judge: Judge, value: str, is_: str, should_be: str) -> None:
        assert body(judge(AFFINE.replace("x @ self.W + self.b", value))).splitlines()[:5] == [
            "✗ Affine                                            layers.py, lines 9-11",
            "    forward gives no output that can be used",
            "      case       x = [[#]]  W = [[#]]  b = [#]  dout = [[#]]",
            f"      is         {is_}",
            f"      should be  {should_be}",
        ]

    def test_not_a_number(self, judge: Judge) -> None:
        text = AFFINE.replace("+ self.b", "+ self.b * float('nan')")
        assert body(judge(text)).splitlines()[:5] == [
            "✗ Affine                                            layers.py, lines 9-11",
            "    the output is wrong: PyTorch computes another one",
            "      case       x = [[#]]  W = [[#]]  b = [#]  dout = [[#]]",
            "      is         [[nan]]",
            "      should be  [[#]]         PyTorch",
        ]

    def test_a_gradient_of_another_shape(self, judge: Judge) -> None:
        text = AFFINE.replace("dout.sum(axis=0)", "dout.sum()")
        assert body(judge(text)).splitlines()[:5] == [
            "✗ Affine                                            layers.py, lines 13-17",
            "    the gradient of b does not have the shape of b",
            "      case       x = [[#]]  W = [[#]]  b = [#]  dout = [[#]]",
            "      is         a single number",
            "      should be  shape (1,)",
        ]

    def test_one_gradient_where_three_are_due(self, judge: Judge) -> None:
        text = AFFINE.replace("return dx", "return {'x': None}")
        told = body(judge(text))
        assert "      is         a dict of 1\n" in told

    @pytest.mark.parametrize("off", [1e-3, 1e-9, 1e-11, 3e-12])
    def test_as_many_digits_as_it_takes_to_see_the_difference(
        self, judge: Judge, off: float
    ) -> None:
        told = str(judge(AFFINE.replace("+ self.b", f"+ self.b + {off}"))).splitlines()
        (is_,) = (line for line in told if line.startswith("      is  "))
        (due,) = (line for line in told if line.startswith("      should be  "))
        one, other = (float(line.split("[[")[1].split("]]")[0]) for line in (is_, due))
        assert one - other == pytest.approx(off, rel=1e-3)


class TestTheCaseCanBeDoneByHand:
    """The numbers on the screen belong together."""

    @staticmethod
    def numbers(report: Report, label: str) -> list[list[float]]:
        """The numbers of every line with this label."""
        lines = [line for line in str(report).splitlines() if line.startswith(f"      {label} ")]
        return [[float(n) for n in re.findall(r"\[(-?\d+\.\d*)\]", line)] for line in lines]

    def test_mul(self, judge: Judge) -> None:
        report = judge(MUL_THAT_ADDS)
        (x, y, dout), again = self.numbers(report, "case")
        assert again == [x, y, dout]
        assert self.numbers(report, "is") == [[dout + y], [dout + x]]
        assert self.numbers(report, "should be") == [[dout * y], [dout * x]]

    def test_affine(self, judge: Judge) -> None:
        report = judge(AFFINE.replace("dout.sum(axis=0)", "dout.sum(axis=0) + 1"))
        ((x, W, b, dout),) = self.numbers(report, "case")
        assert self.numbers(report, "is") == [[dout + 1]]
        assert self.numbers(report, "should be") == [[dout]]
        assert 0 not in (x, W, b, dout)
        assert dout != 1


class TestCrossEntropyOfLabels:
    """`cross_entropy_error` for class labels, called with the one-hot targets of the chapter."""

    TEXT = """
        import numpy as np


        def cross_entropy_error(y, t):
            if y.ndim == 1:
                y, t = y.reshape(1, -1), t.reshape(1, -1)
            n = y.shape[0]
            return -np.sum(np.log(y[np.arange(n), t] + 1e-7)) / n


        cross_entropy_error(np.array([0.1, 0.2, 0.7]), np.array([0, 0, 1]))
    """

    def test_the_whole_screen(self, judge: Judge) -> None:
        assert screen(judge(self.TEXT)) == lines("""
            layers.py · 1 function found: cross_entropy_error

            ✗ cross_entropy_error                               layers.py, lines 4-8
                cross_entropy_error raises IndexError: arrays used as indices must be of integer (or boolean) type
                  at         layers.py, line 8:  return -np.sum(np.log(y[np.arange(n), t] + 1e-7)) / n
                  case       y = [[#, #], [#, #]]  t = [[#, #], [#, #]]
                so: one-hot targets are read as class labels. For y = [0.1, 0.2, 0.7] and the one-hot t =
                [0, 0, 1], the classes 0, 0 and 1 were read. So the result is -(log 0.1 + log 0.1 + log 0.2)
                = 6.2146 instead of -log 0.7 = 0.3567
                it also works for: class labels, class labels if there are as many samples as classes; it does not take: a single sample (that is no mistake)

            1 layer fails.
            17 checks · seed 0 · sha256 ****…
            Run this case again: trigrad check layers.py --layer cross_entropy_error --seed 0
        """)  # noqa: E501 - as it is printed

    def test_the_explanation_is_only_for_what_reproduces_the_figure(self, judge: Judge) -> None:
        """Evidence and suspicion stay apart."""
        text = self.TEXT.replace("/ n\n", "/ n / 2\n")
        told = str(judge(text))
        assert "cross_entropy_error raises IndexError" in told
        assert "6.2146" not in told
        assert "so:" not in told


class TestAdvice:
    def test_where_and_what(self, judge: Judge) -> None:
        told = body(
            judge("""
                import numpy as np

                class Relu:
                    def forward(self, x):
                        self.mask = x <= 0
                        return np.where(self.mask, 0, x)

                    def backward(self, dout):
                        dout[self.mask] = 0
                        return dout

                class SoftmaxWithLoss:
                    def forward(self, x, t):
                        assert x.ndim == 2 and t.ndim == 2
                        self.t = t
                        self.y = softmax(x)
                        return cross_entropy_error(self.y, t)

                    def backward(self, dout=1):
                        return (self.y - self.t) / len(self.t)
            """)
        )
        assert re.sub(r"\d\d checks", "## checks", told) == lines("""
            ✓ Relu                        ## checks
            ✓ SoftmaxWithLoss             ## checks
                softmax and cross_entropy_error are not in this file: the chapter's are used
                it does not take: class labels, class labels if there are as many samples as classes, a single sample (that is no mistake)
        """)  # noqa: E501 - as it is printed

    def test_two_gradients_in_one_array(self, judge: Judge) -> None:
        report = judge(RIGHT.replace("dout * 1, dout * 1", "dout, dout"))
        due = (
            "    suggestion: the gradient of x and that of y are one array, so that changing "
            "one changes both: return a copy of one of them"
        )
        assert due in report.suggestions.splitlines()
        assert due not in str(report)

    def test_a_layer_that_passes_with_advice_passes(self, judge: Judge) -> None:
        report = judge(RIGHT.replace("dout * 1, dout * 1", "dout, dout"))
        assert report.exit_status == 0
        assert (
            str(report).splitlines()[-2] == "1 layer passes; 1 suggestion (see report.suggestions)."
        )


class TestWhatIsNotJudged:
    def test_a_layer_without_a_contract(self, judge: Judge) -> None:
        text = RIGHT + RIGHT.replace("AddLayer", "Dropout").replace("x, y", "x").replace("+ y", "")
        told = str(judge(text)).splitlines()
        assert (
            "- Dropout: not judged, forward raises NameError: undefined name y"
            " (layers.py, line 12)" in told
        )
        assert told[-2] == "1 layer passes, 1 is not judged."

    def test_a_layer_that_lacks_a_method(self, judge: Judge) -> None:
        told = str(judge(RIGHT + "\n    class Relu:\n        def forward(self, x): return x\n"))
        assert "- Relu: not judged, it has no backward (layers.py, line 10)" in told.splitlines()

    def test_a_layer_that_needs_what_is_not_here(self, judge: Judge) -> None:
        text = RIGHT + RIGHT.replace("AddLayer", "MulLayer").replace("x + y", "product(x, y)")
        told = str(judge("    from helpers import product\n" + text)).splitlines()
        assert told[1] == "note: not found: helpers"
        assert (
            "- MulLayer: not judged, it needs what was not found: helpers (product comes from "
            "helpers, which is not here) (layers.py, line 12)"
        ) in told

    def test_a_network_of_a_layer_that_fails(self, judge: Judge) -> None:
        network = """
    class TwoLayerNet:
        def __init__(self, I, H, O):
            self.params = {"W1": np.ones((I, H)), "b1": np.ones(H),
                           "W2": np.ones((H, O)), "b2": np.ones(O)}
            self.layers = [Affine(self.params["W1"], self.params["b1"])]

        def loss(self, x, t):
            return 1.0

        def gradient(self, x, t):
            return self.params
        """
        report = judge(AFFINE.replace("self.dW", "dW") + network)
        told = str(report).splitlines()
        assert "    not judged yet: it is built from Affine, which is wrong; fix that first" in told
        assert "? TwoLayerNet                                       layers.py, lines 19-29" in told
        assert report.exit_status == 1

    def test_an_exercise_that_is_not_done(self, judge: Judge) -> None:
        told = body(
            judge("""
                class Relu:
                    def forward(self, x):
                        pass

                    def backward(self, dout):
                        pass
            """)
        )
        assert told == lines("""
            … Relu                                              layers.py, lines 1-6
                not written yet: the body of forward and backward is empty
        """)


class TestPlaces:
    def test_one_line_is_not_a_range(self, judge: Judge) -> None:
        report = judge("""
            class AddLayer:
                def forward(self, x, y): return x + y
                def backward(self, dout): return dout, -dout
        """)
        assert body(report).splitlines()[0] == (
            "✗ AddLayer                                          layers.py, line 3"
        )

    def test_both_sides_wrong_shows_the_whole_class(self, judge: Judge) -> None:
        report = judge("""
            class AddLayer:
                def forward(self, x, y):
                    return x - y

                def backward(self, dout):
                    return dout, 3 * dout
        """)
        assert body(report).splitlines()[0].endswith("  layers.py, lines 1-6")

    def test_the_last_complete_definition(self, judge: Judge) -> None:
        told = body(judge(RIGHT + RIGHT)).splitlines()
        assert "    the last complete definition is judged, not the one at line 1" in told

    def test_a_law_that_is_broken_alone_is_shown_in_full(self, judge: Judge) -> None:
        text = """
            class AddLayer:
                calls = 0

                def forward(self, x, y):
                    self.calls += 1
                    return (x + y) * (1 if self.calls == 1 else 3)

                def backward(self, dout):
                    return dout * 1, dout * 1
        """
        told = body(judge(text))
        assert "    a second call should give the same result as the first, but does not" in told
        assert "      is         [[#]]\n      should be  [[#]]\n" in told
        assert "'is' comes from the second call on one object, 'should be' from the first" in told
        assert (
            "    so: the values of one call are right; "
            "the mistake is in what stays or changes between calls"
        ) in told
