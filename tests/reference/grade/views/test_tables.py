"""The tables, read back by what reads them; hostile names are text in all of them."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pages.sample_class import ITEMS, record, run_of, sample, ungraded
from trigrad.grade.record import Outcome, Record, Run
from trigrad.grade.views import write
from trigrad.grade.views.gradescope import gradescope
from trigrad.grade.views.junit import junit
from trigrad.grade.views.plain_text import in_markdown, legal, number, shown_name
from trigrad.grade.views.prairielearn import prairielearn

HOSTILE = (
    "<script>document.title='x'</script>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1",
    "-2+3",
    "＝1+1",
    " \t=1",
    'Robert"); DROP TABLE students;--',
    "مريم \u202eevil\u202c",
    "👩‍👩‍👧 Zoë",
    "山田 花子",
    "a\x00b\x1b[31mc\x0b\ufffe",
    "line\r\nbreak\u2028here",
    "x" * 5000,
    "]]>&amp;%0A::error::",
    "*_[a](javascript:alert(1))_* `b` | c",
)

MISSING = {"m1": "=1+1", "m2": "Noor"}


@pytest.fixture(scope="module")
def class_of() -> tuple[Run, list[Record]]:
    """A class with every kind of outcome, and a hostile name for each student."""
    records = [
        record(f"h{number:02}", name, {"Affine": "fail", "Relu": "pass", "Sigmoid": "inconclusive"})
        for number, name in enumerate(HOSTILE)
    ]
    records.append(ungraded("empty", "Emil", Outcome.NOT_GRADABLE, "an empty folder"))
    records.append(ungraded("dead", "Dora", Outcome.GRADER_DIED, "it ended the grader twice"))
    records[1] = replace(records[1], submission=replace(records[1].submission, late_seconds=90_000))
    return run_of(tuple(each.id for each in records), MISSING), records


@pytest.fixture(scope="module")
def folder(class_of: tuple[Run, list[Record]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All views of that class."""
    there = tmp_path_factory.mktemp("ch05") / "graded"
    write(*class_of, there)
    return there


def rows(path: Path, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


class TestGrades:
    def test_it_begins_with_what_tells_excel_the_encoding(self, folder: Path) -> None:
        assert (folder / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,name,outcome,")

    def test_a_line_for_each_student_and_who_is_missing(self, folder: Path) -> None:
        found = rows(folder / "grades.csv", "utf-8-sig")
        ids = [f"h{number:02}" for number in range(len(HOSTILE))]
        assert [row["student"] for row in found] == [*ids, "empty", "dead", "m1", "m2"]
        assert [row["outcome"] for row in found[-4:]] == [
            *("not gradable", "grader died", "missing", "missing"),
        ]

    def test_points(self, folder: Path) -> None:
        first, late, *_, empty, dead, missing, _ = rows(folder / "grades.csv", "utf-8-sig")
        assert (first["points"], first["of"], first["Affine"], first["Sigmoid"]) == (
            *("6", "14", "2", "2"),
        )
        assert (first["days late"], late["days late"]) == ("0", "1.04")
        assert (empty["points"], empty["why"]) == ("0", "an empty folder")
        assert (dead["points"], dead["Affine"], dead["of"]) == ("", "", "14"), "nothing is decided"
        assert (missing["points"], missing["of"]) == ("", "14")

    def test_no_cell_is_a_formula(self, folder: Path) -> None:
        for name, encoding in (("grades.csv", "utf-8-sig"), ("nbgrader.csv", "utf-8")):
            text = (folder / name).read_bytes().decode(encoding)
            for row in csv.reader(io.StringIO(text, newline="")):
                for cell in row:
                    assert not cell.startswith(("=", "+", "-", "@", "＝", "\t", "\r", " ")), cell
                    assert "\n" not in cell
                    assert "\x00" not in cell
        names = [row["name"] for row in rows(folder / "grades.csv", "utf-8-sig")]
        assert "'=cmd|' /C calc'!A0" in names
        assert "'=1" in names, "spaces before it do not hide it"


def test_nbgrader_has_the_columns_of_its_own_export(folder: Path) -> None:
    found = rows(folder / "nbgrader.csv", "utf-8")
    assert list(found[0]) == [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
        *("raw_score", "late_submission_penalty", "score", "max_score"),
    ]
    assert {row["assignment"] for row in found} == {folder.parent.name}
    by_id = {row["student_id"]: row for row in found}
    assert by_id["h00"]["score"] == by_id["h00"]["raw_score"] == "6"
    assert by_id["h01"]["late_submission_penalty"] == "0", "late days cost nothing"
    assert by_id["dead"]["score"] == "", "0 would be a grade"
    assert by_id["m2"]["score"] == "0", "as nbgrader has it"
    assert by_id["m2"]["timestamp"] == ""


class TestJUnit:
    """What Jenkins' and GitLab's parsers need, in words: no schema is published by either.

    Both read `testsuites/testsuite/testcase`, with a `classname` and a `name` for each case, which
    together are unique, and at most one of `failure`, `error` and `skipped` in it, with a `message`
    and a text. Counts and times are numbers.
    """

    def test_it_is_read(self, folder: Path) -> None:
        root = ET.parse(folder / "junit.xml").getroot()
        assert root.tag == "testsuites"
        seen = set()
        for suite in root:
            assert suite.tag == "testsuite"
            assert suite.get("name")
            cases = list(suite)
            assert int(suite.attrib["tests"]) == len(cases) > 0
            for tag, count in (
                ("failure", "failures"),
                ("error", "errors"),
                ("skipped", "skipped"),
            ):
                assert int(suite.attrib[count]) == len(suite.findall(f"testcase/{tag}"))
            for case in cases:
                assert case.tag == "testcase"
                key = (case.attrib["classname"], case.attrib["name"])
                assert key not in seen
                seen.add(key)
                assert float(case.attrib["time"]) >= 0
                assert len(case) <= 1
                for said in case:
                    assert said.tag in ("failure", "error", "skipped")
                    assert said.attrib["message"].strip()
                    assert said.text is not None
                    assert said.text.strip()
        assert len(seen) == (len(HOSTILE) + 2) * len(ITEMS) + len(MISSING)

    def test_what_each_outcome_is(self, folder: Path) -> None:
        root = ET.parse(folder / "junit.xml").getroot()
        tags = {
            (case.attrib["classname"], case.attrib["name"]): [child.tag for child in case]
            for case in root.iter("testcase")
        }
        assert tags["h00", "Relu"] == []
        assert tags["h00", "Affine"] == ["failure"]
        assert tags["h00", "Sigmoid"] == ["skipped"], "undecided is neither right nor wrong"
        assert tags["h00", "TwoLayerNet"] == ["failure"], "it is not there"
        assert tags["empty", "Relu"] == ["failure"]
        assert tags["dead", "Relu"] == ["error"]
        assert tags["m1", "submission"] == ["skipped"]

    def test_file_and_line(self, folder: Path) -> None:
        root = ET.parse(folder / "junit.xml").getroot()
        case = next(case for case in root.iter("testcase") if case.attrib["name"] == "Affine")
        assert (case.attrib["file"], case.attrib["line"]) == ("h00/layers.py", "30")
        failure = case[0]
        assert failure.attrib["message"].startswith("2 of 4 points: 1 of 2 gradients are right")
        assert failure.text is not None
        assert "the gradient of x is not the derivative of forward" in failure.text

    def test_a_file_alone_has_its_own_path(self) -> None:
        one = record("a", "a", {"Relu": "pass"})
        one = replace(one, submission=replace(one.submission, path="a.py", kind="file"))
        text = "".join(junit(run_of(("a",), {}), [one]))
        assert 'file="a.py" line="10"' in text

    def test_what_xml_does_not_allow_is_left_out(self) -> None:
        one = record("a", "a", {"Affine": "fail"})
        why = "a\x00b\x1b\x0b\ufffe\ud800\U0001f469 <![CDATA[ ]]> & \x85"
        items = tuple(replace(item, why=why) for item in one.grade.items)
        one = replace(one, grade=replace(one.grade, items=items))
        text = "".join(junit(run_of(("a",), {}), [one]))
        failure = next(ET.fromstring(text).iter("failure"))
        assert failure.attrib["message"].endswith("ab\U0001f469 <![CDATA[ ]]> &")


def as_json(text: str | None) -> dict[str, Any]:
    assert text is not None
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


class TestGradescope:
    def test_what_it_reads(self, class_of: tuple[Run, list[Record]]) -> None:
        run, records = class_of
        found = as_json(gradescope(run, records[0]))
        assert found["score"] == sum(test["score"] for test in found["tests"]) == 6.0
        assert found["stdout_visibility"] == "hidden"
        assert isinstance(found["execution_time"], int)
        assert [test["max_score"] for test in found["tests"]] == [item.of for item in ITEMS]
        assert {test["status"] for test in found["tests"]} == {"passed", "failed"}
        assert {test["output_format"] for test in found["tests"]} == {"text"}
        formats = {"text", "html", "simple_format", "md", "ansi"}
        assert found["output_format"] in formats

    def test_points_are_given_where_it_is_undecided(
        self, class_of: tuple[Run, list[Record]]
    ) -> None:
        run, records = class_of
        tests = as_json(gradescope(run, records[0]))["tests"]
        sigmoid = next(test for test in tests if "Sigmoid" in test["name"])
        assert (sigmoid["name"], sigmoid["status"], sigmoid["score"]) == ("? Sigmoid", "passed", 2)

    def test_an_empty_folder_has_no_points_and_the_reason(
        self, class_of: tuple[Run, list[Record]]
    ) -> None:
        run, records = class_of
        found = as_json(gradescope(run, records[-2]))
        assert found["score"] == 0
        assert "an empty folder" in found["output"]
        assert "left out: report.pdf" in found["output"]

    def test_no_file_where_the_grader_died(
        self, class_of: tuple[Run, list[Record]], tmp_path: Path
    ) -> None:
        run, records = class_of
        assert gradescope(run, records[-1]) is None
        old = tmp_path / "gradescope" / "dead.json"
        old.parent.mkdir()
        old.write_text('{"score": 14}')
        write(run, records, tmp_path)
        assert not old.exists(), "the points of an earlier run are no longer true"
        assert (tmp_path / "gradescope" / "empty.json").exists()


class TestPrairieLearn:
    def test_what_it_reads(self, class_of: tuple[Run, list[Record]]) -> None:
        run, records = class_of
        found = as_json(prairielearn(run, records[0]))
        assert found["gradable"] is True
        assert found["score"] == pytest.approx(6 / 14)
        assert sum(test["points"] for test in found["tests"]) == 6
        assert sum(test["max_points"] for test in found["tests"]) == 14
        assert all(isinstance(test["output"], str) for test in found["tests"])

    @pytest.mark.parametrize(("which", "words"), [(-2, "an empty folder"), (-1, "a teacher")])
    def test_what_was_not_graded_is_not_gradable(
        self, class_of: tuple[Run, list[Record]], which: int, words: str
    ) -> None:
        run, records = class_of
        found = as_json(prairielearn(run, records[which]))
        assert found["gradable"] is False
        assert words in found["message"]
        assert "score" not in found

    def test_the_share_is_between_0_and_1(self) -> None:
        one = record("a", "a", {})
        for points, of, share in ((16.0, 14.0, 1.0), (-1.0, 14.0, 0.0), (0.0, 0.0, 0.0)):
            changed = replace(one, grade=replace(one.grade, points=points, of=of))
            assert as_json(prairielearn(run_of(("a",), {}), changed))["score"] == share


def test_views_are_the_same_each_time(
    class_of: tuple[Run, list[Record]], folder: Path, tmp_path: Path
) -> None:
    again = tmp_path / folder.parent.name / "graded"
    write(*class_of, again)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert not [path for path in files if path.name.startswith(".")], "nothing half written stays"
    for path in files:
        assert (folder / path).read_bytes() == (again / path).read_bytes(), path


def test_records_are_read_one_after_the_other(tmp_path: Path) -> None:
    run, records = sample(6)
    waiting = iter(records)
    write(run, waiting, tmp_path)
    assert next(waiting, None) is None
    assert len(list((tmp_path / "feedback").glob("*.md"))) == 6


@pytest.mark.parametrize(
    ("value", "shown"), [(7.0, "7"), (2.5, "2.5"), (0.1 + 0.2, "0.3"), (1 / 3, "0.3333"), (0, "0")]
)
def test_numbers(value: float, shown: str) -> None:
    assert number(value) == shown


def test_names_are_cut_and_stay_on_one_line() -> None:
    assert shown_name("a\r\n\tb\u2028c\x00") == "a b c"
    assert len(shown_name("x" * 5000)) == 120
    assert shown_name("👩‍👩‍👧 Zoë") == "👩‍👩‍👧 Zoë", "what joins an emoji stays"
    assert legal("a\ud800b") == "ab"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b*c", r"a\_b\*c"),
        ("<b>|`x`", r"\<b\>\|\`x\`"),
        ("1. one", "&#49;. one"),
        ("- x", r"\- x"),
        ("layers.py, line 14 (a-b)", "layers.py, line 14 (a-b)"),
        ("![a](b)", r"\!\[a\](b)"),
    ],
)
def test_markdown_shows_it_as_it_is(text: str, shown: str) -> None:
    assert in_markdown(text) == shown
