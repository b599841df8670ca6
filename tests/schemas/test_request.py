"""Loading requests and lines. Rejections and their messages are tested in tests/api/test_problems.py."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from schemas.request import as_text, load_request, split_line
from service.errors import Invalid
from service.extraction.report import Options
from tests.conftest import numbers


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
def test_a_requests_fields_are_read_and_the_others_kept(
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
