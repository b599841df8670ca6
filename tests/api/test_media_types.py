"""The representations of a response, each checked against the invariants."""

import json
from dataclasses import replace

import pytest

from service.api.responses import CSV, HTML, JSON, JSON_LD, MEDIA_TYPES, write
from service.errors import BrokenPromise
from service.extraction.report import Options
from service.input.article import Span
from service.output.annotations import to_annotations
from service.output.csv_table import to_csv
from service.output.marked_html import to_html
from service.output.rendering import render, to_json
from tests.api.contract_client import document
from tests.output.reports import ARTICLE, MODEL, REPORT


def test_media_types_differ() -> None:
    options = Options(offsets="utf16")
    assert {name: write(name, ARTICLE, REPORT, options, MODEL) for name in MEDIA_TYPES} == {
        JSON: to_json(render(ARTICLE, REPORT, options, MODEL)) + "\n",
        JSON_LD: to_annotations(ARTICLE, REPORT, MODEL),
        CSV: to_csv(ARTICLE, REPORT, "utf16"),
        HTML: to_html(ARTICLE, REPORT),
    }


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_report_that_breaks_a_promise_is_rejected(media_type: str) -> None:
    broken = replace(REPORT, quotes=(replace(REPORT.quotes[0], contents=(Span(0, 999),)), *REPORT.quotes[1:]))
    with pytest.raises(BrokenPromise):
        write(media_type, ARTICLE, broken, Options(), MODEL)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_the_same_report_is_written_the_same(media_type: str) -> None:
    first, second = (write(media_type, ARTICLE, REPORT, Options(), MODEL) for _ in range(2))
    assert first == second


def test_media_types_match_the_contract() -> None:
    operation = document()["paths"]["/quotes"]["post"]
    assert tuple(operation["responses"]["200"]["content"]) == tuple(MEDIA_TYPES)
    refused = document()["components"]["responses"]["NotAcceptable"]["content"]["application/problem+json"]
    assert refused["examples"]["xml"]["value"]["detail"].endswith(f"{', '.join(MEDIA_TYPES)}.")


def test_all_representations_have_the_same_number_of_quotes() -> None:
    written = {name: write(name, ARTICLE, REPORT, Options(), MODEL) for name in MEDIA_TYPES}
    assert len(json.loads(written[JSON])["quotes"]) == 5
    assert json.loads(written[JSON_LD])["total"] == 5
    assert written[CSV].count("\r\n") == 1 + 5
    assert written[HTML].count("<mark id=") == 5
