"""A folder is opened file by file: nothing of one file changes what is found of another."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from trigrad import check
from trigrad.opening import open_subject
from trigrad.sandbox.limits import Limits
from trigrad.subject.source.text import UnreadableError
from trigrad.verdict.results import LayerReport, Results, Verdict

Write = Callable[[dict[str, str]], Path]

PAIR = """
import numpy as np

def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z

def sigmoid_backward(dA, cache):
    s = 1 / (1 + np.exp(-cache))
    return dA * s * (1 - s)
"""
PLAIN = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))
"""
ADD = """
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
"""
ADD_WRONG = ADD.replace("dout * 1, dout * 1", "dout * 1, dout * 2")
RELU = """
import numpy as np

class Relu:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)
"""
AFFINE = """
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
"""
LOSS = """
class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        return cross_entropy_error(self.y, t)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / self.t.shape[0]
"""
NET = """
import numpy as np
from common.layers import *

class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {
            "W1": np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }
        p = self.params
        self.layers = [Affine(p["W1"], p["b1"]), Relu(), Affine(p["W2"], p["b2"])]
        self.last = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.last.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last.backward(1)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        first, _, second = self.layers
        return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}
"""
LAYERS = RELU + AFFINE + LOSS
WRONG_LAYERS = LAYERS.replace("self.x.T @ dout", "2 * self.x.T @ dout")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files (path → text) and return their folder."""

    def to_files(files: dict[str, str]) -> Path:
        root = tmp_path / "class"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return root

    return to_files


def verdicts(report: Results) -> dict[tuple[str, str], str]:
    """The verdict on each layer, by its file and name."""
    return {(_file(r), r.name): r.verdict.value for r in report.layers}


def _file(layer: LayerReport) -> str:
    return layer.where.file if layer.where else ""


PACKAGE = {
    "nn/__init__.py": "from .layers import Relu\nfrom .more import AddLayer\n",
    "nn/layers.py": RELU,
    "nn/more.py": f"from . import Relu\n{ADD}",
}


class TestNotesOnImportedFiles:
    """A package's `__init__.py` that imports the very file which is opened has nothing wrong."""

    @pytest.mark.parametrize("in_process", [True, False])
    def test_are_those_of_the_file_opened_by_itself(self, write: Write, in_process: bool) -> None:
        report = check(write(PACKAGE), examples=2, in_process=in_process)
        assert report.notes == ()
        assert report.ok

    def test_are_kept_where_it_is_not(self, write: Write) -> None:
        folder = write(PACKAGE | {"nn/layers.py": f"def f(x=1 / 0): ...\n{RELU}"})
        expected = "nn/layers.py, line 1: skipped, it raises ZeroDivisionError: division by zero"
        assert check(folder, examples=2).notes == (f"{expected} (nn/layers.py)",)
        (note,) = check(folder / "nn/__init__.py", examples=2).notes
        assert "ZeroDivisionError" in note


class TestSameNames:
    @pytest.mark.parametrize("in_process", [True, False])
    def test_two_right_files_pass(self, write: Write, in_process: bool) -> None:
        folder = write({"week1.py": PAIR, "week2.py": PLAIN})
        report = check(folder, examples=2, in_process=in_process)
        assert verdicts(report) == {
            ("week1.py", "sigmoid/sigmoid_backward"): "pass",
            ("week2.py", "sigmoid"): "pass",
        }
        assert report.ok

    def test_a_module_that_is_imported_has_pairs_in_each_file(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = write({"mixed_pack/__init__.py": "", "mixed_pack/week1.py": PAIR})
        write({"mixed_pack/week2.py": PLAIN})
        monkeypatch.syspath_prepend(folder)
        assert set(verdicts(check("mixed_pack", examples=2)).values()) == {"pass"}

    def test_the_wrong_one_of_two_fails(self, write: Write) -> None:
        report = check(write({"alice/add.py": ADD, "bob/add.py": ADD_WRONG}), examples=2)
        assert verdicts(report) == {
            ("alice/add.py", "AddLayer"): "pass",
            ("bob/add.py", "AddLayer"): "fail",
        }
        lines = str(report).splitlines()
        assert any(line.startswith("✓ AddLayer") and "alice/add.py" in line for line in lines)
        assert any(line.startswith("✗ AddLayer") and "bob/add.py" in line for line in lines)

    def test_its_fix_is_found_in_its_own_file(self, write: Write) -> None:
        folder = write({"alice/add.py": ADD, "bob/add.py": ADD_WRONG})
        report = check(folder, examples=2, repair_seconds=20.0)
        (wrong,) = (r for r in report.layers if r.verdict is Verdict.FAIL)
        assert wrong.repair is not None
        (change,) = wrong.repair.changes
        assert Path(change.path) == (folder / "bob/add.py").resolve()


class TestImports:
    NO_COMMON = {  # noqa: RUF012 - read only
        "alice/net.py": NET,
        "bob/net.py": NET,
        "bob/common/layers.py": LAYERS,
    }

    @pytest.mark.parametrize("mark", [None, "README.md", ".git/HEAD", "pyproject.toml"])
    def test_another_student_s_are_never_taken(self, write: Write, mark: str | None) -> None:
        folder = write({**self.NO_COMMON, **({mark: ""} if mark else {})})
        report = check(folder, examples=2)
        found = verdicts(report)
        assert found["bob/net.py", "TwoLayerNet"] == "pass"
        assert ("alice/net.py", "TwoLayerNet") not in found
        (unjudged,) = report.unjudged
        assert unjudged.where is not None
        assert (unjudged.name, unjudged.where.file) == ("TwoLayerNet", "alice/net.py")
        assert unjudged.why.startswith("it needs what was not found: common.layers")
        assert report.exit_status == 3

    def test_not_even_where_the_files_have_other_names(self, write: Write) -> None:
        folder = write({"alice/network.py": NET, "bob/common/layers.py": LAYERS})
        report = check(folder, examples=2)
        assert ("alice/network.py", "TwoLayerNet") not in verdicts(report)
        assert (
            "common.layers may be bob/common/layers.py, which another project may own: it is not "
            "used" in report.notes
        )

    def test_that_is_said_once_of_a_package(self, write: Write) -> None:
        files = {"alice/network.py": NET, "bob/common/__init__.py": ""}
        report = check(write({**files, "bob/common/layers.py": LAYERS}), examples=2)
        assert [note for note in report.notes if "not used" in note] == [
            "common may be bob/common, which another project may own: it is not used"
        ]

    @pytest.mark.parametrize("target", ["alice", "alice/net.py"])
    def test_nor_where_the_student_s_own_work_is_the_target(
        self, write: Write, target: str
    ) -> None:
        folder = write({**self.NO_COMMON, "README.md": ""})
        report = check(folder / target, examples=2)
        assert report.exit_status == 3
        assert "it needs what was not found: common.layers" in str(report)

    @pytest.mark.parametrize("names", [("20210001", "20210002"), ("anna", "ben")])
    def test_nor_whatever_the_students_folders_are_called(
        self, write: Write, names: tuple[str, str]
    ) -> None:
        one, other = names
        folder = write({f"{one}/network.py": NET, f"{other}/common/layers.py": LAYERS})
        assert (f"{one}/network.py", "TwoLayerNet") not in verdicts(check(folder, examples=2))

    def test_each_has_its_own(self, write: Write) -> None:
        files = {"alice/net.py": NET, "alice/common/layers.py": LAYERS}
        files |= {"bob/net.py": NET, "bob/common/layers.py": WRONG_LAYERS}
        report = check(write(files), examples=2, repair_seconds=0)
        found = verdicts(report)
        assert found["alice/net.py", "TwoLayerNet"] == "pass"
        assert found["bob/net.py", "TwoLayerNet"] == "inconclusive"
        assert found["bob/common/layers.py", "Affine"] == "fail"
        assert list(found.values()).count("fail") == 1

    def test_a_network_is_not_blocked_by_a_layer_of_another_file(self, write: Write) -> None:
        whole = LAYERS + NET.replace("from common.layers import *", "")
        only_affine = {"alice/net.py": whole, "bob/affine.py": WRONG_LAYERS}
        found = verdicts(check(write(only_affine), examples=2, repair_seconds=0))
        assert found["alice/net.py", "TwoLayerNet"] == "pass"
        assert found["bob/affine.py", "Affine"] == "fail"

    def test_what_is_given_to_all_is_taken(self, write: Write) -> None:
        files = {"alice/net.py": NET, "bob/net.py": NET, "common/layers.py": LAYERS}
        found = verdicts(check(write(files), examples=2))
        assert found["alice/net.py", "TwoLayerNet"] == "pass"
        assert found["bob/net.py", "TwoLayerNet"] == "pass"

    def test_one_project_in_several_folders(self, write: Write) -> None:
        folder = write({"ch05/net.py": NET, "src/common/layers.py": LAYERS})
        assert verdicts(check(folder, examples=2))["ch05/net.py", "TwoLayerNet"] == "pass"

    def test_what_lies_below_a_file_is_its_own(self, write: Write) -> None:
        """The judged folder itself is among the packages that are compared with it."""
        folder = write({"net.py": NET, "parts/common/layers.py": LAYERS, "pyproject.toml": ""})
        report = check(folder / "net.py", examples=2)
        assert verdicts(report) == {("net.py", "TwoLayerNet"): "pass"}
        assert report.notes == ("common is taken from parts/common",)

    def test_what_one_file_lacks_is_no_excuse_for_another(self, write: Write) -> None:
        """A star import of a module that is not here may have brought any name: into that file."""
        slip = ADD.replace("x + y", "Sum(x, y)")
        folder = write({"alice.py": f"from elsewhere import *\n{RELU}", "bob.py": slip})
        found = verdicts(check(folder, examples=2, repair_seconds=0))
        assert found == {("alice.py", "Relu"): "pass", ("bob.py", "AddLayer"): "fail"}


class TestOpenedAgain:
    def test_with_another_text_only_what_it_concerns_is(self, write: Write) -> None:
        files = {"net.py": NET, "common/layers.py": LAYERS, "add.py": ADD}
        subject = open_subject(write(files))
        assert subject.reload is not None
        (label,) = {c.label for c in subject.candidates if c.name == "Affine"}
        again = subject.reload({label: WRONG_LAYERS})
        names = [c.name for c in again.candidates]
        assert names == ["Relu", "Affine", "SoftmaxWithLoss", "TwoLayerNet"]
        texts = {c.label: c.text for m in again.modules for c in m.chunks}
        assert texts[label] == WRONG_LAYERS
        assert set(texts) == {c.label for m in subject.modules for c in m.chunks}
        assert again.reload is not None
        assert [c.name for c in again.reload({"<add.py>": ADD_WRONG}).candidates] == ["AddLayer"]

    def test_a_part_is_the_file_with_all_that_it_imports(self, write: Write) -> None:
        files = {"net.py": NET, "common/layers.py": LAYERS, "add.py": ADD}
        subject = open_subject(write(files))
        by_name = {c.name: c for c in subject.candidates}
        near = {name: subject.within_reach_of(c) for name, c in by_name.items()}
        assert {c.name for c in near["AddLayer"]} == {"AddLayer"}
        assert {c.name for c in near["TwoLayerNet"]} == set(by_name) - {"AddLayer"}


class TestWhatCannotBeRead:
    @pytest.fixture
    def report(self, write: Write) -> Results:
        folder = write({"alice.py": ADD, "bob.py": "", "pack/__init__.py": "", "dan.ipynb": "{}"})
        write({"erin.py": f"def f(:\n{RELU}", "fred.py": "print 'loss'"})
        with zipfile.ZipFile(folder / "carol.zip", "w") as archive:
            archive.writestr("layers.py", RELU)
        (folder / "gina.docx").write_bytes((folder / "carol.zip").read_bytes())
        (folder / "hal.py").write_bytes((folder / "carol.zip").read_bytes())
        (folder / "ida.py").write_bytes("x = '逆伝播'\n".encode("shift_jis"))
        return check(folder, examples=2)

    def test_the_others_are_judged(self, report: Results) -> None:
        assert verdicts(report) == {("alice.py", "AddLayer"): "pass"}

    @pytest.mark.parametrize(
        "line",
        [
            "note: bob.py is empty",
            "note: carol.zip is not read: it is an archive; unpack it first",
            "note: dan.ipynb is not read: it is a notebook; check it by itself",
            "note: gina.docx is not read: it is a document; save the code in a .py file",
            "- erin.py: not judged, syntax error in erin.py, line 1: invalid syntax",
        ],
    )
    def test_each_is_listed_with_a_sentence(self, report: Results, line: str) -> None:
        assert str(report).splitlines().count(line) == 1

    @pytest.mark.parametrize("name", ["fred.py", "hal.py", "ida.py"])
    def test_python_that_is_none_is_listed_too(self, report: Results, name: str) -> None:
        told = [line for line in str(report).splitlines() if name in line]
        assert len(told) == 1
        assert told[0].startswith(f"- {name}")

    def test_an_empty_init_is_no_news(self, report: Results) -> None:
        assert "__init__" not in str(report)

    def test_it_does_not_hold(self, report: Results) -> None:
        assert report.exit_status == 3

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            (b"print 'loss'", 0),
            (b"print 'loss'\nclass Relu:\n    pass", 3),
            (b"x = '\xff'", 3),
            (b"", 0),
        ],
    )
    def test_what_counts(self, write: Write, text: bytes, status: int) -> None:
        """Text without a layer is nothing to judge; of what cannot be decoded nobody knows."""
        folder = write({"a.py": ADD})
        (folder / "b.py").write_bytes(text)
        assert check(folder, examples=1).exit_status == status

    def test_nothing_but_that(self, write: Write) -> None:
        folder = write({"a.py": "def f(:", "b.py": "def g(:"})
        report = check(folder)
        assert report.exit_status == 2
        assert report.error is not None
        assert "a.py: syntax error in a.py, line 1" in report.error

    def test_nothing_but_archives(self, write: Write) -> None:
        folder = write({"a.zip": "", "b.txt": ""})
        assert check(folder).error == (
            f"there is no Python file (.py) in the folder {folder}; a.zip is not read: it is an "
            "archive; unpack it first"
        )


class TestNotes:
    def test_what_holds_for_some_files_names_them(self, write: Write) -> None:
        files = {"a.py": f"import nowhere\n{ADD}", "b.py": RELU, "c.py": "import nowhere"}
        report = check(write(files), examples=1)
        assert report.notes == ("not found: nowhere (a.py, c.py)",)

    def test_what_holds_for_all_names_none(self, write: Write) -> None:
        files = dict.fromkeys(("a.py", "b.py"), f"import nowhere\n{ADD}")
        assert check(write(files), examples=1).notes == ("not found: nowhere",)

    def test_many_files_are_counted(self, write: Write) -> None:
        files = dict.fromkeys([f"{n}.py" for n in range(6)], "import nowhere")
        report = check(write({**files, "a.py": ADD}), examples=1)
        assert report.notes == ("not found: nowhere (0.py, 1.py, 2.py and 3 more)",)


def test_a_file_that_hangs_costs_no_other_its_verdict(write: Write) -> None:
    """Ten statements that hang are more than one text may have."""
    hangs = dict.fromkeys([f"s{n}.py" for n in range(10)], "class Relu:\n    while True: pass")
    subject = open_subject(write({"a.py": ADD, **hangs}), limits=Limits(timeout=0.2))
    assert [c.name for c in subject.candidates] == ["AddLayer", *["Relu"] * 10]


def test_an_empty_path_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(ADD)
    monkeypatch.chdir(tmp_path)
    for path in ("", "  "):
        assert check(path).error == "the path is empty"


class TestBrokenNeighbours:
    """A neighbour that cannot be read costs only what imports it something, and is said once."""

    BROKEN = (
        ("loop", None, "loop.py cannot be read: Too many levels of symbolic links"),
        ("coding", b"# -*- coding: nonsense -*-\n", "coding.py cannot be decoded: unknown enco"),
        ("latin", b'X = "\xe9\xff"\n', "latin.py cannot be decoded: invalid or missing enco"),
        ("syntax", b"def (:\n", "syntax error in syntax.py, line 1: invalid syntax"),
    )

    @pytest.mark.parametrize(("name", "data", "words"), BROKEN)
    @pytest.mark.parametrize("line", ["", "import {}", "from {} import *", "from lib.{} import x"])
    def test_of_one_file(
        self, write: Write, name: str, data: bytes | None, words: str, line: str
    ) -> None:
        folder = write({"a.py": f"{line.format(name)}\n{ADD}", "lib/b.py": ""})
        broken(folder, name, data)
        subject = open_subject(folder / "a.py")
        assert [candidate.name for candidate in subject.candidates] == ["AddLayer"]
        subject = open_subject(folder)
        assert [candidate.name for candidate in subject.candidates] == ["AddLayer"]
        (why,) = [u.why for u in subject.unjudged]
        assert words in why
        assert not any(words in note for note in subject.notes)

    def test_a_link_that_leads_nowhere(self, write: Write) -> None:
        folder = write({"a.py": ADD})
        broken(folder, "loop", None)
        with pytest.raises(UnreadableError, match=r"loop\.py is a link that leads to no file"):
            open_subject(folder / "loop.py")


def broken(folder: Path, name: str, data: bytes | None) -> None:
    """A file of that content; None is a link to itself."""
    path = folder / f"{name}.py"
    if data is None:
        path.symlink_to(path.name)
    else:
        path.write_bytes(data)
