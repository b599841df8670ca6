"""Reading GUM's brackets and counting, on two sentences of our own."""

from pathlib import Path

from benchmarks.coreference import cases_of, table
from training.corpora.gum import gum_documents

ROWS = """\
# newdoc id = GUM_news_rain
# newpar
1	Maria	Maria	PROPN	NNP	Number=Sing	3	nsubj	_	Entity=(1-person-new-cf1-2-coref
2	Ortiz	Ortiz	PROPN	NNP	Number=Sing	1	flat	_	Entity=1)
3	slept	sleep	VERB	VBD	_	0	root	_	SpaceAfter=No
4	.	.	PUNCT	.	_	3	punct	_	_

1	She	she	PRON	PRP	Gender=Fem|Number=Sing	2	nsubj	_	Entity=(1-person-giv:act-cf1-1-ana)
2	said	say	VERB	VBD	_	0	root	_	_
3-4	it's	_	_	_	_	_	_	_	_
3	it	it	PRON	PRP	_	5	expl	_	_
4	's	be	AUX	VBZ	_	5	aux	_	_
5	raining	rain	VERB	VBG	_	2	ccomp	_	SpaceAfter=No
6	.	.	PUNCT	.	_	2	punct	_	_

"""


def test_pronoun_resolved_as_in_gum_is_correct(tmp_path: Path) -> None:
    (tmp_path / "treebanks/gum").mkdir(parents=True)
    (tmp_path / "treebanks/gum/train.conllu").write_text(ROWS, encoding="utf-8")
    (document,) = gum_documents(tmp_path, "train", frozenset({"news"}))
    assert document.article.text == "Maria Ortiz slept. She said it's raining.\n"
    assert document.meant == {(0, 0): 1, (1, 0): 1}
    cases = list(cases_of(document))
    assert [(case.kind, case.right) for case in cases] == [("he, she", True), ("source: he, she", True)]
    assert "| he, she | 1 | 0 | 0 | 1.000 |" in table(cases)
    assert not list(gum_documents(tmp_path, "train", frozenset({"bio"})))


def test_pronoun_without_an_antecedent_is_excluded(tmp_path: Path) -> None:
    (tmp_path / "treebanks/gum").mkdir(parents=True)
    only = ROWS.replace("1-person-giv", "2-person-giv")
    (tmp_path / "treebanks/gum/train.conllu").write_text(only, encoding="utf-8")
    (document,) = gum_documents(tmp_path, "train", frozenset({"news"}))
    assert not list(cases_of(document))
