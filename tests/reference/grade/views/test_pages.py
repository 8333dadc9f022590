"""Feedback and the class page, as text: what is in them, and that names are no more than names."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tests.pages.sample_class import record, run_of, sample, ungraded
from tests.reference.grade.views.test_tables import HOSTILE
from trigrad.grade.record import Mistake, Outcome, Record, Structure
from trigrad.grade.views.class_page import class_page
from trigrad.grade.views.class_summary import alike, hardness, mistakes
from trigrad.grade.views.feedback import feedback_html, feedback_md
from trigrad.grade.views.marks import Mark, marked
from trigrad.grade.views.plain_text import shown_name

MARKED_UP = {
    *("h1", "h2", "p", "strong", "ul", "li", "pre", "code"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
"""What feedback in Markdown has, and no other tags."""


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._inside = ""
        self.own: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            self.own[self._inside] = data
        else:
            self.texts.append(data)


def page_of(records: list[Record], **missing: str) -> str:
    run = run_of(tuple(each.id for each in records), missing)
    return class_page(run, [marked(each) for each in records], "ch05")


def hostile() -> list[Record]:
    return [record(f"h{n:02}", name, {"Affine": "fail"}) for n, name in enumerate(HOSTILE)]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """A class page and a feedback, with hostile names and words."""
    one = hostile()[0]
    wrong = replace(one.mistakes[0], what="<img src=x onerror=alert(1)>", file='"><b>.py')
    items = tuple(replace(item, why="<u>&amp;</u>") for item in one.grade.items)
    one = replace(one, mistakes=(wrong,), grade=replace(one.grade, items=items))
    other = ungraded("<b>", "</td></table>", Outcome.NOT_GRADABLE, "<b>'\"")
    run = run_of((one.id,), {})
    return {
        "class": page_of([one, *hostile()[1:], other], m1="<i>Noor</i>"),
        "feedback": feedback_html(run, one),
        "ungraded": feedback_html(run, other),
    }


@pytest.mark.parametrize("name", ["class", "feedback", "ungraded"])
def test_text_of_others_makes_no_tags(pages: dict[str, str], name: str) -> None:
    page = Page(pages[name])
    tags = [tag for tag, _ in page.tags]
    assert tags.count("script") == (1 if name == "class" else 0)
    assert tags.count("style") == tags.count("title") == 1
    assert not {"img", "u", "iframe", "link", "object"} & set(tags)
    assert tags.count("b") == len(re.findall(r"<b>\S", pages[name]))
    attributes = [attribute for _, attrs in page.tags for attribute in attrs]
    assert not [attribute for attribute in attributes if attribute.startswith("on")]


@pytest.mark.parametrize("name", ["class", "feedback", "ungraded"])
def test_nothing_is_loaded_and_nothing_else_may_run(pages: dict[str, str], name: str) -> None:
    page = Page(pages[name])
    for _, attrs in page.tags:
        assert "src" not in attrs
        assert not (attrs.get("href") or "").startswith(("http", "//", "javascript:"))
    (policy,) = [a["content"] for t, a in page.tags if a.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for tag, text in page.own.items():
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "url(" not in page.own["style"]
    assert "@import" not in page.own["style"]


def test_every_name_is_there_once_as_text(pages: dict[str, str]) -> None:
    heads = re.findall(r'<th scope="row"><a href="[^"]*">(.*?)</a></th>', pages["class"])
    assert len(heads) == len(HOSTILE) + 1
    texts = Page(pages["class"]).texts
    for name in HOSTILE:
        assert shown_name(name) in texts


def test_markdown_shows_names_and_words_as_they_are() -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    for each in hostile():
        items = tuple(replace(item, why=each.name) for item in each.grade.items)
        one = replace(each, grade=replace(each.grade, items=items))
        shown = Page(parser.render(feedback_md(run_of((one.id,), {}), one)))
        tags = {tag for tag, _ in shown.tags}
        assert tags <= MARKED_UP
        assert sum(tag == "tr" for tag, _ in shown.tags) == 6
        title = "".join(shown.texts).strip().split("\n")[0]
        assert title == shown_name(each.name)


def test_a_fence_is_longer_than_what_is_in_it() -> None:
    one = record("a", "a", {"Affine": "fail"})
    layer = one.reports[0]["layers"][0]
    layer["claims"][0]["message"] = "it raises `` ````` ` <b>"
    text = feedback_md(run_of(("a",), {}), one)
    assert "``````text\n" in text
    tokens = MarkdownIt().parse(text)
    (fence,) = [token for token in tokens if token.type == "fence"]
    assert fence.content.startswith("it raises `` ````` ` <b>\n")


class TestClass:
    def made(self) -> list[Record]:
        return [
            record("a", "Anna", {"Affine": "fail", "Relu": "pass"}),
            record("b", "Ben", {"Affine": "pass", "Relu": "pass"}),
            record("c", "Chiara", {"Affine": "pass", "Relu": "inconclusive"}),
            ungraded("d", "Dora", Outcome.NOT_GRADABLE, "an empty folder"),
        ]

    def test_mistakes_are_counted_once_for_each_student(self) -> None:
        first, second, third = self.made()[:3]
        what = Mistake("Affine", "the gradient of b: all zeros", "a.py", None, 3)
        first = replace(first, mistakes=(what, replace(what, file="b.py")))
        second = replace(second, mistakes=(replace(what, line=9), Mistake("Relu", "x")))
        found = mistakes([marked(first), marked(second), marked(third)])
        assert [(each.layer, each.what, len(each.by)) for each in found] == [
            ("Affine", "the gradient of b: all zeros", 2),
            ("Relu", "x", 1),
        ]
        assert [(who.record.id, at.file, at.line) for who, at in found[0].by] == [
            ("a", "a.py", 3),
            ("b", "a.py", 9),
        ]
        page = page_of([first, second, third])
        assert "<b>2 of 3</b> · Affine · the gradient of b: all zeros" in page
        assert page.count("a.py, line 9") == 1

    def test_the_hardest_comes_first(self) -> None:
        records = [marked(each) for each in self.made()]
        found = {each.name: each for each in hardness(run_of((), {}), records)}
        assert next(iter(found)) in ("Sigmoid", "SoftmaxWithLoss", "TwoLayerNet"), "not there"
        assert list(found)[-2:] == ["Affine", "Relu"]
        assert found["Affine"].share == pytest.approx((2 + 4 + 4) / 12)
        assert found["Affine"].counts[Mark.FAIL] == 1
        assert found["Relu"].counts == {
            **{Mark.PASS: 2, Mark.FAIL: 0, Mark.UNDECIDED: 1, Mark.ABSENT: 0},
        }

    def test_files_alike_are_those_of_several_students(self) -> None:
        one, two, three, _ = self.made()
        same = (Structure("x.py", "01", 40), Structure("y.py", "02", 90))
        one = replace(one, structure=(*same, Structure("copy.py", "03", 70)))
        two = replace(two, structure=same[::-1])
        three = replace(three, structure=(Structure("z.py", "03", 70), Structure("w.py", "04", 9)))
        three = replace(three, structure=(*three.structure, Structure("w2.py", "04", 9)))
        found = alike([marked(one), marked(two), marked(three)])
        assert [(each.nodes, [path for _, path in each.files]) for each in found] == [
            (90, ["y.py", "y.py"]),
            (70, ["copy.py", "z.py"]),
            (40, ["x.py", "x.py"]),
        ]
        page = page_of([one, two, three])
        assert "2 files, alike (a tree of 90 nodes)" in page
        assert "That does not say why" in page

    def test_who_is_missing_and_what_could_not_be_graded(self) -> None:
        page = page_of(self.made(), m="Mei Kim")
        assert "4 submissions · 3 graded · 1 could not be graded · 1 handed in nothing" in page
        assert "half of those graded have 6 of 14 points or more" in page
        rows = {cells[0]: cells for cells in table(page)}
        assert rows["Dora"][-1] == "not gradable: an empty folder"
        assert rows["Mei Kim"][1:3] == ["m", ""]
        assert rows["Mei Kim"][-1] == "nothing was handed in"
        assert rows["Anna"][2] == "4"

    def test_what_a_teacher_has_to_look_at(self) -> None:
        page = page_of(self.made(), m="Mei Kim")
        look = page[page.index('id="look"') : page.index('id="mistakes"')]
        assert re.findall(r"<summary>(.*?)</summary>", look) == [
            "1 could not be graded",
            "1 has something undecided",
            "1 handed in nothing",
        ]
        texts = " ".join(Page(look).texts)
        assert "Dora not gradable: an empty folder" in " ".join(texts.split())
        assert "Chiara Relu" in " ".join(texts.split())
        assert 'id="look"' not in page_of(self.made()[:2])

    def test_what_was_noticed_while_collecting(self) -> None:
        run = replace(run_of((), {}), notes=("not in the roster: <b>",))
        assert "<p><bdi>note: not in the roster: &lt;b&gt;</bdi></p>" in class_page(run, [], "x")

    def test_a_sign_is_also_said_in_words(self) -> None:
        page = page_of(self.made())
        rows = {cells[0]: cells for cells in table(page)}
        assert rows["Anna"][3:8] == ["✓ 2", "– 0", "✗ 2", "– 0", "– 0"]
        assert rows["Chiara"][3] == "? 2"
        assert '<td class="f" data-v="2"><i role="img" aria-label="wrong">✗</i> 2</td>' in page

    def test_accents_do_not_change_the_order(self) -> None:
        names = ("zoe", "Émile", "Eva", "Ébba", "Adam")
        records = [record(f"s{n}", name, {}) for n, name in enumerate(names)]
        shown = [cells[0] for cells in table(page_of(records))]
        assert shown == ["Adam", "Ébba", "Émile", "Eva", "zoe"]

    def test_what_is_not_graded_yet_is_counted(self) -> None:
        run = run_of(("a", "b", "x", "y"), {})
        page = class_page(run, [marked(each) for each in self.made()[:2]], "ch05")
        assert "4 submissions · 2 graded · 2 not graded yet" in page

    def test_a_class_of_nobody(self) -> None:
        page = page_of([])
        assert "0 submissions · 0 graded" in page
        assert "What is wrong" not in page
        assert "half of those" not in page

    def test_ids_alone_are_not_shown_twice(self) -> None:
        records = [replace(each, name=each.id) for each in self.made()]
        assert "<span>ID</span>" not in page_of(records)
        assert "<span>ID</span>" in page_of(self.made())

    def test_anchors_are_unique_and_links_lead_to_them(self) -> None:
        run, records = sample(80)
        records = [replace(each, id=f"a.{n} %_é") for n, each in enumerate(records)]
        tags: list[tuple[str, dict[str, Any]]] = Page(page_of(records)).tags
        anchors = [attrs["id"] for _, attrs in tags if "id" in attrs]
        assert len(anchors) == len(set(anchors))
        links = [a["href"][1:] for t, a in tags if t == "a" and a["href"].startswith("#")]
        assert set(links) <= set(anchors)
        assert run.items


def table(page: str) -> Iterator[list[str]]:
    """The cells of the students' rows, as text."""
    body = page[page.index('<table id="table">') :]
    for row in re.findall(r"<tr id=.*?</tr>", body, re.DOTALL):
        cells = re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)
        yield [" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in cells]
