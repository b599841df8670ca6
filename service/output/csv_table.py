"""Render a report, or the results of a verification, as CSV (RFC 4180) for spreadsheets and data frames."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.quote import QUOTE_FIELDS
from service.extraction.report import OffsetUnit, Report
from service.input.article import Article
from service.output.promises import offset_converter, quote_id, speaker_id

# Released columns keep their order; new ones follow them.
_RELEASED: Final = (
    "article", "title", "byline", "site_name", "url", "published_at", "quote", "kind", "text", "sentence",
    "speaker", "speaker_id", "speaker_kind", "description", "mention", "cue",
    "addressee", "via", "negated", "resolution", "section", "paragraph", "start", "end", "spans", "confidence",
    "speaker_confidence", "unresolved_code", "warnings", "extra",
)  # fmt: skip
_FIELDS: Final = tuple(field for field in QUOTE_FIELDS if field.csv)
COLUMNS: Final = (*_RELEASED, *(field.name for field in _FIELDS if field.name not in _RELEASED), "article_form")
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
    convert = offset_converter(article.text, unit)
    for index, quote in enumerate(report.quotes):
        fields = {field.name: _cell(field.of(article, quote, index)) for field in _FIELDS}
        row = fields | _derived_cells(article, report, index, convert)
        writer.writerow({name: escape_formula(cell) if isinstance(cell, str) else cell for name, cell in row.items()})
    return table.getvalue()


def escape_formula(cell: str) -> str:
    """Return `cell`, escaped by an apostrophe if a spreadsheet would treat it as a formula.

    A cell that begins with apostrophes gets one more, so that removing one always restores the original.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _cell(value: Any) -> Any:
    """Return a JSON value as a cell: the text of a span, and booleans in lower case."""
    if isinstance(value, dict):
        return value["text"]
    return str(value).lower() if isinstance(value, bool) else value


def _derived_cells(article: Article, report: Report, index: int, convert: Callable[[int], int]) -> dict[str, object]:
    """Return the cells that are not fields of the quote: its article, its speaker and its offsets."""
    quote = report.quotes[index]
    speaker = None if quote.speaker is None else report.speakers[quote.speaker]
    offsets = [(convert(start), convert(end)) for start, end in quote.contents]
    return {
        "article": article.id,
        "title": article.title,
        "byline": article.byline,
        "site_name": article.site_name,
        "url": article.url,
        "published_at": article.published_at,
        "article_form": article.form or "prose",
        "quote": quote_id(index),
        "sentence": article.slice(quote.sentence),
        "speaker": speaker and speaker.name,
        "speaker_id": None if quote.speaker is None else speaker_id(quote.speaker),
        "speaker_kind": speaker and speaker.kind,
        "description": speaker and speaker.description,
        "start": offsets[0][0],
        "end": offsets[-1][1],
        "spans": " ".join(f"{start}..{end}" for start, end in offsets),  # spreadsheets read "3:6" and "3-6" as dates
        "warnings": " ".join(warning.code for warning in article.warnings),
        "extra": article.extra,
    }


CHECK_COLUMNS: Final = (
    "article", "quote", "speaker", "verdict", "wording", "found_in", "attribution", "original", "start", "end",
    "said_by", "did_you_mean", "changes",
)  # fmt: skip


def checks_to_csv(document: Mapping[str, Any]) -> str:
    """Return a row of column names, then one row per check of a response of `POST /quotes/verify`.

    Every cell is quoted and every row ends in CR LF, as in the CSV of `POST /quotes`. Several names, spans or changes
    in a cell are separated by `; `.
    """
    table = io.StringIO()
    writer = csv.DictWriter(table, CHECK_COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    names = {speaker["id"]: speaker["name"] for speaker in document["speakers"]}
    for check in document["checks"]:
        row = {"article": document["article"]["id"], **_row(check, names)}
        writer.writerow({name: escape_formula(cell) if isinstance(cell, str) else cell for name, cell in row.items()})
    return table.getvalue()


def _row(check: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, object]:
    originals = check["originals"]
    return {
        "quote": check["text"],
        "speaker": check["speaker"],
        "verdict": check["verdict"],
        "wording": check["wording"],
        "found_in": check["found_in"],
        "attribution": check["attribution"],
        "original": " … ".join(span["text"] for span in originals),
        "start": originals[0]["start"] if originals else None,
        "end": originals[-1]["end"] if originals else None,
        "said_by": "; ".join(names[speaker] for speaker in check["said_by"]),
        "did_you_mean": "; ".join(suggestion["name"] for suggestion in check["did_you_mean"]),
        "changes": "; ".join(map(_change, check["changes"])),
    }


def _change(change: Mapping[str, Any]) -> str:
    """Format a change: `changed: “a” → “the” (number)`."""
    original, printed = (f"“{side['text']}”" if side else "nothing" for side in (change["original"], change["printed"]))
    meaning = f" ({change['meaning']})" if change["meaning"] else ""
    return f"{change['kind']}: {original} → {printed}{meaning}"
