"""Messages: a key and values, in the words of a catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path
from typing import ClassVar

import pytest

import trigrad
from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.english import ENGLISH
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.messages import Message

PACKAGE = Path(trigrad.__file__).parent


class Other(NullTranslations):
    """A language without plurals."""

    SAID: ClassVar[dict[str, str]] = {
        "quantity.output": "Y",
        "quantity.gradient": "d{name}",
        "derivative.other": "{quantity}?",
        "overwrites.arguments": "{call}: {count} ({names})",
        "pass.forward": "F",
        "list.more": "{before}/{next}",
        "list.last": "{before}/{last}",
        "fix.meant": "[{name}]",
    }

    def pgettext(self, context: str, *_: str) -> str:
        return self.SAID[context]

    def npgettext(self, context: str, *_: object) -> str:
        return self.SAID[context]


OTHER = Catalogue("xx", ENGLISH.templates, Other())


def test_the_sentence_is_made_where_it_is_shown() -> None:
    message = Message("derivative.other", quantity=gradient("W"))
    assert str(message) == "the gradient of W is not the derivative of forward"
    assert message.text(OTHER) == "dW?"


def test_equal_if_they_say_the_same() -> None:
    one = Message("derivative.other", quantity=gradient("W"))
    assert one == Message("derivative.other", quantity=gradient("W"))
    assert one != Message("derivative.other", quantity=OUTPUT)
    assert len({one, Message("derivative.other", quantity=gradient("W"))}) == 1


@pytest.mark.parametrize(
    ("names", "english", "other"),
    [
        (
            ("x",),
            (
                "forward changes its argument x in place: work on a copy, because other code may "
                "still use it"
            ),
            "F: 1 (x)",
        ),
        (
            ("x", "y"),
            (
                "forward changes its arguments x and y in place: work on copies, because other "
                "code may still use them"
            ),
            "F: 2 (x/y)",
        ),
        (
            ("x", "y", "z"),
            (
                "forward changes its arguments x, y and z in place: work on copies, because other "
                "code may still use them"
            ),
            "F: 3 (x/y/z)",
        ),
    ],
)
def test_plurals_and_lists_are_those_of_the_language(
    names: tuple[str, ...], english: str, other: str
) -> None:
    call = Message("pass.forward")
    message = Message("overwrites.arguments", call=call, names=names, count=len(names))
    assert str(message) == english
    assert message.text(OTHER) == other


def test_values_are_not_read_as_templates() -> None:
    assert str(Message("names", names=("{count}", "{0}"))) == "{count} and {0}"


def test_other_values() -> None:
    message = Message("raised", claim="value", raised="a")
    assert message.having(raised="b", call="c") == Message("raised", claim="value", raised="b")


@pytest.mark.parametrize("values", [{}, {"quantity": "x", "more": 1}])
def test_a_message_needs_the_values_of_its_template(values: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="needs the values"):
        Message("derivative.other", **values)


def test_a_key_that_is_not_in_the_catalogue() -> None:
    with pytest.raises(KeyError):
        Message("no such key")


def texts_of(path: Path) -> Iterator[str]:
    """The string constants of a module, its docstrings too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def beginnings_of(path: Path) -> Iterator[str]:
    """How the keys of messages begin that a module makes from parts: `f"verdict.{verdict}"`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield str(node.values[0].value)


def test_every_sentence_of_the_catalogue_is_used() -> None:
    modules = [p for p in PACKAGE.rglob("*.py") if p.parent.name != "sentences"]
    used = {text for path in modules for text in texts_of(path)}
    parts = tuple(b for path in modules for b in beginnings_of(path) if re.fullmatch(r"\w+\..*", b))
    for page in PACKAGE.rglob("*.html"):
        used |= set(re.findall(r'"([\w.]+)"', page.read_text("utf-8")))
    pages = "".join(text for text in used if "{%" in text)
    used |= set(re.findall(r'say\("([\w.]+)"', pages))
    assert [k for k in ENGLISH.templates if k not in used and not k.startswith(parts)] == []


@pytest.mark.parametrize("key", ENGLISH.templates)
def test_plurals_have_the_forms_of_the_language(key: str) -> None:
    template = ENGLISH.templates[key]
    if not isinstance(template, str):
        assert template.keys() == {"one", "other"}


class Chinese(NullTranslations):
    """A language with a space beside names in Latin letters only."""

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return "错误： {quantity} 不是 forward 的导数"


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("dx", "错误： dx 不是 forward 的导数"),
        ("输出", "错误：输出不是 forward 的导数"),
        ("dx（左）", "错误： dx（左）不是 forward 的导数"),
        ("输出 dx", "错误：输出 dx 不是 forward 的导数"),
        ("# 左 右", "错误： # 左 右不是 forward 的导数"),
    ],
)
def test_chinese_has_no_space_between_its_own_characters(quantity: str, said: str) -> None:
    chinese = Catalogue("zh", ENGLISH.templates, Chinese())
    assert chinese.render("derivative.other", {"quantity": quantity}) == said


def test_a_pattern_finds_the_sentence_in_a_text() -> None:
    pattern = ENGLISH.pattern("fix.meant", name=r"(\w+)")
    text = f"undefined name totl{Message('fix.meant', name='total')} (line 3)"
    assert re.sub(pattern, r"<\1>", text) == "undefined name totl<total> (line 3)"
    assert OTHER.pattern("fix.meant", name=".*") == r"\[.*\]"


def messages_in(path: Path) -> Iterator[tuple[str, set[str]]]:
    """The keys of messages that a module makes, with the names of their values."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        key = node.args[0] if node.args else None
        if node.func.id == "Message" and isinstance(key, ast.Constant):
            yield key.value, {keyword.arg or "" for keyword in node.keywords}


def test_messages_are_in_the_catalogue_with_their_values() -> None:
    made = [pair for path in PACKAGE.rglob("*.py") for pair in messages_in(path)]
    assert len(made) > 100
    for key, values in made:
        assert ENGLISH.values_of(key) == values, key
