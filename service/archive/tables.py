"""The rows of an archive's three tables: columns follow from the response's schemas."""

import json
from typing import Any, Final, Literal

import pyarrow as pa
from marshmallow import fields

from schemas.article import ArticleSchema
from schemas.fields import Count, Flag, Fraction, ListOf, Number, Object, Text
from schemas.quote import QUOTE_FIELDS
from schemas.report import ReportSchema
from schemas.speaker import SpeakerSchema
from service.files.inputs import Refused

TableName = Literal["articles", "quotes", "speakers"]
Tables = dict[TableName, list[dict[str, Any]]]

_ADDED: Final = {"article": False, "article_id": True, "speaker_name": True, "speaker_kind": True}  # nullable?
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
        *counts, warnings,
    ])  # fmt: skip


def _quotes() -> pa.Schema:
    columns = {name: pa.field(name, pa.string(), null) for name, null in _ADDED.items()}
    columns |= {field.name: arrow_field(field.name, field.type) for field in QUOTE_FIELDS}
    return pa.schema([columns[name] for name in (*_RELEASED, *(name for name in columns if name not in _RELEASED))])


def _speakers() -> pa.Schema:
    columns = [arrow_field(*one) for one in SpeakerSchema().fields.items()]
    return pa.schema([*_strings("article"), *_strings("article_id", null=True), *columns])


SCHEMAS: Final[dict[TableName, pa.Schema]] = {"articles": _articles(), "quotes": _quotes(), "speakers": _speakers()}


def add_answer(tables: Tables, relative_path: str, name: str, answer: str) -> None:
    """Add the rows of an article, given its relative path, its name, and the response as JSON."""
    report = json.loads(answer)
    about, quotes, speakers = report["article"], report["quotes"], report["speakers"]
    if "extra" in report:
        about["extra"] = json.dumps(report["extra"], ensure_ascii=False)
    counts: dict[str, Any] = {"quotes": len(quotes), "speakers": len(speakers), "warnings": report["warnings"]}
    tables["articles"].append({"article": relative_path, "source": name, **about, **counts})
    key = {"article": relative_path, "article_id": about["id"]}
    named = {speaker["id"]: speaker for speaker in speakers}
    for quote in quotes:
        who = named.get(quote["speaker"], {})
        tables["quotes"].append({**quote, **key, "speaker_name": who.get("name"), "speaker_kind": who.get("kind")})
    tables["speakers"] += ({**speaker, **key} for speaker in speakers)


def add_refusal(tables: Tables, relative_path: str, refused: Refused) -> None:
    """Add the row of a rejected article."""
    row = {"article": relative_path, "source": refused.name, "refused": refused.reason, "quotes": 0, "speakers": 0}
    row["warnings"] = []
    tables["articles"].append(row)


def quote_of(row: dict[str, Any]) -> dict[str, Any]:
    """Convert a row of `quotes` back to the response's quote."""
    optional = {field.name for field in QUOTE_FIELDS if not field.type.required and row[field.name] is None}
    return {name: value for name, value in row.items() if name not in _ADDED.keys() | optional}
