"""Layers that nobody has declared, on inputs that trigrad guesses: they never fail."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trigrad import check
from trigrad.commands.app import app
from trigrad.messages import Message
from trigrad.report.report import Report
from trigrad.verdict.results import Verdict

RIGHT = {
    "Squash": """
        class Squash:
            def forward(self, x):
                self.out = np.tanh(x)
                return self.out

            def backward(self, dout):
                return dout * (1 - self.out ** 2)
        """,
    "Scale": """
        class Scale:
            def __init__(self, width):
                self.gain = np.ones(width)

            def forward(self, x):
                self.x = x
                return self.gain * x

            def backward(self, dout):
                self.dgain = (dout * self.x).sum(axis=0)
                return dout * self.gain
        """,
    "Mixed": """
        class Mixed:
            def __init__(self, Wt, bt, Wh, bh):
                self.Wt, self.bt, self.Wh, self.bh = Wt, bt, Wh, bh

            def forward(self, x):
                self.x = x
                self.t = 1 / (1 + np.exp(-(x @ self.Wt + self.bt)))
                self.h = np.tanh(x @ self.Wh + self.bh)
                return self.t * self.h + (1 - self.t) * x

            def backward(self, dout):
                dt = dout * (self.h - self.x) * self.t * (1 - self.t)
                dh = dout * self.t * (1 - self.h**2)
                self.dWt, self.dbt = self.x.T @ dt, dt.sum(axis=0)
                self.dWh, self.dbh = self.x.T @ dh, dh.sum(axis=0)
                return dout * (1 - self.t) + dt @ self.Wt.T + dh @ self.Wh.T
        """,
    "Leaky": """
        class Leaky:
            def __init__(self, alpha):
                self.alpha = alpha

            def forward(self, x):
                self.x = x
                return np.where(x > 0, x, self.alpha * x)

            def backward(self, dout):
                self.dalpha = (dout * np.minimum(self.x, 0)).sum(axis=0)
                return dout * np.where(self.x > 0, 1, self.alpha)
        """,
    "Divergence": """
        class Divergence:
            def forward(self, logp, q):
                self.q = q
                return (q * (np.log(q) - logp)).sum() / len(q)

            def backward(self, dout=1):
                return -dout * self.q / len(self.q)
        """,
    "Lookup": """
        class Lookup:
            def __init__(self, table):
                self.table = table
                self.dtable = None

            def forward(self, ids):
                self.ids = ids
                return self.table[ids]

            def backward(self, dout):
                self.dtable = np.zeros_like(self.table)
                np.add.at(self.dtable, self.ids, dout)
        """,
    "Drop": """
        class Drop:
            def __init__(self, rate):
                self.keep = 1 - rate

            def forward(self, x):
                self.mask = np.random.rand(*x.shape) < self.keep
                return x * self.mask / self.keep

            def backward(self, dout):
                return dout * self.mask / self.keep
        """,
    "OverTime": """
        class OverTime:
            def __init__(self, W):
                self.params, self.grads = [W], [np.zeros_like(W)]

            def forward(self, xs):
                N, self.T, D = xs.shape
                self.xs = xs
                return xs @ self.params[0]

            def backward(self, dout):
                self.steps = [self.xs[:, t].T @ dout[:, t] for t in range(self.T)]
                self.grads[0][...] = sum(self.steps)
                return dout @ self.params[0].T
        """,
    "Halve": """
        class Halve:
            def forward(self, x):
                n, c, h, w = x.shape
                self.shape = x.shape
                return x.reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))

            def backward(self, dout):
                return dout.repeat(2, axis=2).repeat(2, axis=3) / 4
        """,
    "Recurrent": """
        class Recurrent:
            def __init__(self, Wx, Wh, b):
                self.Wx, self.Wh, self.b = Wx, Wh, b

            def forward(self, x, h_prev):
                self.x, self.h_prev = x, h_prev
                self.h = np.tanh(x @ self.Wx + h_prev @ self.Wh + self.b)
                return self.h

            def backward(self, dh):
                da = dh * (1 - self.h ** 2)
                self.dWx, self.dWh, self.db = self.x.T @ da, self.h_prev.T @ da, da.sum(axis=0)
                return da @ self.Wx.T, da @ self.Wh.T
        """,
    "Mix": """
        class Mix:
            def forward(self, q, k, v):
                self.q, self.k, self.v = q, k, v
                self.s = q @ k.transpose(0, 2, 1)
                return self.s @ v

            def backward(self, dout):
                ds = dout @ self.v.transpose(0, 2, 1)
                dv = self.s.transpose(0, 2, 1) @ dout
                return ds @ self.k, ds.transpose(0, 2, 1) @ self.q, dv
        """,
    "TwoStates": """
        class TwoStates:
            def __init__(self, Wx, Wh):
                self.Wx, self.Wh = Wx, Wh

            def forward(self, x, h_prev, c_prev):
                self.x, self.h_prev, self.c_prev = x, h_prev, c_prev
                self.g = np.tanh(x @ self.Wx + h_prev @ self.Wh)
                self.c = c_prev * self.g
                self.t = np.tanh(self.c)
                return self.t, self.c

            def backward(self, dh_next, dc_next):
                dc = dc_next + dh_next * (1 - self.t ** 2)
                dg = dc * self.c_prev * (1 - self.g ** 2)
                self.dWx, self.dWh = self.x.T @ dg, self.h_prev.T @ dg
                return dg @ self.Wx.T, dg @ self.Wh.T, dc * self.g
        """,
    "LogisticScore": """
        class LogisticScore:
            def forward(self, score, target):
                self.target = target
                self.p = 1 / (1 + np.exp(-score))
                return -np.mean(target * np.log(self.p) + (1 - target) * np.log(1 - self.p))

            def backward(self):
                return (self.p - self.target) / len(self.target)
        """,
    "HuberLoss": """
        class HuberLoss:
            def forward(self, pred, target):
                self.gap = pred - target
                small = np.abs(self.gap) <= 1
                each = np.where(small, 0.5 * self.gap ** 2, np.abs(self.gap) - 0.5)
                return each.mean()

            def backward(self):
                return np.clip(self.gap, -1, 1) / self.gap.size
        """,
}

WRONG = {
    "Squash": ("1 - self.out ** 2", "1 - self.out", "gradient of x"),
    "Scale": ("(dout * self.x)", "dout", "gradient of gain"),
    "Lookup": ("np.add.at(self.dtable, self.ids, dout)", "self.dtable[self.ids] = dout", "table"),
    "Drop": ("dout * self.mask / self.keep", "dout * self.mask / (1 - self.keep)", "gradient of x"),
    "OverTime": ("sum(self.steps)", "self.steps[-1]", "gradient of W"),
    "Halve": ("/ 4", "/ 2", "gradient of x"),
    "Recurrent": ("self.h_prev.T @ da", "self.h.T @ da", "gradient of Wh"),
    "Mix": ("ds @ self.k", "ds @ self.q", "gradient of q"),
    "TwoStates": ("dc * self.g", "dc * self.c", "gradient of c_prev"),
    "LogisticScore": ("self.p - self.target", "self.p", "gradient of score"),
    "HuberLoss": ("/ self.gap.size", "", "gradient of pred"),
    "Mixed": ("dout * (self.h - self.x)", "dout * self.h", "gradient of x"),
    "Leaky": ("np.minimum(self.x, 0)", "self.x", "gradient of alpha"),
    "Divergence": ("-dout * self.q", "dout * self.q", "gradient of logp"),
}


def file_of(folder: Path, text: str) -> Path:
    path = folder / "layers.py"
    path.write_text(f"import numpy as np\n\n\n{textwrap.dedent(text).strip()}\n", encoding="utf-8")
    return path


def guessed(folder: Path, text: str) -> Report:
    return check(file_of(folder, text), guess=True)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_layer_passes(name: str, tmp_path: Path) -> None:
    report = guessed(tmp_path, RIGHT[name])
    (layer,) = report.layers
    assert layer.verdict is Verdict.PASS, str(report)
    assert any("trigrad guessed what it takes" in note for note in layer.notes)
    assert report.exit_status == 0


KNOWN = {
    "Squash": "1 - self.out ** 2",
    "OverTime": "",
    "LogisticScore": "self.p - self.target",
    "Lookup": "np.add.at(self.dtable, self.ids, dout)",
    "Halve": "",
    "Recurrent": "self.h_prev.T @ da",
    "HuberLoss": "",
}
"""Layers whose forward is a function of the shelf, with the mended text where a fix is found."""


@pytest.mark.parametrize("name", KNOWN)
def test_a_wrong_layer_fails_if_its_forward_is_known(name: str, tmp_path: Path) -> None:
    right, wrong, what = WRONG[name]
    report = guessed(tmp_path, textwrap.dedent(RIGHT[name]).replace(right, wrong))
    (layer,) = report.layers
    assert layer.verdict is Verdict.FAIL, str(report)
    assert what in str([judgement.claim.name for judgement in layer.judgements if judgement.fails])
    changes = layer.repair.changes if layer.repair is not None else ()
    assert KNOWN[name] in "".join(change.after for change in changes)


@pytest.mark.parametrize("name", [name for name in WRONG if name not in KNOWN])
def test_a_wrong_layer_is_undecided_until_it_is_declared(name: str, tmp_path: Path) -> None:
    right, wrong, what = WRONG[name]
    text = textwrap.dedent(RIGHT[name])
    assert right in text
    report = guessed(tmp_path, text.replace(right, wrong))
    (layer,) = report.layers
    assert layer.verdict is Verdict.INCONCLUSIVE, str(report)
    assert report.exit_status == 3
    said = str(layer.undecided)
    assert what in said
    line = said[said.index("# trigrad:") :]
    path = file_of(tmp_path, f"{line}\n{text.replace(right, wrong).strip()}")
    declared = check(path, repair_seconds=0)
    assert [each.verdict for each in declared.layers] == [Verdict.FAIL], str(declared)
    mended = check(file_of(tmp_path, f"{line}\n{text.strip()}"))
    assert [each.verdict for each in mended.layers] == [Verdict.PASS], str(mended)


@pytest.mark.parametrize(
    ("option", "listed"), [({"guess": False}, ["Squash"]), ({"known": True}, [])]
)
def test_nothing_is_guessed_where_that_is_not_wanted(
    tmp_path: Path, option: dict[str, bool], listed: list[str]
) -> None:
    report = check(file_of(tmp_path, RIGHT["Squash"]), **option)
    assert not report.layers
    assert [each.name for each in report.unjudged] == listed


def test_a_base_of_others_is_not_guessed(tmp_path: Path) -> None:
    text = """
        class Activation:
            def forward(self, x):
                self.out = self.f(x)
                return self.out

            def backward(self, dout):
                return dout * self.df(self.out)


        class Tanh(Activation):
            def f(self, x):
                return np.tanh(x)

            def df(self, y):
                return 1 - y**2
    """
    report = check(file_of(tmp_path, text), in_process=True)
    assert [layer.name for layer in report.layers] == ["Tanh"]
    assert report.exit_status == 0


LAYERS = """
    import numpy as np

    class Affine:
        def __init__(self, W, b):
            self.W, self.b = W, b

        def forward(self, x):
            self.x = x
            return x @ self.W + self.b

        def backward(self, dout):
            self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
            return dout @ self.W.T

    class SoftmaxWithLoss:
        def forward(self, x, t):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            self.y, self.t = e / e.sum(axis=1, keepdims=True), t
            return -np.sum(t * np.log(self.y)) / len(x)

        def backward(self, dout=1):
            return dout * (self.y - self.t) / len(self.t)
    """

NETWORK = """
    import numpy as np
    from layers import Affine, SoftmaxWithLoss

    class Network:
        def loss(self, x, t):
            for layer in self.layers:
                x = layer.forward(x)
            return self.last.forward(x, t)

        def gradient(self, x, t):
            self.loss(x, t)
            dout = self.last.backward()
            for layer in self.layers[::-1]:
                dout = layer.backward(dout)
            return {n: getattr(layer, "d" + n[0]) for n, layer in self.owners.items()}

    class LinearNetwork(Network):
        def __init__(self, input_size, hidden_sizes, output_size):
            sizes = [input_size, *hidden_sizes, output_size]
            self.params, self.owners, self.layers = {}, {}, []
            self.last = SoftmaxWithLoss()
            for i in range(len(sizes) - 1):
                W, b = np.random.randn(sizes[i], sizes[i + 1]), np.zeros(sizes[i + 1])
                self.layers.append(Affine(W, b))
                self.params.update({f"W{i}": W, f"b{i}": b})
                self.owners.update({f"W{i}": self.layers[-1], f"b{i}": self.layers[-1]})
    """


@pytest.mark.parametrize(
    ("right", "wrong"), [("", ""), ("[::-1]", ""), ('"d" + n[0])', '"d" + n[0]) * 2')]
)
def test_a_network_takes_its_layers_and_its_passes_from_elsewhere(
    right: str, wrong: str, tmp_path: Path
) -> None:
    """Layers from another file, passes from a base class, hidden layers as a list of sizes."""
    assert right in NETWORK
    network = NETWORK.replace(right, wrong) if right else NETWORK
    (tmp_path / "layers.py").write_text(textwrap.dedent(LAYERS), "utf-8")
    (tmp_path / "network.py").write_text(textwrap.dedent(network), "utf-8")
    report = check(tmp_path, examples=2, in_process=True, repair_seconds=0)
    due = Verdict.INCONCLUSIVE if wrong or right else Verdict.PASS
    assert {layer.name: layer.verdict for layer in report.layers} == {
        "Affine": Verdict.PASS,
        "SoftmaxWithLoss": Verdict.PASS,
        "LinearNetwork": due,
    }
    assert not report.unjudged
    assert "hidden_sizes=[" in " ".join(map(str, report.layers[-1].notes))


def test_what_runs_with_no_guess_is_listed_as_before(tmp_path: Path) -> None:
    text = """
        class Odd:
            def forward(self, x):
                raise ValueError("not with this")

            def backward(self, dout):
                return dout
        """
    report = guessed(tmp_path, text)
    assert not report.layers
    (unjudged,) = report.unjudged
    why = "trigrad tried many inputs, and forward and backward run with none of them"
    assert (unjudged.name, unjudged.why) == ("Odd", why)
    assert report.exit_status == 3


CONVOLUTION = """
        class Convolution:
            def __init__(self, W, b):
                self.W, self.b = W, b

            def forward(self, x):
                self.x = x
                N, C, H, W = x.shape
                F, C, P, Q = self.W.shape
                out = np.zeros((N, F, H - P + 1, W - Q + 1))
                for i in range(H - P + 1):
                    for j in range(W - Q + 1):
                        part = x[:, :, i : i + P, j : j + Q]
                        out[:, :, i, j] = np.tensordot(part, self.W, axes=((1, 2, 3), (1, 2, 3)))
                return out + self.c.reshape(F, 1, 1)

            def backward(self, dout):
                return dout
"""


@pytest.mark.parametrize(
    ("written", "instead", "why"),
    [
        ("self.c", "self.c", "AttributeError: 'Convolution' object has no attribute 'c'"),
        ("self.c", "bias", "NameError: undefined name bias"),
    ],
)
def test_a_name_that_forward_lacks_is_told_with_its_line(
    tmp_path: Path, written: str, instead: str, why: str
) -> None:
    text = CONVOLUTION.replace(written, instead)
    report = check(file_of(tmp_path, text), guess=True, repair_seconds=0)
    (unjudged,) = report.unjudged
    assert unjudged.why == f"forward raises {why}"
    assert unjudged.where is not None
    lines = (tmp_path / unjudged.where.file).read_text("utf-8").splitlines()
    assert instead in lines[unjudged.where.line - 1]
    assert not unjudged.todo


def test_a_name_that_an_operand_lacks_says_nothing_of_the_text(tmp_path: Path) -> None:
    """It may be a variable of an engine, or something else that was not guessed."""
    text = CONVOLUTION.replace("self.x = x", "self.x = x.data.value")
    (unjudged,) = guessed(tmp_path, text).unjudged
    assert "AttributeError" not in unjudged.why


def test_what_is_not_written_yet_is_not_guessed(tmp_path: Path) -> None:
    report = guessed(
        tmp_path,
        """
        class Todo:
            def forward(self, x):
                pass

            def backward(self, dout):
                pass
        """,
    )
    assert not report.layers


def test_a_layer_that_hangs_costs_the_others_nothing(tmp_path: Path) -> None:
    text = textwrap.dedent(
        """
        class Hangs:
            def forward(self, x):
                while True:
                    pass

            def backward(self, dout):
                return dout


        """
    )
    path = file_of(tmp_path, text + textwrap.dedent(RIGHT["Squash"]))
    report = check(path, guess=True, timeout=2)
    assert {each.name: each.verdict for each in report.layers} == {"Squash": Verdict.PASS}
    assert [each.name for each in report.unjudged] == ["Hangs"]


def test_a_contract_comes_before_a_guess(tmp_path: Path) -> None:
    report = guessed(
        tmp_path,
        """
        class Relu:
            def forward(self, x):
                self.mask = x <= 0
                return np.where(self.mask, 0, x)

            def backward(self, dout):
                return dout
        """,
    )
    assert [each.verdict for each in report.layers] == [Verdict.FAIL]


def test_the_screen_names_what_differs_and_the_line_to_write(tmp_path: Path) -> None:
    right, wrong, _ = WRONG["Mix"]
    path = file_of(tmp_path, textwrap.dedent(RIGHT["Mix"]).replace(right, wrong))
    result = CliRunner().invoke(app, ["check", str(path), "--guess"])
    assert result.exit_code == 3
    assert "? Mix" in result.output
    assert "this is wrong: gradient of q" in result.output
    assert "# trigrad: q: " in result.output


def test_a_gradient_of_a_further_output_is_not_filled_in(tmp_path: Path) -> None:
    """In a declaration as well: what forward returns second is no gradient."""
    line = "# trigrad: x: N D; h_prev, c_prev: N H; Wx: D H; Wh: H H"
    text = textwrap.dedent(RIGHT["TwoStates"]).strip()
    report = check(file_of(tmp_path, f"{line}\n{text}"))
    assert not report.layers
    assert "does not know what dc_next is" in report.unjudged[0].why
    backward = "# trigrad: backward: layer.backward(dout, np.zeros_like(c_prev))"
    declared = check(file_of(tmp_path, f"{line}\n{backward}\n{text}"))
    assert [each.verdict for each in declared.layers] == [Verdict.PASS]


STEP = """
        class Step:
            def __init__(self, Wx, Wh):
                self.Wx, self.Wh = Wx, Wh

            def forward(self, x, h):
                self.x, self.h = x, h
                self.n = np.tanh(x @ self.Wx + h @ self.Wh) * 0.9
                return self.n

            def backward(self, dout):
                d = 0.9 * dout * (1 - (self.n / 0.9) ** 2)
                self.dWx, self.dWh = self.x.T @ d, self.h.T @ d
                return d @ self.Wx.T, d @ self.Wh.T
"""


@pytest.mark.parametrize(
    ("returned", "due"),
    [
        ("d @ self.Wx.T, d @ self.Wh.T", Verdict.PASS),
        ("None, d @ self.Wh.T", Verdict.PASS),  # x is the data, and has no gradient
        ("d[None], d @ self.Wh.T", Verdict.INCONCLUSIVE),
    ],
)
def test_an_array_that_is_nothing_s_gradient_stands_for_one(
    tmp_path: Path, returned: str, due: Verdict
) -> None:
    report = guessed(tmp_path, STEP.replace("d @ self.Wx.T, d @ self.Wh.T", returned))
    assert [layer.verdict for layer in report.layers] == [due]


@pytest.mark.parametrize(
    ("forward", "backward", "due"),
    [
        ("x.reshape(len(x), -1)", "dout.reshape(self.x.shape)", Verdict.PASS),
        ("np.sin(x)", "dout * np.cos(self.x)", Verdict.INCONCLUSIVE),
        ("x.reshape(len(x), -1)", "2 * dout.reshape(self.x.shape)", Verdict.FAIL),
    ],
)
def test_a_layer_of_the_shelf_may_be_required(
    tmp_path: Path, forward: str, backward: str, due: Verdict
) -> None:
    """It has to be the function of its name."""
    path = tmp_path / "layers.py"
    path.write_text(
        "import numpy as np\n\n\nclass Flatten:\n"
        f"    def forward(self, x):\n        self.x = x\n        return {forward}\n\n"
        f"    def backward(self, dout):\n        return {backward}\n",
        "utf-8",
    )
    report = check(path, require="Flatten, MaxPooling", examples=5, repair_seconds=0)
    assert {layer.layer: layer.verdict for layer in report.layers} == {
        "Flatten": due,
        "MaxPooling": Verdict.MISSING,
    }


def test_a_list_of_arrays_is_not_judged_in_words_of_its_writer(tmp_path: Path) -> None:
    """With one array in its place nothing gets a gradient; that is no error of forward."""
    text = """
        class Concatenate:
            def forward(self, xs):
                self.sizes = [x.shape[1] for x in xs]
                return np.hstack(xs)

            def backward(self, dout):
                return np.split(dout, np.cumsum(self.sizes)[:-1], axis=1)
    """
    (unjudged,) = guessed(tmp_path, text).unjudged
    assert unjudged.why == str(Message("guess.none"))
