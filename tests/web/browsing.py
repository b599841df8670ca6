"""A browser and a service for the tests of the web page and its screenshots."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Thread
from typing import Any, Final

from flask import Flask, Response, request
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from service.app import create_app, make_ready
from service.parsing.parser import Parser
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE, FakeParser

SEEDS: Final = ROOT / "tests" / "golden" / "seeds"
_CHROMIUMS: Final = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_MS: Final = 120_000  # the machine can be busy


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # a page keeps its connections

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


def _cached(response: Response) -> Response:
    """Let the browser load scripts and style sheets once, not for each test."""
    if request.path.startswith(("/web/", "/docs/")):
        response.headers["Cache-Control"] = "max-age=3600"
    return response


@contextmanager
def served(parser: Parser, settings: Settings | None = None) -> Iterator[str]:
    """Run the service with `parser` on a free port; yields its address."""
    app = create_app(settings or Settings(arithmetic="float32"), parser)  # which is known without importing torch
    make_ready(app)
    app.after_request(_cached)
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
    with visited_until(browser, address, width, height) as (page, faults):
        yield page
    check_no_fault(faults)


@contextmanager
def visited_until(
    browser: Browser, address: str, width: int = 1100, height: int = 800
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page; yields it with the list to which its errors and policy violations are added."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
    context.set_default_timeout(_PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    try:
        yield page, faults
    finally:
        context.close()


def check_no_fault(faults: list[str]) -> None:
    """Fail on page errors and policy violations; a response with an error status is none."""
    assert not [fault for fault in faults if not fault.startswith("Failed to load resource")], faults


def show_seed(page: Page, name: str = "000_6aac84fffd315c85.txt") -> str:
    """Submit a seed article on the page, wait for its quotes, and return its text."""
    text = (SEEDS / name).read_text(encoding="utf-8")
    page.goto("/")
    page.get_by_label("Article", exact=True).fill(text)
    page.get_by_role("button", name="Find quotes").click()
    page.locator("#article .badge").first.wait_for()
    return text


def send(page: Page, text: str) -> None:
    page.get_by_label("Article", exact=True).fill(text)
    page.get_by_role("button", name="Find quotes").click()


def answered(text: str, *, accept: str = "application/json", **options: str) -> str:
    """Return the service's response to `text` over HTTP."""
    sent = {"data": text, "content_type": "text/plain; charset=utf-8", "headers": {"Accept": accept}}
    return _fake_app().test_client().post("/quotes", query_string=options, **sent).text


@cache
def _fake_app() -> Flask:
    app = create_app(Settings(arithmetic="float32"), FakeParser())
    make_ready(app)
    return app


def copied(page: Page) -> str:
    """Return what a person would paste: the page itself cannot read the clipboard."""
    box = page.get_by_label("Article", exact=True)
    box.fill("")
    box.press("ControlOrMeta+V")
    return box.input_value()


def badges(page: Page) -> Any:
    return page.locator("#article .badge")


def shown_text(page: Page) -> str:
    """Return the displayed article without the quotes' numbers."""
    text: str = page.locator("#article").evaluate(
        """article => {
            const copy = article.cloneNode(true);
            for (const badge of copy.querySelectorAll("button")) badge.remove();
            return [...copy.children].map(paragraph => paragraph.textContent).join("\\n\\n");
        }"""
    )
    return text


def answering(page: Page, answer: Callable[[Route], None]) -> None:
    """Replace the service's response."""
    page.route("**/quotes?*", answer)


def report(text: str, quotes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a response with these quotes of `text`, each given by its words and unusual fields."""
    document: dict[str, Any] = json.loads(answered(ARTICLE, explain="true"))
    like = document["quotes"][0] | {"cue": None, "mention": None, "marks": [], "addressee": None, "via": None}

    def quote(index: int, fields: dict[str, Any]) -> dict[str, Any]:
        start = text.index(fields["text"])
        span = {"start": start, "end": start + len(fields["text"]), "text": fields["text"]}
        made: dict[str, Any] = like | {"id": f"q{index + 1}", "contents": [span], "kind": "direct"} | fields
        return made

    return {**document, "quotes": [quote(index, fields) for index, fields in enumerate(quotes)]}
