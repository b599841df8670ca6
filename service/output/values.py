"""Build the values of a response: ids, spans with their text, and rounded numbers. Offsets are code points."""

from collections.abc import Iterable
from typing import Any

from service.extraction.report import Cue, Quote
from service.input.article import Article, Span


def quote_id(index: int) -> str:
    """Return the id, in a response, of `Report.quotes[index]`."""
    return f"q{index + 1}"


def speaker_id(index: int) -> str:
    """Return the id, in a response, of `Report.speakers[index]`."""
    return f"s{index + 1}"


def quote_text(article: Article, quote: Quote) -> str:
    """Return the quoted words as one text: the contents, joined by spaces."""
    return " ".join(article.slice(span) for span in quote.contents)


def rounded(value: float) -> float:
    """Round a confidence or a score to three decimals, as in a response."""
    return round(value, 3)


def span_value(article: Article, span: Span) -> dict[str, Any]:
    """Return a span of `article` with its text."""
    return {"start": span.start, "end": span.end, "text": article.slice(span)}


def span_values(article: Article, spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Return spans of `article` with their texts."""
    return [span_value(article, span) for span in spans]


def cue_value(article: Article, cue: Cue) -> dict[str, Any]:
    """Return the words of a cue with its lemma and class."""
    return {**span_value(article, cue.span), "lemma": cue.lemma, "class": cue.cue_class}


def plain_value(article: Article, value: Any) -> Any:
    """Return a value of a `Quote` as JSON: spans and cues with their text, numbers rounded, tuples as arrays."""
    if isinstance(value, Span):
        return span_value(article, value)
    if isinstance(value, Cue):
        return cue_value(article, value)
    if isinstance(value, tuple):
        return [plain_value(article, item) for item in value]
    return rounded(value) if isinstance(value, float) else value
