"""The reader's scores in the choices of cue, content and source."""

from dataclasses import replace

import numpy as np
import pytest

from service.extraction.attribution.attributions import drafts_of
from service.extraction.attribution.decisions import decisions_of, trace_of
from service.extraction.attribution.linear import LinearModel, Models, ReaderModels, shipped_models
from service.extraction.attribution.proposals import contents_of_cue, proposals_in, scored_cues
from service.extraction.attribution.reader_scores import (
    LINEAR,
    READER,
    READER_CONTENT_FEATURES,
    READER_SOURCE_FEATURES,
    likely_content,
    reader_content_features,
    reader_draft_features,
    reader_source_features,
    scores_for_cue,
)
from service.extraction.attribution.sentence_batch import SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.document import Document, build_document
from service.parsing.tree import FIRST_SENTENCE, ArticleWordIndex, CueReaderOutput, ReaderOutput
from tests import trees

TEXT = "The plea of Alder that rain may fall moved Oar."
TREE = (
    "The/DET/det/plea plea/NOUN/nsubj/moved of/ADP/case/Alder Alder/PROPN/nmod/plea that/SCONJ/mark/fall "
    "rain/NOUN/nsubj/fall may/AUX/aux/fall fall/VERB/acl/plea moved=move/VERB/root Oar/PROPN/obj/moved "
    "./PUNCT/punct/moved"
)
PLEA, ALDER, MOVED = 1, 3, 8
CONTENT = range(4, 8)
_FIRST_WORD = ArticleWordIndex(0)
JUST_READER = ReaderModels(
    LinearModel(0.0, {"reader": 1.0}),
    LinearModel(0.0, {"dice": 5.0, "exact": 1.0}),
    LinearModel(0.0, {"best": 1.0, "no source, best": -1.0}),
    LinearModel(0.0, {"cue": 1.0}),
    LinearModel(-1.0, {"cue": 1.0}),
)


def document(cue: float = 3.0, unlikely: float = -6.0) -> Document:
    """Return the sentence with a reading in which "plea" is a cue, and nothing else is."""
    parse = trees.parse(TEXT, [TREE], {"Alder": "person", "Oar": "person"})
    cues = np.full(11, unlikely, np.float32)
    cues[PLEA] = cue
    content, source = (np.full(11, -5.0, np.float16) for _ in range(2))
    content[CONTENT], source[ALDER] = 4.0, 4.0
    reader_output = ReaderOutput(
        (_FIRST_WORD,), cues, {ArticleWordIndex(PLEA): CueReaderOutput(_FIRST_WORD, content, source)}
    )
    return build_document(trees.article(TEXT), replace(parse, reader_output=reader_output))


def batch(page: Document) -> SentenceBatch:
    return SentenceBatch([SentenceView(page, FIRST_SENTENCE)])


def models(reader: ReaderModels | None = JUST_READER) -> Models:
    return replace(shipped_models(), reader=reader)


def test_a_noun_that_only_the_reader_knows_is_a_cue() -> None:
    (proposal,) = proposals_in(batch(document()), models())
    assert proposal.cue == PLEA
    assert proposal.cue_score == pytest.approx(3.0)
    assert proposal.source.best == ALDER
    assert [place for place in range(11) if proposal.content.best >> place & 1] == list(CONTENT)


@pytest.mark.parametrize("without", ["reading", "models"])
def test_choices_are_as_before_without_a_reader(without: str) -> None:
    page = document(cue=9.0)
    if without == "reading":
        page = replace(page, parse=replace(page.parse, reader_output=None))
    found = proposals_in(batch(page), models(None if without == "models" else JUST_READER))
    plain = replace(page, parse=replace(page.parse, reader_output=None))
    wanted = proposals_in(batch(plain), models(None))
    assert [(one.cue, one.cue_score, one.content, one.source) for one in found] == [
        (one.cue, one.cue_score, one.content, one.source) for one in wanted
    ]


def test_words_that_the_reader_thinks_unlikely_are_no_new_cues() -> None:
    assert PLEA not in scored_cues(batch(document(cue=-4.0)), models())[0].candidates
    assert PLEA in scored_cues(batch(document(cue=-2.0)), models())[0].candidates


def test_the_readers_own_words_are_a_candidate() -> None:
    view = SentenceView(document(), FIRST_SENTENCE)
    words = scores_for_cue(view, PLEA)
    assert words is not None
    own = likely_content(view, PLEA, words)
    found = contents_of_cue(view, PLEA, models())
    assert own in found
    assert contents_of_cue(view, MOVED, models()).keys() & {own} == contents_of_cue(
        view, MOVED, models(None)
    ).keys() & {own}
    assert READER not in contents_of_cue(view, PLEA, models(None)).values()


def test_numbers_of_a_content_measure_agreement_with_the_reader() -> None:
    view = SentenceView(document(), FIRST_SENTENCE)
    words = scores_for_cue(view, PLEA)
    assert words is not None
    right, short = sum(1 << place for place in CONTENT), 0b1110000
    candidates = {right: "child", short: "child", 0: "outside sentence"}
    rows = reader_content_features([(view, PLEA)], [words], [candidates], [1.0, 2.0, 3.0])
    exact, part, empty = (dict(zip(READER_CONTENT_FEATURES, row, strict=True)) for row in rows.tolist())
    assert (exact["exact"], exact["wrong inside"], exact["wrong outside"]) == (1, 0, 0)
    assert (exact["first"], exact["last"], exact["before"], exact["after"]) == (4, 4, 4, 4)
    assert exact["dice"] > part["dice"] > empty["dice"]
    assert part["wrong outside"] == pytest.approx(np.log(2))
    assert part["after"] == -4
    assert (empty["empty"], empty["empty, linear score"], empty[LINEAR]) == (1, 3, 3)


def test_numbers_of_a_source_compare_it_with_the_best() -> None:
    view = SentenceView(document(), FIRST_SENTENCE)
    words = scores_for_cue(view, PLEA)
    assert words is not None
    rows = reader_source_features(view, [None, ALDER, 9], [0.0, 1.0, 2.0], words)
    none, alder, oar = (dict(zip(READER_SOURCE_FEATURES, row, strict=True)) for row in rows)
    assert (none["no source"], none["no source, best"]) == (1, 4)
    assert (alder["head"], alder["difference from best"]) == (4, 0)
    assert (oar["head"], oar["difference from best"], oar[LINEAR]) == (-5, -9, 2)


def test_a_cue_that_was_not_read_has_only_its_own_score() -> None:
    assert reader_draft_features(SentenceView(document(), FIRST_SENTENCE), MOVED, 0, None) == {
        "cue": -6, "cue, if likely": 0, "no reading": 1,
    }  # fmt: skip


def test_probabilities_weigh_the_reader() -> None:
    (draft,) = drafts_of(document(), models())
    assert draft.confidence == pytest.approx(1 / (1 + np.exp(-3.0)))
    assert draft.reader_features is not None
    assert draft.reader_features["mass"] == pytest.approx(np.log(4.1), abs=0.1)


def test_explanations_show_the_reader() -> None:
    page = document()
    (draft,) = drafts_of(page, models())
    trace = trace_of(page, [draft.proposal], models())
    cue, content, source = decisions_of(trace, draft.proposal, draft.contents, [])
    assert [one.feature for one in cue.winner.features] == ["reader: reader"]
    assert "reader: dice" in {one.feature for one in content.winner.features}
    assert "reader: best" in {one.feature for one in source.winner.features}
    assert cue.decided_by == "model"
