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
    "told.no_points": "no points yet, of {of}",
    "told.absent": "it is not in the files that were handed in",
    "told.died": (
        "Your files ended the program that grades them, twice. Nothing is decided; a teacher has "
        "to look at them."
    ),
    "told.not_gradable": "nothing could be graded: {why}",
    "late.hours": {"one": "{count} hour late", "other": "{count} hours late"},
    "late.days": {"one": "{count} day late", "other": "{count} days late"},
    "told.late": "{late}; this has changed no points",
    "told.no_submission": "nothing was handed in",
    "told.suspected": "the mistake may be in {places} (suspected, not verified)",
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
    "page.only_absent": "in whose files a layer is not there",
    "page.only_ungraded": "what could not be graded",
    "page.only_late": "who was late",
    "page.only_missing": "who handed in nothing",
    "page.alike": {
        "one": "{files}, alike (a tree of {count} node)",
        "other": "{files}, alike (a tree of {count} nodes)",
    },
    "page.files": {"one": "{count} file", "other": "{count} files"},
    "page.alike_why": (
        "These files are the same when names, comments and docstrings are left out. That says "
        "nothing about why: short files, and files that began with one template, are often alike."
    ),
}
