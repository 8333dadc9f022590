"""`python -m tests.pages.picture` makes the picture of the class page that docs/ shows.

It needs Chromium with its driver, selenium and Pillow. The names in it are made up.
"""

from __future__ import annotations

import base64
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.pages.conftest import device, media, options_of, program_and_driver
from tests.pages.sample_class import sample
from trigrad.grade.views.class_page import class_page
from trigrad.grade.views.marks import marked

PICTURE = Path(__file__).parents[2] / "docs" / "how-to" / "class-page.png"


def main() -> None:
    """Write the picture."""
    run, records = sample(44)
    program, driver = program_and_driver()
    assert program is not None, "on Debian it is the package chromium"
    browser = webdriver.Chrome(options=options_of(program), service=Service(driver))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "class.html"
        page.write_text(class_page(run, [marked(each) for each in records], "chapter 5"), "utf-8")
        device(browser, 1140, 1330)
        browser.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        media(browser)
        browser.get(page.as_uri())
        browser.execute_script("document.querySelector('#mistakes ~ details').open = true")
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    browser.quit()
    image = Image.open(BytesIO(base64.b64decode(shot["data"])))
    image.quantize(200).save(PICTURE, optimize=True)  # a third of the bytes


if __name__ == "__main__":
    main()
