"""How an article is processed: parse, extract, render. The API and the command line share these functions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from service.account import enter, stage
from service.article.article import Article, Paragraph
from service.article.input_warnings import find_warnings
from service.article.paragraphs import read_article
from service.deadline import NO_DEADLINE, Deadline
from service.extraction.extractor import extract
from service.extraction.report import Options, Report
from service.parsing.parser import Parser
from service.rendering import render
from service.rendering_checks import render_checks
from service.verification.verify import Claim, verify

_WARM_UP: Final = '"It works," Ann Example said.\n\nBob Sample, a plumber, told reporters that it does.'


def quotes_of(article: Article, parser: Parser, options: Options, deadline: Deadline = NO_DEADLINE) -> Report:
    """Find who said what in `article`. Raises `OutOfTime` soon after the deadline."""
    with stage("parse"):
        (parse,) = parser.parse([_with_furniture(article) if options.furniture else article], deadline)
    with stage("extract"):
        report = extract(article, parse, options, deadline)
    enter(article, parse, report)
    return report


def _with_furniture(article: Article) -> Article:
    """Return `article` with no paragraph marked as boilerplate, so that the parser reads all of it."""
    return replace(article, paragraphs=tuple(Paragraph(paragraph.span) for paragraph in article.paragraphs))


def answer(article: Article, parser: Parser, options: Options) -> dict[str, Any]:
    """Find who said what in `article` and return the JSON that openapi.yaml describes. Raises `BrokenPromise`."""
    return render(article, quotes_of(article, parser, options), options, parser.model)


def verification(
    article: Article, parser: Parser, claims: Sequence[Claim], options: Options, deadline: Deadline = NO_DEADLINE
) -> dict[str, Any]:
    """Verify `claims` against `article` and return the JSON that openapi.yaml describes.

    Raises `OutOfTime` soon after the deadline, and `BrokenPromise`.

    Unattributed quoted text counts as a quote here: it is not in the article's own words.
    """
    report = quotes_of(article, parser, replace(options, unattributed=True, statements="all"), deadline)
    with stage("verify"):
        checks = verify(article, report, claims, deadline)
    with stage("render"):
        return render_checks(article, report, checks, options, parser.model)


def warm_up(parser: Parser) -> None:
    """Process a small article, so that lexicons, language detection and kernels are loaded before the first request."""
    article = read_article(_WARM_UP)
    find_warnings(article)
    answer(article, parser, Options())
