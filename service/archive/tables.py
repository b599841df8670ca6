"""The rows of an archive's three tables, with the names and nesting of openapi.yaml."""

import json
from typing import Any, Final, Literal

import pyarrow as pa

from service.files.inputs import Refused

TableName = Literal["articles", "quotes", "speakers"]
Tables = dict[TableName, list[dict[str, Any]]]

_EXTENT: Final = [pa.field("start", pa.int32(), False), pa.field("end", pa.int32(), False)]
_SPAN: Final = [*_EXTENT, pa.field("text", pa.string(), False)]
_CUE: Final = [*_SPAN, pa.field("lemma", pa.string(), False), pa.field("class", pa.string(), False)]
_CANDIDATE: Final = [pa.field("name", pa.string(), False), pa.field("score", pa.float64(), False)]
_WARNING: Final = [pa.field("code", pa.string(), False), pa.field("detail", pa.string(), False)]
_RULE: Final = [pa.field("rule", pa.string(), False), pa.field("detail", pa.string(), False)]

_WEIGHT: Final = [pa.field("feature", pa.string(), False), pa.field("weight", pa.float64(), False)]
_ALTERNATIVE: Final = [
    pa.field("text", pa.string()), pa.field("score", pa.float64()),
    pa.field("features", pa.list_(pa.struct(_WEIGHT)), False),
]  # fmt: skip
_DECISION: Final = [
    pa.field("decision", pa.string(), False), pa.field("about", pa.string()),
    pa.field("decided_by", pa.string(), False), pa.field("winner", pa.struct(_ALTERNATIVE), False),
    pa.field("runner_up", pa.struct(_ALTERNATIVE)),
]  # fmt: skip


def _field(name: str, kind: pa.DataType = pa.string(), *, null: bool = False) -> pa.Field:  # noqa: B008
    return pa.field(name, kind, null)


SCHEMAS: Final[dict[TableName, pa.Schema]] = {
    "articles": pa.schema([
        _field("article"), _field("source"), _field("refused", null=True),
        *(_field(name, null=True) for name in ("id", "title", "url", "language", "byline", "published_at")),
        _field("site_name", null=True),
        _field("length", pa.int32(), null=True), _field("sha256", null=True), _field("text", null=True),
        _field("extra", null=True), _field("quotes", pa.int32()), _field("speakers", pa.int32()),
        _field("warnings", pa.list_(pa.struct(_WARNING))),
    ]),
    "quotes": pa.schema([
        _field("article"), _field("article_id", null=True), _field("id"), _field("kind"), _field("text"),
        _field("speaker", null=True), _field("speaker_name", null=True), _field("speaker_kind", null=True),
        _field("contents", pa.list_(pa.struct(_SPAN))), _field("marks", pa.list_(pa.struct(_SPAN))),
        _field("cue", pa.struct(_CUE), null=True), _field("mention", pa.struct(_SPAN), null=True),
        _field("resolution"), _field("speaker_confidence", pa.float64(), null=True), _field("unresolved", null=True),
        _field("unresolved_code", null=True), _field("continues", null=True),
        _field("addressee", pa.struct(_SPAN), null=True), _field("via", pa.struct(_SPAN), null=True),
        _field("negated", pa.bool_()), _field("sentence", pa.struct(_EXTENT)), _field("paragraph", pa.int32()),
        _field("section"), _field("confidence", pa.float64()), _field("repeats", null=True),
        _field("candidates", pa.list_(pa.struct(_CANDIDATE)), null=True),
        _field("explain", pa.list_(pa.struct(_RULE)), null=True),
        _field("decisions", pa.list_(pa.struct(_DECISION)), null=True),
    ]),
    "speakers": pa.schema([
        _field("article"), _field("article_id", null=True), _field("id"), _field("name"), _field("kind"),
        _field("description", null=True), _field("aliases", pa.list_(pa.string())),
        _field("mentions", pa.list_(pa.struct(_SPAN))), _field("quotes", pa.list_(pa.string())),
    ]),
}  # fmt: skip


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
    added = {"article", "article_id", "speaker_name", "speaker_kind"}
    optional = {name for name in ("repeats", "candidates", "explain", "decisions") if row[name] is None}
    return {name: value for name, value in row.items() if name not in added | optional}
