"""A seed article on the web page, with the embedded model: pasted, displayed, filtered."""

import csv
import io
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from service.extraction.report import MIN_CONFIDENCE
from tests.web.browsing import SEEDS, copied, visited

pytestmark = [pytest.mark.browser, pytest.mark.model]

NAME = "000_6aac84fffd315c85.txt"


@pytest.fixture
def page(browser: Browser, real_service: str) -> Iterator[Page]:
    with visited(browser, real_service) as page:
        page.goto("/")
        yield page


def test_pasted_seed_article_can_be_filtered_by_speaker(
    page: Page,
) -> None:
    text = (SEEDS / NAME).read_text(encoding="utf-8")
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.get_by_label("Article", exact=True).focus()
    page.keyboard.press("Control+V")
    with page.expect_response("**/quotes?*") as answer:
        page.get_by_role("button", name="Find quotes").click()
    report = answer.value.json()
    every = report["quotes"]
    quotes = [quote for quote in every if quote["confidence"] >= MIN_CONFIDENCE]
    speakers = [one for one in report["speakers"] if any(quote["speaker"] == one["id"] for quote in quotes)]
    expect(page.get_by_role("status")).to_contain_text(f"{len(quotes)} of {len(every)} quotes shown")
    assert len(every) > len(quotes) > 1 < len(speakers)

    badges = page.locator("#article .badge")
    expect(badges).to_have_count(len(quotes))
    for index, quote in enumerate(quotes):
        badges.nth(index).focus()
        shown = "".join(page.locator("#article .open-content").all_text_contents())
        assert shown == "".join(content["text"] for content in quote["contents"])
        name = next((one["name"] for one in speakers if one["id"] == quote["speaker"]), "Unknown speaker")
        expect(page.locator("#details-title")).to_have_text(name)

    buttons = page.locator("#speakers li:not([hidden]) button")
    for button, speaker in zip(buttons.all(), speakers, strict=False):
        said = [quote for quote in quotes if quote["speaker"] == speaker["id"]]
        expect(button.locator(".name")).to_contain_text(speaker["name"])
        expect(button.locator(".count")).to_contain_text(str(len(said)))

    spoken = [sum(quote["speaker"] == speaker["id"] for quote in quotes) for speaker in speakers]
    most = spoken.index(max(spoken))
    buttons.nth(most).click()
    said = [quote for quote in quotes if quote["speaker"] == speakers[most]["id"]]
    expect(badges).to_have_count(len(said))
    expect(page.get_by_role("status")).to_have_text(f"{len(said)} of {len(every)} quotes shown.")
    assert [button.get_attribute("aria-pressed") for button in buttons.all()].count("true") == 1
    expect(buttons.nth(most)).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Copy as JSON").click()
    expect(page.get_by_role("status")).to_have_text(f"Copied {plural(len(said))} as JSON.")
    assert [quote["text"] for quote in json.loads(copied(page))["quotes"]] == [quote["text"] for quote in said]
    page.get_by_role("button", name="Copy as CSV").click()
    expect(page.get_by_role("status")).to_have_text(f"Copied {plural(len(said))} as CSV.")
    rows = list(csv.DictReader(io.StringIO(copied(page))))
    assert [row["text"] for row in rows] == [quote["text"] for quote in said]
    page.get_by_role("button", name="Show all", exact=True).click()
    expect(badges).to_have_count(len(quotes))


def plural(count: int) -> str:
    return f"{count} quote{'' if count == 1 else 's'}"
