"""A seed article on the web page, with the embedded model: pasted, displayed, filtered."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browsing import SEEDS, visited

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
    quotes, speakers = report["quotes"], report["speakers"]
    expect(page.get_by_role("status")).to_have_text(f"{len(quotes)} quotes found.")
    assert len(quotes) > 1 < len(speakers)

    badges = page.locator("#article .badge")
    expect(badges).to_have_count(len(quotes))
    for index, quote in enumerate(quotes):
        badges.nth(index).focus()
        shown = "".join(page.locator("#article .open-content").all_text_contents())
        assert shown == "".join(content["text"] for content in quote["contents"])
        name = next((one["name"] for one in speakers if one["id"] == quote["speaker"]), "Unknown speaker")
        expect(page.locator("#details-title")).to_have_text(name)

    buttons = page.locator("#speakers button")
    for button, speaker in zip(buttons.all(), speakers, strict=False):
        expect(button.locator(".name")).to_contain_text(speaker["name"])
        expect(button.locator(".count")).to_contain_text(str(len(speaker["quotes"])))

    most = max(range(len(speakers)), key=lambda index: len(speakers[index]["quotes"]))
    buttons.nth(most).click()
    said = [quote for quote in quotes if quote["speaker"] == speakers[most]["id"]]
    expect(badges).to_have_count(len(said))
    expect(page.get_by_role("status")).to_have_text(f"{len(said)} of {len(quotes)} quotes shown.")
    assert [button.get_attribute("aria-pressed") for button in buttons.all()].count("true") == 1
    expect(buttons.nth(most)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Show all").click()
    expect(badges).to_have_count(len(quotes))
