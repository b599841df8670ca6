"""Nouns that denote a person by an office: "the CS", "a High Court of Kent judge", "Keeper of the Seal, Ana Ortiz"."""

from typing import Final

from service.extraction.noun_phrases import determiner, role_of
from service.extraction.wordlists import organization_words, person_words, word_list
from service.parsing.tree import Sentence

_INNER: Final = frozenset({"compound", "amod", "nummod"})


def role_after(sentence: Sentence, head: int) -> str | None:
    """Return the role at the end of a phrase whose head was taken to be a name: "judge" in "a High Court of Kent
    judge"."""
    for child in sentence.children(head):
        word = sentence.words[child]
        if child > head and word.deprel == "nmod" and word.text.islower() and role_of(word) in person_words().roles:
            name = sentence.words[child - 1]
            case = sentence.child(child, "case") or sentence.child(child - 1, "case")
            of = case is not None and sentence.words[case].text.lower() == "of"
            if of and name.upos == "PROPN" and name.head == child and determiner(sentence, child) == "none":
                return role_of(word)
    return None


def office_in_letters(sentence: Sentence, head: int) -> str | None:
    """Return the office that the letters at `head` stand for: "the CS said", "the DG, Ana Ruiz, said"."""
    word = sentence.words[head]
    if not (2 <= len(word.text) <= 4 and word.text.isalpha() and word.text.isupper()):
        return None
    if determiner(sentence, head) != "definite" or sentence.child(head, "compound", "flat", "nmod:poss") is not None:
        return None
    if (office := person_words().in_letters.get(word.text.lower())) is not None and word.relation not in _INNER:
        return office
    for child in sentence.children(head):
        named = sentence.words[child].relation == "appos" and child == head + 2
        if named and sentence.words[child].upos == "PROPN" and sentence.words[head + 1].text == ",":
            given = sentence.words[child].text.lower() in person_words().given
            full = sentence.child(child, "flat") == child + 1
            return word.text.lower() if given and full else None
    return None


def office_of_named(sentence: Sentence, head: int) -> str | None:
    """Return the office at `head` if its holder's name follows: "Keeper of the Seal, Ana Ortiz"."""
    word = sentence.words[head]
    if word.upos != "PROPN" or role_of(word) in organization_words().heads or not word.text.isalpha():
        return None
    named = office = False
    for child in sentence.children(head):
        part = sentence.words[child]
        case = sentence.child(child, "case")
        office |= part.relation == "nmod" and case == child - 1 - (determiner(sentence, child) != "none") == head + 1
        named |= part.relation == "appos" and part.upos == "PROPN" and sentence.child(child, "flat") is not None
    return word.text.lower() if named and office else None


def is_fictional(sentence: Sentence, head: int) -> bool:
    """Return whether the noun is a part in a film or play, or in apposition to one: "her character, a *beekeeper*"."""
    word, fictional = sentence.words[head], word_list("speakers", "parts")
    above = sentence.words[word.head] if word.relation == "appos" else word
    return word.upos == "NOUN" and bool({role_of(word), role_of(above)} & fictional)
