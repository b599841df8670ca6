"""A page of another origin calls the service from Chromium, where `PULLQUOTE_ORIGINS` lets it."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from service.server.callers import new_key
from service.settings import Settings
from tests.doubles import FakeParser
from tests.web.browsing import served

pytestmark = pytest.mark.browser

# Calls the service as a page's own script does, and reports what the script can see.
CALL = """async ([url, options]) => {
  try {
    const response = await fetch(url, { method: "POST", ...options });
    const parts = [];
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) parts.push(part);
    return { status: response.status, text: parts.join(""), headers: Object.fromEntries(response.headers) };
  } catch (error) {
    return { failed: String(error) };
  }
}"""
JSON = {"Content-Type": "application/json"}


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A newsroom's page</title>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The origin of a page that is not the service's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Blank)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()


@pytest.fixture
def call(browser: Browser, origin: str) -> Iterator[Callable[..., Any]]:
    """Calls an address of the service from that page: status, text and headers, or how the browser failed."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(origin)

    def called(url: str, body: str, **options: Any) -> Any:
        return page.evaluate(CALL, [url, {"body": body, "headers": JSON, **options}])

    yield called
    context.close()


LINE = '{"text": "“We lost a winter,” she said."}\n'
SENT = '{"text": "“We lost a winter,” she said.\\n\\n“We lost a winter,” she said."}'


@pytest.mark.parametrize("named", ["this one", "*"])
def test_named_origin_reads_responses_and_headers(call: Callable[..., Any], origin: str, named: str) -> None:
    origins = (origin, "https://news.example") if named == "this one" else ("*",)
    with served(FakeParser(), Settings(origins=origins)) as address:
        answer = call(f"{address}/quotes", SENT)
        assert answer["status"] == 200
        assert "We lost a winter" in answer["text"]
        assert answer["headers"]["x-request-id"]
        assert answer["headers"]["etag"].startswith('W/"'), "its weak tag shows that the answer came in gzip"
        problem = call(f"{address}/quotes", "{}")
        assert (problem["status"], "/text" in problem["text"]) == (422, True)
        batch = call(f"{address}/quotes/batch", LINE * 3, headers={"Content-Type": "application/x-ndjson"})
        assert (batch["status"], batch["text"].count("\n")) == (200, 3)


def test_other_origin_reads_nothing(call: Callable[..., Any]) -> None:
    for origins in ((), ("https://news.example",)):
        with served(FakeParser(), Settings(origins=origins)) as address:
            assert call(f"{address}/quotes", SENT) == {"failed": "TypeError: Failed to fetch"}
            # A simple request, which needs no preflight: it arrives, and its answer is kept from the page.
            plain = call(f"{address}/quotes", "No comment.", headers={"Content-Type": "text/plain"})
            assert plain == {"failed": "TypeError: Failed to fetch"}


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_key_works_in_either_header_across_origins(
    call: Callable[..., Any], origin: str, tmp_path: Path, header: str
) -> None:
    secret, key = new_key("page")
    (tmp_path / "keys").write_text(key.line)
    form = "Bearer {}" if header == "Authorization" else "{}"
    with served(FakeParser(), Settings(origins=(origin,), keys_file=tmp_path / "keys")) as address:
        let_in = call(f"{address}/quotes", SENT, headers=JSON | {header: form.format(secret)})
        assert let_in["status"] == 200
        refused = call(f"{address}/quotes", SENT, headers=JSON | {header: form.format("pq_wrong")})
        assert (refused["status"], "API key" in refused["text"]) == (401, True)
        assert "invalid_token" in refused["headers"]["www-authenticate"]
        assert call(f"{address}/quotes", SENT)["status"] == 401


def test_page_cannot_call_with_credentials(call: Callable[..., Any], origin: str) -> None:
    with served(FakeParser(), Settings(origins=(origin,))) as address:
        failed = call(f"{address}/quotes", SENT, credentials="include")
        assert failed == {"failed": "TypeError: Failed to fetch"}
