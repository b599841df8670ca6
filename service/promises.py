"""Invariants of every response beyond its schema. A response that violates one is never sent.

Messages contain ids and offsets but none of the article's words: they are logged, and articles are not.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from service.errors import BrokenPromise


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
    for number, one in enumerate(checks):
        originals = [one["originals"], one["elsewhere"], [change["original"] for change in one["changes"]]]
        printed = [change["printed"] for change in one["changes"]]
        for broken in (*_broken_spans(originals, text), *_broken_spans(printed, one["text"])):
            raise BrokenPromise(f"printed quote {number}: {broken}")


def _broken(document: dict[str, Any], text: str) -> Iterator[str]:
    yield from _broken_spans(document, text)
    quotes, speakers = document["quotes"], document["speakers"]
    ids = [item["id"] for item in [*quotes, *speakers]]
    if len(set(ids)) != len(ids):
        yield "two quotes or speakers have the same id"
    spoken: dict[str | None, list[str]] = {}
    first = {(quote["id"], quote["speaker"]) for quote in quotes if "repeats" not in quote}
    for quote in quotes:
        if "repeats" not in quote:
            spoken.setdefault(quote["speaker"], []).append(quote["id"])
        elif (quote["repeats"], quote["speaker"]) not in first:
            yield f"quote {quote['id']} repeats something that is not a quote of its speaker"
        yield from _broken_quote(quote)
    for speaker in speakers:
        if speaker["quotes"] != spoken.pop(speaker["id"], None):
            yield f"the quotes listed by speaker {speaker['id']} are not those that name it"
    if any(spoken):
        yield "a quote names a speaker that is not listed"


def _broken_spans(value: Any, text: str) -> Iterator[str]:
    for place, span in _spans(value, ""):
        if not 0 <= span["start"] < span["end"] <= len(text):
            yield f"{place} is [{span['start']}:{span['end']}], but the text has {len(text)} characters"
        if "text" in span and span["text"] != text[span["start"] : span["end"]]:
            yield f"{place} differs from the text at [{span['start']}:{span['end']}]"


def _broken_quote(quote: dict[str, Any]) -> Iterator[str]:
    contents = quote["contents"]
    if any(second["start"] < first["end"] for first, second in pairwise(contents)):
        yield f"the contents of quote {quote['id']} are not in order, or overlap"
    if (quote["speaker"] is None) != (quote["resolution"] == "none"):
        yield f"quote {quote['id']} has a speaker without a resolution, or a resolution without a speaker"
    if (quote["speaker"] is None) != (quote["unresolved"] is not None):
        yield f"quote {quote['id']} has both a speaker and a reason for having none, or neither"


def _spans(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of the response that has offsets, with its JSON pointer."""
    if isinstance(value, dict):
        if "start" in value:
            yield place, value
        for name, below in value.items():
            if isinstance(below, dict | list):
                yield from _spans(below, f"{place}/{name}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _spans(below, f"{place}/{index}")
