"""Open a subject in the sandbox: its layers, each to be run in a worker."""

from __future__ import annotations

from trigrad.messages import Message, joined
from trigrad.sandbox.host import available, fork_server
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.load_requests import ModuleRequest, TextRequest
from trigrad.sandbox.remote_loading import load_in_worker
from trigrad.sandbox.subject_codec import unpack_subject
from trigrad.sandbox.validation import WireError
from trigrad.subject.declared import NOT_DECLARED, Declarations
from trigrad.subject.source.text import Source, UnreadableError
from trigrad.subject.subject import Subject

__all__ = ["available", "open_module", "open_text"]


def open_text(source: Source, limits: Limits, declarations: Declarations = NOT_DECLARED) -> Subject:
    """The layers of a text, each to be run in a worker of its own.

    Raises:
        UnreadableError: none of it can be judged.
        SandboxError: no worker can be started.
    """
    subject = _opened(TextRequest(source, limits, declarations=declarations))
    subject.path, subject.sha256 = source.path, source.sha256  # not what the worker says
    return subject


def open_module(
    name: str, folders: list[str], limits: Limits, declarations: Declarations = NOT_DECLARED
) -> Subject:
    """The layers of an importable module, each to be run in a worker that imports it.

    Raises:
        UnreadableError, SandboxError: as `open_text`.
    """
    return _opened(ModuleRequest(name, folders, limits, declarations=declarations))


def _opened(request: TextRequest | ModuleRequest) -> Subject:
    if request.declared:
        fork_server(tracing=True)  # it imports PyTorch while the text is loaded
    loaded, gaps = load_in_worker(request)
    try:
        subject = unpack_subject(loaded, request)
    except WireError as error:
        raise UnreadableError(str(Message("worker.loaded_nonsense", why=str(error)))) from error
    if gaps:
        words = joined("list.sentences", [str(gap.value) for gap in gaps])
        subject.notes.insert(0, str(Message("worker.incomplete", words=words)))
    return subject
