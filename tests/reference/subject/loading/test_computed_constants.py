"""Computed constants: run where a layer needs them, and only if they only compute."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trigrad import check
from trigrad.subject.loading.loader import load
from trigrad.subject.source.sources import read
from trigrad.verdict.results import Results, Verdict

SIGMOID = """
class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x)) + 0 * {constant}
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
"""


def judged(folder: Path, top: str, constant: str) -> Results:
    path = folder / "notes.py"
    path.write_text(f"import numpy as np\n{top}\n{SIGMOID.format(constant=constant)}", "utf-8")
    return check(path, examples=2, layer="Sigmoid")


@pytest.mark.parametrize(
    ("top", "constant"),
    [
        ("eps = np.float64(1e-7)", "eps"),
        ("base = float(2)\neps = base * np.sqrt(base)", "eps"),
        ("rng = np.random.default_rng(0)", "rng.random()"),
        ("size: int = max(1, 2)", "size"),
        ("tiny = np.finfo(np.float64).tiny", "tiny"),
        ("eps, far = np.float64(1e-7), 3", "eps * far"),
        ("low, *others = np.zeros(3)", "low"),
        ("eps = float(2)\neps *= 3", "eps"),
        ("eps = 2\neps += np.sqrt(3)", "eps"),
        ("from math import e\nbase = e", "base"),
        ("from math import sqrt as root\nbase = root(2)", "base"),
        ("from numpy import float64, finfo\neps = finfo(float64).eps", "eps"),
        ("import numpy as xp\neps = xp.sqrt(2)", "eps"),
        ("np.random.seed(3)\nnoise = np.random.rand()", "noise"),
        ("table = [np.sqrt(i) for i in range(3)]", "table[1]"),
        ("from functools import partial\ntwice = partial(np.multiply, 2)", "twice(3)"),
        ("import collections\nP = collections.namedtuple('P', 'a b')", "P(1, 2).a"),
        ("class Config:\n    scale = 3\nconfig = Config()", "config.scale"),
        ("class A:\n    def __init__(self):\n        self.h = np.sqrt(2)\na = A()", "a.h"),
        ("import logging\nlog = logging.getLogger(__name__)", "(log.debug('x') or 1)"),
        ("import os\neps = float(os.environ.get('EPS_OF_NOBODY', '1e-7'))", "eps"),
        ("from os import getenv as g\neps = g('EPS_OF_NOBODY')", "(eps is None)"),
        ("import time\nstart = time.time()", "start"),
        ("from time import perf_counter\nstart = perf_counter()", "start"),
        ("import json\nconfig = json.loads('{\"eps\": 1}')", "config['eps']"),
        ("import pathlib\nhere = pathlib.Path(__file__).resolve().parent", "len(here.name)"),
        ("import os.path as osp\nhere = osp.dirname(osp.abspath(__file__))", "len(here)"),
        ("names = 'a,b'.split(',')", "len(names)"),
        ("import random\nrandom.seed(0)\neps = random.random()", "eps"),
        (
            "import argparse\np = argparse.ArgumentParser()\n"
            "p.add_argument('--eps', type=float, default=2.0)\nargs = p.parse_args()",
            "args.eps",
        ),
        ("import os\nif os.environ.get('GPU') == '1':\n    k = 1\nelse:\n    k = 0", "1 / (1 - k)"),
        ("import os\ng = os.getenv('GPU')\nif g:\n    k = 1\nelse:\n    k = 0", "1 / (1 - k)"),
        ("def half(x): return np.sqrt(x) / 2\ndef make(): return half(3)\nh = make()", "h"),
    ],
)
def test_what_a_layer_needs_is_computed(tmp_path: Path, top: str, constant: str) -> None:
    assert judged(tmp_path, top, constant).layers[0].verdict is Verdict.PASS


def test_what_no_layer_needs_is_not_computed(tmp_path: Path) -> None:
    # It would raise, and be said.
    assert judged(tmp_path, "unused = np.zeros(-1)", "1").notes == ()


@pytest.mark.parametrize(
    "top",
    [
        "data = open('x').read()",
        "data = np.load('x.npy')",
        "data = fetch(1)",
        "import json\ndata = json.load(open('x'))",
        "import os\ndata = os.system('true')",
        "import os\ndata = os.remove('x')",
        "import pathlib\ndata = pathlib.Path('x').write_text('x')",
        "import time\ndata = time.sleep(100)",
        "import logging\ndata = logging.FileHandler('x')",
        "data = [fetch(1) for _ in range(2)]; make = lambda: fetch(2)",
    ],
)
def test_what_does_more_than_compute_is_not_run(tmp_path: Path, top: str) -> None:
    (unjudged,) = judged(tmp_path, top, "len(data)").unjudged
    line = 2 + top.count("\n")
    assert unjudged.why == (
        f"it needs what was not found: data, computed at line {line} (undefined name data)"
    )


@pytest.mark.parametrize(
    "body", ["return open('x').read()", "return net.fit()", "return inner()\ndef inner(): fit()"]
)
def test_nor_is_a_function_of_their_own_that_does(tmp_path: Path, body: str) -> None:
    top = f"def make():\n    {body}\ndata = make()"
    assert (
        "it needs what was not found: data, computed at line"
        in judged(tmp_path, top, "len(data)").unjudged[0].why
    )


@pytest.mark.parametrize("name", ["y", "dout", "W"])
def test_an_operand_s_name_at_the_top_hides_no_mistake(tmp_path: Path, name: str) -> None:
    layer = judged(tmp_path, f"{name} = np.array(1.0)", name).layers[0]
    assert layer.verdict is Verdict.FAIL
    raised = layer.failures[0].finding.evidence
    assert raised is not None
    assert raised.raised is not None
    assert raised.raised.error == "NameError"


@pytest.mark.parametrize(
    "top",
    ["y = 3", "x, y = 1, 2", "y: float = 0.5", "h = y = 2.0", "y = 2\ny += 1", "y = [1, 2]"],
)
def test_nor_does_a_plain_one(tmp_path: Path, top: str) -> None:
    layer = judged(tmp_path, top, "y").layers[0]
    assert layer.verdict is Verdict.FAIL
    raised = layer.failures[0].finding.evidence
    assert raised is not None
    assert raised.raised is not None
    assert raised.raised.message == "undefined name y"
    assert raised.raised.absent is None


def test_beside_it_a_constant_of_another_name_is_kept(tmp_path: Path) -> None:
    assert judged(tmp_path, "y, h = 1, 2", "h").layers[0].verdict is Verdict.PASS


def test_a_seed_before_what_is_drawn(tmp_path: Path) -> None:
    text = "import numpy as np\nnp.random.seed(3)\nnoise = np.random.rand(2)\ndef f(): return noise"
    path = tmp_path / "a.py"
    path.write_text(text)
    (f,) = load(read(path)).definitions
    assert f.value().tolist() == np.random.RandomState(3).rand(2).tolist()


@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("from config import EPS", "EPS"),
        ("from config import *", "EPS"),
        ("import config", "config.EPS"),
        ("import config as c", "c.EPS"),
    ],
)
@pytest.mark.parametrize("whole", [False, True], ids=["a file", "its folder"])
def test_what_another_module_computes(
    tmp_path: Path, imports: str, expression: str, whole: bool
) -> None:
    (tmp_path / "config.py").write_text("import numpy as np\nEPS = np.sqrt(0.25)\nprint(EPS)\n")
    path = tmp_path / "a.py"
    path.write_text(f"{imports}\ndef f(): return {expression}")
    (f,) = load(read(tmp_path if whole else path)).definitions
    assert f.value() == 0.5


def test_a_constant_of_a_star_import_that_no_layer_reads_is_not_computed(
    tmp_path: Path,
) -> None:
    (tmp_path / "data.py").write_text("import numpy as np\nEPS = np.sqrt(0.25)\nX = np.zeros(-1)\n")
    path = tmp_path / "a.py"
    path.write_text("from b import *\ndef f(): return EPS")
    (tmp_path / "b.py").write_text("from data import *\n")
    loaded = load(read(path))
    assert loaded.definitions[0].value() == 0.5
    assert loaded.skipped == {"X": "line 3"}
