"""A deadline stops work between two steps, wherever it is, and reports the progress."""

import time

import pytest

from service.errors import OutOfTime
from service.extraction.attribution.attributions import attributions_of
from service.extraction.document import build_document
from service.extraction.report import Options
from service.extraction.speakers.resolve import resolve
from service.input.article import NO_DEADLINE, Deadline
from service.input.paragraphs import read_article
from service.pipeline import quotes_of
from service.verification.verify import Claim, verify
from tests.doubles import ARTICLE, FakeParser

OVER = Deadline(time.monotonic(), 2.5)


def test_passed_deadline_raises_with_progress() -> None:
    Deadline.after(60).check(3, 7, "sentences parsed")
    NO_DEADLINE.check(3, 7, "sentences parsed")
    with pytest.raises(
        OutOfTime, match=r"longer than 2\.5 seconds and was stopped after 3 of 7 sentences parsed"
    ) as raised:
        OVER.check(3, 7, "sentences parsed")
    assert raised.value.retry_after == 3


def test_every_step_checks_the_deadline() -> None:
    article = read_article(ARTICLE)
    (parse,) = FakeParser().parse([article])
    page = build_document(article, parse)
    attributions, _ = attributions_of(page, 0.4)
    report = quotes_of(article, FakeParser(), Options(), Deadline.after(60))
    assert report == quotes_of(article, FakeParser(), Options())
    with pytest.raises(OutOfTime, match="0 of 2 sentences searched for quotes"):
        attributions_of(page, 0.4, OVER)
    with pytest.raises(OutOfTime, match="0 of 2 sentences searched for speakers"):
        resolve(article, parse, attributions, OVER)
    with pytest.raises(OutOfTime, match="0 of 1 printed quotes verified"):
        verify(article, report, [Claim("We lost a winter")], OVER)
