"""What the page copies and saves: the quotes that are shown, as the service returns them."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.doubles import ARTICLE
from tests.web.browsing import answered, answering, copied, report, send

pytestmark = pytest.mark.browser

JSON = "application/json"


def show_the_surer_of_two(page: Page, text: str) -> None:
    send(page, text)
    page.get_by_label("Minimum confidence").fill("0.95")
    expect(page.get_by_role("status")).to_contain_text("1 of 2 quotes shown")


@pytest.mark.parametrize(("form", "accept"), [("JSON", JSON), ("CSV", "text/csv")])
def test_all_quotes_are_copied_as_the_service_returns_them(page: Page, form: str, accept: str) -> None:
    text = f"😀\n\n{ARTICLE}"
    send(page, text)
    page.get_by_role("button", name=f"Copy as {form}").click()
    expect(page.get_by_role("status")).to_have_text(f"Copied 2 quotes as {form}.")
    assert copied(page).splitlines() == answered(text, accept=accept).splitlines()


def test_only_the_quotes_shown_are_copied_as_json(page: Page) -> None:
    text = f"😀\n\n{ARTICLE}"
    show_the_surer_of_two(page, text)
    expect(page.locator("#exported")).to_have_text("Only the 1 quote shown")
    page.get_by_role("button", name="Copy as JSON").click()
    expect(page.get_by_role("status")).to_have_text("Copied 1 quote as JSON.")
    whole, part = json.loads(answered(text)), json.loads(copied(page))
    assert part["quotes"] == whole["quotes"][1:]
    assert [speaker["quotes"] for speaker in part["speakers"]] == [["q2"]]
    assert part["article"] == whole["article"]


def test_no_reference_to_a_hidden_quote_is_copied(page: Page) -> None:
    text = "AA BB CC"
    quotes: list[dict[str, Any]] = [
        {"text": "AA", "confidence": 0.5},
        {"text": "BB", "confidence": 0.9, "continues": "q1"},
        {"text": "CC", "confidence": 0.9, "repeats": "q1"},
    ]
    answering(page, lambda route: route.fulfill(json=report(text, quotes)))
    send(page, text)
    expect(page.get_by_role("status")).to_have_text("3 quotes found.")
    page.get_by_label("Minimum confidence").fill("0.8")
    page.get_by_role("button", name="Copy as JSON").click()
    expect(page.get_by_role("status")).to_have_text("Copied 2 quotes as JSON.")
    part = json.loads(copied(page))["quotes"]
    assert [(quote["continues"], "repeats" in quote) for quote in part] == [(None, False), (None, False)]


def test_only_the_quotes_shown_are_copied_as_csv(page: Page) -> None:
    show_the_surer_of_two(page, ARTICLE)
    page.get_by_role("button", name="Copy as CSV").click()
    expect(page.get_by_role("status")).to_have_text("Copied 1 quote as CSV.")
    rows = list(csv.DictReader(io.StringIO(copied(page))))
    whole = list(csv.DictReader(io.StringIO(answered(ARTICLE, accept="text/csv"))))
    assert rows == whole[1:]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_only_the_quotes_shown_are_saved(page: Page, tmp_path: Path, form: str) -> None:
    show_the_surer_of_two(page, ARTICLE)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {form.upper()}").click()
    expect(page.get_by_role("status")).to_have_text(f"Saved 1 quote as quotes.{form}.")
    assert download.value.suggested_filename == f"quotes.{form}"
    download.value.save_as(tmp_path / "quotes")
    saved = (tmp_path / "quotes").read_bytes()
    if form == "csv":
        assert saved.startswith(b"\xef\xbb\xbf")
        assert len(list(csv.DictReader(io.StringIO(saved.decode("utf-8-sig"))))) == 1
    else:
        assert len(json.loads(saved)["quotes"]) == 1


def test_a_line_break_within_a_csv_cell_does_not_shift_the_rows(page: Page) -> None:
    table = '"quote","text"\r\n"q1","one\r\nand ""more"""\r\n"q2","two"\r\n'
    send(page, ARTICLE)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    page.get_by_label("Minimum confidence").fill("0.95")
    answering(page, lambda route: route.fulfill(body=table, content_type="text/csv"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    saved = download.value.path().read_bytes().decode("utf-8-sig")
    assert saved == '"quote","text"\r\n"q2","two"\r\n'


def test_text_is_selected_for_copying_without_a_clipboard(new_page: Page) -> None:
    new_page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    new_page.reload()
    send(new_page, ARTICLE)
    new_page.get_by_role("button", name="Copy as JSON").click()
    box = new_page.get_by_role("dialog").get_by_role("textbox")
    expect(box).to_have_value(answered(ARTICLE))
    assert new_page.evaluate("getSelection().toString()") == answered(ARTICLE)
    new_page.keyboard.press("Escape")
    expect(box).to_be_hidden()


@pytest.mark.parametrize(("button", "result"), [("Copy as CSV", "Not copied."), ("Save as JSON", "Not saved.")])
def test_a_failed_copy_or_save_is_reported(page: Page, button: str, result: str) -> None:
    send(page, ARTICLE)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    answering(page, lambda route: route.abort())
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_have_text(
        re.compile(f"^{result} No response: The service cannot be reached.")
    )
    expect(page.locator("#article mark")).to_have_count(2)


@pytest.mark.parametrize(("form", "body"), [("JSON", '{"quotes": [], "speakers": []}'), ("CSV", '"quote"\r\n"q1"\r\n')])
def test_changed_response_is_not_copied(page: Page, form: str, body: str) -> None:
    send(page, ARTICLE)
    expect(page.get_by_role("status")).to_have_text("2 quotes found.")
    answering(page, lambda route: route.fulfill(body=body))
    page.get_by_role("button", name=f"Copy as {form}").click()
    expect(page.get_by_role("status")).to_contain_text("Not copied. The service has changed")
