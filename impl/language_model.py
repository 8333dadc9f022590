"""Chapter 6 of the second volume: a network learns to guess the next word of a text.

`python -m trigrad.impl.language_model` trains it on a text that a grammar writes, and prints how
it goes: its perplexity, and words that it writes itself.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .embedding import Ids
from .functions import Array, softmax
from .gradient import numerical_gradient
from .recurrent import TimeLSTM
from .text import as_ids, make_text
from .time_layers import TimeAffine, TimeEmbedding, TimeSoftmaxWithLoss

EPOCHS = 10
BATCH = 10
BLOCK = 10
RATE = 2.0
MAX_NORM = 0.5
WORDVEC = 16
HIDDEN = 32

SMALLEST = 2_000
"""In a text of fewer characters, a tenth is too little to test with."""


class Rnnlm:
    """A language model: TimeEmbedding, TimeLSTM, TimeAffine, and softmax with loss at every time.

    At every time it has read a word and gives a score to each of V words, as the next.

    ids: (N, T) word ids, what is read.
    t: (N, T) word ids, what comes next; -1 where that does not count.

    stateful: whether a block goes on where the block before ended: see `OverTime`. Then the same
    ids give another loss each time, unless `reset_state()` is called before.

    params: embed_W (V, D), lstm_Wx (D, 4*H), lstm_Wh (H, 4*H), lstm_b (4*H,), affine_W (H, V),
    affine_b (V,), of the given dtype. The layers use these very arrays: train with
    `params[key] -= ...`, in place.
    """

    def __init__(
        self,
        vocab_size: int,
        wordvec_size: int,
        hidden_size: int,
        stateful: bool = False,
        dtype: DTypeLike = np.float64,
    ) -> None:
        V, D, H = vocab_size, wordvec_size, hidden_size

        def random(rows: int, columns: int, std: float) -> Array:
            return (std * np.random.randn(rows, columns)).astype(dtype)

        # Divided by the root of the number of inputs, so that outputs are about as large as they.
        self.params: dict[str, Array] = {
            "embed_W": random(V, D, 0.01),
            "lstm_Wx": random(D, 4 * H, D**-0.5),
            "lstm_Wh": random(H, 4 * H, H**-0.5),
            "lstm_b": np.zeros(4 * H, dtype),
            "affine_W": random(H, V, H**-0.5),
            "affine_b": np.zeros(V, dtype),
        }
        p = self.params
        self.embedding = TimeEmbedding(p["embed_W"])
        self.lstm = TimeLSTM(p["lstm_Wx"], p["lstm_Wh"], p["lstm_b"], stateful)
        self.affine = TimeAffine(p["affine_W"], p["affine_b"])
        self.lastLayer = TimeSoftmaxWithLoss()

    def reset_state(self) -> None:
        """Forget what was read."""
        self.lstm.reset_state()

    def predict(self, ids: Ids) -> Array:
        """The scores of the next words, (N, T, V)."""
        return self.affine.forward(self.lstm.forward(self.embedding.forward(ids)))

    def loss(self, ids: Ids, t: Ids) -> np.floating[Any]:
        """The mean over batch and times of -log(the probability of the right word), a scalar."""
        return self.lastLayer.forward(self.predict(ids), t)

    def numerical_gradient(self, ids: Ids, t: Ids) -> dict[str, Array]:
        """The gradient of the loss by central differences; not for a stateful network.

        Returns a dict with the keys and shapes of params.
        """
        return {
            key: numerical_gradient(lambda _: self.loss(ids, t), param)
            for key, param in self.params.items()
        }

    def gradient(self, ids: Ids, t: Ids) -> dict[str, Array]:
        """The gradient of the loss by back-propagation, back to the beginning of the block.

        Returns a dict with the keys and shapes of params.
        """
        self.loss(ids, t)

        dout = self.lastLayer.backward()
        dout = self.affine.backward(dout)
        dout = self.lstm.backward(dout)
        self.embedding.backward(dout)

        return {
            "embed_W": self.embedding.dW,
            "lstm_Wx": self.lstm.dWx,
            "lstm_Wh": self.lstm.dWh,
            "lstm_b": self.lstm.db,
            "affine_W": self.affine.dW,
            "affine_b": self.affine.db,
        }


def blocks(ids: Ids, batch_size: int, length: int) -> Iterator[tuple[Ids, Ids]]:
    """A text in blocks, each of which goes on where the one before ended.

    The text is cut into batch_size rows of equal length, to be read at the same time. A block is
    `length` columns of them, the last perhaps fewer. Yields x (N, T), and t (N, T), the next words.
    """
    columns = (len(ids) - 1) // batch_size
    x = ids[: batch_size * columns].reshape(batch_size, columns)
    t = ids[1 : batch_size * columns + 1].reshape(batch_size, columns)
    for start in range(0, columns, length):
        yield x[:, start : start + length], t[:, start : start + length]


def train(
    network: Rnnlm,
    ids: Ids,
    *,
    epochs: int = EPOCHS,
    batch_size: int = BATCH,
    block: int = BLOCK,
    learning_rate: float = RATE,
    max_norm: float = MAX_NORM,
    after_epoch: Callable[[int, float], None] | None = None,
) -> list[float]:
    """Stochastic gradient descent by truncated back-propagation: a step after every block.

    network: stateful, its params are changed in place. ids: (words,) the text. block: over how
    many words the gradient goes back. max_norm: see `clip`. after_epoch: called after every epoch
    with its number, from 1, and its perplexity; what it raises ends training.

    Returns the perplexities, one an epoch: those met while the network learned.
    """
    perplexities = []
    for epoch in range(1, epochs + 1):
        network.reset_state()  # the text begins again
        total = 0.0
        words = 0
        for x, t in blocks(ids, batch_size, block):
            gradients = network.gradient(x, t)
            clip(gradients, max_norm)
            for key, param in network.params.items():
                param -= learning_rate * gradients[key]  # in place: the layers hold this very array
            total += float(network.lastLayer.loss) * t.size
            words += t.size
        perplexities.append(float(np.exp(total / words)))
        if after_epoch is not None:
            after_epoch(epoch, perplexities[-1])
    return perplexities


def clip(gradients: dict[str, Array], max_norm: float) -> None:
    """Shorten all gradients in place, by one factor, to at most max_norm together.

    Their norm is the root of the sum of the squares of all entries. Over many times gradients may
    grow beyond all bounds; then their direction is still good, but not their length.
    """
    norm = sum(float(np.sum(grad**2)) for grad in gradients.values()) ** 0.5
    if norm > max_norm:
        for grad in gradients.values():
            grad *= max_norm / norm


def perplexity(network: Rnnlm, ids: Ids, batch_size: int = BATCH, block: int = BLOCK) -> float:
    """exp(the mean loss) on a text: among how many words, equally probable, it still has to guess.

    network: stateful; it forgets what it read. ids: (words,).
    """
    network.reset_state()
    total = sum(float(network.loss(x, t)) * t.size for x, t in blocks(ids, batch_size, block))
    network.reset_state()
    return float(np.exp(total / ((len(ids) - 1) // batch_size * batch_size)))


def write(network: Rnnlm, first: int, length: int, generator: np.random.Generator) -> list[int]:
    """`length` word ids after the word `first`, each drawn with the probability that it was given.

    network: stateful; it forgets what it read.
    """
    network.reset_state()
    written = [first]
    for _ in range(length):
        scores = network.predict(np.array([written[-1:]]))  # (1, 1, V)
        p = softmax(scores[0, 0].astype(np.float64))
        written.append(int(generator.choice(len(p), p=p)))
    network.reset_state()
    return written[1:]


def progress_line(epoch: int, on_train: float, on_test: float) -> str:
    """How far training is, in one line."""
    return f"epoch {epoch:3}  perplexity: train {on_train:6.2f}, test {on_test:6.2f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and print; 0."""
    parser = argparse.ArgumentParser(
        prog="python -m trigrad.impl.language_model", description=__doc__
    )
    parser.add_argument("--seed", type=int, default=0, help="decides the text and the weights")
    parser.add_argument("--size", type=int, default=100_000, help="characters in the text")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--lr", type=float, default=RATE, help="the learning rate")
    parser.add_argument("--hidden", type=int, default=HIDDEN, help="numbers in the state")
    options = parser.parse_args(arguments)
    for name, least in (("epochs", 1), ("hidden", 1), ("size", SMALLEST)):
        if getattr(options, name) < least:
            parser.error(f"--{name} should be at least {least}")
    if not 0 < options.lr < inf:
        parser.error("--lr should be a number above 0")
    if not 0 <= options.seed < 2**32:
        parser.error("--seed should be from 0 to 2**32 - 1")

    text = make_text(options.size, options.seed)
    ids, vocabulary = as_ids(text.words)
    end = len(ids) * 9 // 10
    read, unread = ids[:end], ids[end:]
    print(f"{len(read):,} words to train on, {len(unread):,} to test with", end="; ")
    print(f"{len(vocabulary)} different ones")
    print(f"No model can do better than the grammar's own perplexity, {text.perplexity:.2f}.")

    np.random.seed(options.seed)
    network = Rnnlm(len(vocabulary), WORDVEC, options.hidden, stateful=True)
    print(progress_line(0, perplexity(network, read), perplexity(network, unread)))

    def report(epoch: int, on_train: float) -> None:
        print(progress_line(epoch, on_train, perplexity(network, unread)))

    try:
        train(network, read, epochs=options.epochs, learning_rate=options.lr, after_epoch=report)
    except KeyboardInterrupt:
        print("interrupted")
    generator = np.random.default_rng(options.seed)
    written = write(network, vocabulary.index("."), 30, generator)
    print("It writes:", *(vocabulary[each] for each in written))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
