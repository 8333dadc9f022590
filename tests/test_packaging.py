"""What is installed: one package, whatever folders lie beside it, and every folder of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PROJECT = {
    "impl/__init__.py": "WHOSE = 'theirs'\n",
    "impl/layers.py": """
        class AddLayer:
            def forward(self, x, y):
                return x + y

            def backward(self, dout):
                return dout * 1, dout * 1
        """,
    "reference.py": "WHOSE = 'theirs'\n",
    "src/reference/__init__.py": "WHOSE = 'theirs too'\n",
    "conftest.py": """
        def pytest_addoption(parser):
            parser.addoption("--impl", help="theirs")
        """,
    "test_theirs.py": """
        import impl
        import pytest
        import reference
        from impl.layers import AddLayer
        from trigrad import check, claims

        @pytest.mark.parametrize("claim", claims(AddLayer, examples=2), ids=str)
        def test_gradients(claim):
            claim.check()

        def test_the_sandbox_finds_trigrad():
            assert check("impl/layers.py", layer="AddLayer", examples=2).ok

        def test_their_own_are_theirs(request):
            assert (impl.WHOSE, reference.WHOSE) == ("theirs", "theirs")
            assert request.config.getoption("--impl") == "mine"
        """,
}


def listed() -> set[str]:
    """The packages that pyproject.toml lists."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return set(tomllib.load(file)["tool"]["setuptools"]["packages"])


def test_every_folder_of_the_tree_is_listed() -> None:
    folders = {path.parent.relative_to(ROOT) for path in ROOT.glob("reference/**/__init__.py")}
    names = {".".join(("trigrad", *folder.parts[1:])) for folder in folders}
    assert listed() == names | {"trigrad.impl"}


def test_every_folder_with_code_is_a_package() -> None:
    for path in (*ROOT.glob("reference/**/*.py"), *ROOT.glob("impl/**/*.py")):
        assert (path.parent / "__init__.py").is_file(), path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pip builds it, from a copy: a build leaves things in its folder."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    skipped = shutil.ignore_patterns("__pycache__")
    for name in ("reference", "impl"):
        shutil.copytree(ROOT / name, source / name, ignore=skipped)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, source]
    subprocess.run(command, check=True)
    (path,) = folder.glob("trigrad-*.whl")
    return path


def test_wheel_has_one_name_and_everything_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    there = {name for name in names if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in there} == {"trigrad"}
    due = {f"trigrad/{p.relative_to(ROOT / 'reference')}" for p in ROOT.glob("reference/**/*.py")}
    pages = [p for kind in ("html", "css", "js", "mo") for p in ROOT.glob(f"reference/**/*.{kind}")]
    due |= {f"trigrad/{path.relative_to(ROOT / 'reference')}" for path in pages}
    due |= {f"trigrad/impl/{path.name}" for path in ROOT.glob("impl/*.py")}
    due |= {f"trigrad/impl/sample/{path.name}" for path in ROOT.glob("impl/sample/*")}
    assert there == due | {"trigrad/py.typed"}


@pytest.mark.whole
def test_project_with_folders_of_those_names_is_left_alone(wheel: Path, tmp_path: Path) -> None:
    site, project = tmp_path / "site", tmp_path / "project"
    install = ["install", "--quiet", "--no-deps", "--target", site, wheel]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    for name, text in PROJECT.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--impl=mine"),
            "--trigrad=impl/layers.py",
            "-rA",
        ],
        cwd=project,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(site), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASSED impl/layers.py::AddLayer: autograd: gradient of x" in done.stdout
