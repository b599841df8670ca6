"""The sidebar of examples/google-docs, with Google's bridge to Code.gs replaced."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT

pytestmark = pytest.mark.browser

SIDEBAR: Final = ROOT / "examples" / "google-docs" / "Sidebar.html"


@pytest.fixture
def sidebar(browser: Browser) -> Iterator[Page]:
    """The sidebar; `calls` has what it called."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        """globalThis.calls = [];
        const runner = { withSuccessHandler: (done) => ({ withFailureHandler: (failed) => new Proxy({}, {
          get: (_, name) => (...values) => {
            calls.push([name, ...values]);
            const result = globalThis.results[name];
            result instanceof Error ? failed(result) : done(result);
          },
        }) }) };
        globalThis.google = { script: { run: runner } };
        globalThis.results = {
          findQuotes: {
            quotes: [
              { text: "“No.”", speaker: "Ann Cole", negated: false, spans: [{ start: 0, end: 5 }] },
              { text: "<b>it</b> rains", speaker: null, negated: true, spans: [] },
            ],
            sources: [{ name: "Ann Cole", description: null, count: 1 }],
            warnings: ["The text is short."],
          },
        };"""
    )
    page.goto(SIDEBAR.as_uri())
    yield page
    context.close()


def test_the_sidebar_lists_selects_and_inserts(sidebar: Page) -> None:
    sidebar.get_by_role("button", name="Find quotes").click()
    expect(sidebar.get_by_role("status")).to_have_text("2 quotes, 1 sources. The text is short.")
    assert sidebar.get_by_role("heading").all_inner_texts() == ["Ann Cole", "Unknown speaker"]
    expect(sidebar.get_by_role("button", name="Not said: <b>it</b> rains")).to_be_visible()
    sidebar.get_by_role("button", name="“No.”").click()
    sidebar.get_by_role("button", name="Add the list of sources").click()
    calls = sidebar.evaluate("calls")
    assert [call[0] for call in calls] == ["findQuotes", "selectQuote", "insertSources"]
    assert calls[1][1] == [{"start": 0, "end": 5}]


def test_the_sidebar_shows_failures(sidebar: Page) -> None:
    sidebar.evaluate("results.findQuotes = new Error('The request queue is full.')")
    sidebar.get_by_role("button", name="Find quotes").click()
    expect(sidebar.get_by_role("alert")).to_have_text("The request queue is full.")
