"""Invented sentences for each construction, with the embedded model.

The expected results are in `constructions.toml` and `boundaries.toml`.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from service.extraction.report import Options, Quote, Report
from service.input.article import Article
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of

CASES: list[dict[str, Any]] = [
    case
    for name in ("constructions.toml", "boundaries.toml")
    for case in tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))["case"]
]

pytestmark = pytest.mark.model


def shown(article: Article, report: Report, quote: Quote) -> list[str]:
    row = [
        quote.kind,
        " | ".join(article.slice(span) for span in quote.contents),
        article.slice(quote.cue.span) if quote.cue else "",
        report.speakers[quote.speaker].name if quote.speaker is not None else "-",
        article.slice(quote.addressee) if quote.addressee else "",
        article.slice(quote.via) if quote.via else "",
        "negated" if quote.negated else "",
    ]
    while row[-1] == "":
        row.pop()
    return row


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_construction_gives_the_expected_quotes(
    embedded_parser: Parser, case: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    if "open" in case:
        request.applymarker(pytest.mark.xfail(reason=case["open"], strict=False))
    article = read_article(case["text"])
    report = quotes_of(article, embedded_parser, Options())
    assert [shown(article, report, quote) for quote in report.quotes] == case["quotes"]
