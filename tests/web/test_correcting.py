"""Correcting on the page: speakers and quotes, undo, exports, and the file of corrections."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from schemas.corrections import load_corrections
from tests.commands.running import run
from tests.doubles import ARTICLE, FakeParser
from tests.web.browsing import badges, copied, send

pytestmark = pytest.mark.browser

TEXT = f"😀 The town waits.\n\n{ARTICLE}\n\nNobody spoke of “the cost” on Monday. Bo Dahl said so."
LOST = "“We lost a winter,”"


@pytest.fixture
def shown(page: Page) -> Page:
    """The page with the quotes of TEXT, at every confidence."""
    send(page, TEXT)
    badges(page).first.wait_for()
    page.get_by_label("Minimum confidence").fill("0")
    return page


def open_quote(page: Page, words: str) -> None:
    page.locator("#article mark", has_text=words).first.click()
    expect(page.locator("#details")).to_be_visible()


def change_speaker(page: Page, words: str, name: str) -> None:
    open_quote(page, words)
    page.get_by_label("Speaker", exact=True).fill(name)
    page.get_by_role("button", name="Change the speaker").click()


def speakers(page: Page) -> list[str]:
    return page.locator("#speakers li:not([hidden]) .name").all_inner_texts()


def saved(page: Page, button: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return download.value.path().read_bytes().decode("utf-8-sig")


def speaker_of(report: dict[str, Any], words: str) -> str | None:
    names = {speaker["id"]: speaker["name"] for speaker in report["speakers"]}
    (quote,) = (quote for quote in report["quotes"] if quote["text"] == words)
    return names.get(quote["speaker"])


def test_changed_speaker_is_shown_and_can_be_undone(shown: Page) -> None:
    change_speaker(shown, LOST, "Tom Brandt")
    expect(shown.get_by_role("status")).to_have_text("The speaker of the quote is Tom Brandt.")
    expect(shown.locator("#details-title")).to_have_text("Tom Brandt")
    expect(shown.locator("#facts")).to_contain_text("your correction")
    assert "Tom Brandt" in speakers(shown)
    shown.get_by_role("button", name="Undo").click()
    expect(shown.get_by_role("status")).to_have_text("The last correction was undone.")
    assert "Tom Brandt" not in speakers(shown)
    expect(shown.get_by_role("button", name="Undo")).to_be_disabled()


def test_an_empty_name_makes_the_speaker_unknown(shown: Page) -> None:
    change_speaker(shown, LOST, "")
    expect(shown.locator("#details-title")).to_have_text("Unknown speaker")
    expect(shown.locator("#facts")).to_contain_text("an editor's correction")


def test_a_quote_is_dropped(shown: Page) -> None:
    before = badges(shown).count()
    open_quote(shown, LOST)
    shown.get_by_role("button", name="Not a quote").click()
    expect(badges(shown)).to_have_count(before - 1)
    expect(shown.locator("#details")).to_be_hidden()


def test_speakers_are_renamed_and_merged(shown: Page) -> None:
    change_speaker(shown, LOST, "the mayor")
    shown.get_by_text("Rename or merge a speaker").click()
    shown.get_by_label("Speaker to rename").select_option("the mayor")
    shown.get_by_label("New name").fill("Ruth Alder")
    shown.get_by_role("button", name="Rename").click()
    expect(shown.get_by_role("status")).to_have_text("the mayor and Ruth Alder are one speaker.")
    assert "the mayor" not in speakers(shown)
    shown.get_by_label("Speaker to rename").select_option("Ruth Alder")
    shown.get_by_label("New name").fill("Ruth M. Alder")
    shown.get_by_role("button", name="Rename").click()
    expect(shown.get_by_role("status")).to_have_text("Ruth Alder is called Ruth M. Alder.")
    report = json.loads(saved(shown, "Save as JSON"))
    assert speaker_of(report, LOST) == "Ruth M. Alder"


def test_selected_words_become_a_quote(shown: Page) -> None:
    shown.locator("#article p", has_text="the cost").evaluate(
        """paragraph => {
            const node = [...paragraph.childNodes].find(one => one.textContent.includes("“the cost”"));
            const text = node.nodeType === Node.TEXT_NODE ? node : node.firstChild;
            const at = text.data.indexOf("“the cost”");
            getSelection().setBaseAndExtent(text, at, text, at + "“the cost”".length);
        }"""
    )
    words = shown.get_by_label("Its words")
    expect(words).to_have_value("“the cost”")
    shown.get_by_label("Its speaker, if known").fill("Bo Dahl")
    shown.get_by_role("button", name="Add the quote").click()
    expect(shown.get_by_role("status")).to_have_text("The quote was added.")
    expect(shown.locator("#details-title")).to_have_text("Bo Dahl")
    report = json.loads(saved(shown, "Save as JSON"))
    (quote,) = (one for one in report["quotes"] if one["text"] == "“the cost”")
    assert (quote["kind"], speaker_of(report, "“the cost”")) == ("direct", "Bo Dahl")
    assert TEXT[quote["contents"][0]["start"] : quote["contents"][0]["end"]] == "“the cost”"


def test_typed_words_become_a_quote_where_they_are_found_once(shown: Page) -> None:
    shown.get_by_text("Add a quote").click()
    words, status = shown.get_by_label("Its words"), shown.get_by_role("status")
    for typed, message in {
        "The town sleeps": "The article does not have these words. Copy them from the article.",
        "the": "The article has these words more than once. Select the place in the article.",
        "The town waits": "The quote was added.",
    }.items():
        words.fill(typed)
        shown.get_by_role("button", name="Add the quote").click()
        expect(status).to_have_text(message)
    expect(shown.locator("#details-title")).to_have_text("Unknown speaker")


def test_every_export_has_the_corrections(shown: Page) -> None:
    change_speaker(shown, LOST, "Tom Brandt")
    report = json.loads(saved(shown, "Save as JSON"))
    assert speaker_of(report, LOST) == "Tom Brandt"
    rows = list(csv.DictReader(io.StringIO(saved(shown, "Save as CSV"))))
    assert [row["speaker"] for row in rows if row["text"] == LOST] == ["Tom Brandt"]
    assert len(rows) == len(report["quotes"])
    assert re.search(f'title="Tom Brandt">{LOST}</mark>', saved(shown, "Save as HTML"))
    annotations = json.loads(saved(shown, "Save as annotations"))
    assert annotations["total"] == len(rows)
    assert "Tom Brandt" in json.dumps(annotations, ensure_ascii=False)
    shown.get_by_role("button", name="Copy as JSON").click()
    expect(shown.get_by_role("status")).to_contain_text("Copied")
    assert json.loads(copied(shown)) == report


def test_exports_hold_only_the_quotes_shown(shown: Page) -> None:
    change_speaker(shown, LOST, "Tom Brandt")
    shown.locator("#speakers button", has_text="Tom Brandt").click()
    expect(shown.locator("#exported")).to_have_text("Only the 1 quote shown")
    assert [quote["text"] for quote in json.loads(saved(shown, "Save as JSON"))["quotes"]] == [LOST]
    assert json.loads(saved(shown, "Save as annotations"))["total"] == 1
    assert saved(shown, "Save as HTML").count("<mark") == 1


def test_corrections_are_saved_and_opened_again(shown: Page, tmp_path: Path) -> None:
    change_speaker(shown, LOST, "Tom Brandt")
    open_quote(shown, "the bridge will reopen")
    shown.get_by_role("button", name="Not a quote").click()
    file = tmp_path / "corrections.json"
    file.write_text(saved(shown, "Save corrections"), encoding="utf-8")
    document = json.loads(file.read_text(encoding="utf-8"))
    corrections = load_corrections(document)
    assert [one.change for one in corrections.changes] == ["speaker", "drop"]
    assert [TEXT[slice(*one.quote[0])] for one in corrections.changes] == [one.texts[0] for one in corrections.changes]
    assert saved(shown, "Save the text") == TEXT
    assert (LOST, "Tom Brandt") in [(one["contents"][0]["text"], one["speaker"]) for one in document["quotes"]]

    left = badges(shown).count()
    send(shown, TEXT)
    expect(shown.locator("#corrected")).to_contain_text("None yet")
    shown.get_by_label("Open corrections").set_input_files(file)
    expect(shown.get_by_role("status")).to_have_text("Opened 2 corrections.")
    expect(badges(shown)).to_have_count(left)
    assert "Tom Brandt" in speakers(shown)


def test_the_command_line_applies_what_the_page_saved(
    shown: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.parsing.load.load_parser", lambda _: FakeParser())
    change_speaker(shown, LOST, "Tom Brandt")
    shown.get_by_text("Add a quote").click()
    shown.get_by_label("Its words").fill("The town waits")
    shown.get_by_role("button", name="Add the quote").click()
    article, corrections = tmp_path / "article.txt", tmp_path / "corrections.json"
    article.write_text(saved(shown, "Save the text"), encoding="utf-8")
    corrections.write_text(saved(shown, "Save corrections"), encoding="utf-8")
    page = json.loads(saved(shown, "Save as JSON"))
    result = run("extract", str(article), "--corrections", str(corrections), "--min-confidence", "0")
    report = json.loads(result.stdout)
    assert (report["quotes"], report["speakers"]) == (page["quotes"], page["speakers"])


def test_corrections_of_another_article_are_refused(shown: Page, tmp_path: Path) -> None:
    change_speaker(shown, LOST, "Tom Brandt")
    file = tmp_path / "corrections.json"
    file.write_text(saved(shown, "Save corrections"), encoding="utf-8")
    send(shown, ARTICLE)
    badges(shown).first.wait_for()
    shown.get_by_label("Open corrections").set_input_files(file)
    expect(shown.get_by_role("status")).to_contain_text("of another article")
    file.write_text("[]", encoding="utf-8")
    shown.get_by_label("Open corrections").set_input_files(file)
    expect(shown.get_by_role("status")).to_contain_text("not a corrections file")
    assert "Tom Brandt" not in speakers(shown)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_pages_in_any_encoding_are_exported_with_corrections(page: Page, tmp_path: Path, encoding: str) -> None:
    first, lost = ARTICLE.split("\n\n")
    file = tmp_path / "page.html"
    meta = f'<meta charset="{encoding}">'
    body = f"<article><p>{first}</p><p>{lost}</p></article>"
    page_text = f"<html lang=en><head>{meta}<title>Brücke</title></head>{body}</html>"
    file.write_bytes(page_text.encode(encoding))
    page.locator("#file").set_input_files(file)
    badges(page).first.wait_for()
    change_speaker(page, LOST, "Tom Brandt")
    report = json.loads(saved(page, "Save as JSON"))
    assert (report["article"]["title"], speaker_of(report, LOST)) == ("Brücke", "Tom Brandt")
