"""Corrections in a request and in a file."""

from typing import Any

import pytest

from schemas.corrections import load_corrections
from service.errors import Invalid

SPAN = {"start": 0, "end": 3, "text": "abc"}
HASH = "0" * 64


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
