"""Confidence of speakers, of quotes together with their speakers, and the minimum confidence."""

import pytest

from service.extraction.attribution.confidence import joint_confidence
from service.extraction.attribution.linear import log_odds, probability
from service.extraction.document import build_document
from service.extraction.extractor import quote_of
from service.extraction.report import (
    MIN_RESOLUTION_SCORE,
    UNNAMED_CONFIDENCE,
    Attribution,
    AttributionIndex,
    Options,
    Rule,
    Source,
)
from service.extraction.speakers.resolve import Cast, Resolved, resolve
from service.parsing.tree import FIRST_SENTENCE, SentenceIndex
from tests import trees

TWO = [
    "Anna/PROPN/nsubj/met Holt/PROPN/flat/Anna and/CCONJ/cc/Eva Eva/PROPN/conj/Anna Lund/PROPN/flat/Eva "
    "met=meet/VERB/root ./PUNCT/punct/met",
    "She/PRON/nsubj/said said=say/VERB/root so/ADV/advmod/said ./PUNCT/punct/said",
]
ONE = ["Anna/PROPN/nsubj/spoke Holt/PROPN/flat/Anna spoke=speak/VERB/root ./PUNCT/punct/spoke", TWO[1]]
ENTITIES = {"Anna Holt": "person", "Eva Lund": "person"}
STEPS = [step / 50 for step in range(51)]


def cast(sentences: list[str]) -> Cast:
    text = " ".join(" ".join(word.split("/")[0].split("=")[0] for word in one.split()) for one in sentences)
    parse = trees.parse(text, sentences, ENTITIES)  # type: ignore[arg-type]  # values are entity kinds
    last = parse.sentences[-1]
    said = Attribution(
        "indirect", (last.words[2].span,), SentenceIndex(1), source=Source(last.words[0].span, SentenceIndex(1), 0)
    )
    return resolve(trees.article(text), parse, [said])


def test_resolved_speaker_has_a_confidence() -> None:
    resolved = cast(ONE).resolved[0]
    assert resolved.speaker == 0
    assert resolved.confidence is not None
    assert 0 < resolved.confidence < 1
    assert [one.name for one in resolved.candidates] == ["Anna Holt"]


def test_two_similar_candidates_are_ambiguous() -> None:
    resolved = cast(TWO).resolved[0]
    assert (resolved.speaker, resolved.code, resolved.confidence) == (None, "ambiguous", None)
    assert [one.name for one in resolved.candidates] == ["Anna Holt", "Eva Lund"]
    assert sum(one.score for one in resolved.candidates) == pytest.approx(1)


@pytest.mark.parametrize(
    ("score", "sure", "least", "expected"),
    [
        (0.9, 0.95, 0.4, (0, None, joint_confidence(0.9, 0.95))),
        (0.9, 0.6, 0.4, (0, None, 0.6)),
        (0.9, 0.3, 0.4, (None, "uncertain", UNNAMED_CONFIDENCE)),
        (0.5, 0.3, 0.4, (None, "uncertain", 0.5)),
        (0.9, 0.3, 0.0, (0, None, 0.3)),
        (0.9, None, 0.0, (None, "no-source", UNNAMED_CONFIDENCE)),
    ],
)
def test_confidence_covers_quote_and_speaker(
    score: float, sure: float | None, least: float, expected: tuple[int | None, str | None, float]
) -> None:
    text = "She said so."
    document = build_document(trees.article(text), trees.parse(text, [TWO[1]]))
    said = Attribution(
        "indirect",
        (document.parse.sentences[0].words[2].span,),
        FIRST_SENTENCE,
        continues=AttributionIndex(0),
        score=score,
    )
    code = None if sure is not None else "no-source"
    found = Resolved(None if sure is None else 0, "pronoun", None, Rule("speaker-pronoun"), code, sure)  # type: ignore[arg-type]
    quote = quote_of(document, said, found, Options(min_speaker_confidence=least))
    assert (quote.speaker, quote.unresolved_code, quote.confidence) == expected


def test_joint_confidence_rises_with_the_quote() -> None:
    for speaker in STEPS:
        found = [joint_confidence(quote, speaker) for quote in STEPS]
        assert found == sorted(found), speaker
        assert all(0 <= one <= speaker for one in found), speaker


def test_joint_confidence_rises_with_the_speaker() -> None:
    for quote in STEPS:
        found = [joint_confidence(quote, speaker) for speaker in STEPS]
        assert found == sorted(found), quote


def test_uncertain_quote_lowers_the_joint_confidence() -> None:
    assert joint_confidence(0.8, 0.95) < 0.8 < joint_confidence(0.97, 0.95) < 0.95


@pytest.mark.parametrize("quote", [step for step in STEPS if step < MIN_RESOLUTION_SCORE])
def test_quote_below_the_reading_threshold_is_not_raised(quote: float) -> None:
    assert joint_confidence(quote, 0.999) <= quote


@pytest.mark.parametrize(("quote", "expected"), [(0.5, 0.5), (0.9, UNNAMED_CONFIDENCE)])
def test_unnamed_quote_keeps_its_score_up_to_a_limit(quote: float, expected: float) -> None:
    assert joint_confidence(quote, None) == expected


def test_log_odds_is_the_inverse_of_probability() -> None:
    assert [round(probability(log_odds(chance)), 6) for chance in STEPS[1:-1]] == STEPS[1:-1]
    assert probability(log_odds(1.0)) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("second", "sure"),
    [
        ("Ben/PROPN/nsubj/left Holt/PROPN/flat/Ben left=leave/VERB/root ./PUNCT/punct/left", False),
        ("Ben/PROPN/nsubj/said Holt/PROPN/flat/Ben said=say/VERB/root so/ADV/advmod/said ./PUNCT/punct/said", True),
    ],
)
def test_surname_of_two_people_is_unsure_unless_one_just_spoke(second: str, *, sure: bool) -> None:
    sentences = [
        ONE[0],
        second,
        "Holt/PROPN/nsubj/said said=say/VERB/root so/ADV/advmod/said ./PUNCT/punct/said",
    ]
    text = " ".join(" ".join(word.split("/")[0].split("=")[0] for word in one.split()) for one in sentences)
    parse = trees.parse(text, sentences, {"Anna Holt": "person", "Ben Holt": "person"})
    said = [
        Attribution("indirect", (sentence.words[-2].span,), number, source=Source(sentence.words[0].span, number, 0))
        for number, sentence in parse.numbered()
        if sentence.words[-2].text == "so"
    ]
    found = resolve(trees.article(text), parse, said)
    confidence = found.resolved[-1].confidence
    assert found.speakers[-1].name == "Ben Holt"
    assert confidence is not None
    assert (confidence > 0.65) is sure
