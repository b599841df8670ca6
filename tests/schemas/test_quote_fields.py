"""One definition of a quote's fields: openapi.yaml, JSON, CSV, HTML and the tables of archives follow it."""

import re
from typing import Any, Final

import pytest
from marshmallow import fields

from schemas.fields import Count, Flag, Fraction, ListOf, Number, Object, Text
from schemas.quote import QUOTE_FIELDS, QuoteField, QuoteSchema, quote_document
from service.archive.tables import SCHEMAS, arrow_field, quote_of
from service.extraction.report import Quote, QuoteIndex, Report, Speaker, SpeakerIndex
from service.input.article import Span
from service.output.csv_table import COLUMNS
from service.output.marked_html import to_html
from tests.api.contract_client import document
from tests.conftest import ROOT
from tests.trees import article, span_of

TEXT: Final = "“No,” said Ann Example."
NAME: Final = span_of(TEXT, "Ann Example")
QUOTE: Final = Quote(
    "direct",
    (Span(0, 5),),
    Span(0, len(TEXT)),
    0,
    "body",
    mention=NAME,
    speaker=SpeakerIndex(0),
    resolution="name",
    confidence=0.5,
)
REPORT: Final = Report((QUOTE,), (Speaker("Ann Example", "person", mentions=(NAME,), quotes=(QuoteIndex(0),)),))
JSON_TYPES: Final[dict[type[fields.Field[Any]], str]] = {
    Text: "string", Flag: "boolean", Count: "integer", Fraction: "number", Number: "number", Object: "object",
    ListOf: "array",
}  # fmt: skip


def described() -> dict[str, Any]:
    properties: dict[str, Any] = document()["components"]["schemas"]["Quote"]["properties"]
    return properties


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` without a reference, and without null as an alternative."""
    while "$ref" in schema or "anyOf" in schema or "allOf" in schema:
        if "$ref" in schema:
            schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        else:
            (schema,) = [one for one in schema.get("anyOf") or schema["allOf"] if one.get("type") != "null"]
    return schema


def json_type(field: fields.Field[Any]) -> str:
    return next(name for kind, name in JSON_TYPES.items() if isinstance(field, kind))


def test_openapi_lists_the_fields_in_order() -> None:
    assert list(described()) == [field.name for field in QUOTE_FIELDS] == list(QuoteSchema().fields)


@pytest.mark.parametrize("field", QUOTE_FIELDS, ids=lambda field: field.name)
def test_openapi_gives_each_field_its_type(field: QuoteField) -> None:
    schema = resolved(described()[field.name])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert [json_type(field.type)] == [name for name in types if name != "null"]
    if isinstance(field.type, ListOf):
        assert json_type(field.type.inner) == resolved(schema["items"])["type"]
    if isinstance(field.type, Fraction):
        assert (schema["minimum"], schema["maximum"]) == (0, 1)


def test_only_optional_fields_are_left_out_when_null() -> None:
    plain = quote_document(article(TEXT), QUOTE, 0, explain=False)
    assert plain.keys() == {field.name for field in QUOTE_FIELDS if field.type.required}
    explained = quote_document(article(TEXT), QUOTE, 0, explain=True)
    assert explained.keys() - plain.keys() == {field.name for field in QUOTE_FIELDS if field.explained}


def test_archive_tables_have_a_column_for_each_field() -> None:
    columns = SCHEMAS["quotes"]
    added = {
        "article", "article_id", "speaker_name", "speaker_kind", "published_on", "quote_hash", "sentence_text"
    }  # fmt: skip
    assert set(columns.names) == {field.name for field in QUOTE_FIELDS} | added
    assert all(columns.field(field.name) == arrow_field(field.name, field.type) for field in QUOTE_FIELDS)
    assert quote_of(dict.fromkeys(columns.names)).keys() == {
        field.name for field in QUOTE_FIELDS if field.type.required
    }


@pytest.mark.parametrize("table", SCHEMAS)
def test_scale_page_lists_every_column_of_a_table(table: str) -> None:
    page = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    rows = page.partition(f"| Column of `{table}` |")[2].partition("\n\n")[0].splitlines()[2:]
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(listed) == sorted(SCHEMAS[table].names)  # type: ignore[index]


def test_csv_and_html_have_every_flagged_field() -> None:
    assert {field.name for field in QUOTE_FIELDS if field.csv} <= set(COLUMNS)
    page = to_html(article(TEXT), REPORT)
    shown = {field.name for field in QUOTE_FIELDS if field.html and field.of(article(TEXT), QUOTE, 0)}
    assert set(re.findall(r"data-(\w+)", page.partition("<mark")[2].partition(">")[0])) == {"quote"} | shown
