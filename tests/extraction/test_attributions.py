"""Reporting constructions as hand-written trees: sentence → kind, contents, cue and source, and their forms."""

import pytest

from service.extraction.attribution.attributions import attributions_of
from service.extraction.attribution.confidence import form_of, source_kind
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import between
from service.extraction.document import build_document
from service.extraction.quotations.continuations import link
from service.extraction.report import MIN_RESOLUTION_SCORE, Attribution, Options
from service.parsing.tree import FIRST_SENTENCE
from tests import trees

SUBJECT = "Harper/PROPN/nsubj/claimed claimed=claim/VERB/root"


def attributions(text: str, *sentences: str) -> list[Attribution]:
    document = build_document(trees.article(text), trees.parse(text, sentences))
    return link(document, *attributions_of(document, MIN_RESOLUTION_SCORE), Options())


def shown(text: str, one: Attribution) -> tuple[str, tuple[str, ...], str | None, str | None]:
    cue = text[one.cue.span.start : one.cue.span.end] if one.cue else None
    source = text[one.source.span.start : one.source.span.end] if one.source else None
    return one.kind, tuple(text[start:end] for start, end in one.contents), cue, source


CASES = {
    "a clausal complement is indirect": (
        "The mayor said that the bridge would close.",
        "The/DET/det/mayor mayor/NOUN/nsubj/said said=say/VERB/root that/SCONJ/mark/close the/DET/det/bridge "
        "bridge/NOUN/nsubj/close would/AUX/aux/close close/VERB/ccomp/said ./PUNCT/punct/said",
        ("indirect", ("that the bridge would close",), "said", "The mayor"),
    ),
    "a clause that hosts its cue is the content": (
        "The bridge will close, officials said Monday.",
        "The/DET/det/bridge bridge/NOUN/nsubj/close will/AUX/aux/close close/VERB/root ,/PUNCT/punct/close "
        "officials=official/NOUN/nsubj/said said=say/VERB/parataxis/close Monday/PROPN/obl:tmod/said "
        "./PUNCT/punct/close",
        ("indirect", ("The bridge will close",), "said", "officials"),
    ),
    "a quotation before its cue is direct, marks and comma included": (
        '"We will close it," Ortiz said.',
        '"/PUNCT/punct/close We/PRON/nsubj/close will/AUX/aux/close close/VERB/ccomp/said it/PRON/obj/close '
        ',/PUNCT/punct/close "/PUNCT/punct/close Ortiz/PROPN/nsubj/said said=say/VERB/root ./PUNCT/punct/said',
        ("direct", ('"We will close it,"',), "said", "Ortiz"),
    ),
    "said X is an inverted subject": (
        "“We will close it,” said Ortiz, a city engineer.",
        "“/PUNCT/punct/close We/PRON/nsubj/close will/AUX/aux/close close/VERB/root it/PRON/obj/close "
        ",/PUNCT/punct/close ”/PUNCT/punct/close said=say/VERB/parataxis/close Ortiz/PROPN/nsubj/said "
        ",/PUNCT/punct/engineer "
        "a/DET/det/engineer city/NOUN/compound/engineer engineer/NOUN/appos/Ortiz ./PUNCT/punct/close",
        ("direct", ("“We will close it,”",), "said", "Ortiz, a city engineer"),
    ),
    "an inverted subject that is parsed as an object is the source": (
        "“It is over,” said Ortiz.",
        "“/PUNCT/punct/over It/PRON/nsubj/over is/AUX/cop/over over/ADJ/ccomp/said ,/PUNCT/punct/over "
        "”/PUNCT/punct/over "
        "said=say/VERB/root/0//VBD Ortiz/PROPN/obj/said ./PUNCT/punct/said",
        ("direct", ("“It is over,”",), "said", "Ortiz"),
    ),
    "a clause that is partly quoted is mixed and whole": (
        "The mayor said the bridge was “a danger to everyone” on it.",
        "The/DET/det/mayor mayor/NOUN/nsubj/said said=say/VERB/root the/DET/det/bridge bridge/NOUN/nsubj/danger "
        "was/AUX/cop/danger “/PUNCT/punct/danger a/DET/det/danger danger/NOUN/ccomp/said to/ADP/case/everyone "
        "everyone/PRON/nmod/danger ”/PUNCT/punct/danger on/ADP/case/it it/PRON/obl/danger ./PUNCT/punct/said",
        ("mixed", ("the bridge was “a danger to everyone” on it",), "said", "The mayor"),
    ),
    "that and a quotation is direct": (
        'Ortiz said that "the bridge is closed."',
        'Ortiz/PROPN/nsubj/said said=say/VERB/root that/SCONJ/mark/closed "/PUNCT/punct/closed the/DET/det/bridge '
        "bridge/NOUN/nsubj/closed is/AUX/aux:pass/closed closed=close/VERB/ccomp/said ./PUNCT/punct/closed "
        '"/PUNCT/punct/closed',
        ("direct", ('that "the bridge is closed."',), "said", "Ortiz"),
    ),
    "a quotation split by its cue is one quote with two contents": (
        '"The bridge," Ortiz said, "is closed."',
        '"/PUNCT/punct/bridge The/DET/det/bridge bridge/NOUN/nsubj/closed ,/PUNCT/punct/said "/PUNCT/punct/said '
        'Ortiz/PROPN/nsubj/said said=say/VERB/parataxis/closed ,/PUNCT/punct/said "/PUNCT/punct/closed '
        "is/AUX/aux:pass/closed "
        'closed=close/VERB/root ./PUNCT/punct/closed "/PUNCT/punct/closed',
        ("direct", ('"The bridge,"', '"is closed."'), "said", "Ortiz"),
    ),
    "the content of according to is the clause that it modifies": (
        "According to the ministry, the bridge will close.",
        "According=accord/VERB/case/ministry//VBG to/ADP/fixed/According the/DET/det/ministry ministry/NOUN/obl/close "
        ",/PUNCT/punct/close "
        "the/DET/det/bridge bridge/NOUN/nsubj/close will/AUX/aux/close close/VERB/root ./PUNCT/punct/close",
        ("indirect", ("the bridge will close",), "According to", "the ministry"),
    ),
    "the content of as X said is the clause that it modifies": (
        "The bridge, as Ortiz said, is a ruin.",
        "The/DET/det/bridge bridge/NOUN/nsubj/ruin ,/PUNCT/punct/said as/SCONJ/mark/said Ortiz/PROPN/nsubj/said "
        "said=say/VERB/advcl/ruin//VBD ,/PUNCT/punct/said is/AUX/cop/ruin a/DET/det/ruin "
        "ruin/NOUN/root ./PUNCT/punct/ruin",
        ("indirect", ("The bridge", "is a ruin"), "said", "Ortiz"),
    ),
    "the object of urge belongs to the content": (
        "The council urged drivers to stay away.",
        "The/DET/det/council council/NOUN/nsubj/urged urged=urge/VERB/root drivers=driver/NOUN/obj/urged "
        "to/PART/mark/stay "
        "stay/VERB/xcomp/urged away/ADV/advmod/stay ./PUNCT/punct/urged",
        ("indirect", ("drivers to stay away",), "urged", "The council"),
    ),
    "call on has a person and an infinitive as content": (
        "The council called on the state to pay.",
        "The/DET/det/council council/NOUN/nsubj/called called=call/VERB/root on/ADP/case/state the/DET/det/state "
        "state/NOUN/obl/called to/PART/mark/pay pay/VERB/xcomp/called ./PUNCT/punct/called",
        ("indirect", ("the state to pay",), "called on", "The council"),
    ),
    "a second verb shares the first one's subject": (
        "Ortiz closed the bridge and said it was weak.",
        "Ortiz/PROPN/nsubj/closed closed=close/VERB/root the/DET/det/bridge bridge/NOUN/obj/closed and/CCONJ/cc/said "
        "said=say/VERB/conj/closed it/PRON/nsubj/weak was/AUX/cop/weak weak/ADJ/ccomp/said ./PUNCT/punct/closed",
        ("indirect", ("it was weak",), "said", "Ortiz"),
    ),
    "a passive cue has its agent as source": (
        "It was reported by the Herald that the bridge is weak.",
        "It/PRON/expl/reported was/AUX/aux:pass/reported reported=report/VERB/root by/ADP/case/Herald "
        "the/DET/det/Herald "
        "Herald/PROPN/obl:agent/reported that/SCONJ/mark/weak the/DET/det/bridge bridge/NOUN/nsubj/weak "
        "is/AUX/cop/weak "
        "weak/ADJ/ccomp/reported ./PUNCT/punct/reported",
        ("indirect", ("that the bridge is weak",), "reported", "the Herald"),
    ),
    "the source of a reporting noun is its possessor": (
        "They mocked his claim that the bridge is safe.",
        "They/PRON/nsubj/mocked mocked=scoff/VERB/root his/PRON/nmod:poss/claim claim/NOUN/obj/mocked "
        "that/SCONJ/mark/safe "
        "the/DET/det/bridge bridge/NOUN/nsubj/safe is/AUX/cop/safe safe/ADJ/acl/claim ./PUNCT/punct/mocked",
        ("indirect", ("that the bridge is safe",), "claim", "his"),
    ),
}


@pytest.mark.parametrize(("text", "tree", "expected"), CASES.values(), ids=CASES.keys())
def test_reporting_construction_has_kind_contents_cue_and_source(
    text: str, tree: str, expected: tuple[object, ...]
) -> None:
    assert [shown(text, one) for one in attributions(text, tree)] == [expected]


QUIET = {
    "a cue inside quotation marks is the speaker's own": (
        '"He said so" hung on the wall.',
        '"/PUNCT/punct/said He/PRON/nsubj/said said=say/VERB/nsubj/hung so/ADV/advmod/said "/PUNCT/punct/said '
        "hung=hang/VERB/root on/ADP/case/wall the/DET/det/wall wall/NOUN/obl/hung ./PUNCT/punct/hung",
    ),
    "scare quotes report nothing": (
        'The "temporary" bridge is 40 years old.',
        'The/DET/det/bridge "/PUNCT/punct/temporary temporary/ADJ/amod/bridge "/PUNCT/punct/temporary '
        "bridge/NOUN/nsubj/old "
        "is/AUX/cop/old 40/NUM/nummod/years years=year/NOUN/obl:npmod/old old/ADJ/root ./PUNCT/punct/old",
    ),
    "said no more reports nothing": (
        "Ortiz said no more.",
        "Ortiz/PROPN/nsubj/said said=say/VERB/root//VBD no/DET/det/more more/ADJ/obj/said ./PUNCT/punct/said",
    ),
}


@pytest.mark.parametrize(("text", "tree"), QUIET.values(), ids=QUIET.keys())
def test_sentence_without_a_report_has_no_attribution(text: str, tree: str) -> None:
    assert attributions(text, tree) == []


def test_denied_report_is_negated() -> None:
    text = "The ministry did not say whether it would pay."
    tree = (
        "The/DET/det/ministry ministry/NOUN/nsubj/say did/AUX/aux/say not/PART/advmod/say say/VERB/root "
        "whether/SCONJ/mark/pay it/PRON/nsubj/pay would/AUX/aux/pay pay/VERB/ccomp/say ./PUNCT/punct/say"
    )
    [one] = attributions(text, tree)
    assert one.negated
    assert shown(text, one)[1] == ("whether it would pay",)


def test_source_after_according_to_is_the_via_of_an_inner_report() -> None:
    text = "The Kremlin confirmed he would come, according to Interfax."
    tree = (
        "The/DET/det/Kremlin Kremlin/PROPN/nsubj/confirmed confirmed=confirm/VERB/root he/PRON/nsubj/come "
        "would/AUX/aux/come come/VERB/ccomp/confirmed ,/PUNCT/punct/Interfax according/VERB/case/Interfax "
        "to/ADP/fixed/according Interfax/PROPN/obl/confirmed ./PUNCT/punct/confirmed"
    )
    [one] = attributions(text, tree)
    assert shown(text, one) == ("indirect", ("he would come",), "confirmed", "The Kremlin")
    assert one.via is not None
    assert text[slice(*one.via)] == "Interfax"


def test_object_of_tell_is_the_addressee() -> None:
    text = "Ortiz told the Herald that it was weak."
    tree = (
        "Ortiz/PROPN/nsubj/told told=tell/VERB/root the/DET/det/Herald Herald/PROPN/obj/told that/SCONJ/mark/weak "
        "it/PRON/nsubj/weak was/AUX/cop/weak weak/ADJ/ccomp/told ./PUNCT/punct/told"
    )
    [one] = attributions(text, tree)
    assert one.addressee is not None
    assert text[slice(*one.addressee)] == "the Herald"


def test_quoted_sentence_after_a_quote_belongs_to_it() -> None:
    text = '"It is weak," Ortiz said. "It will fall."'
    first = (
        '"/PUNCT/punct/weak It/PRON/nsubj/weak is/AUX/cop/weak weak/ADJ/ccomp/said ,/PUNCT/punct/weak '
        '"/PUNCT/punct/weak '
        "Ortiz/PROPN/nsubj/said said=say/VERB/root ./PUNCT/punct/said"
    )
    second = (
        '"/PUNCT/punct/fall It/PRON/nsubj/fall will/AUX/aux/fall fall/VERB/root ./PUNCT/punct/fall "/PUNCT/punct/fall'
    )
    [one] = attributions(text, first, second)
    assert shown(text, one) == ("direct", ('"It is weak,"', '"It will fall."'), "said", "Ortiz")


def test_quoted_paragraph_without_a_cue_continues_the_speaker() -> None:
    text = '"It is weak," Ortiz said.\n"It will surely fall."'
    first = (
        '"/PUNCT/punct/weak It/PRON/nsubj/weak is/AUX/cop/weak weak/ADJ/ccomp/said ,/PUNCT/punct/weak '
        '"/PUNCT/punct/weak '
        "Ortiz/PROPN/nsubj/said said=say/VERB/root ./PUNCT/punct/said"
    )
    second = (
        '"/PUNCT/punct/fall It/PRON/nsubj/fall will/AUX/aux/fall surely/ADV/advmod/fall fall/VERB/root '
        "./PUNCT/punct/fall "
        '"/PUNCT/punct/fall'
    )
    one, two = attributions(text, first, second)
    assert one.continues is None
    assert two.continues == 0
    assert shown(text, two) == ("direct", ('"It will surely fall."',), None, None)


def test_colon_introduces_the_following_quotation() -> None:
    text = "The Herald reports:\n“The bridge will surely fall.”"
    first = "The/DET/det/Herald Herald/PROPN/nsubj/reports reports=report/VERB/root :/PUNCT/punct/reports"
    second = (
        "“/PUNCT/punct/fall The/DET/det/bridge bridge/NOUN/nsubj/fall will/AUX/aux/fall surely/ADV/advmod/fall "
        "fall/VERB/root ./PUNCT/punct/fall ”/PUNCT/punct/fall"
    )
    [one] = attributions(text, first, second)
    assert shown(text, one) == ("direct", ("“The bridge will surely fall.”",), "reports", "The Herald")


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
