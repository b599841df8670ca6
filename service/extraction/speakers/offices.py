"""Nouns that denote a person by an office or nationality: "the CS", "the Brazilian"."""

from collections.abc import Sequence
from typing import Final

from service.extraction.noun_phrases import DOER, determiner, is_aged, is_plural, is_title, owner, role_of
from service.extraction.tags import PREMODIFIERS
from service.extraction.wordlists import nations, organization_words, person_words, word_list
from service.parsing.tree import Entity, Sentence

_DEMONYM: Final = ("an", "i")  # Brazilian, Israeli; not British, Chinese or Swiss, which are plural


def office_at(sentence: Sentence, head: int) -> str | None:
    """Return the office or role of the person whom the word at `head` denotes, whatever the word is, or None."""
    for find in (_office_of_named, _role_after, _office_in_letters, _office_before_name):
        if (office := find(sentence, head)) is not None:
            return office
    return "person" if _is_one_of_several(sentence, head) else None


def _office_before_name(sentence: Sentence, head: int) -> str | None:
    """Return the office at `head` if a full name follows it directly, even if no list has the office: "Park Ranger
    *Supervisor* Robert Cole"."""
    word, name = sentence.words[head], head + 1
    if word.upos != "PROPN" or not DOER.search(word.text) or name + 1 >= len(sentence.words):
        return None
    full = sentence.words[name].head == head and sentence.words[name].relation == "appos"
    given = sentence.words[name].text.lower() in person_words().given and sentence.words[name + 1].head == name
    return word.text.lower() if full and given and word.text.lower() not in person_words().given else None


def _is_one_of_several(sentence: Sentence, head: int) -> bool:
    """Return whether the word is "one" of several people whose name follows: "*One* of the men, Ana Ruiz, said"."""
    if sentence.words[head].text.lower() != "one":
        return False
    group = sentence.child(head, "nmod")
    named = [child for child in sentence.children(head) if sentence.words[child].relation == "appos"]
    return group is not None and any(sentence.words[child].upos == "PROPN" and child > group for child in named)


def _role_after(sentence: Sentence, head: int) -> str | None:
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


def _office_in_letters(sentence: Sentence, head: int) -> str | None:
    """Return the office that the letters at `head` stand for: "the CS said", "the DG, Ana Ruiz, said"."""
    word = sentence.words[head]
    if not (2 <= len(word.text) <= 4 and word.text.isalpha() and word.text.isupper()):
        return None
    if determiner(sentence, head) != "definite" or sentence.child(head, "compound", "flat", "nmod:poss") is not None:
        return None
    if (office := person_words().in_letters.get(word.text.lower())) is not None and word.relation not in PREMODIFIERS:
        return office
    for child in sentence.children(head):
        named = sentence.words[child].relation == "appos" and child == head + 2
        if named and sentence.words[child].upos == "PROPN" and sentence.words[head + 1].text == ",":
            given = sentence.words[child].text.lower() in person_words().given
            full = sentence.child(child, "flat") == child + 1
            return word.text.lower() if given and full else None
    return None


def _office_of_named(sentence: Sentence, head: int) -> str | None:
    """Return the office at `head` if its holder's name follows: "Keeper of the Seal, Ana Ortiz"."""
    word = sentence.words[head]
    if word.upos != "PROPN" or role_of(word) in organization_words().heads or not word.text.isalpha():
        return None
    named = office = False
    for child in sentence.children(head):
        part = sentence.words[child]
        case = sentence.child(child, "case")
        office |= part.relation == "nmod" and case == head + 1
        named |= part.relation == "appos" and part.upos == "PROPN" and sentence.child(child, "flat") is not None
    lower = word.text.lower()
    return person_words().in_letters.get(lower, lower) if named and office else None


def is_fictional(sentence: Sentence, head: int) -> bool:
    """Return whether the noun is a part in a film or play, or in apposition to one: "her character, a *beekeeper*"."""
    word, fictional = sentence.words[head], word_list("speakers", "parts")
    above = sentence.words[word.head] if word.relation == "appos" else word
    return word.upos == "NOUN" and bool({role_of(word), role_of(above)} & fictional)


def is_performance(sentence: Sentence, head: int, titles: Sequence[str]) -> bool:
    """Return whether the name is a part that somebody plays: "Her *Lady Macbeth* ran for 400 nights", not "her Aunt
    May"."""
    title = head - 1 if titles and head > 0 else head
    owners = [of for of in (owner(sentence, head), owner(sentence, title)) if of is not None]
    own = any(sentence.words[of].text.lower() in {"his", "her"} for of in owners)
    played = title == head or not sentence.words[title].text.islower()  # not "her former pupil Stefan Auer"
    return own and played and not person_words().kin.intersection(titles)


def is_titled(sentence: Sentence, head: int) -> bool:
    """Return whether an honorific stands for its holder: "the *King*", "the *Pope*"."""
    return determiner(sentence, head) == "definite" and role_of(sentence.words[head]) in person_words().roles


def is_example(sentence: Sentence, head: int) -> bool:
    """Return whether the word at `head` is named as an example: "comedians such as *Lisa Venn*"."""
    case = sentence.child(head, "case") if sentence.words[head].relation == "nmod" else None
    return case is not None and sentence.words[case].text.lower() == "such"


def is_demonym(sentence: Sentence, head: int) -> bool:
    """Return whether the word denotes one person by nationality: "the Brazilian", not "Brazil", "Brazilians" or "the
    Brazilian Bar"."""
    word = sentence.words[head]
    if not word.text.istitle() or word.relation in PREMODIFIERS or is_plural(word):
        return False
    if determiner(sentence, head) != "definite":
        return False
    lower = word.text.lower()
    country = nations().get(lower)
    aged = any(is_aged(sentence, child) for child in sentence.children(head))  # "the 52-year-old Swiss"
    one = aged or lower.endswith(_DEMONYM) or lower in word_list("names", "demonyms")
    called = (country is not None and country != lower and one) or lower in person_words().epithets
    alone = not any(
        sentence.words[child].relation in {"flat", "compound", "nmod"} and not sentence.words[child].text.isdigit()
        for child in sentence.children(head)
    )
    return called and alone


def is_described_person(sentence: Sentence, head: int, entities: Sequence[Entity], surnames: frozenset[str]) -> bool:
    """Return whether the words before a name show how or who the person is: "a jubilant Hale" or "a tearful Mr Hale",
    but not "a new Hale"."""
    word = sentence.words[head]
    if head and is_title(sentence.words[head - 1]):
        return True
    described = [sentence.words[at] for at in sentence.children(head) if sentence.words[at].relation == "amod"]
    if word.upos != "PROPN" or is_plural(word) or not described or not all(one.text.islower() for one in described):
        return False
    if any(one.text in word_list("speakers", "like_others") for one in described):
        return False
    person = any(entity.kind == "person" and entity.span.contains(word.span) for entity in entities)
    return person or word.text in surnames
