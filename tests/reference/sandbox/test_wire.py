from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator

import msgpack
import numpy as np
import pytest

from trigrad.sandbox.codec import pack_results, pack_runs, unpack_results, unpack_runs
from trigrad.sandbox.packing import ArrayPacker, ArrayUnpacker
from trigrad.sandbox.validation import (
    InternalError,
    WireClosedError,
    WireError,
    WireTimeoutError,
    clean,
)
from trigrad.sandbox.wire import Wire
from trigrad.subject.face import (
    Backward,
    BatchAxis,
    Build,
    Form,
    Forward,
    Method,
    Odd,
    Raised,
    Returned,
    Sweep,
    Where,
)

Ends = tuple[Wire, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Our end of a wire, and the bare socket at the other."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Wire(ours, 1 << 20), theirs


def frame(body: bytes, length: int | None = None) -> bytes:
    return struct.pack("!Q", len(body) if length is None else length) + body


class TestFrames:
    def test_there_and_back(self, ends: Ends) -> None:
        wire, other = ends
        there = Wire(other, 1 << 20)
        there.send({"a": [1, "b", b"c", None, 1.5]})
        there.send("\ud800 broken")
        assert wire.receive(time.monotonic() + 1) == {"a": [1, "b", b"c", None, 1.5]}
        assert wire.receive(time.monotonic() + 1) == "\ud800 broken"

    def test_a_large_message_in_pieces(self, ends: Ends) -> None:
        wire, other = ends
        body = frame(msgpack.packb(b"x" * 300_000))
        sender = threading.Thread(target=other.sendall, args=(body,))
        sender.start()
        assert wire.receive(time.monotonic() + 5) == b"x" * 300_000
        sender.join()

    def test_nothing_comes(self, ends: Ends) -> None:
        began = time.monotonic()
        with pytest.raises(WireTimeoutError):
            ends[0].receive(began + 0.05)
        assert time.monotonic() - began < 1

    @pytest.mark.parametrize("sent", [b"\0\0", frame(b"", 10), frame(b"\x91", 100)])
    def test_half_a_message(self, ends: Ends, sent: bytes) -> None:
        ends[1].sendall(sent)
        with pytest.raises(WireTimeoutError):
            ends[0].receive(time.monotonic() + 0.05)

    def test_the_other_side_ends(self, ends: Ends) -> None:
        ends[1].sendall(frame(b"", 10))
        ends[1].close()
        with pytest.raises(WireClosedError):
            ends[0].receive(time.monotonic() + 1)
        with pytest.raises(WireClosedError):
            ends[0].send("anybody there", time.monotonic() + 1)

    def test_the_other_side_does_not_read_it(self, ends: Ends) -> None:
        with pytest.raises(WireTimeoutError):
            ends[0].send(b"x" * 10_000_000, time.monotonic() + 0.05)

    @pytest.mark.parametrize(
        "sent",
        [
            frame(b"", 1 << 40),
            frame(b"\xc1"),
            frame(b""),
            frame(b"\x91" * 5000),
            frame(b"\x01\x02"),
            frame(b"\xdd\xff\xff\xff\xff"),
            frame(b"\xd5\x01ab"),
        ],
        ids=["endless", "no MessagePack", "empty", "deep", "two", "a long list", "an extension"],
    )
    def test_garbage(self, ends: Ends, sent: bytes) -> None:
        ends[1].sendall(sent)
        try:
            found = ends[0].receive(time.monotonic() + 1)
        except WireError:
            return
        with pytest.raises(WireError):  # plain, but nothing that was asked for
            unpack_results(found)


class TestArrays:
    @pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "<f2", "<i8", "|u1", "|i1", ">i4"])
    @pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (1, 0, 2)])
    def test_there_and_back(self, dtype: str, shape: tuple[int, ...]) -> None:
        array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
        packer = ArrayPacker()
        references = [packer.add(array), packer.add(array + array), packer.add(array)]
        assert references[0] == references[2]
        unpacker = ArrayUnpacker(msgpack.unpackb(msgpack.packb(packer.packed())))
        for reference, expected in zip(references, (array, array + array, array), strict=True):
            found = unpacker.get(reference)
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
            assert found.tobytes() == expected.tobytes()
            assert not found.flags.writeable

    @pytest.mark.parametrize(
        "group",
        [
            ["|O", [1], 1, bytes(8)],
            ["<M8[s]", [1], 1, bytes(8)],
            ["<c16", [1], 1, bytes(16)],
            ["<f8", [2], 1, bytes(8)],
            ["<f8", [-1], 1, bytes(8)],
            ["<f8", [True], 1, bytes(8)],
            ["<f8", [1.0], 1, bytes(8)],
            ["<f8", [0] * 40, 1, b""],
            ["<f8", [2**62, 4], 1, b""],
            ["<f8", [0], 2**40, b""],
            ["<f8", [1], 1, "8 bytes."],
            ["<f8", [1], bytes(8)],
            7,
        ],
    )
    def test_what_is_no_array_of_numbers(self, group: object) -> None:
        with pytest.raises(WireError):
            ArrayUnpacker([group])

    @pytest.mark.parametrize("reference", [[0, 9], [9, 0], [0], [0, 0, 0], "ab", None, [[], 0], 3])
    def test_a_reference_to_nothing(self, reference: object) -> None:
        unpacker = ArrayUnpacker([["<f8", [1], 1, bytes(8)]])
        with pytest.raises(WireError):
            unpacker.get(reference)


class TestCommands:
    def test_there_and_back(self) -> None:
        x = np.array([[1.0, 2.0]])
        commands = [
            Build({"W": x}, {"D": 2}, 1),
            Forward({"x": x}, Form.READ_ONLY, 2),
            Backward(None, Form.PLAIN, {"x": x}),
            Backward(x, Form.STRIDED),
            Method("predict", {"x": x}),
            Sweep({"W": x}, {"x": x}, "W", np.stack([x, -x]), {"D": 2}, Form.NUMBER, 3),
        ]
        (found,) = unpack_runs(msgpack.unpackb(msgpack.packb(pack_runs([commands]))))
        assert [type(c) for c in found] == [type(c) for c in commands]
        assert str(found) == str(commands)


class TestResults:
    RESULTS = (
        Returned({}),
        Returned({"output": np.array(1.5)}),
        Returned({"x": np.ones(2), "y": Odd("None")}, ("dout",), (("x", "y"),), ("w",), ("n",)),
        Returned({}, notes=("n",), batch_axis=BatchAxis.COLUMNS_MEAN),
        Returned({}, misfits={"b": ((3,), (3, 1))}),
        Raised("forward", "ValueError", "no", Where("a.py", 2, 3, "x"), ("hint",), "scipy"),
        Raised("forward", "Timeout", "did not return", ended=True),
        Raised("forward", "UnknownDialectError", "odd", unjudged="odd"),
    )

    def test_there_and_back(self) -> None:
        packed = msgpack.packb(pack_results(self.RESULTS, 1000))
        assert str(unpack_results(msgpack.unpackb(packed))) == str(list(self.RESULTS))

    def test_a_large_array_is_only_named(self) -> None:
        (result,) = unpack_results(pack_results([Returned({"output": np.ones((2, 3))})], 40))
        assert isinstance(result, Returned)
        assert result.values["output"] == Odd("an array of shape (2, 3), too large to check")

    @pytest.mark.parametrize(
        "result",
        [
            None,
            7,
            [],
            [1, 2],
            {"output": 7},
            {"output": [0, 0]},
            {7: "None"},
            [{}, ["a"], [["x"]], [], [], "rows"],
            [{}, [7], [], [], [], "rows"],
            [{}, [], [], [], [None], "rows"],
            [{}, [], [], [], [], "diagonal"],
            [{}, [], [], [], [], []],
            [{}, [], [], [], []],
            {"call": "forward"},
            {
                **dict.fromkeys(("call", "error", "message", "unjudged"), "x"),
                **{"where": ["a", -1, 10, ""], "hints": [], "absent": None, "ended": False},
            },
        ],
    )
    def test_what_is_no_result(self, result: object) -> None:
        with pytest.raises(WireError):
            unpack_results({"results": [result], "arrays": []})

    @pytest.mark.parametrize(
        "message", [None, [], {}, {"results": []}, {"results": 1, "arrays": []}]
    )
    def test_what_is_no_message(self, message: object) -> None:
        with pytest.raises(WireError):
            unpack_results(message)

    def test_a_mistake_of_ours(self) -> None:
        with pytest.raises(InternalError, match=r"trigrad itself failed \(KeyError: 1\)"):
            unpack_results({"failed": "KeyError: 1"})


class TestClean:
    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("plain ✓ 日本", "plain ✓ 日本"),
            ("\x1b[2Jgone", "\ufffd[2Jgone"),
            ("two\nlines\there", "two lines here"),
            ("\u202etxt\ud800\x00", "\ufffdtxt\ufffd\ufffd"),
        ],
    )
    def test_nothing_that_steers_a_terminal(self, said: str, shown: str) -> None:
        assert clean(said) == shown

    def test_an_endless_text_is_cut(self) -> None:
        assert len(clean("x" * 10**6)) < 3000
