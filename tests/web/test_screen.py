"""The web page at `/`, as a person uses it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from service.extraction.report import MIN_CONFIDENCE
from tests.doubles import ARTICLE
from tests.web.browsing import answered, answering, badges, report, send, shown_text

pytestmark = pytest.mark.browser


# --- the five states


def test_empty_state_explains_what_to_do(page: Page) -> None:
    expect(page.get_by_role("heading", name="No article yet")).to_be_visible()
    expect(page.get_by_role("heading", name="Speakers")).to_be_hidden()


def test_progress_is_shown_and_can_be_stopped(page: Page) -> None:
    answering(page, lambda _: None)  # never
    send(page, ARTICLE)
    expect(page.get_by_role("heading", name="Finding quotes")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status")).to_have_text("Stopped.")
    expect(page.get_by_role("heading", name="Finding quotes")).to_be_hidden()


def test_result_shows_the_article_with_its_quotes(page: Page) -> None:
    send(page, ARTICLE)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    expect(page.locator("#article mark")).to_have_text(["that the bridge will reopen in May", "“We lost a winter,”"])
    assert shown_text(page) == ARTICLE


def test_warnings_are_shown_above_the_article(page: Page) -> None:
    warnings = page.get_by_role("region", name="Warnings")
    send(page, ARTICLE.upper())
    expect(warnings.get_by_role("listitem")).to_have_count(1)
    expect(warnings).to_contain_text("100% of the letters are capitals.")
    send(page, "The bridge is old. It is closed.")
    expect(page.get_by_role("heading", name="No quotes found")).to_be_visible()
    expect(warnings).to_be_hidden()


def test_article_without_quotes_is_shown_with_a_note(page: Page) -> None:
    send(page, "The bridge is old. It is closed.")
    expect(page.get_by_role("heading", name="No quotes found")).to_be_visible()
    expect(page.locator("#article")).to_have_text("The bridge is old. It is closed.")
    expect(page.get_by_role("button", name="Copy as JSON")).to_be_hidden()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<html lang='de'><body><p>Das ist ein Satz.</p></body></html>",
            ["Invalid request", "only English is supported."],
        ),
        ("a" * 2_000_001, ["Too large", "The body has 2000001 bytes; the limit is 2000000."]),
    ],
    ids=["another language", "too large"],
)
def test_problem_title_and_detail_are_shown(page: Page, text: str, expected: list[str]) -> None:
    send(page, text)
    for words in expected:
        expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()


def test_busy_request_can_be_retried(page: Page) -> None:
    busy = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": "8 requests wait already."}
    answering(page, lambda route: route.fulfill(status=503, json=busy))
    send(page, ARTICLE)
    expect(page.get_by_role("alert")).to_contain_text("8 requests wait already.")
    page.unroute("**/quotes?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda route: route.abort(), "The service cannot be reached."),
        (lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"), "HTTP error 502"),
        (lambda route: route.fulfill(status=200, body='{"quotes": ['), "The response was interrupted"),
    ],
    ids=["no answer", "a proxy's answer", "half an answer"],
)
def test_response_without_a_problem_is_described(page: Page, answer: Callable[[Route], None], expected: str) -> None:
    answering(page, answer)
    send(page, ARTICLE)
    expect(page.get_by_role("alert")).to_contain_text(expected)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_late_response_does_not_replace_a_newer_one(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    answering(page, hold)
    send(page, "First said nothing much.")
    expect(page.get_by_role("heading", name="Finding quotes")).to_be_visible()
    send(page, ARTICLE)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    held[0].abort()
    assert shown_text(page) == ARTICLE
    expect(page.get_by_role("alert")).to_be_hidden()


# --- what is sent


def test_an_example_can_be_tried(page: Page) -> None:
    page.get_by_role("button", name="Try an example").click()
    expect(page.locator("#article")).to_contain_text("Maria Lopez")


def test_text_file_is_read_with_any_line_breaks(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(ARTICLE.replace("\n", "\r\n").encode("utf-8-sig"))
    page.get_by_label("Open a file").set_input_files(file)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    assert shown_text(page) == ARTICLE
    expect(page.get_by_label("Article", exact=True)).to_have_value(ARTICLE)


def test_utf_16_file_is_read_by_its_byte_order_mark(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(ARTICLE, encoding="utf-16")
    page.get_by_label("Open a file").set_input_files(file)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    assert shown_text(page) == ARTICLE


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("article.txt", b"caf\xe9 said so", "has invalid UTF-8 at byte 3."),
    ],
)
def test_unreadable_file_shows_the_service_s_error(
    page: Page, tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    (tmp_path / name).write_bytes(content)
    page.get_by_label("Open a file").set_input_files(tmp_path / name)
    expect(page.get_by_role("alert")).to_contain_text(expected)


_PARAGRAPHS = ARTICLE.replace("\n\n", "</p><p>")
PAGE = f"<!doctype html><html lang=en><title>News</title><article><p>{_PARAGRAPHS}</p></article></html>"


def test_dropped_page_is_shown_as_its_article(page: Page) -> None:
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.items.add(new File([html], "article.html", { type: "text/html" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        PAGE,
    )
    expect(page.locator("#article mark")).to_have_text(["that the bridge will reopen in May", "“We lost a winter,”"])


def test_pasted_html_is_sent_as_a_page(page: Page) -> None:
    send(page, PAGE)
    expect(page.locator("#article mark")).to_have_count(2)
    expect(page.locator("#article")).not_to_contain_text("<p>")


def test_markup_in_a_text_stays_text(page: Page) -> None:
    text = "Eve said <img src=x onerror=document.title='gone'> is <b>bold</b>."
    send(page, text)
    expect(page.locator("#article")).to_contain_text("<b>bold</b>")
    assert page.locator("#article img, #article b").count() == 0
    assert page.title() == "Pullquote: who said what"


def test_offsets_are_correct_after_surrogate_pairs(page: Page) -> None:
    text = f"😀😀 The town is small 👩‍👩‍👧.\n\n{ARTICLE}"
    send(page, text)
    expect(page.locator("#article mark")).to_have_text(["that the bridge will reopen in May", "“We lost a winter,”"])
    assert shown_text(page) == text


# --- what is shown of a quote


def test_hovering_shows_cue_speaker_confidence_and_rules(page: Page) -> None:
    send(page, ARTICLE)
    page.locator("#article mark").nth(1).hover()
    details = page.get_by_role("region", name="Ruth Alder")
    quote = json.loads(answered(ARTICLE, explain="true"))["quotes"][1]
    for fact in ["Mayor", "she", "a pronoun", "direct", "said (say)", f"{quote['confidence']:.2f}"]:
        expect(details.locator("#facts")).to_contain_text(fact)
    rules = [rule["rule"] for rule in quote["explain"]]
    expect(details.locator("#rules code")).to_have_text(rules)
    expect(details.locator("#reasons")).to_contain_text("“said” reports what somebody says.")
    expect(page.locator("#article .open-cue")).to_have_text("said")
    expect(page.locator("#article .open-mention")).to_have_text("she")
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()


def test_nested_and_crossing_quotes_are_reachable(page: Page) -> None:
    text = "He told us, she will go there soon, and more."
    quotes: list[dict[str, Any]] = [
        {"text": "she will go there soon", "kind": "indirect"},
        {"text": "will go", "speaker": None, "unresolved": "The article does not say who."},
        {"text": "there soon, and more"},
    ]
    answering(page, lambda route: route.fulfill(json=report(text, quotes)))
    send(page, text)
    assert shown_text(page) == text
    expect(badges(page)).to_have_count(3)
    for index, quote in enumerate(quotes):
        badges(page).nth(index).focus()
        assert "".join(page.locator("#article .open-content").all_text_contents()) == quote["text"]
    badges(page).nth(1).focus()
    expect(page.get_by_role("region", name="Unknown speaker")).to_contain_text("The article does not say who.")
    assert page.locator("#article mark.nested").all_text_contents() == ["will go", "there soon"]


def test_negated_quote_is_marked(page: Page) -> None:
    answering(page, lambda route: route.fulfill(json=report("No comment.", [{"text": "comment", "negated": True}])))
    send(page, "No comment.")
    expect(badges(page)).to_have_text("1 not")
    expect(badges(page)).to_have_accessible_name(re.compile("reported as not said"))


# --- the keyboard


# Whether the focused element is outlined, or, for the hidden file input, the label before it.
OUTLINED = """one => [one, one.previousElementSibling].some(
    place => place && getComputedStyle(place).outlineStyle !== "none")"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with that name is focused and visible."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if focus.count() and re.search(name, named(page)):
            seen = focus.evaluate(OUTLINED)
            assert seen, f"{name} has the focus, and nothing shows it"
            return
    pytest.fail(f"Tab does not lead to {name}")


def named(page: Page) -> str:
    """Return the accessible name of the focused element."""
    snapshot: str = page.locator(":focus").aria_snapshot()
    return snapshot


def test_keyboard_reaches_everything_in_page_order(page: Page) -> None:
    tab_to(page, "Skip to the quotes")
    tab_to(page, "API reference")
    tab_to(page, "textbox")
    page.keyboard.insert_text(ARTICLE)
    tab_to(page, "Find quotes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    tab_to(page, "Open a file")
    tab_to(page, "Try an example")
    tab_to(page, "Ruth Alder")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Ruth Alder Mayor")).to_have_attribute("aria-pressed", "true")
    tab_to(page, "Minimum confidence")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#least-value")).to_have_text(f"{MIN_CONFIDENCE + 0.05:.2f}")
    tab_to(page, "Copy as JSON")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Copied 2 quotes as JSON.")
    tab_to(page, "Copy as CSV")
    first, second = (quote["confidence"] for quote in json.loads(answered(ARTICLE))["quotes"])
    tab_to(page, f"Ruth Alder, indirect quote, cue: told, confidence {first:.2f}")
    tab_to(page, f"Ruth Alder, direct quote, cue: said, confidence {second:.2f}")
    page.keyboard.press("Enter")
    details = page.get_by_role("region", name="Ruth Alder")
    expect(details).to_be_focused()
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(badges(page).nth(1)).to_be_focused()


def test_ctrl_enter_submits(page: Page) -> None:
    page.get_by_label("Article", exact=True).fill(ARTICLE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")


def test_show_all_keeps_focus_on_the_speakers(page: Page) -> None:
    send(page, ARTICLE)
    page.get_by_role("button", name="Ruth Alder Mayor").click()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("button", name="Ruth Alder Mayor")).to_be_focused()
    expect(page.get_by_role("button", name="Show all")).to_be_disabled()
