"""The sentences in English: the report itself: its lines, its summary, what was repaired."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

REPORT: dict[str, Template] = {
    "repair.verified": "verified fix (with it, every check passes):",
    "repair.verified_but": "verified fix (with it, every check that must pass passes):",
    "repair.side_effect": "but afterwards: {drawback}",
    "repair.more_indented": "{label}   {line}   (indented more)",
    "repair.less_indented": "{label}   {line}   (indented less)",
    "repair.new": {
        "one": "{label} + {line}   (a new line, to insert before line {number})",
        "other": "{label} + {line}   (new lines, to insert before line {number})",
    },
    "repair.removed": "{label} - {line}   (removed)",
    "repair.mistake": "the mistake is in {places}",
    "repair.gap": "something is missing before {places}",
    "repair.mistake_and_gap": "{mistake}, and {gap}",
    "repair.none": "no fix was found",
    "repair.no_longer": "it no longer works for: {claims}",
    "repair.overdue": (
        "the search for a fix was stopped by the time limit; --repair-seconds gives it more time"
    ),
    "repair.suspected": {
        "one": "no fix was found; perhaps the mistake is in {place}:",
        "other": "no fix was found; perhaps the mistake is in one of these lines:",
    },
    "required.missing": "is required, but is not in {path}",
    "required.not_judged": "is required, but cannot be judged",
    "case.same": "the same",
    "case.large": "random numbers in the shapes {shapes}",
    "raised.while": "checking: {claim}",
    "place.lines": {"one": "line {numbers}", "other": "lines {numbers}"},
    "run_again": "Run this case again: {command}",
    "also_refuted": "these should hold too, but do not: {claims}",
    "suggestion": "suggestion: {words}",
    "blocked.network": {
        "one": "not judged yet: it is built from {names}, which is wrong; fix that first",
        "other": "not judged yet: it is built from {names}, which are wrong; fix those first",
    },
    "found.nothing": "found no layer that can be judged",
    "nothing.named": "{path} has no {layer}; it has {names}",
    "nothing.judged": "{path} has no layer that can be judged ({reasons})",
    "nothing.written": "{path} has no layer that can be judged",
    "nothing.found": (
        "there is no layer in {path}: no class with forward and backward, no pair of such "
        "functions, and no function that trigrad knows, such as softmax"
    ),
    "html.rows": "… {count} more rows; print(report) shows all",
    "html.lines": "… {count} more lines; print(report) shows all",
    "summary": "{counts}.",
    "summary.layers": "{layers}",
    "summary.both": "{layers}; {suggestions}",
    "summary.suggestions": {"one": "{count} suggestion", "other": "{count} suggestions"},
    "summary.folded": "{suggestions} (see {where})",
    "summary.first.fail": {"one": "{count} layer fails", "other": "{count} layers fail"},
    "summary.first.pass": {"one": "{count} layer passes", "other": "{count} layers pass"},
    "summary.first.undecided": {
        "one": "{count} layer is undecided",
        "other": "{count} layers are undecided",
    },
    "summary.first.unwritten": {
        "one": "{count} layer is not written yet",
        "other": "{count} layers are not written yet",
    },
    "summary.first.required": {
        "one": "{count} required layer is missing",
        "other": "{count} required layers are missing",
    },
    "summary.first.not_judged": {
        "one": "{count} layer is not judged",
        "other": "{count} layers are not judged",
    },
    "summary.fail": {"one": "{count} fails", "other": "{count} fail"},
    "summary.pass": {"one": "{count} passes", "other": "{count} pass"},
    "summary.undecided": {"one": "{count} is undecided", "other": "{count} are undecided"},
    "summary.unwritten": {
        "one": "{count} is not written yet",
        "other": "{count} are not written yet",
    },
    "summary.required": {
        "one": "{count} required layer is missing",
        "other": "{count} required layers are missing",
    },
    "summary.not_judged": {"one": "{count} is not judged", "other": "{count} are not judged"},
}
