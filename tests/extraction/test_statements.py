"""What counts as speech: neither acts with a reporting verb nor reports that nobody has made."""

from dataclasses import replace
from typing import get_args

import pytest

from schemas.request import load_request
from service.extraction.attribution.attributions import drafts_of
from service.extraction.attribution.linear import shipped_models
from service.extraction.document import build_document
from service.extraction.extractor import extract
from service.extraction.report import CueClass, Options, QuoteKind, Statements
from service.extraction.rules.not_said import is_unreal
from service.extraction.rules.statements import is_speech
from tests import trees
from tests.trees import sentence

TEXT = "Alder says the bridge is safe. Ortiz believes the bridge is safe."
TREES = [
    f"{name}/PROPN/nsubj/2 {verb}/VERB/root the/DET/det/bridge bridge/NOUN/nsubj/safe is=be/AUX/cop/safe "
    f"safe/ADJ/ccomp/2 ./PUNCT/punct/2"
    for name, verb in (("Alder", "says=say"), ("Ortiz", "believes=believe"))
]
# text, tree, whether it is an action
SENTENCES = [
    (
        "Nkosi pleaded not guilty on Monday.",
        "Nkosi/PROPN/nsubj/2 pleaded=plead/VERB/root/0//VBD not/PART/advmod/4 guilty/ADJ/xcomp/2 on/ADP/case/6 "
        "Monday/PROPN/obl/2 ./PUNCT/punct/2",
        True,
    ),
    (
        "Her appeal was dismissed by the tribunal.",
        "Her/PRON/nmod:poss/2 appeal/NOUN/nsubj:pass/4 was=be/AUX/aux:pass/4//VBD "
        "dismissed=dismiss/VERB/root/0//VBN by/ADP/case/7 the/DET/det/7 tribunal/NOUN/obl:agent/4 ./PUNCT/punct/4",
        True,
    ),
    (
        "Reddy agreed to pay the fine.",
        "Reddy/PROPN/nsubj/2 agreed=agree/VERB/root/0//VBD to/PART/mark/4 pay/VERB/xcomp/2//VB the/DET/det/6 "
        "fine/NOUN/obj/4 ./PUNCT/punct/2",
        True,
    ),
    (
        "The firm declined to comment on the report.",
        "The/DET/det/2 firm/NOUN/nsubj/3 declined=decline/VERB/root/0//VBD to/PART/mark/5 comment/VERB/xcomp/3//VB "
        "on/ADP/case/8 the/DET/det/8 report/NOUN/obl/5 ./PUNCT/punct/3",
        True,
    ),
    (
        "Iyer declared the innings closed.",
        "Iyer/PROPN/nsubj/2 declared=declare/VERB/root/0//VBD the/DET/det/4 innings=inning/NOUN/obj/2 "
        "closed=close/VERB/xcomp/2//VBN ./PUNCT/punct/2",
        True,
    ),
    (
        "A boy asked to be called Jay.",
        "A/DET/det/2 boy/NOUN/nsubj/3 asked=ask/VERB/root/0//VBD to/PART/mark/6 be/AUX/aux:pass/6//VB "
        "called=call/VERB/xcomp/3//VBN Jay/PROPN/xcomp/6 ./PUNCT/punct/3",
        True,
    ),
    (
        "Harper claimed the last wicket.",
        "Harper/PROPN/nsubj/2 claimed=claim/VERB/root/0//VBD the/DET/det/5 last/ADJ/amod/5 wicket/NOUN/obj/2 "
        "./PUNCT/punct/2",
        True,
    ),
    (
        "Roe dismissed the allegations.",
        "Roe/PROPN/nsubj/2 dismissed=dismiss/VERB/root/0//VBD the/DET/det/4 allegations=allegation/NOUN/obj/2 "
        "./PUNCT/punct/2",
        False,
    ),
    (
        "Bell agreed that the plan was weak.",
        "Bell/PROPN/nsubj/2 agreed=agree/VERB/root/0//VBD that/SCONJ/mark/7 the/DET/det/5 plan/NOUN/nsubj/7 "
        "was=be/AUX/cop/7//VBD weak/ADJ/ccomp/2 ./PUNCT/punct/2",
        False,
    ),
    (
        "Cole declared victory.",
        "Cole/PROPN/nsubj/2 declared=declare/VERB/root/0//VBD victory/NOUN/obj/2 ./PUNCT/punct/2",
        False,
    ),
    (
        "The firm declined to say who had paid.",
        "The/DET/det/2 firm/NOUN/nsubj/3 declined=decline/VERB/root/0//VBD to/PART/mark/5 say/VERB/xcomp/3//VB "
        "who/PRON/nsubj/8 had=have/AUX/aux/8//VBD paid=pay/VERB/ccomp/5//VBN ./PUNCT/punct/3",
        False,
    ),
    (
        "Reddy promised to pay the fine.",
        "Reddy/PROPN/nsubj/2 promised=promise/VERB/root/0//VBD to/PART/mark/4 pay/VERB/xcomp/2//VB the/DET/det/6 "
        "fine/NOUN/obj/4 ./PUNCT/punct/2",
        False,
    ),
    (
        "The judge said the appeal was late.",
        "The/DET/det/2 judge/NOUN/nsubj/3 said=say/VERB/root/0//VBD the/DET/det/5 appeal/NOUN/nsubj/7 "
        "was=be/AUX/cop/7//VBD late/ADJ/ccomp/3 ./PUNCT/punct/3",
        False,
    ),
]
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


def cues(options: Options) -> list[str]:
    article = trees.article(TEXT)
    parse = trees.parse(TEXT, TREES, {"Alder": "person", "Ortiz": "person"})
    found = extract(article, parse, replace(options, min_confidence=0.2)).quotes
    return [quote.cue.lemma for quote in found if quote.cue]


@pytest.mark.parametrize("kind", get_args(QuoteKind))
@pytest.mark.parametrize("cue_class", [None, *get_args(CueClass)])
def test_attitudes_are_speech_only_in_quotation_marks(kind: QuoteKind, cue_class: CueClass | None) -> None:
    attitude = cue_class in {"think", "feel", "perceive", "plan"}
    assert is_speech(kind, cue_class) == (kind != "indirect" or not attitude)


def test_thoughts_are_left_out_by_default() -> None:
    assert cues(Options()) == ["say"]


def test_thoughts_are_returned_with_all_statements() -> None:
    assert cues(Options(statements="all")) == ["say", "believe"]


def test_statements_and_cue_classes_must_both_fit() -> None:
    assert cues(Options(statements="all", cue_classes=("think",))) == ["believe"]
    assert cues(Options(statements="speech", cue_classes=("think",))) == []


@pytest.mark.parametrize(
    ("sent", "statements"),
    [
        ({}, "speech"),
        ({"statements": "all"}, "all"),
        ({"cue_classes": ["think"]}, "all"),
        ({"cue_classes": ["think"], "statements": "speech"}, "speech"),
    ],
)
def test_cue_classes_alone_imply_all_statements(sent: object, statements: Statements) -> None:
    assert load_request({"text": "a", "options": sent}, 10)[1].statements == statements


@pytest.mark.parametrize(("text", "tree", "is_action"), SENTENCES, ids=[text for text, _, _ in SENTENCES])
def test_actions_are_not_speech(text: str, tree: str, is_action: bool) -> None:
    drafts = drafts_of(build_document(trees.article(text), trees.parse(text, [tree])), shipped_models())
    assert drafts
    assert (max(draft.speech for draft in drafts) < 0.1) == is_action


@pytest.mark.parametrize(("text", "tree", "cue", "unreal"), CUES, ids=[text for text, *_ in CUES])
def test_hypothetical_report_is_recognized(text: str, tree: str, cue: int, unreal: bool) -> None:
    assert is_unreal(sentence(text, tree), cue) is unreal
