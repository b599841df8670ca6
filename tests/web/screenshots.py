"""Take the README's screenshots of the web page, with a seed article and the embedded model:

    python -m tests.web.screenshots

`tests/web/test_screenshots.py` fails if the README shows others, or they are too large.
"""

import sys
from typing import Final, Literal, NamedTuple

from service.parsing.load import load_parser
from service.settings import Settings
from tests.conftest import ROOT
from tests.web.browsing import chromium, opened, served, show_seed, visited

FOLDER: Final = ROOT / "docs" / "screen"


NARROW: Final = 800  # at this width the article is below the speakers


class Shot(NamedTuple):
    """A screenshot: its name, and the window."""

    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int


SHOTS: Final = (Shot("light", "light", 1000, 570), Shot("dark", "dark", 1000, 570), Shot("phone", "light", 360, 570))


def main() -> None:
    """Write all screenshots to docs/screen."""
    executable = chromium()
    if executable is None:
        sys.exit("There is no Chromium on the PATH; apt-get install chromium, or name one in PULLQUOTE_CHROMIUM.")
    FOLDER.mkdir(exist_ok=True)
    with opened(executable) as browser, served(load_parser(Settings())) as address:
        for shot in SHOTS:
            with visited(browser, address, width=shot.width, height=shot.height) as page:
                page.emulate_media(color_scheme=shot.scheme)
                show_seed(page)
                page.locator("#article .badge").first.hover()
                first = "#article p:has(.badge) >> nth=0" if shot.width < NARROW else "#answer"
                page.locator(first).evaluate("one => one.scrollIntoView()")
                page.screenshot(path=FOLDER / f"{shot.name}.png")
                print(shot.name, (FOLDER / f"{shot.name}.png").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
