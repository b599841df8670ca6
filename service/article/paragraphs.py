"""A sent text, or the text of a page, as an `Article`: its paragraphs, and what part of the page each one is."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from service.article.article import Article, Paragraph, Section, Span
from service.article.blocks import Block, find_blocks
from service.article.dateline import dateline_end
from service.article.furniture import classify
from service.article.leads import lead_end, reports_behind
from service.article.web_page import Markup, WebPage


def read_article(
    text: str,
    *,
    id: str | None = None,
    title: str | None = None,
    url: str | None = None,
    language: str | None = None,
    byline: str | None = None,
    published_at: str | None = None,
) -> Article:
    """Find the paragraphs of `text`, in time linear in its length.

    `title`, where the sender knows it, helps to tell the headline. Every character of the text that is neither white
    space nor a list's marker lies in one paragraph. Accepts any string.
    """
    return Article(text, _paragraphs(text, find_blocks(text), title), id, title, url, language, published_at, byline)


def read_page_article(
    page: WebPage,
    *,
    id: str | None = None,
    title: str | None = None,
    url: str | None = None,
    language: str | None = None,
    byline: str | None = None,
    published_at: str | None = None,
) -> Article:
    """The article of a page. What is not given is what the page says."""
    blocks = [_as_marked_up(block, page.markup) for block in find_blocks(page.text)]
    return Article(
        page.text,
        _paragraphs(page.text, blocks, page.title or title),
        id,
        title or page.title,
        url or page.url,
        language or page.language,
        published_at or page.published_at,
        byline or page.byline,
        page.site_name,
        from_page=True,
    )


def _as_marked_up(block: Block, markup: Sequence[Markup]) -> Block:
    around = markup[bisect_right(markup, block.span.start, key=lambda each: each.start) - 1]
    return replace(
        block, listed=block.listed or around.listed, section=around.section, linked=around.linked, row=around.row
    )


def _paragraphs(text: str, blocks: Sequence[Block], title: str | None) -> tuple[Paragraph, ...]:
    paragraphs: list[Paragraph] = []
    first = True
    for block, verdict in zip(blocks, classify(blocks, title=title), strict=True):
        paragraphs += _without_dateline(text, block.span, verdict.section, first)
        first = first and verdict.section != "body"
    return tuple(paragraphs)


def _without_dateline(text: str, span: Span, section: Section, first: bool) -> list[Paragraph]:
    """The paragraph of `span`; where a dateline or a page's label opens it, that as furniture, then the rest."""
    paragraph = text[span.start : span.end]
    end = dateline_end(paragraph, first=first) if section == "body" else 0
    if not end and section != "pullquote":
        end = lead_end(paragraph)
        if section == "furniture" and end:
            section = "body" if reports_behind(paragraph, end) else "furniture"
    if not end or section == "furniture":
        return [Paragraph(span, section)]
    opening = Span(span.start, span.start + len(paragraph[:end].rstrip()))
    return [Paragraph(opening, "furniture"), Paragraph(Span(span.start + end, span.end), section)]
