"""Passages of random texts made of labels, signatures and marks: their spans are in order and have words."""

import random

import pytest

from service.extraction.forms.recognition import with_form
from service.input.article import Article
from service.input.paragraphs import read_article

PARTS = [
    "Q: ", "A: ", "Q ", "A ", "Ann Cole: ", "COLE: ", "SEN. COLE (D-OH): ", "— Ann Cole (@a) May 3, 2021",
    "— Ann Cole, mayor",
    "> ", "- ", "“", "”", '"', "said:", "I am.", "You?", "[laughs]", "(APPLAUSE)", "\n", "\n\n",
    "00:00:01,000 --> 00:00:02,000\n", "<v Ann>", "</v>", "♪", "**", "BY MS. FROST:", "PIER TO OPEN -MAYOR", "9.35am ",
    "A post shared by Ann (@a)", "View this post on Instagram\n", "\r\n", "\u2028", "🏳️\u200d🌈", "Ann Cole",
    "From Ann Cole:",
    "*laughs*", " ", "...", "it fell. ",
]  # fmt: skip


def check(article: Article) -> None:
    """Fail if a span is empty, has no letter or digit, or is not after the one before it."""
    end = 0
    for passage in article.passages:
        for start, stop in passage.speech:
            assert end <= start < stop <= len(article.text), (article.text, passage)
            assert any(map(str.isalnum, article.text[start:stop])), (article.text, passage)
            end = stop
        for named in filter(None, (passage.label, passage.name)):
            assert 0 <= named.start < named.end <= len(article.text), (article.text, passage)
    assert article.spelling is None or len(article.spelling) == len(article.text)
    assert list(article.skipped) == sorted(article.skipped)


@pytest.mark.fuzz
def test_spans_of_random_texts_are_in_order_and_have_words() -> None:
    chance = random.Random(7)
    found = 0
    for _ in range(4_000):
        article = with_form(read_article("".join(chance.choices(PARTS, k=chance.randint(1, 14)))))
        check(article)
        found += bool(article.passages)
    assert found > 200
