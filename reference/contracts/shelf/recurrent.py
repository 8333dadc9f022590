"""Recurrent layers, a step and over time: RNN, LSTM and GRU, with weights apart or side by side.

Elman 1990; Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000; Cho et al.
2014. Which gate comes first in the weights is a matter of taste: every order is tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING

from trigrad.contracts.shelf.schema import Known, Seen, Way
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

    State = tuple[torch.Tensor, ...]
    Weights = tuple[torch.Tensor, ...]


@dataclass(frozen=True)
class _Cell:
    """What one step makes of its sums: the next states, of which the first is the output."""

    gates: int
    states: int
    step: Callable[..., State]
    """Of the sums (N, gates * H) by the input and by the last state, and of the states."""
    words: tuple[Message, ...] = ()


# --- the cells, for samples in rows


def _rnn(
    activation: str, by_input: torch.Tensor, by_state: torch.Tensor, *_: torch.Tensor
) -> State:
    return (getattr(by_input + by_state, activation)(),)


def _lstm(
    order: str, by_input: torch.Tensor, by_state: torch.Tensor, _: torch.Tensor, c: torch.Tensor
) -> State:
    gates = dict(zip(order, (by_input + by_state).chunk(4, dim=1), strict=True))
    kept, written = gates["f"].sigmoid() * c, gates["i"].sigmoid() * gates["g"].tanh()
    following = kept + written
    return gates["o"].sigmoid() * following.tanh(), following


def _gru(
    order: str,
    reset_first: bool,
    keeps: bool,
    by_input: torch.Tensor,
    by_state: Callable[[torch.Tensor], torch.Tensor],
    h: torch.Tensor,
) -> State:
    """`by_state` gives the sums by any state, since the reset gate may be applied to it first."""
    place = {gate: number for number, gate in enumerate(order)}
    inputs, states = by_input.chunk(3, dim=1), by_state(h).chunk(3, dim=1)
    z = (inputs[place["z"]] + states[place["z"]]).sigmoid()
    r = (inputs[place["r"]] + states[place["r"]]).sigmoid()
    reset = by_state(r * h).chunk(3, dim=1)[place["n"]] if reset_first else r * states[place["n"]]
    n = (inputs[place["n"]] + reset).tanh()
    return (z * h + (1 - z) * n if keeps else (1 - z) * h + z * n,)


def _rnn_cells() -> Iterator[_Cell]:
    for activation in ("tanh", "relu", "sigmoid"):
        words = () if activation == "tanh" else (Message("reading.hidden", activation=activation),)
        yield _Cell(1, 1, partial(_rnn, activation), words)


def _lstm_cells() -> Iterator[_Cell]:
    for order in ("ifog", "fgio", "ifgo", *map("".join, permutations("ifgo"))):
        yield _Cell(4, 2, partial(_lstm, order), (_gates(order),))


def _gru_cells() -> Iterator[_Cell]:
    for order in ("zrn", *map("".join, permutations("zrn"))):
        for reset_first in (True, False):
            for keeps in (False, True):
                words = [_gates(order)]
                words += [Message("shelf.keeps")] if keeps else []
                words += [] if reset_first else [Message("shelf.reset_after")]
                yield _Cell(3, 1, partial(_gru, order, reset_first, keeps), tuple(words))


def _gates(order: str) -> Message:
    return Message("shelf.gates", order=", ".join(order))


# --- the sums


@dataclass(frozen=True)
class _Layout:
    """How an input and a state become the sums of the gates, (N, gates * H) for rows."""

    rows: Callable[[int, int], tuple[int | None, ...]]
    """Of D and H: the rows of each matrix, None for a bias."""
    by_input: Callable[[torch.Tensor, Weights], torch.Tensor]
    by_state: Callable[[torch.Tensor, Weights], torch.Tensor]
    apart: int = 1
    """For how many gates there are weights of their own, one gate after the other."""

    @property
    def weights(self) -> int:
        """How many there are."""
        return self.apart * len(self.rows(1, 1))

    def fits(self, shapes: Sequence[tuple[int, ...]], d: int, h: int, gates: int) -> bool:
        """Whether weights have these shapes, for samples in rows."""
        wide = gates // self.apart * h
        return all(
            shape == (rows, wide) if rows is not None else math.prod(shape) == wide
            for shape, rows in zip(shapes, self.rows(d, h) * self.apart, strict=True)
        )


def _side_by_side(biases: int) -> _Layout:
    """Weights for the input and for the state: (D, G * H) and (H, G * H), and the biases."""

    def by_input(x: torch.Tensor, weights: Weights) -> torch.Tensor:
        out = x @ weights[0]
        return out + weights[2].reshape(-1) if biases else out

    def by_state(h: torch.Tensor, weights: Weights) -> torch.Tensor:
        out = h @ weights[1]
        return out + weights[3].reshape(-1) if biases > 1 else out

    return _Layout(lambda d, h: (d, h, *((None,) * biases)), by_input, by_state)


def _joined(biases: int, *, state_first: bool) -> _Layout:
    """One matrix (D + H, G * H) for input and state, and the bias."""

    def by_input(x: torch.Tensor, weights: Weights) -> torch.Tensor:
        size = x.shape[1]
        out = x @ (weights[0][-size:] if state_first else weights[0][:size])
        return out + weights[1].reshape(-1) if biases else out

    def by_state(h: torch.Tensor, weights: Weights) -> torch.Tensor:
        size = h.shape[1]
        return h @ (weights[0][:size] if state_first else weights[0][-size:])

    return _Layout(lambda d, h: (d + h, *((None,) * biases)), by_input, by_state)


def _each_gate(layout: _Layout, gates: int) -> _Layout:
    """The same with weights of its own for each gate."""

    def together(weights: Weights) -> Weights:
        import torch

        each = len(weights) // gates
        alike = [weights[i::each] for i in range(each)]
        return tuple(torch.cat(ws, dim=-1) for ws in alike)

    return _Layout(
        layout.rows,
        lambda x, weights: layout.by_input(x, together(weights)),
        lambda h, weights: layout.by_state(h, together(weights)),
        gates,
    )


def _layouts(gates: int) -> Iterator[_Layout]:
    for biases in (1, 2, 0):
        yield _side_by_side(biases)
    for biases in (1, 0):
        for state_first in (False, True):
            yield _joined(biases, state_first=state_first)
    if gates > 1:
        yield _each_gate(_side_by_side(1), gates)
        yield _each_gate(_joined(1, state_first=True), gates)
        yield _each_gate(_joined(1, state_first=False), gates)


# --- one step


def _in_rows(weights: Weights, layout: _Layout, *, columns: bool) -> Weights:
    """The weights as samples in rows have them, biases flat."""
    matrices = [rows is not None for rows in layout.rows(1, 1)] * layout.apart
    return tuple(
        (w.T if columns else w) if matrix else w.reshape(-1)
        for w, matrix in zip(weights, matrices, strict=True)
    )


def _one_step(
    x: torch.Tensor, *rest: torch.Tensor, cell: _Cell, layout: _Layout, columns: bool
) -> State:
    states, weights = rest[: cell.states], _in_rows(rest[cell.states :], layout, columns=columns)
    if columns:
        x, states = x.T, tuple(s.T for s in states)
    following = _next(x, states, weights, cell, layout)
    return tuple(s.T for s in following) if columns else following


def _next(x: torch.Tensor, states: State, weights: Weights, cell: _Cell, layout: _Layout) -> State:
    by_input = layout.by_input(x, weights)
    if cell.gates == 3:
        return cell.step(by_input, lambda h: layout.by_state(h, weights), *states)
    return cell.step(by_input, layout.by_state(states[0], weights), *states)


def _steps(cells: Callable[[], Iterator[_Cell]], seen: Seen) -> Iterator[Way]:
    names = list(seen.arrays)
    for cell in cells():
        for layout in _layouts(cell.gates):
            if 1 + cell.states + layout.weights != len(names):
                continue
            matrices = ((2,),) * (1 + cell.states)
            for order in _orders(seen, matrices, layout):
                shapes = [seen.shape(name) for name in order]
                for columns in (False, True):
                    turned = [s[::-1] if columns else s for s in shapes]
                    (n, d), (_, h) = turned[0], turned[1]
                    states = turned[1 : 1 + cell.states]
                    if any(s != (n, h) for s in states):
                        continue
                    if not layout.fits(turned[1 + cell.states :], d, h, cell.gates):
                        continue
                    twin = partial(_one_step, cell=cell, layout=layout, columns=columns)
                    words = (Message("reading.columns"),) if columns else ()
                    yield Way(twin, order, (*words, *cell.words))


def _orders(
    seen: Seen, inputs: tuple[tuple[int, ...], ...], layout: _Layout
) -> Iterator[tuple[str, ...]]:
    """Orders of the arrays: all, as long as they are few; else weights as they were declared."""
    few = 6
    names = list(seen.arrays)
    if len(names) <= few:
        yield from seen.orders(*inputs, *(((1, 2),) * layout.weights))
        return
    count = len(inputs)
    if all(seen.arrays[name].ndim in role for name, role in zip(names, inputs, strict=False)):
        yield tuple(names)
        # The biases behind all matrices, as some declare them: W1 W2 … b1 b2 …
        weights = names[count:]
        half = len(weights) // 2
        if len(weights) % 2 == 0:
            pairs = zip(weights[:half], weights[half:], strict=True)
            yield (*names[:count], *(name for pair in pairs for name in pair))


# --- over time


def _over_time(
    xs: torch.Tensor,
    *rest: torch.Tensor,
    cell: _Cell,
    layout: _Layout,
    axis: int,
    given: int,
    columns: bool,
) -> State:
    """All outputs, for a sequence along `axis`; `given` states are passed, others begin at 0."""
    import torch

    weights = _in_rows(rest[given:], layout, columns=columns)
    steps = xs.movedim(axis, 0)
    if columns:
        steps = steps.transpose(1, 2)
    if steps.ndim == 2:
        steps = steps[:, None, :]
    size = weights[0].shape[1] * layout.apart // cell.gates
    first = torch.zeros(steps.shape[1], size, dtype=xs.dtype)
    states: State = tuple(s.T if columns else s for s in rest[:given])
    states = tuple(s.reshape(steps.shape[1], size) for s in states)
    states += (first,) * (cell.states - given)
    outputs = []
    for x in steps:
        states = _next(x, states, weights, cell, layout)
        outputs.append(states[0])
    out = torch.stack(outputs)
    if xs.ndim == 2:
        out = out[:, 0]
    if columns:
        out = out.transpose(1, 2)
    return out.movedim(0, axis), *(s.T if columns else s for s in states)


def _sequences(cells: Callable[[], Iterator[_Cell]], seen: Seen) -> Iterator[Way]:
    names = list(seen.arrays)
    for cell in cells():
        for layout in _layouts(cell.gates):
            given = len(names) - 1 - layout.weights
            if not 0 <= given <= cell.states:
                continue
            for order in _orders(seen, ((3, 2), *(((1, 2),) * given)), layout):
                xs = seen.arrays[order[0]]
                shapes = [seen.shape(name) for name in order[1 + given :]]
                for axis, columns in ((1, False), (0, False), (2, True)):
                    if xs.ndim == 2 and (axis, columns) != (0, False):
                        continue
                    turned = [s[::-1] if columns else s for s in shapes]
                    hidden = turned[0][-1] * layout.apart // cell.gates
                    inputs = xs.shape[0 if columns else -1]
                    if not hidden or not layout.fits(turned, inputs, hidden, cell.gates):
                        continue
                    twin = partial(
                        _over_time,
                        cell=cell,
                        layout=layout,
                        axis=axis,
                        given=given,
                        columns=columns,
                    )
                    words = (Message("reading.columns"),) if columns else ()
                    yield Way(twin, order, (*words, *cell.words))


RNN = Known(
    "RNN",
    "h = tanh(x Wx + h_prev Wh + b)",
    ("rnn", "rnncell", "rnnstep", "simplernn", "vanillarnn", "elmanrnn"),
    partial(_steps, _rnn_cells),
)
TIME_RNN = Known(
    "TimeRNN",
    "hs[:, t] = tanh(xs[:, t] Wx + hs[:, t - 1] Wh + b)",
    ("timernn", "rnnlayer", "rnnovertime", "rnnsequence"),
    partial(_sequences, _rnn_cells),
)
LSTM = Known(
    "LSTM",
    "c = f * c_prev + i * g, h = o * tanh(c); f, i, o = sigmoid and g = tanh of x Wx + h Wh + b",
    ("lstm", "lstmcell", "lstmstep"),
    partial(_steps, _lstm_cells),
)
TIME_LSTM = Known(
    "TimeLSTM",
    "an LSTM from step to step, from zeros or the states that it is given",
    ("timelstm", "lstmlayer", "lstmovertime", "lstmsequence"),
    partial(_sequences, _lstm_cells),
)
GRU = Known(
    "GRU",
    "h = (1 - z) * h_prev + z * tanh(x Wx + (r * h_prev) Wh + b); z, r = sigmoid of such sums",
    ("gru", "grucell", "grustep"),
    partial(_steps, _gru_cells),
)
TIME_GRU = Known(
    "TimeGRU",
    "a GRU from step to step, from zeros or the state that it is given",
    ("timegru", "grulayer", "gruovertime"),
    partial(_sequences, _gru_cells),
)

RECURRENT = (RNN, LSTM, GRU, TIME_RNN, TIME_LSTM, TIME_GRU)
