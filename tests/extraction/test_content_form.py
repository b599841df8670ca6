"""The form of a content and the kind of a source, from the tree."""

import pytest

from service.extraction.attribution.confidence import form_of, source_kind
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import between
from service.extraction.document import build_document
from service.parsing.tree import FIRST_SENTENCE
from tests import trees

SUBJECT = "Harper/PROPN/nsubj/claimed claimed=claim/VERB/root"


def view(text: str, tree: str) -> SentenceView:
    return SentenceView(
        build_document(trees.article(text), trees.parse(text, [tree], {"Harper": "person"})), FIRST_SENTENCE
    )


@pytest.mark.parametrize(
    ("text", "tree", "words", "form"),
    [
        ("Harper claimed the wicket", f"{SUBJECT} the/DET/det/wicket wicket/NOUN/obj/claimed", (2, 4), "nominal"),
        (
            "Harper claimed he won",
            f"{SUBJECT} he/PRON/nsubj/won won=win/VERB/ccomp/claimed",
            (2, 4),
            "finite",
        ),
        ("Harper claimed to win", f"{SUBJECT} to/PART/mark/win win/VERB/xcomp/claimed", (2, 4), "verb"),
        (
            "Harper claimed “victory”",
            f"{SUBJECT} “/PUNCT/punct/4 victory/NOUN/obj/claimed ”/PUNCT/punct/4",
            (3, 4),
            "quoted",
        ),
        (
            "Harper claimed a “victory”",
            f"{SUBJECT} a/DET/det/5 “/PUNCT/punct/5 victory/NOUN/obj/claimed ”/PUNCT/punct/5",
            (2, 5),
            "partly quoted",
        ),
        ("Harper claimed nothing", f"{SUBJECT} nothing/PRON/obj/claimed", (2, 2), "empty"),
    ],
)
def test_content_has_a_form(text: str, tree: str, words: tuple[int, int], form: str) -> None:
    assert form_of(view(text, tree), between(*words)) == form


@pytest.mark.parametrize(
    ("noun", "kind"),
    [("mayor", "person noun"), ("storm", "other noun"), ("report", "document noun"), ("ministry", "body noun")],
)
def test_source_has_a_kind(noun: str, kind: str) -> None:
    seen = view(f"The {noun} spoke", f"The/DET/det/2 {noun}/NOUN/nsubj/spoke spoke=speak/VERB/root")
    assert source_kind(seen, 1) == kind
    assert source_kind(seen, None) == "no source"
