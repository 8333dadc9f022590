"""The language of declarations: what is understood, and what is refused and where."""

from __future__ import annotations

import pytest

from trigrad.contracts.declaration import (
    AXES,
    Declaration,
    DeclarationError,
    Field,
    contract_of,
    declared,
)
from trigrad.contracts.schema import Domain, Kind


def shapes(text: str) -> dict[str, tuple[str, ...]]:
    return {v.name: v.shape for v in declared(text).variables}


def test_letters_are_sizes_and_numbers_are_fixed() -> None:
    assert shapes("x: N C H W; W: F C 3 3; b: F") == {
        "x": ("N", "C", "H", "W"),
        "W": ("F", "C", "3", "3"),
        "b": ("F",),
    }


def test_an_array_may_have_no_axes() -> None:
    assert shapes("x: N D; alpha:") == {"x": ("N", "D"), "alpha": ()}


def test_brackets_and_commas_may_stand_around_sizes() -> None:
    assert shapes("x: (N, D); W: (D,M)") == {"x": ("N", "D"), "W": ("D", "M")}


def test_several_names_share_their_sizes() -> None:
    assert shapes("x, y: N D; h,c : N H") == {
        "x": ("N", "D"),
        "y": ("N", "D"),
        "h": ("N", "H"),
        "c": ("N", "H"),
    }


def test_an_axis_may_be_a_product_of_sizes() -> None:
    (variable, weight) = declared("x: N C H W; weight: C*H*W M").variables
    assert weight.shape == ("C*H*W", "M")
    row = contract_of(declared("x: N C H W; weight: C*H*W M"), "Flat", Kind.LAYER, ["weight"])
    assert row.symbols == ("N", "C", "H", "W", "M")
    assert variable.name == "x"


@pytest.mark.parametrize(
    ("kind", "domain", "has_gradient"),
    [
        ("", Domain.REAL, True),
        ("real", Domain.REAL, True),
        ("unit", Domain.CHANCE, True),
        ("prob", Domain.PROBABILITY, True),
        ("positive", Domain.POSITIVE, True),
        ("binary", Domain.BIT, False),
        ("onehot", Domain.ONE_HOT, False),
        ("fixed", Domain.REAL, False),
        ("fixed positive", Domain.POSITIVE, False),
        ("fixed prob", Domain.PROBABILITY, False),
    ],
)
def test_a_kind_stands_before_the_sizes(kind: str, domain: Domain, has_gradient: bool) -> None:
    found = declared(f"z: N C; t: {kind} N C")
    assert found.variables[1].domain is domain
    assert found.variables[1].shape == ("N", "C")
    assert ("t" not in found.fixed) is has_gradient


@pytest.mark.parametrize(
    ("text", "classes", "shape"),
    [("labels<C N", "C", ("N",)), ("labels<5 2 3", "5", ("2", "3")), ("labels<C", "C", ())],
)
def test_labels_are_below_a_size_or_a_number(
    text: str, classes: str, shape: tuple[str, ...]
) -> None:
    found = declared(f"x: N C; t: {text}").variables[1]
    assert (found.domain, found.classes, found.shape) == (Domain.LABEL, classes, shape)


def test_a_size_may_be_called_as_a_kind_is_where_it_comes_later() -> None:
    assert shapes("x: N real") == {"x": ("N", "real")}


def test_expressions_are_kept_as_they_are_written() -> None:
    found = declared(
        "x: N D; W: D M; build: Dense(W, act='a; b: c'); "
        "forward: layer.run([x, {'k': 1}]); backward: layer.grad(dout)[0]; returns: out[1]"
    )
    assert found.names == ("x", "W")
    assert found.expression(Field.BUILD) == "Dense(W, act='a; b: c')"
    assert found.expression(Field.FORWARD) == "layer.run([x, {'k': 1}])"
    assert found.expression(Field.BACKWARD) == "layer.grad(dout)[0]"
    assert found.expression(Field.RETURNS) == "out[1]"
    assert found.names_in(Field.BUILD) == {"W"}
    assert found.names_in(Field.FORWARD) == {"x"}
    assert declared("x: N").expression(Field.BUILD) == ""


def test_a_declaration_may_have_several_lines() -> None:
    assert declared("x: N D;\n    W: D M;\n build: A(W)").text == "x: N D; W: D M; build: A(W)"


def test_empty_fields_are_skipped() -> None:
    assert shapes(";; x: N D ;; W: D M;") == {"x": ("N", "D"), "W": ("D", "M")}


def caret(text: str) -> tuple[str, str]:
    """The first line of the message, and what stands at its caret."""
    with pytest.raises(DeclarationError) as found:
        declared(text)
    why, shown, below = str(found.value).split("\n")
    assert shown == f"    {text}"
    return why, shown[below.index("^") :]


@pytest.mark.parametrize(
    ("text", "why", "at"),
    [
        ("x: N D; y N D", "there is no : after the name", "y N D"),
        ("x: N D; 2y: N D", "'2y' cannot be the name of an array", "2y: N D"),
        ("x: N D; : N D", "'' cannot be the name of an array", ": N D"),
        ("x: N D; dout: N D", "'dout' cannot be the name of an array", "dout: N D"),
        ("x: N D; layer: N D", "'layer' cannot be the name of an array", "layer: N D"),
        ("x: N D; x: D", "x is declared twice", "x: D"),
        ("", "it declares no array", ""),
        ("build: A(1)", "it declares no array", "build: A(1)"),
        ("t: binary N; y: labels<3 N", "none of these arrays has a gradient", "t: binary"),
        ("x: N D; build: A(1))", "this is not an expression", ")"),
        ("x: N D; build: A((1, 2)", "a bracket or a quotation mark is not closed", "build: A("),
        ("x: N D; build: A('1)", "a bracket or a quotation mark is not closed", "build: A('"),
        ("x: N D; build: A(1 +)", "this is not an expression", ")"),
        ("x: N D; build:", "this is not an expression", ""),
        ("x: N D; build: x = 1", "this is not an expression", "= 1"),
        ("x: N D?", "'D?' is neither a letter nor a number", "D?"),
        ("x: N 0", "'0' is neither a letter nor a number", "0"),
        ("x: N -1", "'-1' is neither a letter nor a number", "-1"),
        ("x: N 1000", "'1000' is neither a letter nor a number", "1000"),
        ("x: N D; y: N labels<C", "'labels<C' is neither a letter nor a number", "labels<C"),
        ("x: A B C D E F G H", f"an array has at most {AXES} axes", "G H"),
        ("x: N D; t: onehot", "onehot needs a last size of 2 or more", "onehot"),
        ("p: prob; x: N", "prob needs a last size of 2 or more", "prob; x: N"),
        ("x: N D; t: labels<K N", "no array has the size K", "<K N"),
    ],
)
def test_what_is_wrong_is_said_with_a_caret(text: str, why: str, at: str) -> None:
    words, found = caret(text)
    assert words.startswith(why)
    assert found.startswith(at)


def test_a_very_deep_expression_is_refused() -> None:
    words, _ = caret("x: N D; build: " + "(" * 500 + "x" + ")" * 500)
    assert words.startswith("this is not an expression")


def row(text: str, *parameters: str) -> dict[str, tuple[str, ...]]:
    """The shapes of the row that a declaration makes, operands before parameters."""
    made = contract_of(declared(text), "Mine", Kind.LAYER, parameters)
    return {v.name: v.shape for v in made.variables}


def test_the_first_axis_of_the_first_operand_is_the_batch() -> None:
    assert row("W: V D; idx: labels<V B", "W") == {"idx": ("N",), "W": ("V", "D")}
    assert row("x: B B*D") == {"x": ("N", "N*D")}


def test_another_size_that_is_called_n_keeps_its_name() -> None:
    assert row("x: B N") == {"x": ("B", "N")}
    assert row("x: 3 D") == {"x": ("3", "D")}


def test_labels_follow_the_name_of_their_size() -> None:
    made = contract_of(declared("z: C; t: labels<C"), "Mine", Kind.LAYER, [])
    assert made.variable("t").classes == "N"


def test_what_has_no_gradient_is_none_of_the_gradients() -> None:
    found: Declaration = declared("W: V D; idx: labels<V N; x: fixed N; y: N")
    made = contract_of(found, "Mine", Kind.LAYER, ["W"])
    assert made.gradients == ("W", "y")
    assert [v.name for v in made.operands] == ["idx", "x", "y"]
    assert (made.twin, made.output) == (None, None)


def test_a_group_is_what_a_function_takes() -> None:
    text = "X: fixed N D; params: {W1: D H, b1, b2: H; W2: H H}; forward: f(X, params)"
    declaration = declared(text)
    assert declaration.names == ("X", "W1", "b1", "b2", "W2")
    arrays = dict(zip(declaration.names, range(5), strict=True))
    assert declaration.folded(arrays) == {
        "X": 0,
        "params": {"W1": 1, "b1": 2, "b2": 3, "W2": 4},
    }
    assert declaration.names_in(Field.FORWARD) == set(declaration.names)


def test_groups_may_be_lists_and_in_each_other() -> None:
    text = "layers: [(W1: D H; b1: H); (W2: H K; b2: K)]; sizes: (a: N; c:)"
    declaration = declared(text)
    arrays = {name: name for name in declaration.names}
    assert declaration.grouped(arrays) == {
        "layers": [("W1", "b1"), ("W2", "b2")],
        "sizes": ("a", "c"),
    }
    assert declaration.groups["layers"].keys_to("b2") == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "W: {W: D H}",
        "layer: {W: D H}",
        "p: {W1: D H; W1: D H}",
        "p: {W1: D H; D H}",
        "p: {W-1: D H}",
        "p: {W1: D H",
    ],
)
def test_a_wrong_group_is_refused(text: str) -> None:
    with pytest.raises(DeclarationError):
        declared(text)


def test_a_size_that_an_expression_uses_keeps_its_name() -> None:
    declaration = declared("x: D 1; W: H D; build: Net([D, H])")
    assert contract_of(declaration, "Net", Kind.LAYER, ["W"]).symbols == ("D", "H")


@pytest.mark.parametrize(
    ("text", "large"),
    [("x: N 784; W: 784 100", True), ("x: N 784; W: 784 M", False), ("x: N D; W: D M", False)],
)
def test_arrays_with_too_many_numbers_are_not_drawn(text: str, large: bool) -> None:
    assert declared(text).is_too_large == large
