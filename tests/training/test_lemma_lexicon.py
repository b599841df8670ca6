"""Which words of the lexicon are added to the lemmatizer's dictionary."""

import pytest

from training.corpora.conllu import Sentence
from training.lemma_lexicon import new_lemmas

LEXICON = """noting,verb,note
noting,noun,noting
saw,verb,see/saw
Abbas,noun,Abbas
o'clock,noun,o'clock
noted,verb,note
better,adv,well
wolves,noun,wolf"""


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
    treebank = [Sentence([], [["1", "noted", "note", "VERB", "VBD", "_", "0", "root", "_", "_"]])]
    assert dict(new_lemmas(LEXICON, treebank)).get(lexeme) == lemma
