"""A browser, and a service for it to visit, for the tests of the screen and its screenshots."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from service.app import create_app, make_ready
from service.parsing.parser import Parser
from service.settings import Settings
from tests.conftest import ROOT

SEEDS: Final = ROOT / "tests" / "golden" / "seeds"
_CHROMIUMS: Final = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_MS: Final = 20_000  # the machine may be busy


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


def chromium() -> str | None:
    """Where a Chromium is: PULLQUOTE_CHROMIUM says, or it is on the PATH. Playwright's own would be a download."""
    named = os.environ.get("PULLQUOTE_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _CHROMIUMS)), None)


@contextmanager
def opened(executable: str) -> Iterator[Browser]:
    """The browser, without a window."""
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=executable) as browser:
        yield browser


@contextmanager
def served(parser: Parser, settings: Settings | None = None) -> Iterator[str]:
    """The service with `parser`, on a port of its own; its address."""
    app = create_app(settings or Settings(), parser)
    make_ready(app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def visited(browser: Browser, address: str, *, width: int = 1100, height: int = 800) -> Iterator[Page]:
    """A page of the service at `address`, in a window of that size; fails where the page fails or breaks its policy."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
    context.set_default_timeout(_PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    try:
        yield page
    finally:
        context.close()
    assert not [fault for fault in faults if not fault.startswith("Failed to load resource")], faults


def show_seed(page: Page, name: str = "000_6aac84fffd315c85.txt") -> str:
    """Send a seed article from the screen and wait for its quotes; the article's text."""
    text = (SEEDS / name).read_text(encoding="utf-8")
    page.goto("/")
    page.get_by_label("Article", exact=True).fill(text)
    page.get_by_role("button", name="Find quotes").click()
    page.locator("#article .badge").first.wait_for()
    return text
