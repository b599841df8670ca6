"""Negated cues and negative sources."""

import pytest

from service.extraction.attribution.cues import cue_at, denied
from service.extraction.attribution.lexicons import cue_lexicon
from tests.trees import sentence

# text, tree, position of the cue, whether it is negated
CUES = [
    (
        "Roe did not say why.",
        "Roe/PROPN/nsubj/say did=do/AUX/aux/say not/PART/advmod/say say/VERB/root why/ADV/ccomp/say ./PUNCT/punct/say",
        3,
        True,
    ),
    (
        "It did not, Roe said, know.",
        "It/PRON/nsubj/did did=do/AUX/aux/said not/PART/advmod/said ,/PUNCT/punct/said Roe/PROPN/nsubj/said "
        "said=say/VERB/root ,/PUNCT/punct/know know/VERB/ccomp/said ./PUNCT/punct/said",
        5,
        False,
    ),
    (
        "Roe did not, however, say why.",
        "Roe/PROPN/nsubj/say did=do/AUX/aux/say not/PART/advmod/say ,/PUNCT/punct/however however/ADV/advmod/say "
        ",/PUNCT/punct/however say/VERB/root why/ADV/ccomp/say ./PUNCT/punct/say",
        6,
        True,
    ),
    (
        "Nobody said so.",
        "Nobody/PRON/nsubj/said said=say/VERB/root so/ADV/advmod/said ./PUNCT/punct/said",
        1,
        True,
    ),
    (
        "Roe left without saying why.",
        "Roe/PROPN/nsubj/left left=leave/VERB/root without/SCONJ/mark/saying saying=say/VERB/advcl/left "
        "why/ADV/ccomp/saying ./PUNCT/punct/left",
        3,
        True,
    ),
    (
        "No, said Roe.",
        "No/INTJ/discourse/said/Polarity=Neg ,/PUNCT/punct/No said=say/VERB/root Roe/PROPN/nsubj/said "
        "./PUNCT/punct/said",
        2,
        False,
    ),
]


@pytest.mark.parametrize(("text", "tree", "cue", "negated"), CUES, ids=[text for text, *_ in CUES])
def test_negation_applies_to_the_right_cue(text: str, tree: str, cue: int, negated: bool) -> None:
    assert cue_at(sentence(text, tree), cue, cue_lexicon()).negated is negated


def test_has_yet_to_say_is_a_negated_cue() -> None:
    text = "Roe has yet to say why."
    tree = (
        "Roe/PROPN/nsubj/has has=have/VERB/root yet/ADV/advmod/has to/PART/mark/say say/VERB/xcomp/has "
        "why/ADV/ccomp/say ./PUNCT/punct/has"
    )
    found = cue_at(sentence(text, tree), 1, cue_lexicon())
    assert (found.words, found.lemma, found.negated) == ((1, 2, 3, 4), "say", True)


@pytest.mark.parametrize(
    ("text", "tree", "head", "nobody"),
    [
        ("no group", "no/DET/det/group group/NOUN/root", 1, True),
        ("the group", "the/DET/det/group group/NOUN/root", 1, False),
        ("neither Roe", "neither/CCONJ/cc:preconj/Roe Roe/PROPN/root", 1, True),
        ("nobody", "nobody/PRON/root", 0, True),
    ],
)
def test_negative_source_is_recognized(text: str, tree: str, head: int, nobody: bool) -> None:
    assert denied(sentence(text, tree), head) is nobody
