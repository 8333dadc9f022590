"""Training: what a step does, that it can be repeated, and what `trigrad.impl.train` prints."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trigrad.impl import SimpleConvNet, TwoLayerNet
from trigrad.impl.mnist import SAMPLE, load_mnist
from trigrad.impl.train import (
    NETWORKS,
    accuracy,
    as_input,
    main,
    new_network,
    reported_steps,
    train,
)


@pytest.fixture(scope="module")
def digits():
    return load_mnist(normalize=False, folder=SAMPLE)


def network(seed=0, dtype=np.float64):
    np.random.seed(seed)
    return TwoLayerNet(784, 10, 10, dtype=dtype)


def test_a_step_goes_down_the_gradient(digits):
    (x, t), _ = digits
    net, untouched, taken = network(), network(), []
    (loss,) = train(net, x, t, steps=1, batch_size=5, learning_rate=0.5, after_step=taken.append)
    (step,) = taken
    assert step.number == 1
    assert step.x.shape == (5, 784)
    assert step.loss == loss == untouched.loss(step.x, step.t)
    for key, gradient in untouched.gradient(step.x, step.t).items():
        np.testing.assert_allclose(net.params[key], untouched.params[key] - 0.5 * gradient)


def test_same_seed_same_steps(digits):
    (x, t), _ = digits
    one, other, third = network(), network(), network()
    assert train(one, x, t, steps=20, seed=3) == train(other, x, t, steps=20, seed=3)
    np.testing.assert_array_equal(one.params["W1"], other.params["W1"])
    assert train(third, x, t, steps=20, seed=4) != train(network(), x, t, steps=20, seed=3)


def test_bytes_are_floats_from_0_to_1(digits):
    (x, t), _ = digits
    assert as_input(x[:2]).max() == 1.0
    one = train(network(), x, t, steps=3)
    assert one == train(network(), x / 255, t, steps=3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_stays(digits, dtype):
    (x, t), _ = digits
    net, steps = network(dtype=dtype), []
    train(net, x, t, steps=2, after_step=steps.append)
    assert {param.dtype for param in net.params.values()} == {np.dtype(dtype)}
    assert steps[-1].x.dtype == dtype
    assert net.predict(steps[-1].x).dtype == dtype


def test_what_the_hook_raises_ends_training(digits):
    (x, t), _ = digits
    numbers = []

    def stop(step):
        numbers.append(step.number)
        if step.number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(network(), x, t, steps=10, after_step=stop)
    assert numbers == [1, 2, 3]


def test_it_learns(digits):
    (x, t), (x_test, t_test) = digits
    np.random.seed(0)
    net = TwoLayerNet(784, 50, 10)
    assert accuracy(net, x_test, t_test) < 0.3
    losses = train(net, x, t, steps=600)
    assert np.mean(losses[-50:]) < 0.3 * np.mean(losses[:50])
    assert accuracy(net, x_test, t_test) > 0.85


def test_a_cnn_learns():
    (x, t), (x_test, t_test) = load_mnist(normalize=False, flatten=False, folder=SAMPLE)
    x_test, t_test = x_test[:300], t_test[:300]
    net = new_network("cnn", x.shape[1:], 20, seed=0)
    assert accuracy(net, x_test, t_test) < 0.3
    train(net, x, t, steps=60, batch_size=50)
    assert accuracy(net, x_test, t_test) > 0.75


@pytest.mark.parametrize(("name", "kind"), [("two-layer", TwoLayerNet), ("cnn", SimpleConvNet)])
def test_a_new_network_is_that_of_its_seed(name, kind):
    first, again, other = (new_network(name, (1, 28, 28), 7, seed) for seed in (3, 3, 4))
    assert type(first) is kind
    assert first.params["b2"].shape[0] == (10 if kind is TwoLayerNet else 7)
    np.testing.assert_array_equal(first.params["W1"], again.params["W1"])
    assert not np.array_equal(first.params["W1"], other.params["W1"])


def test_accuracy_is_that_of_all_at_once(digits):
    _, (x, t) = digits
    net = network()
    some = slice(0, 1000), slice(0, 999), slice(0, 1)
    for each in some:
        assert accuracy(net, x[each], t[each]) == pytest.approx(
            net.accuracy(as_input(x[each]), t[each])
        )


@pytest.mark.parametrize(
    ("steps", "images", "batch", "due"),
    [
        (10, 100, 100, {*range(1, 11)}),
        (1800, 60_000, 100, {600, 1200, 1800}),
        (1000, 60_000, 100, {600, 1000}),
        (5, 60_000, 100, {5}),
        (3, 10, 100, {1, 2, 3}),  # a batch larger than the set: every step is an epoch
        (400, 4000, 100, {*range(40, 401, 40)}),
    ],
)
def test_accuracies_are_reported_after_epochs_and_at_the_end(steps, images, batch, due):
    assert reported_steps(steps, images, batch) == due


def test_reports_stay_few():
    assert len(reported_steps(10_000, 4000, 100)) <= 21


class TestMain:
    @pytest.fixture(autouse=True)
    def nothing_set(self, monkeypatch, tmp_path):
        monkeypatch.delenv("TRIGRAD_MNIST", raising=False)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))

    def test_prints_how_it_goes(self, capsys):
        assert main(["--steps", "80", "--hidden", "5"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("4,000 digits to train on, 1,000 to test with, from ")
        assert "sample" in lines[1]
        assert [line.split()[:4] for line in lines[2:4]] == [
            ["epoch", "1.0", "step", "40"],
            ["epoch", "2.0", "step", "80"],
        ]
        assert re.fullmatch(r"test accuracy 0\.\d{4}", lines[-1])

    @pytest.mark.parametrize("name", NETWORKS)
    def test_trains_any_network_with_its_own_settings(self, name, monkeypatch):
        seen = {}

        def noted(network, *_, **settings):
            seen.update(settings, hidden=len(network.params["b1" if name == "two-layer" else "b2"]))

        monkeypatch.setattr("trigrad.impl.train.train", noted)
        assert main(["--network", name, "--steps", "7"]) == 0
        usual = NETWORKS[name]
        assert (seen["steps"], seen["batch_size"]) == (7, usual.batch)
        assert (seen["learning_rate"], seen["hidden"]) == (usual.learning_rate, usual.hidden)

    def test_as_a_module(self):
        command = [sys.executable, "-m", "trigrad.impl.train", "--steps", "1", "--hidden", "2"]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1].startswith("test accuracy 0.")

    def test_says_in_one_line_what_is_wrong_with_the_files(self, capsys, tmp_path):
        assert main(["--data", str(tmp_path / "nowhere")]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "nowhere: no such folder" in line

    @pytest.mark.parametrize("option", ["--steps", "--batch", "--hidden"])
    def test_refuses_less_than_one(self, option, capsys):
        with pytest.raises(SystemExit) as ended:
            main([option, "0"])
        assert ended.value.code == 2
        assert f"{option} should be at least 1" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("option", "value"),
        [("--lr", "-1"), ("--lr", "nan"), ("--lr", "inf"), ("--seed", "-1"), ("--batch", "4001")],
    )
    def test_refuses_what_no_training_can_have(self, option, value, capsys):
        with pytest.raises(SystemExit) as ended:
            main([option, value])
        assert ended.value.code == 2
        assert f"{option} should be" in capsys.readouterr().err

    def test_ctrl_c_keeps_what_was_learned(self, capsys, monkeypatch):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("trigrad.impl.train.train", interrupted)
        assert main([]) == 0
        assert "interrupted" in capsys.readouterr().out.splitlines()[-2]
