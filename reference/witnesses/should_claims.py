"""The laws that should hold: breaking one is a suggestion, not a failure.

What a layer does to its arguments, and which dtypes, memory layouts and extreme inputs it handles.
The one exception is what the contract itself promises to restore (`kept`): that must hold.
"""

from __future__ import annotations

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.sampling import in_float32
from trigrad.claim.answers import BACKWARD, Answer, Answers, returned
from trigrad.claim.claim import HOLDS, Finding, Severity, not_applicable, refuted
from trigrad.claim.evidence import AbsentError, Evidence
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import Array, Contract, Domain, Kind
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.face import Form, Odd, Raised
from trigrad.witnesses.law_table import LawTable, Pair, agree
from trigrad.witnesses.precision import single_inside

TABLE = LawTable()
law = TABLE.law

NUMPY_ONLY = "NumPy only"

EXTREME = 1000.0
"""An input at which exp overflows in float64."""


def _overwritten(answers: Answers, call: int, method: Message) -> Finding:
    result = returned(answers.results[call], method, answers.case)
    kept = set(answers.contract.promises.kept)
    if answers.contract.kind is Kind.NETWORK:  # its params must be kept, by a claim of their own
        kept |= {v.name for v in answers.contract.parameters}
    changed = tuple(what for what in result.overwritten if what not in kept)
    if not changed:
        return HOLDS
    evidence = Evidence(
        Message("names", names=changed),
        answers.case,
        Message("changed.is", call=method),
        Message("changed.should_be"),
    )
    weights = {v.name for v in answers.contract.parameters}
    key = "overwrites.weights" if weights.issuperset(changed) else "overwrites.arguments"
    return refuted(Message(key, call=method, names=changed, count=len(changed)), evidence)


@law(
    "forward keeps its arguments",
    Severity.SHOULD,
    # numerical_gradient is given nothing but what it must restore.
    lambda c: c.arguments is None,
    method="forward",
)
def check_forward_keeps(answers: Answers) -> Finding:
    """Forward overwrites no argument."""
    return _overwritten(answers, 1, answers.forward_words)


@law(
    "backward keeps its arguments",
    Severity.SHOULD,
    lambda c: c.differentiates,
    method="backward",
)
def check_backward_keeps(answers: Answers) -> Finding:
    """Backward overwrites no argument, dout included."""
    return _overwritten(answers, 2, BACKWARD)


@law("arguments are restored", Severity.MUST, lambda c: bool(c.promises.kept))
def check_kept(answers: Answers) -> Finding:
    """What the contract promises to restore is as it was before the call."""
    result = returned(answers.results[1], OUTPUT, answers.case)
    kept = answers.contract.promises.kept
    changed = tuple(what for what in result.overwritten if what in kept)
    if not changed:
        return HOLDS
    return refuted(
        Message("not_restored", names=changed),
        Evidence(
            Message("names", names=changed),
            answers.case,
            Message("not_restored.is"),
            Message("not_restored.should_be"),
        ),
    )


@law("dout is used", Severity.SHOULD, lambda c: c.scalar and c.kind is Kind.LAYER)
def check_dout_used(answers: Answers) -> Finding:
    """Backward multiplies by dout, also in a loss."""
    if not answers.face.takes_dout:
        return not_applicable(Message("dout.not_taken"))
    case = answers.case
    double = answers.answer_to(case.with_dout(np.array(2.0)))
    due = {n: 2 * g for n, g in answers.answer.gradients.items()}
    for name, should_be in due.items():
        is_ = double.gradients[name]
        if np.abs(is_ - should_be).max() > tolerance.roundoff(answers.contract, case, is_):
            return refuted(
                Message("dout.ignored"),
                Evidence(*(gradient(name), case, is_, should_be), remark=Message("remark.dout_2")),
            )
    return HOLDS


@law(
    "float32 stays float32",
    Severity.SHOULD,
    # A network makes its own weights, in float64; a numerical gradient in float32 is no use.
    lambda c: c.arguments is None and c.kind is not Kind.NETWORK and c.promises.arrays,
)
def check_float32(answers: Answers) -> Finding:
    """Float32 in, float32 out: a result in float64 makes everything after it slower."""
    case = in_float32(answers.case)
    answer = answers.answer_to(case)
    wide = [(what, str(a.dtype)) for what, a in _quantities(answer) if a.dtype != np.float32]
    if not wide:
        return HOLDS
    what, dtype = wide[0]
    each = tuple(Message("dtype.is", quantity=what, dtype=dtype) for what, dtype in wide)
    return refuted(Message("dtype.wider", each=each), Evidence(what, case, dtype, "float32"))


@law("float64 stays float64", Severity.SHOULD, lambda _: True)
def check_float64(answers: Answers) -> Finding:
    """Float64 in, float64 out: a result in float32 has lost half of its digits."""
    singles = (np.float32, np.float16)
    narrow = tuple(what for what, a in _quantities(answers.answer) if a.dtype in singles)
    if not narrow and _irrational(answers.case) and single_inside(answers):
        return refuted(
            Message("dtype.single_inside"), Evidence(OUTPUT, answers.case, "float32", "float64")
        )
    if not narrow:
        return HOLDS
    return refuted(
        Message("dtype.single", quantities=narrow),
        Evidence(narrow[0], answers.case, "float32", "float64"),
    )


def _irrational(case: Case) -> bool:
    """Whether its values need all digits; multiples of 1/4 are exact in any precision."""
    return any(a.dtype.kind == "f" and (4 * a % 1).any() for a in case.arrays.values())


def _quantities(answer: Answer) -> list[tuple[Quantity, Array]]:
    gradients = [(gradient(name), array) for name, array in answer.gradients.items()]
    return [(OUTPUT, answer.output), *gradients]


@law(
    "large inputs stay finite",
    Severity.SHOULD,
    lambda c: c.arguments is None and c.kind is not Kind.NETWORK and bool(_can_be_large(c)),
    extreme=True,
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
    infinite = [(what, a) for what, a in _quantities(answer) if not np.isfinite(a).all()]
    if infinite:
        what, shown = infinite[0]
        names = tuple(Message("quantity.the", quantity=what) for what, _ in infinite)
        return refuted(
            Message("extreme.not_finite", quantities=names, count=len(names)),
            Evidence(what, case, shown, Message("extreme.should_be")),
        )
    warned = [w for result in results for w in returned(result, OUTPUT, case).warnings]
    if not warned:
        return HOLDS
    return refuted(
        Message("extreme.warning", warning=warned[0]),
        Evidence(OUTPUT, case, warned[0], Message("no_warning")),
    )


@law(
    "certain predictions stay finite",
    Severity.SHOULD,
    lambda c: len(_predictions(c)) == 2,
    extreme=True,
)
def check_certain(answers: Answers) -> Finding:
    """Probabilities of exactly 0 and 1, all of them right, give a finite number and no warning."""
    probabilities, target = _predictions(answers.contract)
    certain = answers.case.with_values(**{probabilities: answers.case.arrays[target].copy()})
    results = answers.face.run(answers.whole(certain))
    output = answers.answer_from(results[1:], certain).output
    if not np.isfinite(output).all():
        return refuted(
            Message("certain.not_finite"),
            Evidence(OUTPUT, certain, output, Message("extreme.should_be")),
        )
    warned = [w for result in results for w in returned(result, OUTPUT, certain).warnings]
    if not warned:
        return HOLDS
    return refuted(
        Message("certain.warning", warning=warned[0]),
        Evidence(OUTPUT, certain, warned[0], Message("no_warning")),
    )


def _predictions(contract: Contract) -> list[str]:
    """The operand of probabilities and that of one-hot targets, where there are both."""
    domains = (Domain.PROBABILITY, Domain.ONE_HOT)
    return [v.name for domain in domains for v in contract.operands if v.domain is domain]


def _can_be_large(contract: Contract) -> list[str]:
    return [v.name for v in contract.operands if v.domain in (Domain.REAL, Domain.LOGIT)]


def _same_in_form(answers: Answers, form: Form, words: Message) -> Finding:
    second, answer = answers.answer_to(answers.case, form=form), answers.answer
    pairs: list[Pair] = [(OUTPUT, second.output, answer.output)]
    pairs += [(gradient(n), second.gradients[n], g) for n, g in answer.gradients.items()]
    return agree(answers, words, pairs, Message("remark.form", form=form.value))


@law(
    "read-only arrays work",
    Severity.SHOULD,
    lambda c: not c.promises.kept,
    needs=("forward keeps its arguments", "backward keeps its arguments"),
)
def check_read_only(answers: Answers) -> Finding:
    """Read-only arguments are accepted and give the same."""
    try:
        return _same_in_form(answers, Form.READ_ONLY, Message("law.read_only"))
    except AbsentError as absent:
        return refuted(Message("form.read_only"), absent.evidence)


@law("non-contiguous arrays work", Severity.SHOULD, lambda _: True)
def check_strided(answers: Answers) -> Finding:
    """Arguments that are slices of larger arrays, or in Fortran order, give the same."""
    try:
        finding = _same_in_form(answers, Form.STRIDED, Message("law.strided"))
        if finding is HOLDS:
            finding = _same_in_form(answers, Form.FORTRAN, Message("law.strided"))
        return finding
    except AbsentError as absent:
        return refuted(Message("form.strided"), absent.evidence)


def _can_be_integers(contract: Contract) -> list[str]:
    numbers = (Domain.REAL, Domain.LOGIT, Domain.WEIGHT)
    return [v.name for v in contract.operands if v.domain in numbers]


@law(
    "integer inputs give the same",
    Severity.SHOULD,
    lambda c: c.arguments is None and bool(_can_be_integers(c)),
)
def check_integers(answers: Answers) -> Finding:
    """Inputs that are integers give what the same numbers give as floats, if they are accepted."""
    arrays = answers.case.arrays
    names = _can_be_integers(answers.contract)
    # Away from 0, so that none comes nearer to Relu's kink.
    whole = {n: np.sign(arrays[n]) * np.ceil(np.abs(arrays[n])) for n in names}
    floats = answers.case.with_values(**whole)
    integers = floats.with_values(**{n: a.astype(np.int64) for n, a in whole.items()})
    should_be = answers.answer_to(floats)
    results = answers.face.run(answers.whole(integers))
    refused = next((r for r in results if isinstance(r, Raised)), None)
    if refused is not None:
        return not_applicable(Message("integers.refused"))
    is_ = answers.answer_from(results[1:], integers)
    pairs: list[Pair] = [(OUTPUT, is_.output, should_be.output)]
    pairs += [(gradient(n), is_.gradients[n], g) for n, g in should_be.gradients.items()]
    return agree(answers, Message("law.integers"), pairs, Message("remark.integers"), floats)


@law(NUMPY_ONLY, Severity.SHOULD, lambda _: True)
def check_numpy_only(answers: Answers) -> Finding:
    """The layer is written by hand, in NumPy."""
    used = tuple(answers.face.frameworks)
    if not used:
        return HOLDS
    return refuted(
        Message("frameworks", names=used),
        Evidence(
            Message("frameworks.what"),
            None,
            Message("names", names=used),
            Message("frameworks.should_be"),
        ),
    )


@law("weights start different", Severity.SHOULD, lambda c: c.kind is Kind.NETWORK)
def check_starting_weights(answers: Answers) -> Finding:
    """A network does not start with all its weights equal: its hidden units would stay equal."""
    starting = returned(answers.results[0], Message("object"), answers.case).values
    weights = {n: a for n, a in starting.items() if not isinstance(a, Odd) and a.ndim == 2}
    if not weights or any(a.size == 1 or np.ptp(a) != 0 for a in weights.values()):
        return HOLDS
    names = tuple(weights)
    return refuted(
        Message("starting.equal", names=names),
        Evidence(
            Message("names", names=names),
            None,
            Message("starting.is"),
            Message("starting.should_be"),
        ),
    )


@law("gradients are separate arrays", Severity.SHOULD, lambda c: len(c.gradients) > 1)
def check_separate(answers: Answers) -> Finding:
    """No gradient is one array with another or a weight: changing one would change the other."""
    result = returned(answers.results[2], Message("gradients"), answers.case)
    if not result.shared:
        return HOLDS
    one, other = result.shared[0]
    # The other is a gradient, called by its name alone, or a weight, called "W itself".
    key = "shared.gradients" if other in answers.contract.gradients else "shared.weight"
    return refuted(
        Message(key, quantity=gradient(one), other=other),
        Evidence(gradient(one), answers.case, Message("shared.is"), Message("shared.should_be")),
    )
