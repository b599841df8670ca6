"""`<pullquote-article>` on a newsroom's page: a saved report, or an article that the service reads."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE, FakeParser
from tests.web.browsing import answered, served

pytestmark = pytest.mark.browser

COMPONENT: Final = ROOT / "clients" / "web" / "pullquote-article.js"
TEXT: Final = f"🌉 The town waits.\n\n{ARTICLE}"
PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Bridge</title>
<script type="module" src="pullquote-article.js"></script><main><h1>Bridge</h1>{element}</main></html>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Site:
    """A newsroom's site: files in a folder, and a page with one element."""

    def __init__(self, folder: Path, address: str, page: Page) -> None:
        self.folder, self.address, self.page = folder, address, page

    def show(self, attributes: str, **files: str) -> Any:
        """Open a page with the element; `files` are written first, by their names with `_` for the dot."""
        for name, content in files.items():
            (self.folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
        element = f"<pullquote-article {attributes}><p>The article as it was printed.</p></pullquote-article>"
        (self.folder / "index.html").write_text(PAGE.format(element=element), encoding="utf-8")
        self.page.goto(f"{self.address}/index.html")
        return self.page.locator("pullquote-article")


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    (tmp_path / COMPONENT.name).write_bytes(COMPONENT.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    context = browser.new_context()
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Site(tmp_path, f"http://127.0.0.1:{server.server_address[1]}", page)
    context.close()
    server.shutdown()
    thread.join()
    assert faults == []


def marked(element: Any) -> list[str]:
    expect(element.locator("mark").first).to_be_visible()
    texts: list[str] = element.locator("mark").all_inner_texts()
    return texts


def test_a_saved_report_is_shown_with_its_sources(site: Site) -> None:
    element = site.show('src="bridge.json" text="bridge.txt"', bridge_json=answered(TEXT), bridge_txt=TEXT)
    assert marked(element) == ["that the bridge will reopen in May", "“We lost a winter,”"]
    expect(element.get_by_role("complementary")).to_contain_text("1. Ruth Alder, Mayor (2)")
    expect(element.locator("mark").first).to_have_attribute("title", "Ruth Alder")
    expect(element.get_by_text("🌉 The town waits.")).to_be_visible()
    expect(element.get_by_text("as it was printed")).to_be_hidden()
    assert Axe().run(site.page).violations_count == 0


def test_offsets_in_utf16_are_recognized(site: Site) -> None:
    report = answered(TEXT, offsets="utf16")
    assert marked(site.show('src="b.json" text="b.txt"', b_json=report, b_txt=TEXT))[1] == "“We lost a winter,”"


def test_a_speaker_s_quotes_are_emphasized_by_a_click(site: Site) -> None:
    element = site.show('src="b.json" text="b.txt"', b_json=answered(TEXT), b_txt=TEXT)
    element.get_by_role("button", name="Ruth Alder, Mayor").click()
    expect(element.locator("mark.chosen")).to_have_count(2)
    element.get_by_role("button", name="Quote of Ruth Alder").first.click()
    expect(element.locator("mark.chosen")).to_have_count(0)


def test_the_minimum_confidence_can_change(site: Site) -> None:
    element = site.show('src="b.json" text="b.txt"', b_json=answered(TEXT), b_txt=TEXT)
    assert len(marked(element)) == 2
    element.evaluate("element => element.setAttribute('min-confidence', '0.95')")
    expect(element.locator("mark")).to_have_count(1)


@pytest.mark.parametrize(("name", "content"), [("a_txt", ARTICLE), ("a_html", "")])
def test_the_service_reads_an_article(site: Site, name: str, content: str) -> None:
    reported, lost = ARTICLE.split("\n\n")
    page = f"<html lang=en><title>Bridge</title><article><p>{reported}</p><p>{lost}</p></article></html>"
    with served(FakeParser(), Settings(origins=(site.address,))) as service:
        element = site.show(f'src="{name.replace("_", ".")}" service="{service}"', **{name: content or page})
        assert marked(element)[1] == "“We lost a winter,”"
        assert element.evaluate("element => element.report.speakers[0].name") == "Ruth Alder"


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("", "The attribute src is missing."),
        ('src="none.json"', "HTTP status 404"),
        ('src="b.json"', "The report has no text"),
        ('src="b.json" text="other.txt"', "The report is for another text."),
        ('src="other.txt"', "The attribute service is missing"),
    ],
)
def test_content_of_the_element_stays_if_a_report_cannot_be_shown(site: Site, attributes: str, reason: str) -> None:
    element = site.show(attributes, b_json=answered(TEXT), other_txt="Another article.")
    expect(element.get_by_role("status")).to_contain_text(reason)
    expect(site.page.get_by_text("The article as it was printed.")).to_be_visible()


def test_markup_in_an_article_stays_text(site: Site) -> None:
    text = "<img src=x onerror=alert(1)> said so."
    report = json.loads(answered(ARTICLE))
    span = {"start": 0, "end": 28, "text": text[:28]}
    quote = report["quotes"][0] | {"contents": [span], "speaker": None}
    report |= {"article": {"length": len(text)}, "quotes": [quote], "speakers": []}
    element = site.show('src="b.json" text="b.txt"', b_json=json.dumps(report), b_txt=text)
    assert marked(element) == [text[:28]]
    assert element.locator("img").count() == 0


def test_events_report_success_and_failure(site: Site) -> None:
    element = site.show('src="b.json" text="b.txt"', b_json=answered(TEXT), b_txt=TEXT)
    marked(element)
    script = """element => new Promise(resolve => {
        document.addEventListener("pullquote-error", event => resolve(event.detail.message), { once: true });
        element.setAttribute("src", "none.json");
    })"""
    assert "404" in element.evaluate(script)
    script = """element => new Promise(resolve => {
        const told = event => resolve(event.detail.report.quotes.length);
        document.addEventListener("pullquote-ready", told, { once: true });
        element.setAttribute("src", "b.json");
    })"""
    assert element.evaluate(script) == 2
