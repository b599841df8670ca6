"""The API reference at `/docs`."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.api.contract_client import document
from tests.web.conftest import ReusedPage

pytestmark = pytest.mark.browser


@pytest.fixture
def requests() -> list[Request]:
    return []


@pytest.fixture
def page(reused_page: ReusedPage, requests: list[Request]) -> Iterator[Page]:
    def note(request: Request) -> None:
        requests.append(request)

    with reused_page.visited("/healthz") as page:
        page.on("request", note)
        page.goto("/docs")
        yield page
        page.remove_listener("request", note)


def test_reference_shows_and_tries_every_operation(page: Page, service: str, requests: list[Request]) -> None:
    operations = {(path, method) for path, item in document()["paths"].items() for method in item}
    expect(page.locator(".opblock")).to_have_count(len(operations))
    page.locator("#operations-operations-getHealth").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    assert all(request.url.startswith((service, "data:image/")) for request in requests)


def opened_operation(page: Page, operation: str) -> Locator:
    """Unfold an operation and press "Try it out"."""
    block = page.locator(f"#operations-quotes-{operation}")
    block.get_by_role("button").first.click()
    block.get_by_role("button", name="Try it out").click()
    return block


def test_batch_can_be_tried(page: Page) -> None:
    block = opened_operation(page, "postBatch")
    lines = block.locator("textarea").first.input_value().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b", "c"]
    with page.expect_response("**/quotes/batch") as response:
        block.get_by_role("button", name="Execute").click()
    assert [json.loads(line)["article"]["id"] for line in response.value.text().splitlines()[::2]] == ["a", "c"]
    body = block.locator(".live-responses-table .response-col_description").last
    expect(body).to_contain_text("that the bridge will reopen in May")
    expect(body).not_to_contain_text("can't parse JSON")


def test_no_parameter_is_prefilled(page: Page) -> None:
    block = opened_operation(page, "postQuotes")
    parameters = block.locator(".parameters-container")
    fields = parameters.locator("input, select").evaluate_all("fields => fields.map(field => field.value)")
    assert len(fields) > 10
    assert set(fields) == {""}
    expect(parameters).to_contain_text("Default: 0.4.")
    with page.expect_response("**/quotes*") as response:
        block.get_by_role("button", name="Execute").click()
    assert response.value.url.endswith("/quotes")
    assert "if-none-match" not in response.value.request.headers


def test_reference_follows_the_colour_scheme(page: Page) -> None:
    expect(page.locator(".opblock").first).to_be_visible()
    background = "getComputedStyle(document.documentElement).backgroundColor"
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_class("dark-mode")
    assert page.evaluate(background) == "rgb(28, 32, 34)"
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).not_to_have_class("dark-mode")


def test_reference_leads_back_to_the_web_interface(page: Page) -> None:
    page.get_by_role("link", name="Pullquote’s web interface").click()
    expect(page.get_by_role("button", name="Find quotes")).to_be_visible()
