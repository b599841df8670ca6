"""A browser and a service for the tests of the web page and its screenshots."""

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
_PATIENCE_MS: Final = 20_000  # the machine can be busy


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


def chromium() -> str | None:
    """Return the path of Chromium: PULLQUOTE_CHROMIUM, or from the PATH. Playwright's own would need a download."""
    named = os.environ.get("PULLQUOTE_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _CHROMIUMS)), None)


@contextmanager
def opened(executable: str) -> Iterator[Browser]:
    """Open a headless browser."""
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=executable) as browser:
        yield browser


@contextmanager
def served(parser: Parser, settings: Settings | None = None) -> Iterator[str]:
    """Run the service with `parser` on a free port; yields its address."""
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
    """Open a page of the service in a window of that size. Fails on page errors and policy violations."""
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
    """Submit a seed article on the page, wait for its quotes, and return its text."""
    text = (SEEDS / name).read_text(encoding="utf-8")
    page.goto("/")
    page.get_by_label("Article", exact=True).fill(text)
    page.get_by_role("button", name="Find quotes").click()
    page.locator("#article .badge").first.wait_for()
    return text
