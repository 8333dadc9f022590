"""Optimisers: right ones in many spellings pass, and each single mistake fails and is named."""

from __future__ import annotations

import tomllib
import warnings
from pathlib import Path

import pytest
from optimizer_mistakes import MISTAKES, Mistake
from replacing import changed

from trigrad import check
from trigrad.contracts.schema import Kind
from trigrad.opening import open_subject
from trigrad.verdict.layer_verdict import try_layer
from trigrad.verdict.results import LayerReport, Verdict

OPTIMISERS = Path(__file__).parents[1] / "learners" / "optimizers"
RIGHT = sorted((OPTIMISERS / "right").glob("*.py"))
WRONG = sorted((OPTIMISERS / "wrong").glob("*.py"))
FOUND = tomllib.loads((OPTIMISERS / "mistakes.toml").read_text("utf-8"))
SLIP = "optimiser.slip."


def judged(path: Path) -> list[LayerReport]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        subject = open_subject(path)
    assert not subject.unjudged
    reports = [try_layer(candidate, 0, 20) for candidate in subject.candidates]
    found = [report for report in reports if isinstance(report, LayerReport)]
    assert len(found) == len(reports)
    return found


def of_text(text: str, folder: Path) -> list[LayerReport]:
    path = folder / "optim.py"
    path.write_text(text, encoding="utf-8")
    return judged(path)


def named(report: LayerReport) -> str:
    mistakes = report.diagnosis.mistakes if report.diagnosis else ()
    return mistakes[0].words.key if mistakes else ""


def test_there_are_enough_files() -> None:
    assert len(RIGHT) >= 8
    assert len(WRONG) >= 14
    assert {path.stem for path in WRONG} == set(FOUND)


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_right_optimisers_pass(path: Path) -> None:
    for report in judged(path):
        failed = [j.finding.message for j in report.judgements if j.finding.outcome != "pass"]
        assert report.verdict is Verdict.PASS, failed
        assert report.kind is Kind.OPTIMISER
        advice = [j.claim.name for j in report.advice]
        assert advice == (["the usual formula"] if path.stem == "early_nesterov" else [])


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_optimiser_fails_and_its_mistake_is_named(path: Path) -> None:
    (report,) = judged(path)
    assert report.verdict is Verdict.FAIL
    said = {j.finding.words.key for j in report.failures if j.finding.words}
    expected = FOUND[path.stem]["named"]
    assert named(report) == expected or expected in said


MENDED = [path for path in WRONG if FOUND[path.stem]["mended"]]


@pytest.mark.parametrize("path", MENDED, ids=lambda path: path.stem)
def test_a_fix_is_verified_and_is_where_the_mistake_is(path: Path) -> None:
    (report,) = check(path, in_process=True, repair_seconds=600.0).layers
    repair = report.repair
    assert repair is not None
    assert repair.verified
    assert FOUND[path.stem]["mended"] in {n for change in repair.changes for n in change.lines}


def test_where_no_fix_is_found_no_line_is_suspected() -> None:
    """Edits of one line bring many wrong lines nearer to right: what is named is the mistake."""
    path = OPTIMISERS / "wrong" / "rmsprop_adds_up.py"
    (report,) = check(path, in_process=True, repair_seconds=600.0).layers
    assert report.repair is not None
    assert not report.repair.verified
    assert not report.repair.suspects


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_a_single_mistake_fails_in_its_definition_only(mistake: Mistake, tmp_path: Path) -> None:
    text = (OPTIMISERS / "right" / f"{mistake.file}.py").read_text("utf-8")
    before, name, after = _at_definition(text, mistake.layer)
    wrong_one = changed(name, [(mistake.text, mistake.instead)])
    reports = of_text(before + wrong_one + after, tmp_path)
    wrong = [report for report in reports if report.verdict is not Verdict.PASS]
    assert [report.name for report in wrong] == [mistake.layer]
    assert wrong[0].verdict is Verdict.FAIL
    assert named(wrong[0]) == (SLIP + mistake.named if mistake.named else "")


def _at_definition(text: str, name: str) -> tuple[str, str, str]:
    """The text before a definition, its own, and what follows."""
    lines = text.splitlines(keepends=True)
    heads = (f"class {name}:", f"class {name}(", f"def {name}(")
    first = next(i for i, line in enumerate(lines) if line.startswith(heads))
    rest = range(first + 1, len(lines))
    end = next((i for i in rest if lines[i].startswith(("class ", "def "))), len(lines))
    return "".join(lines[:first]), "".join(lines[first:end]), "".join(lines[end:])


UNDECIDED = {
    "begins_at_a_tenth": "optimiser.others",
    "cuts_the_norm": "optimiser.others",
    "rate_falls": "optimiser.paced",
    "rate_falls_with_the_root_of_t": "optimiser.paced",
    "remembers_in_float32": "optimiser.coarse",
    "warms_up": "optimiser.unknown",
}


def test_every_undecided_file_has_its_reason() -> None:
    assert {path.stem for path in (OPTIMISERS / "undecided").glob("*.py")} == set(UNDECIDED)


@pytest.mark.parametrize(("stem", "reason"), UNDECIDED.items())
def test_what_is_meant_otherwise_is_undecided(stem: str, reason: str) -> None:
    (report,) = judged(OPTIMISERS / "undecided" / f"{stem}.py")
    assert report.verdict is Verdict.INCONCLUSIVE
    words = [j.finding.words.key for j in report.judgements if j.finding.words]
    assert words[0] == reason
    assert not report.advice


NO_OPTIMISERS = {
    "a body that moves": (
        "class Momentum:\n"
        "    def __init__(self, mass, velocity):\n"
        "        self.mass, self.velocity = mass, velocity\n\n"
        "    def update(self, force, dt):\n"
        "        self.velocity += force / self.mass * dt\n"
    ),
    "a person": "class Adam:\n    def __init__(self, lr):\n        self.lr = lr\n",
    "a base class": (
        "class Optimizer:\n    def __init__(self, lr):\n        self.lr = lr\n\n"
        "    def update(self, params, grads):\n        raise NotImplementedError\n"
    ),
    "a search that is given a gradient": (
        "def gradient_descent(x, grad, lr=0.01, steps=100):\n"
        "    for _ in range(steps):\n        x = x - lr * grad(x)\n    return x\n"
    ),
    "a class that searches": (
        "class GradientDescent:\n    def __init__(self, lr=0.1):\n        self.lr = lr\n\n"
        "    def optimize(self, f, x0):\n        return x0 - self.lr * f(x0)\n"
    ),
    "a search": (
        "def gradient_descent(f, init_x, lr=0.01, step_num=100):\n"
        "    x = init_x\n    for _ in range(step_num):\n        x -= lr * f(x)\n    return x\n"
    ),
}


@pytest.mark.parametrize("text", NO_OPTIMISERS.values(), ids=NO_OPTIMISERS)
def test_what_has_only_the_name_is_no_optimiser(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.py"
    path.write_text(text, encoding="utf-8")
    subject = open_subject(path)
    assert not subject.candidates
    assert not subject.unjudged


NOT_JUDGED = {
    "a metric": (
        "class Adam:\n    def __init__(self, lr):\n        self.lr = lr\n\n"
        "    def update(self, y_true, y_pred):\n        return ((y_true - y_pred) ** 2).mean()\n"
    ),
    "an argument that nobody knows": (
        "class SGD:\n    def __init__(self, lr, planet):\n        self.lr = lr\n\n"
        "    def update(self, params, grads):\n        for k in params:\n"
        "            params[k] -= self.lr * grads[k]\n"
    ),
    "a tree of weights": (
        "class SGD:\n    def __init__(self, model, lr):\n"
        "        self.model, self.lr = model, lr\n\n"
        "    def step(self):\n        for leaf in self.model.tree:\n"
        "            leaf.here -= self.lr * leaf.slope\n"
    ),
}


@pytest.mark.parametrize("text", NOT_JUDGED.values(), ids=NOT_JUDGED)
def test_what_cannot_be_called_is_not_judged(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.py"
    path.write_text(text, encoding="utf-8")
    report = check(path, in_process=True)
    assert not report.layers
    assert len(report.unjudged) == 1
    assert report.exit_status == 3


def test_a_step_that_is_not_written_is_no_mistake(tmp_path: Path) -> None:
    (report,) = of_text(
        "class SGD:\n    def __init__(self, lr=0.01):\n        self.lr = lr\n\n"
        "    def update(self, params, grads):\n        pass\n",
        tmp_path,
    )
    assert report.verdict is Verdict.UNIMPLEMENTED


WRONG_MOMENTUM = (OPTIMISERS / "wrong" / "momentum_of_the_wrong_sign.py").read_text("utf-8")


def test_in_the_sandbox_it_is_the_same_and_has_a_case_that_can_be_done_by_hand(
    tmp_path: Path,
) -> None:
    path = tmp_path / "optim.py"
    path.write_text(WRONG_MOMENTUM, encoding="utf-8")
    report = check(path)
    screen = str(report)
    assert report.exit_status == 1
    assert "1 optimiser found: Momentum" in screen
    assert "step 1 is not a step of Momentum: the numbers of W1, b1, W2 and b2 are wrong" in screen
    assert "case       update(params, grads) with lr=0.1, momentum=0.75" in screen
    assert "the steps go up along the gradient, not down: their sign is wrong" in screen
    assert "verified fix (with it, every check passes):" in screen
    claims = report.to_dict()["layers"][0]["claims"]
    evidence = claims[0]["evidence"]
    assert evidence["should_be"]
    assert len(evidence["program"]) == 2


def test_hints_reveal_no_more_than_they_should(tmp_path: Path) -> None:
    path = tmp_path / "optim.py"
    path.write_text(WRONG_MOMENTUM, encoding="utf-8")
    law = str(check(path, hints="law", in_process=True))
    line = str(check(path, hints="line", in_process=True))
    fix = str(check(path, in_process=True))
    assert "sign" not in law
    assert "update, lines" not in law
    assert "sign" not in line
    assert "update, lines" in line
    assert "sign" in fix


def test_a_class_in_python_is_judged_too() -> None:
    names: dict[str, type] = {}
    exec(WRONG_MOMENTUM, names)
    assert check(names["Momentum"]).exit_status == 1
    assert check(names["Momentum"], contract="Nesterov").layers[0].layer == "Nesterov"


LAWS = {
    "each weight for itself": (
        "norm = sum((g**2).sum() for g in grads.values())\n"
        "        for k in params:\n            params[k] -= self.lr * grads[k] * norm"
    ),
    "the order of the weights": (
        "for i, k in enumerate(params):\n            params[k] -= self.lr * grads[k] * (i + 1)"
    ),
    "each optimiser for itself": (
        "SGD.n = getattr(SGD, 'n', 0) + 1\n"
        "        for k in params:\n            params[k] -= self.lr * grads[k] * SGD.n"
    ),
    "gradients are left as they are": (
        "for k in params:\n            grads[k] *= self.lr\n            params[k] -= grads[k]"
    ),
}


@pytest.mark.parametrize(("claim", "body"), LAWS.items())
def test_each_law_is_refuted_by_what_breaks_it(claim: str, body: str, tmp_path: Path) -> None:
    (report,) = of_text(
        "class SGD:\n    def __init__(self, lr=0.01):\n        self.lr = lr\n\n"
        f"    def update(self, params, grads):\n        {body}\n",
        tmp_path,
    )
    refuted = {j.claim.name for j in (*report.failures, *report.advice)}
    assert claim in refuted
    assert report.verdict is (Verdict.PASS if claim.startswith("gradients") else Verdict.FAIL)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("for k in params:\n            params[k] -= self.lr * grads[k].T @ grads", Verdict.FAIL),
        ("for k in params:\n            params[k] -= rate * grads[k]", Verdict.FAIL),
        (
            "for leaf in params.leaves:\n            leaf -= self.lr * grads[0]",
            Verdict.INCONCLUSIVE,
        ),
    ],
)
def test_what_raises_fails_where_its_text_shows_what_it_wants(
    line: str, verdict: Verdict, tmp_path: Path
) -> None:
    (report,) = of_text(
        "class SGD:\n    def __init__(self, lr=0.01):\n        self.lr = lr\n\n"
        f"    def update(self, params, grads):\n        {line}\n",
        tmp_path,
    )
    assert report.verdict is verdict
