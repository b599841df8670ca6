"""What users paste, type and open: formatted text, HTML fragments, and what is no article."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.doubles import ARTICLE
from tests.web.browsing import send, shown_text

pytestmark = pytest.mark.browser

FIRST, SECOND = ARTICLE.split("\n\n")
QUOTES = ["that the bridge will reopen in May", "“We lost a winter,”"]


def paste(page: Page, html: str, text: str) -> None:
    """Paste formatted text into the box, as from a browser or Word."""
    page.evaluate(
        """async ([html, text]) => navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob([html], { type: "text/html" }),
            "text/plain": new Blob([text], { type: "text/plain" }),
        })])""",
        [html, text],
    )
    page.get_by_label("Article", exact=True).focus()
    page.keyboard.press("ControlOrMeta+V")


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{FIRST}</p><p>{SECOND}</p>",
        f"\n<div class='body'>\n<p>{FIRST}</p>\n<p>{SECOND}</p></div>",
        f"<meta charset='utf-8'><!--StartFragment--><p>{FIRST}</p><p>{SECOND}</p><!--EndFragment-->",
        f"<b id='docs-1'><p dir='ltr'><span>{FIRST}</span></p><p dir='ltr'><span>{SECOND}</span></p></b>",
        f"{FIRST}<p>It is late.</p><p>{SECOND}</p>",
    ],
    ids=["paragraphs", "a division", "a clipboard's fragment", "a word processor's", "text and paragraphs"],
)
def test_an_html_fragment_is_read_as_html(page: Page, html: str) -> None:
    send(page, html)
    expect(page.locator("#article mark")).to_have_text(QUOTES)
    expect(page.locator("#article")).not_to_contain_text("<")


@pytest.mark.parametrize(
    "text", [f"{ARTICLE} It is <b>bold</b>.", f"<Anon> {ARTICLE}", f"<3 {ARTICLE}", f"1 < 2 > 0 {ARTICLE}"]
)
def test_text_with_angle_brackets_stays_text(page: Page, text: str) -> None:
    send(page, text)
    expect(page.locator("#article mark")).to_have_count(2)
    assert shown_text(page) == text


def test_formatted_text_is_read_with_its_paragraphs(page: Page) -> None:
    paste(page, f"<h2>At the bridge</h2><p>{FIRST}</p><p>{SECOND}</p>", f"At the bridge\n{FIRST} {SECOND}")
    page.get_by_role("button", name="Find quotes").click()
    expect(page.locator("#article mark")).to_have_text(QUOTES)
    assert shown_text(page) == f"At the bridge\n\n{ARTICLE}"


def test_formatted_text_that_is_edited_is_sent_as_the_box_shows_it(page: Page) -> None:
    paste(page, f"<p>{FIRST}</p><p>{SECOND}</p>", ARTICLE)
    page.keyboard.press("End")
    page.keyboard.type(" It is late.")
    page.get_by_role("button", name="Find quotes").click()
    expect(page.locator("#article")).to_contain_text("It is late.")


@pytest.mark.parametrize(
    "html", ["<span>x</span>", f"<p>{FIRST}</p>", f"<p>{FIRST}</p><p>{SECOND[:20]}</p>"], ids=["all", "half", "a bit"]
)
def test_formatted_text_whose_html_loses_words_is_read_as_plain_text(page: Page, html: str) -> None:
    paste(page, html, ARTICLE)
    page.get_by_role("button", name="Find quotes").click()
    expect(page.locator("#article mark")).to_have_text(QUOTES)
    assert shown_text(page) == ARTICLE


def test_no_request_has_the_article_in_its_address(page: Page) -> None:
    addresses = list[str]()

    def note(request: Request) -> None:
        addresses.append(request.url)

    page.on("request", note)
    send(page, ARTICLE)
    expect(page.locator("#article mark")).to_have_count(2)
    page.remove_listener("request", note)
    assert addresses
    assert not [address for address in addresses if "bridge" in address or "Alder" in address]


# --- what is no article


@pytest.mark.parametrize(
    "text",
    [
        "https://news.example/2024/bridge",
        " www.news.example/bridge\n",
        "news.example/bridge",
        "https://news.example/1\nhttps://news.example/2",
    ],
)
def test_an_address_is_refused_with_what_to_do(page: Page, text: str) -> None:
    send(page, text)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This is the address of a page, not an article")
    expect(alert).to_contain_text("select the article, copy it, and paste it here")
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    expect(page.get_by_label("Article", exact=True)).to_be_focused()


@pytest.mark.parametrize("text", ["", " \n\t\n "], ids=["nothing", "spaces"])
def test_an_empty_box_is_refused_with_what_to_do(page: Page, text: str) -> None:
    send(page, text)
    expect(page.get_by_role("alert")).to_contain_text("The box is empty. Paste the article’s text")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("article.docx", b"PK\x03\x04", "is a Word document"),
        ("article", b"PK\x03\x04", "is a document or an archive"),
        ("article.pdf", b"%PDF-1.7", "is a PDF"),
        ("article.txt", b"%PDF-1.7", "is a PDF"),
        ("article.doc", b"\xd0\xcf\x11\xe0", "is a Word document"),
        ("article.rtf", b"{\\rtf1", "is an RTF document"),
        ("articles.csv", b"text,title", "is a table"),
        ("photo.png", b"\x89PNG", "is an image file"),
    ],
)
def test_a_file_of_another_kind_is_named_with_what_to_do(
    page: Page, tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(content)
    page.get_by_label("Open a file").set_input_files(tmp_path / name)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"“{name}” {kind}")
    expect(alert).to_contain_text("copy the article, and paste it here")


def test_a_pasted_file_is_named_with_what_to_do(page: Page) -> None:
    page.get_by_label("Article", exact=True).evaluate(
        """box => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File(["PK"], "article.docx"));
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_role("alert")).to_contain_text("“article.docx” is a Word document")


def test_an_empty_file_is_refused(page: Page, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    page.get_by_label("Open a file").set_input_files(tmp_path / "empty.txt")
    expect(page.get_by_role("alert")).to_contain_text("“empty.txt” is empty")
