"""The report in a notebook: what is open, what is folded, how large it may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from trigrad import check
from trigrad.report.as_html import LARGEST
from trigrad.report.report import Report

Judge = Callable[..., Report]

WRONG = """\
import numpy as np

class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout + self.y, dout * self.x

class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
"""


class Tags(HTMLParser):
    """The tags that are open, and which were there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.seen.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_verdict_comes_first_and_every_tag_is_closed(judge: Judge) -> None:
    html = judge(WRONG)._repr_html_()
    tags = Tags()
    tags.feed(html)
    assert not tags.open
    assert "script" not in tags.seen
    text = re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.S).split()
    assert " ".join(text[:4]) == "1 layer fails, 1"


def test_what_fails_is_open_and_suggestions_are_folded(judge: Judge) -> None:
    html = judge(WRONG)._repr_html_()
    opened, *rest = re.findall(r"<details.*?</summary>", html, re.S)
    assert opened.startswith('<details open><summary><b class="fail">✗ MulLayer')
    assert rest
    assert not any("<details open" in each for each in rest)
    assert '<summary class="dim">1 suggestion</summary>' in html


def test_colours_come_with_signs_and_words(judge: Judge) -> None:
    html = judge(WRONG)._repr_html_()
    assert re.search(r'<span class="bad">  is         ', html)
    assert re.search(r'<span class="good">  should be  ', html)
    assert '<span class="pass">✓ AddLayer</span>' in html or '<b class="pass">✓ AddLayer' in html


@pytest.mark.parametrize("count", [1, 10])
@pytest.mark.whole
def test_it_is_light_whatever_a_layer_says(judge: Judge, count: int) -> None:
    report = judge(WRONG)
    failing = report.layers[0]
    judgements = []
    for judgement in failing.judgements:
        evidence = judgement.finding.evidence
        if evidence is not None and isinstance(evidence.is_, np.ndarray):
            large = replace(evidence, is_=np.ones((300, 40)), should_be=np.zeros((300, 40)))
            finding = replace(judgement.finding, evidence=large)
            judgement = replace(judgement, finding=finding)
        judgements.append(judgement)
    wide = replace(failing, judgements=tuple(judgements))
    report = replace(report, layers=(wide,) * count)
    assert len(str(report)) > 100_000
    html = report._repr_html_()
    assert len(html) < 2 * LARGEST
    assert html.count("✗ MulLayer") == count
    assert html.count("  is         [[") == html.count("  should be  [[") == count
    assert "more rows; print(report) shows all" in html


def test_a_small_report_is_whole(judge: Judge) -> None:
    assert "print(report)" not in judge(WRONG)._repr_html_()


def test_what_fails_has_its_picture_as_far_as_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "layers.py"
    file.write_text(WRONG)
    report = check(file, draw=True, repair_seconds=0, in_process=True)
    html = report._repr_html_()
    assert html.count("<svg") == 1
    assert "5 ✗ should be 6" in html
    assert "<script" not in html
    assert len(html.encode()) < 60_000
    monkeypatch.setattr("trigrad.report.as_html.PICTURES", 100)
    assert "<svg" not in report._repr_html_()
