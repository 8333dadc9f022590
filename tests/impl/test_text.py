"""The text that a grammar writes: the same for a seed, and as surprising as it says."""

from functools import cache
from math import exp, log

import numpy as np
import pytest

from trigrad.impl.text import RULES, as_ids, make_text


@cache
def derivations(symbols, words):
    """How many ways lead from the symbols to the words, and the probability of all together."""
    if len(symbols) > len(words):
        return 0, 0.0  # each symbol becomes at least one word
    if not symbols:
        return (0, 0.0) if words else (1, 1.0)
    first, rest = symbols[0], symbols[1:]
    if first not in RULES:
        return derivations(rest, words[1:]) if words[0] == first else (0, 0.0)
    found = [derivations((*each.split(), *rest), words) for each in RULES[first]]
    return sum(n for n, _ in found), sum(p for _, p in found) / len(found)


def sentences(words):
    ends = [n + 1 for n, word in enumerate(words) if word == "."]
    return [tuple(words[a:b]) for a, b in zip([0, *ends], ends, strict=False)]


def characters(sentences):
    return sum(len(word) + 1 for sentence in sentences for word in sentence)


def test_perplexity_is_that_of_the_sentences():
    text = make_text(4000, seed=1)
    surprise = 0.0
    for sentence in sentences(text.words):
        ways, probability = derivations(("SENTENCE",), sentence)
        assert ways == 1, sentence  # so the probability of the choices is that of the words
        surprise -= log(probability)
    assert text.perplexity == pytest.approx(exp(surprise / len(text.words)))


def test_it_has_the_size_and_ends_with_a_sentence():
    for size in (1, 500, 3000):
        text = make_text(size)
        assert text.words[-1] == "."
        *before, last = sentences(text.words)
        assert (
            len(" ".join(sum(before, ())))
            < size
            <= len(" ".join(sum(before, last))) + 1 + len(last)
        )


def test_the_seed_decides():
    assert make_text(500, seed=3) == make_text(500, seed=3)
    assert make_text(500, seed=3).words != make_text(500, seed=4).words


def test_all_words_of_the_grammar_occur():
    said = {word for options in RULES.values() for each in options for word in each.split()}
    assert set(make_text(20_000).words) == said - RULES.keys()


def test_a_verb_far_away_agrees():
    """The point of the text: after "the dogs that a cat sees" comes a verb for several."""
    verbs = {**dict.fromkeys(RULES["NOUNS"], "SLEEP"), **dict.fromkeys(RULES["NOUN"], "SLEEPS")}
    seen = set()
    said = {*RULES["SLEEP"], *RULES["SLEEPS"]}
    for _, noun, *rest in sentences(make_text(50_000).words):
        match rest:
            case ["that", _, other, sees, verb, *_] if (
                other in verbs and sees != "that" and verb in said
            ):
                assert verb in RULES[verbs[noun]]
                seen.add((verbs[noun], verbs[other]))
    assert len(seen) == 4  # also where the noun that is nearer needs the other form


def test_ids():
    ids, vocabulary = as_ids(["the", "dog", "sees", "the", "cat"])
    assert vocabulary == ["cat", "dog", "sees", "the"]
    assert ids.tolist() == [3, 1, 2, 3, 0]
    assert np.issubdtype(ids.dtype, np.integer)
