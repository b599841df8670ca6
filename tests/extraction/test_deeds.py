"""Actions with a reporting verb are not speech: sentence → whether the default options leave it out."""

import pytest

from service.extraction.attribution.attributions import drafts_of
from service.extraction.attribution.linear import shipped_models
from service.extraction.document import build_document
from tests import trees

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


@pytest.mark.parametrize(("text", "tree", "is_action"), SENTENCES, ids=[text for text, _, _ in SENTENCES])
def test_actions_are_not_speech(text: str, tree: str, is_action: bool) -> None:
    drafts = drafts_of(build_document(trees.article(text), trees.parse(text, [tree])), shipped_models())
    assert drafts
    assert (max(draft.speech for draft in drafts) < 0.1) == is_action
