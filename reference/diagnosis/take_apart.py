"""Take a network apart whose gradients are wrong: the layers in it, and the joints between them.

Each layer is judged on the inputs, weights and upstream gradient that it met in the network itself;
and what it was given is compared with the gradient of its output, which the same two witnesses find
for the network as a whole. From the loss backwards, the first that is wrong is the mistake: what
comes after it may be wrong because of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trigrad.cases.case import Case
from trigrad.claim.claim import Witness
from trigrad.contracts.schema import Contract, Domain
from trigrad.diagnosis.apart import Fault, LayerInside, State, TakenApart
from trigrad.diagnosis.joints import (
    all_given,
    is_handed_on,
    left_out,
    wrong_joint,
    wrongly_collected,
)
from trigrad.diagnosis.layer_words import own_code, short
from trigrad.diagnosis.met_network import MetNetwork
from trigrad.diagnosis.wrong_layers import raising_layers, stale_layers, wrong_layers
from trigrad.messages import Message
from trigrad.subject.face import Dissect, Face, Raised
from trigrad.subject.met import NOT_CALLED, Met, unpacked
from trigrad.trial.judgement import Judgement

FEWEST = 2
"""What has fewer layers in it is no network."""

SLOPES = Witness.FINITE_DIFFERENCES
"""They ask about the network's own forward: a case that they refute comes first."""

SMALLER = 0.25
"""By what real weights are multiplied: they are then at most 1, as those of networks are."""


def take_apart(
    contract: Contract,
    face: Face,
    judgements: Sequence[Judgement],
    lines: Mapping[str, tuple[int, int]],
) -> TakenApart | None:
    """Which layer or joint is wrong, on a case on which a gradient is; None if it has no layers."""
    found: TakenApart | None = None
    try:
        for case in _cases(contract, judgements):
            told = _taken_apart(contract, face, case, lines)
            if told is None:
                break
            found = found or told
            if told.faults:
                return told
    finally:
        if face.over:
            face.revive()  # the layer itself is judged on
    return found


def _cases(contract: Contract, judgements: Sequence[Judgement]) -> Iterator[Case]:
    """The smallest case that refutes a gradient, first with smaller weights and then as it is.

    With large weights a softmax gives nearly 0 or 1, and the mistake of a layer is hidden by what a
    tiny constant in a logarithm changes.
    """
    refuted = [
        ((j.claim.about is None, j.claim.witness is not SLOPES), case.entries, case)
        for j in judgements
        if j.fails and (evidence := j.finding.evidence) is not None
        if evidence.raised is None or not evidence.raised.ended
        if (case := evidence.case if j.claim.about is not None else evidence.base) is not None
        if j.claim.about is None or j.claim.about.gradient_of or evidence.raised is not None
    ]
    if not refuted:
        return
    *_, case = min(refuted, key=lambda each: each[:2])
    if contract.declaration:
        real = [v.name for v in contract.parameters if v.domain is Domain.REAL]
        if real:
            yield case.with_values(**{name: SMALLER * case.arrays[name] for name in real})
    yield case


def _taken_apart(
    contract: Contract,
    face: Face,
    case: Case,
    lines: Mapping[str, tuple[int, int]],
) -> TakenApart | None:
    dissect = Dissect(case.parameters, case.operands, case.sizes, case.dout)
    result = face.run([dissect])[0]
    if isinstance(result, Raised):
        return None
    try:
        met = [unpacked(note) for note in result.notes]
    except ValueError:
        return None  # sent by something else than our own code
    network = MetNetwork(contract, face, dissect, case, result, met)
    if len({m.layer for m in met if m.leaf}) < FEWEST:
        return None
    return _told(network, lines)


def _told(network: MetNetwork, lines: Mapping[str, tuple[int, int]]) -> TakenApart:
    """The mistakes, and what is known of the others."""
    faults = [*wrong_layers(network), *stale_layers(network)]
    joint = wrong_joint(network)
    faults += [joint] if joint else []
    for search in (raising_layers, left_out, wrongly_collected):
        if not faults:
            faults += search(network)
    layers = _layers(network)
    unknown = [m for m in network.leaves if network.state(m) is State.UNDECIDED]
    if not faults and not unknown and _only_own_code(network):
        return TakenApart(layers, (Fault(own_code(len(network.numbers), lines)),))
    if any(fault.sentence.key == "apart.left_out" for fault in faults):
        unknown = [m for m in unknown if m.back != NOT_CALLED]  # that is said
    return TakenApart(layers, tuple(faults), _rest(network, faults, unknown))


def _only_own_code(network: MetNetwork) -> bool:
    """Whether all that is in a network is right, and a gradient of its own is not."""
    states = {network.local(m).state for m in network.met}
    return states == {State.RIGHT} and bool(network.wrong) and all_given(network)


def _rest(network: MetNetwork, faults: Sequence[Fault], unknown: Sequence[Met]) -> Message | None:
    if unknown:
        reasons: dict[str, list[Met]] = {}
        for met in unknown:
            reasons.setdefault(str(network.why(met)), []).append(met)
        listed = tuple(
            Message("apart.why", places=tuple(short(network, m) for m in several), why=why)
            for why, several in reasons.items()
        )
        return Message("apart.not_judged", reasons=listed)
    if not faults:
        return None
    joined = all(is_handed_on(network, m) for m in network.backwards if m.leaf)
    return Message("apart.rest_right" if joined else "apart.others_right")


def _layers(network: MetNetwork) -> tuple[LayerInside, ...]:
    found = []
    for met in network.leaves:
        wrong = [n for m in network.calls_of(met) for n in network.local(m).wrong]
        state = network.state(met)
        why = network.why(met) if state is State.UNDECIDED else ""
        name = met.name or met.cls
        found.append(LayerInside(name, met.cls, met.where, state, tuple(dict.fromkeys(wrong)), why))
    return tuple(found)
