"""Requests, spans and corrections: what is accepted, and which field a fault names."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from marshmallow import Schema

from schemas.corrections import load_corrections
from schemas.fields import Object, SpanField, SpanSchema
from schemas.request import as_text, load_request, split_line
from service.errors import Invalid
from service.extraction.report import Options
from tests.conftest import numbers

SPAN = {"start": 0, "end": 3, "text": "abc"}
HASH = "0" * 64


def test_missing_options_have_defaults() -> None:
    fields, options = load_request({"text": "a"}, 10)
    assert fields == {"text": "a"}
    assert options == Options()


def test_all_fields_are_accepted() -> None:
    options = {"kinds": ["mixed"], "min_confidence": 1, "unattributed": True, "furniture": True, "explain": True}
    fields, taken = load_request({"text": "a", "id": None, "url": "https://a.example", "options": options}, 10)
    assert fields == {"text": "a", "id": None, "url": "https://a.example"}
    assert taken == Options(kinds=("mixed",), min_confidence=1.0, unattributed=True, furniture=True, explain=True)


def test_request_is_not_modified() -> None:
    sent = {"text": "a", "options": {"kinds": ["mixed"]}}
    load_request(sent, 10)
    assert sent == {"text": "a", "options": {"kinds": ["mixed"]}}


@pytest.mark.parametrize("moment", ["2016-12-31T23:59:60Z", "2024-05-04T00:00:00+00:00", "0001-01-01"])
def test_rfc_3339_dates_are_accepted(moment: str) -> None:
    assert load_request({"text": "a", "published_at": moment}, 10)[0]["published_at"] == moment


@pytest.mark.parametrize(
    "moment", ["2024-5-4", "20240504", "2024-W18-6", "２０２４-05-04", "2024-05-04 10:00:00Z", "0000-01-01"]
)
def test_other_date_formats_are_rejected(moment: str) -> None:
    with pytest.raises(Invalid, match="/published_at: must be an RFC 3339 date"):
        load_request({"text": "a", "published_at": moment}, 10)


def test_lengths_are_counted_in_code_points() -> None:
    load_request({"text": "🙂" * 10}, 10)
    with pytest.raises(Invalid) as refused:
        load_request({"text": "🙂" * 11}, 10)
    (fault,) = refused.value.faults
    assert (fault.pointer, numbers(fault.detail)) == ("/text", [11, 10])


@pytest.mark.parametrize(
    ("line", "names", "request_of_line", "extra"),
    [
        ({"text": "a"}, {}, {"text": "a"}, None),
        ({"text": "a", "id": 7, "url": None}, {}, {"text": "a", "id": "7"}, None),
        ({"text": "a", "outlet": "Crier", "n": 1}, {}, {"text": "a"}, {"outlet": "Crier", "n": 1}),
        ({"text": "a", "options": {"explain": True}}, {}, {"text": "a", "options": {"explain": True}}, None),
        ({"body": "a", "outlet": None}, {"text": "body"}, {"text": "a"}, {"outlet": None}),
        ({"body": "a", "text": "teaser"}, {"text": "body"}, {"text": "a"}, {"text": "teaser"}),
        (
            {"text": "title", "title": "text"},
            {"text": "title", "title": "text"},
            {"text": "text", "title": "title"},
            None,
        ),
        ({"start": 3, "end": {"length": 1}, "text": "a"}, {}, {"text": "a"}, {"start": 3, "end": {"length": 1}}),
    ],
)
def test_request_fields_are_read_and_others_kept(
    line: dict[str, Any], names: dict[str, str], request_of_line: dict[str, Any], extra: dict[str, Any] | None
) -> None:
    request, kept = split_line(line, names)
    assert (request, kept and json.loads(kept)) == (request_of_line, extra)


def test_what_is_no_object_is_left_for_the_request_to_refuse() -> None:
    assert split_line(["text"]) == (["text"], None)


def test_half_a_surrogate_pair_is_refused_in_other_fields_too() -> None:
    with pytest.raises(Invalid, match="surrogate"):
        split_line({"text": "a", "outlet": "\ud800"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2024, 5, 4), "2024-05-04"),
        (datetime(2024, 5, 4, 9, 30), "2024-05-04T09:30:00Z"),
        (7, "7"),
        (True, True),
        ("a", "a"),
    ],
)
def test_a_value_is_a_text_as_a_request_has_it(value: Any, text: Any) -> None:
    assert as_text(value) == text


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


def document(*corrections: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"version": 1, "article": {"sha256": HASH}, "corrections": list(corrections), **fields}


def pointers(value: object) -> list[str]:
    with pytest.raises(Invalid) as refused:
        load_corrections(value)
    return sorted(fault.pointer for fault in refused.value.faults)


def test_each_change_is_read() -> None:
    loaded = load_corrections(
        document(
            {"change": "speaker", "quote": [SPAN], "kind": "direct", "speaker": None},
            {"change": "rename", "speaker": "A", "to": "B"},
            {"change": "drop", "quote": [SPAN]},
            {"change": "add", "quote": [SPAN, {"start": 3, "end": 4, "text": "d"}], "kind": "mixed", "speaker": "B"},
            quotes=[{"anything": 1}],
        )
        | {"article": {"sha256": HASH, "title": "A title", "length": 9}}
    )
    assert [one.change for one in loaded.changes] == ["speaker", "rename", "drop", "add"]
    assert loaded.changes[3].texts == ("abc", "d")
    assert loaded.changes[3].quote[1] == (3, 4)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], [""]),
        ({}, ["/article", "/corrections", "/version"]),
        (document() | {"version": 2}, ["/version"]),
        (document() | {"article": {"sha256": "abc"}}, ["/article/sha256"]),
        (document({"change": "swap"}), ["/corrections/0/change"]),
        (document({"change": "drop"}), ["/corrections/0/quote"]),
        (document({"change": "rename", "speaker": None}), ["/corrections/0/speaker", "/corrections/0/to"]),
        (document({"change": "add", "quote": [SPAN]}), ["/corrections/0/kind", "/corrections/0/speaker"]),
        (document({"change": "drop", "quote": [SPAN, SPAN]}), ["/corrections/0/quote"]),
        (document({"change": "drop", "quote": [SPAN], "why": ""}), ["/corrections/0/why"]),
        (document({"change": "rename", "speaker": "A", "to": ""}), ["/corrections/0/to"]),
        (document(*[{"change": "drop", "quote": [SPAN]}] * 5001), ["/corrections"]),
    ],
)
def test_invalid_corrections_are_refused_with_pointers(value: object, expected: list[str]) -> None:
    assert pointers(value) == expected
