"""Archives that were made to harm, and those that were only made elsewhere."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad.grade.archives import ArchiveError, Budget, TooMuchError, members
from trigrad.messages import Message

CODE = b"x = 1\n"


def read(path: Path, budget: Budget | None = None) -> tuple[dict[str, bytes], list[str]]:
    """All that is in an archive, and the notes."""
    budget = budget or Budget()
    notes: list[Message] = []
    found = {member.path: member.read(budget) for member in members(path, budget, notes)}
    return found, list(map(str, notes))


def zipped(path: Path, fill: Callable[[zipfile.ZipFile], None]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return path


def tarred(path: Path, *infos: tarfile.TarInfo, mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for info in infos:
            archive.addfile(info, io.BytesIO(CODE) if info.isfile() else None)
    return path


def member(name: str, **fields: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = len(CODE)
    for field, value in fields.items():
        setattr(info, field, value)
    return info


@pytest.mark.parametrize("suffix", ["tar", "tar.gz", "tgz", "tar.bz2", "tar.xz"])
def test_every_kind_of_tar_is_read(tmp_path: Path, suffix: str) -> None:
    mode = {"tar": "w", "tgz": "w:gz"}.get(suffix, f"w:{suffix[4:]}")
    path = tarred(tmp_path / f"a.{suffix}", member("src/layers.py"), mode=mode)
    assert read(path) == ({"src/layers.py": CODE}, [])


def test_a_zip_is_read_without_what_a_mac_adds(tmp_path: Path) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("a/layers.py", CODE)
        archive.writestr("__MACOSX/a/._layers.py", b"\0")
        archive.writestr("a/.DS_Store", b"\0")
        archive.mkdir("a/empty")

    assert read(zipped(tmp_path / "a.zip", fill)) == ({"a/layers.py": CODE}, [])


OUTSIDE = ["../layers.py", "a/../../layers.py", "/etc/layers.py", "C:\\layers.py", "..\\layers.py"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_member_leads_outside(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", lambda archive: archive.writestr(name, CODE))
    found, (note,) = read(path)
    assert found == {}
    assert "leads out of the archive" in note
    found, (note,) = read(tarred(tmp_path / "a.tar", member(name)))
    assert found == {}
    assert "leads out of the archive" in note


def test_links_and_devices_are_left_out(tmp_path: Path) -> None:
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
    infos = [
        member(f"{number}.py", type=kind, size=0, linkname="/etc/passwd")
        for number, kind in enumerate(kinds)
    ]
    found, notes = read(tarred(tmp_path / "a.tar", *infos, member("b.py")))
    assert found == {"b.py": CODE}
    assert notes == [f"left out: {number}.py (a link or a device)" for number in range(5)]

    def fill(archive: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("link.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    assert read(zipped(tmp_path / "a.zip", fill)) == ({}, ["left out: link.py (a link)"])


def test_a_bomb_ends_at_the_budget_whatever_its_headers_say(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", lambda a: a.writestr("big.py", bytes(3_000_000)))
    assert path.stat().st_size < 10_000
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # says that it is small
        struct.pack_into("<I", data, data.index(signature) + offset, 10)
    lying = tmp_path / "lying.zip"
    lying.write_bytes(data)
    with pytest.raises(TooMuchError, match="unpacks to more than"):
        read(path, Budget(bytes=1_000_000))
    with pytest.raises(ArchiveError):
        read(lying, Budget(bytes=1_000_000))


def test_a_tar_bomb_ends_at_the_budget_even_in_a_header(tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 5_000_000
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf() + bytes(header.size)))
    with pytest.raises(TooMuchError):
        read(path, Budget(bytes=1_000_000))


def test_too_many_members(tmp_path: Path) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        for number in range(30):
            archive.writestr(f"{number}.py", b"")

    path = zipped(tmp_path / "a.zip", fill)
    for files in (10, 20):  # by what its directory has, and as they come
        with pytest.raises(TooMuchError, match="files"):
            read(path, Budget(files=files))
    path = tarred(tmp_path / "a.tar", *(member(f"{n}.py") for n in range(30)))
    with pytest.raises(TooMuchError, match="files"):
        read(path, Budget(files=20))


def test_an_encrypted_zip_is_said_to_be_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", lambda archive: archive.writestr("a.py", CODE))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="is encrypted"):
        read(path)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
@pytest.mark.parametrize("content", [b"", b"rubbish" * 300, b"\x1f\x8b\x08rubbish", b"BZh9rub"])
def test_rubbish_is_damaged(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="is damaged"):
        read(path)


def test_half_an_archive_is_damaged(tmp_path: Path) -> None:
    whole = tarred(tmp_path / "a.tar.gz", member("a.py"), mode="w:gz").read_bytes()
    path = tmp_path / "half.tar.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ArchiveError, match="is damaged"):
        read(path)


def test_a_compression_that_python_does_not_have(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", lambda archive: archive.writestr("a.py", CODE))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.index(signature) + offset, 9)  # Deflate64
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="cannot be unpacked"):
        read(path)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("課題.py".encode("cp932"), "課題.py"),
        ("課題.py".encode(), "課題.py"),
        ("Übung.py".encode("cp437"), "Übung.py"),
        ("Übung.py".encode(), "Übung.py"),
    ],
)
def test_names_from_other_systems(tmp_path: Path, raw: bytes, name: str) -> None:
    placeholder = "x" * len(raw)
    path = zipped(tmp_path / "a.zip", lambda archive: archive.writestr(placeholder, CODE))
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), raw))
    assert read(path) == ({name: CODE}, [])
