"""Gold and predicted attributions, with the properties used to split the figures."""

import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.results import NO_CUE, cue_of, result_of
from service.input.article import NO_DEADLINE, Article, Deadline
from service.input.paragraphs import read_article
from service.parsing.tree import Parse
from service.settings import Settings
from tests.benchmarks.small_corpus import BRIDGE, DOCUMENT, WINTER, marked
from tests.doubles import ARTICLE, FakeParser
from training.corpora import parses
from training.corpora.parses import CachingParser


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
    monkeypatch.setattr(parses, "load_parser", lambda settings: inner)
    article, other = read_article(ARTICLE), read_article("Nobody spoke.")
    fresh = CachingParser(Settings(), tmp_path).parse([article, other])
    kept = CachingParser(Settings(), tmp_path).parse([article, other])
    assert fresh == kept == FakeParser().parse([article, other])
    assert inner.calls == 2
