"""A text to learn from, written by a grammar: as long as wanted, and nothing to download.

The sentences are simple, but to continue them one has to remember: in "the dogs that a cat sees
sleep ." the verb "sleep" belongs to "dogs", with four words between.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RULES = {
    "SENTENCE": ("ONE DOES .", "MANY DO ."),
    "ONE": ("a NOUN", "the NOUN", "the ADJECTIVE NOUN", "the NOUN that DOES", "the NOUN WHICH"),
    "MANY": (
        "two NOUNS",
        "the NOUNS",
        "the ADJECTIVE NOUNS",
        "the NOUNS that DO",
        "the NOUNS WHICH",
    ),
    "WHICH": ("that ONE SEES", "that MANY SEE"),
    "DOES": ("SLEEPS", "SLEEPS ADVERB", "SEES ONE", "SEES MANY"),
    "DO": ("SLEEP", "SLEEP ADVERB", "SEE ONE", "SEE MANY"),
    "NOUN": ("dog", "cat", "horse", "bird", "child", "teacher", "farmer", "queen"),
    "NOUNS": ("dogs", "cats", "horses", "birds", "children", "teachers", "farmers", "queens"),
    "SLEEPS": ("sleeps", "waits", "sings", "walks", "laughs", "dreams"),
    "SLEEP": ("sleep", "wait", "sing", "walk", "laugh", "dream"),
    "SEES": ("sees", "hears", "follows", "likes", "helps", "finds"),
    "SEE": ("see", "hear", "follow", "like", "help", "find"),
    "ADJECTIVE": ("old", "young", "small", "quiet", "happy", "brave"),
    "ADVERB": ("often", "alone", "today", "here", "again", "loudly"),
}
"""What may stand for a symbol; all alternatives of a symbol are equally probable."""


@dataclass(frozen=True)
class Text:
    """Words, with a full stop as a word of its own."""

    words: list[str]
    perplexity: float
    """That of the grammar: no model can do better on a long text. The probability of a sentence is
    the product of the probabilities of all choices that made it, and there is only one way to make
    it; the perplexity is exp(the mean over the words of -log of that)."""


def make_text(size: int = 100_000, seed: int = 0) -> Text:
    """Sentences until they have `size` characters; the same seed gives the same text."""
    generator = np.random.default_rng(seed)
    words: list[str] = []
    characters = 0
    surprise = 0.0  # -log of the probability of all words
    while characters < size:
        waiting = ["SENTENCE"]  # the next symbol is the last
        while waiting:
            symbol = waiting.pop()
            if symbol in RULES:
                alternatives = RULES[symbol]
                chosen = alternatives[generator.integers(len(alternatives))]
                waiting += reversed(chosen.split())
                surprise += np.log(len(alternatives))
            else:
                words.append(symbol)
                characters += len(symbol) + 1
    return Text(words, float(np.exp(surprise / len(words))))


def as_ids(words: list[str]) -> tuple[NDArray[np.int64], list[str]]:
    """The words as numbers, and the vocabulary: words[n] is vocabulary[ids[n]].

    Returns ids (len(words),), and the different words in alphabetical order.
    """
    vocabulary, ids = np.unique(words, return_inverse=True)
    return ids, vocabulary.tolist()
