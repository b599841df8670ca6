"""A sent text as an `Article`: its paragraphs, and what part of the page each one is."""

from service.article.article import Article, Paragraph, Section, Span
from service.article.blocks import find_blocks
from service.article.dateline import dateline_end
from service.article.furniture import classify


def read_article(
    text: str,
    *,
    id: str | None = None,
    title: str | None = None,
    url: str | None = None,
    language: str | None = None,
    published_at: str | None = None,
) -> Article:
    """Find the paragraphs of `text`, in time linear in its length.

    `title`, where the sender knows it, helps to tell the headline. Every character of the text that is neither white
    space nor a list's marker lies in one paragraph. Accepts any string.
    """
    blocks = find_blocks(text)
    verdicts = classify(blocks, title=title)
    paragraphs: list[Paragraph] = []
    for block, verdict in zip(blocks, verdicts, strict=True):
        paragraphs += _without_dateline(text, block.span, verdict.section, paragraphs)
    return Article(text, tuple(paragraphs), id, title, url, language, published_at)


def _without_dateline(text: str, span: Span, section: Section, before: list[Paragraph]) -> list[Paragraph]:
    """The paragraph of `span`; where a dateline opens it, the dateline as furniture, then the rest."""
    first = all(paragraph.section != "body" for paragraph in before)
    end = span.start + (dateline_end(text[span.start : span.end], first=first) if section == "body" else 0)
    if end == span.start:
        return [Paragraph(span, section)]
    dateline = Span(span.start, span.start + len(text[span.start : end].rstrip()))
    return [Paragraph(dateline, "furniture"), Paragraph(Span(end, span.end), section)]
