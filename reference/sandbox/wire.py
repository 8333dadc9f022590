"""What travels between judge and worker: MessagePack of plain values, in frames.

Nothing that comes from a worker is trusted: it is bytes until it has been read here as the plain
values that were due, arrays by their dtype, shape and bytes alone. What reads otherwise is a
WireError.
"""

from __future__ import annotations

import math
import select
import socket
import struct
import time
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import msgpack
import numpy as np

from reference.contract import Array
from reference.subject.face import (
    Backward,
    Build,
    Command,
    Form,
    Forward,
    Method,
    Odd,
    Raised,
    Result,
    Returned,
    Where,
)

_LENGTH = struct.Struct("!Q")

_LONGEST = 2000
"""Characters of one text that are taken from a worker."""


_MANY = 1 << 20
"""Values in the lists of one message: a byte of a message may be an object of 56 bytes here."""


class _Count:
    """Lets lists pass until there are too many values in them; a ValueError then."""

    def __init__(self) -> None:
        self._left = _MANY

    def __call__(self, values: list[Any]) -> list[Any]:
        self._left -= 1 + len(values)
        if self._left < 0:
            raise ValueError(f"more than {_MANY} values")
        return values


class WireError(Exception):
    """What came is not what was due."""


class WireTimeoutError(WireError):
    """Nothing came in time."""


class WireClosedError(WireError):
    """The other side is gone."""


class Wire:
    """Frames over a stream socket: eight bytes of length, then MessagePack."""

    def __init__(self, connection: socket.socket, largest: int) -> None:
        self._connection = connection
        self._largest = largest
        self._buffer = bytearray()

    def close(self) -> None:
        """Close the socket."""
        self._connection.close()

    def fileno(self) -> int:
        """The socket's number."""
        return self._connection.fileno()

    def send(self, message: Any, until: float | None = None) -> None:
        """Send one message, before the monotonic time `until` if that is given.

        Raises:
            WireTimeoutError: it was not taken in time.
            WireClosedError: nobody is there to take it.
        """
        self._wait(until)
        body = msgpack.packb(message, unicode_errors="surrogatepass")
        try:
            self._connection.sendall(_LENGTH.pack(len(body)) + body)
        except TimeoutError as error:
            raise WireTimeoutError from error
        except OSError as error:
            raise WireClosedError from error

    def receive(self, until: float | None = None) -> Any:
        """The next message, by the monotonic time `until` if that is given.

        Raises:
            WireTimeoutError: it did not come in time.
            WireClosedError: the other side has ended.
            WireError: it is too long, or no MessagePack.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, until))
        if length > self._largest:
            raise WireError(f"a message of {length} bytes")
        body = self._exactly(length, until)
        try:
            return msgpack.unpackb(
                body, unicode_errors="surrogatepass", list_hook=_Count(), max_map_len=_MANY
            )
        except (ValueError, RecursionError) as error:  # msgpack's own are ValueErrors
            raise WireError(f"no message: {error}") from error

    def _exactly(self, count: int, until: float | None) -> bytes:
        while len(self._buffer) < count:
            self._wait(until)
            try:
                more = self._connection.recv(1 << 18)
            except TimeoutError as error:
                raise WireTimeoutError from error
            except OSError as error:
                raise WireClosedError from error
            if not more:
                raise WireClosedError
            self._buffer += more
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _wait(self, until: float | None) -> None:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0 and not select.select([self._connection], [], [], 0)[0]:
            raise WireTimeoutError
        self._connection.settimeout(None if left is None else max(left, 0.001))


# --- arrays and texts ---------------------------------------------------------------------------


def pack_array(array: Array) -> list[Any]:
    """An array as its dtype, its shape and its bytes."""
    return [array.dtype.str, list(array.shape), array.tobytes()]


def unpack_array(value: Any) -> Array:
    """An array of its own, whatever sent it; WireError for what is none."""
    match value:
        case [str() as name, list() as axes, bytes() as data]:
            if name[1:] not in _DTYPES or not all(_is_size(axis) for axis in axes):
                raise WireError("no array of numbers")
            dtype = np.dtype(name)
            if len(axes) > 32 or math.prod(axes) * dtype.itemsize != len(data):
                raise WireError("an array whose bytes don't fit its shape")
            return np.frombuffer(data, dtype).reshape(axes).copy()
        case _:
            raise WireError("no array")


_DTYPES = frozenset(
    f"{kind}{size}" for kind, sizes in {"f": (2, 4, 8, 16), "iu": (1, 2, 4, 8)}.items()
    for kind in kind for size in sizes
)  # fmt: skip


def _is_size(value: Any) -> bool:
    return type(value) is int and value >= 0


def _pack_arrays(arrays: Mapping[str, Array]) -> dict[str, Any]:
    return {name: pack_array(array) for name, array in arrays.items()}


def _unpack_arrays(value: Any) -> dict[str, Array]:
    return {text(k): unpack_array(v) for k, v in mapping(value).items()}


def text(value: Any) -> str:
    """A text in one line, without characters that steer a terminal; WireError for none."""
    if not isinstance(value, str):
        raise WireError("no text")
    return clean(value)


def clean(words: str) -> str:
    """A text shortened where it is endless, without characters that steer a terminal."""
    short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return "".join(c if _printable(c) else " " if c.isspace() else "\ufffd" for c in short)


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def texts(value: Any) -> tuple[str, ...]:
    """Several texts; WireError for anything else."""
    return tuple(text(item) for item in sequence(value))


def sequence(value: Any) -> list[Any]:
    """A list; WireError for anything else."""
    if not isinstance(value, list):
        raise WireError("no list")
    return value


def mapping(value: Any) -> dict[str, Any]:
    """A dict by text; WireError for anything else."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise WireError("no mapping")
    return value


def number(value: Any) -> int:
    """A whole number from 0 on; WireError for anything else."""
    if not _is_size(value):
        raise WireError("no number")
    return int(value)


# --- commands -----------------------------------------------------------------------------------


def pack_commands(commands: Iterable[Command]) -> list[Any]:
    """Commands as plain values."""
    return [_pack_command(command) for command in commands]


def _pack_command(command: Command) -> list[Any]:
    match command:
        case Build(parameters, sizes, which):
            return ["build", _pack_arrays(parameters), dict(sizes), which]
        case Forward(operands, form, which):
            return ["forward", _pack_arrays(operands), form.value, which]
        case Backward(dout, form, operands, which):
            upstream = None if dout is None else pack_array(dout)
            return ["backward", upstream, form.value, _pack_arrays(operands), which]
        case Method(name, operands, which):
            return ["method", name, _pack_arrays(operands), which]


def unpack_command(value: list[Any]) -> Command:
    """The command again; a worker trusts its judge."""
    match value:
        case ["build", parameters, sizes, which]:
            return Build(_unpack_arrays(parameters), sizes, which)
        case ["forward", operands, form, which]:
            return Forward(_unpack_arrays(operands), Form(form), which)
        case ["backward", dout, form, operands, which]:
            upstream = None if dout is None else unpack_array(dout)
            return Backward(upstream, Form(form), _unpack_arrays(operands), which)
        case ["method", name, operands, which]:
            return Method(name, _unpack_arrays(operands), which)
        case _:
            raise WireError("no command")


# --- results ------------------------------------------------------------------------------------


def pack_result(result: Result, largest: int) -> dict[str, Any]:
    """A result as plain values; an array of more than `largest` bytes is only named."""
    if isinstance(result, Raised):
        return pack_raised(result)
    values: dict[str, Any] = {}
    for name, value in result.values.items():
        if not isinstance(value, Odd) and value.nbytes > largest:
            value = Odd(f"an array of shape {value.shape}, too large to be looked at")
        values[name] = value.words if isinstance(value, Odd) else pack_array(value)
    return {
        "values": values,
        "overwritten": list(result.overwritten),
        "shared": [list(pair) for pair in result.shared],
        "warnings": list(result.warnings[:10]),
    }


def unpack_result(value: Any) -> Result:
    """A result, made of nothing but plain values and fresh arrays; otherwise WireError."""
    found = mapping(value)
    if "call" in found:
        return unpack_raised(found)
    try:
        return Returned(
            values={
                text(name): Odd(text(v)) if isinstance(v, str) else unpack_array(v)
                for name, v in mapping(found["values"]).items()
            },
            overwritten=texts(found["overwritten"]),
            shared=tuple(_pair(pair) for pair in sequence(found["shared"])),
            warnings=texts(found["warnings"]),
        )
    except KeyError as error:
        raise WireError(f"no {error}") from error


def _pair(value: Any) -> tuple[str, str]:
    match texts(value):
        case (one, other):
            return one, other
        case _:
            raise WireError("no pair")


def pack_raised(raised: Raised) -> dict[str, Any]:
    """What a call raised, as plain values."""
    return {
        "call": raised.call,
        "error": raised.error,
        "message": raised.message,
        "where": pack_where(raised.where),
        "hints": list(raised.hints),
        "absent": raised.absent,
        "ended": raised.ended,
    }


def unpack_raised(value: Any) -> Raised:
    """What a call raised; WireError for anything else."""
    found = mapping(value)
    try:
        return Raised(
            call=text(found["call"]),
            error=text(found["error"]),
            message=text(found["message"]),
            where=unpack_where(found["where"]),
            hints=texts(found["hints"]),
            absent=None if found["absent"] is None else text(found["absent"]),
            ended=found["ended"] is True,
        )
    except KeyError as error:
        raise WireError(f"no {error}") from error


def pack_where(where: Where | None) -> list[Any] | None:
    """A place in the learner's text, as plain values."""
    return None if where is None else [where.file, where.cell, where.line, where.text]


def unpack_where(value: Any) -> Where | None:
    """A place in the learner's text; WireError for anything else."""
    match value:
        case None:
            return None
        case [file, cell, line, shown]:
            return Where(
                text(file), None if cell is None else number(cell), number(line), text(shown)
            )
        case _:
            raise WireError("no place")
