"""The sentences in English: exercises."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

EXERCISES: dict[str, Template] = {
    # What trigrad exercise says
    "exercise.one_file": "the exercise and its solutions would both be {out}: choose two names",
    "exercise.no_notebook": "{path} would be no notebook: its name should end in .ipynb",
    "exercise.exists": "{path} is there already: choose another name, or remove it",
    "exercise.no_mistake": "no mistake fits {name}: leave it out",
    "exercise.nothing": "nothing is to be written in {name}: it inherits its methods; leave it out",
    "exercise.written": "{file} is written. trigrad check {out} judges it, too.",
    "exercise.none.near": "trigrad.impl has no {names}; is one of these meant: {near}",
    "exercise.none": "trigrad.impl has no {names}; see trigrad.impl",
    # In the notebook that it writes
    "exercise.write": (
        "Write what is missing below. The docstrings say what each method takes and what it has "
        "to give."
    ),
    "exercise.find": (
        "One line below is wrong. Which one? Run the check, find the line, mend it, and run the "
        "check again."
    ),
    "exercise.planted": "Planted was:",
    "exercise.right": "Right is:",
    "exercise.given": "These are given:",
    "exercise.to_write": "write this",
    "exercise.gradient": "The gradient of each input of forward, in the input's shape.",
}
