"""Repairs of dependency trees that are wrong at names."""

import pytest

from service.extraction.rules.tree_repairs import repaired
from tests.trees import parse

# text, tree, people, the words that change with their new tag, relation and governor
REPAIRS = [
    (
        "LEEDS (AP) - Tavel said no.",
        "LEEDS/PROPN/nsubj/said (/PUNCT/punct/AP AP/PROPN/appos/LEEDS )/PUNCT/punct/AP -/PUNCT/punct/Tavel "
        "Tavel/PROPN/appos/LEEDS said=say/VERB/root no/INTJ/obj/said ./PUNCT/punct/said",
        [],
        {"LEEDS": ("PROPN", "dep", "Tavel"), "Tavel": ("PROPN", "nsubj", "said")},
    ),
    (
        "Leeds, Tavel said, is shut.",
        "Leeds/PROPN/nsubj/shut ,/PUNCT/punct/said Tavel/PROPN/nsubj/said said=say/VERB/parataxis/shut "
        ",/PUNCT/punct/said is=be/AUX/cop/shut shut/ADJ/root ./PUNCT/punct/shut",
        [],
        {},
    ),
    (
        "Leader of Opposition Kiran Rao said no.",
        "Leader/PROPN/nsubj/said of/ADP/case/Kiran Opposition/PROPN/nmod:desc/Kiran Kiran/PROPN/nmod/Leader "
        "Rao/PROPN/flat/Leader said=say/VERB/root no/INTJ/obj/said ./PUNCT/punct/said",
        [],
        {
            "of": ("ADP", "case", "Opposition"),
            "Opposition": ("PROPN", "nmod", "Leader"),
            "Kiran": ("PROPN", "appos", "Leader"),
            "Rao": ("PROPN", "flat", "Kiran"),
        },
    ),
    (
        "My neighbor Gus put it best.",
        "My/PRON/nmod:poss/neighbor neighbor/NOUN/nsubj/put Gus/PROPN/advmod/put put/VERB/root it/PRON/obj/put "
        "best/ADV/advmod/put ./PUNCT/punct/put",
        ["Gus"],
        {"Gus": ("PROPN", "appos", "neighbor")},
    ),
    (
        "My neighbor today put it best.",
        "My/PRON/nmod:poss/neighbor neighbor/NOUN/nsubj/put today/NOUN/advmod/put put/VERB/root it/PRON/obj/put "
        "best/ADV/advmod/put ./PUNCT/punct/put",
        [],
        {},
    ),
    (
        "Minister of Trade, Investment and Culture, Venn, said no.",
        "Minister/PROPN/nsubj/said of/ADP/case/Trade Trade/PROPN/nmod/Minister ,/PUNCT/punct/Investment "
        "Investment/PROPN/appos/Minister and/CCONJ/cc/Culture Culture/PROPN/conj/Trade ,/PUNCT/punct/Venn "
        "Venn/PROPN/appos/Minister ,/PUNCT/punct/Minister said=say/VERB/root no/INTJ/obj/said ./PUNCT/punct/said",
        [],
        {"Investment": ("PROPN", "conj", "Trade")},
    ),
    (
        "Minister of Trade, Food and Mining, the Hon. Al Ray, left.",
        "Minister/PROPN/nsubj/left of/ADP/case/Trade Trade/PROPN/nmod/Minister ,/PUNCT/punct/Food "
        "Food/PROPN/conj/Minister and/CCONJ/cc/Mining Mining/PROPN/conj/Minister ,/PUNCT/punct/Al the/DET/det/Al "
        "Hon./PROPN/nmod:desc/Al Al/PROPN/appos/Minister Ray/PROPN/appos/Minister ,/PUNCT/punct/left "
        "left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {
            "Food": ("PROPN", "conj", "Trade"),
            "Mining": ("PROPN", "conj", "Trade"),
            "Ray": ("PROPN", "flat", "Al"),
        },
    ),
    (
        "Head of Food and Welfare Rosa Blunt left.",
        "Head/PROPN/nsubj/left of/ADP/case/Food Food/PROPN/nmod/Head and/CCONJ/cc/Welfare Welfare/PROPN/conj/Head "
        "Rosa/PROPN/appos/Head Blunt/PROPN/flat/Rosa left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {"Welfare": ("PROPN", "conj", "Food")},
    ),
    (
        "Minister of Trade, Venn and Bell said no.",
        "Minister/PROPN/nsubj/said of/ADP/case/Trade Trade/PROPN/nmod/Minister ,/PUNCT/punct/Venn "
        "Venn/PROPN/appos/Minister and/CCONJ/cc/Bell Bell/PROPN/conj/Venn said=say/VERB/root no/INTJ/obj/said "
        "./PUNCT/punct/said",
        [],
        {},
    ),
    (
        "Rents fell, a poll by Harrow found.",
        "Rents=rent/NOUN/nsubj/fell fell=fall/VERB/root ,/PUNCT/punct/found a/DET/det/poll poll/NOUN/parataxis/fell "
        "by/ADP/case/Harrow Harrow/PROPN/nsubj/found found=find/VERB/parataxis/fell//VBD ./PUNCT/punct/fell",
        [],
        {"poll": ("NOUN", "nsubj", "found"), "Harrow": ("PROPN", "nmod", "poll")},
    ),
    (
        "Rents fell, a town by Harrow, Pell found.",
        "Rents=rent/NOUN/nsubj/fell fell=fall/VERB/root ,/PUNCT/punct/town a/DET/det/town town/NOUN/parataxis/fell "
        "by/ADP/case/Harrow Harrow/PROPN/nmod/town ,/PUNCT/punct/found Pell/PROPN/nsubj/found "
        "found=find/VERB/parataxis/fell//VBD ./PUNCT/punct/fell",
        [],
        {},
    ),
    (
        "The digger whose team left said it sank.",
        "The/DET/det/digger digger/NOUN/root whose/PRON/nmod:poss/team team/NOUN/nsubj/left "
        "left=leave/VERB/acl:relcl/digger//VBD said=say/VERB/acl:relcl/digger//VBD it/PRON/nsubj/sank "
        "sank=sink/VERB/ccomp/said//VBD ./PUNCT/punct/digger",
        [],
        {"digger": ("NOUN", "nsubj", "said"), "said": ("VERB", "root", "."), ".": ("PUNCT", "punct", "said")},
    ),
    (
        "He left with a lawyer calling it a sham.",
        "He/PRON/nsubj/left left=leave/VERB/root with/ADP/case/lawyer a/DET/det/lawyer "
        "lawyer/NOUN/obl/left calling=call/VERB/advcl/left//VBG it/PRON/obj/calling a/DET/det/sham "
        "sham/NOUN/xcomp/calling ./PUNCT/punct/left",
        [],
        {},
    ),
    (
        "Dr Ilse Seers said no.",
        "Dr/PROPN/nmod:desc/Ilse Ilse/PROPN/nmod:desc/Seers Seers/PROPN/nsubj/said said=say/VERB/root no/INTJ/obj/said "
        "./PUNCT/punct/said",
        ["Dr Ilse Seers"],
        {"Ilse": ("PROPN", "nsubj", "said"), "Seers": ("PROPN", "flat", "Ilse")},
    ),
    (
        "Governor Seers said no.",
        "Governor/PROPN/nmod:desc/Seers Seers/PROPN/nsubj/said said=say/VERB/root no/INTJ/obj/said ./PUNCT/punct/said",
        ["Governor Seers"],
        {},
    ),
    (
        "The mayor of New York Erik Adams left.",
        "The/DET/det/mayor mayor/NOUN/nsubj/left of/ADP/case/Erik New/ADJ/amod/York York/PROPN/nmod:desc/Erik "
        "Erik/PROPN/nmod/mayor Adams/PROPN/flat/Erik left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {
            "York": ("PROPN", "nmod", "mayor"),
            "of": ("ADP", "case", "York"),
            "Erik": ("PROPN", "appos", "mayor"),
        },
    ),
    (
        "The mayor of New Erik left.",
        "The/DET/det/mayor mayor/NOUN/nsubj/left of/ADP/case/Erik New/PROPN/compound/Erik Erik/PROPN/nmod/mayor "
        "left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {},
    ),
    (
        "Venn was told by Security Adviser Dale Bolt.",
        "Venn/PROPN/nsubj:pass/told was=be/AUX/aux:pass/told told=tell/VERB/root by/ADP/case/Adviser "
        "Security/PROPN/compound/Adviser Adviser/PROPN/obl:agent/told Dale/PROPN/obl:agent/told Bolt/PROPN/flat/Dale "
        "./PUNCT/punct/told",
        [],
        {"Adviser": ("PROPN", "nmod:desc", "Dale"), "by": ("ADP", "case", "Dale")},
    ),
    (
        "Will Long told fans.",
        "Will=will/AUX/aux/told//MD Long/ADV/advmod/told told=tell/VERB/root///VBN fans=fan/NOUN/obj/told "
        "./PUNCT/punct/told",
        [],
        {"Will": ("PROPN", "nsubj", "told"), "Long": ("PROPN", "flat", "Will")},
    ),
    (
        "Will Long tell fans.",
        "Will=will/AUX/aux/tell//MD Long/PROPN/nsubj/tell tell=tell/VERB/root///VB fans=fan/NOUN/obj/tell "
        "./PUNCT/punct/tell",
        [],
        {},
    ),
    (
        "Long said so.",
        "Long/ADV/nsubj/said said=say/VERB/root///VBD so/ADV/obj/said ./PUNCT/punct/said",
        ["Long"],
        {"Long": ("PROPN", "nsubj", "said")},
    ),
    (
        "The directors Tore Hill and Lena Ray left.",
        "The/DET/det/directors directors=director/NOUN/nsubj/left/Number=Plur Tore=tear/VERB/ccomp/left "
        "Hill/PROPN/obj/Tore and/CCONJ/cc/Lena Lena/PROPN/conj/directors Ray/PROPN/flat/Lena left=leave/VERB/root "
        "./PUNCT/punct/left",
        ["Tore Hill", "Lena Ray"],
        {
            "Tore": ("PROPN", "appos", "directors"),
            "Hill": ("PROPN", "flat", "Tore"),
            "Lena": ("PROPN", "conj", "Tore"),
        },
    ),
    (
        "It fell, according to data firm Tenten.",
        "It/PRON/nsubj/fell fell=fall/VERB/root ,/PUNCT/punct/firm according/VERB/case/firm to/ADP/fixed/according "
        "data/NOUN/compound/firm firm/NOUN/obl/fell Tenten/PROPN/obl/fell ./PUNCT/punct/fell",
        [],
        {"Tenten": ("PROPN", "appos", "firm")},
    ),
    (
        "He was armed, say police.",
        "He/PRON/nsubj:pass/armed was=be/AUX/aux:pass/armed armed=arm/VERB/root ,/PUNCT/punct/say "
        "say/VERB/parataxis/armed police/NOUN/obj/say ./PUNCT/punct/armed",
        [],
        {"police": ("NOUN", "nsubj", "say")},
    ),
    (
        "“Never,” vowed Hale.",
        "“/PUNCT/punct/Never Never/ADV/advmod/vowed ,/PUNCT/punct/Never ”/PUNCT/punct/Never vowed=vow/VERB/root "
        "Hale/PROPN/obj/vowed ./PUNCT/punct/vowed",
        [],
        {"Hale": ("PROPN", "nsubj", "vowed")},
    ),
    (
        "It fell at the firm Friday.",
        "It/PRON/nsubj/fell fell=fall/VERB/root at/ADP/case/firm the/DET/det/firm firm/NOUN/obl/fell "
        "Friday/PROPN/obl/fell ./PUNCT/punct/fell",
        [],
        {},
    ),
    (
        "They left, as has secretary Ray Sorrel.",
        "They/PRON/nsubj/left left=leave/VERB/root ,/PUNCT/punct/has as/SCONJ/mark/has has=have/AUX/advcl/left "
        "secretary/NOUN/nmod:desc/Ray Ray/PROPN/flat/has Sorrel/PROPN/flat/Ray ./PUNCT/punct/left",
        [],
        {"Ray": ("PROPN", "nsubj", "has")},
    ),
    (
        "It works, said author Jane Miller.",
        "It/PRON/nsubj/works works=work/VERB/ccomp/said ,/PUNCT/punct/works said=say/VERB/root author/NOUN/obj/said "
        "Jane/PROPN/appos/author Miller/PROPN/flat/Jane ./PUNCT/punct/said",
        [],
        {"author": ("NOUN", "nsubj", "said")},
    ),
    (
        "He rose, said thanks.",
        "He/PRON/nsubj/rose rose=rise/VERB/root ,/PUNCT/punct/said said=say/VERB/parataxis/rose "
        "thanks=thank/NOUN/obj/said/Number=Plur ./PUNCT/punct/rose",
        [],
        {},
    ),
    (
        "He came with fielding coach Jo Silva.",
        "He/PRON/nsubj/came came=come/VERB/root with/SCONJ/mark/fielding fielding=field/VERB/advcl/came//VBG "
        "coach/NOUN/obj/fielding Jo/PROPN/flat/coach Silva/PROPN/flat/Jo ./PUNCT/punct/came",
        [],
        {
            "with": ("ADP", "case", "Jo"),
            "fielding": ("NOUN", "compound", "coach"),
            "coach": ("NOUN", "nmod:desc", "Jo"),
            "Jo": ("PROPN", "obl", "came"),
        },
    ),
    (
        "Hitting coach Al Reyes was hurt.",
        "Hitting=hit/VERB/advcl/hurt//VBG coach/NOUN/nmod:desc/Al Al/PROPN/obj/Hitting Reyes/PROPN/flat/Al "
        "was=be/AUX/aux:pass/hurt hurt/VERB/root ./PUNCT/punct/hurt",
        [],
        {"Hitting": ("NOUN", "compound", "coach"), "Al": ("PROPN", "nsubj:pass", "hurt")},
    ),
    (
        "He left praising coach Jo Silva.",
        "He/PRON/nsubj/left left=leave/VERB/root praising=praise/VERB/advcl/left//VBG coach/NOUN/nmod:desc/Jo "
        "Jo/PROPN/obj/praising Silva/PROPN/flat/Jo ./PUNCT/punct/left",
        [],
        {},
    ),
    (
        "Team captain Ned Parr left.",
        "Team/NOUN/compound/captain captain/NOUN/obl/left Ned/PROPN/nsubj/left Parr/PROPN/flat/Ned "
        "left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {"captain": ("NOUN", "nmod:desc", "Ned")},
    ),
    (
        "Holt & Marsh left.",
        "Holt/PROPN/nsubj/left &/CCONJ/cc/Marsh Marsh/PROPN/conj/Holt left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {"&": ("PROPN", "flat", "Holt"), "Marsh": ("PROPN", "flat", "Holt")},
    ),
    (
        "May told fans.",
        "May/AUX/aux/told//MD told=tell/VERB/root///VBN fans=fan/NOUN/obj/told ./PUNCT/punct/told",
        [],
        {"May": ("PROPN", "nsubj", "told")},
    ),
    (
        "Rents rose, figures from the Mint show.",
        "Rents=rent/NOUN/nsubj/rose rose=rise/VERB/root///VBD ,/PUNCT/punct/figures figures=figure/NOUN/parataxis/rose "
        "from/ADP/case/show the/DET/det/show Mint/PROPN/compound/show show/NOUN/nmod/figures ./PUNCT/punct/rose",
        [],
        {
            "figures": ("NOUN", "nsubj", "show"),
            "from": ("ADP", "case", "Mint"),
            "the": ("DET", "det", "Mint"),
            "Mint": ("PROPN", "nmod", "figures"),
            "show": ("VERB", "parataxis", "rose"),
        },
    ),
    (
        "Footage reveals a crack, said Harbour Watch.",
        "Footage/NOUN/nsubj/said reveals=reveal/VERB/ccomp/said a/DET/det/crack crack/NOUN/obj/reveals "
        ",/PUNCT/punct/reveals said=say/VERB/root Harbour/PROPN/compound/Watch Watch/PROPN/ccomp/said "
        "./PUNCT/punct/said",
        [],
        {"Footage": ("NOUN", "nsubj", "reveals"), "Watch": ("PROPN", "nsubj", "said")},
    ),
    (
        "Mayor Jon Pell and leader Rita Voss left.",
        "Mayor/PROPN/nmod:desc/Jon Jon/PROPN/nsubj/left Pell/PROPN/flat/Jon and/CCONJ/cc/leader leader/NOUN/conj/Jon "
        "Rita/PROPN/conj/Jon Voss/PROPN/flat/Rita left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {"and": ("CCONJ", "cc", "Rita"), "leader": ("NOUN", "nmod:desc", "Rita")},
    ),
    (
        "“No,” lawyer and activist Jon Pell said.",
        "“/PUNCT/punct/No No/INTJ/ccomp/said ,/PUNCT/punct/No ”/PUNCT/punct/No lawyer/NOUN/nsubj/said and/CCONJ/cc/Jon "
        "activist/ADJ/nmod:desc/Jon Jon/PROPN/conj/lawyer Pell/PROPN/flat/Jon said=say/VERB/root ./PUNCT/punct/said",
        [],
        {
            "lawyer": ("NOUN", "nmod:desc", "Jon"),
            "and": ("CCONJ", "cc", "activist"),
            "activist": ("ADJ", "conj", "lawyer"),
            "Jon": ("PROPN", "nsubj", "said"),
        },
    ),
    (
        "A lawyer and activist Jon Pell left.",
        "A/DET/det/lawyer lawyer/NOUN/nsubj/left and/CCONJ/cc/Jon activist/NOUN/nmod:desc/Jon Jon/PROPN/conj/lawyer "
        "Pell/PROPN/flat/Jon left=leave/VERB/root ./PUNCT/punct/left",
        [],
        {},
    ),
    (
        "The bill, say critics, would fail.",
        "The/DET/det/bill bill/NOUN/nsubj/fail ,/PUNCT/punct/critics say/VERB/acl/bill//VB critics/NOUN/nsubj/say "
        ",/PUNCT/punct/bill would/AUX/aux/fail//MD fail/VERB/root ./PUNCT/punct/fail",
        [],
        {"say": ("VERB", "parataxis", "fail"), ",": ("PUNCT", "punct", "fail")},
    ),
    (
        "The plan, argues Ms Holt, would fail.",
        "The/DET/det/plan plan/NOUN/nsubj/argues ,/PUNCT/punct/plan argues=argue/VERB/root//VBZ "
        "Ms/PROPN/nmod:desc/Holt Holt/PROPN/nsubj/fail ,/PUNCT/punct/plan would/AUX/aux/fail//MD "
        "fail/VERB/ccomp/argues ./PUNCT/punct/argues",
        [],
        {
            "plan": ("NOUN", "nsubj", "fail"),
            "argues": ("VERB", "parataxis", "fail"),
            "Holt": ("PROPN", "nsubj", "argues"),
            "fail": ("VERB", "root", "."),
            ".": ("PUNCT", "punct", "fail"),
        },
    ),
    (
        "The firm, which sells milk, would fail.",
        "The/DET/det/firm firm/NOUN/nsubj/fail ,/PUNCT/punct/sells which/PRON/nsubj/sells "
        "sells=sell/VERB/acl:relcl/firm//VBZ milk/NOUN/obj/sells ,/PUNCT/punct/firm would/AUX/aux/fail//MD "
        "fail/VERB/root ./PUNCT/punct/fail",
        [],
        {},
    ),
    (
        "Kerr, branded a liar by the judge, wept.",
        "Kerr/PROPN/nsubj/wept ,/PUNCT/punct/Kerr branded=brand/VERB/advcl/wept//VBD a/DET/det/liar "
        "liar/NOUN/obj/branded by/ADP/case/judge the/DET/det/judge judge/NOUN/obl/branded ,/PUNCT/punct/Kerr "
        "wept=weep/VERB/root//VBD "
        "./PUNCT/punct/wept",
        [],
        {
            "branded": ("VERB", "acl", "Kerr"),
            "liar": ("NOUN", "xcomp", "branded"),
            "judge": ("NOUN", "obl:agent", "branded"),
        },
    ),
    (
        "He got a letter warning that it was shut.",
        "He/PRON/nsubj/got got=get/VERB/root a/DET/det/warning letter/NOUN/compound/warning warning/NOUN/obj/got "
        "that/SCONJ/mark/shut it/PRON/nsubj/shut was/AUX/cop/shut shut/ADJ/acl/warning ./PUNCT/punct/got",
        [],
        {
            "a": ("DET", "det", "letter"),
            "letter": ("NOUN", "obj", "got"),
            "warning": ("VERB", "acl", "letter"),
            "shut": ("ADJ", "ccomp", "warning"),
        },
    ),
    (
        "He was sorry and burst into tears.",
        "He/PRON/nsubj/sorry was/AUX/cop/sorry//VBD sorry/ADJ/root and/CCONJ/cc/burst burst/VERB/conj/sorry//VB "
        "into/ADP/case/tears tears/NOUN/obl/burst ./PUNCT/punct/sorry",
        [],
        {"burst": ("VERB", "conj", "sorry")},
    ),
    (
        "He would go and put it back.",
        "He/PRON/nsubj/go would/AUX/aux/go//MD go/VERB/root//VB and/CCONJ/cc/put put/VERB/conj/go//VB it/PRON/obj/put "
        "back/ADV/advmod/put ./PUNCT/punct/go",
        [],
        {},
    ),
    (
        "Kent Police left, Carl Moss of the Police said.",
        "Kent/PROPN/compound/Police Police/NOUN/nsubj/left left=leave/VERB/ccomp/said ,/PUNCT/punct/left "
        "Carl/PROPN/nsubj/said Moss/PROPN/flat/Carl of/ADP/case/9 the/DET/det/9 Police/PROPN/nmod/Carl "
        "said=say/VERB/root ./PUNCT/punct/said",
        [],
        {"Police": ("PROPN", "nsubj", "left")},
    ),
    (
        "Aides told the council he left.",
        "Aides=aide/NOUN/nsubj/told told=tell/VERB/root the/DET/det/council council/NOUN/obj/told he/PRON/nsubj/left "
        "left=leave/VERB/acl:relcl/council//VBD ./PUNCT/punct/told",
        [],
        {"council": ("NOUN", "iobj", "told"), "left": ("VERB", "ccomp", "told")},
    ),
    (
        "Cole said in court that it sank.",
        "Cole/PROPN/nsubj/said said=say/VERB/root in/ADP/case/court court/NOUN/obl/said that/SCONJ/mark/sank "
        "it/PRON/nsubj/sank sank=sink/VERB/acl/court//VBD ./PUNCT/punct/said",
        [],
        {"sank": ("VERB", "ccomp", "said")},
    ),
    (
        "Cole said in fear that it sank.",
        "Cole/PROPN/nsubj/said said=say/VERB/root in/ADP/case/fear fear/NOUN/obl/said that/SCONJ/mark/sank "
        "it/PRON/nsubj/sank sank=sink/VERB/ccomp/said//VBD ./PUNCT/punct/said",
        [],
        {},
    ),
    (
        "“Shut”, reads a sign.",
        "“/PUNCT/punct/Shut Shut=shut/VERB/advcl/reads ”/PUNCT/punct/Shut ,/PUNCT/punct/Shut reads=read/VERB/root "
        "a/DET/det/sign sign/NOUN/obj/reads ./PUNCT/punct/reads",
        [],
        {"sign": ("NOUN", "nsubj", "reads")},
    ),
    (
        "“Shut”, reads a girl.",
        "“/PUNCT/punct/Shut Shut=shut/VERB/advcl/reads ”/PUNCT/punct/Shut ,/PUNCT/punct/Shut reads=read/VERB/root "
        "a/DET/det/girl girl/NOUN/obj/reads ./PUNCT/punct/reads",
        [],
        {"girl": ("NOUN", "nsubj", "reads")},
    ),
    (
        "He smiled, reads a novel.",
        "He/PRON/nsubj/smiled smiled=smile/VERB/advcl/reads ,/PUNCT/punct/smiled reads=read/VERB/root a/DET/det/novel "
        "novel/NOUN/obj/reads ./PUNCT/punct/reads",
        [],
        {},
    ),
    (
        "Another fumed.",
        "Another/DET/det/fumed fumed=fume/VERB/root///VBD ./PUNCT/punct/fumed",
        [],
        {"Another": ("PRON", "nsubj", "fumed")},
    ),
    (
        "Both cars burned.",
        "Both/DET/det/cars cars=car/NOUN/nsubj/burned burned=burn/VERB/root///VBD ./PUNCT/punct/burned",
        [],
        {},
    ),
    (
        "Aides told the story he left.",
        "Aides=aide/NOUN/nsubj/told told=tell/VERB/root the/DET/det/story story/NOUN/obj/told he/PRON/nsubj/left "
        "left=leave/VERB/acl:relcl/story//VBD ./PUNCT/punct/told",
        [],
        {},
    ),
]


@pytest.mark.parametrize(("text", "tree", "people", "changes"), REPAIRS, ids=[row[0] for row in REPAIRS])
def test_tree_is_repaired_at_names(
    text: str, tree: str, people: list[str], changes: dict[str, tuple[str, str, str]]
) -> None:
    before = parse(text, [tree], dict.fromkeys(people, "person"))
    (new,) = repaired(before).sentences
    changed = {
        word.text: (word.upos, word.deprel, new.words[word.head].text)
        for word, old in zip(new.words, before.sentences[0].words, strict=True)
        if word != old
    }
    assert changed == changes


def test_empty_parse_is_unchanged() -> None:
    assert repaired(parse("", [])).sentences == ()
