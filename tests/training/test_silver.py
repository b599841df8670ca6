"""Converting parses to training data."""

from pathlib import Path

from service.input.article import Span
from service.parsing.tree import Entity, Parse, Sentence, Word
from training.corpora import conllu
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
