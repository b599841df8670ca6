"""Where the dictionary knows a word, and with which capitals."""

from types import SimpleNamespace

import pytest

from service.parsing.embedded.lemmas import Lemmatizer

KNOWN = {("noting", "VERB"): "note", ("us", "PRON"): "we", ("May", "PROPN"): "May", ("may", "AUX"): "may"}


@pytest.mark.parametrize(
    ("lexeme", "lemma"),
    [
        (("noting", "VERB"), "note"),
        (("Noting", "VERB"), "note"),
        (("NOTING", "VERB"), "note"),
        (("May", "PROPN"), "May"),
        (("May", "AUX"), "may"),
    ],
)
def test_a_word_is_known_with_any_capitals(lexeme: tuple[str, str], lemma: str) -> None:
    model = SimpleNamespace(eval=lambda: None)
    lemmatizer = Lemmatizer(SimpleNamespace(model=model, _lookup=lambda word, part: KNOWN.get((word, part))))
    assert lemmatizer.lemmas([lexeme]) == [lemma]


def test_a_name_is_not_the_word_in_small_letters() -> None:
    known = {("us", "PROPN"): "we"}
    trainer = SimpleNamespace(model=SimpleNamespace(eval=lambda: None), _lookup=lambda *lexeme: known.get(lexeme))
    assert Lemmatizer(trainer)._known("US", "PROPN") is None
