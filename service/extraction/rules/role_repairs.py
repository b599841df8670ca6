"""Repairs of trees in which a role before a name, or a company's name, was taken apart.

with *fielding coach* Jo Silva …
*Bowling coach* Ned Parr arrived …
*Holt & Marsh* said …
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.wordlists import person_words
from service.parsing.tree import ROOT, Entity, Sentence, Word

_CLAUSES: Final = frozenset({"advcl", "csubj", "acl", "ccomp", "parataxis"})
_OBJECTS: Final = frozenset({"obj", "obl", "nsubj", "iobj", "dislocated", "vocative", "dep"})


def gerund_before_role(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a gerund the modifier of the role after it: "with *fielding* coach Jo Silva".

    Applies to the gerunds of `people.toml` before a role and a name. Returns the repaired words, or None if there is
    nothing to repair.
    """
    original = sentence.words
    for at in range(len(original) - 2):
        words = sentence.words
        if _is_gerund(words[at]) and _is_role(words[at + 1]) and _is_name(words[at + 2]):
            sentence = Sentence(tuple(_with_role(sentence, at)))
    return list(sentence.words) if sentence.words != original else None


def _with_role(sentence: Sentence, gerund: int) -> list[Word]:
    """Return the words with the gerund and the role after it as descriptions of the name after both."""
    words, found = sentence.words, list(sentence.words)
    role, name = gerund + 1, gerund + 2
    inside = {gerund, role, name}  # a tree: at least one of them is governed from outside
    top = next(place for place in (name, role, gerund) if words[place].head not in inside)
    for place, word in enumerate(words):
        if place not in inside and word.head in {gerund, role}:
            marks = place < gerund and word.relation == "mark"
            found[place] = replace(word, upos="ADP", deprel="case", head=name) if marks else replace(word, head=name)
    found[gerund] = replace(words[gerund], upos="NOUN", xpos="NN", feats="", deprel="compound", head=role)
    found[role] = replace(words[role], deprel="nmod:desc", head=name)
    found[name] = replace(words[name], deprel=_function(sentence, gerund, top), head=words[top].head)
    return found


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


def role_next_to_subject(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a role to the full name after it, where the parser gave both to one verb: "*Bowling coach* Ned Parr
    arrived".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, found = sentence.words, list(sentence.words)
    for at in range(len(words) - 2):
        role, name = words[at], words[at + 1]
        full = words[at + 2].relation == "flat" and words[at + 2].head == at + 1
        if role.upos != "NOUN" or not _is_role(role) or not _is_name(name) or not full or name.head != role.head:
            continue
        if role.relation not in _OBJECTS or name.relation != "nsubj" or role.head < at:
            continue
        if sentence.child(at, "case", "det", "nmod:poss", "conj") is None and not sentence.child(at + 1, "case"):
            found[at] = replace(role, deprel="nmod:desc", head=at + 1)
    return found if found != list(words) else None


def company_with_ampersand(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Join two names round an ampersand into one: "*Holt & Marsh* said".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, found = sentence.words, list(sentence.words)
    for at in range(1, len(words) - 1):
        first, last = at - 1, at + 1
        joined = words[last].relation == "conj" and words[at].head == last and words[at].relation == "cc"
        if words[at].text != "&" or not joined or not _is_name(words[first]) or not _is_name(words[last]):
            continue
        head = words[last].head
        if head != first and words[first].head != head:
            continue
        found[at] = replace(words[at], upos="PROPN", deprel="flat", head=head)
        found[last] = replace(words[last], deprel="flat", head=head)
        for child in sentence.children(last):
            if child != at:
                found[child] = replace(words[child], head=head)
    return found if found != list(words) else None


def _is_gerund(word: Word) -> bool:
    return word.text.lower() in person_words().gerunds


def _is_role(word: Word) -> bool:
    return role_of(word) in person_words().roles and not is_plural(word) and word.text.islower()


def _is_name(word: Word) -> bool:
    return word.upos == "PROPN" and word.text[:1].isupper()
