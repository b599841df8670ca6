"""Gold and predicted attributions, figures equal to the scorer's own, and the tables of the accuracy command."""

import json
import pickle
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import accuracy
from benchmarks.accuracy import measure, others_table, shown
from benchmarks.figures import Part, Verdict, by_document, by_publisher, figures_of, split, verdicts
from benchmarks.results import NO_CUE, Marked, Result, cue_of, result_of
from service.extraction.report import Report
from service.input.article import NO_DEADLINE, Article, Deadline
from service.input.paragraphs import read_article
from service.parsing.tree import Parse
from service.settings import Settings
from tests.benchmarks.small_corpus import BRIDGE, DOCUMENT, WINTER, marked
from tests.doubles import ARTICLE, FakeParser
from training.corpora import caching_parser
from training.corpora.caching_parser import CachingParser
from training.corpora.news import Scorer, scorer

WRONG_SOURCE = marked(ARTICLE, "reporters", "told", "the bridge will reopen")
SPURIOUS = marked(ARTICLE, "Mayor", "", "in May")


def test_gold_and_predicted_attributions_have_the_same_properties() -> None:
    result = result_of(DOCUMENT, FakeParser())
    assert [(one.kind, one.cue_class, one.lemma) for one in result.gold] == [
        ("indirect", "tell", "tell"),
        ("direct", "say", "say"),
    ]
    assert [(one.kind, one.cue_class, one.lemma, one.resolution) for one in result.predicted] == [
        ("indirect", "tell", "tell", "name"),
        ("direct", "say", "say", "pronoun"),
    ]
    assert [one.attribution["cue"] for one in result.predicted] == [BRIDGE["cue"], WINTER["cue"]]
    assert all(one.rules and 0 < one.confidence <= 1 for one in result.predicted)


def test_results_are_picklable() -> None:
    result = result_of(DOCUMENT, FakeParser())
    assert pickle.loads(pickle.dumps(result)) == result


@pytest.mark.parametrize(
    ("cue", "expected"),
    [
        ("told reporters", ("tell", "tell")),
        ("will reopen", ("other", "reopen")),
        ("", (NO_CUE, "")),
    ],
)
def test_gold_cue_has_the_class_of_its_head_word(cue: str, expected: tuple[str, str]) -> None:
    (parse,) = FakeParser().parse([read_article(ARTICLE)])
    assert cue_of(parse.sentences, marked(ARTICLE, "", cue, "")) == expected


class Counting(FakeParser):
    """Counts its calls."""

    calls = 0

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        self.calls += 1
        return super().parse(articles, deadline)


def test_cached_parse_equals_the_parser_s_and_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Counting()
    monkeypatch.setattr(caching_parser, "_loaded", lambda settings: inner)
    article, other = read_article(ARTICLE), read_article("Nobody spoke.")
    fresh = CachingParser(Settings(), tmp_path).parse([article, other])
    kept = CachingParser(Settings(), tmp_path).parse([article, other])
    assert fresh == kept == FakeParser().parse([article, other])
    assert inner.calls == 2


@pytest.fixture
def score(shared: Path) -> Scorer:
    return scorer(shared)


def one(attribution: dict[str, list[list[int]]], kind: str = "indirect") -> Marked:
    return Marked(attribution, kind, "say", "say")


@pytest.fixture
def flawed() -> Result:
    """Two gold attributions and three predictions: one with a wrong source and end, one correct, one spurious."""
    found = (one(WRONG_SOURCE), one(WINTER, "direct"), one(SPURIOUS))
    return Result(DOCUMENT, (one(BRIDGE), one(WINTER, "direct")), found, Report(), ())


def test_perfect_output_has_perfect_scores(score: Scorer) -> None:
    figures = figures_of([result_of(DOCUMENT, FakeParser())], score)
    assert figures["attribution"] == figures["content_exact"] == (1.0, 1.0, 1.0)


def test_single_verdicts_agree_with_the_scorer(score: Scorer, flawed: Result) -> None:
    gold, predicted = verdicts(flawed, score)
    assert gold == [Verdict(0), Verdict(1, right=True, exact=True)]
    assert predicted == [Verdict(0), Verdict(1, right=True, exact=True), Verdict()]
    figures = figures_of([flawed], score)
    assert figures["attribution"][:2] == (1 / 3, 1 / 2)
    assert figures["content"][:2] == (2 / 3, 1.0)
    assert figures["content_exact"][:2] == (1 / 3, 1 / 2)


def test_parts_have_precision_and_recall(score: Scorer, flawed: Result) -> None:
    assert split([flawed], score, lambda m: m.kind, lambda m: m.kind) == {
        "indirect": Part(1, 2, 0.0, 0.0),
        "direct": Part(1, 1, 1.0, 1.0),
    }
    only_found = split([flawed], score, lambda m: m.kind)
    assert only_found == {"indirect": Part(None, 2, 0.0, None), "direct": Part(None, 1, 1.0, None)}
    assert only_found["direct"].f1 is None


def test_the_worst_document_comes_first(score: Scorer, flawed: Result) -> None:
    best = result_of({**DOCUMENT, "id": "herald_2026"}, FakeParser())
    assert list(by_document([best, flawed], score)) == [DOCUMENT["id"], "herald_2026"]
    assert {name: figures["counts"]["pred"] for name, figures in by_publisher([best, flawed], score).items()} == {
        "courier": 3,
        "herald": 2,
    }


def test_every_part_is_shown_and_can_be_written_as_json(shared: Path) -> None:
    measured = measure([result_of(DOCUMENT, FakeParser())], scorer(shared))
    text = shown(measured)
    for heading in ("2 annotated, 2 predicted", "kind", "cue class", "resolution", "publisher", "worst documents"):
        assert f"| {heading} " in text
    written = json.loads(json.dumps(measured, default=asdict))
    assert written["kind"]["direct"] == {"gold": 1, "predicted": 1, "precision": 1.0, "recall": 1.0}
    assert list(written["document"]) == [DOCUMENT["id"]]


def test_comparison_table_has_pullquote_s_figures(shared: Path) -> None:
    measured = measure([result_of(DOCUMENT, FakeParser())], scorer(shared))
    ours = next(row for row in others_table(measured["overall"]).splitlines() if "Pullquote" in row)
    assert ours.count("**1.000**") == 3


@pytest.mark.parametrize(
    ("arguments", "model", "message"),
    [
        (["--write", "--limit", "3"], "embedded", "all of PolNeAR"),
        (["--write", "--split", "train"], "embedded", "all of PolNeAR"),
        (["--write"], "stanza:default", "PULLQUOTE_MODEL is 'stanza:default'"),
        (["--step", "learned cues"], "embedded", "--step needs --write"),
    ],
)
def test_other_options_are_not_written_into_the_documentation(
    arguments: list[str], model: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULLQUOTE_MODEL", model)
    monkeypatch.setattr(sys, "argv", ["accuracy", *arguments])
    with pytest.raises(SystemExit):
        accuracy.main()
    assert message in capsys.readouterr().err
