"""The fast path for spans agrees with the schema."""

from typing import Any

import pytest
from marshmallow import Schema

from schemas.fields import Object, SpanField, SpanSchema


class AtAGlance(Schema):
    span = SpanField(required=True, allow_none=True)


class FieldByField(Schema):
    span = Object(SpanSchema, required=True, allow_none=True)


@pytest.mark.parametrize(
    "span",
    [
        {"start": 0, "end": 2, "text": "“é"},
        {"text": "a", "start": 0, "end": 1},
        {"start": 0, "end": 1},
        {"start": 0, "end": 1, "text": "a", "more": 1},
        {"start": -1, "end": 1, "text": "a"},
        {"start": 0, "end": -1, "text": "a"},
        {"start": True, "end": 1, "text": "a"},
        {"start": 0.0, "end": 1, "text": "a"},
        {"start": 0, "end": 1, "text": None},
        {"start": 0, "end": 1, "text": "\ud800"},
        None,
        [],
        "a",
    ],
)
def test_fast_span_validation_agrees_with_the_schema(span: Any) -> None:
    assert AtAGlance().validate({"span": span}) == FieldByField().validate({"span": span})


@pytest.mark.parametrize("span", [{"start": 0, "end": 1, "text": "a", "more": 1}, {"text": "a", "end": 1, "start": 0}])
def test_fast_span_dump_agrees_with_the_schema(span: dict[str, Any]) -> None:
    plain = {"start": 0, "end": 1, "text": "a"}
    assert list(AtAGlance().dump({"span": span})["span"].items()) == list(plain.items())
    dumped = AtAGlance().dump({"span": plain})["span"]
    assert dumped == plain
    assert dumped is not plain
