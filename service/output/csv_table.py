"""Render a report as CSV (RFC 4180): one row per quote, for spreadsheets and data frames."""

import csv
import io
import re
from collections.abc import Callable
from typing import Final

from service.extraction.report import OffsetUnit, Quote, Report
from service.input.article import Article, Span
from service.output.promises import counting
from service.output.rendering import confidence, quote_id, quote_text, speaker_confidence, speaker_id

COLUMNS: Final = (
    "article", "title", "byline", "site_name", "url", "published_at", "quote", "kind", "text", "sentence",
    "speaker", "speaker_id", "speaker_kind", "description", "mention", "cue",
    "addressee", "via", "negated", "resolution", "section", "paragraph", "start", "end", "spans", "confidence",
    "speaker_confidence", "unresolved_code", "warnings", "extra",
)  # fmt: skip
# What spreadsheets treat as the start of a formula, including its full-width forms (OWASP, "CSV Injection").
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def to_csv(article: Article, report: Report, unit: OffsetUnit = "codepoints", *, header: bool = True) -> str:
    """Return a row of column names, then one row per quote of `article`, in text order, with offsets in `unit`.

    Every cell is quoted and every row ends in CR LF. Null values are empty cells. Without `header`, the rows can be
    appended to those of another article.
    """
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if header:
        writer.writeheader()
    place = counting(article.text, unit)
    for index, quote in enumerate(report.quotes):
        row = {"quote": quote_id(index), **_row(article, report, quote, place)}
        writer.writerow({name: harmless(cell) if isinstance(cell, str) else cell for name, cell in row.items()})
    return table.getvalue()


def harmless(cell: str) -> str:
    """Return `cell`, escaped by an apostrophe if a spreadsheet would treat it as a formula.

    A cell that begins with apostrophes gets one more, so that removing one always restores the original.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _row(article: Article, report: Report, quote: Quote, place: Callable[[int], int]) -> dict[str, object]:
    speaker = None if quote.speaker is None else report.speakers[quote.speaker]
    ends = [(place(start), place(end)) for start, end in quote.contents]
    return {
        "article": article.id,
        "title": article.title,
        "byline": article.byline,
        "site_name": article.site_name,
        "url": article.url,
        "published_at": article.published_at,
        "kind": quote.kind,
        "text": quote_text(article, quote),
        "sentence": article.slice(quote.sentence),
        "speaker": speaker and speaker.name,
        "speaker_id": None if quote.speaker is None else speaker_id(quote.speaker),
        "speaker_kind": speaker and speaker.kind,
        "description": speaker and speaker.description,
        "mention": _words(article, quote.mention),
        "cue": _words(article, quote.cue.span if quote.cue else None),
        "addressee": _words(article, quote.addressee),
        "via": _words(article, quote.via),
        "negated": str(quote.negated).lower(),
        "resolution": quote.resolution,
        "section": quote.section,
        "paragraph": quote.paragraph,
        "start": ends[0][0],
        "end": ends[-1][1],
        "spans": " ".join(f"{start}..{end}" for start, end in ends),  # spreadsheets read "3:6" and "3-6" as dates
        "confidence": confidence(quote),
        "speaker_confidence": speaker_confidence(quote),
        "unresolved_code": quote.unresolved_code,
        "warnings": " ".join(warning.code for warning in article.warnings),
        "extra": article.extra,
    }


def _words(article: Article, span: Span | None) -> str | None:
    return None if span is None else article.slice(span)
