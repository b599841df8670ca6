"""Repairs of trees around roles and companies: what the parser took apart, and what it merged.

with *fielding coach* Jo Silva …
*Bowling coach* Ned Parr arrived …
*Holt & Marsh* said …
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.quotations.mark_parsing import nicknames
from service.extraction.rules.office_repairs import is_name
from service.extraction.rules.tree_edits import as_name, reattach
from service.extraction.tags import POSSESSIVE_ENDINGS, VERBS
from service.extraction.wordlists import organization_words, person_words
from service.parsing.tree import ROOT, Entity, Sentence, Word

_NUMBER: Final = frozenset({"No", "No.", "Number"})
_HOUSES: Final = frozenset({"10", "11", "Ten", "Eleven"})  # of Downing Street
_CLAUSES: Final = frozenset({"advcl", "csubj", "acl", "ccomp", "parataxis"})
_ROLE_RELATIONS: Final = frozenset({"obj", "obl", "nsubj", "iobj", "dislocated", "vocative", "dep"})


def gerund_before_role(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a gerund the modifier of the role after it: "with *fielding* coach Jo Silva".

    Applies to the gerunds of `people.toml` before a role and a name.
    """
    original = sentence.words
    for at in range(len(original) - 2):
        words = sentence.words
        if _is_gerund(words[at]) and _is_role(words[at + 1]) and is_name(words[at + 2]):
            sentence = Sentence(tuple(_with_role(sentence, at)))
    return list(sentence.words) if sentence.words != original else None


def _with_role(sentence: Sentence, gerund: int) -> list[Word]:
    """Return the words with the gerund and the role after it as descriptions of the name after both."""
    words, result = sentence.words, list(sentence.words)
    role, name = gerund + 1, gerund + 2
    inside = {gerund, role, name}  # a tree: at least one of them is governed from outside
    top = next(place for place in (name, role, gerund) if words[place].head not in inside)
    for place, word in enumerate(words):
        if place not in inside and word.head in {gerund, role}:
            marks = place < gerund and word.relation == "mark"
            result[place] = replace(word, upos="ADP", deprel="case", head=name) if marks else replace(word, head=name)
    result[gerund] = replace(words[gerund], upos="NOUN", xpos="NN", feats="", deprel="compound", head=role)
    result[role] = replace(words[role], deprel="nmod:desc", head=name)
    result[name] = replace(words[name], deprel=_function(sentence, gerund, top), head=words[top].head)
    return result


def _function(sentence: Sentence, gerund: int, top: int) -> str:
    """Return the relation of the name to what governs the phrase, which the parser took for a clause or not."""
    word = sentence.words[top]
    if word.relation not in _CLAUSES or word.head == ROOT:
        return word.deprel
    marked = any(sentence.words[child].relation in {"mark", "case"} for child in sentence.children(gerund))
    if marked or word.head < gerund:
        return "obl" if marked else "obj"
    passive = sentence.child(word.head, "aux:pass") is not None
    return "nsubj:pass" if passive else "nsubj"


def possessor_in_apposition(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a name with “’s” the possessor of the noun after it, where the parser took both for appositions of the
    title: "reporter Ana Ruiz's *source* said"."""
    words = sentence.words
    for mark, word in enumerate(words):
        name, noun = word.head, mark + 1
        if word.xpos != "POS" or word.text not in POSSESSIVE_ENDINGS or words[name].upos != "PROPN":
            continue
        while noun < len(words) and words[noun].upos in {"ADJ", "NUM"}:
            noun += 1
        title = words[name].head
        if noun < len(words) and title == noun and words[noun].relation == "appos":
            title = words[noun].head
        elif words[name].relation not in {"appos", "flat"} or noun == len(words) or words[noun].head != title:
            continue
        if title != name - 1 or words[title].upos != "NOUN":
            continue
        result = list(words)
        reattach(result, [child for child in sentence.children(title) if child > noun], noun)
        result[noun] = replace(words[noun], head=words[title].head, deprel=words[title].deprel)
        result[name] = replace(words[name], head=noun, deprel="nmod:poss")
        result[title] = replace(words[title], head=name, deprel="nmod:desc")
        return result
    return None


def role_next_to_subject(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a role to the full name after it, where the parser gave both to one verb: "*Bowling coach* Ned Parr
    arrived"."""
    words, result = sentence.words, list(sentence.words)
    for at in range(len(words) - 2):
        role, name = words[at], words[at + 1]
        full = words[at + 2].relation == "flat" and words[at + 2].head == at + 1
        if role.upos != "NOUN" or not _is_role(role) or not is_name(name) or not full or name.head != role.head:
            continue
        addressed = role.relation == "nsubj" and name.relation == "vocative"  # "Club captain Ned Parr met"
        if not addressed and (role.relation not in _ROLE_RELATIONS or name.relation != "nsubj"):
            continue
        if role.head < at:
            continue
        if sentence.child(at, "case", "det", "nmod:poss", "conj") is None and not sentence.child(at + 1, "case"):
            result[at] = replace(role, deprel="nmod:desc", head=at + 1)
            result[at + 1] = replace(name, deprel="nsubj")
    return result if result != list(words) else None


def company_with_ampersand(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Join two names round an ampersand into one: "*Holt & Marsh* said"."""
    words, result = sentence.words, list(sentence.words)
    for at in range(1, len(words) - 1):
        first, last = at - 1, at + 1
        joined = words[last].relation == "conj" and words[at].head == last and words[at].relation == "cc"
        if words[at].text != "&" or not joined or not is_name(words[first]) or not is_name(words[last]):
            continue
        head = words[last].head
        if head != first and words[first].head != head:
            continue
        result[at] = replace(words[at], upos="PROPN", deprel="flat", head=head)
        result[last] = replace(words[last], deprel="flat", head=head)
        reattach(result, [child for child in sentence.children(last) if child != at], head)
    return result if result != list(words) else None


def body_as_noun(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a capitalized noun for a body part of the name before it: "Northmoor *Police*", "Kent Health *Board*".

    Applies where the words around are not capitalized too, as in a headline.
    """
    words, result, known = sentence.words, list(sentence.words), organization_words()
    for at in range(1, len(words) - 1):
        word, name, after = words[at], words[at - 1], words[at + 1]
        if word.upos != "NOUN" or not word.text.istitle() or after.text[:1].isupper():
            continue
        role = role_of(word)
        if role not in known.heads and role not in known.collectives:
            continue
        inside = name.head == at and name.relation in {"compound", "nmod", "amod", "flat"}
        if is_name(name) and inside:
            result[at] = replace(word, upos="PROPN", xpos="NNP" if word.xpos else "", feats="")
    return result if result != list(words) else None


def name_with_nickname(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Join a given name and a surname around a nickname: "actor *Joe* “The Hammer” *Hart* told fans"."""
    words, result = sentence.words, list(sentence.words)
    for opening, close in nicknames(sentence):
        given, surname = opening - 1, close + 1
        if given < 0 or surname >= len(words) or not is_name(words[given]) or not is_name(words[surname]):
            continue
        role, last = given - 1, words[surname]
        if last.head in range(given, surname) or words[given].head == surname or last.relation not in {"nsubj", "obj"}:
            continue
        result[given] = replace(words[given], deprel=last.deprel, head=last.head)
        result[surname] = replace(last, deprel="flat", head=given)
        for child in sentence.children(surname):
            if child != given:
                result[child] = replace(result[child], head=given)
        if role >= 0 and _is_role(words[role]) and words[given].head == role:
            result[role] = replace(words[role], deprel="nmod:desc", head=given)
            for child in sentence.children(role):
                if child > surname or words[child].relation == "punct":
                    result[child] = replace(result[child], head=given)
    return result if result != list(words) else None


def noun_as_pronoun(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "mine" after an article a noun: "The *mine* has yet to reveal how the men died"."""
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        if word.upos == "PRON" and word.text.lower() == "mine" and sentence.child(at, "det") is not None:
            result[at] = replace(word, upos="NOUN", xpos="NN" if word.xpos else "", feats="")
    return result if result != list(words) else None


def position_as_adverb(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "forward" after a club's name the noun: "the Getafe *forward* told fans"."""
    words, result = sentence.words, list(sentence.words)
    for at in range(2, len(words) - 1):
        word, club = words[at], words[at - 1]
        adverb = word.text == "forward" and word.upos == "ADV" and word.head == at - 1 and is_name(club)
        if not adverb or sentence.child(at - 1, "det") is None or words[at + 1].upos not in VERBS:
            continue
        result[at] = replace(word, upos="NOUN", xpos="NN" if word.xpos else "", deprel=club.deprel, head=club.head)
        reattach(result, [child for child in sentence.children(at - 1) if child != at], at)
        result[at - 1] = replace(club, deprel="compound", head=at)
    return result if result != list(words) else None


def house_number_as_name(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the number of the prime minister's house a name: "*No 10* said", "a *No 10* spokesman"."""
    words, result = sentence.words, list(sentence.words)
    for at in range(len(words) - 1):
        sign, number = words[at], words[at + 1]
        if sign.text not in _NUMBER or number.text not in _HOUSES or number.span.start - sign.span.end > 1:
            continue
        outer = number.head if number.head != at else sign.head
        if outer < 0 or outer == at + 1 or (at > 0 and words[at - 1].text.lower() == "the"):
            continue
        relation = number.deprel if number.head != at else sign.deprel
        counted = relation == "nummod"
        if counted and role_of(words[outer]) not in person_words().roles:
            continue  # "No 10 players"
        if not counted and not (relation == "nsubj" and words[outer].upos == "VERB"):
            continue
        result[at] = as_name(sign, "compound" if counted else relation, outer)
        result[at + 1] = as_name(number, "flat", at)
        reattach(result, [child for child in sentence.children(at + 1) if child != at], at)
    return result if result != list(words) else None


def _is_gerund(word: Word) -> bool:
    return word.text.lower() in person_words().gerunds


def _is_role(word: Word) -> bool:
    return role_of(word) in person_words().roles and not is_plural(word) and word.text.islower()


NOUN_REPAIRS: Final = (noun_as_pronoun, position_as_adverb, house_number_as_name)  # nouns with another tag
