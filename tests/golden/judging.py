"""Compare a report with a seed article's gold (`seeds/gold.json`).

Contents are compared by letters and digits; a leading "that" and closing punctuation can differ. A direct or mixed gold
quote needs exactly its content; an indirect one an overlap (Dice) of at least 0.8. Both need the right speaker.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.extraction.report import Quote, Report
from service.input.article import Article, Span

SEEDS = Path(__file__).parent / "seeds"
OVERLAP = 0.8


@dataclass(frozen=True)
class Verdict:
    """The result for one article: required quotes found by kind, and quotes that gold does not list."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    unlisted: tuple[Quote, ...]
    forbidden: tuple[str, ...]


def gold() -> dict[str, dict[str, Any]]:
    """Return the seeds' gold, by file name."""
    loaded: dict[str, dict[str, Any]] = json.loads((SEEDS / "gold.json").read_text(encoding="utf-8"))
    return loaded


def judge(article: Article, report: Report, wanted: dict[str, Any]) -> Verdict:
    """Compare `report` with the gold of its article."""
    text = article.text
    right: list[str] = []
    wrong: list[str] = []
    listed: set[int] = set()
    for entry in wanted["quotes"]:
        spans = [Span(*span) for span in entry["spans"]]
        near = [n for n, quote in enumerate(report.quotes) if dice(text, spans, quote.contents) >= 0.5]
        listed.update(near)
        if not entry["must"]:
            continue
        label = f"{entry['kind']}: {entry['content'][0][:60]} — {entry['speaker']}"
        found = any(fits(text, entry, spans, report, report.quotes[number]) for number in near)
        (right if found else wrong).append(label)
    unlisted = tuple(quote for number, quote in enumerate(report.quotes) if number not in listed)
    contents = [" ".join(text[s.start : s.end] for s in quote.contents) for quote in report.quotes]
    forbidden = tuple(never for never in wanted["never"] if any(never in content for content in contents))
    return Verdict(tuple(right), tuple(wrong), unlisted, forbidden)


def fits(text: str, entry: dict[str, Any], spans: Sequence[Span], report: Report, quote: Quote) -> bool:
    """Return whether `quote` matches the gold `entry`: content, kind if it is quoted, speaker and via."""
    if quote.speaker is None or report.speakers[quote.speaker].name != entry["speaker"]:
        return False
    if entry["kind"] == "indirect":
        return dice(text, spans, quote.contents) >= OVERLAP
    return quote.kind == entry["kind"] and letters(text, spans) == letters(text, quote.contents)


def dice(text: str, ours: Sequence[Span], theirs: Sequence[Span]) -> float:
    """Return the Dice coefficient of two contents over the offsets of their letters and digits."""
    a, b = letters(text, ours), letters(text, theirs)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def letters(text: str, spans: Sequence[Span]) -> set[int]:
    """Return the offsets of the letters and digits in `spans`, without a leading "that"."""
    places = [i for start, end in sorted(spans) for i in range(start, end) if text[i].isalnum()]
    start = spans[0][0]
    if text[start : start + 5].lower() == "that ":
        places = places[4:]
    return set(places)
