"""The plan: which claims a row has, in which order, and what blocks what."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from trigrad.claim.claim import Claim, Severity, Witness
from trigrad.contracts.activations import ACTIVATIONS
from trigrad.contracts.binary import BINARY
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.regression import REGRESSION
from trigrad.contracts.schema import Contract, Kind
from trigrad.trial.plan import plan

every_row = pytest.mark.parametrize("row", CONTRACTS, ids=lambda row: row.name)
ROWS = {row.name: row for row in CONTRACTS}


def names(row: Contract, witness: Witness, severity: Severity | None = None) -> list[str]:
    return [c.name for c in plan(row) if c.witness is witness and severity in (None, c.severity)]


def test_plan_needs_no_subject_and_no_pytorch() -> None:
    """So that pytest collects at once."""
    code = (
        "import sys\n"
        "from trigrad.contracts.registry import CONTRACTS\n"
        "from trigrad.trial.plan import plan\n"
        "assert all(plan(row) for row in CONTRACTS)\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@every_row
def test_plan_of_a_row_is_always_the_same(row: Contract) -> None:
    assert plan(row) is plan(row)
    assert {claim.contract for claim in plan(row)} == {row}


def test_ids_are_unique_within_a_witness() -> None:
    ids = Counter((c.witness, c.id) for row in CONTRACTS for c in plan(row))
    assert max(ids.values()) == 1


def test_id_says_layer_and_claim() -> None:
    assert "Affine: gradient of W" in [c.id for c in plan(ROWS["Affine"])]


@every_row
def test_what_a_claim_needs_comes_before_it(row: Contract) -> None:
    known = {claim.name for other in CONTRACTS for claim in plan(other)}
    here = [claim.name for claim in plan(row)]
    for position, claim in enumerate(plan(row)):
        for need in claim.needs:
            assert need in known, f"{claim.id} needs {need}, which no row has"
            if need in here:
                assert here.index(need) < position, f"{claim.id} comes before {need}"


@every_row
def test_only_laws_block(row: Contract) -> None:
    """A wrong value blocks nothing: what two witnesses say together is the diagnosis."""
    needed = {need for claim in plan(row) for need in claim.needs}
    for need in needed:
        blockers = [claim for claim in plan(row) if claim.name == need]
        # The trial looks a name up among all claims; the first of that name decides.
        assert not blockers or blockers[0].witness is Witness.LAWS
    assert "value" not in needed


@every_row
def test_structure_comes_first_and_capabilities_last(row: Contract) -> None:
    def stage(claim: Claim) -> int:
        if claim.variant is not None:
            return 4
        order = {Witness.AUTOGRAD: 1, Witness.FINITE_DIFFERENCES: 2}
        structural = ("builds", "output shape", "backward runs")
        if claim.name in structural or claim.name.endswith((" present", " shape")):
            return 0
        return order.get(claim.witness, 3)

    stages = [stage(claim) for claim in plan(row)]
    assert stages == sorted(stages)


@every_row
def test_each_gradient_is_looked_at_by_every_witness(row: Contract) -> None:
    for name in row.gradients:
        what = f"gradient of {name}"
        assert what in names(row, Witness.AUTOGRAD, Severity.MUST)
        assert what in names(row, Witness.FINITE_DIFFERENCES, Severity.MUST)
        laws = names(row, Witness.LAWS, Severity.MUST)
        assert {f"{what} present", f"{what} shape"} <= set(laws)


@every_row
def test_what_has_no_backward_has_no_claim_about_one(row: Contract) -> None:
    if not row.differentiates:
        assert not names(row, Witness.FINITE_DIFFERENCES)
        assert not [c.id for c in plan(row) if "gradient" in c.name or "backward" in c.name]


@every_row
def test_each_variant_has_one_claim_that_should_hold(row: Contract) -> None:
    claims = [claim for claim in plan(row) if claim.variant is not None]
    assert [claim.variant for claim in claims] == list(row.readings.variants)
    assert {claim.severity for claim in claims} <= {Severity.SHOULD}


def test_properties_of_a_row_bring_its_laws() -> None:
    """Nothing asks for a layer by its name."""
    laws = {row.name: set(names(row, Witness.LAWS)) for row in CONTRACTS}

    def having(law: str) -> set[str]:
        return {name for name, found in laws.items() if law in found}

    losses = {row.name for row in (*BINARY, *REGRESSION)}
    assert having("db sums dout over axis 0") == {"Affine"}
    assert having("divides by the batch") == {
        "SoftmaxWithLoss",
        "cross_entropy_error",
        *losses,
        "mean_squared_error",
        "TwoLayerNet",
    }
    assert having("rows sum to 1") == {"softmax"}
    assert having("arguments are restored") == {"numerical_gradient"}
    assert having("dout is used") == {"SoftmaxWithLoss"} | losses
    elementwise = {"MulLayer", "AddLayer", *(row.name for row in ACTIVATIONS)}
    assert having("linear in dout") == elementwise | {"Affine", "MatMul"}
    assert having("same when called twice") == set(ROWS)
    assert having("rows are independent") == set(ROWS) - {"numerical_gradient"}
    assert having("weight gradients add up over rows") == {"Affine", "MatMul", "TwoLayerNet"}


def test_row_of_another_name_has_the_same_claims() -> None:
    other = replace(ROWS["Relu"], name="Rectifier")
    described = [(c.name, c.witness, c.severity, c.needs) for c in plan(other)]
    assert described == [(c.name, c.witness, c.severity, c.needs) for c in plan(ROWS["Relu"])]


def test_row_without_a_property_loses_its_laws() -> None:
    lone = ROWS["Affine"].promising(rows=False, added=())
    gone = set(names(ROWS["Affine"], Witness.LAWS)) - set(names(lone, Witness.LAWS))
    assert gone == {
        "db sums dout over axis 0",
        "rows are independent",
        "rows permute",
        "weight gradients add up over rows",
        "backward belongs to the last forward",
    }


def test_functions_are_not_built() -> None:
    for row in CONTRACTS:
        assert ("builds" in names(row, Witness.LAWS)) is (row.kind is not Kind.FUNCTION)
