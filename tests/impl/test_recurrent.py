"""RNN, LSTM and GRU against PyTorch's cells, one step and over all times."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.impl.sequences import assert_same, drawn, torch_gradients
from trigrad.impl import GRU, LSTM, RNN, TimeGRU, TimeLSTM, TimeRNN

sizes = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)

GATES = {RNN: 1, LSTM: 4, GRU: 3}
OVER_TIME = {RNN: TimeRNN, LSTM: TimeLSTM, GRU: TimeGRU}
every_step = pytest.mark.parametrize("step", [RNN, LSTM, GRU])


def weights(step, D, H, seed, dtype=np.float64):
    width = GATES[step] * H
    shapes = {"Wx": (D, width), "Wh": (H, width), "b": (width,)}
    return {n: drawn(seed + i, *s, dtype=dtype) for i, (n, s) in enumerate(shapes.items())}


def states(step):
    """How many arrays a step hands on."""
    return 2 if step is LSTM else 1


def rnn_in_torch(x, h, Wx, Wh, b):
    zero = torch.zeros_like(b)
    return torch.rnn_tanh_cell(x, h, Wx.T, Wh.T, b, zero)


def lstm_in_torch(x, h, c, Wx, Wh, b):
    """PyTorch's gates stand in the order i, f, g, o, ours in f, g, i, o."""

    def in_order(weights):
        f, g, i, o = weights.chunk(4, dim=-1)
        return torch.cat([i, f, g, o], dim=-1)

    Wx, Wh, b = map(in_order, (Wx, Wh, b))
    return torch.lstm_cell(x, (h, c), Wx.T, Wh.T, b, torch.zeros_like(b))


def gru_in_torch(x, h, Wx, Wh, b):
    """The formula of the paper, in which r acts before the product."""
    H = h.shape[1]
    s = x @ Wx + b
    z = torch.sigmoid(s[:, :H] + h @ Wh[:, :H])
    r = torch.sigmoid(s[:, H : 2 * H] + h @ Wh[:, H : 2 * H])
    g = torch.tanh(s[:, 2 * H :] + (r * h) @ Wh[:, 2 * H :])
    return h + z * (g - h)


TWINS = {RNN: rnn_in_torch, LSTM: lstm_in_torch, GRU: gru_in_torch}


def run_of(step, xs, state, weights):
    """All times of PyTorch's step: the states h (N, T, H), and the last state."""
    hs = []
    for t in range(xs.shape[1]):
        found = TWINS[step](xs[:, t], *state, **weights)
        state = found if isinstance(found, tuple) else (found,)
        hs.append(state[0])
    return torch.stack(hs, dim=1), state


class TestOneStep:
    @every_step
    @given(N=sizes, D=sizes, H=sizes, seed=seeds)
    def test_pytorch_agrees(self, step, N, D, H, seed):
        given_weights = weights(step, D, H, seed)
        names = ["h", "c"][: states(step)]
        before = {n: drawn(seed + 10 + i, N, H) for i, n in enumerate(names)}
        arrays = {"x": drawn(seed + 5, N, D), **before, **given_weights}
        douts = tuple(drawn(seed + 20 + i, N, H) for i in range(states(step)))
        outs, due = torch_gradients(TWINS[step], douts, arrays)

        layer = step(**given_weights)
        found = layer.forward(arrays["x"], *before.values())
        for one, out in zip(found if step is LSTM else (found,), outs, strict=True):
            assert_same(one, out)
        for name, gradient in zip(["x", *names], layer.backward(*douts), strict=True):
            assert_same(gradient, due[name])
        for name in given_weights:
            assert_same(getattr(layer, f"d{name}"), due[name])

    @given(N=sizes, D=sizes, H=sizes, seed=seeds)
    def test_pytorch_s_own_gru(self, N, D, H, seed):
        """Where Wh_g is diagonal, r may act before the product with it or after."""
        w = weights(GRU, D, H, seed)
        Wh = w["Wh"].copy()
        Wh[:, 2 * H :] *= np.eye(H)
        x, h, dout = drawn(seed + 5, N, D), drawn(seed + 6, N, H), drawn(seed + 7, N, H)

        def twin(x, h, Wx, Wh, b):
            """Its gates stand in the order r, z, g, and its z is our 1 - z: sigmoid(-a)."""

            def in_order(weights):
                z, r, g = weights.chunk(3, dim=-1)
                return torch.cat([r, -z, g], dim=-1)

            Wx, Wh, b = map(in_order, (Wx, Wh, b))
            return torch.gru_cell(x, h, Wx.T, Wh.T, b, torch.zeros_like(b))

        arrays = {"x": x, "h": h, "Wx": w["Wx"], "Wh": Wh, "b": w["b"]}
        (out,), due = torch_gradients(twin, dout, arrays)
        layer = GRU(w["Wx"], Wh, w["b"])
        assert_same(layer.forward(x, h), out)
        dx, dh = layer.backward(dout)
        assert_same(dx, due["x"])
        assert_same(dh, due["h"])
        assert_same(layer.dWx, due["Wx"])
        assert_same(layer.db, due["b"])
        kept = np.hstack([np.ones((H, 2 * H)), np.eye(H)])  # the two differ off the diagonal
        assert_same(layer.dWh * kept, due["Wh"] * kept)

    @every_step
    def test_float32_stays_float32(self, step):
        layer = step(**weights(step, 2, 3, 0, np.float32))
        state = [drawn(9, 4, 3, dtype=np.float32)] * states(step)
        found = layer.forward(drawn(8, 4, 2, dtype=np.float32), *state)
        gradients = layer.backward(*state)
        found = (*(found if step is LSTM else (found,)), *gradients, layer.dWx, layer.dWh, layer.db)
        assert {each.dtype for each in found} == {np.dtype(np.float32)}


def over_time(step, D, H, seed, stateful=False):
    return OVER_TIME[step](**weights(step, D, H, seed), stateful=stateful)


class TestOverTime:
    @every_step
    @given(N=sizes, T=sizes, D=sizes, H=sizes, seed=seeds)
    def test_pytorch_agrees(self, step, N, T, D, H, seed):
        given_weights = weights(step, D, H, seed)
        dhs = drawn(seed + 6, N, T, H)
        zero = (torch.zeros(N, H, dtype=torch.float64),) * states(step)
        arrays = {"xs": drawn(seed + 5, N, T, D), **given_weights}
        (hs,), due = torch_gradients(
            lambda xs, **weights: run_of(step, xs, zero, weights)[0], dhs, arrays
        )
        layer = OVER_TIME[step](**given_weights)
        assert_same(layer.forward(arrays["xs"]), hs)
        assert_same(layer.backward(dhs), due["xs"])
        for name in given_weights:
            assert_same(getattr(layer, f"d{name}"), due[name])

    @given(N=sizes, T=sizes, D=sizes, H=sizes, seed=seeds)
    def test_pytorch_s_own_loop_over_time(self, N, T, D, H, seed):
        given_weights = weights(RNN, D, H, seed)
        theirs = torch.nn.RNN(D, H, batch_first=True, dtype=torch.float64)
        ours = (given_weights["Wx"].T, given_weights["Wh"].T, given_weights["b"], np.zeros(H))
        with torch.no_grad():
            for parameter, value in zip(theirs.parameters(), ours, strict=True):
                parameter.copy_(torch.tensor(value.copy()))
        xs, dhs = drawn(seed + 5, N, T, D), drawn(seed + 6, N, T, H)
        (hs,), due = torch_gradients(lambda xs: theirs(xs)[0], dhs, {"xs": xs})
        layer = TimeRNN(**given_weights)
        assert_same(layer.forward(xs), hs)
        assert_same(layer.backward(dhs), due["xs"])
        assert_same(layer.dWx, theirs.weight_ih_l0.grad.numpy().T)
        assert_same(layer.dWh, theirs.weight_hh_l0.grad.numpy().T)
        assert_same(layer.db, theirs.bias_ih_l0.grad.numpy())

    @every_step
    def test_without_a_state_each_forward_starts_anew(self, step):
        layer, xs = over_time(step, 2, 3, 0), drawn(5, 2, 4, 2)
        np.testing.assert_array_equal(layer.forward(xs), layer.forward(xs))

    @every_step
    def test_blocks_of_a_stateful_layer_are_one_long_sequence(self, step):
        layer, xs = over_time(step, 2, 3, 0, stateful=True), drawn(5, 2, 7, 2)
        parts = [layer.forward(xs[:, :3]), layer.forward(xs[:, 3:4]), layer.forward(xs[:, 4:])]
        assert_same(np.concatenate(parts, axis=1), over_time(step, 2, 3, 0).forward(xs))

    @every_step
    @given(lengths=st.lists(sizes, min_size=2, max_size=3), N=sizes, D=sizes, H=sizes, seed=seeds)
    def test_gradients_of_a_block_end_at_its_beginning(self, step, lengths, N, D, H, seed):
        """Truncated back-propagation: PyTorch's, where the state is detached between blocks."""
        given_weights = weights(step, D, H, seed)
        layer = OVER_TIME[step](**given_weights, stateful=True)
        state = tuple(np.zeros((N, H)) for _ in range(states(step)))
        for number, T in enumerate(lengths):
            xs, dhs = drawn(seed + 5 + number, N, T, D), drawn(seed + 15 + number, N, T, H)
            names = ["h", "c"][: states(step)]
            arrays = {"xs": xs, **dict(zip(names, state, strict=True)), **given_weights}

            def block(xs, h, c=None, **weights):
                begin = (h,) if c is None else (h, c)
                hs, end = run_of(step, xs, begin, weights)
                return hs, *end

            zeros = tuple(np.zeros((N, H)) for _ in names)
            (hs, *end), due = torch_gradients(block, (dhs, *zeros), arrays)
            assert_same(layer.forward(xs), hs)
            assert_same(layer.backward(dhs), due["xs"])
            for name in given_weights:
                assert_same(getattr(layer, f"d{name}"), due[name])
            for name, found in zip(names, layer.dstate, strict=True):
                assert_same(found, due[name])
            state = tuple(end)  # numbers: what came before them has no gradient

    @every_step
    def test_the_gradient_of_the_whole_text_is_another(self, step):
        """So the test above can fail: what a block hands on has an influence."""
        xs, dhs = drawn(5, 2, 4, 2), drawn(6, 2, 4, 3)
        whole, block = over_time(step, 2, 3, 0), over_time(step, 2, 3, 0, stateful=True)
        whole.forward(xs)
        whole.backward(dhs)
        total = np.zeros_like(whole.dWh)
        for part in (slice(0, 2), slice(2, 4)):
            block.forward(xs[:, part])
            block.backward(dhs[:, part])
            total += block.dWh
        assert np.abs(total - whole.dWh).max() > 1e-3

    @every_step
    def test_reset_state(self, step):
        layer, xs = over_time(step, 2, 3, 0, stateful=True), drawn(5, 2, 4, 2)
        first = layer.forward(xs)
        assert np.abs(layer.forward(xs) - first).max() > 1e-3
        layer.reset_state()
        np.testing.assert_array_equal(layer.forward(xs), first)

    @every_step
    def test_another_batch_size_is_refused(self, step):
        layer = over_time(step, 2, 3, 0, stateful=True)
        layer.forward(drawn(5, 2, 4, 2))
        with pytest.raises(ValueError, match=r"^1 sequences, but the state is of 2: reset_state"):
            layer.forward(drawn(5, 1, 4, 2))
        layer.reset_state()
        assert layer.forward(drawn(5, 1, 4, 2)).shape == (1, 4, 3)

    @every_step
    def test_a_state_from_elsewhere(self, step):
        """As a decoder begins with the state that an encoder ended with."""
        layer, xs = over_time(step, 2, 3, 0, stateful=True), drawn(5, 2, 4, 2)
        begin = tuple(drawn(7 + i, 2, 3) for i in range(states(step)))
        layer.state = begin
        tensors = {n: torch.tensor(w) for n, w in weights(step, 2, 3, 0).items()}
        hs, _ = run_of(step, torch.tensor(xs), tuple(map(torch.tensor, begin)), tensors)
        assert_same(layer.forward(xs), hs.numpy())

    @every_step
    def test_float32_stays_float32(self, step):
        layer = OVER_TIME[step](**weights(step, 2, 3, 0, np.float32))
        out = layer.forward(drawn(8, 4, 5, 2, dtype=np.float32))
        dxs = layer.backward(drawn(9, 4, 5, 3, dtype=np.float32))
        found = (out, dxs, layer.dWx, layer.dWh, layer.db, *layer.state, *layer.dstate)
        assert {each.dtype for each in found} == {np.dtype(np.float32)}

    @every_step
    def test_changing_the_weights_in_place_trains_it(self, step):
        given_weights = {n: w.copy() for n, w in weights(step, 2, 3, 0).items()}
        layer, xs = OVER_TIME[step](**given_weights), drawn(5, 2, 4, 2)
        layer.forward(xs)
        for weight in given_weights.values():
            weight *= 0
        assert not layer.forward(xs).any()
