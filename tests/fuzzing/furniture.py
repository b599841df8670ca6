"""Invariants of boilerplate detection for any text."""

from collections.abc import Iterator
from typing import get_args

from service.input.article import ArticleMetadata, Section
from service.input.blocks import find_blocks
from service.input.boilerplate import classify
from service.input.paragraphs import read_article
from tests.fuzzing.seeds import golden_texts, paragraphs_of
from tests.input.pages import labelled

WORDS = (
    *(
        "\n\n",
        "\n",
        "• ",
        "1. ",
        "Read more:",
        "Related",
        "Share",
        "LONDON (AP) — ",
        "Advertisement",
        "By ",
        "(Reuters)",
    ),
    *("| ", "© 2024", "Photo: ", "\u00a0", "\u2028", "\u200b", "#", "http://"),
)


def seeds() -> Iterator[bytes]:
    """Yield the fuzzer's seeds: texts, their prefixes, and the labelled blocks on their pages."""
    for text in golden_texts():
        yield text.encode()
        yield "\n\n".join(list(paragraphs_of(text))[:3]).encode()
    yield from (block.page().encode() for block in labelled())


def check(data: bytes) -> None:
    """Fail if the step raises, loses a letter, or returns paragraphs out of order."""
    first, _, rest = data.decode("utf-8", "ignore").partition("\0")
    title, text = (first, rest) if rest else (None, first)
    blocks = find_blocks(text)
    verdicts = classify(blocks, title=title)
    assert len(verdicts) == len(blocks)
    assert all(verdict.section in get_args(Section) and verdict.reason for verdict in verdicts)
    article = read_article(text, ArticleMetadata(title=title))
    assert article == read_article(text, ArticleMetadata(title=title))
    end = 0
    for paragraph in article.paragraphs:
        assert end <= paragraph.span.start < paragraph.span.end <= len(text), "paragraphs overlap, or are empty"
        end = paragraph.span.end
    kept = sum(sum(map(str.isalnum, block.text)) for block in blocks)
    assert kept == sum(sum(map(str.isalnum, article.slice(one.span))) for one in article.paragraphs), "letters are lost"
