"""What is guessed from what a file documents and imports: sizes of weights, word ids, layers."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.report.report import Report
from trigrad.verdict.results import LayerReport, Verdict

HEADS = '''
    class Heads:
        """The same x times a matrix for each head.

        W: (H, D, E)
        x: (N, T, D)
        """

        def __init__(self, W):
            self.W = W

        def forward(self, x):
            self.x = x
            return x[:, None] @ self.W

        def backward(self, dout):
            self.dW = (self.x[:, None].transpose(0, 1, 3, 2) @ dout).sum(axis=0)
            return (dout @ self.W.transpose(0, 2, 1)).sum(axis=1)
    '''

SCORES = '''
    class WordScores:
        """How well words fit.

        W: (V, D)
        h: (N, D)
        word_ids: (N, K)
        """

        def __init__(self, W):
            self.W = W

        def forward(self, h, word_ids):
            assert word_ids.min() >= 0
            self.h, self.ids = h, word_ids
            return np.einsum("nd,nkd->nk", h, self.W[word_ids])

        def backward(self, dout):
            self.dW = np.zeros_like(self.W)
            np.add.at(self.dW, self.ids, dout[:, :, None] * self.h[:, None])
            return np.einsum("nk,nkd->nd", dout, self.W[self.ids])
    '''

TIMES = '''
    class LossOverTime:
        """The right word at each time.

        scores: (N, T, V)
        t: (N, T) integer labels
        """

        def forward(self, scores, t):
            (N, T), self.shape = t.shape, t.shape
            e = np.exp(scores - scores.max(axis=-1, keepdims=True))
            self.y = e / e.sum(axis=-1, keepdims=True)
            self.at = np.arange(N)[:, None], np.arange(T), t
            return -np.log(self.y[self.at]).mean()

        def backward(self):
            d = self.y.copy()
            d[self.at] -= 1
            return d / (self.shape[0] * self.shape[1])
    '''

LAYERS = """
    class Lookup:
        def __init__(self, W):
            self.W = W

        def forward(self, ids):
            self.ids = ids
            return self.W[ids]

        def backward(self, dout):
            self.dW = np.zeros_like(self.W)
            np.add.at(self.dW, self.ids, dout)


    class Next:
        def __init__(self, W):
            self.W = W

        def forward(self, x, t):
            self.x, (N, T) = x, t.shape
            s = x @ self.W
            e = np.exp(s - s.max(axis=-1, keepdims=True))
            y = e / e.sum(axis=-1, keepdims=True)
            at = np.arange(N)[:, None], np.arange(T), t
            loss = -np.log(y[at]).mean()
            y[at] -= 1
            self.ds = y / (N * T)
            return loss

        def backward(self, dout=1):
            ds = dout * self.ds
            self.dW = np.tensordot(self.x, ds, axes=((0, 1), (0, 1)))
            return ds @ self.W.T
    """

NETWORK = '''
    from layers import Lookup, Next


    class Bigrams:
        """Guesses the next word of each.

        ids: (N, T) words that are read
        t: (N, T) the words that follow
        """

        def __init__(self, vocab_size, hidden_size):
            self.params = {
                "W": np.random.randn(vocab_size, hidden_size),
                "U": np.random.randn(hidden_size, vocab_size),
            }
            self.lookup = Lookup(self.params["W"])
            self.last = Next(self.params["U"])

        def loss(self, ids, t):
            return self.last.forward(self.lookup.forward(ids), t)

        def gradient(self, ids, t):
            self.loss(ids, t)
            self.lookup.backward(self.last.backward())
            return {"W": self.lookup.dW, "U": self.last.dW}
    '''


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"import numpy as np\n{textwrap.dedent(text)}", encoding="utf-8")
    return path


def only(report: Report) -> LayerReport:
    (layer,) = report.layers
    return layer


def guessed(layer: LayerReport) -> str:
    """The declaration that was guessed."""
    return next(note for note in layer.notes if "guessed what it takes" in note)


@pytest.mark.parametrize(
    ("text", "mistake", "what", "declaration"),
    [
        (HEADS, (".sum(axis=1)", ".mean(axis=1)"), "gradient of x", "x: N T D; W: H D E;"),
        (
            SCORES,
            ("self.h[:, None])", "self.h[:, None] / 2)"),
            "gradient of W",
            "labels<V N K; W: V D",
        ),
        (
            TIMES,
            (" * self.shape[1])", ")"),
            "gradient of scores",
            "scores: N T V; t: labels<V N T",
        ),
    ],
    ids=["three axes", "word ids", "labels over time"],
)
def test_documented_sizes_of_weights(
    tmp_path: Path, text: str, mistake: tuple[str, str], what: str, declaration: str
) -> None:
    layer = only(check(written(tmp_path, "a.py", text)))
    assert layer.verdict is Verdict.PASS
    assert declaration in guessed(layer)
    assert mistake[0] in text
    wrong = only(check(written(tmp_path, "b.py", text.replace(*mistake))))
    assert wrong.verdict is Verdict.INCONCLUSIVE
    assert what in str(wrong.undecided)


def test_sizes_that_are_documented_wrong_are_not_the_only_ones(tmp_path: Path) -> None:
    text = '''
        class Mix:
            """x: (N, D), W: (M, D)

            W: (M, D)
            """

            def __init__(self, W):
                self.W = W

            def forward(self, x):
                self.x = x
                return x @ self.W

            def backward(self, dout):
                self.dW = self.x.T @ dout
                return dout @ self.W.T
        '''
    layer = only(check(written(tmp_path, "a.py", text)))
    assert layer.verdict is Verdict.PASS
    assert "W: D M" in guessed(layer)


def test_a_class_whose_methods_are_all_in_another_file(tmp_path: Path) -> None:
    written(tmp_path, "layers.py", LAYERS)
    text = 'from layers import Lookup\n\n\nclass Words(Lookup):\n    """ids: (N, T)"""\n'
    layer = only(check(written(tmp_path, "words.py", text)))
    assert (layer.name, layer.verdict) == ("Words", Verdict.PASS)
    written(tmp_path, "layers.py", LAYERS.replace("np.add.at(self.dW, self.ids, dout)", "pass"))
    layer = only(check(tmp_path / "words.py"))
    # Its forward is that of a known function: so a wrong gradient fails.
    assert (layer.name, layer.verdict) == ("Words", Verdict.FAIL)


def test_a_network_of_imported_layers_that_reads_words_and_guesses_the_next(tmp_path: Path) -> None:
    written(tmp_path, "layers.py", LAYERS)
    layer = only(check(written(tmp_path, "network.py", NETWORK)))
    assert (layer.name, layer.verdict) == ("Bigrams", Verdict.PASS)
    assert "ids: labels<D N T; t: labels<D N T; params.W: D M; U: M D" in guessed(layer)


@pytest.mark.parametrize("names", [("W", "U"), ("in_W", "out_W")])
@pytest.mark.parametrize("place", [0, 1])
def test_what_a_dict_of_gradients_says_counts_and_not_what_the_layers_hold(
    tmp_path: Path, names: tuple[str, str], place: int
) -> None:
    written(tmp_path, "layers.py", LAYERS)
    text = NETWORK
    for old, new in zip(("W", "U"), names, strict=True):
        text = text.replace(f'"{old}"', f'"{new}"')
    key = f'"{names[place]}": '
    before, found, after = text.rpartition(key)
    assert found
    layer = only(check(written(tmp_path, "network.py", f"{before}{key}2 * {after}")))
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert f"{names[place]}. " in str(layer.undecided)
