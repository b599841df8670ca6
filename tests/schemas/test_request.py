"""Loading requests. Rejections and their messages are tested in tests/api/test_problems.py."""

import pytest

from schemas.request import load_request
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
