"""The language model: its gradients, blocks and steps, and that it learns what a grammar says."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.impl.sequences import assert_same
from tests.impl.test_recurrent import lstm_in_torch
from trigrad.impl.language_model import Rnnlm, blocks, clip, main, perplexity, train, write
from trigrad.impl.text import as_ids, make_text


def network(V=6, D=3, H=4, seed=0, **options):
    np.random.seed(seed)
    net = Rnnlm(V, D, H, **options)
    net.params["embed_W"] *= 30  # else the state hardly depends on the words
    return net


def some_ids(*shape, V=6, seed=0):
    return np.random.default_rng(seed).integers(V, size=shape)


def block_in_torch(params, state, ids, t):
    """The loss, and the state after the block."""
    vectors = params["embed_W"][torch.tensor(ids)]
    weights = [params[f"lstm_{name}"] for name in ("Wx", "Wh", "b")]
    hs = []
    for n in range(ids.shape[1]):
        state = lstm_in_torch(vectors[:, n], *state, *weights)
        hs.append(state[0])
    scores = torch.stack(hs, dim=1) @ params["affine_W"] + params["affine_b"]
    return functional.cross_entropy(scores.flatten(0, 1), torch.tensor(t).flatten()), state


class TestGradient:
    def test_it_is_the_numerical_one(self):
        net, ids, t = network(), some_ids(2, 3), some_ids(2, 3, seed=1)
        t[0, 2] = -1  # does not count
        numerical, found = net.numerical_gradient(ids, t), net.gradient(ids, t)
        assert found.keys() == numerical.keys() == net.params.keys()
        for key, gradient in found.items():
            np.testing.assert_allclose(gradient, numerical[key], atol=1e-8)
            assert np.abs(gradient).max() > 1e-3

    def test_of_each_block_it_is_pytorch_s_with_the_state_detached(self):
        net = network(stateful=True)
        params = {k: torch.tensor(p, requires_grad=True) for k, p in net.params.items()}
        state = (torch.zeros(2, 4, dtype=torch.float64),) * 2
        for number, T in enumerate((3, 1, 4)):
            ids, t = some_ids(2, T, seed=number), some_ids(2, T, seed=number + 10)
            loss, state = block_in_torch(params, state, ids, t)
            due = torch.autograd.grad(loss, list(params.values()))
            state = tuple(each.detach() for each in state)
            found = net.gradient(ids, t)
            assert_same(net.lastLayer.loss, loss.detach().numpy())
            for key, gradient in zip(params, due, strict=True):
                assert_same(found[key], gradient.numpy())

    def test_with_the_state_attached_it_is_another(self):
        """So the test above can fail."""
        net = network()
        params = {k: torch.tensor(p, requires_grad=True) for k, p in net.params.items()}
        state = (torch.zeros(2, 4, dtype=torch.float64),) * 2
        ids, t = some_ids(2, 6), some_ids(2, 6, seed=1)
        _, state = block_in_torch(params, state, ids[:, :3], t[:, :3])
        loss, _ = block_in_torch(params, state, ids[:, 3:], t[:, 3:])
        loss.backward()
        net.lstm.stateful = True
        net.loss(ids[:, :3], t[:, :3])
        found = net.gradient(ids[:, 3:], t[:, 3:])
        assert np.abs(found["lstm_Wh"] - params["lstm_Wh"].grad.numpy()).max() > 1e-4

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_dtype(self, dtype):
        net = network(dtype=dtype)
        gradients = net.gradient(some_ids(2, 3), some_ids(2, 3, seed=1))
        assert {g.dtype for g in (*gradients.values(), *net.params.values())} == {np.dtype(dtype)}
        assert net.predict(some_ids(2, 3)).dtype == dtype


class TestBlocks:
    def test_by_hand(self):
        x, t = zip(*blocks(np.arange(12), 2, 3), strict=True)
        assert [each.tolist() for each in x] == [[[0, 1, 2], [5, 6, 7]], [[3, 4], [8, 9]]]
        assert [each.tolist() for each in t] == [[[1, 2, 3], [6, 7, 8]], [[4, 5], [9, 10]]]

    @pytest.mark.parametrize("words", range(5, 30))
    def test_each_goes_on_where_the_one_before_ended(self, words):
        x, t = (np.hstack(each) for each in zip(*blocks(np.arange(words), 4, 3), strict=True))
        assert x.size == (words - 1) // 4 * 4
        np.testing.assert_array_equal(t, x + 1)
        np.testing.assert_array_equal(x.ravel(), np.arange(x.size))


class TestClip:
    def test_long_ones_get_one_factor(self):
        gradients = {"a": np.array([3.0]), "b": np.array([[0.0, 4.0]])}
        clip(gradients, 0.5)
        np.testing.assert_allclose(gradients["a"], [0.3])
        np.testing.assert_allclose(gradients["b"], [[0, 0.4]])

    def test_short_ones_stay(self):
        gradients = {"a": np.array([3.0]), "b": np.array([[0.0, 4.0]])}
        clip(gradients, 5.0)
        assert gradients["a"].tolist() == [3]
        clip({"a": np.zeros(2)}, 1.0)  # and nothing is divided by 0


@pytest.fixture(scope="module")
def text():
    return make_text(20_000)


class TestTraining:
    def test_a_step(self):
        net, same, ids = network(stateful=True), network(), some_ids(7)
        (x, t), *others = blocks(ids, 2, 5)
        assert not others
        gradients = same.gradient(x, t)
        train(net, ids, epochs=1, batch_size=2, block=5, learning_rate=0.1, max_norm=np.inf)
        for key, param in net.params.items():
            assert_same(param, same.params[key] - 0.1 * gradients[key])

    def test_it_learns(self, text):
        ids, vocabulary = as_ids(text.words)
        end = len(ids) * 9 // 10
        np.random.seed(0)
        net = Rnnlm(len(vocabulary), 16, 32, stateful=True)
        before = perplexity(net, ids[end:])
        assert before == pytest.approx(len(vocabulary), rel=0.05)  # any word, equally probable
        met = train(net, ids[:end], epochs=12)
        after = perplexity(net, ids[end:])
        counts = np.bincount(ids) / len(ids)
        frequencies = np.exp(-np.sum(counts * np.log(counts)))  # of who knows only these
        assert met[-1] < met[0] / 2
        assert text.perplexity < after < frequencies / 3 < before / 5

    def test_without_its_state_it_learns_less(self, text):
        """What it remembers from the words before is what makes it better."""
        ids, vocabulary = as_ids(text.words)

        def learned(block):
            np.random.seed(0)
            net = Rnnlm(len(vocabulary), 16, 32, stateful=block > 1)
            return train(net, ids, epochs=8, block=block)[-1]

        assert learned(10) < 0.9 * learned(1)

    def test_same_seed_same_steps(self):
        ids = some_ids(100)
        one, other = network(stateful=True), network(stateful=True)
        assert train(one, ids, epochs=2) == train(other, ids, epochs=2)
        np.testing.assert_array_equal(one.params["lstm_Wh"], other.params["lstm_Wh"])

    def test_what_the_hook_raises_ends_training(self):
        epochs = []

        def stop(epoch, found):
            epochs.append((epoch, found))
            if epoch == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            train(network(stateful=True), some_ids(100), epochs=5, after_epoch=stop)
        assert [epoch for epoch, _ in epochs] == [1, 2]


class TestPerplexity:
    def test_blocks_make_no_difference(self):
        net, ids = network(stateful=True), some_ids(101)
        assert perplexity(net, ids, 5, 20) == pytest.approx(perplexity(net, ids, 5, 3))

    def test_it_forgets(self):
        net, ids = network(stateful=True), some_ids(101)
        net.predict(some_ids(10, 7, seed=3))
        assert perplexity(net, ids) == perplexity(net, ids)
        assert net.lstm.state == ()


class TestWrite:
    def test_the_generator_is_all_randomness(self):
        net = network(stateful=True)
        one, same, other = (write(net, 0, 30, np.random.default_rng(s)) for s in (1, 1, 2))
        assert one == same != other
        assert len(one) == 30
        assert set(one) <= set(range(6))

    def test_it_writes_what_it_has_learned(self):
        """Of a text in which one word follows another for sure."""
        ids = np.tile([0, 1, 2, 3, 4, 5], 60)
        net = network(stateful=True)
        train(net, ids, epochs=40)
        assert write(net, 2, 8, np.random.default_rng(0)) == [3, 4, 5, 0, 1, 2, 3, 4]


FEW = ["--size", "2000", "--epochs", "2", "--hidden", "5"]


class TestMain:
    def test_prints_how_it_goes(self, capsys):
        assert main(FEW) == 0
        lines = capsys.readouterr().out.splitlines()
        assert re.fullmatch(
            r"\d+ words to train on, \d+ to test with; \d+ different ones", lines[0]
        )
        assert "No model can do better" in lines[1]
        number = r" +\d+\.\d\d"
        for epoch, line in enumerate(lines[2:5]):
            assert re.fullmatch(rf"epoch +{epoch}  perplexity: train{number}, test{number}", line)
        assert re.fullmatch(r"It writes:( [a-z.]+){30}", lines[5])
        assert len(lines) == 6

    def test_as_a_module(self):
        command = [sys.executable, "-m", "trigrad.impl.language_model", *FEW]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1].startswith("It writes: ")
        assert not done.stderr

    @pytest.mark.parametrize(
        ("option", "value", "due"),
        [
            ("--epochs", "0", "at least 1"),
            ("--hidden", "0", "at least 1"),
            ("--size", "1999", "at least 2000"),
            ("--lr", "nan", "a number above 0"),
            ("--lr", "-1", "a number above 0"),
            ("--seed", "-1", "from 0 to"),
        ],
    )
    def test_refuses_what_no_training_can_have(self, option, value, due, capsys):
        with pytest.raises(SystemExit) as ended:
            main([option, value])
        assert ended.value.code == 2
        assert f"{option} should be {due}" in capsys.readouterr().err

    def test_ctrl_c_keeps_what_was_learned(self, capsys, monkeypatch):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("trigrad.impl.language_model.train", interrupted)
        assert main(FEW) == 0
        assert "interrupted" in capsys.readouterr().out.splitlines()[-2]
