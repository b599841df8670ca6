"""The web page of a service that requires API keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from service.server.callers import new_key
from service.settings import Settings
from tests.doubles import ARTICLE, FakeParser
from tests.web.browsing import served, visited
from tests.web.test_accessibility import check

pytestmark = pytest.mark.browser


class Guarded(NamedTuple):
    page: Page
    key: str


@pytest.fixture
def guarded(browser: Browser, tmp_path: Path) -> Iterator[Guarded]:
    secret, key = new_key("newsdesk")
    (tmp_path / "keys").write_text(key.line)
    settings = Settings(keys_file=tmp_path / "keys")
    with served(FakeParser(), settings) as address, visited(browser, address) as page:
        page.goto("/")
        yield Guarded(page, secret)


def send(page: Page) -> None:
    page.get_by_label("Article", exact=True).fill(ARTICLE)
    page.get_by_role("button", name="Find quotes").click()


def give(page: Page, key: str) -> None:
    page.get_by_label("API key", exact=True).fill(key)
    page.get_by_role("button", name="Use this key").click()


def test_key_is_requested_and_kept_across_reloads(guarded: Guarded) -> None:
    page, key = guarded
    send(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("API key required")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    check(page)
    give(page, "pq_wrong")
    expect(dialog.get_by_role("alert")).to_contain_text("Unknown API key")
    give(page, key)
    expect(page.locator("#article .badge")).to_have_count(2)
    expect(dialog).to_be_hidden()
    page.reload()
    send(page)
    expect(page.locator("#article .badge")).to_have_count(2)
    page.get_by_role("button", name="Copy as CSV").click()
    expect(page.get_by_role("status")).to_contain_text("Copied")


def test_key_stays_in_the_tab_and_goes_only_to_the_service(guarded: Guarded) -> None:
    page, key = guarded
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    send(page)
    give(page, key)
    expect(page.locator("#article .badge")).to_have_count(2)
    assert page.evaluate("[localStorage.length, document.cookie, location.href.includes('pq_')]") == [0, "", False]
    assert page.locator("#key-value").input_value() == ""
    assert key not in page.content()
    assert not [request.url for request in requests if key in request.url]
    with page.context.expect_page() as other:
        page.evaluate("open('/', '_blank', 'noopener')")
    assert other.value.evaluate("sessionStorage.length") == 0


def test_cancelled_key_dialog_shows_the_error_and_can_be_retried(guarded: Guarded) -> None:
    page, key = guarded
    send(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="API key needed")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    give(page, key)
    expect(page.locator("#article .badge")).to_have_count(2)


def test_invalid_key_is_not_sent(guarded: Guarded) -> None:
    page, _ = guarded
    send(page)
    give(page, "“key”")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.locator("#key-value:invalid").count() == 1


def test_no_key_dialog_without_key_authentication(page: Page) -> None:
    send(page)
    expect(page.locator("#article .badge")).to_have_count(2)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0
