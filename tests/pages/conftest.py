"""Chromium without a window, for the tests of pages.

They are skipped where there is none. `TRIGRAD_PAGES=required`, as `.ci/run` has it, makes them fail
there instead. With `TRIGRAD_PAGES_ARTEFACTS=FOLDER`, what was shown is kept there as pictures, and
what was printed as PDF.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.pages.sample_class import sample
from trigrad.grade.views import write


def _without(why: str) -> NoReturn:
    if os.environ.get("TRIGRAD_PAGES") == "required":
        pytest.fail(f"the tests of pages are required, but {why}", pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser that keeps a log of its requests and of its console."""
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    except ImportError:
        _without("selenium is not installed: tox -e pages installs it")
    program, driver = program_and_driver()
    if not program or not driver:
        _without("there is no Chromium with its driver: on Debian chromium and chromium-driver")
    chromium = webdriver.Chrome(options=options_of(program), service=Service(driver))
    yield chromium
    chromium.quit()


def program_and_driver() -> tuple[str | None, str | None]:
    """Where Chromium is, and what drives it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None), shutil.which("chromedriver")


def options_of(program: str) -> Any:
    """Without a window, and with logs."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = program
    # Without a sandbox of its own, which root has not; what it shows is ours.
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return options


@pytest.fixture
def seen(browser: Any) -> Any:
    """The browser at 1280 pixels, light, with scripts, and its logs empty."""
    device(browser, 1280)
    media(browser)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.get("about:blank")
    for log in ("performance", "browser"):
        browser.get_log(log)
    return browser


def device(browser: Any, width: int, height: int = 900) -> None:
    """Give the browser a window of this size."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def media(browser: Any, scheme: str = "light", kind: str = "") -> None:
    """Have it prefer light or dark, or show what is to be printed."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": features})


A4 = {"paperWidth": 210 / 25.4, "paperHeight": 297 / 25.4, "preferCSSPageSize": True}


def printed(browser: Any, name: str) -> bytes:
    """What it prints on A4, as PDF."""
    found = browser.execute_cdp_cmd("Page.printToPDF", {**A4, "printBackground": True})
    pdf = base64.b64decode(found["data"])
    _keep(f"{name}.pdf", pdf)
    return pdf


def keep_picture(browser: Any, name: str) -> None:
    """Keep what it shows, the whole page, if a folder for that is given."""
    if os.environ.get(ARTEFACTS):
        options = {"format": "png", "captureBeyondViewport": True}
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", options)
        _keep(f"{name}.png", base64.b64decode(shot["data"]))


ARTEFACTS = "TRIGRAD_PAGES_ARTEFACTS"


def _keep(name: str, content: bytes) -> None:
    if folder := os.environ.get(ARTEFACTS):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_bytes(content)


def requests(browser: Any) -> list[str]:
    """What it has asked for since the log was read last."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [event for event in events if event["method"] == "Network.requestWillBeSent"]
    return [event["params"]["request"]["url"] for event in sent]


@pytest.fixture(scope="session")
def views(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The views of a class of 80."""
    folder = tmp_path_factory.mktemp("ch05") / "graded"
    write(*sample(80), folder)
    return folder
