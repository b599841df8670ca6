"""Speakers in invented texts, with the embedded model. The expected speakers are in `who_speaks.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from service.extraction.report import Options, Speaker
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "who_speaks.toml").read_text(encoding="utf-8"))[
    "case"
]

pytestmark = pytest.mark.model


def plain(name: str) -> str:
    return name.lower().replace("’", "'").removeprefix("the ")


def names(speaker: Speaker | None) -> set[str]:
    return {plain(name) for name in (speaker.name, *speaker.aliases)} if speaker else {"-"}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']}: {case['text'][:40]}" for case in CASES])
def test_texts_have_the_expected_speakers(embedded_parser: Parser, case: dict[str, Any]) -> None:
    article = read_article(case["text"])
    report = quotes_of(article, embedded_parser, Options())
    for words, who, *kind in case["said"]:
        quote = next(one for one in report.quotes if words in " ".join(map(article.slice, one.contents)))
        speaker = None if quote.speaker is None else report.speakers[quote.speaker]
        assert names(speaker) & {plain(name) for name in who.split("|")}, words
        assert speaker is None or not kind or speaker.kind == kind[0]
