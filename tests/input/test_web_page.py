"""The article of a web page, and the limits on hostile pages."""

import json
import socket
import time
from typing import Any

import pytest

from service.input.article import Article, ArticleMetadata
from service.input.html_blocks import Unreadable
from service.input.paragraphs import read_page_article
from service.input.web_page import WebPage, read_page
from tests.conftest import numbers
from tests.input.pages import NEWS, PARAGRAPHS, page

SHORT = ["“No.”", "“Yes.”"]
LINES = ["“The wall held,” said Nora Lund.", "“Go home now,” she added.", "The rain stopped at six."]


def article_in(html: str, **given: Any) -> Article:
    return read_page_article(read_page(html), ArticleMetadata(**given))


def sections(html: str) -> list[tuple[str, str]]:
    article = article_in(html)
    return [(paragraph.section, article.slice(paragraph.span)) for paragraph in article.paragraphs]


def test_article_has_headline_caption_and_headings() -> None:
    assert sections(NEWS) == [
        ("headline", "Harbour wall will be rebuilt"),
        ("caption", "Waves break over the wall in Carrow on Sunday."),
        *[("body", paragraph) for paragraph in PARAGRAPHS],
        ("headline", "What happens next"),
        ("body", "The drawings will be shown in the town hall by the end of the week."),
        ("body", "Nobody objected."),
    ]


def test_title_author_date_and_language_are_the_pages() -> None:
    article = article_in(NEWS)
    assert (article.title, article.byline) == ("Harbour wall will be rebuilt", "Tomasz Wilder")
    assert (article.published_at, article.language) == ("2024-03-14T09:12:00Z", "en-GB")


def test_what_is_given_goes_before_what_the_page_says() -> None:
    article = article_in(NEWS, title="Wall", language="en-US", published_at="2020-01-01", url="https://a.example")
    assert (article.title, article.language, article.published_at) == ("Wall", "en-US", "2020-01-01")
    assert article.url == "https://a.example"


def test_page_without_metadata_gets_none() -> None:
    article = article_in("<p>" + "</p><p>".join(PARAGRAPHS))
    assert (article.title, article.byline, article.published_at, article.language) == (None, None, None, None)


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ('<html lang="de">', "de"),
        ('<html xml:lang="en-AU">', "en-AU"),
        ('<html><meta property="og:locale" content="en_US">', "en-US"),
        ('<html><meta http-equiv="content-language" content="fr, en">', "fr"),
        ('<html lang="english, of course">', None),
        ('<html lang="">', None),
    ],
)
def test_language_is_the_declared_one(head: str, language: str | None) -> None:
    assert read_page(f"{head}<body><p>{'</p><p>'.join(PARAGRAPHS)}</p>").language == language


@pytest.mark.parametrize(
    "markup",
    [
        "<aside class='pullquote'>{}</aside>",
        "<blockquote class='pull-quote'><p>{}</p></blockquote>",
        "<figure class='wp-block-pullquote'><blockquote><p>{}</p></blockquote></figure>",
        "<aside><p>{}</p></aside>",
    ],
)
def test_pull_quotes_are_found_by_markup_or_repetition(markup: str) -> None:
    pulled = "We cannot wait for another storm"
    found = [text for section, text in sections(page(markup.format(pulled))) if section == "pullquote"]
    assert found == [pulled]


def test_aside_with_other_text_is_not_part_of_the_article() -> None:
    html = page("<aside><p>Subscribe to our weekly letter about the coast</p></aside>")
    assert [text for section, text in sections(html) if section == "body"] == list(PARAGRAPHS)


@pytest.mark.parametrize("short", ["No.", "“No,” he said.", "Why?"])
def test_short_paragraph_is_kept_in_text_but_not_in_a_menu(short: str) -> None:
    html = page(f"<p>{short}</p>").replace("<body>", f"<body><nav><a href=/>{short}</a></nav>")
    assert [text for _, text in sections(html)][1:] == [*PARAGRAPHS[:2], short, *PARAGRAPHS[2:]]


def test_short_paragraph_can_begin_the_text() -> None:
    html = page("").replace("</h1>", "</h1><p>Why?</p>").replace("<body>", "<body><nav>Why?</nav>")
    assert [text for _, text in sections(html)] == ["Harbour wall will be rebuilt", "Why?", *PARAGRAPHS]


def test_paragraphs_that_only_line_breaks_divide_are_paragraphs() -> None:
    html = f"<html><body><table><tr><td><div>{'<br><br>'.join(PARAGRAPHS)}</div></td></tr></table></body></html>"
    assert [text for _, text in sections(html)] == list(PARAGRAPHS)


@pytest.mark.parametrize("separator", ["\n\n", "\n", "</p><p>"])
def test_text_only_in_json_ld_keeps_its_paragraphs(separator: str) -> None:
    body = separator.join(PARAGRAPHS)
    ld = {"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "articleBody": body}]}
    html = f"<html><script type='application/ld+json'>{json.dumps(ld)}</script><body><div id=app></div></body></html>"
    assert [text for _, text in sections(html)] == list(PARAGRAPHS)


def test_json_ld_next_to_the_text_changes_nothing() -> None:
    ld = json.dumps({"@type": "NewsArticle", "articleBody": "Another text. " * 40})
    assert sections(page("", head=f"<script type='application/ld+json'>{ld}</script>")) == sections(page(""))


def test_quote_in_its_own_element_stays_in_its_paragraph() -> None:
    quoted = "<p><q>We lost a winter,</q> the mayor said. <q>Nobody at the <q>harbour</q> office apologised.</q></p>"
    html = f"<body><article><h1>Bridge to reopen</h1>{quoted}<p>It was <q>a thin year</q>.</p></article></body>"
    assert sections(html) == [
        ("headline", "Bridge to reopen"),
        ("body", "“We lost a winter,” the mayor said. “Nobody at the ‘harbour’ office apologised.”"),
        ("body", "It was “a thin year”."),
    ]


def test_amp_page_is_read_like_any_page() -> None:
    amp = page("<amp-ad>Advertisement</amp-ad><amp-img src=x></amp-img>").replace("<html", "<html amp")
    assert [text for section, text in sections(amp) if section == "body"] == list(PARAGRAPHS)


def test_paywalled_page_gives_its_visible_text() -> None:
    stub = (
        f"<html><body><article><h1>Wall</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"
        "<div class=paywall><p>Subscribe now to continue reading this article.</p></div></article></body></html>"
    )
    assert [text for section, text in sections(stub) if section == "body"] == list(PARAGRAPHS[:2])


@pytest.mark.parametrize("html", ["", " ", "<html></html>", "<!-- -->", "\x00", "<script>x</script>", "<p></p>"])
def test_a_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(Unreadable, match="has no article"):
        read_page(html)


def test_no_url_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    url = "http://127.0.0.1:9/x"
    head = (
        f'<base href="{url}"><link rel="canonical" href="{url}"><link rel="amphtml" href="{url}">'
        f'<link rel="stylesheet" href="{url}"><script src="{url}"></script>'
        f'<meta http-equiv="refresh" content="0;url={url}">'
        f'<meta property="og:url" content="{url}"><meta property="og:image" content="{url}">'
    )
    body = f'<img src="{url}"><iframe src="{url}"></iframe><object data="{url}"></object><a href="{url}">More</a>'
    doctype = f'<!DOCTYPE html SYSTEM "{url}" [<!ENTITY x SYSTEM "{url}">]>'
    assert read_page(doctype + page(f"{body}&x;", head=head)).text


def test_short_paragraph_with_a_line_break_can_begin_the_text() -> None:
    html = page("").replace("</h1>", "</h1><p>“No.”<br>“Yes.”</p>")
    assert "“No.”\n“Yes.”" in read_page(html).text


def test_quotations_and_lists_are_text_in_their_places() -> None:
    quoted = "<blockquote><p>We lost a winter, and the town knows it.</p></blockquote>"
    listed = "<ul><li>The wall is closed.</li><li>The harbour is open.</li></ul>"
    added = ["We lost a winter, and the town knows it.", "The wall is closed.", "The harbour is open."]
    assert [text for section, text in sections(page(quoted + listed)) if section == "body"] == [
        *PARAGRAPHS[:2], *added, *PARAGRAPHS[2:]
    ]  # fmt: skip


@pytest.mark.parametrize("at", ["above", "amid", "below"])
def test_a_caption_next_to_the_text_is_a_caption(at: str) -> None:
    figure = "<figure><img src=a><figcaption>The wall on Monday, seen from the sea</figcaption></figure>"
    html = {
        "above": page("").replace("<h1>Harbour wall will be rebuilt</h1>", figure),
        "amid": page(figure),
        "below": page("").replace("</article>", figure + "</article>"),
    }[at]
    found = sections(html)
    assert [text for section, text in found if section == "caption"] == ["The wall on Monday, seen from the sea"]
    assert [text for section, text in found if section == "body"] == list(PARAGRAPHS)


def test_caption_repeated_by_a_gallery_is_kept_once() -> None:
    full = "The harbour master, Ada Quill, looks at the wall in Carrow on Monday after the third storm of the month"
    captions = [full, f"{full[:90]}... more", full, "The wall"]
    gallery = "".join(f"<figure><img src=a><figcaption>{each}</figcaption></figure>" for each in captions)
    assert [text for section, text in sections(page(gallery)) if section == "caption"] == [full, "The wall"]


TABLE = """<table><tr><th>Place</th><th>Name</th><th>Points</th></tr><tr><td>1</td><td>Nora Lund</td><td>31</td></tr>
<tr><td>2</td><td>Ada Quill</td><td>30</td></tr><tr><td>3</td><td>2019</td><td>31</td></tr></table>"""


def test_the_rows_of_a_table_are_text() -> None:
    found = sections(page(TABLE))
    rows = ["Place\tName\tPoints", "1\tNora Lund\t31", "2\tAda Quill\t30", "3\t2019\t31"]
    assert [text for section, text in found if section == "body"] == [*PARAGRAPHS[:2], *rows, *PARAGRAPHS[2:]]


def test_repeated_lines_without_links_are_text() -> None:
    lines = ["June 9 in the Old Market Hall at Low Marsh", "At the door", "June 11 in the School Hall at Saltby Cross"]
    html = page("".join(f"<p>{line}</p>" for line in [*lines, *lines]))
    assert [text for section, text in sections(html) if section == "body"] == [
        *PARAGRAPHS[:2], *lines, *lines, *PARAGRAPHS[2:]
    ]  # fmt: skip


def chunk(paragraphs: tuple[str, ...], name: str = "chunk body") -> str:
    return f'<div class="{name}">' + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs) + "</div>"


CONTINUED = tuple(
    f"In year {year} of the works, the council's engineers measured the foundations." for year in range(6)
)


def test_an_article_continues_in_containers_of_the_same_kind() -> None:
    head = "<h1>Harbour wall will be rebuilt</h1>"
    advertisement = '<div class="ad-slot">Advertisement</div>'
    chunks = f"{chunk(PARAGRAPHS, 'article-body')}{advertisement}{chunk(CONTINUED, 'article-body')}"
    html = f"<html><body><main>{head}<div class=chunks>{chunks}</div></main></body></html>"
    assert [text for section, text in sections(html) if section == "body"] == [*PARAGRAPHS, *CONTINUED]


def test_another_headline_begins_another_article() -> None:
    head = "<h1>Harbour wall will be rebuilt</h1>"
    other = f"<h1>Ferry fares to rise</h1>{chunk(CONTINUED, 'article-body')}"
    html = f"<html><body><div>{head}{chunk(PARAGRAPHS, 'article-body')}</div><div>{other}</div></body></html>"
    assert not any(text in CONTINUED for _, text in sections(html))


def test_the_text_of_another_article_element_is_another_story() -> None:
    stories = "".join(f'<article class="post"><p>{paragraph}</p></article>' for paragraph in CONTINUED)
    html = page("").replace("</article>", f"</article>{stories}")
    assert [text for section, text in sections(html) if section == "body"] == list(PARAGRAPHS)


def test_posts_below_a_headline_of_their_own_level_are_one_article() -> None:
    posts = "".join(f'<article class="post"><p>{paragraph}</p></article>' for paragraph in (*PARAGRAPHS, *CONTINUED))
    html = f"<html><body><main><h1>Harbour wall: live</h1>{posts}</main></body></html>"
    assert [text for section, text in sections(html) if section == "body"] == [*PARAGRAPHS, *CONTINUED]


# --- hostile pages


def nested(depth: int) -> str:
    return page("<div>" * depth + "x" + "</div>" * depth)


def test_nesting_depth_is_limited() -> None:
    assert read_page(nested(197)).text  # html, body and article are above
    with pytest.raises(Unreadable) as refused:
        read_page(nested(198))
    assert numbers(str(refused.value)) == [201, 200]


@pytest.mark.parametrize("depth", [300, 100_000])
def test_a_page_nested_deeper_than_can_be_counted_is_refused(depth: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read_page(nested(depth))
    assert numbers(str(refused.value)) == [256, 200]


def test_number_of_elements_is_limited() -> None:
    with pytest.raises(Unreadable) as refused:
        read_page(page("<b>x</b>" * 29_992))
    assert numbers(str(refused.value)) == [30_002, 30_000]


def test_entities_of_a_pages_own_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert len(read_page(f"{bomb}]>{page('<p>&i; &amp;amp;amp;</p>')}").text) < 2_000


_SENTENCE = "The mayor said on Monday that the bridge would be closed until the spring of next year. "


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p>" * 8_000,
        "<table><tr>" + "<td colspan=1000 rowspan=1000>a" * 3_000,
        ("<table><tr><td>" * 60 + _SENTENCE + "</table>" * 60) * 30,
        ("<ul><li>" * 90 + "x" + "</li></ul>" * 90) * 30,
        "<p>" + "a<br>" * 8_000,
        "<p>" + _SENTENCE * 5_000,
        f"<p>{_SENTENCE}" + "<time datetime='2020-13-01'>x</time>" * 5_000,
        "<div class='" + "a" * 200_000 + f"'><p>{_SENTENCE}",
        "<" * 200_000 + f"<p>{_SENTENCE}",
        "<figure><figcaption>" + _SENTENCE + "</figcaption></figure>" + f"<p>{_SENTENCE}</p>" * 8_000,
        "<table>" + "<tr><td>1<td>Nora Lund<td>31" * 6_000 + f"<p>{_SENTENCE}",
        "<q>" * 150 + "<q></q>" * 8_000 + f"<p>{_SENTENCE}",
    ],
    ids=[
        "paragraphs",
        "wide table",
        "nested tables",
        "lists",
        "breaks",
        "text",
        "dates",
        "class",
        "open",
        "captions",
        "rows",
        "q",
    ],
)
def test_a_page_within_the_limits_takes_seconds_at_most(html: str) -> None:
    start = time.process_time()
    try:
        found: WebPage | None = read_page(html)
    except Unreadable:
        found = None
    assert time.process_time() - start < 10
    assert found is None or len(found.text) <= len(html)


@pytest.mark.parametrize("lines", [LINES[:2], LINES, SHORT], ids=["one break", "two breaks", "short lines"])
def test_a_paragraph_with_line_breaks_is_part_of_the_article(lines: list[str]) -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    page = read_page(f"<html><body><article><h1>Dam held</h1>{body}<p>{'<br>'.join(lines)}</p></article></body></html>")
    assert "\n".join(lines) in page.text
