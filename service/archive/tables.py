"""The rows of an archive's three tables: columns follow from the response's schemas, and what archives add."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc
from marshmallow import fields

from schemas.article import ArticleSchema
from schemas.fields import Count, Flag, Fraction, ListOf, Number, Object, Text
from schemas.quote import QUOTE_FIELDS
from schemas.report import ReportSchema
from schemas.speaker import SpeakerSchema
from service.files.inputs import Refused

TableName = Literal["articles", "quotes", "speakers"]

# What archives add to a quote: its type, and whether it can be null.
_ADDED: Final = {
    "article": (pa.string(), False), "article_id": (pa.string(), True), "speaker_name": (pa.string(), True),
    "speaker_kind": (pa.string(), True), "published_on": (pa.date32(), True), "sentence_text": (pa.string(), False),
    "quote_hash": (pa.string(), False),
}  # fmt: skip
# Released columns keep their order; new ones follow them.
_RELEASED: Final = (
    "article", "article_id", "id", "kind", "text", "speaker", "speaker_name", "speaker_kind", "contents", "marks",
    "cue", "mention", "resolution", "speaker_confidence", "unresolved", "unresolved_code", "continues", "addressee",
    "via", "negated", "sentence", "paragraph", "section", "confidence", "repeats", "candidates", "explain", "decisions",
)  # fmt: skip
_TYPES: Final[dict[type[fields.Field[Any]], pa.DataType]] = {
    Text: pa.string(), Flag: pa.bool_(), Count: pa.int32(), Fraction: pa.float64(), Number: pa.float64(),
}  # fmt: skip


def arrow_field(name: str, field: fields.Field[Any]) -> pa.Field:
    """Return the column of a response's field: null where the field can be null or left out."""
    return pa.field(name, _arrow_type(field), bool(field.allow_none) or not field.required)


def _arrow_type(field: fields.Field[Any]) -> pa.DataType:
    if isinstance(field, ListOf):
        return pa.list_(_arrow_type(field.inner))
    if isinstance(field, Object):
        return pa.struct([arrow_field(*one) for one in field.schema.fields.items()])
    return _TYPES[type(field)]


def _strings(*names: str, null: bool = False) -> list[pa.Field]:
    return [pa.field(name, pa.string(), null) for name in names]


def _articles() -> pa.Schema:
    """Return the columns of `articles`. Rejected articles have a row without the response's fields."""
    about = [arrow_field(*one).with_nullable(True) for one in ArticleSchema().fields.items()]
    counts = [pa.field(name, pa.int32(), False) for name in ("quotes", "speakers")]
    warnings = arrow_field("warnings", ReportSchema().fields["warnings"])
    return pa.schema([
        *_strings("article", "source"), *_strings("refused", null=True), *about, *_strings("extra", null=True),
        *counts, warnings, pa.field("published_on", pa.date32()), *_strings("fingerprint", null=True),
    ])  # fmt: skip


def _quotes() -> pa.Schema:
    columns = {name: pa.field(name, *added) for name, added in _ADDED.items()}
    columns |= {field.name: arrow_field(field.name, field.type) for field in QUOTE_FIELDS}
    return pa.schema([columns[name] for name in (*_RELEASED, *(name for name in columns if name not in _RELEASED))])


def _speakers() -> pa.Schema:
    columns = [arrow_field(*one) for one in SpeakerSchema().fields.items()]
    return pa.schema([*_strings("article"), *_strings("article_id", null=True), *columns])


SCHEMAS: Final[dict[TableName, pa.Schema]] = {"articles": _articles(), "quotes": _quotes(), "speakers": _speakers()}


# One row per article with its quotes and speakers: what `answer_batch` returns, and what a block is written as.
ROWS: Final[dict[TableName, str]] = {"quotes": "quote_rows", "speakers": "speaker_rows"}
ANSWERS: Final = pa.schema(
    [
        *SCHEMAS["articles"],
        *(pa.field(column, pa.list_(pa.struct(list(SCHEMAS[name]))), False) for name, column in ROWS.items()),
    ]
)
_HASH: Final = 16  # hexadecimal digits


def answered_row(
    relative_path: str, name: str, report: dict[str, Any], sentences: Sequence[str], warnings: Sequence[dict[str, str]]
) -> dict[str, Any]:
    """Return the row of an article with its quotes and speakers.

    `report` is the response, `sentences` the text of each quote's sentence, and `warnings` go before the response's.
    """
    about, speakers = dict(report["article"]), report["speakers"]
    if "extra" in report:
        about["extra"] = json.dumps(report["extra"], ensure_ascii=False)
    about["published_on"] = _day(about["published_at"])
    key = {"article": relative_path, "article_id": about["id"]}
    dated = {**key, "published_on": about["published_on"]}
    named = {speaker["id"]: speaker for speaker in speakers}
    quotes = []
    for quote, sentence in zip(report["quotes"], sentences, strict=True):
        who = named.get(quote["speaker"], {})
        added = {"speaker_name": who.get("name"), "speaker_kind": who.get("kind"), "sentence_text": sentence}
        quotes.append({**quote, **dated, **added, "quote_hash": quote_hash(quote)})
    return {
        "article": relative_path, "source": name, **about, "quotes": len(quotes), "speakers": len(speakers),
        "warnings": [*warnings, *report["warnings"]], "quote_rows": quotes,
        "speaker_rows": [{**speaker, **key} for speaker in speakers],
    }  # fmt: skip


def refused_row(relative_path: str, refused: Refused) -> dict[str, Any]:
    """Return the row of a rejected article."""
    row = {"article": relative_path, "source": refused.name, "refused": refused.reason, "quotes": 0, "speakers": 0}
    return {**row, "warnings": [], "quote_rows": [], "speaker_rows": []}


def tables_of(answers: pa.Table) -> dict[TableName, pa.Table]:
    """Return the three tables of articles with their quotes and speakers (`ANSWERS`)."""
    tables: dict[TableName, pa.Table] = {
        "articles": answers.select(SCHEMAS["articles"].names).cast(SCHEMAS["articles"])
    }
    for name, column in ROWS.items():
        flat = pc.list_flatten(answers.column(column)).combine_chunks()
        tables[name] = pa.Table.from_struct_array(flat).cast(SCHEMAS[name])
    return tables


def quote_hash(quote: dict[str, Any]) -> str:
    """Return the hash of a quote's words, the same in every copy: case, punctuation and typography do not count."""
    words = " ".join(content["text"] for content in quote["contents"]) or quote["text"]
    letters = "".join(one for one in unicodedata.normalize("NFKD", words).casefold() if not unicodedata.combining(one))
    return hashlib.sha256(" ".join(_WORD.findall(letters)).encode()).hexdigest()[:_HASH]


_WORD: Final = re.compile(r"\w+")


def _day(published_at: str | None) -> date | None:
    """Return the date as the article has it, in its own time zone."""
    return None if published_at is None else date.fromisoformat(published_at[:10])


def quote_of(row: dict[str, Any]) -> dict[str, Any]:
    """Convert a row of `quotes` back to the response's quote."""
    optional = {field.name for field in QUOTE_FIELDS if not field.type.required and row[field.name] is None}
    return {name: value for name, value in row.items() if name not in _ADDED.keys() | optional}
