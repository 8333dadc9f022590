"""Messages between trigrad and a worker: plain values as MessagePack, in frames."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Collection
from typing import Any

import msgpack

from trigrad.sandbox.validation import WireClosedError, WireError, WireTimeoutError

_LENGTH = struct.Struct("!Q")

_CHUNK = 1 << 16

_MANY = 1 << 20
"""The most values in one message: one byte of it may become an object of 56 bytes in memory."""

_LETTERS = 8
"""This many letters of a text count as one value, since the time to process a text is linear."""


class _Count:
    """Counts the values in lists and mappings; raises ValueError if there are too many."""

    def __init__(self, most: float) -> None:
        self._left = most

    def list(self, values: list[Any]) -> list[Any]:
        """The list, after counting it."""
        self._count(values)
        return values

    def mapping(self, values: dict[Any, Any]) -> dict[Any, Any]:
        """The mapping, after counting it."""
        self._count(values.values())
        return values

    def _count(self, values: Collection[Any]) -> None:
        self._left -= 1 + len(values)
        for value in values:
            if type(value) is str:
                self._left -= len(value) // _LETTERS
        if self._left < 0:
            raise ValueError("too many values")


class Wire:
    """Frames over a stream socket: a length of eight bytes, then MessagePack."""

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
        """The socket's file descriptor."""
        return self._connection.fileno()

    def send(self, message: Any, until: float | None = None) -> None:
        """Send one message, before the monotonic time `until` if that is given.

        Raises:
            WireTimeoutError: the other side did not read it in time.
            WireClosedError: the other side has closed the connection.
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
            WireTimeoutError: it was not received in time.
            WireClosedError: the other side has closed the connection.
            WireError: it is too long, or not valid MessagePack.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, until))
        if length > self._largest:
            raise WireError(f"a message of {length} bytes")
        body = self._exactly(length, until)
        hooks = {}
        # A byte is counted twice at most, as what is in a list and as an empty list.
        if 2 * length > self._values:
            count = _Count(self._values)
            hooks = {"list_hook": count.list, "object_hook": count.mapping}
        try:
            return msgpack.unpackb(body, unicode_errors="surrogatepass", max_map_len=_MANY, **hooks)
        except (ValueError, RecursionError) as error:  # msgpack raises ValueError too
            raise WireError(f"an invalid message ({error})") from error

    def _exactly(self, count: int, until: float | None) -> bytes:
        while len(self._buffer) < count:
            self._wait(until)
            try:
                # Into a reused buffer: `recv` would allocate one every time.
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
