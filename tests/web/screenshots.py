"""Take the README's screenshots of the web page, with the example article and the embedded model:

    python -m tests.web.screenshots

`docs/screen/shown.json` records the text on each of them. `tests/web/test_screenshots.py` fails if the page now shows
something else, if the README shows other pictures, or if they are too large.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Browser, Page

from service.parsing.load import load_parser
from service.settings import Settings
from tests.conftest import ROOT
from tests.web.browsing import chromium, opened, served, visited

FOLDER: Final = ROOT / "docs" / "screen"
RECORD: Final = FOLDER / "shown.json"

NARROW: Final = 800  # at this width the article is below the speakers


class Shot(NamedTuple):
    """A screenshot: its name, and the window."""

    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int


SHOTS: Final = (Shot("light", "light", 1000, 570), Shot("dark", "dark", 1000, 570), Shot("phone", "light", 360, 570))


@contextmanager
def taken(shot: Shot, browser: Browser, address: str) -> Iterator[Page]:
    """Open the page as the screenshot shows it: the example, with the details of a direct quote."""
    with visited(browser, address, width=shot.width, height=shot.height) as page:
        page.emulate_media(color_scheme=shot.scheme)
        page.goto("/")
        page.get_by_role("button", name="Try an example").click()
        page.locator("#article .badge").first.wait_for()
        page.locator("#answer").evaluate("one => one.scrollIntoView()")
        if shot.width < NARROW:
            page.locator("#article p:has(mark.direct)").first.evaluate("one => one.scrollIntoView()")
        page.locator("#article mark.direct").first.hover()
        yield page


def shown_lines(page: Page) -> list[str]:
    """Return the visible text of the page, and of the article the quotes, with their speakers and confidence."""
    lines: list[str] = page.evaluate(
        """() => [
            ...["#status", "aside", "#details"].flatMap((part) => document.querySelector(part).innerText.split("\\n")),
            ...[...document.querySelectorAll("#article .badge")].map((badge) => badge.ariaLabel),
            ...[...document.querySelectorAll("#article mark")].map((mark) => mark.textContent),
        ].map((line) => line.trim()).filter(Boolean)"""
    )
    return lines


def main() -> None:
    """Write all screenshots, and the record of their text, to docs/screen."""
    executable = chromium()
    if executable is None:
        sys.exit("There is no Chromium on the PATH; apt-get install chromium, or name one in PULLQUOTE_CHROMIUM.")
    FOLDER.mkdir(exist_ok=True)
    record = {}
    with opened(executable) as browser, served(load_parser(Settings())) as address:
        for shot in SHOTS:
            with taken(shot, browser, address) as page:
                page.screenshot(path=FOLDER / f"{shot.name}.png")
                record[shot.name] = shown_lines(page)
                print(shot.name, (FOLDER / f"{shot.name}.png").stat().st_size, "bytes")
    RECORD.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
