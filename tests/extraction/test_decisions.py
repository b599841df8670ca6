"""The decisions that `explain` shows, on hand-written trees: sentence → decision, who decided, winner and runner-up."""

from dataclasses import replace

import pytest

from service.extraction.extractor import extract
from service.extraction.report import MAX_FEATURES, Decision, Options, Quote
from tests import trees

SAID = (
    "Mayor Ruth Alder said that the bridge would close.",
    "Mayor/PROPN/nsubj/said Ruth/PROPN/flat/Mayor Alder/PROPN/flat/Mayor said=say/VERB/root/0//VBD "
    "that/SCONJ/mark/close the/DET/det/bridge bridge/NOUN/nsubj/close would/AUX/aux/close close/VERB/ccomp/said "
    "./PUNCT/punct/said",
)
PASSIVE = (
    "Clive Oar was accused of lying by the city.",
    "Clive/PROPN/nsubj:pass/accused Oar/PROPN/flat/Clive was=be/AUX/aux:pass/accused//VBD "
    "accused=accuse/VERB/root/0//VBN of/SCONJ/mark/lying lying=lie/VERB/advcl/accused//VBG by/ADP/case/city "
    "the/DET/det/city city/NOUN/obl/lying ./PUNCT/punct/accused",
)
ASIDE = (
    "“We will close it,” said Ortiz.",
    "“/PUNCT/punct/close We/PRON/nsubj/close will/AUX/aux/close close/VERB/ccomp/said it/PRON/obj/close "
    ",/PUNCT/punct/close ”/PUNCT/punct/close said=say/VERB/root/0//VBD Ortiz/PROPN/nsubj/said ./PUNCT/punct/said",
)
LABEL = ("Police: Bridge is closed", "Police/NOUN/dep/closed :/PUNCT/punct/closed Bridge/NOUN/nsubj/closed "
         "is=be/AUX/cop/closed closed/ADJ/root")  # fmt: skip

CASES = [
    (SAID, "cue", "model", "said", None),
    (SAID, "content", "model", "that the bridge would close", ...),
    (SAID, "source", "model", "Mayor Ruth Alder", None),
    (SAID, "speaker", "speaker-full-name", "Ruth Alder", None),
    (PASSIVE, "source", "passive-agent", "the city", ...),
    (PASSIVE, "content", "passive-complement", "of lying", ...),
    (ASIDE, "quoted-span", "adjacent", "said", None),
]


def quote(case: tuple[str, str], **options: bool | float) -> Quote:
    text, tree = case
    parse = trees.parse(text, [tree], {"Ruth Alder": "person", "Clive Oar": "person", "Ortiz": "person"})
    asked = replace(Options(explain=True, min_confidence=0.0, min_speaker_confidence=0.0), **options)  # type: ignore[arg-type]
    (found,) = extract(trees.article(text), parse, asked).quotes
    return found


def decision(found: Quote, kind: str) -> Decision:
    return next(one for one in found.decisions if one.kind == kind)


@pytest.mark.parametrize(("case", "kind", "decided_by", "winner", "runner_up"), CASES)
def test_decision_has_winner_runner_up_and_decider(
    case: tuple[str, str], kind: str, decided_by: str, winner: str, runner_up: object
) -> None:
    found = decision(quote(case), kind)
    assert (found.decided_by, found.winner.text) == (decided_by, winner)
    if runner_up is None:
        assert found.runner_up is None or found.runner_up.text is None
    else:
        assert found.runner_up is not None
        assert found.runner_up.text != winner


def test_scores_of_the_model_rank_winner_before_runner_up() -> None:
    for one in quote(SAID).decisions:
        if one.decided_by == "model" and one.runner_up is not None and one.kind != "cue":
            assert one.winner.score is not None
            assert one.runner_up.score is not None
            assert one.winner.score >= one.runner_up.score


def test_features_are_few_and_heaviest_first() -> None:
    for one in quote(SAID).decisions:
        weights = [abs(each.weight) for each in one.winner.features]
        assert 0 < len(weights) <= MAX_FEATURES
        assert weights == sorted(weights, reverse=True)


def test_speaker_below_the_minimum_is_the_runner_up() -> None:
    found = decision(quote(SAID, min_speaker_confidence=1.0), "speaker")
    assert (found.decided_by, found.winner.text) == ("min_speaker_confidence", None)
    assert found.runner_up is not None
    assert found.runner_up.text == "Ruth Alder"


def test_no_decisions_without_explain() -> None:
    assert quote(SAID, explain=False).decisions == ()


def test_quote_without_a_learned_cue_names_its_rule() -> None:
    text, tree = LABEL
    article = trees.article(text)
    headline = replace(article, paragraphs=tuple(replace(one, section="headline") for one in article.paragraphs))
    (found,) = extract(headline, trees.parse(text, [tree]), Options(explain=True)).quotes
    assert [(one.kind, one.decided_by) for one in found.decisions] == [
        ("cue", "label"),
        ("speaker", "speaker-new-description"),
    ]
