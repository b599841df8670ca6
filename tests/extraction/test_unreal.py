"""Reports that nobody has made: conditions, modals, questions and imperatives."""

import pytest

from service.extraction.rules.not_said import is_unreal
from tests.trees import sentence

# text, tree, position of the cue, whether the report is hypothetical
CUES = [
    (
        "If Roe says no, we go.",
        "If/SCONJ/mark/says Roe/PROPN/nsubj/says says=say/VERB/advcl/go//VBZ no/INTJ/discourse/says ,/PUNCT/punct/says "
        "we/PRON/nsubj/go go/VERB/root ./PUNCT/punct/go",
        2,
        True,
    ),
    (
        "If it rains, Roe says, we go.",
        "If/SCONJ/mark/says it/PRON/nsubj/rains rains=rain/VERB/advcl/go ,/PUNCT/punct/says Roe/PROPN/nsubj/says "
        "says=say/VERB/parataxis/go//VBZ ,/PUNCT/punct/says we/PRON/nsubj/go go/VERB/root ./PUNCT/punct/go",
        5,
        False,
    ),
    (
        "Had Roe said no, it would fail.",
        "Had=have/AUX/aux/said Roe/PROPN/nsubj/said said=say/VERB/advcl/fail no/INTJ/discourse/said ,/PUNCT/punct/said "
        "it/PRON/nsubj/fail would/AUX/aux/fail fail/VERB/root ./PUNCT/punct/fail",
        2,
        True,
    ),
    (
        "Roe may announce it.",
        "Roe/PROPN/nsubj/announce may/AUX/aux/announce announce/VERB/root it/PRON/obj/announce ./PUNCT/punct/announce",
        2,
        True,
    ),
    (
        "Roe could not say why.",
        "Roe/PROPN/nsubj/say could/AUX/aux/say not/PART/advmod/say say/VERB/root why/ADV/ccomp/say ./PUNCT/punct/say",
        3,
        False,
    ),
    (
        "I must say so.",
        "I/PRON/nsubj/say must/AUX/aux/say say/VERB/root so/ADV/advmod/say ./PUNCT/punct/say",
        2,
        False,
    ),
    (
        "Roe would have told us.",
        "Roe/PROPN/nsubj/told would/AUX/aux/told have/AUX/aux/told told=tell/VERB/root us/PRON/obj/told "
        "./PUNCT/punct/told",
        3,
        True,
    ),
    (
        "Roe will say so.",
        "Roe/PROPN/nsubj/say will/AUX/aux/say say/VERB/root so/ADV/advmod/say ./PUNCT/punct/say",
        2,
        False,
    ),
    (
        "Would Roe say yes?",
        "Would/AUX/aux/3//MD Roe/PROPN/nsubj/3 say/VERB/root/0//VB yes/INTJ/ccomp/3 ?/PUNCT/punct/3",
        2,
        True,
    ),
    (
        "Has Roe said why?",
        "Has=have/AUX/aux/3//VBZ Roe/PROPN/nsubj/3 said=say/VERB/root/0//VBN why/ADV/advmod/3 ?/PUNCT/punct/3",
        2,
        True,
    ),
    (
        "What has Roe said?",
        "What/PRON/obj/4//WP has=have/AUX/aux/4//VBZ Roe/PROPN/nsubj/4 said=say/VERB/root/0//VBN ?/PUNCT/punct/4",
        3,
        True,
    ),
    (
        "Suppose Roe tells you so.",
        "Suppose/VERB/root/0//VB Roe/PROPN/nsubj/3 tells=tell/VERB/ccomp/1//VBZ you/PRON/iobj/3 so/ADV/advmod/3 "
        "./PUNCT/punct/1",
        2,
        True,
    ),
]


@pytest.mark.parametrize(("text", "tree", "cue", "unreal"), CUES, ids=[text for text, *_ in CUES])
def test_hypothetical_report_is_recognized(text: str, tree: str, cue: int, unreal: bool) -> None:
    assert is_unreal(sentence(text, tree), cue) is unreal
