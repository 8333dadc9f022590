"""The gradient check of three digits: what agrees, what is predicted, and what is found wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import numpy as np
import pytest
import torch
from rich.console import Console

from trigrad.cases.case import Case
from trigrad.contracts.schema import Array
from trigrad.contracts.variables import STABILISER
from trigrad.digits.comparing import Comparison, case_of_digits, compare
from trigrad.digits.network import JudgedNetwork, UnjudgedError, contract_of_network
from trigrad.digits.showing import show_comparison
from trigrad.digits.stabiliser import BookTwoLayerNet, loss_with, missing_share
from trigrad.impl import Affine, TwoLayerNet
from trigrad.impl.mnist import SAMPLE, load_mnist
from trigrad.numerics import tolerance
from trigrad.opening import open_subject
from trigrad.sandbox.limits import Limits
from trigrad.subject.face import Build, Forward, Nudge, Raised, Returned
from trigrad.witnesses.twin import answer_of_twin

HIDDEN = 3
"""Few neurons: the book's numerical gradient takes two losses for every weight."""


@pytest.fixture(scope="module")
def case() -> Case:
    (x, t), _ = load_mnist(normalize=False, folder=SAMPLE)
    return case_of_digits(x[:3], t[:3], HIDDEN, 0)


def shown(found: Comparison) -> str:
    console = Console(file=StringIO(), width=400)
    show_comparison(found, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def compared(network: type, case: Case) -> Comparison:
    candidate = open_subject(network, contract="TwoLayerNet").candidates[0]
    return compare(JudgedNetwork(candidate.face, case), lambda _: None)


@pytest.fixture(scope="module")
def found(case: Case) -> Comparison:
    return compared(TwoLayerNet, case)


@pytest.fixture(scope="module")
def found_of_book(case: Case) -> Comparison:
    return compared(BookTwoLayerNet, case)


class TestRight:
    def test_all_ways_agree(self, found: Comparison) -> None:
        assert found.agrees
        assert found.inside == 0

    def test_parameters_and_their_entries(self, found: Comparison) -> None:
        entries = {row.name: row.entries for row in found.rows}
        assert entries == {"W1": 784 * HIDDEN, "b1": HIDDEN, "W2": HIDDEN * 10, "b2": 10}

    def test_what_truncation_and_rounding_leave(self, found: Comparison) -> None:
        for row in found.rows:
            assert row.numerical.mean <= row.numerical.largest < 1e-9
            assert row.predicted.largest == 0
            assert row.autograd.largest <= row.rounding < 1e-10

    def test_every_way_is_timed(self, found: Comparison) -> None:
        assert len(found.seconds) == 4
        assert all(seconds >= 0 for seconds in found.seconds.values())


class TestBookLoss:
    def test_is_seen_and_is_no_mistake(self, found_of_book: Comparison) -> None:
        assert found_of_book.inside == STABILISER
        assert found_of_book.agrees

    def test_numerical_gradients_are_off_by_what_was_predicted(
        self, found_of_book: Comparison
    ) -> None:
        for row in found_of_book.rows:
            assert row.numerical.mean == pytest.approx(row.predicted.mean, rel=0.01)
        b2 = found_of_book.rows[-1]
        assert 1e-7 < b2.numerical.mean < 2e-7

    def test_prediction_is_the_formula_of_the_words(self, case: Case) -> None:
        """The mean over the classes of |mean over the samples of (y - t) 1e-7 / (y_t + 1e-7)|."""
        a = {name: torch.tensor(array) for name, array in case.arrays.items()}
        y = torch.softmax((a["x"] @ a["W1"] + a["b1"]).relu() @ a["W2"] + a["b2"], dim=1)
        target = (y * a["t"]).sum(dim=1, keepdim=True)
        due = ((y - a["t"]) * 1e-7 / (target + 1e-7)).mean(dim=0).abs().mean()
        assert np.abs(missing_share(case, STABILISER)["b2"]).mean() == pytest.approx(
            float(due), rel=1e-9
        )

    def test_prediction_is_the_difference_of_the_two_gradients(self, case: Case) -> None:
        """What autograd finds of the exact loss, and of the book's."""
        exact = answer_of_twin(contract_of_network(), case).gradients
        a = {name: torch.tensor(array) for name, array in case.arrays.items()}
        weights = [a[name].requires_grad_() for name in ("W1", "b1", "W2", "b2")]
        y = torch.softmax((a["x"] @ a["W1"] + a["b1"]).relu() @ a["W2"] + a["b2"], dim=1)
        loss = -torch.log((y * a["t"]).sum(dim=1) + 1e-7).mean()
        assert loss_with(case, STABILISER) == pytest.approx(float(loss.detach()), rel=1e-12)
        for name, gradient in zip(
            ("W1", "b1", "W2", "b2"), torch.autograd.grad(loss, weights), strict=True
        ):
            missing = exact[name] - gradient.numpy()
            np.testing.assert_allclose(
                missing_share(case, STABILISER)[name], missing, atol=1e-15, rtol=1e-6
            )


def _doubled(gradients: dict[str, Array]) -> None:
    gradients["b2"] = gradients["b2"] * 2


def _one_entry(gradients: dict[str, Array]) -> None:
    # A pixel that is white in all three digits has no gradient; this one is in the middle.
    gradients["W1"] = gradients["W1"].copy()
    gradients["W1"][400, 1] += 1e-6


@pytest.mark.parametrize(
    ("spoil", "name"), [(_doubled, "b2"), (_one_entry, "W1")], ids=["doubled", "one entry"]
)
def test_a_wrong_gradient_is_found_by_both(
    case: Case, spoil: Callable[[dict[str, Array]], None], name: str
) -> None:
    class Wrong(TwoLayerNet):
        def gradient(self, x: Any, t: Any) -> dict[str, Array]:
            gradients = super().gradient(x, t)
            spoil(gradients)
            return gradients

    found = compared(Wrong, case)
    assert found.report is not None
    assert set(found.report.patterns) == {name}
    (sentence,) = found.wrong
    assert f"the gradient of {name} differs from PyTorch's" in sentence


def test_a_wrong_loss_is_named_though_its_gradient_fits(case: Case) -> None:
    class Wrong(TwoLayerNet):
        def loss(self, x: Any, t: Any) -> Any:
            return super().loss(x, t) + 1.0

    found = compared(Wrong, case)
    assert found.inside is None
    assert found.report is None
    assert not found.agrees
    (sentence,) = found.wrong  # what the gradients are is right
    assert sentence.startswith("the loss is 3.30")
    assert "the mistake is in the loss" in shown(found)


@pytest.mark.parametrize("network", [TwoLayerNet, BookTwoLayerNet])
def test_what_is_wrong_is_shown_as_the_network_gives_it(
    case: Case, network: type[TwoLayerNet]
) -> None:
    """The 1e-7 in the book's logarithm, which is taken out, is no part of that."""

    class Zeros(network):  # type: ignore[misc,valid-type]
        def gradient(self, x: Any, t: Any) -> dict[str, Array]:
            gradients: dict[str, Array] = super().gradient(x, t)
            gradients["b1"] = np.zeros_like(gradients["b1"])
            return gradients

    found = compared(Zeros, case)
    assert found.report is not None
    assert set(found.report.patterns) == {"b1"}
    assert "all zeros" in shown(found)


def test_of_a_loss_that_is_neither_no_gradient_is_asked_for(case: Case) -> None:
    """Whether 1e-7 is in it cannot be told: its effect is not taken for a mistake."""

    class Doubled(BookTwoLayerNet):
        def predict(self, x: Any) -> Any:
            return 2 * super().predict(x)

    found = compared(Doubled, case)
    assert found.inside is None
    assert len(found.wrong) > 1
    assert "1.000001" not in shown(found)
    assert "rtol" not in shown(found)


@pytest.mark.parametrize(("widened", "words"), [(True, "kept in float32"), (False, "are float32")])
def test_float32_is_undecided(case: Case, widened: bool, words: str) -> None:
    class Narrow(TwoLayerNet):
        def __init__(self, *sizes: int) -> None:
            super().__init__(*sizes, dtype=np.float32)

        def gradient(self, x: Any, t: Any) -> dict[str, Array]:
            found = super().gradient(x if widened else x.astype(np.float32), t)
            return {k: v.astype(np.float64) for k, v in found.items()} if widened else found

    with pytest.raises(UnjudgedError, match=words) as raised:
        compared(Narrow, case)
    assert raised.value.undecided


@pytest.mark.parametrize("inside", [1e-8, 1e-10, 1e-12])
def test_a_smaller_number_inside_the_logarithm_is_right_too(case: Case, inside: float) -> None:
    class Careful(TwoLayerNet):
        def loss(self, x: Any, t: Any) -> Any:
            super().loss(x, t)
            y = self.lastLayer.y
            return -np.mean(np.log(np.sum(y * t, axis=1) + inside))

    found = compared(Careful, case)
    assert found.agrees
    assert found.inside == pytest.approx(inside, rel=1e-2)
    assert f"log(y + {inside:.0e})".replace("e-0", "e-") in shown(found)


def test_a_larger_one_is_not(case: Case) -> None:
    class Careless(TwoLayerNet):
        def loss(self, x: Any, t: Any) -> Any:
            super().loss(x, t)
            return -np.mean(np.log(np.sum(self.lastLayer.y * t, axis=1) + 1e-6))

    found = compared(Careless, case)
    assert found.inside is None
    assert not found.agrees


def test_a_network_that_leaves_out_a_bias_is_no_float32(case: Case) -> None:
    class Biased(TwoLayerNet):
        def predict(self, x: Any) -> Any:
            return super().predict(x) - self.params["b2"]

    assert not compared(Biased, case).agrees


def test_a_slow_gradient_has_the_time_of_one_call(case: Case) -> None:
    class Slow(TwoLayerNet):
        def gradient(self, x: Any, t: Any) -> dict[str, Array]:
            time.sleep(0.02)
            return super().gradient(x, t)

    candidate = open_subject(Slow, contract="TwoLayerNet").candidates[0]
    shares = []
    candidate.face.start_clock = lambda share, *_: shares.append(share)  # type: ignore[method-assign]
    JudgedNetwork(candidate.face, case).gradient()
    assert max(shares) > 10


def test_a_loss_that_is_no_number_is_said(case: Case) -> None:
    class Nowhere(TwoLayerNet):
        def loss(self, x: Any, t: Any) -> Any:
            super().loss(x, t)
            return float("nan")

    assert compared(Nowhere, case).wrong[0].startswith("the loss is nan, should be 2.30")


def test_a_loss_that_is_another_each_time_is_said(case: Case) -> None:
    class Restless(TwoLayerNet):
        calls = 0

        def loss(self, x: Any, t: Any) -> Any:
            Restless.calls += 1
            return super().loss(x, t) + 1e-6 * max(0, Restless.calls - 20)

    with pytest.raises(UnjudgedError, match=r"not deterministic|each time|differ"):
        compared(Restless, case)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"W1": np.zeros((784, 3))}, "there is no gradient of b1"),
        ({"W1": "nothing", "b1": 0, "W2": 0, "b2": 0}, "the gradient of W1 is "),
        ({"W1": np.zeros(3), "b1": 0, "W2": 0, "b2": 0}, "W1 has shape (3,), should be (784, 3)"),
    ],
)
def test_what_cannot_be_compared_is_said(case: Case, given: dict[str, Any], words: str) -> None:
    class Wrong(TwoLayerNet):
        def gradient(self, *_: Any) -> dict[str, Any]:
            return given

    with pytest.raises(UnjudgedError) as found:
        compared(Wrong, case)
    assert words in str(found.value)


def test_what_a_network_raises_is_said_with_its_place(case: Case) -> None:
    class Wrong(TwoLayerNet):
        def loss(self, *_: Any) -> Any:
            raise RuntimeError("not today")

    with pytest.raises(UnjudgedError, match=r"loss raises RuntimeError: not today \(.*line \d+\)"):
        compared(Wrong, case)


def test_rounding_is_above_what_other_orders_of_summing_make(case: Case) -> None:
    exact = answer_of_twin(contract_of_network(), case).gradients
    net = TwoLayerNet(784, HIDDEN, 10)
    for name, array in case.parameters.items():
        net.params[name][...] = array
    order = np.random.default_rng(0).permutation(784)
    net.layers["Affine1"] = Affine(net.params["W1"][order], net.params["b1"])
    found = net.gradient(case.operands["x"][:, order], case.operands["t"])
    back = np.empty_like(found["W1"])
    back[order] = found["W1"]
    bounds = tolerance.network_roundoff(case)
    for name, gradient in exact.items():
        off = np.abs((back if name == "W1" else found[name]) - gradient)
        assert off.max() <= bounds[name] < 1e-10
    assert bounds["output"] < 1e-10


class TestNudge:
    SIZES = {"N": 2, "I": 3, "H": 2, "O": 2}  # noqa: RUF012
    CASE = Case(
        SIZES,
        {"x": np.arange(6.0).reshape(2, 3) / 4, "t": np.eye(2)},
        {
            "W1": np.linspace(-1, 1, 6).reshape(3, 2),
            "b1": np.array([0.25, -0.5]),
            "W2": np.linspace(1, -1, 4).reshape(2, 2),
            "b2": np.zeros(2),
        },
    )
    COMMANDS = (
        Build(CASE.parameters, SIZES),
        Nudge("W2", CASE.operands, 1e-4),
        Forward(CASE.operands),
    )

    def test_losses_are_those_of_networks_with_other_weights(self) -> None:
        face = open_subject(TwoLayerNet, contract="TwoLayerNet").candidates[0].face
        built, nudged, after = face.run(self.COMMANDS)
        assert isinstance(built, Returned)
        assert isinstance(nudged, Returned)
        assert isinstance(after, Returned)
        losses = np.asarray(nudged.values["output"])
        assert losses.shape == (2, 2, 2)
        moved = self.CASE.parameters["W2"].copy()
        moved[1, 0] -= 1e-4
        commands = [Build({**self.CASE.parameters, "W2": moved}, self.SIZES), self.COMMANDS[2]]
        alone = face.run(commands)[1]
        assert isinstance(alone, Returned)
        assert losses[1, 1, 0] == alone.values["output"]

    def test_weights_are_as_they_were_afterwards(self) -> None:
        face = open_subject(TwoLayerNet, contract="TwoLayerNet").candidates[0].face
        before = face.run([self.COMMANDS[0], self.COMMANDS[2]])[1]
        after = face.run(self.COMMANDS)[2]
        assert isinstance(before, Returned)
        assert isinstance(after, Returned)
        assert before.values["output"] == after.values["output"]

    def test_the_sandbox_gives_the_same(self) -> None:
        here = open_subject(TwoLayerNet, contract="TwoLayerNet").candidates[0].face
        subject = open_subject("trigrad.impl", limits=Limits())
        (there,) = (c.face for c in subject.candidates if c.contract.name == "TwoLayerNet")
        one, other = here.run(self.COMMANDS)[1], there.run(self.COMMANDS)[1]
        there.close()
        assert isinstance(one, Returned)
        assert isinstance(other, Returned)
        np.testing.assert_array_equal(
            np.asarray(one.values["output"]), np.asarray(other.values["output"])
        )

    def test_only_networks_have_weights_in_their_places(self) -> None:
        face = open_subject(Affine).candidates[0].face
        given = {"W": np.eye(2), "b": np.zeros(2)}
        raised = face.run([Build(given), Nudge("W", {"x": np.eye(2)}, 1e-4)])[1]
        assert isinstance(raised, Raised)
        assert "only the weights of a network" in raised.unjudged
