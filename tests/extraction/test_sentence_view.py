"""`SentenceView` on random trees, and masks: features contain the kind of a name, but not the name."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.cue_features import cue_features
from service.extraction.attribution.sentence_batch import SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.source_features import source_features
from service.extraction.attribution.word_sets import between
from service.extraction.document import build_document
from service.input.article import Article, Paragraph, Span
from service.parsing.tree import FIRST_SENTENCE, ROOT, EntityKind, Parse, Sentence, Word
from tests import trees

DEPRELS = ("nsubj", "obj", "ccomp")
TREE = (
    "{party}/{tag}/nsubj/told told=tell/VERB/root {name}/PROPN/obj/told that/SCONJ/mark/lost {nation}/ADJ/amod/jobs "
    "jobs=job/NOUN/nsubj/lost were=be/AUX/aux:pass/lost lost=lose/VERB/ccomp/told ./PUNCT/punct/told"
)
NAMES: list[tuple[str, str, str, EntityKind]] = [
    ("Republicans=republican", "Trump", "Mexican", "person"),
    ("Democrats=democrat", "Clinton", "Russian", "person"),
    ("Tories=tory", "Lopez", "Martian", "person"),
]


@st.composite
def views(draw: st.DrawFn) -> SentenceView:
    """A sentence of with_ancestors to eight words, each governed by any other word, without cycles."""
    order = draw(st.permutations(range(draw(st.integers(1, 8)))))
    heads = {word: order[draw(st.integers(0, place - 1))] if place else ROOT for place, word in enumerate(order)}
    words = tuple(
        Word(Span(2 * at, 2 * at + 1), "a", "a", "NOUN", draw(st.sampled_from(DEPRELS)), heads[at])
        for at in range(len(order))
    )
    text = " ".join("a" for _ in words)
    document = build_document(Article(text, (Paragraph(Span(0, len(text))),)), Parse((Sentence(words),)))
    return SentenceView(document, FIRST_SENTENCE)


def with_ancestors(view: SentenceView, word: int) -> list[int]:
    return [word, *view.sentence.ancestors(word)]


@given(views(), st.integers(0, 255))
def test_tops_are_the_words_with_a_governor_outside(view: SentenceView, chosen: int) -> None:
    inside = chosen & ((1 << len(view.words)) - 1)
    tops = {
        at
        for at, word in enumerate(view.words)
        if inside >> at & 1 and not (word.head >= 0 and inside >> word.head & 1)
    }
    assert view.tops(inside) == sum(1 << at for at in tops)


@given(views(), st.data())
def test_path_goes_through_the_lowest_common_ancestor(view: SentenceView, data: st.DataObject) -> None:
    places = st.integers(0, len(view.words) - 1)
    start, end = data.draw(places), data.draw(places)
    shared = next(word for word in with_ancestors(view, start) if word in with_ancestors(view, end))
    rising = with_ancestors(view, start)[: with_ancestors(view, start).index(shared)]
    falling = with_ancestors(view, end)[: with_ancestors(view, end).index(shared)][::-1]
    expected = (
        "<".join(view.words[at].deprel for at in rising) + "^" + ">".join(view.words[at].deprel for at in falling)
    )
    length = len(rising) + len(falling)
    assert view.path(start, end, length) == expected
    assert view.path(start, end, length - 1) == "far"


def view(party: str, name: str, nation: str, kind: EntityKind, tag: str) -> SentenceView:
    text = f"{party.partition('=')[0]} told {name} that {nation} jobs were lost."
    tree = TREE.format(party=party, name=name, nation=nation, tag=tag)
    return SentenceView(build_document(trees.article(text), trees.parse(text, [tree], {name: kind})), FIRST_SENTENCE)


@pytest.mark.parametrize("tag", ["PROPN", "NOUN"])
def test_features_do_not_depend_on_names(tag: str) -> None:
    found = set()
    for party, name, nation, kind in NAMES:
        seen = view(party, name, nation, kind, tag)
        batch, content = SentenceBatch([seen]), between(3, 8)
        features = [
            *cue_features(batch, np.array([batch.start(seen) + 1])),
            *content_features(seen, 1, {content: "child:>ccomp"}),
            *source_features(seen, 1, [0, 2], content),
        ]
        found.add(tuple(chain.from_iterable(features)))
    assert len(found) == 1
