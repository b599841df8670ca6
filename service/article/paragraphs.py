"""A sent text as an `Article`: its paragraphs, and what part of the page each one is."""

from service.article.article import Article, Paragraph
from service.article.blocks import find_blocks
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
    paragraphs = tuple(Paragraph(block.span, verdict.section) for block, verdict in zip(blocks, verdicts, strict=True))
    return Article(text, paragraphs, id, title, url, language, published_at)
