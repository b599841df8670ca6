"""Repairs of trees around the name of the one who holds the roles before it.

Bank of Oria's policy chief and chief *strategist*, *Lisa Holm*, said …
Author and one of the organisers, *Lisa Holm*, said …
Commissioner of Police (Crime) *Lisa Holm* said …
One of the authors, Senator *Lisa Holm*, said …
the Department of Trade (Detra) *director-general*, *Lisa Holm*, told …
The Chairman, Labour Congress, Oria chapter, *Lisa Holm*, has urged …
A spokesman for Dorn, *Holm* and Partners said …
The warning by Minister *Lisa Holm* that …
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.noun_phrases import DOER, determiner, is_honorific, is_plural, is_title, role_of
from service.extraction.rules.office_repairs import name_after_place
from service.extraction.rules.tree_edits import entity_positions, reattach
from service.extraction.tags import NOUNS
from service.extraction.wordlists import organization_words, person_words
from service.parsing.tree import Entity, Sentence, Word

_DEEPEST: Final = 3  # from the second role to the name
_MODIFIERS: Final = frozenset({"amod", "compound", "nmod"})


def holder_of_two_roles(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach the name after two coordinated roles to the first: "Author and one of the organisers, *Ann Cole*"."""
    words, result = sentence.words, list(sentence.words)
    for role in range(len(words) - 4):
        second = sentence.child(role, "conj")
        if second is None or not is_holder(words[role]) or determiner(sentence, second) in {"definite", "possessive"}:
            continue
        if any(words[at].upos == "PROPN" and words[at].relation in {"flat", "appos"} for at in sentence.children(role)):
            continue
        name = _name_under(sentence, second)
        if name is not None and (is_holder(words[second]) or words[second].text.lower() == "one"):
            result[name] = replace(words[name], deprel="appos", head=role)
            result[second] = replace(words[second], deprel="nmod")
    return result if result != list(words) else None


def _name_under(sentence: Sentence, top: int) -> int | None:
    """Return the full name between commas that the parser attached to a noun in the phrase of `top`."""
    words = sentence.words
    for at in sentence.subtree(top):
        word = words[at]
        full = word.upos == "PROPN" and word.relation == "appos" and sentence.child(at, "flat") is not None
        if not full or at < top + 2 or words[at - 1].text != "," or word.head < top:
            continue
        above, steps = word.head, 1
        while above != top and steps < _DEEPEST and words[above].relation in {"nmod", "appos"}:
            above, steps = words[above].head, steps + 1
        if above == top:
            return at
    return None


def holder_after_brackets(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the branch in brackets after an office no name of its holder: "Commissioner (*Crime*) *V. Rao* said"."""
    words, result = sentence.words, list(sentence.words)
    for branch in range(2, len(words) - 2):
        office = words[branch].head
        if words[branch].relation != "appos" or words[branch - 1].text != "(" or not 0 <= office < branch:
            continue
        name = next((at + 1 for at in range(branch, len(words) - 1) if words[at].text == ")"), branch)
        named = words[name].upos == "PROPN" and words[name].relation == "appos" and words[name].head == office
        if named and (is_holder(words[office]) or is_title(words[office])):
            result[branch] = replace(words[branch], deprel="nmod")
    return result if result != list(words) else None


def holder_of_share(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach the name after a group to the one of it whom the name is: "*One* of the authors, Senator *Ann Cole*,
    said"."""
    words, result = sentence.words, list(sentence.words)
    for one, word in enumerate(words[:-4]):
        group = sentence.child(one, "nmod")
        if word.text.lower() != "one" or group is None or group < one or sentence.child(one, "appos") is not None:
            continue
        for name in sentence.children(group):
            full = words[name].upos == "PROPN" and sentence.child(name, "flat") is not None
            begins = sentence.subtree(name)[0]
            opens = words[begins].text if words[begins].upos == "PUNCT" else words[begins - 1].text
            if full and words[name].relation == "appos" and name > group and opens == ",":
                result[name] = replace(words[name], head=one)
    return result if result != list(words) else None


def holder_of_bodys_role(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the role after a body's name the head of the phrase: "the Department of Trade (Detra) *director-general*,
    Ann Cole, told"."""
    words, result = sentence.words, list(sentence.words)
    for role in range(2, len(words) - 3):
        body = words[role].head
        if words[role].relation != "appos" or not 0 <= body < role or not is_holder(words[role]):
            continue
        opening = min([role, *(at for at in sentence.children(role) if at < role and words[at].relation in _MODIFIERS)])
        if words[opening - 1].text == "," or determiner(sentence, role) != "none" or not words[role].text.islower():
            continue
        if words[body].upos != "PROPN" or role_of(words[body]) not in organization_words().heads:
            continue
        named = [at for at in sentence.children(role) if at > role and words[at].relation == "appos"]
        if not any(words[at].upos == "PROPN" and words[at - 1].text == "," for at in named):
            continue
        result[role] = replace(words[role], deprel=words[body].deprel, head=words[body].head)
        result[body] = replace(words[body], deprel="compound", head=role)
        reattach(result, [child for child in sentence.children(body) if child > role], role)
        apposed = [child for child in sentence.children(role) if child < role and words[child].relation == "appos"]
        reattach(result, apposed, body)
    return result if result != list(words) else None


def holder_after_bodies(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach the name after a role and the names of its bodies to the role: "The Chairman, Labour Congress, Oria
    chapter, *Ann Cole*, has urged"."""
    words, result = sentence.words, list(sentence.words)
    for entity in people:
        inside = [at for at in entity_positions(sentence, entity) if words[at].upos == "PROPN"]
        named = [at for at in inside if words[at].relation == "appos" and words[at].head not in inside]
        if not named or inside[0] < 2 or inside[-1] + 1 == len(words):
            continue
        if words[inside[0] - 1].text != "," or words[inside[-1] + 1].text != ",":
            continue
        above = words[named[-1]].head
        role = above
        while words[role].relation == "appos" and words[role].head < role and _is_body(sentence, role):
            role = words[role].head
        if role != above and is_holder(words[role]) and role_of(words[above]) not in person_words().roles:
            result[named[-1]] = replace(words[named[-1]], head=role)
            for title in named[:-1]:
                result[title] = replace(words[title], deprel="nmod:desc", head=named[-1])
    return result if result != list(words) else None


def _is_body(sentence: Sentence, position: int) -> bool:
    """Return whether the word is a name, or a noun with a name in it, without a determiner."""
    inner = [sentence.words[at] for at in sentence.children(position) if sentence.words[at].relation == "compound"]
    named = any(word.upos == "PROPN" for word in [sentence.words[position], *inner])
    return named and determiner(sentence, position) == "none"


def is_holder(word: Word) -> bool:
    """Return whether the word is a singular noun for a person."""
    noun = word.upos in NOUNS and not is_plural(word)
    return noun and (role_of(word) in person_words().roles or DOER.search(word.text.lower()) is not None)


def bodies_spoken_for(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Join the bodies in a list after "for": "a spokesman for Dorn, *Keller* and Partners".

    Applies where the parser took the second for an apposition of the one who speaks for them.
    """
    words, result = sentence.words, list(sentence.words)
    for role in range(len(words) - 5):
        first = sentence.child(role, "nmod")
        case = sentence.child(first, "case") if first is not None and first > role else None
        if first is None or case is None or words[case].text.lower() != "for" or not is_holder(words[role]):
            continue
        comma = sentence.subtree(first)[-1] + 1
        second = next((at for at in sentence.children(role) if words[at].relation == "appos" and at > comma), None)
        if second is None or words[comma].text != "," or sentence.subtree(second)[0] not in {comma, comma + 1}:
            continue
        third = sentence.child(second, "conj")
        ampersand = any(words[at].text == "&" for at in sentence.children(second))
        if words[second].upos == "PROPN":
            alike = words[first].upos == "PROPN" and (ampersand or sentence.child(second, "flat") is None)
        else:
            alike = determiner(sentence, first) == determiner(sentence, second) == "definite"
        if alike and (ampersand or (third is not None and words[third].upos == words[second].upos)):
            result[second] = replace(words[second], deprel="conj", head=first)
            result[comma] = replace(words[comma], head=second)
    return result if result != list(words) else None


def name_in_pieces(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Join two words of a person's name that the parser gave to one noun: "the warning by *Lisa* *Holm* that"."""
    words, result = sentence.words, list(sentence.words)
    for at in range(1, len(words)):
        given, surname = words[at - 1], words[at]
        beside = given.head == surname.head and given.deprel == surname.deprel == "nmod" and not sentence.children(at)
        if not beside or given.upos != "PROPN" or surname.upos != "PROPN":
            continue
        if any(entity.span.contains(given.span) and entity.span.contains(surname.span) for entity in people):
            result[at] = replace(surname, deprel="flat", head=at - 1)
    return result if result != list(words) else None


def name_after_titles(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the name after titles the head, where the parser took the first title for it: "*Det* Insp *Gwyneth* Hale",
    "Tory grandee Sir *Miles* Orde"."""
    words, result = sentence.words, list(sentence.words)
    for first, word in enumerate(words[:-2]):
        parts = [at for at in sentence.children(first) if words[at].relation == "flat"]
        name = next((at for at in parts if at > first + 1 and _is_after_titles(sentence, first, at)), None)
        if name is None or word.upos != "PROPN":
            continue
        result[name] = replace(words[name], deprel=word.deprel, head=word.head)
        reattach(result, [child for child in sentence.children(first) if child != name], name)
        for title in range(first, name):
            if words[title].head in {*range(first, name + 1), word.head}:
                result[title] = replace(words[title], deprel="nmod:desc", head=name)
    return result if result != list(words) else None


def _is_after_titles(sentence: Sentence, first: int, name: int) -> bool:
    """Return whether all words from `first` to the name are titles, or the last is a form of address: "grandee *Sir*
    Miles"."""
    words, titles = sentence.words, range(first, name)
    inside = all(words[at].head in {*titles, name, words[first].head} for at in titles)
    addressed = is_honorific(words[name - 1]) and words[name - 1].head == name
    return inside and (addressed or all(is_title(words[at]) for at in titles))


NAME_REPAIRS: Final = (bodies_spoken_for, name_in_pieces, name_after_titles, name_after_place)  # taken apart or merged
