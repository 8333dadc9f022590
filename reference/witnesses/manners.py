"""The laws that should hold: breaking one is advice, never a failure.

What a layer does to its arguments, which dtypes, layouts and extremes it bears, and which further
kinds of input (the row's variants) it takes and then gets right. Only a promise of the contract
itself (`kept`) makes one of them a must.
"""

from __future__ import annotations

import numpy as np

from trigrad.cases.sampling import in_float32
from trigrad.claim.answers import Answer, Answers, gradient_of, returned
from trigrad.claim.claim import HOLDS, Finding, Severity, not_applicable, refuted
from trigrad.claim.evidence import AbsentError, Evidence
from trigrad.contracts.schema import Array, Contract, Domain, Kind
from trigrad.numerics import tolerance
from trigrad.subject.face import Form
from trigrad.witnesses.lawbook import Lawbook, agree, first_line

BOOK = Lawbook()
law = BOOK.law

NUMPY_ONLY = "NumPy only"

EXTREME = 1000.0
"""An input at which exp overflows in float64."""


def _overwritten(answers: Answers, call: int, name: str) -> Finding:
    result = returned(answers.results[call], name, answers.case)
    kept = set(answers.contract.promises.kept)
    changed = [what for what in result.overwritten if what not in kept]
    if not changed:
        return HOLDS
    words = " and ".join(changed)
    evidence = Evidence(words, answers.case, f"changed by {name}", "left as it was")
    return refuted(f"{name} overwrites {_role(answers.contract, changed)} {words}", evidence)


def _role(contract: Contract, names: list[str]) -> str:
    parameters = {v.name for v in contract.parameters}
    plural = "s" if len(names) > 1 else ""
    return f"its weight{plural}" if set(names) <= parameters else f"its argument{plural}"


@law(
    "forward keeps its arguments",
    Severity.SHOULD,
    # numerical_gradient is given nothing but what it must restore.
    lambda c: c.arguments is None,
)
def check_forward_keeps(answers: Answers) -> Finding:
    """Forward overwrites no argument."""
    name = "it" if answers.contract.kind is Kind.FUNCTION else "forward"
    return _overwritten(answers, 1, name)


@law("backward keeps its arguments", Severity.SHOULD, lambda c: c.differentiates)
def check_backward_keeps(answers: Answers) -> Finding:
    """Backward overwrites no argument, dout included."""
    return _overwritten(answers, 2, "backward")


@law("arguments are restored", Severity.MUST, lambda c: bool(c.promises.kept))
def check_kept(answers: Answers) -> Finding:
    """What the contract promises to restore is as it was before the call."""
    result = returned(answers.results[1], "output", answers.case)
    changed = [what for what in result.overwritten if what in answers.contract.promises.kept]
    if not changed:
        return HOLDS
    words = " and ".join(changed)
    return refuted(
        f"{words} is not restored",
        Evidence(words, answers.case, "changed by the call", "restored"),
    )


@law("dout is used", Severity.SHOULD, lambda c: c.scalar and c.kind is Kind.LAYER)
def check_dout_used(answers: Answers) -> Finding:
    """Backward multiplies by dout, also in a loss."""
    if not answers.face.takes_dout:
        return not_applicable("backward takes no dout")
    case = answers.case
    double = answers.answer_to(case.with_dout(np.array(2.0)))
    due = {n: 2 * g for n, g in answers.answer.gradients.items()}
    for name, should_be in due.items():
        is_ = double.gradients[name]
        if np.abs(is_ - should_be).max() > tolerance.roundoff(answers.contract, case, is_):
            return refuted(
                "backward ignores dout: harmless as long as the loss is the last layer",
                Evidence(
                    gradient_of(name), case, is_, should_be, remark="for dout = 2 instead of 1"
                ),
            )
    return HOLDS


@law(
    "float32 stays float32",
    Severity.SHOULD,
    # A network makes its own weights, in float64; a numerical gradient in float32 is no use.
    lambda c: c.arguments is None and c.kind is not Kind.NETWORK,
)
def check_float32(answers: Answers) -> Finding:
    """Float32 in, float32 out: a result in float64 makes everything after it slower."""
    case = in_float32(answers.case)
    answer = answers.answer_to(case)
    wide = [name for name, array in _named(answer) if array.dtype != np.float32]
    if not wide:
        return HOLDS
    found = {name: str(array.dtype) for name, array in _named(answer)}
    return refuted(
        f"float32 does not stay float32: {', '.join(f'{n} is {found[n]}' for n in wide)}",
        Evidence(wide[0], case, found[wide[0]], "float32"),
    )


@law("float64 stays float64", Severity.SHOULD, lambda _: True)
def check_float64(answers: Answers) -> Finding:
    """Float64 in, float64 out: a result in float32 has lost half of its digits."""
    narrow = [n for n, a in _named(answers.answer) if a.dtype in (np.float32, np.float16)]
    if not narrow:
        return HOLDS
    return refuted(
        f"computes in single precision: {', '.join(narrow)} lost digits",
        Evidence(narrow[0], answers.case, "float32", "float64"),
    )


def _named(answer: Answer) -> list[tuple[str, Array]]:
    return [("output", answer.output)] + [
        (gradient_of(n), array) for n, array in answer.gradients.items()
    ]


@law(
    "large inputs stay finite",
    Severity.SHOULD,
    lambda c: c.arguments is None and c.kind is not Kind.NETWORK and bool(_can_be_large(c)),
    beyond=True,
)
def check_extremes(answers: Answers) -> Finding:
    """Inputs of ±1000 give finite numbers and no warning."""
    extreme = {
        name: np.where(answers.case.arrays[name] > 0, EXTREME, -EXTREME)
        for name in _can_be_large(answers.contract)
    }
    case = answers.case.with_values(**extreme)
    results = answers.face.run(answers.whole(case))
    answer = answers.answer_from(results[1:], case)
    infinite = [name for name, array in _named(answer) if not np.isfinite(array).all()]
    if infinite:
        shown = dict(_named(answer))[infinite[0]]
        return refuted(
            f"{' and '.join(infinite)} not finite for inputs of ±1000",
            Evidence(infinite[0], case, shown, "finite numbers"),
        )
    warned = [w for result in results for w in returned(result, "output", case).warnings]
    if not warned:
        return HOLDS
    return refuted(
        f"NumPy warns for inputs of ±1000: {warned[0]}",
        Evidence("output", case, warned[0], "no warning"),
    )


@law(
    "certain predictions stay finite",
    Severity.SHOULD,
    lambda c: len(_predictions(c)) == 2,
    beyond=True,
)
def check_certain(answers: Answers) -> Finding:
    """Probabilities of exactly 0 and 1, all of them right, give a finite number and no warning."""
    probabilities, target = _predictions(answers.contract)
    certain = answers.case.with_values(**{probabilities: answers.case.arrays[target].copy()})
    results = answers.face.run(answers.whole(certain))
    output = answers.answer_from(results[1:], certain).output
    words = "for a prediction that is certain and right, so that the others' probabilities are 0"
    if not np.isfinite(output).all():
        return refuted(
            f"the output is not finite {words}",
            Evidence("output", certain, output, "finite numbers"),
        )
    warned = [w for result in results for w in returned(result, "output", certain).warnings]
    if not warned:
        return HOLDS
    return refuted(
        f"NumPy warns {words}: {warned[0]}", Evidence("output", certain, warned[0], "no warning")
    )


def _predictions(contract: Contract) -> list[str]:
    """The operand of probabilities and that of one-hot targets, where there are both."""
    domains = (Domain.PROBABILITY, Domain.ONE_HOT)
    return [v.name for domain in domains for v in contract.operands if v.domain is domain]


def _can_be_large(contract: Contract) -> list[str]:
    return [v.name for v in contract.operands if v.domain in (Domain.REAL, Domain.LOGIT)]


def _same_in_form(answers: Answers, form: Form, law_words: str) -> Finding:
    second = answers.answer_to(answers.case, form=form)
    pairs = [("output", second.output, answers.answer.output)]
    pairs += [(gradient_of(n), second.gradients[n], g) for n, g in answers.answer.gradients.items()]
    return agree(answers, law_words, pairs, f"is: for {form} arrays; should be: as for others")


@law(
    "read-only arrays work",
    Severity.SHOULD,
    lambda c: not c.promises.kept,
    needs=("forward keeps its arguments", "backward keeps its arguments"),
)
def check_read_only(answers: Answers) -> Finding:
    """Read-only arguments are accepted and give the same."""
    try:
        return _same_in_form(answers, Form.READ_ONLY, first_line(check_read_only))
    except AbsentError as absent:
        return refuted("read-only arrays are refused", absent.evidence)


@law("non-contiguous arrays work", Severity.SHOULD, lambda _: True)
def check_strided(answers: Answers) -> Finding:
    """Arguments that are slices of larger arrays are accepted and give the same."""
    try:
        return _same_in_form(answers, Form.STRIDED, first_line(check_strided))
    except AbsentError as absent:
        return refuted("non-contiguous arrays are refused", absent.evidence)


@law(NUMPY_ONLY, Severity.SHOULD, lambda _: True)
def check_numpy_only(answers: Answers) -> Finding:
    """The layer is written by hand, in NumPy."""
    used = " and ".join(answers.face.frameworks)
    if not used:
        return HOLDS
    return refuted(
        f"uses {used}: gradients that a library finds by itself are not written by hand",
        Evidence("text", None, used, "NumPy only"),
    )


@law("gradients are separate arrays", Severity.SHOULD, lambda c: len(c.gradients) > 1)
def check_separate(answers: Answers) -> Finding:
    """No gradient is one array with another or a weight: changing one would change the other."""
    result = returned(answers.results[2], "gradients", answers.case)
    if not result.shared:
        return HOLDS
    one, other = result.shared[0]
    # Another gradient is called by its name alone, a weight "W itself".
    what = f"that of {other}" if other in answers.contract.gradients else other
    return refuted(
        f"the {gradient_of(one)} and {what} are one array",
        Evidence(gradient_of(one), answers.case, "one array", "two arrays"),
    )
