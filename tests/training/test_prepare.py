"""Training text: spelled as at run time, from treebanks and silver parses, and the dictionary of lemmas."""

import random
from pathlib import Path

import pytest

from service.input.article import Span
from service.parsing.tree import Entity, Parse, Sentence, Word
from training import prepare
from training.corpora import conllu
from training.lemma_lexicon import new_lemmas
from training.silver import sentences
from training.train_ner import write_tagged
from training.train_tagger import plain

PARSE = Parse(
    (
        Sentence(
            (
                Word(Span(0, 3), "Ann", "Ann", "PROPN", "nsubj", 2, "NNP", "Number=Sing"),
                Word(Span(4, 7), "Lee", "Lee", "PROPN", "flat", 0, "NNP", "Number=Sing"),
                Word(Span(8, 14), "smiled", "smile", "VERB", "root", -1, "VBD"),
                Word(Span(14, 15), "“", "“", "PUNCT", "punct", 2, "``"),
            )
        ),
    ),
    (Entity(Span(0, 7), "person"),),
)
LEXICON = """noting,verb,note
noting,noun,noting
saw,verb,see/saw
Abbas,noun,Abbas
o'clock,noun,o'clock
noted,verb,note
better,adv,well
wolves,noun,wolf"""


def sentence(text: str, misc: str = "_") -> conllu.Sentence:
    """Build a sentence with a word for each run of letters in `text`; a leading `_` attaches it to the previous
    word."""
    forms = text.split()
    rows = []
    for number, form in enumerate(forms, start=1):
        glued = number < len(forms) and forms[number].startswith("_")
        rows.append(
            [
                str(number),
                form.removeprefix("_"),
                "_",
                "X",
                "X",
                "_",
                "0",
                "dep",
                "_",
                "SpaceAfter=No" if glued else misc,
            ]
        )
    return conllu.Sentence(["# sent_id = 1"], rows)


def test_quotes_are_straightened_and_unused_columns_dropped() -> None:
    raw = sentence("“ _It _’s _”", misc="Entity=(1-person-new-cf1-1-sgl)|MSeg=x")
    raw.rows.append(["4.1", "gone", *["_"] * 8])
    clean = prepare.cleaned(raw)
    assert clean.text() == '"It\'s"'
    assert [row[9] for row in clean.rows] == ["SpaceAfter=No"] * 3 + ["Entity=(1-person-new-cf1-1-sgl)"]


def test_dashes_between_words_are_respelled() -> None:
    texts = set()
    for seed in range(40):
        respelled = sentence("He came - and _, - left")
        prepare.respell_dashes(respelled, random.Random(seed))
        texts.add(respelled.text())
    assert {"He came — and, - left", "He came—and, - left", "He came--and, - left"} <= texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [("storm hits the coast of Utopia", "Storm Hits the Coast of Utopia"), ("3 die in fire", "3 Die in Fire")],
)
def test_headline_case(text: str, expected: str) -> None:
    recased = sentence(text)
    prepare.recase(recased, prepare.headline)
    assert recased.text() == expected


def test_news_respelling_is_deterministic_and_keeps_words() -> None:
    def written() -> list[str]:
        sentences = [sentence(f"she said word{number} ... and left") for number in range(200)]
        return [s.text() for s in prepare.as_news(sentences, random.Random(prepare.SEED))]

    assert written() == written()
    assert len({text.lower().replace("…", "...") for text in written()}) == 200
    assert any("…" in text for text in written())


def test_parse_is_written_as_conllu_with_straight_quotes() -> None:
    (sentence,) = sentences(PARSE)
    assert sentence.rows == [
        ["1", "Ann", "Ann", "PROPN", "NNP", "Number=Sing", "3", "nsubj", "_", "Name=B-person"],
        ["2", "Lee", "Lee", "PROPN", "NNP", "Number=Sing", "1", "flat", "_", "Name=I-person"],
        ["3", "smiled", "smile", "VERB", "VBD", "_", "0", "root", "_", "Name=O"],
        ["4", '"', '"', "PUNCT", "``", "_", "3", "punct", "_", "Name=O"],
    ]


def test_silver_names_become_tags(tmp_path: Path) -> None:
    write_tagged(sentences(PARSE), tmp_path / "names.json")
    assert '"text": "Lee", "ner": "I-person"' in (tmp_path / "names.json").read_text()


def test_taggers_learn_only_the_features_used_at_run_time() -> None:
    row = ["1", "us", "we", "PRON", "PRP", "Case=Acc|Number=Plur|Person=1", "0", "root", "_", "SpaceAfter=No"]
    assert plain(conllu.Sentence(["# sent_id = x"], [row])).rows[0][5:] == ["Number=Plur", "0", "root", "_", "_"]


@pytest.mark.parametrize(
    ("lexeme", "lemma"),
    [
        (("noting", "VERB"), "note"),
        (("noting", "NOUN"), "noting"),
        (("wolves", "NOUN"), "wolf"),
        (("saw", "VERB"), None),  # two lemmas
        (("Abbas", "NOUN"), None),  # a name
        (("o'clock", "NOUN"), None),
        (("noted", "VERB"), None),  # in the treebanks
        (("better", "ADV"), None),
    ],
)
def test_unambiguous_verbs_and_nouns_are_added(lexeme: tuple[str, str], lemma: str | None) -> None:
    treebank = [conllu.Sentence([], [["1", "noted", "note", "VERB", "VBD", "_", "0", "root", "_", "_"]])]
    assert dict(new_lemmas(LEXICON, treebank)).get(lexeme) == lemma
