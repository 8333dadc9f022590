"""The zip file that Gradescope takes as an autograder: trigrad itself, and what a teacher asks for.

trigrad goes along as it is installed here, so that grades there and here are the same. Gradescope
runs `setup.sh` once, and `run_autograder` for each submission.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import msgspec

import trigrad
from trigrad.grade.autograder import CONTRACTS, RUBRIC, SETTINGS, Settings

TORCH = "torch==2.13.0"
"""Of which CPU builds are known to be small enough for Gradescope."""

SECONDS = 540
"""Gradescope ends an autograder after ten minutes, and then shows nothing of its results."""

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""Of all files: the same settings give the same bytes."""

_RUNS = 0o755 << 16
_READ = 0o644 << 16

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when the autograder is built.
set -euo pipefail
cd "$(dirname "$0")"
apt-get update
apt-get install -y --no-install-recommends python3.11 python3.11-venv
python3.11 -m venv venv
# A CPU build: with CUDA, PyTorch has several GB.
venv/bin/python -m pip install --no-cache-dir {index}{torch}
venv/bin/python -m pip install --no-cache-dir -r requirements.txt
"""

_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission. Results are written after each layer: if the time is
# over, those of the layers so far are there.
root=${{AUTOGRADER_ROOT:-/autograder}}
export PYTHONPATH="$root/source/lib" OMP_NUM_THREADS=1
timeout --kill-after=10 {seconds} "$root/source/venv/bin/python" -m trigrad.grade.autograder "$root"
status=$?
if [ "$status" -eq 124 ] && [ -e "$root/results/results.json" ]; then
    exit 0
fi
exit "$status"
"""


def write_zip(
    path: Path,
    settings: Settings,
    *,
    rubric: Path | None = None,
    contracts: Path | None = None,
    torch_index: str = "",
) -> None:
    """Write the zip file.

    `torch_index` is the address of the index that has PyTorch's CPU builds.

    Raises:
        OSError: it cannot be written, or a file of the teacher's cannot be read.
    """
    index = f"--index-url {shlex.quote(torch_index)} " if torch_index else ""
    files: dict[str, bytes] = {
        "setup.sh": _SETUP.format(index=index, torch=shlex.quote(TORCH)).encode(),
        "run_autograder": _RUN.format(seconds=SECONDS).encode(),
        "requirements.txt": "".join(f"{each}\n" for each in _requirements()).encode(),
        SETTINGS: msgspec.json.encode(settings),
    }
    for name, given in ((RUBRIC, rubric), (CONTRACTS, contracts)):
        if given is not None:
            files[name] = given.read_bytes()
    files |= {f"lib/{name}": data for name, data in _own_files()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.external_attr = _RUNS if name in ("setup.sh", "run_autograder") else _READ
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def _requirements() -> Iterator[str]:
    """What trigrad needs, as its own metadata says; PyTorch is installed before."""
    for each in distribution("trigrad").requires or ():
        if "extra ==" not in each and re.match(r"[\w-]+", each)[0] != "torch":  # type: ignore[index]
            yield each


def _own_files() -> Iterator[tuple[str, bytes]]:
    """The files of the package as it is installed, and its metadata."""
    found = distribution("trigrad")
    # A checkout in which a package was built has an egg-info before it, with the other name.
    metadata = found.read_text("METADATA") or found.read_text("PKG-INFO") or ""
    yield f"trigrad-{found.version}.dist-info/METADATA", metadata.encode()
    within = pkgutil.walk_packages(trigrad.__path__, "trigrad.")
    # In a checkout impl lies elsewhere, and is not found so.
    names = {trigrad.__name__, "trigrad.impl", *(each.name for each in within if each.ispkg)}
    for name in sorted(names):
        folder = Path(importlib.import_module(name).__path__[0])
        for file in sorted(folder.iterdir()):
            if file.is_file() and file.suffix != ".pyc":
                yield f"{name.replace('.', '/')}/{file.name}", file.read_bytes()
