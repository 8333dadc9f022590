"""What MkDocs writes into the pages from the code, so that it cannot be out of date.

A page has a line `<!-- generated: NAME -->`, and below it a line that says so to readers of the
repository. The function of that name in `GENERATORS` gives what stands there in the site. A name
that is not there stops the build.
"""

from __future__ import annotations

import ast
import html
import inspect
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from typer.testing import CliRunner

from trigrad import defaults
from trigrad.claim.claim import Claim, Severity, Witness
from trigrad.commands.app import app
from trigrad.contracts.optimisers import OPTIMISERS
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import (
    Condition,
    Contract,
    Decision,
    Kind,
    Shape,
    Sign,
    Variable,
)
from trigrad.contracts.shelf.registry import SHELF
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.trial.plan import plan

ROOT = Path(__file__).parents[1]
MARK = re.compile(r"^<!-- generated: (.+) -->(?:\n\*.+\*)?$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by MkDocs for each page."""
    return MARK.sub(lambda mark: GENERATORS[mark[1]](), markdown)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    cells: list[Sequence[str]] = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(c.replace('|', '&#124;') for c in row)} |" for row in cells)


# --- contracts ----------------------------------------------------------------------------------


def contracts() -> str:
    """The contract table, one section for each kind."""
    titles = {Kind.LAYER: "Layers", Kind.FUNCTION: "Functions", Kind.NETWORK: "Networks"}
    parts = []
    for kind, title in titles.items():
        rows = [row for row in CONTRACTS if row.kind is kind]
        parts.append(f"## {title}\n")
        parts.extend(map(_contract, rows))
    parts.append(
        "## Optimisers\n\nThey take steps; see [Check an optimiser](../how-to/optimizers.md).\n"
    )
    parts.append(table(["optimiser", "formula", "other names"], list(map(_optimiser, OPTIMISERS))))
    return "\n".join(parts)


def _optimiser(row: Contract) -> list[str]:
    """One row of the table of optimisers."""
    aliases = ", ".join(f"`{alias}`" for alias in row.notation.aliases)
    return [f"**{row.name}**", f"`{row.notation.formula}`", aliases]


def _contract(row: Contract) -> str:
    """One row of the table, as a section."""
    facts = [("inputs", _variables(row.operands))]
    if row.parameters:
        facts.append(("weights", _variables(row.parameters)))
    facts.append(("output", f"`{_shape(row.output)}`" if row.output else "one number"))
    facts.append(("formula", f"`{row.notation.formula}`"))
    if row.gradients:
        facts.append(("gradients", ", ".join(f"`{name}`" for name in row.gradients)))
    if row.methods:
        facts.append(("further methods", ", ".join(f"`{name}`" for name in row.methods)))
    facts.append(("what holds", "; ".join(_promises(row))))
    facts.append(("other names", ", ".join(f"`{alias}`" for alias in row.notation.aliases)))
    if row.readings.variants:
        facts.append(
            (
                "may also handle",
                "; ".join(str(v.words) for v in row.readings.variants if v.equal is None),
            )
        )
    if row.readings.others:
        words = dict.fromkeys(str(word) for r in row.readings.others for word in r.words)
        facts.append(("also read with", "; ".join(words)))
    facts.append(("claims", str(len(plan(row)))))
    body = table(["", ""], [[f"**{head}**", text] for head, text in facts])
    return f"### {row.name}\n\n{body}\n"


def readings() -> str:
    """Every convention in which a contract can be kept, and what decides whether it is meant.

    A reading with several words is a combination of those with one, and shown by these.
    """
    rows: dict[tuple[str, str], list[str]] = {}
    for row in CONTRACTS:
        for reading in row.readings.others:
            said = str(Message("names", names=reading.words))
            known = {word for name, word in rows if name == row.name}
            if not any(word in said for word in known):
                decided = ["its results", *map(_decided, reading.conditions)]
                rows[row.name, said] = [f"`{row.name}`", said, "; then ".join(decided)]
        for scale in row.readings.scales:
            decided = ["its gradients", *map(_decided, scale.conditions)]
            said = str(Message("names", names=scale.words))
            rows[row.name, said] = [f"`{row.name}`", said, "; then ".join(decided)]
    return table(["contract", "read with", "decided by"], list(rows.values()))


def shelf() -> str:
    """Every function that a guessed or declared layer is compared with."""
    rows = []
    for known in SHELF:
        settings = [f"{s.names[0]} {s.least} to {s.greatest}" for s in known.settings]
        names = ", ".join(f"`{name}`" for name in known.aliases)
        rows.append([f"`{known.name}`", f"`{known.formula}`", names, "; ".join(settings)])
    return table(["name", "function", "other names", "varied"], rows)


SIGNS = {
    Sign.ROWS: "samples are rows (`x @ W`, a layer that takes them so, `--samples rows`)",
    Sign.COLUMNS: "samples are columns (`W @ x`, a layer that takes them so, `--samples columns`)",
    Sign.BATCH: "a batch is passed (a 2-D array in a call, a network, a name with *batch*)",
    Sign.SINGLE: "one sample is passed (1-D arrays in a call), or softmax is written for one",
    Sign.AXIS: "other code in its file works along an axis",
    Sign.SAYS_SUM: "its name or docstring says that it is a sum over the batch",
    Sign.SAYS_ALL: "its docstring says that it is a mean over all entries",
    Sign.ONE_HOT: "targets are one-hot (an array in a call, `argmax`, a name with *one_hot*)",
    Sign.NOT_DIVIDED: "the gradient of the loss beside it is not divided by the batch size",
    Sign.DIVIDED_BEFORE: "the gradient of the loss beside it is divided by the batch size",
    Sign.DIVIDED_LATER: "a layer beside it (`dW / m`) or the step (`W -= lr * dW / m`) divides",
    Sign.ADDED: "a step adds (`W += lr * dW`)",
    Sign.SUBTRACTED: "a step subtracts (`W -= lr * dW`)",
    Sign.ADDED_WITHIN: "its own backward adds to the weights (`self.W += lr * self.x.T @ err`)",
    Sign.DESCENT: "what is handed to backward has the opposite sign (`t - y`)",
    Sign.ASCENT: "what is handed to backward is the gradient (`y - t`, or an argument named so)",
    Sign.BINARY: "there are two classes (a sigmoid and no softmax, a name with *binary*)",
}
OTHERWISE = {
    Decision.ACCEPTED: "right",
    Decision.UNDECIDED: "undecided",
    Decision.REFUSED: "wrong",
}


def _decided(condition: Condition) -> str:
    """What the rest of the file must show."""
    parts = []
    shown = [SIGNS[sign] for sign in (condition.shown_by, condition.also_shown_by) if sign]
    if shown:
        parts.append(f"right if {' or '.join(shown)}")
    if condition.refuted_by:
        parts.append(f"{OTHERWISE[condition.refutes]} if {SIGNS[condition.refuted_by]}")
    return ", ".join([*parts, f"else {OTHERWISE[condition.otherwise]}"])


def _shape(shape: Shape) -> str:
    comma = "," if len(shape) == 1 else ""
    return f"({', '.join(shape)}{comma})"


def _variables(variables: Sequence[Variable]) -> str:
    return ", ".join(f"`{v.name} {_shape(v.shape)}` {v.domain}" for v in variables)


def _promises(row: Contract) -> Iterator[str]:
    """What the row promises, in words."""
    promises = row.promises
    if promises.rows:
        yield "the rows of a batch do not influence each other"
    if promises.mean:
        yield "the output is a mean over the batch"
    if promises.added:
        yield f"{', '.join(promises.added)} is added to every row"
    if promises.shift_invariant:
        yield f"a constant added to a row of {', '.join(promises.shift_invariant)} changes nothing"
    if promises.row_sum is not None:
        yield f"every row of the output sums to {promises.row_sum:g}"
    if promises.kept:
        yield f"{', '.join(promises.kept)} is afterwards as it was"
    if promises.numbers:
        yield "plain Python numbers work"
    if promises.kink_at is not None:
        yield f"no derivative at {promises.kink_at:g}"
    if promises.allowance is not None:
        yield "a small constant inside the logarithm, or a finite step, is allowed for"


# --- claims -------------------------------------------------------------------------------------


def claims() -> str:
    """Every kind of claim with its law in words, its severity and the rows that have it."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for row in CONTRACTS:
        for claim in plan(row):
            key = (claim.witness, _general(claim), _law(claim), claim.severity)
            having = found.setdefault(key, [])
            if row.name not in having:
                having.append(row.name)
    parts = []
    for witness in Witness:
        rows = [
            [f"**{name}**", law, _severity(severity), _names(of)]
            for (by, name, law, severity), of in found.items()
            if by == witness
        ]
        heads = ["claim", "says", "if refuted", "of"]
        parts.append(f"## {witness.capitalize()}\n\n{table(heads, rows)}\n")
    return "\n".join(parts)


def _general(claim: Claim) -> str:
    """The claim's name without the name of the array that it is about."""
    return re.sub(r"(?<=gradient of )\w+", "…", claim.name)


def _law(claim: Claim) -> str:
    check = claim.check.func if isinstance(claim.check, partial) else claim.check
    return (inspect.getdoc(check) or "").split("\n")[0]


def _severity(severity: str) -> str:
    return "fails" if severity == Severity.MUST else "suggestion"


def _names(names: Sequence[str]) -> str:
    return "all" if len(names) == len(CONTRACTS) else ", ".join(names)


# --- commands -----------------------------------------------------------------------------------


def command(*path: str) -> str:
    """What `--help` of a command prints."""
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "84"}, prog_name="trigrad")
    if shown.exit_code:
        raise RuntimeError(shown.output)
    return f"```text\n{_plain(shown.output)}\n```"


def _plain(screen: str) -> str:
    """A screen without colours, empty lines around it and spaces behind its lines."""
    lines = re.sub(r"\x1b\[[\d;]*m", "", screen).strip("\n ").splitlines()
    return "\n".join(line.rstrip() for line in lines)


# --- Python -------------------------------------------------------------------------------------


def function(path: str, name: str) -> str:
    """The signature of a function and its docstring, read from the text of a module."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    (found,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    lines = [f"    {each}," for each in _split(ast.unparse(found.args))]
    returned = ast.unparse(found.returns) if found.returns else ""
    signature = "\n".join(["```python", f"def {name}(", *lines, f") -> {returned}", "```"])
    return f"{signature}\n\n{_docstring(ast.get_docstring(found) or '')}"


def _split(arguments: str) -> list[str]:
    """Arguments at the commas that are in no brackets."""
    parts, depth = [""], 0
    for character in arguments:
        depth += (character in "[(") - (character in "])")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [_with_value(part.strip()) for part in parts]


def _with_value(argument: str) -> str:
    """An argument with the value of its default, where that is one of our constants."""
    argument = re.sub(r"\bHints\.(\w+)", lambda m: repr(Hints[m[1]].value), argument)
    argument = re.sub(r"=([A-Z_]{2,})$", lambda m: f"={getattr(defaults, m[1], m[1])}", argument)
    return argument.replace("=", " = ")


def _docstring(text: str) -> str:
    """A docstring with its sections as headed lists."""
    lines: list[str] = []
    section = ""
    for line in text.replace("\n::\n", "\n").splitlines():
        if line in ("Args:", "Returns:", "Raises:"):
            section = line.removesuffix(":")
            lines += ["", f"**{section}**", ""]
        elif not line.startswith(" ") and line:
            section = ""
            lines.append(line)
        elif section in ("Args", "Raises") and (named := re.match(r" {4}(\w+): (.*)", line)):
            lines.append(f"- `{named[1]}`: {named[2]}")
        elif section:
            lines.append(("  " if section in ("Args", "Raises") else "") + line.strip())
        else:
            lines.append(line)
    return "\n".join(lines)


# --- rooms --------------------------------------------------------------------------------------


def layers() -> list[list[str]]:
    """The rooms from the top down, as the rule that `tox -e lint` holds has them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        (rule,) = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return [re.split(r" *[|:] *", layer) for layer in rule["layers"]]


def rooms() -> str:
    """The rooms as boxes, each with the first line of its docstring."""
    boxes = [
        "".join(f"<p><strong>{name}</strong><br>{_purpose(name)}</p>" for name in layer)
        for layer in layers()
    ]
    return "\n".join(['<div class="rooms">', *(f"<div>{each}</div>" for each in boxes), "</div>"])


def _purpose(name: str) -> str:
    """The first line of a room's docstring, in HTML."""
    folder = ROOT / "impl" if name == "impl" else ROOT / "reference" / name
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    words = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0]
    return re.sub(r"`(.+?)`", r"<code>\1</code>", html.escape(words))


GENERATORS: dict[str, Callable[[], str]] = {
    "contracts": contracts,
    "readings": readings,
    "shelf": shelf,
    "claims": claims,
    "rooms": rooms,
    "trigrad check": partial(command, "check"),
    "trigrad fix": partial(command, "fix"),
    "trigrad draw": partial(command, "draw"),
    "trigrad watch": partial(command, "watch"),
    "trigrad exercise": partial(command, "exercise"),
    "trigrad grade": partial(command, "grade"),
    "trigrad gradescope-zip": partial(command, "gradescope-zip"),
    "trigrad digits check": partial(command, "digits", "check"),
    "trigrad digits train": partial(command, "digits", "train"),
    "check()": partial(function, "reference/api.py", "check"),
    "check_layer()": partial(function, "reference/live_layer.py", "check_layer"),
    "claims()": partial(function, "reference/suite.py", "claims"),
    "gradcheck()": partial(function, "reference/gradient_check/public.py", "gradcheck"),
    "contract()": partial(function, "reference/contracts/own.py", "contract"),
}
