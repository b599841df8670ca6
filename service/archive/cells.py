"""Read articles from rows: cells become text if they can; unreadable metadata is dropped with a warning."""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
from marshmallow import ValidationError

from schemas.request import ARTICLE_FIELDS, QuotesRequestSchema
from service.errors import InputError
from service.files.inputs import InputArticle, Refused
from service.input.decoding import decode_html, decode_text

_FIELDS: Final = QuotesRequestSchema().fields
_METADATA: Final = tuple(name for name in ARTICLE_FIELDS if name not in ("text", "html"))
_SPACED_TIME: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_UNKNOWN_LANGUAGES: Final = frozenset({"und", "mul", "zxx", "mis"})  # of ISO 639: no language in particular
_ENGLISH: Final = {"english": "en", "eng": "en"}
_UNREADABLE: Final = ["unreadable"]  # no field accepts it, so it is dropped with a warning
METADATA: Final = "metadata"  # the code of the warning


def as_cell(value: Any) -> Any:
    """Return a cell as text, a number, a boolean, a list or an object of these; None for no value (null, NaN).

    Dates, times, decimals and UUIDs become text, and so do bytes in UTF-8. Raises `ValueError` for other values.
    """
    match value:
        case None | str() | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            return value.isoformat() + ("Z" if value.tzinfo is None else "")
        case date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes():
            return value.decode()  # UnicodeDecodeError is a ValueError
        case dict():
            return {str(name): as_cell(inside) for name, inside in value.items()}
        case list() | tuple():
            return [as_cell(inside) for inside in value]
    raise ValueError(f"is of a type that is not text ({type(value).__name__})")


class UnreadableCell:
    """A cell that Python has no value for, such as a date before the year 1."""


def rows_of_batch(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """Yield the rows of a batch. A cell that has no Python value is an `UnreadableCell`."""
    try:
        yield from batch.to_pylist() if batch.num_columns else ({} for _ in range(batch.num_rows))
    except (ValueError, OverflowError):  # of one cell: UnicodeDecodeError and ArrowInvalid are ValueErrors
        names = batch.schema.names
        for row in range(batch.num_rows):
            yield {name: _cell(batch.column(at)[row]) for at, name in enumerate(names)}


def _cell(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return UnreadableCell()


def row_article(
    row: Mapping[str, Any], name: str, relative_path: str, fields: Mapping[str, str], max_bytes: int
) -> InputArticle | Refused:
    """Return the article of a row, given its columns, or its refusal. Null columns count as missing.

    `fields` maps fields of a request to the columns that replace them. Bytes are decoded like the body of a request;
    columns that are not fields of a request and have no JSON are left out.
    """
    columns = {field: fields.get(field, field) for field in ARTICLE_FIELDS}
    line: dict[str, Any] = {}
    for column, value in row.items():
        try:
            if isinstance(value, bytes) and column in (columns["text"], columns["html"]):
                cell: Any = decode_html(value) if column == columns["html"] else decode_text(value)
            else:
                cell = as_cell(value)
        except (InputError, ValueError) as error:
            if column in (columns["text"], columns["html"]):
                reason = "has bytes that are not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
                return Refused(name, f"column {column!r}: {reason.rstrip('.')}.")
            cell = _UNREADABLE if column in columns.values() else None
        if cell is not None:
            line[column] = _text_of(cell) if column in (columns["text"], columns["html"]) else cell
    content = json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(content) > max_bytes:
        return Refused(name, f"has more bytes than the limit of {max_bytes}. Split it.", len(content))
    return InputArticle(name, "jsonl", relative_path, content)


def with_readable_metadata(
    input_article: InputArticle, fields: Mapping[str, str]
) -> tuple[InputArticle, list[dict[str, str]]]:
    """Return `input_article` without metadata that a request could not have, and a warning for each.

    Empty values count as missing. A space between date and time, an underscore in a language tag and numbers as
    identifiers are repaired. Articles of texts and pages have no such metadata, and invalid lines stay as they are.
    """
    if input_article.form != "jsonl":
        return input_article, []
    try:
        line = json.loads(input_article.content)
    except (ValueError, RecursionError):
        return input_article, []
    if not isinstance(line, dict):
        return input_article, []
    warnings, kept = [], dict(line)
    for field in _METADATA:
        column = fields.get(field, field)
        if column not in line:
            continue
        value = _repaired(field, _text_of(line[column]))
        problem = _problem(field, value)
        if value is None or problem is not None:
            del kept[column]
        else:
            kept[column] = value
        if problem is not None:
            shown = json.dumps(line[column], ensure_ascii=False)[:80]
            warnings.append({"code": METADATA, "detail": f"{column} {shown} was dropped: it {problem}"})
    if kept == line:
        return input_article, warnings
    content = json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return replace(input_article, content=content), warnings


def fingerprint(input_article: InputArticle) -> str:
    """Return the hash of everything in INPUT that an article's results depend on, 32 hexadecimal digits."""
    return hashlib.sha256(input_article.form.encode() + b"\n" + input_article.content).hexdigest()[:32]


def _text_of(cell: Any) -> Any:
    """Return a number as text: 7.0 becomes "7", as tables store whole numbers next to missing ones."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell


def _repaired(field: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = value.strip()
    if field == "published_at" and (result := _SPACED_TIME.fullmatch(value)):
        day, minutes, seconds, zone = result.groups()
        zone = "Z" if zone in (None, "Z", "UTC", "GMT") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
        return f"{day}T{minutes}{seconds or ':00'}{zone}"
    if field == "language":
        tag = _ENGLISH.get(value.lower(), value.replace("_", "-").partition(".")[0])
        return None if tag.lower() in _UNKNOWN_LANGUAGES else tag or None
    return value or None


def _problem(field: str, value: Any) -> str | None:
    """Return why a request cannot have this value, or None. A language other than English is left to the request."""
    if value is None:
        return None
    if field == "language" and isinstance(value, str) and _TAG.fullmatch(value):
        return None
    try:
        _FIELDS[field].deserialize(value)
    except ValidationError as error:
        return str(error.messages[0])
    return None
