"""From a subject's text or name to its layers behind walls."""

from __future__ import annotations

from trigrad.sandbox.host import available
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.remote_loading import OpeningOfModule, OpeningOfText, load_apart
from trigrad.sandbox.subject_codec import unpack_subject
from trigrad.sandbox.validation import WireError
from trigrad.subject.source.text import Source, UnreadableError
from trigrad.subject.subject import Subject

__all__ = ["available", "open_module", "open_text"]


def open_text(source: Source, limits: Limits) -> Subject:
    """The layers of a text that was read, each to be run in a worker of its own.

    Raises:
        UnreadableError: nothing of it can be judged.
        SandboxError: there can be no workers here.
    """
    subject = _opened(OpeningOfText(source, limits))
    subject.path, subject.sha256 = source.path, source.sha256  # not by a worker's word
    return subject


def open_module(name: str, folders: list[str], limits: Limits) -> Subject:
    """The layers of an importable module, each to be run in a worker that imports it.

    Raises: as `open_text`.
    """
    return _opened(OpeningOfModule(name, folders, limits))


def _opened(opening: OpeningOfText | OpeningOfModule) -> Subject:
    loaded, lacking = load_apart(opening)
    try:
        subject = unpack_subject(loaded, opening)
    except WireError as error:
        raise UnreadableError(f"it cannot be loaded: its process answers with {error}") from error
    if lacking:
        subject.notes.insert(0, f"the sandbox has a gap on this system: {'; '.join(lacking)}")
    return subject
