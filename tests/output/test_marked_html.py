"""HTML contains the article character for character with its quotes marked, and its text never becomes markup."""

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given

from service.extraction.report import Report
from service.input.article import Article, InputWarning, Span
from service.output.marked_html import to_html
from tests.output.reports import ARTICLE, REPORT, articles_and_reports

VOID = {"meta"}


class Page(HTMLParser):
    """What a reader of the page finds: the text of each paragraph, the text under each quote's marks, all ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.paragraphs: list[str] = []
        self.marked: dict[str, str] = {}
        self.ids: list[str] = []
        self.names: set[str] = set()
        self.feed(page)
        self.close()
        assert not self.tags, "a tag is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.names.add(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.tags.append((tag, attributes))
        if tag == "p":
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.tags.pop()[0] == tag, "tags overlap"

    def handle_data(self, data: str) -> None:
        if any(tag == "p" for tag, _ in self.tags):
            self.paragraphs[-1] += data
        for tag, attributes in self.tags:
            if tag == "mark":
                quote = attributes["data-quote"] or ""
                self.marked[quote] = self.marked.get(quote, "") + data


def test_page_has_quotes_marked_and_speakers_listed() -> None:
    ann, bob, union = (
        f'data-speaker="{speaker}" data-form="prose" title="{name}"'
        for speaker, name in [("s1", "Ann &lt;Example&gt;"), ("s2", "Bob Sample"), ("s3", "The union")]
    )
    assert to_html(ARTICLE, REPORT) == "\n".join([
        "<!doctype html>",
        '<html lang="en-GB">',
        '<head><meta charset="utf-8"><title>A &lt;title&gt; &amp; more</title></head>',
        "<body>",
        "<article>",
        "<h1>A &lt;title&gt; &amp; more</h1>",
        '<p data-paragraph="0" data-section="body">'
        f'<mark id="q1" data-quote="q1" data-kind="direct" data-confidence="0.877" {ann}>“No,”</mark>'
        " said Ann &lt;Example&gt;, "
        f'<mark data-quote="q1" data-kind="direct" data-confidence="0.877" {ann}>“never &amp; nowhere.”</mark></p>',
        '<p data-paragraph="1" data-section="body">Bob Sample said '
        f'<mark id="q2" data-quote="q2" data-kind="mixed" data-confidence="0.75" {bob}>that Ann had answered '
        f'<mark id="q3" data-quote="q3" data-kind="direct" data-confidence="0.5" {ann}>“never”</mark></mark> 🙂.</p>',
        '<p data-paragraph="2" data-section="body">The union denied '
        f'<mark id="q4" data-quote="q4" data-kind="indirect" data-confidence="0.6" data-negated="true" {union}>'
        "that it would strike</mark>. "
        '<mark id="q5" data-quote="q5" data-kind="indirect" data-confidence="0.25" data-form="prose">=1+1</mark>, '
        "somebody wrote.</p>",
        "</article>",
        "<section>",
        "<h2>Speakers</h2>",
        "<ul>",
        '<li id="s1" data-kind="person"><b>Ann &lt;Example&gt;</b>, an "expert": '
        '<a href="#q1">q1</a>, <a href="#q3">q3</a></li>',
        '<li id="s2" data-kind="person"><b>Bob Sample</b>: <a href="#q2">q2</a></li>',
        '<li id="s3" data-kind="group"><b>The union</b>: <a href="#q4">q4</a></li>',
        "</ul>",
        "</section>",
        "</body>",
        "</html>",
        "",
    ])  # fmt: skip


@given(articles_and_reports())
def test_paragraphs_and_quotes_are_verbatim(made: tuple[Article, Report]) -> None:
    article, report = made
    page = Page(to_html(article, report))
    readable = article.text.replace("\0", "\ufffd")  # no HTML can hold NUL
    assert page.paragraphs == [readable[slice(*paragraph.span)] for paragraph in article.paragraphs]
    for number, quote in enumerate(report.quotes, start=1):
        (content,) = quote.contents
        inside = [
            readable[max(content.start, span.start) : min(content.end, span.end)]
            for span in (paragraph.span for paragraph in article.paragraphs)
            if content.overlaps(span)
        ]
        assert page.marked.get(f"q{number}", "") == "".join(inside)


@given(articles_and_reports())
def test_article_text_never_becomes_markup(made: tuple[Article, Report]) -> None:
    page = Page(to_html(*made))
    known = {
        "html",
        "head",
        "meta",
        "title",
        "body",
        "article",
        "h1",
        "p",
        "mark",
        "section",
        "h2",
        "ul",
        "li",
        "b",
        "a",
    }
    assert page.names <= known
    assert len(set(page.ids)) == len(page.ids)


def test_overlapping_marks_are_closed_and_reopened() -> None:
    left, right = REPORT.quotes[1], REPORT.quotes[2]
    end = left.contents[0].end
    shifted = replace(right, contents=(Span(end - 3, end + 2),))
    page = to_html(ARTICLE, replace(REPORT, quotes=(left, shifted), speakers=REPORT.speakers[:2]))
    assert Page(page).marked == {"q1": "that Ann had answered “never”", "q2": "er” 🙂"}
    assert page.count('id="q2"') == 1
    assert page.count('data-quote="q2"') == 2


def test_article_without_title_or_quotes_is_its_text() -> None:
    page = to_html(replace(ARTICLE, title=None, language=None), Report())
    assert '<html lang="en">' in page
    assert "<h1>" not in page
    assert "<mark" not in page
    assert "<section>" not in page


def test_warnings_are_above_the_article_and_escaped() -> None:
    warned = replace(ARTICLE, warnings=(InputWarning("encoding", "It holds “<b>”."),))
    assert '<li data-code="encoding">It holds “&lt;b&gt;”.</li>' in to_html(warned, REPORT).partition("<article>")[0]
    assert "<h2>Warnings</h2>" not in to_html(ARTICLE, REPORT)
