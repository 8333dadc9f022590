"""The sentences in English: the words of the pages for a class."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

PAGES: dict[str, Template] = {
    # Feedback, and the class page
    "feedback.layer": "layer",
    "feedback.points": "points",
    "feedback.why": "why",
    "page.parts": "Parts of this page",
    "page.look": "To look at",
    "page.wrong": "What is wrong",
    "page.layers": "Layers",
    "page.students": "Students",
    "page.files_alike": "Files alike",
    "page.commonest": "What is wrong, the commonest first",
    "page.hardest": "Layers, the hardest first",
    "page.layer": "layer",
    "page.reached": "points reached",
    "page.filter": "Filter by name or words",
    "page.show": "Show",
    "page.everyone": "everyone",
    "page.caption": "A row for each student, a column for each layer",
    "page.student": "student",
    "page.id": "ID",
    "page.points": "points",
    "page.of": "of {of}",
    "page.remarks": "remarks",
    "page.alike_but": "Files alike but for names",
    "page.footer": (
        "trigrad {version} · seed {seed}. This page is for teachers: it has the names and the "
        "mistakes of all."
    ),
    "page.of_graded": "{count} of {all}",
}
