"""The sidebar for Google Docs: Code.gs in Node, with stand-ins for Google's objects.

tests/web/test_google_docs_sidebar.py opens the sidebar in Chromium.
"""

import json
import shutil
import subprocess
from typing import Any, Final

import pytest

from tests.conftest import ROOT
from tests.doubles import LOST, TOLD
from tests.waiting import PATIENCE
from tests.web.browsing import answered

FOLDER: Final = ROOT / "examples" / "google-docs"
PARAGRAPHS: Final = ["🌉 The town waits.", TOLD, LOST]
_GOOGLE: Final = """
const given = JSON.parse(process.argv[1]);
const fetched = [], selected = [], added = [], menus = [];
const listed = given.paragraphs.map((text) => ({ getText: () => text, editAsText: () => text }));
const range = { addElement: (element, start, end) => selected.push([element, start, end]), build: () => "range" };
const body = {
  getParagraphs: () => listed,
  appendParagraph: (text) => (added.push(text), { setHeading: () => {} }),
  appendListItem: (text) => (added.push(text), { setGlyphType: () => {} }),
};
const menu = { addItem: (label, name) => (menus.push(name), menu), addToUi: () => {} };
const document = { getBody: () => body, newRange: () => range, setSelection: (value) => selected.push(value) };
globalThis.DocumentApp = {
  getActiveDocument: () => document, getUi: () => ({ createMenu: () => menu }), GlyphType: {}, ParagraphHeading: {},
};
const properties = { getProperty: (name) => given.properties[name] ?? null };
globalThis.PropertiesService = { getScriptProperties: () => properties };
globalThis.UrlFetchApp = { fetch: (address, request) => {
  fetched.push([address, request]);
  return { getResponseCode: () => given.status, getContentText: () => given.body };
} };
"""
_RUN: Final = """
onOpen();
let result, problem;
try {
  result = { findQuotes, selectQuote, insertSources }[given.call](given.value);
} catch (error) {
  problem = error.message;
}
console.log(JSON.stringify({ result, problem, fetched, selected, added, menus }));
"""


def called(call: str, value: Any = None, **given: Any) -> Any:
    """What a function of Code.gs returns and does in a document with PARAGRAPHS."""
    if shutil.which("node") is None:
        pytest.skip("no node on the PATH")
    service = {"PULLQUOTE_SERVICE": "https://quotes.example/", "PULLQUOTE_KEY": "secret"}
    body = answered("\n".join(PARAGRAPHS), offsets="utf16")
    sent = {"call": call, "value": value, "paragraphs": PARAGRAPHS, "properties": service, "status": 200, "body": body}
    script = _GOOGLE + (FOLDER / "Code.gs").read_text(encoding="utf-8") + _RUN
    command = ["node", "--eval", script, json.dumps(sent | given)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_quotes_are_found_with_the_service_s_key() -> None:
    done = called("findQuotes")
    ((address, request),) = done["fetched"]
    assert (address, request["headers"]) == ("https://quotes.example/quotes", {"Authorization": "Bearer secret"})
    assert json.loads(request["payload"])["text"] == "\n".join(PARAGRAPHS)
    assert [quote["speaker"] for quote in done["result"]["quotes"]] == ["Ruth Alder", "Ruth Alder"]
    assert done["result"]["sources"] == [{"name": "Ruth Alder", "description": "Mayor", "count": 2}]
    assert done["menus"] == ["showSidebar"]


def test_a_quote_is_selected_in_its_paragraph() -> None:
    quotes = called("findQuotes")["result"]["quotes"]
    (element, start, end), built = called("selectQuote", quotes[1]["spans"])["selected"]
    assert (element, element[start : end + 1], built) == (LOST, "“We lost a winter,”", "range")


def test_a_quote_over_two_paragraphs_is_selected_in_both() -> None:
    text = f"waits.\n{TOLD[:5]}"
    start = "\n".join(PARAGRAPHS).index(text) + 1  # the emoji is two units
    spans = [{"start": start, "end": start + len(text), "text": text}]
    first, second, _ = called("selectQuote", spans)["selected"]
    assert (first[0], second) == (PARAGRAPHS[0], [TOLD, 0, 4])


def test_changed_document_selects_nothing() -> None:
    done = called("selectQuote", [{"start": 0, "end": 3, "text": "old"}])
    assert (done["problem"], done["selected"]) == ("The document has changed. Find the quotes again.", [])


def test_sources_are_appended_as_a_list() -> None:
    sources = [{"name": "Ann", "description": "mayor", "count": 2}, {"name": "Bo", "description": None, "count": 1}]
    assert called("insertSources", sources)["added"] == ["Sources", "Ann, mayor (2)", "Bo (1)"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"properties": {}}, "Set the script property PULLQUOTE_SERVICE"),
        ({"status": 503, "body": '{"detail": "The request queue is full."}'}, "The request queue is full."),
        ({"status": 502, "body": "<h1>"}, "HTTP status 502"),
    ],
)
def test_failures_are_reported_in_words(given: dict[str, Any], problem: str) -> None:
    assert problem in called("findQuotes", **given)["problem"]


def test_script_requests_only_the_scopes_it_needs() -> None:
    scopes = json.loads((FOLDER / "appsscript.json").read_text(encoding="utf-8"))["oauthScopes"]
    assert [scope.rpartition("/")[2] for scope in scopes] == [
        "documents.currentonly",
        "script.container.ui",
        "script.external_request",
    ]
