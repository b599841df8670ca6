"""Speakers within a sentence, with the embedded model. The expected results are in `sources.toml`."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from service.extraction.report import Options, Quote, Report
from service.input.article import Article
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of

FILE = Path(__file__).parent / "sources.toml"
CASES: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
OPENING = {"that", "as", "to", "the", "a", "an", "mr", "ms", "dr", "mayor", "judge"}

pytestmark = pytest.mark.model


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']}: {case['text'][:60]}" for case in CASES])
def test_sentences_have_their_speakers(
    embedded_parser: Parser, case: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    if "open" in case:
        request.applymarker(pytest.mark.xfail(reason=case["open"], strict=False))
    article = read_article(case["text"])
    report = quotes_of(article, embedded_parser, Options())
    wanted = case.get("quotes", [])
    unexpected = [shown(article, report, quote) for quote in report.quotes if not matches(article, report, quote, case)]
    missing = [
        one for one in wanted if not any(is_same(article, report, quote, one) for quote in chains(article, report))
    ]
    assert (unexpected, missing) == ([], [])


def chains(article: Article, report: Report) -> list[tuple[Quote, str]]:
    """Return each quote with its words, and with those of its continuations."""
    found = []
    for number, quote in enumerate(report.quotes):
        rest = [other for other in report.quotes if other.continues == number]
        spans = [span for one in (quote, *rest) for span in one.contents]
        found.append((quote, " ".join(article.slice(span) for span in spans)))
        found.append((quote, " ".join(article.slice(span) for span in quote.contents)))
    return found


def matches(article: Article, report: Report, quote: Quote, case: dict[str, Any]) -> bool:
    """Return whether the quote, or the chain it belongs to, is required or allowed by the case."""
    known = [*case.get("quotes", []), *case.get("maybe", [])]
    if quote.continues is not None:
        return True
    own = [pair for pair in chains(article, report) if pair[0] is quote]
    return any(is_same(article, report, pair, one) for pair in own for one in known)


def is_same(article: Article, report: Report, found: tuple[Quote, str], wanted: list[str]) -> bool:
    quote, text = found
    contents = {key(one) for one in wanted[0].split("||")}
    names = {key(one) if one.strip() != "-" else None for one in wanted[1].split("||")}
    if quote.speaker is None:
        return key(text) in contents and None in names
    speaker = report.speakers[quote.speaker]
    return key(text) in contents and bool(names & {key(name) for name in (speaker.name, *speaker.aliases)})


def key(text: str) -> str:
    """Normalize `text`: lower case, without quotation marks and optional leading words."""
    words = re.findall(r"\w+(?:[’'.-]\w+)*", text.replace("’", "'").lower())
    while len(words) > 1 and words[0] in OPENING:
        words = words[1:]
    return " ".join(words)


def shown(article: Article, report: Report, quote: Quote) -> str:
    speaker = report.speakers[quote.speaker].name if quote.speaker is not None else "-"
    return f"{' | '.join(article.slice(span) for span in quote.contents)} ← {speaker}"
