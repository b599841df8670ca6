"""What counts as speech, and which statements each option returns."""

from dataclasses import replace
from typing import get_args

import pytest

from schemas.request import load_request
from service.extraction.extractor import extract
from service.extraction.report import CueClass, Options, QuoteKind, Statements
from service.extraction.rules.statements import is_speech
from tests import trees

TEXT = "Alder says the bridge is safe. Ortiz believes the bridge is safe."
TREES = [
    f"{name}/PROPN/nsubj/2 {verb}/VERB/root the/DET/det/bridge bridge/NOUN/nsubj/safe is=be/AUX/cop/safe "
    f"safe/ADJ/ccomp/2 ./PUNCT/punct/2"
    for name, verb in (("Alder", "says=say"), ("Ortiz", "believes=believe"))
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
