"""Build the values of a response, check its invariants, and convert its offsets to the requested unit.

A response that violates an invariant is never sent: `BrokenPromise` is an internal error.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from service.errors import BrokenPromise
from service.extraction.report import Cue, OffsetUnit, Quote
from service.input.article import Article, Span

_TWO_UNITS: Final = re.compile("[\U00010000-\U0010ffff]")
_COUNTED: Final = frozenset({"start", "end", "length"})  # the response's fields that count characters of the text


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


def offset_converter(text: str, unit: OffsetUnit) -> Callable[[int], int]:
    """Return a function that converts an offset into `text` from code points to `unit`.

    Building it takes time linear in the text. An unpaired surrogate counts as one in both units.
    """
    if unit == "codepoints":
        return lambda offset: offset
    wide = [result.start() for result in _TWO_UNITS.finditer(text)]
    return lambda offset: offset + bisect_left(wide, offset)


def with_offsets_in(document: dict[str, Any], text: str, unit: OffsetUnit) -> dict[str, Any]:
    """Return `document`, a response about `text` in code points, with all offsets and lengths converted to `unit`."""
    if unit == "codepoints":
        return document
    convert = offset_converter(text, unit)
    return {name: _converted(name, value, convert) for name, value in document.items()}


def _converted(name: str, value: Any, convert: Callable[[int], int]) -> Any:
    if isinstance(value, dict):
        return {key: _converted(key, inner, convert) for key, inner in value.items()}
    if isinstance(value, list):
        return [_converted(name, item, convert) for item in value]
    return convert(value) if name in _COUNTED else value


def check(document: dict[str, Any], text: str) -> None:
    """Check the invariants of a response (`ReportSchema`) about the article `text`. Raises `BrokenPromise`.

    Spans are verbatim and not empty; a quote's contents are in order and do not overlap; ids are unique; a quote's
    speaker is listed and lists the quote, unless it repeats another quote of theirs; a quote without a speaker has a
    reason.
    """
    for broken in _broken(document, text):
        raise BrokenPromise(broken)


def check_checks(checks: list[dict[str, Any]], text: str) -> None:
    """Check the invariants of verification results (`CheckSchema`). Raises `BrokenPromise`.

    Originals are verbatim spans of the article `text`; printed parts are verbatim spans of the printed quote.
    """
    for number, result in enumerate(checks):
        originals = [result["originals"], result["elsewhere"], [change["original"] for change in result["changes"]]]
        printed = [change["printed"] for change in result["changes"]]
        for broken in (*_broken_spans(originals, text), *_broken_spans(printed, result["text"])):
            raise BrokenPromise(f"printed quote {number}: {broken}")


def _broken(document: dict[str, Any], text: str) -> Iterator[str]:
    yield from _broken_spans(document, text)
    quotes, speakers = document["quotes"], document["speakers"]
    ids = [item["id"] for item in [*quotes, *speakers]]
    if len(set(ids)) != len(ids):
        yield "two quotes or speakers have the same id"
    quotes_by_speaker: dict[str | None, list[str]] = {}
    first_occurrences = {(quote["id"], quote["speaker"]) for quote in quotes if "repeats" not in quote}
    for quote in quotes:
        if "repeats" not in quote:
            quotes_by_speaker.setdefault(quote["speaker"], []).append(quote["id"])
        elif (quote["repeats"], quote["speaker"]) not in first_occurrences:
            yield f"quote {quote['id']} repeats something that is not a quote of its speaker"
        yield from _broken_quote(quote)
    for speaker in speakers:
        if speaker["quotes"] != quotes_by_speaker.pop(speaker["id"], None):
            yield f"the quotes listed by speaker {speaker['id']} are not those that name it"
    if any(quotes_by_speaker):
        yield "a quote names a speaker that is not listed"


def _broken_spans(value: Any, text: str) -> Iterator[str]:
    for pointer, span in _spans(value, ""):
        if not 0 <= span["start"] < span["end"] <= len(text):
            yield f"{pointer} is [{span['start']}:{span['end']}], but the text has {len(text)} characters"
        if "text" in span and span["text"] != text[span["start"] : span["end"]]:
            yield f"{pointer} differs from the text at [{span['start']}:{span['end']}]"


def _broken_quote(quote: dict[str, Any]) -> Iterator[str]:
    contents = quote["contents"]
    if any(second["start"] < first["end"] for first, second in pairwise(contents)):
        yield f"the contents of quote {quote['id']} are not in order, or overlap"
    if (quote["speaker"] is None) != (quote["resolution"] == "none"):
        yield f"quote {quote['id']} has a speaker without a resolution, or a resolution without a speaker"
    if (quote["speaker"] is None) != (quote["unresolved"] is not None):
        yield f"quote {quote['id']} has both a speaker and a reason for having none, or neither"


def _spans(value: Any, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of the response that has offsets, with its JSON pointer."""
    if isinstance(value, dict):
        if "start" in value:
            yield pointer, value
        for name, item in value.items():
            if isinstance(item, dict | list):
                yield from _spans(item, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _spans(item, f"{pointer}/{index}")
