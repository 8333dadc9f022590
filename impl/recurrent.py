"""Recurrent layers: RNN, LSTM and GRU, one step at a time, and over all times of a sequence.

H is the number of values in the state h, which a layer hands on from one time to the next. A step
computes the state h_next from the input x of its time and from the state before, h_prev.

A step is used once: the layer over time makes one for each time, and all share their weights. So
each weight's gradient is the sum over the times.
"""

from typing import Any

import numpy as np

from .functions import Array, sigmoid


class RNN:
    """One step of a plain recurrent layer (Elman 1990).

    Wx: (D, H)
    Wh: (H, H)
    b: (H,)
    x: (N, D)
    h_prev: (N, H)
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        self.Wx = Wx
        self.Wh = Wh
        self.b = b

    def forward(self, x: Array, h_prev: Array) -> Array:
        """h_next = tanh(x @ Wx + h_prev @ Wh + b)"""
        self.x = x
        self.h_prev = h_prev
        self.h_next: Array = np.tanh(x @ self.Wx + h_prev @ self.Wh + self.b)
        return self.h_next

    def backward(self, dh_next: Array) -> tuple[Array, Array]:
        """da = dh_next * (1 - h_next**2), where h_next = tanh(a);  the rest as in Affine:

        dx = da @ Wx.T,  dh_prev = da @ Wh.T,
        dWx = x.T @ da,  dWh = h_prev.T @ da,  db = da summed over the batch

        Returns dx (N, D) and dh_prev (N, H); leaves dWx, dWh and db as attributes.
        """
        da = dh_next * (1 - self.h_next**2)
        self.dWx = self.x.T @ da
        self.dWh = self.h_prev.T @ da
        self.db = np.sum(da, axis=0)
        return da @ self.Wx.T, da @ self.Wh.T


class LSTM:
    """One step of an LSTM (Hochreiter and Schmidhuber 1997; Gers et al. 2000).

    Beside h it hands on a memory c, which is only multiplied by a gate f and added to: its
    gradient goes back over many times without passing a tanh or a matrix.

    The weights of the forget gate f, the new values g, the input gate i and the output gate o
    stand beside each other, in this order.

    Wx: (D, 4*H)
    Wh: (H, 4*H)
    b: (4*H,)
    x: (N, D)
    h_prev: (N, H)
    c_prev: (N, H)
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        self.Wx = Wx
        self.Wh = Wh
        self.b = b

    def forward(self, x: Array, h_prev: Array, c_prev: Array) -> tuple[Array, Array]:
        """a = x @ Wx + h_prev @ Wh + b, (N, 4*H), is cut into a_f, a_g, a_i and a_o;

        f = sigmoid(a_f),  g = tanh(a_g),  i = sigmoid(a_i),  o = sigmoid(a_o)
        c_next = f * c_prev + i * g,  h_next = o * tanh(c_next)

        Returns h_next (N, H) and c_next (N, H).
        """
        a_f, a_g, a_i, a_o = np.split(x @ self.Wx + h_prev @ self.Wh + self.b, 4, axis=1)
        self.x = x
        self.h_prev = h_prev
        self.c_prev = c_prev
        self.f = sigmoid(a_f)
        self.g: Array = np.tanh(a_g)
        self.i = sigmoid(a_i)
        self.o = sigmoid(a_o)
        c_next = self.f * c_prev + self.i * self.g
        self.tanh_c: Array = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh_next: Array, dc_next: Array) -> tuple[Array, Array, Array]:
        """dc = dc_next + dh_next * o * (1 - tanh(c_next)**2): c_next was used twice

        df = dc * c_prev,  dg = dc * i,  di = dc * g,  do = dh_next * tanh(c_next),
        da_f = df * f * (1 - f),  da_g = dg * (1 - g**2),  da_i and da_o as da_f,
        dx = da @ Wx.T,  dh_prev = da @ Wh.T,  dc_prev = dc * f,
        dWx = x.T @ da,  dWh = h_prev.T @ da,  db = da summed over the batch

        Returns dx (N, D), dh_prev (N, H), dc_prev (N, H); leaves dWx, dWh and db as attributes.
        """
        dc = dc_next + dh_next * self.o * (1 - self.tanh_c**2)
        da_f = dc * self.c_prev * self.f * (1 - self.f)
        da_g = dc * self.i * (1 - self.g**2)
        da_i = dc * self.g * self.i * (1 - self.i)
        da_o = dh_next * self.tanh_c * self.o * (1 - self.o)
        da = np.hstack([da_f, da_g, da_i, da_o])  # (N, 4*H), in the order of forward
        self.dWx = self.x.T @ da
        self.dWh = self.h_prev.T @ da
        self.db = np.sum(da, axis=0)
        return da @ self.Wx.T, da @ self.Wh.T, dc * self.f


class GRU:
    """One step of a gated recurrent unit (Cho et al. 2014): an LSTM's gates without its memory c.

    The weights of the update gate z, the reset gate r and the new values g stand beside each
    other, in this order. The reset gate acts on h_prev before the product with Wh, as in the
    paper; PyTorch's acts after it, and PyTorch's z is our 1 - z.

    Wx: (D, 3*H)
    Wh: (H, 3*H)
    b: (3*H,)
    x: (N, D)
    h_prev: (N, H)
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        self.Wx = Wx
        self.Wh = Wh
        self.b = b

    def forward(self, x: Array, h_prev: Array) -> Array:
        """s = x @ Wx + b, (N, 3*H), is cut into s_zr and s_g, and Wh into Wh_zr and Wh_g;

        z, r = sigmoid(s_zr + h_prev @ Wh_zr),  g = tanh(s_g + (r * h_prev) @ Wh_g)
        h_next = (1 - z) * h_prev + z * g
        """
        H = len(self.Wh)
        Wh_zr, Wh_g = self.Wh[:, : 2 * H], self.Wh[:, 2 * H :]
        s = x @ self.Wx + self.b
        self.x = x
        self.h_prev = h_prev
        self.z, self.r = np.split(sigmoid(s[:, : 2 * H] + h_prev @ Wh_zr), 2, axis=1)
        self.g: Array = np.tanh(s[:, 2 * H :] + (self.r * h_prev) @ Wh_g)
        return (1 - self.z) * h_prev + self.z * self.g

    def backward(self, dh_next: Array) -> tuple[Array, Array]:
        """dz = dh_next * (g - h_prev),  dg = dh_next * z,  da_g = dg * (1 - g**2);

        drh = da_g @ Wh_g.T, the gradient of r * h_prev, and dr = drh * h_prev,
        da_zr = dz * z * (1 - z) beside dr * r * (1 - r),  da = da_zr beside da_g,
        dx = da @ Wx.T,  dWx = x.T @ da,  db = da summed over the batch,
        dWh = h_prev.T @ da_zr beside (r * h_prev).T @ da_g,
        dh_prev = dh_next * (1 - z) + drh * r + da_zr @ Wh_zr.T: h_prev was used three times

        Returns dx (N, D) and dh_prev (N, H); leaves dWx, dWh and db as attributes.
        """
        H = len(self.Wh)
        Wh_zr, Wh_g = self.Wh[:, : 2 * H], self.Wh[:, 2 * H :]
        dz = dh_next * (self.g - self.h_prev)
        da_g = dh_next * self.z * (1 - self.g**2)
        drh = da_g @ Wh_g.T
        dr = drh * self.h_prev
        da_zr = np.hstack([dz * self.z * (1 - self.z), dr * self.r * (1 - self.r)])
        da = np.hstack([da_zr, da_g])  # (N, 3*H), in the order of forward
        self.dWx = self.x.T @ da
        self.dWh = np.hstack([self.h_prev.T @ da_zr, (self.r * self.h_prev).T @ da_g])
        self.db = np.sum(da, axis=0)
        dh_prev = dh_next * (1 - self.z) + drh * self.r + da_zr @ Wh_zr.T
        return da @ self.Wx.T, dh_prev


class OverTime:
    """A step, run over all times of a sequence, each from the state that the one before left.

    `TimeRNN`, `TimeLSTM` and `TimeGRU` say which step. The layer uses these very weights.

    stateful: whether forward goes on from where the latest forward ended, as for the blocks of a
    long text, or starts from a state of zeros. Either way the gradient ends at the beginning of a
    block: that is truncated back-propagation through time. `reset_state()` starts anew.

    state: the state after the latest time, a tuple: (h,), or (h, c) of an LSTM. It may be set
    before forward, in a stateful layer. dstate: after backward, the gradients of the state from
    which forward started.

    xs: (N, T, D), T times of N sequences. Returns hs (N, T, H), the states h of all times.

    Raises ValueError if a stateful layer is given another N than before.
    """

    Step: Any
    """The class of a step."""
    states = 1
    """How many arrays a step hands on."""

    def __init__(self, Wx: Array, Wh: Array, b: Array, stateful: bool = False) -> None:
        self.Wx = Wx
        self.Wh = Wh
        self.b = b
        self.stateful = stateful
        self.reset_state()

    def reset_state(self) -> None:
        """The next forward starts from a state of zeros."""
        self.state: tuple[Array, ...] = ()

    def forward(self, xs: Array) -> Array:
        """hs[:, t] = h, where h = step(xs[:, t], the h before);  an LSTM hands on c as well"""
        N, T, _ = xs.shape
        H = len(self.Wh)
        if not (self.stateful and self.state):
            self.state = tuple(np.zeros((N, H), xs.dtype) for _ in range(self.states))
        if len(self.state[0]) != N:
            raise ValueError(
                f"{N} sequences, but the state is of {len(self.state[0])}: reset_state() forgets it"
            )
        self.steps = [self.Step(self.Wx, self.Wh, self.b) for _ in range(T)]
        hs = []
        for t, step in enumerate(self.steps):
            handed_on = step.forward(xs[:, t], *self.state)
            self.state = handed_on if self.states > 1 else (handed_on,)
            hs.append(self.state[0])
        return np.stack(hs, axis=1)

    def backward(self, dhs: Array) -> Array:
        """dh = dhs[:, t] + the dh_prev of the step after: h is an output, and a state to go on from

        So the steps come from the last to the first. dWx, dWh and db are the sums over them.

        Returns dxs (N, T, D); leaves dWx, dWh and db as attributes.
        """
        self.dWx = np.zeros_like(self.Wx)
        self.dWh = np.zeros_like(self.Wh)
        self.db = np.zeros_like(self.b)
        dh, *dc = (np.zeros_like(each) for each in self.state)  # after the last time comes nothing
        dxs = []
        for t in reversed(range(len(self.steps))):
            step = self.steps[t]
            dx, dh, *dc = step.backward(dhs[:, t] + dh, *dc)
            dxs.append(dx)
            self.dWx += step.dWx
            self.dWh += step.dWh
            self.db += step.db
        self.dstate = (dh, *dc)
        return np.stack(dxs[::-1], axis=1)


class TimeRNN(OverTime):
    """RNN over all times, as `OverTime` describes.

    Wx: (D, H)
    Wh: (H, H)
    b: (H,)
    xs: (N, T, D)
    """

    Step = RNN


class TimeLSTM(OverTime):
    """LSTM over all times, as `OverTime` describes.

    Wx: (D, 4*H)
    Wh: (H, 4*H)
    b: (4*H,)
    xs: (N, T, D)
    """

    Step = LSTM
    states = 2


class TimeGRU(OverTime):
    """GRU over all times, as `OverTime` describes.

    Wx: (D, 3*H)
    Wh: (H, 3*H)
    b: (3*H,)
    xs: (N, T, D)
    """

    Step = GRU
