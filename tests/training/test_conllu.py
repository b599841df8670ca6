"""CoNLL-U round-trips, and stays consistent when rewritten."""

from pathlib import Path

from training.corpora import conllu

FIRST = """# newdoc id = one
# sent_id = one-1
# text = Don't go.
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\t_\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

"""
SECOND = """# newpar
# sent_id = one-2
# text = Stay here
1\tStay\tstay\tVERB\tVB\t_\t0\troot\t_\t_
2\there\there\tADV\tRB\t_\t1\tadvmod\t_\t_

"""


def read(tmp_path: Path, content: str) -> list[conllu.Sentence]:
    (tmp_path / "some.conllu").write_text(content, encoding="utf-8")
    return list(conllu.read(tmp_path / "some.conllu"))


def test_conllu_round_trips(tmp_path: Path) -> None:
    sentences = read(tmp_path, FIRST + SECOND)
    conllu.write(tmp_path / "again.conllu", sentences)
    assert (tmp_path / "again.conllu").read_text(encoding="utf-8") == FIRST + SECOND


def test_multi_word_token_is_one_token_and_two_words(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, FIRST)
    assert [row[1] for row in sentence.surface()] == ["Don't", "go", "."]
    assert [row[1] for row in sentence.words()] == ["Do", "n't", "go", "."]
    assert sentence.text() == "Don't go."


def test_paragraphs_are_separated_by_blank_lines(tmp_path: Path) -> None:
    assert conllu.raw_text(read(tmp_path, FIRST + SECOND)) == "Don't go.\n\nStay here\n"


def test_the_text_comment_follows_the_forms(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, SECOND)
    sentence.rows[1][1] = "there"
    assert "# text = Stay there\n" in sentence.write()
