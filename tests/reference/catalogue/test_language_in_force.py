"""The language in force: who says it, in which order, and that nothing is said too early."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.english import ENGLISH
from trigrad.catalogue.in_force import (
    Speaking,
    UnknownLanguageError,
    in_force,
    language,
    language_in_force,
    language_of_environment,
)
from trigrad.catalogue.languages import LANGUAGES, catalogue_of, primary
from trigrad.messages import Message


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    for tag in ("ja", "zh", "ko"):
        monkeypatch.setitem(LANGUAGES, tag, tag)


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("environment", "tag"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_SG"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "zh_Hans_CN"}, "zh"),
        ({"LANG": "ko_KR.eucKR"}, "ko"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "ko_KR"}, "ko"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "ko_KR", "LC_ALL": "C"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "", "LC_ALL": ""}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_CTYPE": "ko_KR.UTF-8"}, "ja"),
        ({"LC_ALL": "ja_JP.UTF-8", "TRIGRAD_LANG": "en"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "TRIGRAD_LANG": "zh-Hans"}, "zh"),
        ({"LC_ALL": "ko_KR", "TRIGRAD_LANG": ""}, "ko"),
    ],
)
def test_language_that_an_environment_asks_for(environment: dict[str, str], tag: str) -> None:
    assert language_of_environment(environment) == tag


def test_language_that_is_not_offered() -> None:
    with pytest.raises(UnknownLanguageError, match=r"TRIGRAD_LANG is 'xx', should be one of en"):
        language_of_environment({"TRIGRAD_LANG": "xx"})
    with pytest.raises(UnknownLanguageError, match=r"lang is 'xx_YY', should be one of en"):
        language("xx_YY")


def test_the_error_is_in_the_language_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    with pytest.raises(UnknownLanguageError, match=r"TRIGRAD_LANGが'xx'です"):
        language_of_environment({"TRIGRAD_LANG": "xx"})
    with language("ko"), pytest.raises(UnknownLanguageError, match=r"lang이\(가\) 'xx'입니다"):
        language("xx")


@pytest.mark.parametrize("name", ["ja", "JA", "ja-JP", "ja_JP.UTF-8", "ja@old", "ja.UTF-8"])
def test_language_of_a_locale(name: str) -> None:
    assert primary(name) == "ja"


OTHER = Catalogue("xx", ENGLISH.templates)


def test_the_innermost_language_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_force() is catalogue_of("en")
    with Speaking(OTHER):
        assert language_in_force() == "xx"
        with language(None):
            assert language_in_force() == "xx"
        with language("en_GB"):
            assert language_in_force() == "en"
        monkeypatch.setenv("TRIGRAD_LANG", "nowhere")
        assert language_in_force() == "xx"
    with pytest.raises(UnknownLanguageError):
        Message("nothing").text()


def test_a_thread_has_that_of_the_environment() -> None:
    found: list[str] = []
    say: Callable[[], None] = lambda: found.append(language_in_force())  # noqa: E731
    with Speaking(OTHER):
        thread = threading.Thread(target=say)
        thread.start()
        thread.join()
    assert found == ["en"]


@pytest.mark.whole
def test_no_sentence_is_said_while_modules_are_imported() -> None:
    """It would stay in the language of that moment. A language that is not offered shows it."""
    code = """
import importlib, pkgutil, trigrad
for module in pkgutil.walk_packages(trigrad.__path__, "trigrad."):
    if "__main__" not in module.name:
        importlib.import_module(module.name)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TRIGRAD_LANG": "nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
