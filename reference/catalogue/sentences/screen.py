"""The sentences in English: the parts of a report that stand around what was found."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

SCREEN: dict[str, Template] = {
    # The first line: what was found, each kind with its names
    "found.first.layer": {
        "one": "{count} layer found: {names}",
        "other": "{count} layers found: {names}",
    },
    "found.first.function": {
        "one": "{count} function found: {names}",
        "other": "{count} functions found: {names}",
    },
    "found.first.network": {
        "one": "{count} network found: {names}",
        "other": "{count} networks found: {names}",
    },
    "found.first.engine": {
        "one": "{count} engine found: {names}",
        "other": "{count} engines found: {names}",
    },
    "found.first.optimiser": {
        "one": "{count} optimiser found: {names}",
        "other": "{count} optimisers found: {names}",
    },
    "found.layer": {"one": "{count} layer: {names}", "other": "{count} layers: {names}"},
    "found.function": {"one": "{count} function: {names}", "other": "{count} functions: {names}"},
    "found.network": {"one": "{count} network: {names}", "other": "{count} networks: {names}"},
    "found.engine": {"one": "{count} engine: {names}", "other": "{count} engines: {names}"},
    "found.optimiser": {
        "one": "{count} optimiser: {names}",
        "other": "{count} optimisers: {names}",
    },
    "found.more": "{names} and {count} more",
    # Beside a layer, and below the whole
    "claims": {"one": "{count} check", "other": "{count} checks"},
    "notes": {"one": "{count} note", "other": "{count} notes"},
    "note": "note: {note}",
    "footer": "{claims} · seed {seed} · sha256 {sha256}…",
    "summary.failing": "{counts}; these fail: {names}",
    "evidence.remark": "({what}: {remark})",
    # The labels before what is shown of a case, at most 9 characters wide
    "label.case": "case",
    "label.where": "where",
    "label.at": "at",
    "label.hint": "hint",
    "label.while": "while",
    "label.is": "is",
    "label.should_be": "should be",
    "label.program": "program",
    "label.in": "in",
    # Places
    "place.cell": "cell {cell}",
    "place.in_cell": "cell {cell}, {lines}",
    "place.in_file": "{file}, {lines}",
    "place.in_file_and_cell": "{file}, cell {cell}, {lines}",
    "place.beside": "{words} ({place})",
    "place.cell_of_file": "{file}, cell {cell}",
    "place.line": "{place}, line {line}",
    "place.method": "{method}, {lines}",
    # A verdict in one word
    "verdict.pass": "pass",
    "verdict.fail": "fail",
    "verdict.inconclusive": "undecided",
    "verdict.missing": "missing",
    "verdict.unimplemented": "not written yet",
    # The page of check --html, and the report in a notebook
    "html.map": "Where it is wrong (✗), of shape {shape}:",
    "html.change": "With this change every check passes:",
    "html.change_but": "With this change every check that must pass passes:",
    "html.code": "The code",
    "html.as_text": "The report as text",
    "html.not_judged": "not judged: {what}",
    # Pictures
    "picture.legend": "above: the value · below: ← its gradient",
    "picture.numbers": {"one": "{count} number", "other": "{count} numbers"},
    "picture.no_number": "not a number",
    "picture.both": "{is_} ✗ should be {should_be}",
    "picture.should_be": "✗ should be",
    "picture.at": "{both} at {place}",
    "picture.differ": "{differ} of {all} numbers differ",
    "picture.line": "line {line}: {text}",
    "picture.operations": {"one": "{count} operation", "other": "{count} operations"},
}
