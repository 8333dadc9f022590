"""The sentences in English: what the commands say."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

COMMANDS: dict[str, Template] = {
    # Usage, and what a command has done
    "usage.html_one": "--html writes the report on one path",
    "usage.see_help": "{words}; see {command} --help",
    "usage.no_option": "there is no option {option}",
    "usage.no_option.near": "there is no option {option}; is one of these meant: {near}",
    "usage.needs_value": "{option} needs a value",
    "usage.takes_no_value": "{option} takes no value",
    "usage.absent": "{name} is missing",
    "usage.bad_value": "{name} has a value that it does not take ({why})",
    "usage.other": "this was not understood ({why})",
    "usage.unknown_command.near": "{word} is not a command; is one of these meant: {near}",
    "usage.unknown_command.all": "{word} is not a command; there are: {all}",
    # What stands around the help of a command
    "heading.usage": "Usage: ",
    "heading.arguments": "Arguments",
    "heading.options": "Options",
    "heading.commands": "Commands",
    "heading.default": "[default: {value}]",
    "heading.required": "[required]",
    "heading.some_options": "[OPTIONS]",
    "heading.some_command": "COMMAND [ARGS]...",
    # Usage, and what a command has done
    "language.unknown": "{source} is {name}, should be one of {offered}",
    "usage.at": "--at is {at}, should be like 'x=100, y=2, dout=1.1'",
    "draw.written": "{file} is written: {name}, {verdict}",
    "itself_failed": (
        "trigrad itself failed ({kind}: {error}); please report it, with what TRIGRAD_DEBUG=1 adds"
    ),
    "usage.no_folder": "the working folder has been deleted: change to another one",
    "usage.no_command": "{word} is not a command; did you mean: {command}",
    "watch.judging": "judging …",
    "notebook.interrupted": "interrupted",
    "usage.no_contract.near": "no contract is named {names}; is one of these meant: {near}",
    "usage.no_contract.all": "no contract is named {names}; there are: {all}",
    "watch.judged": "{time} · {judged} of {all} judged anew · {seconds} s · Ctrl-C ends",
    "output.not_written": "the output cannot be written: {why}",
    # trigrad fix
    "fix.nothing_judged": "nothing could be judged in {path}: trigrad check says why",
    "fix.not_all_judged": "nothing fails in {path}, but not all was judged: trigrad check says why",
    "fix.nothing_fails": "nothing fails in {path}: there is nothing to fix",
    "fix.side_effect": "{name} passes with this fix, with a side effect: {drawback}",
    "fix.not_checked": "{names} not checked: apply the fix, then run again",
    "fix.wrote": "wrote {file}; backup: {backup}",
    "fix.verified": "verified by all three witnesses; --write fixes {names}",
    "fix.verified_steps": "verified by PyTorch and the laws; --write fixes {names}",
    "fix.fails": "{name} fails: {why}",
    # Why a layer is not fixed
    "left.conflict": "its fix conflicts with the others; apply those, then run this again",
    "left.not_searched": "no fix was looked for",
    "left.not_found": "no fix was found",
    "left.no_file": "it has a fix, but it was not read from a file that could be written",
    "left.elsewhere": "its fix is in {name}, which others may use: run trigrad fix on its folder",
    "left.same_lines": (
        "its fix touches the same lines as another one; apply that, then run this again"
    ),
    # Why a file is not changed
    "patch.ambiguous": (
        "{file}: its encoding, {encoding}, is ambiguous, so the file cannot be rewritten safely; "
        "save it as UTF-8, then run this again"
    ),
    "patch.two_changes": "{file}: two changes touch line {line}",
    "patch.rewritten": (
        "{file}, line {line}: this line was rewritten before checking (a notebook magic?); edit "
        "it by hand"
    ),
    "patch.old_notebook": "{file} is a notebook of an old format; save it again from Jupyter",
    "patch.no_source": "{file} has a cell without a source; save it again from Jupyter",
    "patch.not_encoded": "{file}: the fix cannot be written in {encoding}",
    "patch.changed": "{file} has changed since it was read; run this again",
    "patch.not_read_again": "{file} could not be read any more: {error}",
    "patch.other_lines": "{file}: applying this fix would change other lines; edit it by hand",
    "patch.read_only": "{file} is read-only: nothing is written",
}
