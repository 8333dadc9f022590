"""The report as the JSON object of `--format json`. Stable: other programs read it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import Array
from trigrad.diagnosis.diagnosis import Diagnosis
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.repair.result import Repair
from trigrad.report.withholding import withheld
from trigrad.subject.face import Where
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Results, Verdict


def encode(report: Results) -> dict[str, Any]:
    """The report in plain dicts, lists, strings and finite numbers."""
    return {
        "version": installed_version(),
        "language": report.language,
        "seed": report.seed,
        "error": report.error,
        "subject": {
            "path": report.path,
            "sha256": report.sha256,
            "notes": list(report.notes),
        },
        "unjudged": [
            {"name": u.name, "where": _where(u.where), "why": u.why, "todo": u.todo}
            for u in report.unjudged
        ],
        "layers": [_layer(layer, report.hints) for layer in report.layers],
        "summary": {
            **{verdict.value: report.count(verdict) for verdict in Verdict},
            "advice": report.advice,
        },
        "seconds": round(report.seconds, 3),
    }


def encode_several(reports: Sequence[Results]) -> dict[str, Any]:
    """The reports on several paths in one object, with the sums of their summaries."""
    each = [encode(report) for report in reports]
    keys = each[0]["summary"]
    return {
        "version": installed_version(),
        "language": reports[0].language,
        "reports": each,
        "summary": {key: sum(one["summary"][key] for one in each) for key in keys},
        "seconds": round(sum(report.seconds for report in reports), 3),
    }


def installed_version() -> str:
    """The version of the installed package, or "unknown" in a bare checkout."""
    try:
        return version("trigrad")
    except PackageNotFoundError:
        return "unknown"


def _layer(layer: LayerReport, hints: Hints) -> dict[str, Any]:
    layer = withheld(layer, hints)
    return {
        "layer": layer.layer,
        "name": layer.name,
        "where": _where(layer.where),
        "verdict": layer.verdict.value,
        "declaration": layer.declaration or None,
        "notes": [*([str(layer.reading)] if layer.reading else []), *layer.notes],
        "claims": [_claim(j) for j in layer.judgements],
        "undecided": None if layer.undecided is None else str(layer.undecided),
        "diagnosis": (layer.diagnosis.words or None) if layer.diagnosis else None,
        "side": _side(layer.diagnosis),
        "network": _network(layer),
        "repair": _repair(layer.repair, hints),
    }


def _side(diagnosis: Diagnosis | None) -> str | None:
    said = diagnosis.on_side if diagnosis is not None else None
    return None if said is None else str(said)


def _network(layer: LayerReport) -> dict[str, Any] | None:
    """The layers of a network that was taken apart, and which of them or of its joints is wrong."""
    apart = layer.diagnosis.apart if layer.diagnosis else None
    if apart is None:
        return None
    return {
        "layers": [
            {
                "name": each.name,
                "class": each.cls,
                "where": _where(each.where),
                "state": each.state.value,
                "wrong": list(each.wrong),
                "why": str(each.why),
            }
            for each in apart.layers
        ],
        "faults": [
            {"message": str(fault.sentence), "evidence": _evidence(fault.evidence)}
            for fault in apart.faults
        ],
        "rest": None if apart.rest is None else str(apart.rest),
    }


def _repair(repair: Repair | None, hints: Hints) -> dict[str, Any] | None:
    """The lines, and also their text before and after if the hints show the fix."""
    if repair is None:
        return None
    edits = [
        {
            **_place(change.where),
            "before": change.before if hints.shows_fix else None,
            "after": change.after if hints.shows_fix else None,
        }
        for change in repair.changes
    ]
    suspects = [_place(where) for where in repair.suspects]
    return {
        "verified": repair.verified,
        "edits": edits,
        "suspects": suspects,
        "drawbacks": list(repair.drawbacks) if hints.shows_fix else [],
        "overdue": repair.overdue,
    }


def _claim(judgement: Judgement) -> dict[str, Any]:
    claim, finding = judgement.claim, judgement.finding
    return {
        "claim": claim.name,
        "witness": claim.witness.value,
        "severity": claim.severity.value,
        "outcome": finding.outcome.value,
        "message": finding.message,
        "evidence": _evidence(finding.evidence),
    }


def _where(where: Where | None) -> dict[str, Any] | None:
    return None if where is None else _place(where)


def _place(where: Where) -> dict[str, Any]:
    return {"file": where.file, "cell": where.cell, "line": where.line}


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    case = evidence.case.shown if evidence.case is not None else {}
    encoded: dict[str, Any] = {
        "what": str(evidence.what),
        "case": {name: _numbers(array) for name, array in case.items()},
        "is": _value(evidence.is_),
        "should_be": _value(evidence.should_be),
        "error": _finite(evidence.error),
        "tolerance": _finite(evidence.tolerance),
        "remark": str(evidence.remark) if evidence.remark else "",
        "raised": None,
    }
    if evidence.program:
        encoded["program"] = list(evidence.program)
    if evidence.raised is not None:
        raised = evidence.raised
        encoded["raised"] = {
            "call": raised.call,
            "error": raised.error,
            "message": raised.message,
            "where": _where(raised.where),
            "hints": list(raised.hints),
        }
    return encoded


def _value(value: Array | Message | str | None) -> Any:
    if isinstance(value, np.ndarray):
        return _numbers(value)
    return None if value is None else str(value)


def _numbers(array: Array) -> Any:
    return _listed(array.tolist())


def _listed(value: Any) -> Any:
    return [_listed(v) for v in value] if isinstance(value, list) else _finite(value)


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity: they become the strings "nan", "inf" and "-inf"."""
    if isinstance(value, float | np.floating):
        number = float(value)
        return number if math.isfinite(number) else str(number)
    return value
