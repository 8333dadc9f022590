"""The sentences in English: what trigrad grade says."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

GRADE_COMMAND: dict[str, Template] = {
    # The command and its screen
    "grade.no_class": "{folder} is not a graded class: run.json: {why}",
    "grade.damaged": "{name} is damaged: {error}",
    "grade.format": "{name} has format {format}; this trigrad reads format {known}: grade again",
    "grade.empty": "it is empty",
    "grade.failed": "trigrad itself failed, or this machine: {kind}: {error}",
    "grade.out_inside": "{out} is in {submissions}, should be outside of it",
    "grade.map_inside": "the map of names belongs outside of {out}: see --anonymous",
    "grade.no_id": "no submission has the ID or name {name}",
    "grade.no_id.near": "no submission has the ID or name {name}; is one of these meant: {near}",
    "grade.strangers": "not in the roster: {names}",
    "roster.empty": "the roster {roster} has no students",
    "roster.twice": (
        "the roster {roster} has two students with one {column}: {twice}; keep one line each"
    ),
    "roster.none": (
        "none of the submissions ({ids}) is in the roster {roster}, whose {column} are {theirs}"
    ),
    "grading.which": "which submissions? Give their folder: trigrad grade submissions/",
    "grading.stopped": (
        "stopped; what is graded is kept in {folder}: run the same command again to go on"
    ),
    "grading.shard": "--shard is {given}, should be K/N with K from 1 to N: 3/10",
    "grading.one_at_a_time": "one at a time: {why}, and all cores are used",
    "grading.kept": "{kept} of {all} have not changed and keep their grades",
    "grading.trouble": (
        "{trouble}; what is graded is kept: mend that and run the same command again"
    ),
    "grading.undecided": "look yourself: {layer} of {name} is not decided",
    "grading.not_graded": "not graded: {name}: {why}",
    "grading.parts": "When all parts are graded: trigrad grade --views {folder}",
    "grading.missing": "nothing from: {names}",
    "grading.done": "The tables and pages are in {folder}.",
    "grading.zip": "{file} is written: upload it at Gradescope under Configure Autograder.",
    "grading.torch": (
        "Without --torch-index, Gradescope installs PyTorch with CUDA, which takes several GB."
    ),
    "grading.count": {
        "one": "{graded} of {count} submissions are graded.",
        "other": "{graded} of {count} submissions are graded.",
    },
    "grading.mistakes": "The most frequent mistakes:",
    "grading.bar": "grading",
    "grading.rate": "{count} a minute",
    "grading.layer": "layer",
    "grading.all_points": "all points",
    "grading.mean": "mean",
    "grading.of": "of",
    "grading.together": "together",
    # Rubrics
    "rubric.no_layers": "{file} has no [layers]",
    "rubric.nothing": "what is to be handed in? Say so with --require Affine,Relu or with --rubric",
    "rubric.no_toml": "{file} is not TOML in UTF-8: {error}",
    "rubric.the": "the rubric",
    "rubric.undecided": 'undecided is {undecided}, should be "full" or "none"',
    "rubric.twice": "[layers] names {twice} twice",
    "rubric.no_layer": "no layer is named {name}",
    "rubric.no_layer.near": "no layer is named {name}; is one of these meant: {near}",
    "rubric.partial": "{what}: partial is {partial}, should be true or false",
    "rubric.names": '{what}: names is {names}, should be a list: ["Affine"]',
    "rubric.claims": "{what}: its claims give {total} points, but it has {points}",
    "rubric.no_claim": "{what}: no must-claim is named {name}",
    "rubric.no_claim.near": (
        "{what}: no must-claim is named {name}; is one of these meant: {near}"
    ),
    "rubric.no_advice": "[advice]: no suggestion is about {name}",
    "rubric.no_advice.near": (
        "[advice]: no suggestion is about {name}; is one of these meant: {near}"
    ),
    "rubric.due": "due is {value}, should be a time: 2026-11-02T23:59:00+01:00",
    "rubric.table": "{key} is {value}, should be a table",
    "rubric.points": "{what} is {value}, should be a number of points, 0 or more",
    "rubric.no_key.near": "{what} has no {key}; is one of these meant: {near}",
    "rubric.no_key": "{what} has no {key}: there are {known}",
    # Submissions, and what is taken of them
    "submissions.none": "there is no submission in {path}: a folder or a file each",
    "submissions.link": "it is a link, which is not followed",
    "submissions.left": "not submissions: {left}",
    "submissions.several": "{path} has several assignments ({names}): say which with --assignment",
    "submissions.no_assignment": "{path} has no assignment {assignment}: there are {names}",
    "submissions.no_column": "{path} has no column {column}: there are {there}",
    "submissions.no_path": "there is no {path}",
    "submissions.not_utf8": "{path} is not text in UTF-8: save it as CSV UTF-8",
    "submissions.no_table": "{path} is not a table: {error}",
    "submissions.many": "there are {count} submissions: {paths}; keep one",
    "taken.more": "and {more} more notes like these",
    "taken.large": "larger than 100 MB",
    "taken.kind": "this kind of archive is not unpacked; zip and tar are",
    "taken.no_code": "no Python, notebook or Markdown",
    "taken.nested": "an archive within archives",
    "taken.second": "a second file of that name, or a folder has it",
    "taken.long_name": "its name is too long",
    "taken.after": "it comes after {count} other files of code",
    "taken.deep": "deeper than {count} folders",
    "taken.no_file": "not a file",
    "taken.folder": "the folder",
    "submissions.no_list": "{path} is no folder and no list (.csv)",
    "submissions.packed": "{path} is no folder and no list (.csv); unpack it first",
    "submissions.not_there": "{path} does not exist",
    "submissions.line": "{path}, line {line}: {error}",
    # Archives
    "archive.large": "it unpacks to more than 200 MB",
    "archive.file_large": "it is larger than 100 MB",
    "archive.not_unpacked": "it cannot be unpacked: {error}",
    "archive.encrypted": "it is encrypted",
    "archive.device": "a link or a device",
    "taken.link": "a link",
    "archive.files": "it has more than 2,000 files",
    "archive.damaged": "it is damaged: {error}",
    "taken.left_out": "left out: {path} ({why})",
    "archive.outside": "leads out of the archive",
    # Workers
    "dask.none": "Dask is not installed; pip install 'trigrad[grade]' brings it",
    "dask.died": "it ended the process that graded it, twice; the second time it was graded alone",
    "dask.no_scheduler": "there is no scheduler at {scheduler}: {error}",
    "dask.no_workers": "the scheduler at {scheduler} has no workers",
    "dask.cannot": "a worker of {scheduler} cannot use trigrad: {error}",
    "dask.versions": "the worker {worker} has other versions: {versions}",
    "dask.blind": "the worker {worker} does not see {folder}: it must be shared",
    "dask.gone_why": "the scheduler is gone: {error}",
    "dask.gone": "the scheduler is gone",
    "dask.all_gone": "all workers are gone, and no new ones came",
    "dask.version": "{name} {its}, not {mine}",
}
