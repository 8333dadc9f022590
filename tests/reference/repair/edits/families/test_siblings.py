"""Lines of a network that others suggest: what one edit took away, one edit gives back."""

from __future__ import annotations

import ast

import pytest

from trigrad.repair.edits.edit import applied
from trigrad.repair.edits.neighbourhood import neighbourhood
from trigrad.repair.edits.normal_form import simplified
from trigrad.subject.source.parsing import parse

KNOWN = frozenset({"np", "OrderedDict", "Affine", "Relu", "Sigmoid", "SoftmaxWithLoss"})

NETWORK = """\
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {}
        self.params['W1'] = weight_init_std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = weight_init_std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)
        self.layers = OrderedDict()
        self.layers['Affine1'] = Affine(self.params['W1'], self.params['b1'])
        self.layers['Relu1'] = Relu()
        self.layers['Affine2'] = Affine(self.params['W2'], self.params['b2'])
        self.lastLayer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.lastLayer.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = 1
        dout = self.lastLayer.backward(dout)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        return {'W1': self.layers['Affine1'].dW, 'b1': self.layers['Affine1'].db}
"""

IN_BRACES = """\
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {
            "W1": np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }
"""

EARLY = 200
"""Edits that are tried within a second."""

TAKEN_AWAY = [
    ("        self.params['b1'] = np.zeros(hidden_size)\n", ""),
    ("        self.params['b2'] = np.zeros(output_size)\n", ""),
    ("        self.layers['Affine1'] = Affine(self.params['W1'], self.params['b1'])\n", ""),
    ("        self.layers['Affine2'] = Affine(self.params['W2'], self.params['b2'])\n", ""),
    ("        self.layers['Relu1'] = Relu()\n", ""),
    ("np.zeros(output_size)", "output_size"),
    ("weight_init_std * np.random.randn(input_size, hidden_size)", "weight_init_std"),
    ("np.random.randn(hidden_size, output_size)", "np.random"),
    ("Affine(self.params['W2'], self.params['b2'])", "self.params['W2']"),
    ("            x = layer.forward(x)\n", "            x = layer\n"),
    ("            dout = layer.backward(dout)\n", "            dout = layer\n"),
    ("        dout = self.lastLayer.backward(dout)\n", ""),
    ("        self.params = {}\n", ""),
    ("        self.layers = OrderedDict()\n", ""),
    ("        self.lastLayer = SoftmaxWithLoss()\n", ""),
    ("        for layer in self.layers.values():\n            x = layer.forward(x)\n", ""),
]


def place(text: str, wrong: str) -> int | None:
    """How many edits of a wrong text come before one that makes the right text of it, if any."""
    right = _inner(text)
    for number, edit in enumerate(neighbourhood(wrong, _class(wrong), KNOWN)):
        if _inner(applied(wrong, [edit])) == right:
            return number
    return None


def _class(text: str) -> ast.ClassDef:
    (node,) = parse(text).body
    assert isinstance(node, ast.ClassDef)
    return node


def _inner(text: str) -> str:
    """The text's normal form; in which order the entries of a dictionary were set plays no part."""
    node = _class(text)
    for function in ast.walk(node):
        if isinstance(function, ast.FunctionDef) and function.name == "__init__":
            params = [s for s in function.body if "params[" in ast.unparse(s).split("=")[0]]
            others = [s for s in function.body if s not in params]
            function.body = [*sorted(params, key=ast.unparse), *others]
    for braces in ast.walk(node):
        if isinstance(braces, ast.Dict):
            order = sorted(range(len(braces.keys)), key=lambda i: ast.dump(braces.values[i]))
            braces.keys = [braces.keys[i] for i in order]
            braces.values = [braces.values[i] for i in order]
    return simplified(node)


@pytest.mark.parametrize(("was", "wrong"), TAKEN_AWAY)
def test_what_siblings_suggest_is_among_the_likely_edits(was: str, wrong: str) -> None:
    assert NETWORK.count(was) == 1
    found = place(NETWORK, NETWORK.replace(was, wrong))
    assert found is not None
    assert found < EARLY


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ('            "W2": np.random.randn(hidden_size, output_size),\n', ""),
        ("np.random.randn(input_size, hidden_size)", "input_size"),
    ],
)
def test_entries_between_braces_have_siblings_too(was: str, wrong: str) -> None:
    found = place(IN_BRACES, IN_BRACES.replace(was, wrong))
    assert found is not None
    assert found < EARLY


def test_an_entry_that_is_changed_in_place_is_there() -> None:
    wrong = NETWORK.replace("self.params['b1'] = np", "self.params['b1'] += np")
    added = [e for e in neighbourhood(wrong, _class(wrong), KNOWN) if e.kind == "entry added"]
    assert not any("'b1'" in e.replacement.split("=")[0] for e in added)


def test_a_network_in_which_nothing_is_missing_gets_no_entry_of_its_own_numbers() -> None:
    added = [e for e in neighbourhood(NETWORK, _class(NETWORK), KNOWN) if e.kind == "entry added"]
    keys = {e.replacement.split("[")[1].split("]")[0] for e in added}
    assert not keys & {"'W1'", "'b1'", "'W2'", "'b2'", "'Affine1'", "'Affine2'", "'Relu1'"}


def test_statements_are_moved_back_from_wherever_they_went() -> None:
    lines = NETWORK.splitlines(keepends=True)
    (source,) = (i for i, line in enumerate(lines) if "'Relu1'] = Relu()" in line)
    moved = lines.pop(source)
    lines.insert(source + 1, moved)  # behind Affine2
    found = place(NETWORK, "".join(lines))
    assert found is not None
    assert found < EARLY


BACKWARDS = """\
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
"""


@pytest.mark.parametrize(
    ("made", "gone_through"),
    [
        ("", "reversed(list(self.layers.values()))"),
        ("layers = list(self.layers.values())\n        layers.reverse()", "layers"),
        ("layers = list(self.layers.values())", "reversed(layers)"),
    ],
)
def test_the_loop_that_goes_back_is_put_in(made: str, gone_through: str) -> None:
    lines = f"        {made}\n" if made else ""
    wrong = NETWORK.replace(BACKWARDS, lines)
    loop = BACKWARDS.replace("reversed(self.layers.values())", gone_through)
    found = place(NETWORK.replace(BACKWARDS, lines + loop), wrong)
    assert found is not None
    assert found < EARLY


def test_a_list_of_layers_is_gone_through_too() -> None:
    text = """\
class Net:
    def __init__(self, W, b):
        self.layers = [Affine(W, b), Relu()]

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x
"""
    loop = "        for layer in self.layers:\n            x = layer.forward(x)\n"
    found = place(text, text.replace(loop, ""))
    assert found is not None
    assert found < EARLY


def test_no_loop_is_put_in_where_there_is_one_or_nothing_to_go_through() -> None:
    plain = "class A:\n    def forward(self, x):\n        return x\n"
    for text in (NETWORK, plain):
        kinds = {edit.kind for edit in neighbourhood(text, _class(text), KNOWN)}
        assert "loop added" not in kinds


def test_an_entry_stands_where_it_stands_among_its_siblings() -> None:
    """b1 behind W1, as b2 behind W2: not in front of W1."""
    was = "        self.params['b1'] = np.zeros(hidden_size)\n"
    wrong = NETWORK.replace(was, "")
    added = [e for e in neighbourhood(wrong, _class(wrong), KNOWN) if e.kind == "entry added"]
    first = min((e for e in added if e.replacement.strip() == was.strip()), key=lambda e: e.cost)
    assert applied(wrong, [first]) == NETWORK


def test_an_activation_too_many_goes_before_another_is_called_by_its_name() -> None:
    """Renamed, the first would be overwritten by the second, which then stands in its place."""
    last = "        self.layers['Affine2'] = Affine(self.params['W2'], self.params['b2'])\n"
    wrong = NETWORK.replace(last, f"{last}        self.layers['Relu2'] = Relu()\n")
    renamed = wrong.replace("['Relu1'] = Relu()", "['Relu2'] = Relu()")
    removed, instead = place(NETWORK, wrong), place(renamed, wrong)
    assert removed is not None
    assert removed < EARLY
    assert instead is None or removed < instead
