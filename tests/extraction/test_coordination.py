"""Verbs that the tree attaches to the reported clause, but that are coordinated with the cue."""

import pytest

from service.extraction.attribution.content_candidates import content_candidates, coordinated_with_cue
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import positions
from service.extraction.document import build_document
from service.parsing.tree import FIRST_SENTENCE
from tests.trees import article, parse

WOULD = (
    "She/PRON/nsubj/said said=say/VERB/root//VBD they/PRON/nsubj/meet would/AUX/aux/meet//MD meet/VERB/ccomp/said//VB"
)
DID = "but/CCONJ/cc/say did=do/AUX/aux/say//VBD not/PART/advmod/say say/VERB/conj/meet//VB when/ADV/obj/say"


def view_of(text: str, tree: str) -> SentenceView:
    return SentenceView(build_document(article(text), parse(text, [tree])), FIRST_SENTENCE)


@pytest.mark.parametrize(
    ("text", "tree", "expected"),
    [
        ("She said they would meet but did not say when", f"{WOULD} {DID}", "but did not say when"),
        (
            "She said they would meet and thanked him",
            f"{WOULD} and/CCONJ/cc/thanked thanked=thank/VERB/conj/meet//VBD him/PRON/obj/thanked",
            "and thanked him",
        ),
        (
            "She said they would meet and talk",
            f"{WOULD} and/CCONJ/cc/talk talk/VERB/conj/meet//VB",
            "",
        ),
        (
            "She said they would meet or were talking",
            f"{WOULD} or/CCONJ/cc/talking were=be/AUX/aux/talking//VBD talking=talk/VERB/conj/meet//VBG",
            "",
        ),
        (
            "She said they would meet but he left",
            f"{WOULD} but/CCONJ/cc/left he/PRON/nsubj/left left=leave/VERB/conj/meet//VBD",
            "",
        ),
        (
            "She said they met but did not say when",
            "She/PRON/nsubj/said said=say/VERB/root//VBD they/PRON/nsubj/met met=meet/VERB/ccomp/said//VBD "
            + DID.replace("conj/meet", "conj/met"),
            "",
        ),
    ],
)
def test_past_verb_after_a_modal_is_coordinated_with_the_cue(text: str, tree: str, expected: str) -> None:
    view = view_of(text, tree)
    assert " ".join(text.split()[at] for at in positions(coordinated_with_cue(view, 1))) == expected


def test_verb_inside_quotation_marks_is_part_of_the_content() -> None:
    text = 'She said "they would meet and left"'
    tree = (
        'She/PRON/nsubj/said said=say/VERB/root//VBD "/PUNCT/punct/meet they/PRON/nsubj/meet would/AUX/aux/meet//MD '
        'meet/VERB/ccomp/said//VB and/CCONJ/cc/left left=leave/VERB/conj/meet//VBD "/PUNCT/punct/meet'
    )
    assert coordinated_with_cue(view_of(text, tree), 1) == 0


def test_verb_coordinated_with_the_cue_is_in_no_candidate() -> None:
    view = view_of("She said they would meet but did not say when", f"{WOULD} {DID}")
    assert not any(words & coordinated_with_cue(view, 1) for words in content_candidates(view, 1))
