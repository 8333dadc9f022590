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
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
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
    Sweep,
    Where,
)

_LENGTH = struct.Struct("!Q")

_CHUNK = 1 << 16

_LONGEST = 2000
"""Characters of one text that are taken from a worker."""


_MANY = 1 << 20
"""Values in the lists of one message: a byte of a message may be an object of 56 bytes here."""


_LETTERS = 8
"""So many letters of a text count as a value: every one will be looked at."""


class _Count:
    """Lets lists and mappings pass until there is too much in them; a ValueError then."""

    def __init__(self, most: float) -> None:
        self._left = most

    def list(self, values: list[Any]) -> list[Any]:
        """The list again, counted."""
        self._count(values)
        return values

    def mapping(self, values: dict[Any, Any]) -> dict[Any, Any]:
        """The mapping again, counted."""
        self._count(values.values())
        return values

    def _count(self, values: Collection[Any]) -> None:
        self._left -= 1 + len(values)
        for value in values:
            if type(value) is str:
                self._left -= len(value) // _LETTERS
        if self._left < 0:
            raise ValueError("more values than anybody needs")


class WireError(Exception):
    """What came is not what was due."""


class WireTimeoutError(WireError):
    """Nothing came in time."""


class OursError(WireError):
    """The worker's own code, which is ours, has failed; the message says how."""


class WireClosedError(WireError):
    """The other side is gone."""


class Wire:
    """Frames over a stream socket: eight bytes of length, then MessagePack."""

    def __init__(self, connection: socket.socket, largest: int, values: float = _MANY) -> None:
        self._connection = connection
        self._largest = largest
        self._values = values
        self._buffer = bytearray()
        self._chunk = memoryview(bytearray(_CHUNK))

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
        count = _Count(self._values)
        try:
            return msgpack.unpackb(
                body,
                unicode_errors="surrogatepass",
                list_hook=count.list,
                object_hook=count.mapping,
                max_map_len=_MANY,
            )
        except (ValueError, RecursionError) as error:  # msgpack's own are ValueErrors
            raise WireError(f"no message: {error}") from error

    def _exactly(self, count: int, until: float | None) -> bytes:
        while len(self._buffer) < count:
            self._wait(until)
            try:
                # Into one buffer: asking for bytes would allocate as many every time.
                count_read = self._connection.recv_into(self._chunk)
            except TimeoutError as error:
                raise WireTimeoutError from error
            except OSError as error:
                raise WireClosedError from error
            if not count_read:
                raise WireClosedError
            self._buffer += self._chunk[:count_read]
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _wait(self, until: float | None) -> None:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0 and not select.select([self._connection], [], [], 0)[0]:
            raise WireTimeoutError
        self._connection.settimeout(None if left is None else max(left, 0.001))


# --- arrays -------------------------------------------------------------------------------------

Reference = list[int]
"""Which group of a message's arrays, and which of the group."""


class ArrayPacker:
    """Collects a message's arrays: those of one dtype and shape in one string of bytes.

    A batch has hundreds of small arrays, of which many are one and the same object: each is
    sent once.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[str, tuple[int, ...]], tuple[int, list[bytes]]] = {}
        self._known: dict[int, tuple[Array, Reference]] = {}  # the array too: its id stays taken

    def add(self, array: Array) -> Reference:
        """What stands for the array in the message."""
        known = self._known.get(id(array))
        if known is not None:
            return known[1]
        key = (_name_of(array.dtype), array.shape)
        number, group = self._groups.setdefault(key, (len(self._groups), []))
        reference = [number, len(group)]
        group.append(array.tobytes())
        self._known[id(array)] = (array, reference)
        return reference

    def add_all(self, arrays: Mapping[str, Array]) -> dict[str, Reference]:
        """What stands for each of several."""
        return {name: self.add(array) for name, array in arrays.items()}

    def packed(self) -> list[Any]:
        """The groups: dtype, shape, how many, bytes."""
        return [
            [dtype, list(shape), len(group), b"".join(group)]
            for (dtype, shape), (_, group) in self._groups.items()
        ]


class ArrayUnpacker:
    """A message's arrays, made of nothing but bytes; none of them can be written to.

    Raises:
        WireError: they are anything else than arrays of numbers.
    """

    def __init__(self, groups: Any) -> None:
        self._groups: list[list[Array]] = []
        count = 0
        for group in sequence(groups):
            self._groups.append(_unpack_group(group))
            count += len(self._groups[-1])
            if count > MANY:
                raise WireError(f"more than {MANY} arrays")

    def get(self, reference: Any) -> Array:
        """The array that a reference stands for; WireError for what is none."""
        try:
            group, number = reference
            found: Array = self._groups[group][number]
        except (TypeError, ValueError, IndexError) as error:
            raise WireError("an array that was not sent") from error
        return found

    def get_all(self, references: dict[str, Any]) -> dict[str, Array]:
        """Several by name."""
        return {name: self.get(value) for name, value in references.items()}


def _unpack_group(value: Any) -> list[Array]:
    match value:
        case [str() as name, list() as axes, int() as count, bytes() as data]:
            dtype = _DTYPES.get(name)
            sizes = [count, *axes]
            if dtype is None or len(sizes) > 32 or not all(_is_size(size) for size in sizes):
                raise WireError("no array of numbers")
            # No array has more entries than bytes were sent, and empty ones are not many.
            entries = math.prod(sizes)
            if entries * dtype.itemsize != len(data) or count > MANY:
                raise WireError("an array whose bytes don't fit its shape")
            return (
                list(np.frombuffer(data, dtype).reshape(sizes)) if axes else _numbers(data, dtype)
            )
        case _:
            raise WireError("no array")


def _numbers(data: bytes, dtype: np.dtype[Any]) -> list[Array]:
    """Arrays of no axes: iterating would give scalars."""
    flat = np.frombuffer(data, dtype)
    return [flat[i : i + 1].reshape(()) for i in range(len(flat))]


@cache
def _name_of(dtype: np.dtype[Any]) -> str:
    return dtype.str


MANY = 1_000_000
"""Arrays that are taken in one message: empty ones come without a byte of their own."""

_DTYPES = {
    dtype.str: dtype
    for native in map(np.dtype, "efdgbhilqBHILQ")
    for dtype in (native, native.newbyteorder("S"))
}
"""The numbers of NumPy, real and whole, by the name that an array says."""


def _is_size(value: Any) -> bool:
    return type(value) is int and value >= 0


def raise_ours(message: Mapping[str, Any]) -> None:
    """OursError if that is what a message says."""
    if message.keys() == {"failed"}:
        raise OursError(f"{OURS} ({text(message['failed'])}): please report it")


OURS = "trigrad itself failed"
"""Begins what is said of a mistake of our own."""


# --- texts --------------------------------------------------------------------------------------


def text(value: Any) -> str:
    """A text in one line, without characters that steer a terminal; WireError for none."""
    if not isinstance(value, str):
        raise WireError("no text")
    return clean(value)


@lru_cache(maxsize=1024)
def clean(words: str) -> str:
    """A text shortened where it is endless, without characters that steer a terminal."""
    short = shortened(words)
    if short.isprintable():
        return short
    return "".join(c if _printable(c) else " " if c.isspace() else "\ufffd" for c in short)


def shortened(words: str) -> str:
    """A text with its end left out where it is endless."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


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
    if not isinstance(value, dict):
        raise WireError("no mapping")
    for key in value:
        if not isinstance(key, str):
            raise WireError("no mapping by names")
    return value


def number(value: Any) -> int:
    """A whole number from 0 on; WireError for anything else."""
    if not _is_size(value):
        raise WireError("no number")
    return int(value)


# --- commands -----------------------------------------------------------------------------------


def pack_commands(commands: Iterable[Command]) -> dict[str, Any]:
    """Commands as plain values."""
    arrays = ArrayPacker()
    packed = [_pack_command(command, arrays) for command in commands]
    return {"commands": packed, "arrays": arrays.packed()}


def _pack_command(command: Command, arrays: ArrayPacker) -> list[Any]:
    match command:
        case Build(parameters, sizes, which):
            return ["build", arrays.add_all(parameters), dict(sizes), which]
        case Forward(operands, form, which):
            return ["forward", arrays.add_all(operands), form.value, which]
        case Backward(dout, form, operands, which):
            upstream = None if dout is None else arrays.add(dout)
            return ["backward", upstream, form.value, arrays.add_all(operands), which]
        case Method(name, operands, which):
            return ["method", name, arrays.add_all(operands), which]
        case Sweep(parameters, operands, name, stack, sizes, which):
            given = [arrays.add_all(parameters), arrays.add_all(operands)]
            return ["sweep", *given, name, arrays.add(stack), dict(sizes), which]


def unpack_commands(message: Mapping[str, Any]) -> list[Command]:
    """The commands again; a worker trusts its judge."""
    arrays = ArrayUnpacker(message["arrays"])
    return [_unpack_command(value, arrays) for value in message["commands"]]


def _unpack_command(value: list[Any], arrays: ArrayUnpacker) -> Command:
    kind, *rest = value
    if kind == "build":
        parameters, sizes, which = rest
        return Build(arrays.get_all(parameters), sizes, which)
    if kind == "forward":
        operands, form, which = rest
        return Forward(arrays.get_all(operands), _FORMS[form], which)
    if kind == "backward":
        dout, form, operands, which = rest
        upstream = None if dout is None else arrays.get(dout)
        return Backward(upstream, _FORMS[form], arrays.get_all(operands), which)
    if kind == "sweep":
        parameters, operands, name, stack, sizes, which = rest
        given = arrays.get_all(parameters), arrays.get_all(operands)
        return Sweep(*given, name, arrays.get(stack), sizes, which)
    name, operands, which = rest
    return Method(name, arrays.get_all(operands), which)


_FORMS = {form.value: form for form in Form}


# --- results ------------------------------------------------------------------------------------


def pack_results(results: Iterable[Result], largest: int) -> dict[str, Any]:
    """Results as plain values; an array of more than `largest` bytes is only named."""
    arrays = ArrayPacker()
    packed = [_pack_result(result, arrays, largest) for result in results]
    return {"results": packed, "arrays": arrays.packed()}


def _pack_result(result: Result, arrays: ArrayPacker, largest: int) -> Any:
    """Most results are made of values alone, and are sent as those: there are thousands."""
    if isinstance(result, Raised):
        return pack_raised(result)
    values: dict[str, Any] = {}
    for name, value in result.values.items():
        if not isinstance(value, Odd) and value.nbytes > largest:
            value = Odd(f"an array of shape {value.shape}, too large to be looked at")
        values[name] = value.words if isinstance(value, Odd) else arrays.add(value)
    if not (result.overwritten or result.shared or result.warnings or result.notes):
        return values
    shared = [list(pair) for pair in result.shared]
    warnings = [shortened(warning) for warning in result.warnings[:10]]
    notes = [shortened(note) for note in result.notes]
    return [values, list(result.overwritten), shared, warnings, notes]


def unpack_results(message: Any) -> list[Result]:
    """Results, made of nothing but plain values and fresh arrays; otherwise WireError."""
    found = mapping(message)
    raise_ours(found)
    if not {"results", "arrays"} <= found.keys():
        raise WireError("no results")
    arrays = ArrayUnpacker(found["arrays"])
    return [_unpack_result(value, arrays) for value in sequence(found["results"])]


def _unpack_result(value: Any, arrays: ArrayUnpacker) -> Result:
    if type(value) is dict:
        return unpack_raised(value) if "call" in value else Returned(_values(value, arrays))
    match value:
        case [values, overwritten, shared, warnings, notes]:
            return Returned(
                _values(values, arrays),
                texts(overwritten),
                tuple(_pair(pair) for pair in sequence(shared)),
                texts(warnings),
                texts(notes),
            )
        case _:
            raise WireError("no result")


def _values(value: Any, arrays: ArrayUnpacker) -> dict[str, Array | Odd]:
    return {
        text(name): Odd(text(v)) if type(v) is str else arrays.get(v)
        for name, v in mapping(value).items()
    }


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
        "message": shortened(raised.message),
        "where": pack_where(raised.where),
        "hints": [shortened(hint) for hint in raised.hints],
        "absent": raised.absent,
        "ended": raised.ended,
        "unjudged": raised.unjudged,
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
            unjudged=text(found["unjudged"]),
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
