"""Choosing quotes by confidence and speaker, in the article and in the list; on a phone, on paper, by a link."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from service.extraction.report import MIN_CONFIDENCE
from tests.doubles import ARTICLE
from tests.web.browsing import answering, badges, report, send
from tests.web.conftest import ReusedPage

pytestmark = pytest.mark.browser

FILLER = "\n\n".join(["The bridge is old and it is closed to traffic this winter."] * 20)
TEXT = f"{FILLER}\n\nAA\n\n{FILLER}\n\nBB\n\n{FILLER}\n\nCC\n\n{FILLER}\n\nDD\n\n{FILLER}"
QUOTES: list[dict[str, Any]] = [
    {"text": "AA", "speaker": "s1", "confidence": 0.97},
    {"text": "BB", "speaker": "s2", "confidence": 0.6},
    {"text": "CC", "speaker": "s2", "confidence": 0.9},
    {"text": "DD", "speaker": None, "confidence": 0.2},
]


def answer() -> dict[str, Any]:
    document = report(TEXT, QUOTES)
    speaker = document["speakers"][0]
    return document | {
        "speakers": [
            speaker | {"id": "s1", "name": "Ann Cole", "description": None},
            speaker | {"id": "s2", "name": "Bo Dean", "description": "baker"},
        ]
    }


def show(page: Page) -> None:
    answering(page, lambda route: route.fulfill(json=answer()))
    send(page, TEXT)
    badges(page).first.wait_for()


@pytest.fixture
def shown(page: Page) -> Page:
    show(page)
    return page


@pytest.fixture
def phone(reused_page: ReusedPage) -> Iterator[Page]:
    with reused_page.visited(width=360, height=640) as page:
        yield page


def texts(page: Page) -> list[str]:
    return page.locator("#article mark").all_text_contents()


def bottom_of_the_quote(page: Page) -> float:
    return float(page.locator("#article .open-content").evaluate("one => one.getBoundingClientRect().bottom"))


def top_of_the_details(page: Page) -> float:
    return float(page.locator("#details").evaluate("one => one.getBoundingClientRect().top"))


# --- by confidence


def test_the_slider_begins_at_the_services_default(page: Page) -> None:
    expect(page.get_by_label("Minimum confidence")).to_have_value(str(MIN_CONFIDENCE))


def test_quotes_below_the_default_are_counted_and_can_be_shown(shown: Page) -> None:
    status = shown.get_by_role("status")
    expect(status).to_have_text("3 of 4 quotes shown; the others are less certain.")
    shown.get_by_label("Minimum confidence").fill("0")
    expect(status).to_have_text("4 quotes found.")
    assert texts(shown) == ["AA", "BB", "CC", "DD"]


@pytest.mark.parametrize(
    ("least", "left"),
    [("0", 4), ("0.2", 4), ("0.25", 3), ("0.6", 3), ("0.65", 2), ("0.9", 2), ("0.95", 1), ("1", 0)],
)
def test_slider_works_over_its_whole_range(shown: Page, least: str, left: int) -> None:
    shown.get_by_label("Minimum confidence").fill(least)
    expect(badges(shown)).to_have_count(left)
    counts = shown.locator("#speakers li:not([hidden]) .count").all_text_contents()
    assert sum(int(count.split()[0]) for count in counts) == left


# --- by speaker, one after the other


def test_choosing_a_speaker_scrolls_to_the_first_quote_and_opens_it(shown: Page) -> None:
    expect(shown.locator("#article mark", has_text="BB")).not_to_be_in_viewport()
    shown.get_by_role("button", name="Bo Dean baker").click()
    assert texts(shown) == ["BB", "CC"]
    expect(shown.locator("#article mark", has_text="BB")).to_be_in_viewport()
    details = shown.get_by_role("region", name="Bo Dean")
    expect(details).to_contain_text("Quote 1 of 2")
    details.get_by_role("button", name="Next").click()
    expect(details).to_contain_text("Quote 2 of 2")
    expect(details.locator("[aria-live]")).to_have_text("Quote 2 of 2, Bo Dean: CC")
    expect(shown.locator("#article mark", has_text="CC")).to_be_in_viewport()
    expect(shown.locator("#article .open-content")).to_have_text("CC")
    details.get_by_role("button", name="Previous").click()
    expect(shown.locator("#article .open-content")).to_have_text("BB")
    details.get_by_role("button", name="Previous").click()
    expect(shown.locator("#article .open-content")).to_have_text("CC")


def test_the_open_quote_is_not_hidden_after_its_details(shown: Page) -> None:
    shown.get_by_role("button", name="Bo Dean baker").click()
    for _ in range(2):
        assert bottom_of_the_quote(shown) <= top_of_the_details(shown)
        shown.get_by_role("button", name="Next").click()


def test_list_by_speaker_groups_the_quotes_shown(shown: Page) -> None:
    shown.get_by_role("button", name="By speaker").click()
    expect(shown.locator("#article")).to_be_hidden()
    groups = shown.get_by_role("region", name="The quotes by speaker")
    expect(groups.get_by_role("heading", level=3)).to_have_text(["1 Ann Cole", "2 Bo Dean baker"])
    expect(groups.locator("mark")).to_have_text(["AA", "BB", "CC"])
    shown.get_by_label("Minimum confidence").fill("0.95")
    expect(groups.locator("mark")).to_have_text(["AA"])
    shown.get_by_label("Minimum confidence").fill("0")
    expect(groups.get_by_role("heading", level=3)).to_have_text(["1 Ann Cole", "2 Bo Dean baker", "? Unknown speaker"])


def test_a_quote_of_the_list_can_be_shown_in_the_article(shown: Page) -> None:
    shown.get_by_role("button", name="By speaker").click()
    shown.get_by_role("listitem").filter(has_text="CC").get_by_role("button", name="Show in the article").click()
    expect(shown.locator("#article mark", has_text="CC")).to_be_in_viewport()
    expect(shown.locator("#article .badge.open")).to_be_focused()


# --- landing


def test_skip_to_the_quotes_lands_on_the_first_quote(shown: Page) -> None:
    shown.get_by_role("link", name="Skip to the quotes").focus()
    shown.keyboard.press("Enter")
    expect(badges(shown).first).to_be_focused()
    expect(shown.locator("#article mark").first).to_be_in_viewport()


def test_skip_to_the_quotes_lands_on_the_first_quote_of_the_list(shown: Page) -> None:
    shown.get_by_role("button", name="By speaker").click()
    shown.get_by_role("link", name="Skip to the quotes").focus()
    shown.keyboard.press("Enter")
    expect(shown.locator("#by-speaker button").first).to_be_focused()


def test_on_a_phone_the_article_is_in_view_after_the_response(phone: Page) -> None:
    send(phone, ARTICLE)
    expect(phone.locator("#article mark").first).to_be_in_viewport()
    expect(phone.locator("#article")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_label("Minimum confidence")).to_be_hidden()
    phone.get_by_text("Speakers and filters").click()
    expect(phone.get_by_label("Minimum confidence")).to_be_visible()


def test_on_a_phone_the_list_by_speaker_is_in_view(phone: Page) -> None:
    show(phone)
    phone.get_by_text("Speakers and filters").click()
    phone.get_by_role("button", name="By speaker").click()
    expect(phone.locator("#by-speaker mark").first).to_be_in_viewport()
    expect(phone.get_by_text("Speakers and filters")).to_be_focused()


def test_on_a_phone_the_open_quote_is_not_hidden_after_its_details(phone: Page) -> None:
    show(phone)
    phone.get_by_text("Speakers and filters").click()
    phone.get_by_role("button", name="Bo Dean baker").click()
    expect(phone.locator("#article .open-content")).to_be_in_viewport()
    assert bottom_of_the_quote(phone) <= top_of_the_details(phone)


# --- links


def test_a_link_holds_the_choices_and_not_the_article(shown: Page) -> None:
    shown.get_by_label("Minimum confidence").fill("0.85")
    shown.get_by_role("button", name="Bo Dean baker").click()
    shown.get_by_role("button", name="Copy a link").click()
    expect(shown.get_by_role("status")).to_contain_text("Copied the link. It does not contain the article")
    link = shown.url
    assert "minimum=0.85" in link.partition("#")[2]
    assert not [word for word in ("bridge", "Bo", "Dean", "CC") if word in link]

    other = shown.context.new_page()
    other.goto(link)
    expect(other.locator("#linked")).to_contain_text("The link does not contain the article: paste it below")
    show(other)
    assert texts(other) == ["CC"]
    expect(other.get_by_role("region", name="Bo Dean")).to_contain_text("Quote 1 of 1")
    expect(other.get_by_label("Minimum confidence")).to_have_value("0.85")
    expect(other.locator("#linked")).to_be_hidden()


def test_link_to_another_article_changes_nothing(page: Page, service: str) -> None:
    page.goto(f"{service}/#article=0000000000000000&minimum=1")
    page.reload()
    send(page, ARTICLE)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    expect(page.locator("#linked")).to_be_visible()


def test_invalid_link_is_ignored(page: Page, service: str) -> None:
    page.goto(f"{service}/#article=&minimum=9&quote=<b>")
    page.reload()
    expect(page.locator("#linked")).to_be_hidden()
    send(page, ARTICLE)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")


# --- paper


def test_on_paper_there_are_the_article_and_its_speakers_only(shown: Page) -> None:
    shown.get_by_role("button", name="Bo Dean baker").click()
    shown.emulate_media(media="print")
    for name in ["#ask", "#details", "header nav", "#least", "#copy-json", "#everyone"]:
        expect(shown.locator(name)).to_be_hidden()
    for name in ["#article", "#speakers", "#status"]:
        expect(shown.locator(name)).to_be_visible()
    expect(shown.locator("#article mark").first).to_have_css("border-bottom-style", "solid")
