"""The sentences in English of what is made for a class: feedback, tables, the class page."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

VIEWS: dict[str, Template] = {
    # What a mark means, for those who do not see its sign
    "mark.pass": "right",
    "mark.fail": "wrong",
    "mark.undecided": "undecided",
    "mark.absent": "not there",
    # What became of a submission
    "outcome.graded": "graded",
    "outcome.not gradable": "not gradable",
    "outcome.grader died": "grader died",
    # What a student is told
    "told.points": {"one": "{points} of {of} point", "other": "{points} of {of} points"},
    "told.short_points": "{points} of {of}",
    "told.no_points": "no points yet, out of {of}",
    "told.absent": "it is not in the files that you handed in",
    "told.died": (
        "Your files stopped the grading program, twice. Nothing is decided; a teacher will look "
        "at them."
    ),
    "told.not_gradable": "nothing could be graded: {why}",
    "late.hours": {"one": "{count} hour late", "other": "{count} hours late"},
    "late.days": {"one": "{count} day late", "other": "{count} days late"},
    "told.late": "{late}; this does not change the points",
    "told.no_submission": "nothing was handed in",
    "told.suspected": "perhaps the mistake is in {places}",
    "told.not_judged": "{name}: {why}",
    # The class page
    "page.handed_in": {"one": "{count} submission", "other": "{count} submissions"},
    "page.graded": "{count} graded",
    "page.not_gradable": "{count} could not be graded",
    "page.waiting": "{count} not graded yet",
    "page.missing": "{count} handed in nothing",
    "page.undecided": {
        "one": "{count} has something undecided",
        "other": "{count} have something undecided",
    },
    "page.median": "half of those graded have {points} of {of} points or more",
    "page.shown": "{count} of {all} students shown",
    "page.only_less": "who lost points",
    "page.only_undecided": "who has something undecided",
    "page.only_absent": "files without a required layer",
    "page.only_ungraded": "what could not be graded",
    "page.only_late": "who was late",
    "page.only_missing": "who handed in nothing",
    "page.alike": {
        "one": "{files}, alike (a tree of {count} node)",
        "other": "{files}, alike (a tree of {count} nodes)",
    },
    "page.files": {"one": "{count} file", "other": "{count} files"},
    "page.alike_why": (
        "These files are the same when names, comments and docstrings are left out. That does not "
        "say why: short files, and files that started from the same template, are often alike."
    ),
}
