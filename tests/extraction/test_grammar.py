"""Grammar rules on hand-written trees: sentence → a cue, its source, and the rule that found it."""

import pytest

from service.extraction.attribution.attributions import attributions_of
from service.extraction.attribution.content_candidates import content_candidates, coordinated_with_cue
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import positions
from service.extraction.document import build_document
from service.parsing.tree import FIRST_SENTENCE
from tests import trees
from tests.trees import article, parse

CASES = {
    "a passive subject is not the source": (
        "Families were told the clinic would shut.",
        "Families=family/NOUN/nsubj:pass/told were=be/AUX/aux:pass/told told=tell/VERB/root/0//VBN the/DET/det/clinic "
        "clinic/NOUN/nsubj/shut would/AUX/aux/shut/VerbForm=Fin/MD shut/VERB/ccomp/told ./PUNCT/punct/told",
        ("told", None, ""),
    ),
    "the agent of a passive is the source": (
        'The plan was branded "madness" by the union.',
        "The/DET/det/plan plan/NOUN/nsubj:pass/branded was=be/AUX/aux:pass/branded branded=brand/VERB/root/0//VBN "
        '"/PUNCT/punct/madness madness/NOUN/xcomp/branded "/PUNCT/punct/madness by/ADP/case/union the/DET/det/union '
        "union/NOUN/obl:agent/branded ./PUNCT/punct/branded",
        ("branded", "the union", "passive-agent"),
    ),
    "the sender of a letter is the source": (
        "Residents received a letter from the council telling them that the road would close.",
        "Residents=resident/NOUN/nsubj/received received=receive/VERB/root/0//VBD a/DET/det/letter "
        "letter/NOUN/obj/received from/ADP/case/council the/DET/det/council council/NOUN/nmod/letter "
        "telling=tell/VERB/advcl/received//VBG them=they/PRON/iobj/telling that/SCONJ/mark/close the/DET/det/road "
        "road/NOUN/nsubj/close would/AUX/aux/close//MD close/VERB/ccomp/telling ./PUNCT/punct/received",
        ("telling", "the council", "participle-source"),
    ),
    "a finite verb is not coordinated with a participle": (
        "The group helps families looking for homes and argues that rents must fall.",
        "The/DET/det/group group/NOUN/nsubj/helps helps=help/VERB/root/0/VerbForm=Fin/VBZ "
        "families=family/NOUN/obj/helps looking=look/VERB/acl/families//VBG for/ADP/case/homes "
        "homes=home/NOUN/obl/looking and/CCONJ/cc/argues argues=argue/VERB/conj/looking/VerbForm=Fin/VBZ "
        "that/SCONJ/mark/fall rents=rent/NOUN/nsubj/fall must/AUX/aux/fall//MD fall/VERB/ccomp/argues "
        "./PUNCT/punct/helps",
        ("argues", "The group", "coordinated-verb-source"),
    ),
    "the subject of an inverted aside is the source": (
        "In the old days, said Moss, nobody locked the door.",
        "In/ADP/case/days the/DET/det/days old/ADJ/amod/days days=day/NOUN/obl/said ,/PUNCT/punct/days "
        "said=say/VERB/root/0/VerbForm=Fin/VBD Moss/PROPN/vocative/locked ,/PUNCT/punct/Moss nobody/PRON/nsubj/locked "
        "locked=lock/VERB/ccomp/said/VerbForm=Fin/VBD the/DET/det/door door/NOUN/obj/locked ./PUNCT/punct/said",
        ("said", "Moss", "aside"),
    ),
    "an outlet after a report is not its source": (
        "Lund said the club would appeal, according to the Herald.",
        "Lund/PROPN/nsubj/said said=say/VERB/root/0/VerbForm=Fin/VBD the/DET/det/club club/NOUN/nsubj/appeal "
        "would/AUX/aux/appeal//MD appeal/VERB/ccomp/said ,/PUNCT/punct/Herald according=accord/VERB/case/Herald//VBG "
        "to/ADP/fixed/according the/DET/det/Herald Herald/PROPN/obl/said ./PUNCT/punct/said",
        ("said", "Lund", ""),
    ),
    "the subject of as X once dubbed her is the source": (
        "“The queen of soup,” as the Echo once dubbed her.",
        "“/PUNCT/punct/3 The/DET/det/3 queen/NOUN/nsubj/12 of/ADP/case/5 soup/NOUN/nmod/3 ,/PUNCT/punct/3 "
        "”/PUNCT/punct/3 as/ADP/mark/12 the/DET/det/10 Echo/PROPN/obl/12 once/ADV/advmod/12 "
        "dubbed=dub/VERB/root/0//VBD her/PRON/obj/12 ./PUNCT/punct/12",
        ("dubbed", "the Echo", "as-clause"),
    ),
    "a document at the end of the sentence is the source": (
        "Inflation fell to three per cent, data from the statistics office showed.",
        "Inflation/NOUN/nsubj/2 fell=fall/VERB/root/0//VBD to/ADP/case/6 three/NUM/nummod/6 per/NOUN/compound/6 "
        "cent/NOUN/obl/2 ,/PUNCT/punct/13 data/NOUN/parataxis/2 from/ADP/case/12 the/DET/det/12 "
        "statistics=statistic/NOUN/compound/12 office/NOUN/nsubj/13 showed=show/VERB/parataxis/2//VBD "
        "./PUNCT/punct/2",
        ("showed", "the statistics office", "aside"),
    ),
    "the object of per is the source": (
        "Per the union, drivers stayed at home.",
        "Per/ADP/case/3 the/DET/det/3 union/NOUN/obl/6 ,/PUNCT/punct/3 drivers=driver/NOUN/nsubj/6 "
        "stayed=stay/VERB/root/0//VBD at/ADP/case/8 home/NOUN/obl/6 ./PUNCT/punct/6",
        ("Per", "the union", "per"),
    ),
    "a person who is heard from is the source": (
        "The court heard from Gough that the boy had no chance.",
        "The/DET/det/2 court/NOUN/nsubj/3 heard=hear/VERB/root/0//VBD from/ADP/case/5 Gough/PROPN/obl/3 "
        "that/SCONJ/mark/9 the/DET/det/8 boy/NOUN/nsubj/9 had=have/VERB/ccomp/3//VBD no/DET/det/11 "
        "chance/NOUN/obj/9 ./PUNCT/punct/3",
        ("heard", "Gough", "heard-from"),
    ),
    "the subject before a colon is the source": (
        "Lacey had a simple answer: “Because it was there.”",
        "Lacey/PROPN/nsubj/2 had=have/VERB/root/0//VBD a/DET/det/5 simple/ADJ/amod/5 answer/NOUN/obj/2 "
        ":/PUNCT/punct/11 “/PUNCT/punct/11 Because/SCONJ/mark/11 it/PRON/nsubj/11 was=be/AUX/cop/11//VBD "
        "there/ADV/advcl/2 ./PUNCT/punct/11 ”/PUNCT/punct/11",
        (":", "Lacey", "introduced-by-colon"),
    ),
    "the possessor of a message before a colon is the source": (
        "Larkin's advice to parents was short: “Read to them.”",
        "Larkin/PROPN/nmod:poss/3 's/PART/case/1 advice/NOUN/nsubj/7 to/ADP/case/5 parents=parent/NOUN/nmod/3 "
        "was=be/AUX/cop/7//VBD short/ADJ/root :/PUNCT/punct/10 “/PUNCT/punct/10 Read/VERB/parataxis/7//VB "
        "to/ADP/case/12 them=they/PRON/obl/10 ./PUNCT/punct/10 ”/PUNCT/punct/10",
        (":", "Larkin", "introduced-by-colon"),
    ),
    "the subject of how X summed up is the source": (
        "“A disgrace”: that was how Orme summed up the vote.",
        "“/PUNCT/punct/3 A/DET/det/3 disgrace/NOUN/root ”/PUNCT/punct/3 :/PUNCT/punct/8 that/PRON/nsubj/8 "
        "was=be/AUX/cop/8//VBD how/ADV/parataxis/3 Orme/PROPN/nsubj/10 summed=sum/VERB/advcl:relcl/8//VBD "
        "up/ADP/compound:prt/10 the/DET/det/13 vote/NOUN/obj/10 ./PUNCT/punct/3",
        ("summed up", "Orme", "how-clause"),
    ),
    "a possessor before a colon without a verb is the source": (
        "Teale's reply: “Not in my name.”",
        "Teale/PROPN/nmod:poss/3 's/PART/case/1 reply/NOUN/root :/PUNCT/punct/9 “/PUNCT/punct/9 Not/PART/advmod/9 "
        "in/ADP/case/9 my/PRON/nmod:poss/9 name/NOUN/appos/3 ./PUNCT/punct/9 ”/PUNCT/punct/9",
        (":", "Teale", "introduced-by-colon"),
    ),
    "the source of a verdict after a quotation follows of": (
        "“Too late,” was the verdict of union boss Moira Tait.",
        "“/PUNCT/punct/3 Too/ADV/advmod/3 late/ADJ/parataxis/8 ,/PUNCT/punct/3 ”/PUNCT/punct/3 "
        "was=be/AUX/cop/8//VBD the/DET/det/8 verdict/NOUN/root of/ADP/case/12 union/NOUN/compound/11 "
        "boss/NOUN/nmod:desc/12 Moira/PROPN/nmod/8 Tait/PROPN/flat/12 ./PUNCT/punct/8",
        ("verdict", "union boss Moira Tait", "verdict-after-quote"),
    ),
    "the source of words before a colon follows from": (
        "Four words from the judge ended it: “You may all leave.”",
        "Four/NUM/nummod/2 words=word/NOUN/nsubj/6 from/ADP/case/5 the/DET/det/5 judge/NOUN/nmod/2 "
        "ended=end/VERB/root/0//VBD it/PRON/obj/6 :/PUNCT/punct/13 “/PUNCT/punct/13 You/PRON/nsubj/13 "
        "may/AUX/aux/13//MD all/ADV/advmod/13 leave/VERB/ccomp/6//VB ./PUNCT/punct/13 ”/PUNCT/punct/13",
        (":", "the judge", "introduced-by-colon"),
    ),
    "the colon is the cue where the verb reports nothing": (
        "The coach could not hide his joy: “What a night!”",
        "The/DET/det/2 coach/NOUN/nsubj/5 could/AUX/aux/5//MD not/PART/advmod/5 hide/VERB/root/0//VB "
        "his/PRON/nmod:poss/7 joy/NOUN/obj/5 :/PUNCT/punct/12 “/PUNCT/punct/12 What/PRON/det:predet/12 a/DET/det/12 "
        "night/NOUN/parataxis/5 !/PUNCT/punct/12 ”/PUNCT/punct/12",
        (":", "The coach", "introduced-by-colon"),
    ),
    "a document at the end is the source whatever the tree": (
        "Teenagers who sleep less earn less later, research from Leiden suggests.",
        "Teenagers=teenager/NOUN/nsubj/12 who/PRON/nsubj/3 sleep/VERB/acl:relcl/1//VBP less/ADV/advmod/3 "
        "earn/VERB/ccomp/12//VBP less/ADV/advmod/7 later=late/ADV/advmod/5 ,/PUNCT/punct/1 research/NOUN/nsubj/5 "
        "from/ADP/case/11 Leiden/PROPN/nmod/9 suggests=suggest/VERB/root/0//VBZ ./PUNCT/punct/12",
        ("suggests", "research from Leiden", "mistagged-verb"),
    ),
    "the subject of as X likes to say is the source": (
        "“The sea gives and the sea takes,” as Teale likes to say.",
        "“/PUNCT/punct/4 The/DET/det/3 sea/NOUN/nsubj/4 gives=give/VERB/root/0//VBZ and/CCONJ/cc/8 the/DET/det/7 "
        "sea/NOUN/nsubj/8 takes=take/VERB/conj/4//VBZ ,/PUNCT/punct/4 ”/PUNCT/punct/4 as/SCONJ/mark/13 "
        "Teale/PROPN/nsubj/13 likes=like/VERB/advcl/4//VBZ to/PART/mark/15 say/VERB/xcomp/13//VB ./PUNCT/punct/13",
        ("likes", "Teale", "as-clause"),
    ),
    "a second cue has the first source where no one else can speak": (
        "Union leaders said the offer was an insult and accused the firm of greed.",
        "Union/NOUN/compound/2 leaders=leader/NOUN/nsubj/3 said=say/VERB/root/0//VBD the/DET/det/5 "
        "offer/NOUN/nsubj/8 was=be/AUX/cop/8//VBD an=a/DET/det/8 insult/NOUN/ccomp/3 and/CCONJ/cc/10 "
        "accused=accuse/VERB/conj/8//VBD the/DET/det/12 firm/NOUN/obj/10 of/ADP/case/14 greed/NOUN/nmod/12 "
        "./PUNCT/punct/3",
        ("accused", "Union leaders", "second-report"),
    ),
}
WOULD = (
    "She/PRON/nsubj/said said=say/VERB/root//VBD they/PRON/nsubj/meet would/AUX/aux/meet//MD meet/VERB/ccomp/said//VB"
)
DID = "but/CCONJ/cc/say did=do/AUX/aux/say//VBD not/PART/advmod/say say/VERB/conj/meet//VB when/ADV/obj/say"


@pytest.mark.parametrize(("text", "tree", "expected"), CASES.values(), ids=CASES.keys())
def test_construction_determines_the_source(text: str, tree: str, expected: tuple[str, str | None, str]) -> None:
    cue, source, rule = expected
    found, _ = attributions_of(build_document(trees.article(text), trees.parse(text, [tree])), 0.05)
    shown = {
        text[one.cue.span.start : one.cue.span.end]: (
            text[one.source.span.start : one.source.span.end] if one.source else None,
            {known.name for known in one.rules},
        )
        for one in found
        if one.cue is not None
    }
    assert shown[cue][0] == source
    assert not rule or rule in shown[cue][1]


def test_outlet_after_a_report_is_its_via() -> None:
    text, tree, _ = CASES["an outlet after a report is not its source"]
    found, _ = attributions_of(build_document(trees.article(text), trees.parse(text, [tree])), 0.05)
    assert [text[one.via.start : one.via.end] if one.via else None for one in found] == ["the Herald"]


def test_second_report_ends_the_first() -> None:
    text = "Ann argued that the ban was unfair, noting that others broke it."
    tree = (
        "Ann/PROPN/nsubj/argued argued=argue/VERB/root/0/VerbForm=Fin/VBD that/SCONJ/mark/unfair the/DET/det/ban "
        "ban/NOUN/nsubj/unfair was=be/AUX/cop/unfair/VerbForm=Fin/VBD unfair/ADJ/ccomp/argued ,/PUNCT/punct/noting "
        "noting=note/VERB/advcl/unfair//VBG that/SCONJ/mark/broke others=other/NOUN/nsubj/broke "
        "broke=break/VERB/ccomp/noting/VerbForm=Fin/VBD it/PRON/obj/broke ./PUNCT/punct/argued"
    )
    found, _ = attributions_of(build_document(trees.article(text), trees.parse(text, [tree])), 0.05)
    contents = {" ".join(text[start:end] for start, end in one.contents) for one in found}
    assert contents == {"that the ban was unfair", "that others broke it"}
    assert {text[one.source.span.start : one.source.span.end] for one in found if one.source} == {"Ann"}


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
