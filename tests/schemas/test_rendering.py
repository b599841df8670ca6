"""Rendering a report as JSON, and the invariants checked before it is sent."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from service.errors import BrokenPromise
from service.extraction.report import Cue, Options, Quote, QuoteIndex, Report, Rule, Speaker, SpeakerIndex
from service.input.article import Span
from service.output import promises
from service.output.rendering import render, to_json
from service.parsing.parser import ModelInfo
from tests.trees import article, span_of

TEXT = "“No,” said Ann Example, “never.”"
PIECES = (span_of(TEXT, "“No,”"), span_of(TEXT, "“never.”"))
NAME = span_of(TEXT, "Ann Example")
SAID = Cue(span_of(TEXT, "said"), "say", "say")
QUOTE = Quote(
    "direct",
    PIECES,
    Span(0, len(TEXT)),
    0,
    "body",
    marks=PIECES,
    cue=SAID,
    mention=NAME,
    speaker=SpeakerIndex(0),
    resolution="name",
    confidence=0.87654321,
    explain=(Rule("verb", "say"),),
)
REPORT = Report((QUOTE,), (Speaker("Ann Example", "person", mentions=(NAME,), quotes=(QuoteIndex(0),)),))


def rendered(report: Report = REPORT, options: Options | None = None) -> dict[str, Any]:
    return render(article(TEXT), report, options or Options(), ModelInfo("made-up", "1"))


def test_quote_in_parts_has_contents_and_one_text() -> None:
    (quote,) = rendered()["quotes"]
    assert quote["contents"] == [{"start": 0, "end": 5, "text": "“No,”"}, {"start": 24, "end": 32, "text": "“never.”"}]
    assert quote["text"] == "“No,” “never.”"


def test_a_cue_is_a_span_with_its_lemma_and_class() -> None:
    (quote,) = rendered()["quotes"]
    assert quote["cue"] == {"start": 6, "end": 10, "text": "said", "lemma": "say", "class": "say"}


def test_confidence_has_three_digits() -> None:
    assert rendered()["quotes"][0]["confidence"] == 0.877


def test_rules_are_rendered_on_request() -> None:
    assert "explain" not in rendered()["quotes"][0]
    explained = rendered(options=Options(explain=True))["quotes"][0]
    assert explained["explain"] == [{"rule": "verb", "detail": "say"}]


def test_json_is_compact_and_unescaped() -> None:
    line = to_json(rendered())
    assert "“No,”" in line
    assert line.startswith('{"article":{"id":null,')
    assert json.loads(line) == rendered()


def test_json_is_one_line_for_every_reader() -> None:
    expected = {"id": "".join(map(chr, range(0x2100)))}
    (line,) = to_json(expected).splitlines()
    assert json.loads(line) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"contents": ()},
        {"kind": "shouted"},
        {"confidence": 1.5},
        {"confidence": float("nan")},
        {"paragraph": -1},
        {"section": "sidebar"},
        {"speaker": 1},
        {"contents": (Span(0, 99),)},
        {"contents": (Span(3, 3),)},
        {"contents": (Span(-5, 3),)},
        {"contents": PIECES[::-1]},
        {"contents": (Span(0, 10), Span(9, 12))},
        {"sentence": Span(0, 99)},
        {"speaker": None},
        {"resolution": "none"},
        {"unresolved": "nobody is named"},
        {"speaker": None, "resolution": "none"},
    ],
    ids=str,
)
def test_report_that_violates_the_contract_is_rejected(change: dict[str, Any]) -> None:
    with pytest.raises(BrokenPromise):
        rendered(replace(REPORT, quotes=(replace(QUOTE, **change),)))


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        *parents, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        place: Any = document
        for step in parents:
            place = place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_set("quotes/0/mention/text", "Ann"), "/quotes/0/mention differs from the text at"),
        (_set("quotes/0/cue/start", 7), "/quotes/0/cue differs from the text"),
        (_set("speakers/0/id", "q1"), "same id"),
        (_set("quotes/0/speaker", "s2"), "listed by speaker s1"),
        (_set("speakers/0/quotes", ["q1", "q1"]), "listed by speaker s1"),
        (_set("speakers", []), "names a speaker that is not listed"),
    ],
)
def test_altered_response_is_detected(change: Callable[[dict[str, Any]], None], expected: str) -> None:
    document = deepcopy(rendered())
    promises.check(document, TEXT)
    change(document)
    with pytest.raises(BrokenPromise, match=expected):
        promises.check(document, TEXT)
