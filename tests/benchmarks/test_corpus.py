"""Reading corpora, and converting reports to their format."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.results import as_attributions
from service.extraction.report import Cue, Quote, QuoteIndex, Report, Resolution, SpeakerIndex
from service.input.article import Span
from training.corpora.news import documents, publisher, scorer

SAID = Cue(Span(20, 24), "say", "say")


def quote(start: int, cue: Cue | None, mention: Span | None, speaker: int | None, resolution: Resolution) -> Quote:
    return Quote(
        kind="direct",
        contents=(Span(start, start + 5),),
        sentence=Span(0, 100),
        paragraph=0,
        section="body",
        cue=cue,
        mention=mention,
        speaker=None if speaker is None else SpeakerIndex(speaker),
        resolution=resolution,
    )


def test_continuation_belongs_to_the_attribution_it_continues() -> None:
    report = Report(
        quotes=(
            quote(0, SAID, Span(10, 15), 0, "name"),
            quote(30, SAID, Span(50, 55), 1, "pronoun"),
            replace(quote(60, None, None, 0, "continuation"), continues=QuoteIndex(0)),
        )
    )
    assert as_attributions(report) == [
        {"source": [[10, 15]], "cue": [[20, 24]], "content": [[0, 5], [60, 65]]},
        {"source": [[50, 55]], "cue": [[20, 24]], "content": [[30, 35]]},
    ]


def test_continuation_of_a_missing_quote_stands_alone() -> None:
    report = Report(quotes=(quote(60, None, None, None, "continuation"),))
    assert as_attributions(report) == [{"source": [], "cue": [], "content": [[60, 65]]}]


def test_limit_reads_only_the_first_documents(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps({"id": f"{n}"}) + "\n" for n in range(3)), encoding="utf-8")
    assert [document["id"] for document in documents(path)] == ["0", "1", "2"]
    assert [document["id"] for document in documents(path, 2)] == ["0", "1"]


@pytest.mark.parametrize(
    ("key", "expected"), [("nyt_2016-09-12_a_b", "nyt"), ("wash-post_2016", "wash-post"), ("seed", "unknown")]
)
def test_publisher_is_the_prefix_of_the_document_id(key: str, expected: str) -> None:
    assert publisher({"id": key}) == expected


def test_missing_scorer_error_names_the_path(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"eval/score\.py does not exist\. Set --corpora"):
        scorer(tmp_path)
