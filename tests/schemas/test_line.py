import json
from datetime import date, datetime
from typing import Any

import pytest

from schemas.request import as_text, split_line
from service.errors import Invalid


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
