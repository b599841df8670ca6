"""Features contain the kind of a name, but not the name."""

from itertools import chain

import numpy as np
import pytest

from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.cue_features import cue_features
from service.extraction.attribution.sentence_batch import SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.source_features import source_features
from service.extraction.attribution.word_sets import between
from service.extraction.document import build_document
from service.parsing.tree import FIRST_SENTENCE, EntityKind
from tests import trees

TREE = (
    "{party}/{tag}/nsubj/told told=tell/VERB/root {name}/PROPN/obj/told that/SCONJ/mark/lost {nation}/ADJ/amod/jobs "
    "jobs=job/NOUN/nsubj/lost were=be/AUX/aux:pass/lost lost=lose/VERB/ccomp/told ./PUNCT/punct/told"
)
NAMES: list[tuple[str, str, str, EntityKind]] = [
    ("Republicans=republican", "Trump", "Mexican", "person"),
    ("Democrats=democrat", "Clinton", "Russian", "person"),
    ("Tories=tory", "Lopez", "Martian", "person"),
]


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
