"""The measures of speakers and of coreference, on small articles with hand-made output."""

from pathlib import Path

import pytest

from benchmarks import coreference
from benchmarks.coreference import cases_of
from benchmarks.speakers import b_cubed, figures, judge, line, table
from service.extraction.report import Cue, Quote, Report, Rule, Speaker, SpeakerIndex
from service.input.article import Span
from training.corpora.golden import NOBODY, GoldArticle, GoldQuote, called, golden_articles
from training.corpora.gum import gum_documents

TEXT = "It will rain, one official said. It will not, a second official said. “We shall see,” Ortiz said. “Rain”."
PIECES = ("It will rain", "It will not", "“We shall see,”", "“Rain”")
ROWS = """\
# newdoc id = GUM_news_rain
# newpar
1	Maria	Maria	PROPN	NNP	Number=Sing	3	nsubj	_	Entity=(1-person-new-cf1-2-coref
2	Ortiz	Ortiz	PROPN	NNP	Number=Sing	1	flat	_	Entity=1)
3	slept	sleep	VERB	VBD	_	0	root	_	SpaceAfter=No
4	.	.	PUNCT	.	_	3	punct	_	_

1	She	she	PRON	PRP	Gender=Fem|Number=Sing	2	nsubj	_	Entity=(1-person-giv:act-cf1-1-ana)
2	said	say	VERB	VBD	_	0	root	_	_
3-4	it's	_	_	_	_	_	_	_	_
3	it	it	PRON	PRP	_	5	expl	_	_
4	's	be	AUX	VBZ	_	5	aux	_	_
5	raining	rain	VERB	VBG	_	2	ccomp	_	SpaceAfter=No
6	.	.	PUNCT	.	_	2	punct	_	_

"""


def span(piece: str) -> Span:
    start = TEXT.index(piece)
    return Span(start, start + len(piece))


def gold(*speakers: str, held_out: bool = False) -> GoldArticle:
    return GoldArticle(
        name="rain",
        text=TEXT,
        register="wire",
        marks="US",
        held_out=held_out,
        speakers={"one": ("official",), "two": ("second official", "official"), "ortiz": ("Maria Ortiz", "Ortiz")},
        quotes=tuple(
            GoldQuote((span(piece),), "said" if speaker != NOBODY else None, speaker, "none")
            for piece, speaker in zip(PIECES, speakers, strict=False)
        ),
    )


def answer(*speakers: int | None, names: tuple[str, ...]) -> Report:
    quotes = tuple(
        Quote(
            "direct",
            (span(piece),),
            Span(0, 1),
            0,
            "body",
            speaker=None if speaker is None else SpeakerIndex(speaker),
            explain=(Rule("speaker-name", "x"),),
        )
        for piece, speaker in zip(PIECES, speakers, strict=False)
    )
    return Report(quotes, tuple(Speaker(name, "person") for name in names))


def right(article: GoldArticle, report: Report) -> list[bool]:
    return [one.right for one in judge(article, report)]


def test_speaker_is_correct_under_each_accepted_name() -> None:
    article = gold("one", "two", "ortiz")
    assert right(article, answer(0, 1, 2, names=("the official", "Second official", "Ortiz"))) == [True] * 3
    assert right(article, answer(0, 1, 2, names=("official", "second official", "Lopez"))) == [True, True, False]


def test_namesakes_are_correct_only_if_distinguished() -> None:
    article = gold("one", "two")
    assert right(article, answer(0, 1, names=("official", "official"))) == [True, True]
    assert sum(right(article, answer(0, 0, names=("official",)))) == 1


def test_larger_part_of_a_split_speaker_is_correct() -> None:
    article = gold("ortiz", "ortiz", "ortiz")
    assert right(article, answer(0, 1, 1, names=("Maria Ortiz", "Ortiz"))) == [False, True, True]


def test_no_speaker_is_correct_if_the_text_names_none() -> None:
    article = gold("one", "two", "ortiz", NOBODY)
    names = ("official", "second official", "Ortiz")
    assert right(article, answer(0, 1, 2, None, names=names))[3]
    assert right(article, answer(0, 1, 2, names=names))[3]
    assert not right(article, answer(0, 1, 2, 2, names=names))[3]


def test_quote_inside_a_longer_one_is_matched_by_its_cue() -> None:
    whole = Span(0, len(TEXT))
    (piece,) = gold("one").quotes[:1]
    longer = Quote("direct", (whole,), whole, 0, "body", cue=Cue(span("said"), "say", "say"), speaker=SpeakerIndex(0))
    other = Quote(
        "direct", (whole,), whole, 0, "body", cue=Cue(span("see"), "see", "perceive"), speaker=SpeakerIndex(0)
    )
    article = gold("one")
    assert [one.found for one in judge(article, Report((longer,), (Speaker("official", "person"),)))] == [longer]
    assert [one.found for one in judge(article, Report((other,), (Speaker("official", "person"),)))] == [None]
    assert piece.cue == "said"


def test_figures_are_separate_for_parts_and_found_quotes() -> None:
    tuned = judge(gold("one", "ortiz"), answer(0, names=("official",)))
    held_out = judge(gold("one", held_out=True), answer(None, names=()))
    measured = figures([*tuned, *held_out])
    assert [measured[part]["quotes"] for part in ("tuned", "held_out", "all")] == [2, 1, 3]
    assert [measured[part]["found"] for part in ("tuned", "held_out", "all")] == [1, 1, 2]
    assert [measured[part]["accuracy_found"] for part in ("tuned", "held_out", "all")] == [1.0, 0.0, 0.5]
    assert [measured[part]["accuracy_all"] for part in ("tuned", "held_out")] == [0.5, 0.0]
    assert measured["all"]["by_resolution"]["none"] == {"quotes": 3, "found": 2, "right": 1}
    assert "| **correct speaker, of quotes found** | **1.000** | **0.000** | **0.500** |" in table(measured)


def test_errors_are_printed_with_their_rule() -> None:
    wrong, missed = judge(gold("one", "ortiz"), answer(0, names=("Lopez",)))
    assert line(wrong) == "rain: 'It will rain': official (none), not Lopez: speaker-name x"
    assert line(missed) == "rain: 'It will not': Maria Ortiz (none): not found"


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", 1), ("a", 1), ("b", 2)], (1.0, 1.0, 1.0)),
        ([("a", 1), ("b", 1)], (0.5, 1.0, 2 / 3)),
        ([("a", 1), ("a", 2)], (1.0, 0.5, 2 / 3)),
        ([], (0.0, 0.0, 0.0)),
    ],
)
def test_b_cubed_averages_cluster_shares(pairs: list[tuple[str, int]], expected: tuple[float, float, float]) -> None:
    assert b_cubed(pairs) == pytest.approx(expected)


def test_names_match_ignoring_article_case_and_apostrophes() -> None:
    assert called("The Nurses’ union", ["Nurses' Union"])
    assert not called("Nurses", ["Nurses' Union"])


def test_golden_articles_are_complete() -> None:
    articles = golden_articles()
    assert len(articles) >= 18
    assert 0.25 <= sum(article.held_out for article in articles) / len(articles) <= 0.5
    for article in articles:
        assert 300 <= len(article.text.split()) <= 600, article.name
        assert {quote.speaker for quote in article.quotes} - {NOBODY} == set(article.speakers), article.name


@pytest.mark.parametrize("content", ["It will", "It never rains"])
def test_unlocatable_content_is_rejected(tmp_path: Path, content: str) -> None:
    (tmp_path / "rain.txt").write_text(TEXT, encoding="utf-8")
    quote = f'[[quote]]\ncontent = ["{content}"]\nspeaker = "none"\nresolution = "none"\n'
    head = 'register = "wire"\nmarks = "US"\nheld_out = false\n[speakers]\n'
    (tmp_path / "rain.toml").write_text(head + quote, encoding="utf-8")
    with pytest.raises(ValueError, match=f"rain.*{content}"):
        golden_articles(tmp_path)


def test_pronoun_resolved_as_in_gum_is_correct(tmp_path: Path) -> None:
    (tmp_path / "treebanks/gum").mkdir(parents=True)
    (tmp_path / "treebanks/gum/train.conllu").write_text(ROWS, encoding="utf-8")
    (document,) = gum_documents(tmp_path, "train", frozenset({"news"}))
    assert document.article.text == "Maria Ortiz slept. She said it's raining.\n"
    assert document.meant == {(0, 0): 1, (1, 0): 1}
    cases = list(cases_of(document))
    assert [(case.kind, case.right) for case in cases] == [("he, she", True), ("source: he, she", True)]
    assert "| he, she | 1 | 0 | 0 | 1.000 |" in coreference.table(cases)
    assert not list(gum_documents(tmp_path, "train", frozenset({"bio"})))


def test_pronoun_without_an_antecedent_is_excluded(tmp_path: Path) -> None:
    (tmp_path / "treebanks/gum").mkdir(parents=True)
    only = ROWS.replace("1-person-giv", "2-person-giv")
    (tmp_path / "treebanks/gum/train.conllu").write_text(only, encoding="utf-8")
    (document,) = gum_documents(tmp_path, "train", frozenset({"news"}))
    assert not list(cases_of(document))
