"""What counts as a statement, with the embedded model. The sentences are in `statements.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "statements.toml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.model


def contents(parser: Parser, text: str) -> list[str]:
    article = read_article(text)
    found = quotes_of(article, parser, Options()).quotes
    return [" ".join(article.slice(span).strip("“”,. ") for span in quote.contents) for quote in found]


@pytest.mark.parametrize("text", TABLE["deeds"])
def test_deeds_are_no_statements(embedded_parser: Parser, text: str) -> None:
    assert contents(embedded_parser, text) == []


@pytest.mark.parametrize("text", TABLE["attitudes"])
def test_thoughts_and_plans_are_not_speech(embedded_parser: Parser, text: str) -> None:
    assert contents(embedded_parser, text) == []


@pytest.mark.parametrize("text", TABLE["marks"])
def test_marks_alone_are_not_speech(embedded_parser: Parser, text: str) -> None:
    assert contents(embedded_parser, text) == []


@pytest.mark.parametrize("case", TABLE["speech"], ids=[case["text"] for case in TABLE["speech"]])
def test_the_same_verbs_report_speech(embedded_parser: Parser, case: dict[str, str]) -> None:
    assert any(case["content"] in found.removeprefix("that ") for found in contents(embedded_parser, case["text"]))
