"""The sentences in English: what happened while a file was loaded."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

LOADING: dict[str, Template] = {
    # Notes and errors of loading
    "note.last": "the last complete definition is judged, not the one at {others}",
    "unread.beside": "there is no {name} beside it",
    "note.not_written": "not written yet: its body is empty",
    "note.empty": {
        "one": "not written yet: the body of {names} is empty",
        "other": "not written yet: the body of {names} is empty",
    },
    "note.supplied": {
        "one": "{names} is not in this file: the chapter's is used",
        "other": "{names} are not in this file: the chapter's are used",
    },
    "unread.half": "other half of {name}",
    "hidden.function": "inside the function {name}",
    "hidden.loop": "inside a loop",
    "hidden.main": "below if __name__ == '__main__'",
    "hidden.not_read": "{name} is not read, {where}",
    "helpers.one_hot": "the supplied cross_entropy_error takes one-hot targets only",
    "loading.nested": "it is nested too deeply",
    "loading.not_parsed": "{place} cannot be parsed: {why}",
    "loading.not_found": "not found: {names}",
    "loading.skipped": "{words}; skipped",
    "loading.noted": "{place}: {words}",
    "loading.skipped_why": "skipped, {why}",
    "loading.syntax": "syntax error in {place}: {words}",
    "loading.syntax_at": "syntax error in {place}, line {line}: {words}",
    "loading.unread": "it cannot be read: {words}",
    "loading.unread_at": "it cannot be read: {words}, line {line}",
    "loading.comes_from": "{name} comes from {module}, which is not here",
    "loading.not_in": "{names} is not in {module}",
    "loading.base": (
        "{place}, line {lineno}: {base}, the base of {cls}, is not defined; an empty class stands "
        "in for it"
    ),
    "loading.changes": "loading the code changes {names}: the change is undone",
    "loading.computed": "{name}, computed at {place}",
    "loading.str_raises": "(and its __str__ raises {kind})",
    "loading.undefined": "undefined name {name}",
    "loading.reassigned": "{name} is a {kind} there, since line {line}: {text}",
    "loading.reassigned_to": "{name} is a {kind} there, {shown}, since line {line}: {text}",
    "hint.removed": "np.{gone} was removed from NumPy {version}",
    "hint.division": (
        "/ of integers gives a float in Python 3: write // for the division of Python 2"
    ),
    "hint.tab": "{message}; in Python 2 a tab counted as 8 spaces: indent with spaces only",
    "hint.python2": "{name} is Python 2",
    "loading.raises": "it raises {kind}: {message}",
    "import.foreign": "{name} may be {shown}, which another project may own: it is not used",
    "import.taken": "{name} is taken from {shown}",
    "import.several": "{name} may be {shown}: none of them is used",
    "import.many": "{file} is not read: more than {most} modules are imported",
    # What a call did: "forward raises ValueError: …", "backward did not return within 10 s"
    "raised.error": "{call} raises {error}",
    "raised.error_why": "{call} raises {error}: {message}",
    "raised.other": "{call} {message}",
    "raised.it": "it {message}",
    "worker.statement": "one of its statements {words}",
    "worker.many": (
        "{name} cannot be loaded: {statements} of its statements hang or end the process, the "
        "last one at {last}"
    ),
    "worker.timeout": "did not return within {seconds} s",
    "worker.not_loaded": "{name} cannot be loaded: {why}",
    "worker.segmentation": "crashed Python (segmentation fault)",
    "worker.bus": "crashed Python (bus error)",
    "worker.abort": "crashed Python (abort)",
    "worker.floating": "crashed Python (floating point exception)",
    "worker.illegal": "crashed Python (illegal instruction)",
    "worker.memory": "got its process killed; perhaps it used too much memory",
    "worker.time": "used up its processor time",
    "worker.wrote": "wrote too much",
    "worker.status": "ended its process, with status {status}",
    "worker.slow": "is too slow: the calls for one claim took over {seconds} s",
    "worker.nonsense": "sent {why} instead of a valid answer",
    "worker.loaded_nonsense": "it cannot be loaded: its process sent {why}",
    "sandbox.ended": "the sandbox has ended",
    "sandbox.fails": "the sandbox does not work: {why}",
    "sandbox.no_worker": "no worker starts in the sandbox: {why}",
    "sandbox.internal": "trigrad itself failed ({why}): please report it",
    # What the sandbox cannot prevent on this system; a worker is the process that runs the code
    "gap.network": "a worker can use the network",
    "gap.files": "a worker can write to your files",
    "gap.processes": "processes that a worker starts can outlive it",
    "gap.privileges": "a worker runs as root: its privileges cannot be dropped",
    "gap.libraries": "a worker cannot import libraries that only root can read",
    "worker.again": "it cannot be loaded again: {error}",
    "worker.incomplete": "the sandbox is incomplete on this system: {words}",
    "unread.engine_has_no": "has no {backward}",
    "unread.no_step": "takes no step",
    "own.no_array": "its output is no array of numbers",
}
