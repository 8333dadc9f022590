"""The function `gradcheck`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trigrad.gradient_check.arguments import Gradients, Parameters, by_name, looked_at
from trigrad.gradient_check.gradient_report import Findings, GradientReport
from trigrad.gradient_check.point import Point
from trigrad.gradient_check.verification import Verification
from trigrad.gradient_check.waiting import Waiting


def gradcheck(
    loss: Callable[[], Any],
    params: Parameters,
    grads: Gradients,
    *,
    directions: int = 1,
    every_entry: bool = False,
    rtol: float = 0.0,
    seed: int | None = 0,
) -> GradientReport:
    """Verify the gradients of a loss with respect to arrays that it reads.

        report = gradcheck(lambda: net.loss(x, t), net.params, net.gradient(x, t))
        print(report)
        assert report.ok, str(report)  # in a test

    The slope of the loss along a random direction through all the arrays must be the inner
    product of the gradients with that direction (central differences, two step sizes, Richardson's
    extrapolation). Six evaluations of the loss are enough where all is right, whatever the number
    of parameters; where it isn't, more of them find the entries that are wrong.

    A single wrong entry never passes if its error is above the report's `resolution`, as a
    rule 1e-8 in float64 and 1e-2 in float32 for a loss near 1 and weights near 0.01. Several can
    cancel: the largest of them, e, is multiplied by a number drawn uniformly from
    [-1, -1/2] and [1/2, 1], and whatever the others add up to, the sum is too small to be seen
    for a part of at most resolution / |e| of these numbers, with that call's resolution. That is
    the probability of a miss; with `directions=n` its n-th power.

    It takes the loss to be smooth, but for kinks, within 1e-7 of the arrays' size or more.

    Args:
        loss: computes the loss anew, without arguments, from the arrays in `params`; a scalar
            (a Python or NumPy number, or an array of shape () or (1,)). It must be deterministic.
        params: arrays of floats by name, of any shape; or a list or tuple of them, whose names are
            then their positions, "0", "1", … They are changed in place and hold, bit for bit, what
            they held when the function returns or raises. Read-only arrays and views with strides
            are handled. No other thread may use them meanwhile.
        grads: for each parameter the gradient to be verified, of the same shape: by the same
            names, by those behind a `d` (`dW1` for `W1`), or in a list of the same order.
        directions: random directions through all the arrays; more make a miss less probable.
        every_entry: compare entry by entry instead: four evaluations for every entry, and the
            whole numerical gradient with an error estimate in the report.
        rtol: errors up to this share of a gradient's length (Euclidean) are accepted: 1e-6 for a
            network with log(y + 1e-7), whose gradient is not quite the derivative of its loss.
        seed: decides the directions; None for other ones each time.

    Returns:
        a report, true in a condition if every gradient is right; `print` says what is wrong.

    Raises:
        GradcheckError: the arguments cannot be checked (integers, shared memory, other shapes
            or names …), the loss is no finite number or not deterministic. A ValueError.
    """
    arrays, gradients = looked_at(loss, params, grads, directions, rtol)
    shapes = {name: np.shape(array) for name, array in by_name(params).items()}
    findings = Findings()
    if not arrays:
        return findings.report(shapes, {}, 0)
    point = Point(loss, arrays)
    try:
        try:
            point.unlock()
            verification = Verification(point, gradients, seed, rtol, findings)
            if every_entry:
                verification.entry_by_entry()
            else:
                with Waiting() as waiting:
                    point.on_evaluation = waiting.show
                    verification.along_directions(directions)
        finally:
            point.leave()
    except KeyboardInterrupt:
        point.leave()  # the interrupt may have come while the other call was putting things back
        raise
    return findings.report(shapes, verification.largest, point.evaluations)
