"""Dictionary lookup of lemmas, cased and in lower case."""

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
def test_dictionary_lookup_ignores_case(lexeme: tuple[str, str], lemma: str) -> None:
    model = SimpleNamespace(eval=lambda: None)
    lemmatizer = Lemmatizer(SimpleNamespace(model=model, _lookup=lambda word, part: KNOWN.get((word, part))))
    assert lemmatizer.lemmas([lexeme]) == [lemma]


def test_name_is_not_its_lower_case_word() -> None:
    known = {("us", "PROPN"): "we"}
    trainer = SimpleNamespace(model=SimpleNamespace(eval=lambda: None), _lookup=lambda *lexeme: known.get(lexeme))
    assert Lemmatizer(trainer)._known("US", "PROPN") is None
