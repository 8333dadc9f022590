"""Training with a log: what is kept, what is confirmed, and what ends it."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from trigrad.digits import training
from trigrad.digits.finding import Digits, find_digits
from trigrad.digits.training import (
    Accuracies,
    DivergedError,
    Log,
    Settings,
    WrongGradientError,
)
from trigrad.impl import Affine, Convolution, TwoLayerNet
from trigrad.impl.train import Network, Step, new_network

SETTINGS = Settings(steps=60, batch=100, learning_rate=0.1, seed=0, verify_every=0)
IMAGE = (1, 28, 28)
QUIET = Console(quiet=True)


@pytest.fixture(scope="module")
def digits() -> Digits:
    return find_digits(None, QUIET, sample=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.csv"


def small(seed: int = 0, name: str = "two-layer") -> Network:
    return new_network(name, IMAGE, hidden=4, seed=seed)


def run(digits: Digits, settings: Settings, path: Path = Path(os.devnull)) -> Log:
    log = Log(len(digits.x_train), settings.batch, path)
    training.run(small(settings.seed), digits, settings, log, QUIET)
    return log


def changed(**values: Any) -> Settings:
    return Settings(**{**vars(SETTINGS), **values})


def test_every_loss_is_kept_and_accuracies_of_epochs(digits: Digits) -> None:
    log = run(digits, SETTINGS)
    assert len(log.losses) == 60
    assert [each.step for each in log.accuracies] == [40, 60]
    assert log.epoch_of(40) == 1.0
    assert not log.interrupted
    assert log.verified == 0


def test_same_seed_same_losses(digits: Digits) -> None:
    assert run(digits, SETTINGS).losses == run(digits, SETTINGS).losses
    assert run(digits, SETTINGS).losses != run(digits, changed(seed=1)).losses


@pytest.mark.parametrize(("every", "due"), [(1, 7), (3, 3), (7, 2), (100, 1)])
def test_gradients_are_confirmed_at_the_first_step_and_every_so_many(
    digits: Digits, every: int, due: int
) -> None:
    assert run(digits, changed(steps=7, verify_every=every)).verified == due


def test_to_confirm_changes_nothing(digits: Digits) -> None:
    assert run(digits, changed(verify_every=5)).losses == run(digits, SETTINGS).losses


def test_a_wrong_layer_is_caught_before_the_second_step(
    digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Affine.backward

    def wrong(self: Affine, dout: Any) -> Any:
        dx = right(self, dout)
        self.db = dout[0]  # not summed over the batch
        return dx

    monkeypatch.setattr(Affine, "backward", wrong)
    log = Log(len(digits.x_train), 100, Path(os.devnull))
    settings = changed(verify_every=1000)
    with pytest.raises(WrongGradientError) as found:
        training.run(small(), digits, settings, log, QUIET)
    assert found.value.step == 1
    assert set(found.value.report.patterns) == {"b1", "b2"}
    assert len(log.losses) == 1


def test_ctrl_c_keeps_what_there_is(digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    def verify(_: Any, step: Step) -> bool:
        if step.number == 5:
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(training, "verify", verify)
    log = run(digits, changed(verify_every=1))
    assert log.interrupted
    assert len(log.losses) == 5


def test_the_log_is_kept_while_it_grows(
    digits: Digits, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends the process, the steps until the last line on the screen are there."""

    class Killed(BaseException):
        pass

    def verify(_: Any, step: Step) -> bool:
        if step.number == 50:
            raise Killed
        return True

    monkeypatch.setattr(training, "verify", verify)
    with pytest.raises(Killed):
        run(digits, changed(verify_every=1), path)
    assert len(path.read_text("utf-8").splitlines()) == 41  # an epoch has 40 steps


@pytest.mark.parametrize(
    ("rate", "every", "words"),
    [
        (1e300, 0, r"^the loss of step \d is (nan|inf)$"),
        (np.inf, 1, r"^after step 1: params"),
    ],
)
def test_weights_beyond_all_numbers_end_it(
    digits: Digits, rate: float, every: int, words: str
) -> None:
    settings = changed(learning_rate=rate, verify_every=every)
    with pytest.raises(DivergedError, match=words):
        run(digits, settings)


@pytest.mark.parametrize(
    ("losses", "due"),
    [
        ([], False),
        ([2.3], False),
        ([2.3, 600.0], False),  # one batch says nothing
        ([2.3] + 20 * [0.1], False),
        ([2.3] + 10 * [2.4, 2.5], False),  # nothing learned, but nothing blown up either
        ([2.3] + 20 * [600.0], True),
    ],
)
def test_a_loss_that_grows_is_seen(losses: list[float], due: bool) -> None:
    assert Log(200, 100, Path(), losses).has_grown is due


def test_log_is_a_table(path: Path) -> None:
    log = Log(200, 100, path, [2.5, 0.125, 1 / 3], [Accuracies(2, 0.5, 0.25)])
    log.write()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["step", "epoch", "loss", "train_accuracy", "test_accuracy"],
        ["1", "0.5000", "2.5", "", ""],
        ["2", "1.0000", "0.125", "0.500000", "0.250000"],
        ["3", "1.5000", "0.33333333", "", ""],
    ]


def test_gradients_of_float32_do_not_stop_training(digits: Digits) -> None:
    """What float32 hides is undecided, and that is no mistake."""
    narrow = TwoLayerNet(784, 4, 10, dtype=np.float32)
    x = digits.x_train[:3].astype(np.float32) / 255
    assert not training.verify(narrow, Step(1, 0.0, x, digits.t_train[:3]))


def test_what_is_undecided_is_not_counted_as_confirmed(
    digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "verify", lambda _, step: step.number != 3)
    log = run(digits, changed(steps=5, verify_every=1))
    assert (log.verified, log.undecided) == (4, 1)


class TestCnn:
    def test_gradients_are_confirmed_on_the_way(self, digits: Digits) -> None:
        log = Log(len(digits.x_train), 20, Path(os.devnull))
        settings = changed(steps=3, batch=20, verify_every=1)
        training.run(small(name="cnn"), digits, settings, log, QUIET)
        assert (log.verified, log.undecided) == (3, 0)

    def test_a_wrong_layer_is_caught_before_the_second_step(
        self, digits: Digits, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        right = Convolution.backward

        def wrong(self: Convolution, dout: Any) -> Any:
            dx = right(self, dout)
            self.dW = self.dW[:, :, ::-1]  # as if filters were turned
            return dx

        monkeypatch.setattr(Convolution, "backward", wrong)
        log = Log(len(digits.x_train), 20, Path(os.devnull))
        settings = changed(batch=20, verify_every=1000)
        with pytest.raises(WrongGradientError) as found:
            training.run(small(name="cnn"), digits, settings, log, QUIET)
        assert (found.value.step, set(found.value.report.patterns)) == (1, {"W1"})
