"""Offsets in UTF-16 code units, as JavaScript counts."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.output.promises import offset_converter, with_offsets_in
from service.pipeline import answer
from tests.api.contract_client import document
from tests.doubles import ARTICLE, FakeParser

_CHARACTERS = st.one_of(st.characters(), st.sampled_from("a “🙂🇳🇴𝒳é\ud83d\ude42\n"))  # lone surrogates among them
_TEXTS = st.text(_CHARACTERS, max_size=60)


def units(text: str) -> int:
    """The UTF-16 code units of `text`, by Python's own codec."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(_TEXTS)
def test_offsets_count_utf16_units_before_each_position(text: str) -> None:
    convert = offset_converter(text, "utf16")
    assert [convert(offset) for offset in range(len(text) + 1)] == [units(text[:at]) for at in range(len(text) + 1)]


@given(_TEXTS)
def test_code_point_offsets_are_unchanged(text: str) -> None:
    convert = offset_converter(text, "codepoints")
    assert [convert(offset) for offset in range(len(text) + 1)] == list(range(len(text) + 1))


@pytest.mark.slow
@given(st.lists(st.sampled_from(["🙂", "𝒳 said ", "\n\n", ARTICLE, "“🙂”, she said. "]), min_size=1).map("".join))
def test_utf16_spans_match_javascript_slices(text: str) -> None:
    points, utf16 = (
        answer(read_article(text), FakeParser(), Options(unattributed=True, furniture=True, offsets=unit))
        for unit in ("codepoints", "utf16")
    )
    assert utf16["article"].pop("length") == units(text)
    assert points["article"].pop("length") == len(text)
    sent = text.encode("utf-16-le")
    for span in _spans(utf16):
        assert sent[2 * span["start"] : 2 * span["end"]].decode("utf-16-le") == span["text"]
    assert _without_offsets(points) == _without_offsets(utf16)


@pytest.mark.parametrize("unit", ["codepoints", "utf16"])
def test_conversion_does_not_modify_the_document(unit: Any) -> None:
    given_one = answer(read_article(f"🙂 {ARTICLE}"), FakeParser(), Options())
    before = json.dumps(given_one)
    with_offsets_in(given_one, f"🙂 {ARTICLE}", unit)
    assert json.dumps(given_one) == before


def test_all_offset_fields_of_the_contract_are_converted() -> None:
    schemas = document()["components"]["schemas"]
    for name in ("Span", "Cue", "Extent"):
        offsets = {
            field for field, kind in schemas[name]["properties"].items() if kind.get("$ref", "").endswith("Offset")
        }
        assert offsets == {"start", "end"}
    assert "`options.offsets`" in schemas["Article"]["properties"]["length"]["description"]


def test_conversion_takes_linear_time() -> None:
    convert = offset_converter("🙂" * 200_000, "utf16")
    began = time.process_time()
    assert [convert(offset) for offset in range(0, 200_001, 2)][-1] == 400_000
    assert time.process_time() - began < 2  # counting from the start for each offset would take minutes


def _spans(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        state = [value] if {"start", "text"} <= value.keys() else []
        return state + [span for below in value.values() for span in _spans(below)]
    return [span for below in value for span in _spans(below)] if isinstance(value, list) else []


def _without_offsets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_offsets(below) for name, below in value.items() if name not in {"start", "end"}}
    return [_without_offsets(below) for below in value] if isinstance(value, list) else value
