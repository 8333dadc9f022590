"""A declared layer's own forward: what it stands for, since no contract says what it should be."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Array, Arrays, Contract
from trigrad.messages import Message
from trigrad.sandbox.worker_exit import TIMEOUT
from trigrad.subject.face import (
    STABILISED,
    TIE,
    Backward,
    Build,
    Command,
    Differentiate,
    Face,
    Forward,
    Odd,
    Raised,
    Result,
    Returned,
)
from trigrad.subject.face_around import FaceAround
from trigrad.witnesses.twin import NotFollowedError

SECONDS = 30.0
"""After this time in all, a forward is followed no further: it is too slow."""

REMEMBERED = 512
"""How many results are kept: every case is asked for several times."""


class OwnForward:
    """The forward of a face, run as it is, and on PyTorch for its gradients."""

    def __init__(self, contract: Contract, face: Face) -> None:
        self._contract = contract
        self._face = face
        self._results: dict[bytes, Result] = {}
        self._left = SECONDS

    def output(self, arrays: Arrays, sizes: Mapping[str, int]) -> Array | Odd | Raised | None:
        """What forward gives, whatever it is; None if it gives nothing."""
        parameters, operands = self._split(arrays)
        built, result = self._face.run([Build(parameters, sizes), Forward(operands)])
        if isinstance(built, Raised):
            return built
        return result if isinstance(result, Raised) else result.values.get(OUTPUT.key)

    def output_shape(self, arrays: Arrays, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
        """The shape of its output; None where there is none."""
        output = self.output(arrays, sizes)
        return output.shape if isinstance(output, np.ndarray) else None

    def values(self, arrays: Arrays, dout: Array | None) -> tuple[Array, dict[str, Array]]:
        """Its output, and the gradients of <dout, output>.

        Raises:
            NotFollowedError: no library can follow what it does.
        """
        wanted = self._contract.gradients
        result = self._differentiated(arrays, dout, wanted)
        if isinstance(result, Raised):
            raise NotFollowedError(result.unjudged or result.sentence)
        output = result.values[OUTPUT.key]
        gradients = {n: result.values.get(n) for n in wanted}
        if isinstance(output, Odd) or not all(
            isinstance(g, np.ndarray) for g in gradients.values()
        ):
            raise NotFollowedError(str(Message("own.no_array")))
        return output, {n: np.asarray(g) for n, g in gradients.items()}

    def allowance(self, arrays: Arrays, dout: Array | None) -> float:
        """By how much a gradient may be off that leaves out the tiny constants of forward."""
        result = self._differentiated(arrays, dout, self._contract.gradients)
        if isinstance(result, Raised) or STABILISED not in result.values:
            return 0.0
        off = float(np.asarray(result.values[STABILISED]))
        return math.inf if math.isnan(off) else off

    def why_not_followed(self, arrays: Arrays) -> str:
        """Why no library can follow it on these arrays; "" if one can."""
        result = self._differentiated(arrays, None, ())
        if isinstance(result, Raised):
            return result.unjudged or result.sentence
        return ""

    def distance_to_tie(self, arrays: Arrays) -> float:
        """How near two numbers are that it compares; infinite where that is not known."""
        result = self._differentiated(arrays, None, ())
        if isinstance(result, Raised):
            return math.inf
        return float(np.asarray(result.values[TIE]))

    def _split(self, arrays: Arrays) -> tuple[Arrays, Arrays]:
        parameters = {v.name: arrays[v.name] for v in self._contract.parameters}
        return parameters, {v.name: arrays[v.name] for v in self._contract.operands}

    def _differentiated(
        self, arrays: Arrays, dout: Array | None, wanted: tuple[str, ...]
    ) -> Result:
        given = [*arrays.values(), *([] if dout is None else [dout])]
        key = b"".join(str(a.shape).encode() + a.tobytes() for a in given) + str(wanted).encode()
        if key not in self._results:
            if len(self._results) >= REMEMBERED:
                self._results.clear()
            parameters, operands = self._split(arrays)
            sizes = sizes_of(self._contract, arrays)
            command = Differentiate(parameters, operands, sizes, dout, wanted)
            self._results[key] = self._followed(command)
        return self._results[key]

    def _followed(self, command: Differentiate) -> Result:
        if self._left <= 0:
            why = str(Message("own.too_slow"))
            return Raised("trigrad", TIMEOUT, why, unjudged=why)
        began = time.monotonic()
        result = self._face.run([command])[0]
        self._left -= time.monotonic() - began
        if isinstance(result, Raised) and result.error == TIMEOUT and result.unjudged:
            self._left = 0.0
        return result


class OwnGradients(FaceAround):
    """A declared layer with the gradients that PyTorch finds for its forward, not its own."""

    def __init__(self, contract: Contract, face: Face) -> None:
        super().__init__(face)
        self._contract = contract

    def _asked(self, commands: Sequence[Command]) -> list[Command]:
        return [c for c in commands if not isinstance(c, Backward)]

    def _made_of(self, commands: Sequence[Command], results: list[Result]) -> list[Result]:
        """The results, with other gradients.

        Raises:
            NotFollowedError: no library can follow what forward does.
        """
        given = iter(results)
        arrays: dict[int, dict[str, Array]] = {}
        found: list[Result] = []
        for command in commands:
            if isinstance(command, Backward):
                own = self._contract.own
                assert own is not None, "it was observed"
                gradients = own.values(arrays[command.which], command.dout)[1]
                found.append(Returned(dict(gradients)))
                continue
            found.append(next(given))
            if isinstance(command, Build):
                arrays[command.which] = dict(command.parameters)
            elif isinstance(command, Forward):
                arrays[command.which] = arrays.get(command.which, {}) | dict(command.operands)
        return found


def with_own(contract: Contract, face: Face) -> Contract:
    """A contract that takes forward as it is written, with the forward of this face."""
    return contract if contract.own is None else replace(contract, own=OwnForward(contract, face))


def sizes_of(contract: Contract, arrays: Arrays) -> dict[str, int]:
    """The sizes that arrays of these shapes show."""
    return {
        axis: length
        for variable in contract.variables
        for axis, length in zip(variable.shape, arrays[variable.name].shape, strict=True)
        if axis.isidentifier()
    }
