"""`check` and `claims`, as Python code calls them."""

# Layers take what the chapter's take, needed or not.
# ruff: noqa: ARG002

from __future__ import annotations

import functools
import importlib
import itertools
import re
import sys
import types
import unittest
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trigrad
import trigrad.impl.layers
from trigrad import AdviceWarning, ClaimRefutedError, Report, check, claims, impl
from trigrad.api import OWN_IMPL
from trigrad.claim.claim import Severity
from trigrad.subject.source.sources import UnreadableError
from trigrad.verdict.results import Verdict

pytest_plugins = ["pytester"]


class AddLayer:
    """Right, and with the usual advice."""

    def forward(self, x: Any, y: Any) -> Any:
        return x + y

    def backward(self, dout: Any) -> Any:
        return dout, dout


class MulLayer:
    """Adds where it must multiply."""

    def forward(self, x: Any, y: Any) -> Any:
        self.x, self.y = x, y
        return x * y

    def backward(self, dout: Any) -> Any:
        return dout + self.y, dout + self.x


class Affine:
    """Raises in backward."""

    def __init__(self, W: Any, b: Any) -> None:
        self.W, self.b = W, b

    def forward(self, x: Any) -> Any:
        return x @ self.W + self.b

    def backward(self, dout: Any) -> Any:
        return self.x.T @ dout


def softmax(x: Any) -> Any:
    """Adds 1 to the denominator."""
    return np.exp(x) / (1 + np.exp(x).sum())


class MyDense:
    """An Affine whose constructor takes sizes."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self.weights = np.random.randn(inputs, outputs)
        self.bias = np.zeros(outputs)

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, dout: Any) -> Any:
        return dout @ self.weights.T, self.x.T @ dout, dout.sum(axis=0)


def build_dense(W: Any, b: Any) -> MyDense:
    made = MyDense(*W.shape)
    made.weights, made.bias = W, b
    return made


def verdicts(report: Report) -> dict[str, str]:
    """The verdict on each layer that is there."""
    found = (r for r in report.layers if r.verdict is not Verdict.MISSING)
    return {r.name: r.verdict.value for r in found}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one layer that is right."""
    file = tmp_path / "their_layers.py"
    file.write_text(
        "class AddLayer:\n    def forward(self, x, y): return x + y\n"
        "    def backward(self, dout): return dout, dout\n"
    )
    return file


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a package that can be imported, with layers in two modules."""
    name = "their_package_for_api"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("from .layers import Relu\n")
    (folder / "layers.py").write_text(
        "import numpy as np\nclass Relu:\n    def forward(self, x): return np.maximum(x, 0)\n"
        "    def backward(self, dout): return dout\n"
    )
    (folder / "latest.py").write_text("def softmax(x):\n    return x\n")
    (folder / "broken.py").write_text("raise ValueError('no')\n")
    (folder / "__main__.py").write_text("raise SystemExit('run')\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield name
    for loaded in [n for n in sys.modules if n.partition(".")[0] == name]:
        del sys.modules[loaded]


class TestTargets:
    def test_nothing_is_trigrad_s_own(self) -> None:
        report = check(layer="MulLayer", examples=1)
        assert report.path == "trigrad.impl"
        assert verdicts(report) == {"MulLayer": "pass"}

    @pytest.mark.parametrize("kind", [str, Path])
    def test_a_path(self, path: Path, kind: type) -> None:
        report = check(kind(path), examples=1)
        assert report.path == str(path)
        assert verdicts(report) == {"AddLayer": "pass"}
        assert report.ok

    def test_a_folder(self, path: Path) -> None:
        assert verdicts(check(path.parent, examples=1)) == {"AddLayer": "pass"}

    def test_a_module(self) -> None:
        report = check(impl.layers, layer="AddLayer", examples=1)
        assert report.path == "trigrad.impl.layers"
        assert verdicts(report) == {"AddLayer": "pass"}
        where = report.layers[0].where
        assert where is not None
        assert (where.file, where.text) == ("layers.py", "class AddLayer:")

    def test_pytorch_follows_the_forward_of_trigrad_s_own_layers(self) -> None:
        report = check(impl.Softmax, examples=4)  # no contract: it runs this forward
        assert verdicts(report) == {"Softmax": "pass"}
        assert not any("PyTorch cannot" in note for note in report.layers[0].notes)

    def test_a_class_without_methods_of_its_own(self) -> None:
        report = check(impl.TimeGRU, examples=4)
        assert verdicts(report) == {"TimeGRU": "pass"}
        where = report.layers[0].where
        assert where is not None
        assert (where.file, where.text) == ("recurrent.py", "class TimeGRU(OverTime):")

    def test_a_class_that_a_program_made_has_no_text(self) -> None:
        made = type("Made", (impl.TimeGRU,), {})
        report = check(made, examples=1)
        assert [each.where for each in (*report.unjudged, *report.layers)] == [None]

    def test_a_module_s_name(self) -> None:
        report = check("trigrad.impl.layers", layer="AddLayer", examples=1)
        assert verdicts(report) == {"AddLayer": "pass"}
        whole = check(impl, layer="AddLayer", examples=1)
        assert verdicts(whole) == {"AddLayer": "pass"}

    def test_a_package_with_all_its_modules_once_each(self, package: str) -> None:
        report = check(package, examples=4)
        assert verdicts(report) == {"softmax": "fail", "Relu": "fail"}
        assert report.notes == (f"{package}.broken cannot be imported: ValueError: no",)

    def test_a_module_that_was_made_in_memory(self) -> None:
        module = types.ModuleType("made")
        exec(
            "class AddLayer:\n def forward(s, x, y): return x + y\n"
            " def backward(s, d): return d, d",
            vars(module),
        )
        report = check(module, examples=1)
        assert report.exit_status in (0, 2)
        assert report.error is None or "there is no layer in made" in report.error

    def test_a_class(self) -> None:
        report = check(MulLayer, examples=2)
        assert report.path == "MulLayer"
        assert verdicts(report) == {"MulLayer": "fail"}
        layer = report.layers[0]
        assert layer.where is not None
        assert layer.where.file == "test_api.py"
        assert layer.where.text == "class MulLayer:"
        assert [r.verdict for r in report.layers] == [Verdict.FAIL]
        assert str(report).splitlines()[-1] == "Run this case again: check(MulLayer, seed=0)"

    def test_a_function(self) -> None:
        report = check(softmax, examples=3)
        assert verdicts(report) == {"softmax": "fail"}

    def test_a_local_class(self) -> None:
        class Relu:
            def forward(self, x: Any) -> Any:
                return 1 / 0

            def backward(self, dout: Any) -> Any:
                return dout

        told = str(check(Relu, examples=1))
        assert "test_api.py, line " in told
        assert ":  return 1 / 0" in told

    def test_a_class_without_text(self) -> None:
        space: dict[str, Any] = {}
        exec(
            "class AddLayer:\n def forward(s, x, y): return x + y\n"
            " def backward(s, d): return d, 2 * d",
            space,
        )
        report = check(space["AddLayer"], examples=1)
        assert verdicts(report) == {"AddLayer": "fail"}
        assert report.layers[0].where is None
        assert re.search(r"^      should be  \[\[.+\]\] ", str(report), re.M)
        assert report._repr_html_()
        assert report.to_dict()["layers"][0]["where"] is None

    def test_a_class_of_another_name_by_its_contract(self) -> None:
        report = check(MyDense, contract="Affine", build=build_dense, examples=3)
        assert verdicts(report) == {"MyDense": "pass"}
        assert report.layers[0].layer == "Affine"
        assert str(report.layers[0].reading) == "read as Affine"

    def test_a_contract_whatever_its_case(self) -> None:
        report = check(MyDense, contract="affine", build=build_dense, examples=1)
        assert report.layers[0].layer == "Affine"

    def test_a_contract_goes_before_the_name(self) -> None:
        report = check(AddLayer, contract="MulLayer", examples=2)
        assert report.layers[0].layer == "MulLayer"
        assert report.exit_status == 1

    def test_without_build_its_own_weights_are_found(self) -> None:
        assert check(MyDense, contract="Affine", examples=2).ok

    @pytest.mark.parametrize(
        "target",
        [42, 3.5, b"a.py", ["a.py"], AddLayer(), functools.partial(softmax), object(), len, np.exp],
        ids=lambda value: type(value).__name__,
    )
    def test_what_is_none_of_these(self, target: Any) -> None:
        report = check(target)
        assert report.exit_status == 2
        assert report.error is not None
        assert "\n" not in report.error
        assert "is no path, module, class or function" in report.error

    def test_a_path_that_is_not_there(self, tmp_path: Path) -> None:
        report = check(tmp_path / "a.py")
        assert report.error == (
            f"there is no file or folder {tmp_path / 'a.py'}: check the spelling"
        )

    @pytest.mark.parametrize(
        "name", ["x" * 5000, "a\0b", ""], ids=["too long", "with a null character", "empty"]
    )
    def test_a_path_that_cannot_be(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert check(name).exit_status == 2


class TestOptions:
    @pytest.mark.parametrize("options", [{"require": ["Foo"]}, {"contract": "Foo"}])
    def test_a_name_that_no_contract_has(self, options: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"^there is no contract named 'Foo'$"):
            check(AddLayer, **options)

    @pytest.mark.parametrize("names", [["addlayer", "Affine"], "addlayer, Affine"])
    def test_require(self, path: Path, names: str | list[str]) -> None:
        report = check(path, require=names, examples=1)
        assert report.required == ("Affine",)
        assert report.exit_status == 1

    def test_the_learner_s_folder_is_left_as_it_was(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(path.parent)
        check(path, examples=3)
        check(MulLayer, examples=3)
        assert [p.name for p in path.parent.iterdir()] == ["their_layers.py"]


class TestInANotebook:
    def test_html(self) -> None:
        html = check(MulLayer, examples=1)._repr_html_()
        assert '<b class="fail">✗ MulLayer</b>' in html
        agree = "finite differences and PyTorch agree"
        assert re.search(rf'<span class="good">  should be  \[\[.+\]\]         {agree}<', html)

    def test_an_error(self) -> None:
        assert "is no path, module, class or function" in check(42)._repr_html_()  # type: ignore[arg-type]


class TestClaims:
    def test_their_names_can_be_told_apart(self) -> None:
        names = [str(claim) for claim in claims(impl.layers, advice=True)]
        assert len(names) == len(set(names))
        assert "Affine: finite differences: gradient of W" in names
        assert "Relu: laws: backward keeps its arguments" in names

    def test_those_that_must_hold_unless_advice_is_asked_for(self) -> None:
        must, both = claims(AddLayer), claims(AddLayer, advice=True)
        assert {c.claim.severity for c in must} == {Severity.MUST}
        assert {c.claim.severity for c in both} == set(Severity)
        assert [str(c) for c in both if c.claim.severity is Severity.MUST] == [str(c) for c in must]

    def test_nothing_is_run_before_the_first_check(self) -> None:
        class Relu:
            def __init__(self) -> None:
                raise AssertionError("run")

            def forward(self, x: Any) -> Any:
                return x

            def backward(self, dout: Any) -> Any:
                return dout

        assert claims(Relu)

    def test_a_claim_that_holds(self) -> None:
        for claim in claims(AddLayer, examples=1):
            claim.check()

    def test_a_claim_that_is_refuted(self) -> None:
        (claim,) = (
            c
            for c in claims(MulLayer, examples=2)
            if str(c) == "MulLayer: finite differences: gradient of x"
        )
        with pytest.raises(ClaimRefutedError) as caught:
            claim.check()
        lines = str(caught.value).splitlines()
        assert lines[0] == "MulLayer: finite differences: gradient of x"
        assert lines[1].startswith(
            "MulLayer: the gradient of x is not the derivative of forward (test_api.py, lines "
        )
        number = r"\[\[-?\d+\.\d*\]\]"
        due = [
            r"    the gradient of x is not the derivative of forward",
            rf"      case       x = {number}  y = {number}  dout = {number}",
            rf"      is         {number}",
            rf"      should be  {number}         finite differences",
            r"    the gradients of x and y: dout is added to the local derivative; it should "
            r"multiply it",
            r"    so: forward is right; the mistake is in backward",
        ]
        assert len(lines[2:]) == len(due)
        for line, pattern in zip(lines[2:], due, strict=True):
            assert re.fullmatch(pattern, line)

    def test_a_claim_that_another_one_blocks_is_skipped(self) -> None:
        found = {str(c): c for c in claims(Affine, examples=1)}
        with pytest.raises(ClaimRefutedError, match=r"AttributeError: .* no attribute 'x'"):
            found["Affine: laws: backward runs"].check()
        with pytest.raises(
            unittest.SkipTest, match=(r"not checked, because this already fails: backward runs$")
        ):
            found["Affine: laws: gradient of W present"].check()

    def test_advice_is_a_warning(self) -> None:
        (claim,) = (
            c
            for c in claims(AddLayer, advice=True, examples=1)
            if "one array" in str(c)
            or c.claim.name == "gradients are separate arrays"
            or "separate" in c.claim.name
        )
        with pytest.warns(
            AdviceWarning,
            match=(
                "the gradient of x and that of y are one array, so that changing one changes "
                "both: return a copy of one of them"
            ),
        ):
            claim.check()

    def test_the_trial_is_held_once_for_all_claims(self) -> None:
        calls = itertools.count()

        class Relu:
            def forward(self, x: Any) -> Any:
                next(calls)
                self.mask = x > 0
                return np.where(self.mask, x, 0)

            def backward(self, dout: Any) -> Any:
                return np.where(self.mask, dout, 0)

        first, *others = claims(Relu, examples=2)
        first.check()
        held = next(calls)
        assert held > 10
        for claim in others:
            claim.check()
        assert next(calls) == held + 1

    def test_a_network_of_a_layer_that_fails_is_blocked(self, tmp_path: Path) -> None:
        path = tmp_path / "net.py"
        path.write_text(
            "import numpy as np\n"
            "class Relu:\n    def forward(self, x): return -x\n"
            "    def backward(self, dout): return dout\n"
            "class TwoLayerNet:\n    def __init__(self, *s): self.relu = Relu()\n"
            "    def loss(self, x, t): return 0.0\n    def gradient(self, x, t): return {}\n"
        )
        of_net = [c for c in claims(path, examples=1) if str(c).startswith("TwoLayerNet")]
        assert of_net
        for claim in of_net:
            with pytest.raises(
                unittest.SkipTest, match=(r"not checked, because this already fails: Relu$")
            ):
                claim.check()

    def test_an_exercise_that_is_not_done_is_refuted(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text(
            "class Relu:\n def forward(self, x): pass\n def backward(self, dout): pass\n"
        )
        (claim,) = claims(path)
        assert str(claim) == "Relu: can be judged"
        with pytest.raises(ClaimRefutedError) as caught:
            claim.check()
        assert str(caught.value) == (
            "Relu: not judged, not written yet: the body of forward and backward is empty "
            "(a.py, line 1)"
        )

    @pytest.mark.parametrize(
        ("target", "words"),
        [
            (42, "is no path, module, class or function"),
            ("no_such_module", "there is no file, folder or importable module no_such_module"),
            (Report, "Report has no layer"),
            (dict, "dict has no layer"),
        ],
    )
    def test_nothing_to_judge_is_an_error(self, target: Any, words: str) -> None:
        with pytest.raises(UnreadableError, match=words):
            claims(target)

    def test_build(self) -> None:
        for claim in claims(MyDense, contract="Affine", build=build_dense, examples=2):
            claim.check()


SUITE = """
import pytest
from trigrad import claims

@pytest.mark.parametrize("claim", claims({target!r}, advice=True, examples=1), ids=str)
def test_gradients(claim):
    claim.check()
"""


class TestInATestSuite:
    def test_one_that_passes(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(SUITE.format(target="trigrad.impl.layers"))
        result = pytester.runpytest_inprocess("-v", "-p", "no:cacheprovider", "-k", "AddLayer")
        result.stdout.fnmatch_lines(
            ["*::test_gradients[[]AddLayer: autograd: gradient of x] PASSED*"]
        )
        outcomes = result.parseoutcomes()
        assert outcomes["passed"] > 15
        assert not {"failed", "errors"} & set(outcomes)

    def test_one_that_fails(self, pytester: pytest.Pytester) -> None:
        path = pytester.makepyfile(
            wrong="class AddLayer:\n    def forward(self, x, y): return x + y\n"
            "    def backward(self, dout):\n        return dout, dout * dout\n"
            "class Relu:\n    def forward(self, x): return x\n"
            "    def backward(self, dout):\n        raise KeyError(3)\n"
        )
        pytester.makepyfile(test_layers=SUITE.format(target=str(path)))
        result = pytester.runpytest_inprocess("-rA", "-p", "no:cacheprovider", "test_layers.py")
        assert result.ret == 1
        outcomes = result.parseoutcomes()
        assert outcomes["failed"] >= 4
        assert outcomes["skipped"] >= 5
        assert outcomes["passed"] >= 10
        result.stdout.fnmatch_lines_random(
            [
                "FAILED *[[]AddLayer: finite differences: gradient of y]*",
                "*    the gradient of y is not the derivative of forward",
                "*      should be  [[][[]*]]*",
                "*    backward raises KeyError: 3",
                "*AdviceWarning: AddLayer: *",
            ]
        )


def test_what_the_package_offers() -> None:
    assert {name for name in trigrad.__all__ if not hasattr(trigrad, name)} == set()
    assert set(trigrad.__all__) == {
        "AdviceWarning", "ClaimRefutedError", "GradcheckError", "GradientReport", "Report",
        "Wrong", "check",
        "check_layer", "claims", "gradcheck",
    }  # fmt: skip
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        trigrad.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_the_errors_are_of_the_kinds_that_test_suites_know() -> None:
    assert issubclass(ClaimRefutedError, AssertionError)
    assert issubclass(AdviceWarning, UserWarning)
    found = claims(AddLayer, advice=True, examples=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AdviceWarning)
        for claim in found:
            claim.check()
    assert caught
    assert {w.category for w in caught} == {AdviceWarning}
    assert {Path(w.filename).name for w in caught} == {"test_api.py"}


class TestWhatIsNotJudged:
    """No claim is left out silently."""

    TEXT = (
        "class AddLayer:\n"
        "    def forward(self, x, y): return x + y\n"
        "    def backward(self, dout): return dout * 1, dout * 1\n"
        "class Dropout:\n"
        "    def forward(self, x): return x\n"
        "    def backward(self, dout): return dout\n"
        "class Relu:\n"
        "    def forward(self, x): pass\n"
        "    def backward(self, dout): pass\n"
        "class Sigmoid:\n"
        "    def forward(self, x): return x\n"
    )
    REASONS = {  # noqa: RUF012 - read only
        "Dropout: can be judged": "Dropout: not judged, trigrad knows no layer of this name "
        "(layers.py, line 4)",
        "Relu: can be judged": "Relu: not judged, not written yet: the body of forward and "
        "backward is empty (layers.py, line 7)",
        "Sigmoid: can be judged": "Sigmoid: not judged, it has no backward (layers.py, line 10)",
        "bad.py: can be judged": "bad.py: not judged, bad.py cannot be decoded: ",
        "cut.py: can be judged": "cut.py: not judged, syntax error in cut.py, line 1: ",
    }

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "layers.py").write_text(self.TEXT)
        (tmp_path / "bad.py").write_bytes(b"x = '\xff'")
        (tmp_path / "cut.py").write_text("def f(:")
        return tmp_path

    def test_it_fails_with_the_reason(self, folder: Path) -> None:
        found = {str(c): c for c in claims(folder, examples=1) if "can be judged" in str(c)}
        assert found.keys() == self.REASONS.keys()
        for name, claim in found.items():
            with pytest.raises(ClaimRefutedError) as caught:
                claim.check()
            assert str(caught.value).startswith(self.REASONS[name])

    def test_or_is_skipped_with_it(self, folder: Path) -> None:
        skipped = set()
        for claim in claims(folder, examples=1, unjudged="skip"):
            try:
                claim.check()
            except unittest.SkipTest as reason:
                skipped.add(str(reason)[:40])
        assert skipped == {reason[:40] for reason in self.REASONS.values()}

    @pytest.mark.parametrize("unjudged", ["fail", "skip"])
    def test_what_shows_when_it_is_judged(self, tmp_path: Path, unjudged: str) -> None:
        text = self.TEXT.split("class Dropout")[0].replace("x + y", "add(x, y)")
        (tmp_path / "a.py").write_text(f"from nowhere import add\n{text}")
        claim = claims(tmp_path / "a.py", examples=1, unjudged=unjudged)[0]
        due = {"fail": ClaimRefutedError, "skip": unittest.SkipTest}[unjudged]
        with pytest.raises(due, match="not judged, it needs what was not found: nowhere"):
            claim.check()

    def test_nothing_but_that_is_never_a_suite_that_passes(self, folder: Path) -> None:
        (folder / "layers.py").unlink()
        for claim in claims(folder):
            with pytest.raises(ClaimRefutedError):
                claim.check()
        with pytest.raises(UnreadableError, match="has no layer that can be judged"):
            claims(folder, unjudged="skip")

    def test_there_are_two_ways(self) -> None:
        with pytest.raises(ValueError, match=r"^unjudged is 'warn', should be 'fail' or 'skip'$"):
            claims(AddLayer, unjudged="warn")

    def test_layers_of_one_name_are_told_apart_by_their_files(self, tmp_path: Path) -> None:
        for name in ("a.py", "b.py"):
            (tmp_path / name).write_text(self.TEXT.split("class Dropout")[0])
        names = [str(claim) for claim in claims(tmp_path, examples=1)]
        assert len(set(names)) == len(names)
        assert "a.py: AddLayer: laws: builds" in names
        assert "b.py: AddLayer: laws: builds" in names


class TestContractOf:
    @pytest.mark.parametrize("function", [check, claims])
    @pytest.mark.parametrize(
        "target", [OWN_IMPL, "layers.py", Path("layers.py"), impl, "impl.layers"]
    )
    @pytest.mark.parametrize(
        "options", [{"contract": "Affine"}, {"build": build_dense}], ids=["contract", "build"]
    )
    def test_a_path_or_module_is_refused(
        self, function: Any, target: Any, options: dict[str, Any]
    ) -> None:
        (name,) = options
        with pytest.raises(ValueError, match=rf"^{name}= is for one class or function, not for a "):
            function(target, **options)

    def test_a_class_is_not(self) -> None:
        assert check(MyDense, contract="Affine", build=build_dense, examples=1).ok


class TestAsACondition:
    def test_it_is_true_where_all_holds(self) -> None:
        assert check(AddLayer, examples=1)

    @pytest.mark.parametrize(
        "text",
        [
            None,
            "",
            "def f(:",
            "x = 1",
            "class AddLayer:\n    def forward(self, x, y): return x + y\n"
            "    def backward(self, dout): return dout, -dout\n",
        ],
        ids=["not there", "empty", "a syntax error", "no layer", "a wrong layer"],
    )
    def test_and_else_false(self, tmp_path: Path, text: str | None) -> None:
        path = tmp_path / "a.py"
        if text is not None:
            path.write_text(text)
        with pytest.raises(AssertionError):
            assert check(path, examples=2, repair_seconds=0)

    def test_what_is_undecided_does_not_hold(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text("class Relu:\n def forward(self, x): pass\n def backward(self, d): pass\n")
        assert not check(path)


class TestRepr:
    """What a notebook stores is what it shows."""

    def test_of_a_report(self) -> None:
        shown = repr(check(MulLayer, examples=1, repair_seconds=0))
        assert re.fullmatch(r"<Report MulLayer: 1 \w*\s?fails; 1 \w+; these fail: MulLayer>", shown)

    def test_of_one_that_holds(self, path: Path) -> None:
        shown = repr(check(path, examples=1))
        assert re.fullmatch(r"<Report .*their_layers\.py: 1 \w*\s?passes; 2 \w+>", shown)

    def test_of_an_error(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        assert repr(check(path)) == (
            f"<Report {path}: there is no file or folder {path}: check the spelling>"
        )

    def test_of_a_layer(self) -> None:
        (layer,) = check(MulLayer, examples=1, repair_seconds=0).layers
        assert repr(layer) == "<LayerReport MulLayer: fail>"

    def test_of_claims(self) -> None:
        shown = repr(claims(AddLayer)[:2])
        assert shown == "[<claim AddLayer: laws: builds>, <claim AddLayer: laws: output shape>]"

    def test_of_trigrad_s_own_layers(self) -> None:
        report = check(impl.layers, examples=1)
        assert len(repr(report)) < 200
        assert "\n" not in repr(report)
        assert len(repr(report.layers)) < 400
        assert len(repr(report.layers[0].judgements[0])) < 500


@pytest.mark.parametrize("options", [{"seed": -1}, {"examples": 0}])
def test_numbers_that_are_none_of_the_command_line_s(options: dict[str, int]) -> None:
    ((name, value),) = options.items()
    with pytest.raises(ValueError, match=f"^{name} is {value}, should be {value + 1} or more$"):
        check(int, **options)


def test_the_repr_for_an_empty_path() -> None:
    assert repr(check("")) == "<Report '': the path is empty>"


def test_a_case_of_a_folder_is_run_again_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "class AddLayer:\n    def forward(self, x, y): return x + y\n"
    Path("net").mkdir()
    Path("net/a.py").write_text(f"{text}    def backward(self, dout): return dout, 2 * dout\n")
    Path("net/b.py").write_text("a = 1\n")
    report = check("net", examples=1, in_process=True, repair_seconds=0)
    assert "trigrad check net/a.py --layer AddLayer" in str(report)


def test_none_is_no_target() -> None:
    with pytest.raises(TypeError, match="the target is None: give a path, a module, a class"):
        check(None)  # type: ignore[arg-type]  # as what a cell has not defined
    with pytest.raises(TypeError, match="the target is None"):
        claims(None)  # type: ignore[arg-type]
