"""Wrong gradients of every kind and size: refuted, located, and told in words."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from trigrad import GradientReport, gradcheck
from trigrad.contracts.schema import Array

SIZES: list[tuple[int, ...]] = [(1,), (2,), (3,), (10,), (20, 50), (100, 1000), (1000, 1000)]
LARGE: list[tuple[int, ...]] = [(10,), (20, 50), (40, 250)]
UP_TO_LARGE: list[tuple[int, ...]] = [(1,), (2,), (3,), *LARGE]


class Problem:
    """The sum of A sin(W): all its entries have a derivative of their own."""

    def __init__(self, shape: tuple[int, ...], decay: float = 0.0) -> None:
        random = np.random.default_rng(len(shape) + int(np.prod(shape)))
        self.W = random.uniform(-1, 1, size=shape)
        self.A = random.normal(size=shape) + np.sign(random.normal(size=shape))
        self.decay = decay
        self.right = self.A * np.cos(self.W) + decay * self.W

    def loss(self) -> float:
        fitted = float(np.vdot(self.A, np.sin(self.W)))
        return fitted + self.decay * float(np.vdot(self.W, self.W)) / 2

    def check(self, gradient: Array, seed: int = 0) -> GradientReport:
        return gradcheck(self.loss, {"W": self.W}, {"W": gradient}, seed=seed)


def assert_told(report: GradientReport, gradient: Array, right: Array, pattern: str) -> None:
    """In these words, and with entries that are indeed wrong, and by what they should be."""
    assert not report
    assert not report.inconclusive
    assert not report.resolution
    assert report.wrong
    assert re.fullmatch(pattern, report.patterns["W"]), report
    for w in report.wrong:
        assert w.index is not None
        assert w.name == "W"
        assert w.is_ == gradient[w.index]
        assert abs(w.should_be - right[w.index]) <= w.error
        assert w.proven
        place = f"W[{', '.join(map(str, w.index))}]"
        assert str(w).startswith(f"{place} is ")
    lines = str(report).split("\n")
    assert lines[0].startswith("gradcheck: 1 of 1 gradients wrong (")
    assert lines[1] == f"✗ W {right.shape}: {report.patterns['W']}"


@pytest.mark.parametrize("shape", SIZES)
def test_right_gradient_is_right_after_six_evaluations(shape: tuple[int, ...]) -> None:
    problem = Problem(shape)
    report = problem.check(problem.right)
    assert report.ok
    assert report
    assert not report.wrong
    assert not report.patterns
    assert not report.inconclusive
    assert report.evaluations == 6 or problem.W.size == 10**6
    assert report.evaluations <= 10
    assert report.shapes == {"W": shape}
    told = (
        rf"gradcheck: no gradient is wrong \({report.evaluations} evaluations of the loss\)\n"
        rf"✓ W {re.escape(str(shape))}: an entry off by more than \S+ would show "
        r"\(the largest entry is \S+\)"
    )
    assert re.fullmatch(told, str(report))


@pytest.mark.parametrize("shape", SIZES)
def test_one_entry_is_found(shape: tuple[int, ...]) -> None:
    problem = Problem(shape)
    for place in {0, problem.W.size - 1, problem.W.size // 3} if problem.W.size < 1e5 else {77}:
        gradient = problem.right.copy()
        gradient.flat[place] += 0.01
        report = problem.check(gradient)
        assert_told(report, gradient, problem.right, "1 entry is wrong|off by .*")
        index = np.unravel_index(place % gradient.size, shape)
        assert [w.index for w in report.wrong] == [tuple(map(int, index))]


@pytest.mark.parametrize("shape", LARGE)
@pytest.mark.parametrize("count", [2, 3, 7])
def test_handful_of_entries_is_found(shape: tuple[int, ...], count: int) -> None:
    problem = Problem(shape)
    gradient = problem.right.copy()
    random = np.random.default_rng(count)
    places = np.sort(random.choice(gradient.size, size=count, replace=False))
    gradient.flat[places] += random.uniform(0.5, 1, size=count)
    report = problem.check(gradient)
    assert_told(report, gradient, problem.right, rf"(.*: )?{count} entries are wrong")
    found = sorted(np.ravel_multi_index(w.index or (), shape) for w in report.wrong)
    assert found == places.tolist()


@pytest.mark.parametrize("shape", UP_TO_LARGE[1:])
def test_opposite_errors_do_not_cancel(shape: tuple[int, ...]) -> None:
    problem = Problem(shape)
    for seed in range(5):
        gradient = problem.right.copy()
        gradient.flat[0] += 0.5
        gradient.flat[-1] -= 0.5
        report = problem.check(gradient, seed)
        assert_told(report, gradient, problem.right, "2 entries are wrong")
        first, last = (tuple(map(int, np.unravel_index(i, shape))) for i in (0, gradient.size - 1))
        assert {w.index for w in report.wrong} == {first, last}


@pytest.mark.parametrize("shape", [(20, 50), (40, 250)])
def test_row_and_column_are_named(shape: tuple[int, int]) -> None:
    problem = Problem(shape)
    row = problem.right.copy()
    row[7] *= 2
    report = problem.check(row)
    assert_told(report, row, problem.right, "row 7: .*")
    assert {w.index[0] for w in report.wrong if w.index} == {7}
    column = problem.right.copy()
    column[:, 11] = 0
    report = problem.check(column)
    assert_told(report, column, problem.right, "column 11: .*")
    assert {w.index[1] for w in report.wrong if w.index} == {11}


WHOLE: dict[str, tuple[Callable[[Array], Array], str]] = {
    "3 times": (
        lambda g: 3 * g,
        r"3 times what it should be: is a division by 3 missing .*",
    ),
    "1/64": (
        lambda g: g / 64,
        "1/64 of what it should be: is there one division by 64 too many .*",
    ),
    "1000 times": (
        lambda g: 1000 * g,
        r"1000 times what it should be: is a division by 1000 missing .*",
    ),
    "0.75 times": (lambda g: 0.75 * g, r"0\.750 times what it should be"),
    "700.3 times": (lambda g: 700.3 * g, r"700\.300 times what it should be"),
    "tiny": (lambda g: g / 123456.7, r"8\.1e-06 times what it should be"),
    "a little more": (lambda g: 1.001 * g, r"1\.0010* times what it should be"),
    "sign": (lambda g: -g, "the sign is the opposite of what it should be"),
    "zeros": (lambda g: 0 * g, "all zeros, though the loss changes with it"),
}


@pytest.mark.parametrize("shape", UP_TO_LARGE)
@pytest.mark.parametrize("kind", WHOLE)
def test_multiple_is_told(kind: str, shape: tuple[int, ...]) -> None:
    make, words = WHOLE[kind]
    problem = Problem(shape)
    gradient = make(problem.right)
    report = problem.check(gradient)
    if problem.W.size < 3 and kind != "zeros":
        words = r"1 entry is wrong|2 entries are wrong"  # two numbers are no pattern
    assert_told(report, gradient, problem.right, words)


@pytest.mark.parametrize(
    ("shape", "how"),
    [
        ((2, 2), ""),
        ((30, 30), ""),
        ((3, 2), ", forced into the shape by a reshape"),
        ((40, 250), ", forced into the shape by a reshape"),
    ],
)
def test_transpose_is_told(shape: tuple[int, int], how: str) -> None:
    problem = Problem(shape)
    gradient = problem.right.T.reshape(shape).copy()
    report = problem.check(gradient)
    assert_told(report, gradient, problem.right, f"the transpose of what it should be{how}")


@pytest.mark.parametrize("shape", [(2,), (10,), (20, 50), (40, 250)])
def test_gradients_that_are_mixed_up_are_told(shape: tuple[int, ...]) -> None:
    one, other = Problem(shape), Problem(shape)
    other.A += 1.0
    other.right = other.A * np.cos(other.W)
    params = {"W1": one.W, "W2": other.W, "b": np.ones(3)}
    grads = {"W1": other.right, "W2": one.right, "b": np.full(3, 2.0)}
    report = gradcheck(lambda: one.loss() + other.loss() + np.sum(params["b"] ** 2), params, grads)
    assert report.patterns == {
        "W1": "the gradient of W2: are the two mixed up?",
        "W2": "the gradient of W1: are the two mixed up?",
    }
    assert set(report.resolution) == {"b"}
    assert "gradcheck: 2 of 3 gradients wrong (" in str(report)


@pytest.mark.parametrize("shape", LARGE)
def test_weight_decay_is_told(shape: tuple[int, ...]) -> None:
    problem = Problem(shape, decay=0.125)
    without = problem.right - 0.125 * problem.W
    assert problem.check(problem.right).ok
    report = problem.check(without)
    assert_told(
        report,
        without,
        problem.right,
        r"0\.125 \* W is missing: a weight decay of the loss is not in the gradient",
    )
    plain = Problem(shape)
    too_much = plain.right + 0.125 * plain.W
    report = plain.check(too_much)
    assert_told(
        report,
        too_much,
        plain.right,
        r"0\.125 \* W too much: a weight decay of the gradient is not in the loss",
    )


@pytest.mark.parametrize("shape", UP_TO_LARGE)
@pytest.mark.parametrize("every_entry", [False, True])
def test_gradient_with_nan_is_told(shape: tuple[int, ...], every_entry: bool) -> None:
    problem = Problem(shape)
    gradient = problem.right.copy()
    gradient.flat[-1] = np.nan
    gradient.flat[0] = np.inf if gradient.size > 1 else np.nan
    count = min(2, gradient.size)
    report = gradcheck(problem.loss, {"W": problem.W}, {"W": gradient}, every_entry=every_entry)
    assert not report
    words = "1 entry is no number" if count == 1 else "2 entries are no numbers"
    assert report.patterns["W"] == f"{words}; the others were not looked at"
    assert len(report.wrong) == count
    for w in report.wrong:
        assert w.index is not None
        assert not np.isfinite(w.is_)
        assert abs(w.should_be - problem.right[w.index]) <= w.error
    assert np.isnan(report.wrong[-1].is_)


@pytest.mark.parametrize("shape", LARGE)
def test_sum_over_the_wrong_thing_is_wrong(shape: tuple[int, ...]) -> None:
    """Each entry is its row's mean, as after a sum over the wrong axis; and noise of all sizes."""
    problem = Problem(shape)
    means = np.broadcast_to(problem.right.mean(axis=-1, keepdims=True), shape).copy()
    assert_told(problem.check(means), means, problem.right, "all over: .* that were tried .*|.*")
    noise = np.random.default_rng(1).normal(size=shape)
    report = problem.check(problem.right + 0.1 * noise)
    assert_told(report, problem.right + 0.1 * noise, problem.right, ".*entries .*")


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_parameter_that_the_loss_does_not_read_is_told(size: int) -> None:
    W, used = np.linspace(1, 2, size), np.linspace(1, 2, 5)
    for every_entry in (False, True):
        report = gradcheck(
            lambda: np.sum(used**2),
            {"W": W, "used": used},
            {"W": W, "used": 2 * used},
            every_entry=every_entry,
        )
        assert {w.name for w in report.wrong} == {"W"}
        assert all(w.should_be == 0 for w in report.wrong)
        assert (
            "the loss does not change with W at all, so its gradient should be 0: does the loss "
            "read this array, or a copy of it?"
        ) in report.patterns["W"]
        right = gradcheck(
            lambda: np.sum(used**2),
            {"W": W, "used": used},
            {"W": 0 * W, "used": 2 * used},
            every_entry=every_entry,
        )
        assert right.ok


# --- the promise of sensitivity -----------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("seed", range(40))
def test_entry_off_by_more_than_the_resolution_is_caught(seed: int, dtype: type) -> None:
    random = np.random.default_rng(seed)
    shape = [(1,), (3,), (7, 5), (40, 30)][seed % 4]
    W = random.normal(size=shape).astype(dtype)
    V = (0.01 * random.normal(size=6)).astype(dtype)
    A = random.normal(size=shape) * 10.0 ** random.integers(-2, 3)

    def loss() -> float:
        one, two = W.astype(float), V.astype(float)
        value = np.sum(A * np.sin(one)) + np.log(np.sum(np.exp(two))) + np.sum(one**2) / one.size
        return float(value)

    one, two = W.astype(float), V.astype(float)
    right = {
        "W": A * np.cos(one) + 2 * one / one.size,
        "V": np.exp(two) / np.sum(np.exp(two)),
    }
    report = gradcheck(loss, {"W": W, "V": V}, right, seed=seed)
    assert not report.wrong, report
    assert report.ok or dtype == np.float32, report
    for name in report.resolution:
        gradient = right[name]
        place = int(random.integers(gradient.size))
        for times in (-8, -1.01, 1.01, 8):
            off = gradient.copy()
            off.flat[place] += times * report.resolution[name]
            caught = gradcheck(loss, {"W": W, "V": V}, {**right, name: off}, seed=seed)
            assert not caught, caught
            # Just above the resolution its parts may be known less well than the whole array.
            if dtype == np.float64 and abs(times) == 8:
                assert [w.name for w in caught.wrong] == [name], caught
            within = gradient.copy()
            within.flat[0] += report.resolution[name] / 50
            again = gradcheck(loss, {"W": W, "V": V}, {**right, name: within}, seed=seed)
            assert not again.wrong, again


def test_more_directions_miss_less() -> None:
    """Where many errors may cancel along one direction, they don't along many."""
    W = np.linspace(1, 2, 2)

    def loss() -> float:
        return round(float(W.sum()), 2)

    missed = {1: 0, 8: 0}
    for count in missed:
        for seed in range(60):
            report = gradcheck(loss, {"W": W}, {"W": [1.3, 0.7]}, seed=seed, directions=count)
            missed[count] += report.ok
    assert missed[8] < missed[1] / 2
    assert gradcheck(loss, {"W": W}, {"W": [1, 1]}, directions=8).ok


def test_errors_up_to_rtol_are_accepted() -> None:
    problem = Problem((20, 50))
    off = problem.right * (1 + 1e-4)
    assert problem.check(off).wrong
    for every_entry in (False, True):
        given = {"W": problem.W}, {"W": off}
        report = gradcheck(problem.loss, *given, rtol=1e-3, every_entry=every_entry)
        assert report.ok, report
        exact = gradcheck(problem.loss, {"W": problem.W}, {"W": problem.right})
        assert report.resolution["W"] > 10 * exact.resolution["W"]
        far = {"W": 3 * problem.right}
        assert gradcheck(
            problem.loss, {"W": problem.W}, far, rtol=1e-3, every_entry=every_entry
        ).wrong


def test_seed_decides_the_report() -> None:
    problem = Problem((20, 50))
    gradient = problem.right + 0.1
    assert str(problem.check(gradient, 1)) == str(problem.check(gradient, 1))
    assert problem.check(gradient, 1).wrong != problem.check(gradient, 2).wrong
    assert gradcheck(problem.loss, {"W": problem.W}, {"W": problem.right}, seed=None).ok


def test_printed_report_shows_eight_entries_of_many() -> None:
    problem = Problem((1000,))
    gradient = problem.right.copy()
    gradient[::100] += 1
    lines = str(problem.check(gradient)).split("\n")
    assert lines[1] == "✗ W (1000,): 10 entries are wrong"
    assert len(lines) == 2 + 8 + 1
    assert lines[-1] == "    and 2 more in report.wrong"
    assert all(
        re.fullmatch(r"    W\[\d+\] is \S+, should be \S+ \(± \S+\)", x) for x in lines[2:10]
    )
