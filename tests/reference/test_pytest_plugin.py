"""`pytest --trigrad PATH` in any project: the claims about a subject, beside its own tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trigrad import check, claims, impl

pytest_plugins = ["pytester"]

LAYERS = """
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout


class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout + self.y, dout * self.x
"""
WRONG = (
    "mylib/layers.py::MulLayer: autograd: gradient of x",
    "mylib/layers.py::MulLayer: autograd: plain numbers",
    "mylib/layers.py::MulLayer: finite differences: gradient of x",
    "mylib/layers.py::MulLayer: laws: linear in dout",
)


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    """pytester forgets what a run has imported, which NumPy does not survive: import it before."""
    check(impl.layers, layer="AddLayer", examples=1)
    claims(impl.layers)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with layers and a test of its own."""
    pytester.mkdir("mylib")
    (pytester.path / "mylib" / "layers.py").write_text(LAYERS)
    pytester.makepyfile(test_own="def test_own():\n    pass\n")
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nfilterwarnings = ['error']\n")
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """pytest's run with these arguments."""
    return project.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def named(result: pytest.RunResult, outcome: str) -> set[str]:
    """The tests with an outcome, of a verbose run."""
    found = re.findall(rf"^(.+?) {outcome}\b", result.stdout.str(), re.M)
    return {name.strip() for name in found if "::" in name}


class TestItems:
    @pytest.mark.parametrize(
        "form", [["--trigrad", "mylib/layers.py"], ["--trigrad=mylib/layers.py"]]
    )
    def test_one_a_claim_beside_the_project_s_own(
        self, project: pytest.Pytester, form: list[str]
    ) -> None:
        result = run(project, "-v", "--trigrad-hints", "law", *form)
        assert result.ret == 1
        assert named(result, "FAILED") == set(WRONG)
        passed = named(result, "PASSED")
        assert "test_own.py::test_own" in passed
        assert "mylib/layers.py::AddLayer: autograd: gradient of y" in passed
        assert result.parseoutcomes() == {"passed": len(passed), "failed": 4}
        result.stdout.fnmatch_lines(["configfile: pyproject.toml"])
        result.stdout.fnmatch_lines(["trigrad: mylib/layers.py, seed 0"])

    def test_nothing_without_the_option(self, project: pytest.Pytester) -> None:
        result = run(project)
        assert result.parseoutcomes() == {"passed": 1}
        assert "trigrad: " not in result.stdout.str()

    @pytest.mark.parametrize("subject", ["mylib", "mylib.layers"])
    def test_a_folder_and_a_module(self, project: pytest.Pytester, subject: str) -> None:
        (project.path / "mylib" / "__init__.py").touch()
        result = run(project, "-v", f"--trigrad={subject}", "-k", "AddLayer")
        assert f"{subject}::AddLayer: autograd: gradient of y" in named(result, "PASSED")
        assert result.ret == 0

    def test_several(self, project: pytest.Pytester) -> None:
        (project.path / "more.py").write_text(LAYERS)
        quick = ("-k", "builds", "--trigrad-hints", "law")
        options = ("--trigrad", "more.py", "--trigrad", "mylib/layers.py")
        assert named(run(project, "-v", *options, *quick), "PASSED") == {
            f"{file}::{name}: laws: builds"
            for file in ("more.py", "mylib/layers.py")
            for name in ("AddLayer", "MulLayer")
        }

    def test_a_subject_outside_of_the_project(
        self, project: pytest.Pytester, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        path = tmp_path_factory.mktemp("elsewhere") / "layers.py"
        path.write_text(LAYERS)
        result = run(project, "-v", f"--trigrad={path}", "-k", "AddLayer and builds")
        assert result.ret == 0
        assert result.parseoutcomes()["passed"] == 1
        result.stdout.fnmatch_lines(["configfile: pyproject.toml"])

    def test_a_project_without_tests(self, project: pytest.Pytester) -> None:
        (project.path / "test_own.py").unlink()
        assert run(project, "--trigrad=mylib/layers.py", "-k", "AddLayer").ret == 0

    @pytest.mark.whole
    def test_with_xdist(self, project: pytest.Pytester) -> None:
        pytest.importorskip("xdist")
        options = ("-n", "2", "-rA", "--trigrad-hints", "law", "--trigrad=mylib/layers.py")
        result = project.runpytest_subprocess("-p", "no:cacheprovider", *options)
        outcomes = result.parseoutcomes()
        assert outcomes["failed"] == 4
        assert outcomes["passed"] > 30
        result.stdout.fnmatch_lines_random([f"FAILED {WRONG[0]}*", "PASSED test_own.py::test_own"])


class TestFailure:
    def test_it_is_the_layer_s_part_of_the_report(self, project: pytest.Pytester) -> None:
        result = run(project, "--trigrad=mylib/layers.py", "-k", "autograd and gradient and Mul")
        text = result.stdout.str()
        assert "Traceback" not in text
        assert "trigrad/suite.py" not in text
        assert "reference/api.py" not in text
        result.stdout.fnmatch_lines(
            [
                "_* MulLayer: autograd: gradient of x _*",
                (
                    "MulLayer: the gradient of x is wrong: PyTorch computes another one "
                    "(layers.py, line 16)"
                ),
                "      should be  [[][[]*]]         PyTorch",
                "    verified fix (with it, every check passes):",
                "      16   return dout + self.y,*",
            ],
            consecutive=False,
        )

    @pytest.mark.parametrize(("hints", "lines"), [("law", False), ("line", True)])
    def test_no_more_than_the_hints_reveal(
        self, project: pytest.Pytester, hints: str, lines: bool
    ) -> None:
        options = ("--trigrad=mylib/layers.py", "-k", "autograd and gradient and Mul")
        text = run(project, *options, f"--trigrad-hints={hints}").stdout.str()
        assert "the gradient of x is wrong: PyTorch computes another one" in text
        assert ("line 16" in text) is lines
        assert "verified fix" not in text
        assert "dout * self.y" not in text

    def test_what_cannot_be_judged_fails_with_the_reason(self, project: pytest.Pytester) -> None:
        path = project.path / "mylib" / "layers.py"
        path.write_text(LAYERS.replace("MulLayer", "Dropout"))
        result = run(project, "--trigrad=mylib/layers.py", "-k", "Dropout")
        assert result.parseoutcomes()["failed"] == 1
        result.stdout.fnmatch_lines(
            ["Dropout: not judged, trigrad knows no layer of this name (layers.py, line 10)"]
        )

    def test_one_line_of_traceback_for_a_claim_of_a_suite(self, project: pytest.Pytester) -> None:
        project.makepyfile(
            test_claims="""
            import pytest
            from trigrad import claims

            @pytest.mark.parametrize("claim", claims("mylib/layers.py"), ids=str)
            def test_gradients(claim):
                claim.check()
            """
        )
        result = run(project, "test_claims.py", "-k", "autograd and gradient and Mul", "--tb=short")
        places = re.findall(r"^\S+\.py:\d+: .*$", result.stdout.str(), re.M)
        # An interrupted test of gradcheck in the same process may still print its own places.
        assert "test_claims.py:6: in test_gradients" in places
        assert not [place for place in places if "suite.py" in place or "api.py" in place]


class TestAdvice:
    def test_it_is_none_of_the_tests(self, project: pytest.Pytester) -> None:
        result = run(project, "-v", "--trigrad=mylib/layers.py", "-k", "AddLayer")
        assert "separate arrays" not in result.stdout.str()

    def test_unless_it_is_asked_for(self, project: pytest.Pytester) -> None:
        options = ("--trigrad=mylib/layers.py", "--trigrad-advice", "-k", "AddLayer")
        result = run(project, "-v", "-rx", *options)
        assert "mylib/layers.py::AddLayer: laws: gradients are separate arrays" in named(
            result, "XFAIL"
        )
        assert result.ret == 0
        result.stdout.fnmatch_lines(
            [
                (
                    "*suggestion: *the gradient of x and that of y are one array, so that changing "
                    "one changes both: return a copy of one of them*"
                )
            ]
        )


class TestNothingToJudge:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (None, "there is no file or folder mylib/b.py: check the spelling"),
            ("", "mylib/b.py is empty: there is nothing to judge"),
            ("x = 1", "mylib/b.py has no layer that can be judged"),
        ],
    )
    def test_it_is_an_error_of_the_command_line(
        self, project: pytest.Pytester, text: str | None, words: str
    ) -> None:
        if text is not None:
            (project.path / "mylib" / "b.py").write_text(text)
        result = run(project, "--trigrad=mylib/b.py")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"ERROR: trigrad: {words}"])

    def test_with_xdist_it_is_a_failure(self, project: pytest.Pytester) -> None:
        pytest.importorskip("xdist")
        options = ("-n", "1", "--trigrad=mylib/b.py")
        result = project.runpytest_subprocess("-p", "no:cacheprovider", *options)
        assert result.parseoutcomes() == {"passed": 1, "failed": 1}
        result.stdout.fnmatch_lines(["mylib/b.py: not judged, there is no file or folder*"])


def test_a_module_of_the_plugin_costs_nothing(tmp_path: Path, pytester: pytest.Pytester) -> None:
    """Every run of pytest imports it, in every project."""
    path = tmp_path / "a.py"
    path.write_text(
        "import sys, trigrad.pytest_plugin\n"
        "heavy = 'numpy', 'torch', 'hypothesis', 'trigrad.api', 'trigrad.suite'\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    assert pytester.runpython(path).stdout.str() == "[]"
