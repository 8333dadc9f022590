"""`junit.xml`: a suite for each student and a test for each item, as Jenkins and GitLab read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, indent, tostring

from trigrad.grade.record import Outcome, Record, Run
from trigrad.grade.views.marks import Mark
from trigrad.grade.views.plain_text import legal, on_one_line
from trigrad.grade.views.told import Told, hints_of, remarks, told
from trigrad.messages import Message


def junit(run: Run, records: Iterable[Record]) -> Iterator[str]:
    """The file, in parts: one for each student, so that all of them are never in memory."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="trigrad">\n'
    for record in records:
        yield _text(suite(run, record))
    for id_ in run.missing:
        yield _text(_missing(id_))
    yield "</testsuites>\n"


def suite(run: Run, record: Record) -> Element:
    """What one student has handed in, as a suite.

    The student's ID is the class of each test: GitLab takes two tests with one class and one name
    for the same. What is undecided is skipped, since it is neither right nor wrong.
    """
    notes = list(remarks(record, hints_of(run)))
    said = [each for each in told(record, hints_of(run)) if each.item is not None]
    tests = [_test(record, each, notes) for each in said]
    if record.outcome is Outcome.GRADER_DIED:
        tests = [_died(record, item.name, notes) for item in run.items]
    counts = {
        each: str(sum(test.find(tag) is not None for test in tests))
        for each, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    }
    found = _element("testsuite", name=record.id, tests=str(len(tests)), **counts)
    found.set("time", f"{record.seconds:.3f}")
    found.set("timestamp", record.started.removesuffix("Z"))  # some schemas take no zone
    found.extend(tests)
    return found


def _test(record: Record, each: Told, notes: list[str]) -> Element:
    item = each.item
    assert item is not None, "only what gives points is a test"
    test = _element("testcase", classname=record.id, name=each.name, time="0")
    if item.file:
        path = record.submission.path
        inside = path if record.submission.kind == "file" else f"{path}/{item.file}"
        test.set("file", on_one_line(inside))
        if item.line is not None and item.cell is None and each.names_line:
            test.set("line", str(item.line))
    graded = record.outcome is Outcome.GRADED
    message = f"{each.points}: {each.why if graded else notes[0]}"
    text = "\n".join([*notes, each.text])
    if each.mark is Mark.UNDECIDED:
        _said(test, "skipped", message, text)
    elif each.mark is not Mark.PASS:
        _said(test, "failure", message, text, type="wrong")
    return test


def _died(record: Record, name: str, notes: list[str]) -> Element:
    test = _element("testcase", classname=record.id, name=name, time="0")
    _said(test, "error", notes[0], "\n".join(notes), type="grader died")
    return test


def _missing(id_: str) -> Element:
    found = _element("testsuite", name=id_, tests="1", failures="0", errors="0", skipped="1")
    test = _element("testcase", classname=id_, name="submission", time="0")
    message = str(Message("told.no_submission"))
    _said(test, "skipped", message, message)
    found.append(test)
    return found


def _said(test: Element, tag: str, message: str, text: str, **attributes: str) -> None:
    found = _element(tag, message=message, **attributes)
    found.text = legal(text)
    test.append(found)


def _element(tag: str, **attributes: str) -> Element:
    return Element(tag, {name: on_one_line(value) for name, value in attributes.items()})


def _text(element: Element) -> str:
    indent(element, " ", 1)
    return f" {tostring(element, encoding='unicode')}\n"
