"""Names of methods: which are a layer's two passes."""

from __future__ import annotations

import pytest

from trigrad.subject.source.passes import Passes, Style, missing_passes, passes_among, side_of


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        ("forward", "backward"),
        ("forward_pass", "backward_pass"),
        ("_forward_propagation", "_backward_propagation"),
        ("forward_propagation", "back_propagation"),
        ("_forward", "_backward"),
        ("fprop", "bprop"),
        ("feed_forward", "backprop"),
        ("foward", "backword"),
        ("Forward", "Backward"),
        ("__call__", "backward"),
    ],
)
def test_two_names_are_the_passes(forward: str, backward: str) -> None:
    assert passes_among(["__init__", backward, "update", forward]) == Passes(forward, backward)


def test_the_plainest_name_comes_first() -> None:
    names = ["__call__", "forward_pass", "_forward", "foward", "forward", "back_prop", "backward"]
    assert passes_among(names) == Passes("forward", "backward")
    assert passes_among(["_forward", "forward_pass", "backward"]) == Passes("_forward", "backward")


def test_a_local_derivative_goes_with_a_call() -> None:
    assert passes_among(["__call__", "gradient"]) == Passes("__call__", "gradient", Style.LOCAL)
    assert passes_among(["predict", "loss", "gradient"]) is None


def test_what_a_base_drives() -> None:
    found = passes_among(["_output", "_input_grad", "_param_grad"])
    assert found == Passes("_output", "_input_grad", Style.HOOKS)


@pytest.mark.parametrize("name", ["reward", "toward", "for_", "update", "backup", "__call__"])
def test_another_method_is_none(name: str) -> None:
    assert side_of(name) == ""


def test_what_is_missing_is_said() -> None:
    assert missing_passes(["fprop"]) == ["backward"]
    assert missing_passes(["__call__", "fit"]) == ["forward", "backward"]
