"""The API reference at `/docs`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.api.contract_client import document
from tests.web.browsing import visited

pytestmark = pytest.mark.browser


@pytest.fixture
def requests() -> list[Request]:
    return []


@pytest.fixture
def page(browser: Browser, service: str, requests: list[Request]) -> Iterator[Page]:
    with visited(browser, service) as page:
        page.on("request", lambda request: requests.append(request))
        page.goto("/docs")
        yield page


def test_reference_shows_and_tries_every_operation(page: Page, service: str, requests: list[Request]) -> None:
    operations = {(path, method) for path, item in document()["paths"].items() for method in item}
    expect(page.locator(".opblock")).to_have_count(len(operations))
    page.locator("#operations-operations-getHealth").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    assert all(request.url.startswith((service, "data:image/")) for request in requests)
