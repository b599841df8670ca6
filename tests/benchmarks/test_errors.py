"""Each error has its category, and is shown on the page as it is in the article, escaped."""

import sys
from pathlib import Path

import pytest

from benchmarks import errors
from benchmarks.errors import CATEGORIES, Mistake, Piece, counted, mistakes_of, page, pieces, sentences_of
from benchmarks.results import Marked, Result
from service.extraction.report import Report, Rule
from service.input.article import Span
from tests.benchmarks.small_corpus import marked
from tests.conftest import ROOT
from training.corpora.news import Attribution, Scorer, scorer

TEXT = 'Kim said <b>the bridge is old & the road is new</b>. Lee agreed. "It is, it is," Lee added.'
FIRST, SECOND, THIRD = (
    Span(0, TEXT.index(" Lee")),
    Span(TEXT.index("Lee"), TEXT.index(' "')),
    Span(TEXT.index('"'), len(TEXT)),
)
RULES = (Rule("reporting-verb", "say"), Rule("subject", "Kim"))


def one(source: str, cue: str, content: str, kind: str = "indirect") -> Marked:
    return Marked(marked(TEXT, source, cue, content), kind, "say", "say", "name", 0.8, RULES)


BOTH = one("Kim", "said", "the bridge is old & the road is new")
BRIDGE, ROAD = one("Kim", "said", "the bridge is old"), one("Kim", "said", "the road is new")


def result(gold: tuple[Marked, ...], predicted: tuple[Marked, ...]) -> Result:
    document = {"id": "courier_1", "text": TEXT, "attributions": [one.attribution for one in gold]}
    return Result(document, gold, predicted, Report(), (FIRST, SECOND, THIRD))


@pytest.fixture
def score(shared: Path) -> Scorer:
    return scorer(shared)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ((BOTH,), (BOTH,), []),
        ((BOTH,), (), ["missed"]),
        ((), (BOTH,), ["spurious"]),
        ((BOTH,), (one("Lee", "said", "the bridge is old & the road is new"),), ["wrong-source"]),
        ((BOTH,), (one("Kim", "said", "bridge is old & the road is new"),), ["boundary"]),
        ((BOTH,), (one("Kim", "said", "old"),), ["wrong-content"]),
        ((BOTH,), (one("Kim", "said", "Lee agreed"),), ["wrong-content"]),
        ((BRIDGE, ROAD), (BOTH,), ["boundary", "merged"]),
        ((BOTH,), (one("Kim", "said", "bridge"), one("Kim", "said", "new")), ["split"]),
        ((BOTH,), (BRIDGE, one("Kim", "said", "new")), ["boundary", "split"]),
        ((BOTH,), (one("Lee", "agreed", "It is"),), ["missed", "spurious"]),
    ],
    ids=lambda value: " ".join(value) or "right" if isinstance(value, list) else "",
)
def test_errors_have_their_category(
    gold: tuple[Marked, ...], predicted: tuple[Marked, ...], expected: list[str], score: Scorer
) -> None:
    mistakes = list(mistakes_of(result(gold, predicted), score))
    assert [mistake.category for mistake in mistakes] == expected
    assert set(expected) <= set(CATEGORIES)


def test_error_shows_only_its_sentences_with_roles() -> None:
    attribution: Attribution = {**BRIDGE.attribution, "content": [list(Span(9, 12)), [THIRD.start, THIRD.start + 3]]}
    touched = sentences_of(result((), ()), [Marked(attribution, "mixed", "say", "say")])
    assert touched == [FIRST, THIRD]
    assert pieces(TEXT, touched, attribution)[:5] == [
        Piece("Kim", "source"),
        Piece(" ", ""),
        Piece("said", "cue"),
        Piece(" ", ""),
        Piece("<b>", "content"),
    ]
    assert Piece(" … ", "") in pieces(TEXT, touched, attribution)


def test_errors_are_counted_by_cue_and_by_rule() -> None:
    mistakes = [Mistake("wrong-source", result((), ()), BOTH, (BOTH,)), Mistake("missed", result((), ()), BRIDGE, ())]
    counts = counted(mistakes)
    assert counts["cue lemma"] == [("say", 2)]
    assert counts["rule"] == [("reporting-verb", 1), ("subject", 1)]


def test_page_escapes_article_text(score: Scorer) -> None:
    html = page([result((BOTH,), ())], score)
    assert '<span class="content">the bridge is old &amp; the road is new</span>&lt;/b&gt;' in html
    assert "<b>" not in html
    assert '<a href="#missed">missed</a>: 1' in html


def test_the_page_names_the_rules_that_fired(score: Scorer) -> None:
    assert "reporting-verb (say), subject (Kim)" in page([result((), (BOTH,))], score)


def test_page_inside_the_repository_is_rejected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["errors", str(ROOT / "docs/errors.html")])
    with pytest.raises(SystemExit):
        errors.main()
    assert "is in the repository" in capsys.readouterr().err
